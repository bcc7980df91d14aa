"""Inviting from a CSV file: everybody, or nobody and every fault with its line."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select

from app.catalogue import Catalogue
from app.domain.access import Grant, Role
from app.domain.audit import SERVICE, Event
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.inviting import Within, make_offer
from app.services import Database, accepting, auditing, inviting_files
from app.services.auditing import NewEntry
from app.services.inviting_files import ImportedInvitations
from app.services.setting_up.organisations import import_organisations
from app.services.setting_up.partnership_files import import_partnerships
from app.services.setting_up.tables import Faulty, Imported
from app.store.models import AuditEntry, Membership, Organisation, Partnership, PartnershipOrganisation, new_id
from tests.conftest import ROOT
from tests.invitations import (
    KEYS,
    Staff,
    accept,
    invite,
    list_events,
    list_grants,
    list_invitations,
    list_tokens,
    make_staff,
)
from tests.people import NOW, World, make_world, start_assessment

EXAMPLES = ROOT / "docs/examples/set-up"
GOOD = b"""email,role,organisation,partnership,name
lead@harrow.example,lead,Harrow Vale Council,,A Lead
Contributor@Harrow.Example,contributor,harrow vale council,Upper Harrow Vale,
coord@harrow.example,Coordinator,,Upper Harrow Vale,Zo\xc3\xab
boss@harrow.example,central-administrator,,,
analyst2@harrow.example,central analyst,,,
"""


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


def import_centrally(database: Database, staff: Staff, data: bytes) -> ImportedInvitations | Faulty:
    return inviting_files.import_invitations(database, staff.administrator, data, NOW, KEYS)


def import_as_coordinator(database: Database, staff: Staff, world: World, data: bytes) -> ImportedInvitations | Faulty:
    return inviting_files.import_invitations(database, staff.coordinator, data, NOW, KEYS, world.partnership)


def read_faults(result: ImportedInvitations | Faulty) -> list[str]:
    assert isinstance(result, Faulty)
    return [str(fault) for fault in result.faults]


def test_everybody_of_a_file_is_invited_and_who_has_the_role_is_told_of(
    database: Database, world: World, staff: Staff
) -> None:
    assert import_centrally(database, staff, GOOD) == ImportedInvitations(invited=4, sent_again=0, had_role=1)
    assert len(list_tokens(database)) == 4
    assert list_events(database).count("invited") == 3
    assert list_events(database, world.partnership) == ["invited"]
    token = list_tokens(database)[0]
    assert accept(database, token, "")  # their name was in the file
    assert list_grants(database, "lead@harrow.example") == [Grant(Role.LEAD, world.council)]
    mailed = list_tokens(database)
    again = import_centrally(database, staff, GOOD)
    assert again == ImportedInvitations(invited=0, sent_again=0, had_role=2, left_alone=3)
    assert list_tokens(database) == mailed  # and their links work on
    assert accept(database, mailed[1])
    asked = inviting_files.import_invitations(database, staff.administrator, GOOD, NOW, KEYS, again=True)
    assert asked == ImportedInvitations(invited=0, sent_again=2, had_role=3)
    assert len(list_invitations(database)) == 4


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b",", b";"),
        GOOD.replace(b"email,role,", b"EMAIL, Role ,"),
        b"\n".join(b",".join(reversed(line.split(b","))) for line in GOOD.strip().split(b"\n")),
    ],
    ids=["byte order mark", "lines of Windows", "semicolons", "letter case", "another order"],
)
def test_files_come_as_sheets_write_them(database: Database, staff: Staff, data: bytes) -> None:
    assert import_centrally(database, staff, data) == ImportedInvitations(invited=4, sent_again=0, had_role=1)


BAD = b"""email,role,organisation,partnership,name
nobody,lead,Harrow Vale Council,,
a@b.example,chief,Harrow Vale Council,,
,,,,x
c@d.example,lead,,,
e@f.example,lead,Harrow Vale Councill,,
g@h.example,coordinator,Harrow Vale Council,,
i@j.example,central-analyst,Harrow Vale Council,Upper Harrow Vale,
k@l.example,lead,Elsewhere Council,Upper Harrow Vale,
good@b.example,lead,Harrow Vale Trust,,
GOOD@b.example,lead,harrow vale trust,,
m@n.example,api-client,,,
o@p.example,lead,Harrow Vale Trust,,a\xe2\x80\xaeb
q@r.example,lead,Harrow Vale Trust,,,,x
"""
ROLES = "contributor, lead, certifier, coordinator, central-analyst, central-administrator"
FAULTS = [
    "2: “nobody” is no email address; write one like name@example.org",
    f"3: “chief” is no role; write one of {ROLES}",
    "4: the email address is missing; write one like name@example.org",
    f"4: the role is missing; write one of {ROLES}",
    "5: a lead belongs to one organisation; name it",
    "6: there is no organisation “Harrow Vale Councill”; the nearest is “Harrow Vale Council”",
    "7: a coordinator belongs to no organisation; leave that cell empty",
    "7: a coordinator belongs to one partnership; name it",
    "8: a central analyst belongs to no organisation; leave that cell empty",
    "8: a central analyst belongs to no partnership; leave that cell empty",
    "9: “Elsewhere Council” is not in “Upper Harrow Vale”; let it join first, or mend the row",
    "11: invites the same person to the same role as line 10; take one out",
    f"12: “api-client” is no role; write one of {ROLES}",
    "13: the name has characters that cannot be kept; type it again",
    "14: there are 7 cells under 5 columns; put quotes around cells with separators",
]


def test_every_fault_of_a_file_is_listed_with_its_line_and_nobody_is_invited(
    database: Database, world: World, staff: Staff
) -> None:
    with database.writing() as session:
        session.add(Organisation(name="Elsewhere Council", kind="council"))
    assert read_faults(import_centrally(database, staff, BAD)) == FAULTS
    assert list_invitations(database) == []
    assert list_tokens(database) == []
    assert list_events(database) == []


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "1: the file is empty; its first line names the columns"),
        (b"email,role\n", "1: the file has no rows below its header; add one for each thing to import"),
        (b"role\nlead\n", "1: there is no column “email”"),
        (b"email,role,phone\na@b.example,central-analyst,1\n", "1: the column “phone” is not known"),
        ("email,role\n".encode("utf-16"), "1: the file is in UTF-16; save it as CSV UTF-8"),
        (b"email,role\n\xff@b.example,lead\n", "2: there are characters that are not UTF-8"),
        (b'email,role\n"a@b.example,lead\n', "2: a quotation mark is not closed"),
        (b"email,role\n" + b"a@b.example,central-analyst\n" * 1001, "1002: the file invites more than 1,000 people"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(database: Database, staff: Staff, data: bytes, fault: str) -> None:
    faults = read_faults(import_centrally(database, staff, data))
    assert [line for line in faults if line.startswith(fault)], faults


def test_of_two_leads_of_one_organisation_in_a_coordinators_file_one_becomes_it(
    database: Database, world: World, staff: Staff
) -> None:
    """Or one could wait until the other has answered, and read it."""
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    data = b"email,role,organisation\na@b.example,lead,Harrow Vale Trust\nc@d.example,lead,Harrow Vale Trust\n"
    inviting_files.import_invitations(database, staff.coordinator, data, NOW, KEYS, world.partnership)
    first, second = list_tokens(database)
    assert accepting.find_opened(database, second, "", NOW, KEYS)
    assert accept(database, first)
    assert accepting.find_opened(database, second, "", NOW, KEYS) is None
    assert accept(database, second) is None
    assert invite(database, staff.administrator, make_offer("c@d.example", "", Role.LEAD, world.trust, None))
    assert accept(database, list_tokens(database)[-1])  # the central team may choose a second


def test_what_a_coordinator_sent_ends_when_somebody_else_leads(database: Database, world: World, staff: Staff) -> None:
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    within = Within(partnership_id=world.partnership)
    offer = make_offer("kept.back@harrow.example", "", Role.LEAD, world.trust, None)
    invite(database, staff.coordinator, offer, within=within)
    real = make_offer("real@harrow.example", "", Role.LEAD, world.trust, None)
    invite(database, staff.administrator, real)
    kept_back, sent = list_tokens(database)
    assert accept(database, sent)
    assert accept(database, kept_back) is None


def test_a_coordinator_imports_leads_and_coordinators_of_their_own_partnership(
    database: Database, world: World, staff: Staff
) -> None:
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    data = b"email,role,organisation\nlead@b.example,lead,Harrow Vale Trust\ncoord@b.example,coordinator,\n"
    assert import_as_coordinator(database, staff, world, data) == ImportedInvitations(2, 0, 0)
    assert [each.partnership_id for each in list_invitations(database)] == [None, world.partnership]
    assert list_events(database, world.partnership) == ["invited", "invited"]


def test_a_coordinator_imports_nobody_else(
    database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    start_assessment(database, questionnaires, world)
    other = new_id()
    with database.writing() as session:
        session.add_all(
            [Partnership(id=other, name="Lower Vale"), Organisation(name="Elsewhere Council", kind="council")]
        )
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=other, organisation_id=world.council))
    data = b"""email,role,organisation,partnership
