"""Which answers of an earlier round are proposed."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.domain.assessment import Answer
from app.domain.carrying import Carried, Source, find_carried, find_changed, find_proposals
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, EvidenceKind, Question, Questionnaire
from app.domain.values import Text
from tests.factories import AGREEMENT, make_framework, make_question, make_questionnaire

AT = datetime(2026, 4, 3, 12, tzinfo=UTC)
MINUTES = EvidenceKind(id="minutes", label=Text("Minutes"))
FULL = Answer("level-2", note="said then", evidence_kind="minutes", evidence_link="https://a.example/x")
NOT_OURS = Answer(NOT_APPLICABLE, reason="not ours")


def make(*questions: Question, evidence: tuple[EvidenceKind, ...] = (MINUTES,), **others: int | str) -> Questionnaire:
    framework = make_framework().model_copy(update={"evidence": evidence})
    return make_questionnaire(*questions, framework=framework, **others)


OLD = make(make_question("a"))


@pytest.mark.parametrize(
    ("new", "answer", "carried"),
    [
        pytest.param(OLD, FULL, FULL, id="the same question"),
        pytest.param(make(make_question("a", text=Text("Said better")), version=2), FULL, FULL, id="other words"),
        pytest.param(make(make_question("a", meaning=2), version=2), FULL, None, id="another meaning"),
        pytest.param(make(make_question("b"), version=2), FULL, None, id="the question is gone"),
        pytest.param(make(make_question("a"), id="other"), FULL, None, id="another questionnaire"),
        pytest.param(
            make(make_question("a", scale=AGREEMENT), version=2), Answer("level-4"), None, id="the level is gone"
        ),
        pytest.param(
            make(make_question("a", scale=AGREEMENT), version=2),
            Answer("level-3"),
            Answer("level-3"),
            id="the level is still there",
        ),
        pytest.param(OLD, Answer(DONT_KNOW), Answer(DONT_KNOW), id="don’t know"),
        pytest.param(OLD, NOT_OURS, NOT_OURS, id="not applicable"),
        pytest.param(
            make(make_question("a", not_applicable=False), version=2), NOT_OURS, None, id="it applies to everyone now"
        ),
        pytest.param(
            make(make_question("a"), version=2, evidence=()),
            FULL,
            replace(FULL, evidence_kind=""),
            id="the kind of evidence is gone, the link stays",
        ),
    ],
)
def test_an_answer_comes_forward_only_where_it_says_the_same(
    new: Questionnaire, answer: Answer, carried: Answer | None
) -> None:
    assert find_carried(OLD, new, {"a": answer}) == ({"a": carried} if carried else {})


def test_what_was_not_answered_or_not_asked_does_not_come_forward() -> None:
    old = make(make_question("a"), make_question("b", when=("a", 3)), make_question("c"))
    answers = {"a": Answer("level-1"), "b": Answer("level-4")}
    assert find_carried(old, old, answers) == {"a": Answer("level-1")}
    assert find_carried(old, old, {**answers, "a": Answer("level-3")}).keys() == {"a", "b"}


def make_source(questionnaire: Questionnaire, number: int, **answers: str) -> Source:
    given = {question: Answer(choice) for question, choice in answers.items()}
    return Source(
        UUID(int=number), f"Round {number}", "Body", number == 1, questionnaire, given, dict.fromkeys(given, AT)
    )


def test_the_first_source_that_has_something_to_propose_is_taken() -> None:
    questionnaire = make(make_question("a"), make_question("b"))
    first = make_source(questionnaire, 1, a="level-1")
    second = make_source(questionnaire, 2, a="level-2", b="level-3")
    assert find_proposals(questionnaire, (first, second)) == {
        "a": Carried(Answer("level-1"), first, AT),
        "b": Carried(Answer("level-3"), second, AT),
    }


def test_two_proposals_that_differ_have_different_marks() -> None:
    questionnaire = make(make_question("a"))
    sources = [make_source(questionnaire, 1, a="level-1"), make_source(questionnaire, 2, a="level-1")]
    answers = [Answer("level-1"), Answer("level-2"), Answer("level-1", note="x"), Answer("level-1", reason="x")]
    marks = {Carried(answer, source, AT).mark for answer in answers for source in sources}
    assert len(marks) == len(answers) * len(sources)


@pytest.mark.parametrize(("asked", "changed"), [("a", True), ("b", False), ("c", False)])
def test_a_question_is_said_to_have_changed_only_where_it_was_answered_before(asked: str, *, changed: bool) -> None:
    old = make(make_question("a"), make_question("b"), make_question("hidden", when=("b", 1)))
    new = make(make_question("a", meaning=2), make_question("b"), make_question("c"), version=2)
    source = make_source(old, 1, a="level-1", hidden="level-1")
    assert find_changed(new.questions_by_id[asked], (source,)) == (source if changed else None)
