"""Saying how far one can rely on partners, and reading what counts of it, on either database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.audit import Event
from app.domain.errors import AnswerError, EnablersError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.domain.trust import SETTLES, Trust, find_trust
from app.services import Database, assessing, life, trusting
from app.services.setting_up import rounds
from app.services.trusting import Conflict
from app.store import together as together_store
from app.store.models import (
    Assessment,
    AuditEntry,
    Membership,
    Organisation,
    PartnershipOrganisation,
    Person,
    Round,
    Snapshot,
    TrustRating,
    new_id,
)
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, make_world, start_assessment

RELY, NOT = "in-most-things", "not-at-all"
CLOSES = NOW + timedelta(days=7)
AFTER = CLOSES + timedelta(hours=1)


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


class Rating:
    """Rates for the council, having just looked."""

    def __init__(self, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> None:
        self.database, self.questionnaires, self.world, self.key = database, questionnaires, world, key

    def look(self, actor: Actor | None = None) -> dict[str, str]:
        opened = trusting.open_trust(self.database, self.questionnaires, actor or self.world.officer, self.key)
        return {subject.id: subject.level for subject in opened.subjects}

    def mark(self) -> str:
        return trusting.open_trust(self.database, self.questionnaires, self.world.officer, self.key).mark

    def __call__(
        self, levels: dict[str, str], actor: Actor | None = None, now: datetime = NOW, mark: str | None = None
    ) -> Conflict | None:
        seen = self.mark() if mark is None else mark
        who = actor or self.world.officer
        return trusting.rate(self.database, self.questionnaires, who, self.key, levels, seen, now)


@pytest.fixture
def rate(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> Rating:
    return Rating(database, questionnaires, world, key)


def submit(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, now: datetime = NOW
) -> None:
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, now)


def test_ratings_are_stored_changed_and_taken_back(rate: Rating, world: World) -> None:
    trust = str(world.trust)
    assert rate.look() == {trust: "", "communities": "", "central-government": ""}
    assert rate({trust: RELY, "communities": NOT}) is None
    assert rate.look() == {trust: RELY, "communities": NOT, "central-government": ""}
    assert rate({trust: NOT, "communities": ""}, world.colleague) is None
    assert rate.look() == {trust: NOT, "communities": "", "central-government": ""}
    assert rate({}) is None
    assert set(rate.look().values()) == {""}


def test_what_is_written_down_holds_neither_level_nor_subject(database: Database, rate: Rating, world: World) -> None:
    rate({str(world.trust): RELY, "communities": NOT})
    rate({str(world.trust): RELY, "communities": NOT})
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.TRUST_RATED))
        assert (entry.subject, entry.old_text, entry.new_text) == (f"assessment {rate.key.assessment_id}", "", "")
        assert entry.partnership_id == world.partnership


@pytest.mark.parametrize(
    "levels",
    [
        {"government": RELY},
        {"communities": "sometimes"},
        {"communities": "dont-know"},
        {"": RELY},
        {str(new_id()): RELY},
    ],
)
def test_unknown_subjects_and_levels_are_refused(rate: Rating, levels: dict[str, str]) -> None:
    with pytest.raises(AnswerError):
        rate(levels)
    assert set(rate.look().values()) == {""}


def test_oneself_and_organisations_outside_the_partnership_are_refused(
    database: Database, rate: Rating, world: World
) -> None:
    outside = new_id()
    with database.writing() as session:
        session.add(Organisation(id=outside, name="Elsewhere", kind="council"))
    for other in (world.council, outside):
        with pytest.raises(AnswerError):
            rate({str(other): RELY})


def test_a_partner_that_left_keeps_what_was_said_of_it_and_cannot_be_rated_anew(
    database: Database, rate: Rating, world: World
) -> None:
    trust = str(world.trust)
    rate({trust: RELY})
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(PartnershipOrganisation.organisation_id == world.trust)
            .values(left_at=NOW)
        )
    assert rate({trust: RELY, "communities": NOT}) is None
    assert rate.look()[trust] == RELY
    with pytest.raises(AnswerError, match="has left"):
        rate({trust: NOT})
    rate({})
    assert trust not in rate.look()
    with pytest.raises(AnswerError):
        rate({trust: RELY})


def test_what_a_colleague_said_meanwhile_is_not_replaced_unseen(rate: Rating, world: World) -> None:
    seen = rate.mark()
    rate({"communities": RELY}, world.colleague)
    assert isinstance(rate({"communities": NOT}, mark=seen), Conflict)
    assert rate({"communities": RELY}, mark=seen) is None
    assert rate.look()["communities"] == RELY


def test_each_role_does_what_the_table_says(rate: Rating, cast: Cast) -> None:
    def outcome(actor: Actor, *, writes: bool) -> type[EnablersError] | None:
        try:
            if writes:
                rate({"communities": RELY}, actor)
            else:
                rate.look(actor)
        except EnablersError as error:
            return type(error)
        return None

    assert {
        name: (outcome(actor, writes=False), outcome(actor, writes=True)) for name, actor in cast.by_role.items()
    } == {
        "lead": (None, None),
        "contributor": (None, NotAllowedError),
        "certifier": (None, NotAllowedError),
        "all-in-one": (None, None),
        "coordinator": (NotFoundError, NotFoundError),
        "administrator": (NotFoundError, NotFoundError),
        "analyst": (NotFoundError, NotFoundError),
        "stranger": (NotFoundError, NotFoundError),
    }


def test_nothing_can_be_said_after_the_first_submission_even_when_reopened(
    database: Database, questionnaires: Catalogue, rate: Rating, world: World, cast: Cast
) -> None:
    rate({"communities": RELY})
    submit(database, questionnaires, world, rate.key)
    for _ in range(2):
        with pytest.raises(NotAllowedNowError, match="frozen"):
            rate({"communities": NOT})
        if _ == 0:
            life.reopen(database, cast.coordinator, rate.key, 1, "To be looked at again", NOW)
    assert rate.look()["communities"] == RELY


def test_nothing_can_be_said_outside_the_round(rate: Rating) -> None:
    for moment in (NOW - timedelta(days=8), CLOSES):
        with pytest.raises(NotAllowedNowError):
            rate({"communities": RELY}, now=moment)


def test_a_framework_without_the_question_has_no_page(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    without = Catalogue(questionnaires.entries, questionnaires.learning)
    assert trusting.find_trust(database, without, world.officer, key) is None
    with pytest.raises(NotFoundError):
        trusting.open_trust(database, without, world.officer, key)


# ---- What counts -----------------------------------------------------------------------------------------------------


def add_organisations(database: Database, world: World, number: int) -> list[tuple[Actor, AssessmentKey]]:
    """Add organisations to the partnership, each with a lead and an assessment in progress."""
    made = []
    with database.writing() as session:
        round_ = session.get_one(Round, world.round)
        for place in range(number):
            organisation, person, assessment = new_id(), new_id(), new_id()
            session.add(Organisation(id=organisation, name=f"Body {new_id()}", kind="council"))
            session.add(Person(id=person, name=f"Lead {place}", email=f"{person}@harrow.example"))
            session.flush()
            session.add(PartnershipOrganisation(partnership_id=world.partnership, organisation_id=organisation))
            session.add(Membership(person_id=person, role=Role.LEAD, organisation_id=organisation))
            session.flush()
            session.add(
                Assessment(
                    partnership_id=world.partnership,
                    id=assessment,
                    round_id=world.round,
                    organisation_id=organisation,
                    questionnaire_id=round_.questionnaire_id,
                    questionnaire_version=round_.questionnaire_version,
                    questionnaire_hash=round_.questionnaire_hash,
                    status="in-progress",
                    started_at=NOW,
                    started_by=person,
                )
            )
            lead = Actor(person, f"Lead {place}", frozenset({Grant(Role.LEAD, organisation)}))
            made.append((lead, AssessmentKey(world.partnership, assessment)))
    return made


def rate_and_submit(
    database: Database, questionnaires: Catalogue, lead: Actor, key: AssessmentKey, level: str, now: datetime
) -> None:
    """Say the same of everybody, and submit: the snapshot alone, as what is answered does not matter here."""
    opened = trusting.open_trust(database, questionnaires, lead, key)
    levels = {subject.id: level for subject in opened.subjects}
    assert trusting.rate(database, questionnaires, lead, key, levels, opened.mark, now) is None
    freeze(database, lead, key, 1, now)


def freeze(database: Database, lead: Actor, key: AssessmentKey, submission: int, now: datetime) -> None:
    with database.writing() as session:
        session.execute(
            insert(Snapshot).values(
                partnership_id=key.partnership_id,
                assessment_id=key.assessment_id,
                submission=submission,
                questionnaire_hash="",
                answers="{}",
                scores="{}",
                submitted_at=now,
                submitted_by=lead.person_id,
            )
        )
        session.execute(
            update(Assessment)
            .where(Assessment.partnership_id == key.partnership_id, Assessment.id == key.assessment_id)
            .values(status="submitted", submitted_at=now, submitted_by=lead.person_id)
        )


def read(database: Database, questionnaires: Catalogue, world: World, now: datetime) -> Trust | None:
    question = questionnaires.trust_of("reform-enablers")
    assert question is not None
    with database.reading() as session:
        (together,) = together_store.list_rounds(session, world.partnership)
        ratings = together_store.list_spoken(session, world.partnership, world.round)[1]
    return find_trust(question, ratings, together.closes_at, now)


def test_reopening_late_entry_newcomers_and_another_closing_change_nothing_that_was_shown(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast
) -> None:
    orgs = add_organisations(database, world, 9)
    late, never = orgs.pop(), orgs.pop()
    for place, (lead, key) in enumerate(orgs):
        rate_and_submit(database, questionnaires, lead, key, RELY if place % 2 else NOT, NOW + timedelta(minutes=place))
    assert read(database, questionnaires, world, NOW) is None
    shown = read(database, questionnaires, world, AFTER)
    assert shown is not None
    assert len(set(shown.standings.values())) > 1

    freeze(database, *orgs[0], 2, AFTER)  # reopened, and submitted again
    assert read(database, questionnaires, world, AFTER) == shown

    council = world.council
    life.permit_late_entry(
        database, cast.coordinator, world.partnership, world.round, council, AFTER + timedelta(days=5), "Late", AFTER
    )
    key = assessing.start(database, questionnaires, world.officer, world.partnership, world.round, council, AFTER)
    rate_and_submit(database, questionnaires, world.officer, key, NOT, AFTER)
    assert read(database, questionnaires, world, AFTER) == shown

    add_organisations(database, world, 2)  # newcomers
    assert read(database, questionnaires, world, AFTER) == shown

    administrator = Actor(cast.administrator.person_id, "Administrator", cast.administrator.grants)
    for days in (10, 20):  # the round is opened again, and closes again
        moment = AFTER + timedelta(days=days)
        rounds.move_closing(database, administrator, world.round, moment, moment - timedelta(days=2))
        assert read(database, questionnaires, world, moment - timedelta(days=1)) is None
        lead, key = late if days == 10 else never
        rate_and_submit(database, questionnaires, lead, key, NOT, moment - timedelta(days=1))
        assert read(database, questionnaires, world, moment) is None
        assert read(database, questionnaires, world, moment + SETTLES) == shown


def test_a_closing_moved_before_it_is_reached_moves_what_counts(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast
) -> None:
    lead, key = add_organisations(database, world, 1)[0]
    rounds.move_closing(database, cast.administrator, world.round, AFTER + timedelta(days=2), NOW)
    rate_and_submit(database, questionnaires, lead, key, RELY, AFTER)
    with database.reading() as session:
        assert len(together_store.list_spoken(session, world.partnership, world.round)[1]) == 4


def test_who_was_brought_in_by_a_coordinator_once_the_round_had_opened_rates_for_nothing(
    database: Database, questionnaires: Catalogue, world: World
) -> None:
    """Or they could bring in four that say the same, and read what the fifth says."""
    for lead, key in add_organisations(database, world, 5):
        rate_and_submit(database, questionnaires, lead, key, NOT, NOW)
    opened = NOW - timedelta(days=7)
    for joined_at, expected in ((None, True), (opened, True), (opened + timedelta(seconds=1), False)):
        with database.writing() as session:
            session.execute(update(PartnershipOrganisation).values(joined_at=joined_at))
        with database.reading() as session:
            assert bool(together_store.list_spoken(session, world.partnership, world.round)[1]) is expected


def test_ratings_of_whoever_did_not_submit_do_not_count(
    database: Database, questionnaires: Catalogue, rate: Rating, world: World
) -> None:
    rate({"communities": RELY})
    with database.reading() as session:
        assert together_store.list_spoken(session, world.partnership, world.round)[1] == ()
    submit(database, questionnaires, world, rate.key)
    with database.reading() as session:
        (one,) = together_store.list_spoken(session, world.partnership, world.round)[1]
        assert (one.rater, one.subject, one.level, one.submitted_at) == (world.council, "communities", RELY, NOW)
        assert session.scalar(select(TrustRating.rated_by)) == world.officer.person_id
