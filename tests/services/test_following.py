"""Following a partnership, reminding in it, and inviting organisations into it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.organisations import OrganisationKind
from app.services import Database, assessing, following, joining
from app.services.inviting import Outcome
from app.services.joining import Joined, OrganisationForm
from app.services.mailing import MailKind
from app.services.setting_up.refusals import Refused
from app.store.models import Mail, Organisation, Partnership, PartnershipOrganisation, Person, new_id
from tests.invitations import KEYS, Staff, add_person, invite, list_events, list_invitations, make_staff, offer_of
from tests.people import NOW, World, answer_all, make_world, start_assessment
from tests.statements import counted_statements


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


# ---- Following -------------------------------------------------------------------------------------------------------


def test_a_coordinator_sees_who_leads_and_how_far_they_are(
    database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    start_assessment(database, questionnaires, world)
    invite(database, world.officer, offer_of(Role.LEAD, world, "second@b.example"))
    found = following.get_partnership(database, staff.coordinator, world.partnership, NOW)
    assert [(each.name, [lead.name for lead in each.leads]) for each in found.organisations] == [
        ("Harrow Vale Council", ["Colleague", "Officer"]),
        ("Harrow Vale Trust", ["Manager"]),
    ]
    assert [each.email for each in found.organisations[0].invitations] == ["second@b.example"]
    assert [each.record.status for each in found.assessments] == ["in-progress", None]
    assert [each.name for each in found.coordinators] == ["Coordinator"]


@pytest.mark.parametrize("who", ["officer", "manager", "analyst", "contributor"])
def test_others_do_not_know_of_the_page(database: Database, world: World, staff: Staff, who: str) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    for deed in (
        lambda: following.get_partnership(database, actor, world.partnership, NOW),
        lambda: following.list_partnerships(database, actor),
        lambda: following.remind(database, actor, world.partnership, world.round, world.council, NOW),
        lambda: joining.list_known(database, actor, world.partnership),
        lambda: joining.invite_organisation(database, actor, world.partnership, form_of(), NOW, KEYS),
    ):
        with pytest.raises(NotFoundError):
            deed()


def test_a_partnership_that_is_not_there_is_not_found(database: Database, staff: Staff) -> None:
    for deed in (
        lambda: following.get_partnership(database, staff.administrator, UUID(int=9), NOW),
        lambda: joining.invite_organisation(database, staff.administrator, UUID(int=9), form_of(), NOW, KEYS),
    ):
        with pytest.raises(NotFoundError):
            deed()


def test_looking_from_outside_is_recorded_once_an_hour_and_from_inside_never(
    database: Database, world: World, staff: Staff
) -> None:
    for after in (0, 59, 61, 62):
        moment = NOW + timedelta(minutes=after)
        following.get_partnership(database, staff.administrator, world.partnership, moment)
        following.get_partnership(database, staff.coordinator, world.partnership, moment)
    assert list_events(database, world.partnership) == ["partnership-viewed", "partnership-viewed"]


def test_the_page_takes_as_many_statements_for_many_organisations_as_for_two(
    database: Database, world: World, staff: Staff
) -> None:
    def count() -> int:
        with counted_statements(database) as statements:
            following.get_partnership(database, staff.coordinator, world.partnership, NOW)
        return len(statements)

    before = count()
    with database.writing() as session:
        more = [Organisation(id=new_id(), name=f"Organisation {number}", kind="charity") for number in range(20)]
        session.add_all(more)
        session.flush()
        session.add_all(
            PartnershipOrganisation(partnership_id=world.partnership, organisation_id=each.id) for each in more
        )
    for each in more:
        add_person(database, f"Lead of {each.name}", Grant(Role.LEAD, each.id))
    assert count() == before


# ---- Reminding -------------------------------------------------------------------------------------------------------


def list_reminders(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Mail.to_address).where(Mail.kind == MailKind.REMINDER)))


def remind(database: Database, actor: Actor, world: World, days: int = 0) -> None:
    following.remind(database, actor, world.partnership, world.round, world.council, NOW + timedelta(days=days))


def test_a_reminder_goes_to_the_leads_that_want_any_once_a_day(database: Database, world: World, staff: Staff) -> None:
    with database.writing() as session:
        session.get_one(Person, world.colleague.person_id).wants_reminders = False
    remind(database, staff.coordinator, world)
    assert list_reminders(database) == ["officer@harrow.example"]
    with pytest.raises(NotAllowedNowError, match="try again tomorrow"):
        remind(database, staff.coordinator, world)
    found = following.get_partnership(database, staff.coordinator, world.partnership, NOW)
    assert [(each.can_remind, each.is_reminded) for each in found.assessments] == [(False, True), (True, False)]
    remind(database, staff.coordinator, world, days=1)
    assert list_reminders(database) == ["officer@harrow.example"] * 2
    assert list_events(database, world.partnership) == ["reminded", "reminded"]


def test_a_reminder_that_many_ask_for_at_once_is_sent_and_recorded_once(
    database: Database, world: World, staff: Staff
) -> None:
    def attempt(_: int) -> None:
        with suppress(NotAllowedNowError):
            remind(database, staff.coordinator, world)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, range(12)))
    assert list_reminders(database) == ["colleague@harrow.example", "officer@harrow.example"]
    assert list_events(database, world.partnership) == ["reminded"]


def test_nobody_is_reminded_of_what_is_done_or_closed(
    database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    with pytest.raises(NotAllowedNowError, match="nothing left"):
        remind(database, staff.coordinator, world, days=7)
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    with pytest.raises(NotAllowedNowError, match="nothing left"):
        remind(database, staff.coordinator, world)
    assert list_reminders(database) == []


def test_a_reminder_of_what_is_not_of_the_partnership_is_not_found(
    database: Database, world: World, staff: Staff
) -> None:
    for round_id, organisation_id in ((UUID(int=5), world.council), (world.round, UUID(int=5))):
        with pytest.raises(NotFoundError):
            following.remind(database, staff.coordinator, world.partnership, round_id, organisation_id, NOW)


# ---- Inviting organisations ------------------------------------------------------------------------------------------


def form_of(
    name: str = "Harrow Carers",
    kind: OrganisationKind | None = OrganisationKind.CHARITY,
    email: str = "Lead@Carers.example",
    lead: str = "Lee",
) -> OrganisationForm:
    return OrganisationForm(name, kind, email, lead)


def join(database: Database, actor: Actor, world: World, form: OrganisationForm) -> Joined | Refused:
    return joining.invite_organisation(database, actor, world.partnership, form, NOW, KEYS)


def add_elsewhere(database: Database) -> UUID:
    """Store an organisation that works in another partnership."""
    organisation, partnership = new_id(), new_id()
    with database.writing() as session:
        session.add_all(
            [
                Organisation(id=organisation, name="Elsewhere Council", kind="council"),
                Partnership(id=partnership, name="Lower Vale"),
            ]
        )
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=partnership, organisation_id=organisation))
    return organisation


def list_members(database: Database, actor: Actor, world: World) -> list[str]:
    found = following.get_partnership(database, actor, world.partnership, NOW)
    return [each.name for each in found.organisations]


def test_a_new_organisation_joins_with_an_invited_lead(database: Database, world: World, staff: Staff) -> None:
    result = join(database, staff.coordinator, world, form_of("  Harrow   Carers "))
    assert isinstance(result, Joined)
    assert result.outcome is Outcome.INVITED
    assert list_members(database, staff.coordinator, world)[0] == "Harrow Carers"
    (invitation,) = list_invitations(database)
    assert (invitation.email, invitation.role, invitation.organisation_id) == (
        "lead@carers.example",
        "lead",
        result.organisation_id,
    )
    assert set(list_events(database, world.partnership)) == {"organisation-joined", "organisation-saved", "invited"}


def test_a_known_organisation_joins_by_its_name(database: Database, world: World, staff: Staff) -> None:
    elsewhere = add_elsewhere(database)
    result = join(database, staff.coordinator, world, form_of("elsewhere COUNCIL", kind=None))
    assert isinstance(result, Joined)
    assert result.organisation_id == elsewhere
    assert "Elsewhere Council" in list_members(database, staff.coordinator, world)


def test_one_that_has_begun_elsewhere_joins_and_chooses_its_leads_itself(
    database: Database, world: World, staff: Staff
) -> None:
    elsewhere = add_elsewhere(database)
    add_person(database, "Elsewhere Lead", Grant(Role.LEAD, elsewhere))
    result = join(database, staff.coordinator, world, form_of("Elsewhere Council"))
    assert isinstance(result, Refused)
    assert [fault.field for fault in result.faults] == ["email"]
    assert "Elsewhere Council" not in list_members(database, staff.coordinator, world)
    result = join(database, staff.coordinator, world, form_of("Elsewhere Council", email=""))
    assert isinstance(result, Joined)
    assert result.outcome is None
    assert "Elsewhere Council" in list_members(database, staff.coordinator, world)
    assert list_invitations(database) == []
    with pytest.raises(NotAllowedError, match="Somebody leads"):
        invite(
            database,
            staff.coordinator,
            offer_of(Role.LEAD, replace_council(world, elsewhere)),
        )


def replace_council(world: World, organisation: UUID) -> World:
    return World(**{**{name: getattr(world, name) for name in World.__dataclass_fields__}, "council": organisation})


def test_one_that_left_comes_back(database: Database, world: World, staff: Staff) -> None:
    with database.writing() as session:
        session.get_one(PartnershipOrganisation, (world.partnership, world.trust)).left_at = NOW
    assert "Harrow Vale Trust" not in list_members(database, staff.coordinator, world)
    assert isinstance(join(database, staff.coordinator, world, form_of("Harrow Vale Trust", email="")), Joined)
    assert "Harrow Vale Trust" in list_members(database, staff.coordinator, world)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (form_of(name=""), ["name"]),
        (form_of(name="a" * 201), ["name"]),
        (form_of(name="a\x00b"), ["name"]),
        (form_of(kind=None), ["kind"]),
        (form_of(email=""), ["email"]),
        (form_of(email="nobody"), ["email"]),
        (form_of(name="", email="nobody", lead="a\x00"), ["name", "email", "lead"]),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_stored(
    database: Database, world: World, staff: Staff, form: OrganisationForm, fields: list[str]
) -> None:
    result = join(database, staff.coordinator, world, form)
    assert isinstance(result, Refused)
    assert [fault.field for fault in result.faults] == fields
    assert len(list_members(database, staff.coordinator, world)) == 2
    assert list_invitations(database) == []
