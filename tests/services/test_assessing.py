"""Starting, answering and submitting, on either database."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.catalogue import Catalogue
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.audit import Event
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.gaps import make_gap_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE
from app.domain.records import AssessmentKey
from app.services import Database, assessing, carrying, maintaining, overseeing, reporting
from app.services.assessing import Conflict, Refused, Saved
from app.store.models import (
    AnswerVersion,
    Assessment,
    AuditEntry,
    Base,
    FrozenEnablerScore,
    FrozenQuestionScore,
    Snapshot,
)
from tests.people import NOW, World, answer_all, make_world, start_assessment
from tests.statements import counted_statements


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


def count_rows(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_list_names_every_assessment_that_may_be_made(database: Database, world: World) -> None:
    (record,) = assessing.list_assessments(database, world.officer)
    assert (record.partnership, record.organisation, record.round) == (
        "Upper Harrow Vale",
        "Harrow Vale Council",
        "Autumn round",
    )
    assert record.assessment_id is None
    assert record.status is None
    assert record.window.closes_at == NOW + timedelta(days=7)


def test_beginning_twice_finds_the_same_assessment(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    again = assessing.start(
        database, questionnaires, world.colleague, world.partnership, world.round, world.council, NOW
    )
    assert again == key
    assert count_rows(database, Assessment) == 1


def test_a_race_to_begin_makes_one_assessment(database: Database, questionnaires: Catalogue, world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: start_assessment(database, questionnaires, world), range(16)))
    assert len(set(keys)) == 1
    assert count_rows(database, Assessment) == 1


def test_another_organisation_cannot_know_of_it(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    with pytest.raises(NotFoundError):
        assessing.get_assessment(database, questionnaires, world.manager, key)
    with pytest.raises(NotFoundError):
        assessing.answer(database, questionnaires, world.manager, key, "shared-picture", Answer("early"), 0, NOW)
    with pytest.raises(NotFoundError):
        assessing.submit(database, questionnaires, world.manager, key, NOW)
    with pytest.raises(NotFoundError):
        assessing.start(database, questionnaires, world.manager, world.partnership, world.round, world.council, NOW)


def test_the_partnership_in_the_path_must_be_the_assessments_own(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    with pytest.raises(NotFoundError):
        assessing.get_assessment(database, questionnaires, world.officer, AssessmentKey(world.round, key.assessment_id))


def test_an_answer_reads_back_as_it_was_given(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    given = Answer(
        "early", note="Zoë’s “notes” 😀\n<b>two lines</b>", evidence_link="https://a.example/x", evidence_kind="minutes"
    )
    assert isinstance(
        assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, 0, NOW), Saved
    )
    stored = assessing.get_assessment(database, questionnaires, world.colleague, key).stored["shared-picture"]
    assert stored.answer == given
    assert (stored.version, stored.author, stored.answered_at) == (1, "Officer", NOW)


def test_the_second_of_two_who_saw_the_same_version_is_shown_the_first(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    first, second = Answer("early", note="mine"), Answer("developing", note="yours")
    assessing.answer(database, questionnaires, world.officer, key, "shared-picture", first, 0, NOW)
    result = assessing.answer(database, questionnaires, world.colleague, key, "shared-picture", second, 0, NOW)
    assert isinstance(result, Conflict)
    assert (result.theirs.answer, result.theirs.author, result.theirs.version) == (first, "Officer", 1)
    chosen = assessing.answer(database, questionnaires, world.colleague, key, "shared-picture", second, 1, NOW)
    assert isinstance(chosen, Saved)
    assert chosen.assessment.stored["shared-picture"].answer == second


def test_the_same_answer_sent_twice_is_stored_once(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    for _ in range(3):
        result = assessing.answer(
            database, questionnaires, world.officer, key, "shared-picture", Answer("early"), 0, NOW
        )
        assert isinstance(result, Saved)
    assert count_rows(database, AnswerVersion) == 1


def test_a_double_click_is_no_conflict_with_oneself(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    def save(_: int) -> Saved | Conflict | Refused:
        given = Answer("early", note="clicked twice")
        return assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, 0, NOW)

    with ThreadPoolExecutor(8) as pool:
        assert all(isinstance(result, Saved) for result in pool.map(save, range(40)))
    assert count_rows(database, AnswerVersion) == 1


def test_of_many_who_save_at_once_nobody_is_silently_overwritten(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    actors = [world.officer, world.colleague]

    def save(number: int) -> Saved | Conflict | Refused:
        actor, given = actors[number % 2], Answer("early", note=f"note {number}")
        return assessing.answer(database, questionnaires, actor, key, "shared-picture", given, 0, NOW)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(save, range(24)))
    assert sum(isinstance(result, Saved) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 23
    assert count_rows(database, AnswerVersion) == 1


def test_in_a_thousand_races_on_one_answer_every_version_is_somebodys_and_written_down(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    """Each saves upon what they have just read; whoever is told that it is saved finds it in the history, once."""
    actors = [world.officer, world.colleague]

    def save(number: int) -> tuple[str, Saved | Conflict | Refused]:
        actor, given = actors[number % 2], Answer("early", note=f"note {number}")
        seen = assessing.get_assessment(database, questionnaires, actor, key).stored.get("shared-picture")
        version = seen.version if seen else 0
        result = assessing.answer(database, questionnaires, actor, key, "shared-picture", given, version, NOW)
        return given.note, result

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(save, range(1000)))
    saved = [note for note, result in results if isinstance(result, Saved)]
    conflicts = [result for _, result in results if isinstance(result, Conflict)]
    assert len(saved) + len(conflicts) == 1000
    assert conflicts
    with database.reading() as session:
        versions = session.execute(
            select(AnswerVersion.version, AnswerVersion.note).order_by(AnswerVersion.version)
        ).all()
        entries = session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all()
        answered = session.scalars(select(AuditEntry.new_text).where(AuditEntry.event == Event.ANSWERED)).all()
    assert [version for version, _ in versions] == list(range(1, len(saved) + 1))
    assert sorted(note for _, note in versions) == sorted(saved)
    assert list(entries) == list(range(1, len(entries) + 1))
    assert sorted(text or "" for text in answered) == sorted(f"early, version {version}" for version, _ in versions)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (Answer(""), "choice"),
        (Answer("nonsense"), "choice"),
        (Answer(NOT_APPLICABLE, reason="we are small"), "choice"),
        (Answer("early", note="x" * 4001), "note"),
        (Answer("early", note="a\x00b"), "note"),
        (Answer("early", note="a\ud800b"), "note"),
        (Answer("early", evidence_link="javascript:alert(1)"), "evidence_link"),
        (Answer("early", evidence_link="https://a.example/ b"), "evidence_link"),
        (Answer("early", evidence_kind="gossip"), "evidence_kind"),
    ],
)
def test_what_a_question_cannot_take_is_refused_and_not_stored(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, given: Answer, part: str
) -> None:
    result = assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, 0, NOW)
    assert isinstance(result, Refused)
    assert [fault.part for fault in result.faults] == [part]
    assert count_rows(database, AnswerVersion) == 0


def test_not_applicable_takes_a_reason(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    for reason in ("", "  \n"):
        result = assessing.answer(
            database, questionnaires, world.officer, key, "matched-records", Answer(NOT_APPLICABLE, reason), 0, NOW
        )
        assert isinstance(result, Refused)
        assert [fault.part for fault in result.faults] == ["reason"]


def test_outside_the_window_nothing_is_begun_answered_or_submitted(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    answer_all(database, questionnaires, world.officer, key)
    for moment in (NOW - timedelta(days=8), NOW + timedelta(days=7)):
        with pytest.raises(NotAllowedNowError):
            assessing.answer(database, questionnaires, world.officer, key, "shared-picture", Answer("early"), 1, moment)
        with pytest.raises(NotAllowedNowError):
            assessing.submit(database, questionnaires, world.officer, key, moment)
        with pytest.raises(NotAllowedNowError):
            assessing.start(
                database, questionnaires, world.manager, world.partnership, world.round, world.trust, moment
            )
    last_moment = NOW + timedelta(days=7) - timedelta(microseconds=1)
    assessing.submit(database, questionnaires, world.officer, key, last_moment)


def test_submit_needs_every_question_and_says_how_many_are_missing(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    assessing.answer(database, questionnaires, world.officer, key, "shared-picture", Answer("early"), 0, NOW)
    with pytest.raises(NotAllowedNowError, match="29 questions have no answer yet"):
        assessing.submit(database, questionnaires, world.officer, key, NOW)
    with pytest.raises(NotFoundError):
        reporting.get_report(database, questionnaires, world.officer, key)


def test_submitting_freezes_what_is_stored_and_the_report_reads_it(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    chance = random.Random(7)
    questionnaire = questionnaires.get("local-partners", 1)
    answers = {}
    for question in questionnaire.questions:
        given = Answer(chance.choice([*questionnaire.scale_of(question).positions, DONT_KNOW]))
        answers[question.id] = given
        assessing.answer(database, questionnaires, world.officer, key, question.id, given, 0, NOW)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    assessing.submit(database, questionnaires, world.colleague, key, NOW)

    assert count_rows(database, Snapshot) == 1
    assert count_rows(database, FrozenQuestionScore) == 30
    submitted = reporting.get_report(database, questionnaires, world.colleague, key)
    assert submitted.submission.answers == answers
    assert submitted.submission.record.status is AssessmentStatus.SUBMITTED
    assert submitted.submission.record.submitted_by == "Officer"
    assert submitted.report == make_gap_report(questionnaire, answers)
    assert maintaining.recompute(database, questionnaires) == maintaining.Recomputation(1, ())
    with pytest.raises(NotAllowedNowError):
        assessing.answer(database, questionnaires, world.officer, key, "shared-picture", Answer("early"), 1, NOW)
    with pytest.raises(NotFoundError):
        reporting.get_report(database, questionnaires, world.manager, key)


@pytest.mark.parametrize(
    ("table", "changes", "says"),
    [
        (Snapshot, {"scores": "{}"}, "its scores come out otherwise"),
        (FrozenEnablerScore, {"score": "26"}, "its scores come out otherwise"),
        (FrozenQuestionScore, {"state": "dont-know"}, "its scores come out otherwise"),
        (Snapshot, {"questionnaire_hash": "sha256:0"}, "is not installed"),
    ],
)
def test_a_recomputation_finds_a_score_that_was_tampered_with(
    database: Database,
    questionnaires: Catalogue,
    world: World,
    key: AssessmentKey,
    *,
    table: type[Base],
    changes: dict[str, str],
    says: str,
) -> None:
    answer_all(database, questionnaires, world.officer, key, "early")
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    with database.writing() as session:
        session.execute(update(table).values(changes))
    result = maintaining.recompute(database, questionnaires)
    assert result.submissions == 1
    (difference,) = result.differences
    assert difference.startswith("Harrow Vale Council, Upper Harrow Vale, Autumn round: ")
    assert says in difference


def test_statements_do_not_grow_with_questions_answers_or_assessments(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    def count() -> tuple[int, ...]:
        with counted_statements(database) as opened:
            assessment = assessing.get_assessment(database, questionnaires, world.officer, key)
        version = assessment.stored["shared-picture"].version if "shared-picture" in assessment.stored else 0
        given = Answer("early", note=f"version {version}")
        with counted_statements(database) as saved:
            assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, version, NOW)
        with counted_statements(database) as listed:
            assessing.list_assessments(database, world.officer)
        with counted_statements(database) as followed:
            overseeing.list_rounds(database, world.analyst, NOW)
        with counted_statements(database) as shown:
            carrying.open_question(database, questionnaires, world.officer, key, "spending-map")
        with counted_statements(database) as tasks:
            carrying.open_tasks(database, questionnaires, world.officer, key)
        return len(opened), len(saved), len(listed), len(followed), len(shown), len(tasks)

    overseeing.list_rounds(database, world.analyst, NOW)  # which is recorded once an hour
    # and one more each for who is signed in; half of what saving takes is its entry in the audit, and one of two to
    # follow rounds asks whether the view is recorded
    assert count() == (3, 8, 1, 2, 4, 4)
    answer_all(database, questionnaires, world.officer, key)
    assessing.start(database, questionnaires, world.manager, world.partnership, world.round, world.trust, NOW)
    assert count() == (3, 8, 1, 2, 3, 3)  # where everything is answered, nothing comes forward
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    with counted_statements(database) as reported:
        reporting.get_report(database, questionnaires, world.officer, key)
    assert len(reported) == 1
