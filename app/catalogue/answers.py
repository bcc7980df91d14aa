"""Answers as people write them -> answers of the domain. One rule per answer, for files and for the HTTP API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.catalogue.faults import shown, suggest
from app.domain.assessment import Answer, check_answer
from app.domain.errors import AnswerError
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire

MOST_POINTED: Final = 1_000
"""Faults listed of one mapping; whoever sends more has sent something else."""
NO_ANSWER: Final = "holds no answer; answer at least one question"


@dataclass(frozen=True, slots=True)
class PointerFault:
    """One thing wrong with answers as JSON, and an RFC 6901 pointer into their mapping; empty for the whole of it."""

    pointer: str
    message: str


def find_answers(
    questionnaire: Questionnaire, written: Mapping[str, object]
) -> tuple[dict[str, Answer], tuple[PointerFault, ...]]:
    """Give the answers of a parsed mapping, question id -> answer as in a file, and everything wrong with it."""
    answers: dict[str, Answer] = {}
    faults: list[PointerFault] = []
    plain = _plain_answers(questionnaire)
    for question_id, value in written.items():
        if isinstance(value, str) and (known := plain.get((question_id, value))) is not None:
            answers[question_id] = known
            continue
        if len(faults) == MOST_POINTED:
            break
        try:
            answer = read_answer(questionnaire, question_id, value)
        except AnswerError as error:
            faults.append(PointerFault("/" + question_id.replace("~", "~0").replace("/", "~1"), str(error)))
        else:
            if answer is not None:
                answers[question_id] = answer
    if not answers and not faults:
        faults.append(PointerFault("", NO_ANSWER))
    return answers, tuple(faults)


@lru_cache(maxsize=64)
def _plain_answers(questionnaire: Questionnaire) -> Mapping[tuple[str, str], Answer]:
    """Give every answer that is a choice alone, by question id and choice: most are, and need no other look."""
    return {
        (question.id, choice): Answer(choice)
        for question in questionnaire.questions
        for choice in (*questionnaire.scale_of(question).positions, DONT_KNOW)
    }


def read_answer(questionnaire: Questionnaire, question_id: str, written: object) -> Answer | None:
    """Give the answer that a level id, `dont-know` or `{not-applicable: reason}` is; `None` where it is blank.

    Raise `AnswerError` where the question is unknown or cannot take it.
    """
    check_question(questionnaire, question_id)
    if isinstance(written, Mapping):
        return make_answer(questionnaire, question_id, NOT_APPLICABLE, reason=_reason(written))
    if written is None:
        return None
    if not isinstance(written, str):
        kind = "a list" if isinstance(written, list) else shown(written)
        raise AnswerError(f"{kind} is no answer; write a level id, dont-know or {{not-applicable: reason}}")
    return make_answer(questionnaire, question_id, written)


def make_answer(
    questionnaire: Questionnaire, question_id: str, choice: str, *, reason: str = "", note: str = ""
) -> Answer | None:
    """Give a checked answer; `None` where the choice is blank."""
    if not choice.strip():
        return None
    answer = Answer(choice=choice, reason=reason.strip() if choice == NOT_APPLICABLE else "", note=note.strip())
    check_answer(questionnaire, questionnaire.questions_by_id[question_id], answer)
    return answer


def check_question(questionnaire: Questionnaire, question_id: str) -> None:
    """Raise `AnswerError` where the questionnaire has no such question."""
    if question_id not in questionnaire.questions_by_id:
        advice = suggest(question_id, questionnaire.questions_by_id)
        raise AnswerError(f"{shown(question_id)} is no question of {questionnaire.id}; {advice}")


def _reason(written: Mapping[object, object]) -> str:
    if set(written) != {NOT_APPLICABLE}:
        raise AnswerError(f"a mapping is an answer only as {{{NOT_APPLICABLE}: reason}}; remove other keys")
    reason = written[NOT_APPLICABLE]
    if reason is None:
        return ""
    if not isinstance(reason, str):
        raise AnswerError(f"the reason must be a text, not {shown(reason)}; put quotes around it")
    return reason
