"""Links to a partnership report for somebody outside: who makes and ends them, and what they open."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import SHOWN, Event
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError, TooManyAttemptsError
from app.services import Database, sharing_reports, together
from app.services.limiting import MOST, UNLIMITED, Slowed
from app.services.sharing_reports import Made, NewLink, OpenedReport
from app.services.tokens import TokenKeys
from app.store.models import (
    Assessment,
    AuditEntry,
    Membership,
    Organisation,
    PartnershipOrganisation,
    ReportLink,
    Round,
    RoundPartnership,
    new_id,
)
from tests.people import NOW, World, make_world
from tests.sign_ins import sign_in
from tests.statements import counted_statements
from tests.submitted import Partners, add_partners

KEYS = TokenKeys(["k" * 32])
BOARD = NewLink("The board", "30", None)
DAY = timedelta(days=1)
SOURCE = "a source"


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def partners(database: Database, questionnaires: Catalogue, world: World) -> Partners:
    return add_partners(database, world, questionnaires.get("local-partners", 1))


def make_link(database: Database, partners: Partners, asked: NewLink = BOARD, by: Actor | None = None) -> Made:
    world = partners.world
    by = by or partners.coordinator
    made = sharing_reports.share(database, by, world.partnership, world.round, asked, NOW, KEYS)
    assert isinstance(made, Made)
    return made


Open = Callable[..., OpenedReport]


@pytest.fixture
def open_link(database: Database, questionnaires: Catalogue, partners: Partners) -> Open:
    def opening(token: str, now=NOW, source: str = UNLIMITED, keys: TokenKeys = KEYS) -> OpenedReport:  # type: ignore[no-untyped-def] # noqa: ANN001
        partnership = partners.world.partnership
        return sharing_reports.open_report(database, questionnaires, partnership, token, source, now, keys)

    return opening


def list_events(database: Database, event: Event) -> list[AuditEntry]:
    with database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.number)
        return list(session.scalars(query))


# ---- Making ----------------------------------------------------------------------------------------------------------


def test_a_coordinator_makes_a_link_and_only_a_keyed_digest_of_it_is_kept(
    database: Database, partners: Partners
) -> None:
    made = make_link(database, partners)
    with database.reading() as session:
        row = session.scalars(select(ReportLink)).one()
    assert row.token_hash == KEYS.digest(made.token)
    assert (row.label, row.created_by) == ("The board", partners.coordinator.person_id)
    assert row.expires_at == NOW + 30 * DAY
    (entry,) = list_events(database, Event.REPORT_SHARED)
    assert entry.actor_id == partners.coordinator.person_id
    assert entry.partnership_id == partners.world.partnership
    assert entry.new_text == "The board, until 2026-12-02"
    assert made.token not in str(entry.__dict__)


@pytest.mark.parametrize("name", ["charity_lead", "elsewhere", "administrator"])
def test_nobody_else_makes_lists_or_ends_links(database: Database, partners: Partners, name: str) -> None:
    actor, world = getattr(partners, name), partners.world
    made = make_link(database, partners)
    with pytest.raises(NotFoundError):
        sharing_reports.share(database, actor, world.partnership, world.round, BOARD, NOW, KEYS)
    with pytest.raises(NotFoundError):
        sharing_reports.list_links(database, actor, world.partnership, world.round, NOW)
    with pytest.raises(NotFoundError):
        sharing_reports.revoke(database, actor, world.partnership, made.link.id, NOW)
    with database.reading() as session:
        assert session.scalars(select(ReportLink.revoked_at)).all() == [None]


def test_there_is_no_link_before_the_report_is_open_to_coordinators(
    database: Database, questionnaires: Catalogue, world: World
) -> None:
    partners = add_partners(database, world, questionnaires.get("local-partners", 1), "charity")
    with pytest.raises(NotAllowedNowError):
        make_link(database, partners)
    found = sharing_reports.list_links(database, partners.coordinator, world.partnership, world.round, NOW)
    assert not found.can_share
    later = NOW + 8 * DAY  # the round has closed
    assert sharing_reports.list_links(database, partners.coordinator, world.partnership, world.round, later).can_share


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (NewLink("", "30", None), ["label"]),
        (NewLink("x" * 121, "30", None), ["label"]),
        (NewLink("a\x00b", "30", None), ["label"]),
        (NewLink("The board", "", None), ["days"]),
        (NewLink("The board", "31", None), ["days"]),
        (NewLink("", "-7", None), ["label", "days"]),
        (NewLink("The board", "\N{ARABIC-INDIC DIGIT SEVEN}", None), ["days"]),
    ],
)
def test_what_is_wrong_with_a_link_is_said_and_nothing_is_stored(
    database: Database, partners: Partners, asked: NewLink, fields: list[str]
) -> None:
    world = partners.world
    faults = sharing_reports.share(database, partners.coordinator, world.partnership, world.round, asked, NOW, KEYS)
    assert not isinstance(faults, Made)
    assert [fault.field for fault in faults] == fields
    with database.reading() as session:
        assert session.scalars(select(ReportLink)).all() == []


def test_a_form_that_is_sent_twice_makes_one_link(database: Database, partners: Partners) -> None:
    asked, world = NewLink("The board", "7", new_id()), partners.world

    def send(_: int) -> object:
        return sharing_reports.share(database, partners.coordinator, world.partnership, world.round, asked, NOW, KEYS)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(send, range(4)))
    assert sum(isinstance(result, Made) for result in results) == 1
    assert [result for result in results if not isinstance(result, Made)] == [(), (), ()]
    assert len(list_events(database, Event.REPORT_SHARED)) == 1


def test_a_right_that_is_withdrawn_meanwhile_makes_no_link(database: Database, partners: Partners) -> None:
    digest = TokenKeys().digest(sign_in(database, partners.coordinator.person_id))
    actor = dataclasses.replace(partners.coordinator, signed_in_by=digest)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == actor.person_id))
    with pytest.raises(NotAllowedError):
        make_link(database, partners, by=actor)
    with database.reading() as session:
        assert session.scalars(select(ReportLink)).all() == []


# ---- Opening ---------------------------------------------------------------------------------------------------------


def test_a_link_opens_the_report_that_its_maker_sees(
    database: Database, questionnaires: Catalogue, partners: Partners, open_link: Open
) -> None:
    made, world = make_link(database, partners), partners.world
    opened = open_link(made.token)
    own = together.get_report(database, questionnaires, partners.coordinator, world.partnership, world.round, NOW)
    assert opened.full.report.together == own.together
    assert opened.full.report.individual == own.individual
    assert (opened.link.label, opened.link.created_by) == ("The board", "Coordinator")


def test_opening_takes_six_statements_and_those_of_the_audit(
    database: Database, partners: Partners, open_link: Open
) -> None:
    made = make_link(database, partners)
    open_link(made.token)
    with counted_statements(database) as statements:
        open_link(made.token)  # recorded within the hour
    assert len(statements) == 6 + 1


@pytest.mark.parametrize("lifetime", [7, 30, 90])
def test_a_link_works_until_its_end_to_the_second(
    database: Database, partners: Partners, open_link: Open, lifetime: int
) -> None:
    made = make_link(database, partners, NewLink("The board", str(lifetime), None))
    end = NOW + lifetime * DAY
    assert open_link(made.token, end - timedelta(seconds=1)).link == made.link
    with pytest.raises(NotFoundError):
        open_link(made.token, end)


def test_any_coordinator_ends_a_link_at_once_and_once(database: Database, partners: Partners, open_link: Open) -> None:
    made, other, world = make_link(database, partners), make_link(database, partners), partners.world
    for _ in range(2):
        sharing_reports.revoke(database, partners.second, world.partnership, made.link.id, NOW)
    with pytest.raises(NotFoundError):
        open_link(made.token)
    assert open_link(other.token).link.label == "The board"
    (entry,) = list_events(database, Event.REPORT_LINK_ENDED)
    assert (entry.actor_id, entry.old_text) == (partners.second.person_id, "The board")
    with pytest.raises(NotFoundError):
        sharing_reports.revoke(database, partners.second, world.partnership, new_id(), NOW)


def test_a_link_lives_on_when_its_maker_is_no_coordinator_any_more(
    database: Database, partners: Partners, open_link: Open
) -> None:
    made, world = make_link(database, partners), partners.world
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == partners.coordinator.person_id))
    assert open_link(made.token).link.label == "The board"
    sharing_reports.revoke(database, partners.second, world.partnership, made.link.id, NOW)
    with pytest.raises(NotFoundError):
        open_link(made.token)


def test_a_link_rests_while_the_report_is_closed_to_coordinators(
    database: Database, partners: Partners, open_link: Open
) -> None:
    made, world, joined = make_link(database, partners), partners.world, new_id()
    with database.writing() as session:
        session.add(Organisation(id=joined, name="New here", kind="police"))
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=world.partnership, organisation_id=joined))
    with pytest.raises(NotFoundError):
        open_link(made.token)
    assert open_link(made.token, NOW + 8 * DAY).link == made.link  # the round has closed


def test_a_link_opens_one_partnership_and_round(
    database: Database, questionnaires: Catalogue, partners: Partners, open_link: Open
) -> None:
    made = make_link(database, partners)
    with pytest.raises(NotFoundError):
        sharing_reports.open_report(database, questionnaires, new_id(), made.token, UNLIMITED, NOW, KEYS)
    later, world = new_id(), partners.world
    with database.writing() as session:
        template = session.scalars(select(Round).where(Round.id == world.round)).one()
        columns = {column.name: getattr(template, column.name) for column in Round.__table__.columns}
        session.add(Round(**{**columns, "id": later, "title": "Spring round", "closes_at": NOW + 300 * DAY}))
        session.flush()
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=later))
    assert open_link(made.token).full.report.together.round == "Autumn round"


def test_a_reopened_assessment_leaves_the_report_open(database: Database, partners: Partners, open_link: Open) -> None:
    made = make_link(database, partners)
    with database.writing() as session:
        session.execute(update(Assessment).values(status="in-progress", submitted_at=None, submitted_by=None))
    assert [partner.is_changing for partner in open_link(made.token).full.report.together.submitted] == [True] * 3


def test_another_secret_opens_nothing(database: Database, partners: Partners, open_link: Open) -> None:
    made = make_link(database, partners)
    with pytest.raises(NotFoundError):
        open_link(made.token, keys=TokenKeys(["o" * 32]))
    assert open_link(made.token, keys=TokenKeys(["o" * 32, "k" * 32])).link.label == "The board"


# ---- Logged, and slowed down -----------------------------------------------------------------------------------------


def test_openings_are_recorded_once_an_hour_for_each_link(
    database: Database, partners: Partners, open_link: Open
) -> None:
    one, other, world = make_link(database, partners), make_link(database, partners), partners.world
    for minutes in (0, 10, 59, 61, 62):
        open_link(one.token, NOW + timedelta(minutes=minutes))
    open_link(other.token)
    found = sharing_reports.list_links(database, partners.second, world.partnership, world.round, NOW)
    told = {each.link.id: (each.opened, each.last_opened) for each in found.links}
    assert told == {one.link.id: (2, NOW + timedelta(minutes=61)), other.link.id: (1, NOW)}
    assert {entry.actor_id for entry in list_events(database, Event.SHARED_REPORT_OPENED)} == {None}


def test_many_who_open_at_once_are_one_entry(database: Database, partners: Partners, open_link: Open) -> None:
    made = make_link(database, partners)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: open_link(made.token), range(6)))
    assert len(list_events(database, Event.SHARED_REPORT_OPENED)) == 1


def test_what_the_audit_says_of_links_is_for_central_administrators(database: Database) -> None:
    assert {Event.REPORT_SHARED, Event.REPORT_LINK_ENDED, Event.SHARED_REPORT_OPENED} <= SHOWN


def test_guessing_is_slowed_down_and_a_right_link_is_not(
    database: Database, partners: Partners, open_link: Open
) -> None:
    made, dead = make_link(database, partners), make_link(database, partners)
    sharing_reports.revoke(database, partners.coordinator, partners.world.partnership, dead.link.id, NOW)
    for place in range(MOST[Slowed.FAILED_TOKEN]):
        with pytest.raises(NotFoundError):
            open_link("guess" if place % 2 else dead.token, source=SOURCE)
    with pytest.raises(TooManyAttemptsError):
        open_link("guess", source=SOURCE)
    with pytest.raises(TooManyAttemptsError):
        open_link(dead.token, source=SOURCE)
    assert open_link(made.token, source=SOURCE).link.label == "The board"
    with pytest.raises(NotFoundError):
        open_link("guess", source="another source")