a@b.example,contributor,Harrow Vale Trust,
b@b.example,central-administrator,,
c@b.example,lead,Elsewhere Council,
d@b.example,coordinator,,Lower Vale
e@b.example,lead,Harrow Vale Council,
"""
    assert read_faults(import_as_coordinator(database, staff, world, data)) == [
        "2: coordinators invite leads and coordinators, and no contributor",
        "3: coordinators invite leads and coordinators, and no central administrator",
        "4: there is no organisation “Elsewhere Council”; add it first, or mend the name",
        "5: there is no partnership “Lower Vale”; add it first, or mend the name",
        "6: somebody leads this organisation, is invited to, or has begun; ask them, or the central team",
    ]
    assert list_invitations(database) == []


def test_others_import_nobody(database: Database, world: World, staff: Staff) -> None:
    for actor in (world.officer, world.analyst, staff.coordinator):
        with pytest.raises(NotAllowedError):
            inviting_files.import_invitations(database, actor, GOOD, NOW, KEYS)
    for actor in (world.officer, world.analyst):
        with pytest.raises(NotFoundError):
            inviting_files.import_invitations(database, actor, GOOD, NOW, KEYS, world.partnership)
    assert list_invitations(database) == []


def test_the_example_in_the_docs_fits_the_others(database: Database) -> None:
    for name, import_file in (("organisations", import_organisations), ("partnerships", import_partnerships)):
        with_areas = (EXAMPLES / f"{name}.csv").read_text()
        without_areas = re.sub(r"X\d{8}(;X\d{8})*", "", with_areas)
        assert isinstance(import_file(database, None, without_areas.encode(), NOW), Imported)
    result = inviting_files.import_by_command(database, (EXAMPLES / "people.csv").read_bytes(), NOW, KEYS)
    assert result == ImportedInvitations(5, 0, 0)


def test_by_command_the_same_file_does(database: Database, world: World) -> None:
    assert inviting_files.import_by_command(database, GOOD, NOW, KEYS) == ImportedInvitations(5, 0, 0)
    assert {each.invited_by for each in list_invitations(database)} == {None}


def test_two_files_that_name_the_same_partnerships_in_opposite_order_are_imported_at_once(
    database: Database, staff: Staff
) -> None:
    names = [f"Partnership {number}" for number in range(12)]
    with database.writing() as session:
        session.add_all(Partnership(id=new_id(), name=name) for name in names)
    rows = {
        who: [f"{who}{number}@b.example,coordinator,{name}\n" for number, name in enumerate(ordered)]
        for who, ordered in (("a", names), ("b", names[::-1]))
    }
    files = [("email,role,partnership\n" + "".join(lines)).encode() for lines in rows.values()]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda data: import_centrally(database, staff, data), files))
    assert [result.invited for result in results if isinstance(result, ImportedInvitations)] == [12, 12]


def test_entries_of_several_chains_are_written_in_one_order_whatever_order_they_come_in(database: Database) -> None:
    chains = sorted(new_id() for _ in range(4))
    entries = [
        NewEntry(Event.INVITED, None, NOW, partnership_id=chain, subject=str(number))
        for number, chain in enumerate((*chains[::-1], None, *chains))
    ]
    with database.writing() as session:
        auditing.record_all(session, entries)
    with database.reading() as session:
        columns = AuditEntry.partnership_id, AuditEntry.subject
        found = session.execute(select(*columns).order_by(AuditEntry.partnership_id, AuditEntry.number)).all()
    expected = [(SERVICE, "4"), *((chain, str(n)) for i, chain in enumerate(chains) for n in (3 - i, 5 + i))]
    assert [tuple(row) for row in found] == expected
