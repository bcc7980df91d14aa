"""What is answered: answers, the statuses of an assessment, the table of its moves, and how complete it is.

Rules come in pairs: `check_…` raises a sentence for a person, `can_…` asks the same for a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.errors import AnswerError, NotAllowedNowError
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire, Section
from app.domain.rounds import SignOff
from app.domain.values import LINK_LENGTH, in_quotes, is_plain_text, is_web_address


@dataclass(frozen=True, slots=True)
class Answer:
    """The level chosen, don't know, or not applicable with its reason; with a note and evidence for the partners."""

    choice: str
    """A level id, `dont-know` or `not-applicable`."""
    reason: str = ""
    note: str = ""
    evidence_kind: str = ""
    evidence_link: str = ""


TEXT_LIMITS: Final[Mapping[str, int]] = {"reason": 1000, "note": 4000, "evidence_link": LINK_LENGTH}
"""The most characters each text of an answer may have."""

Answers = Mapping[str, Answer]
"""Question id -> answer. A question that is not in it is unanswered."""


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """What is wrong with one part of an answer, in words for a person."""

    part: str
    """The name of the part: a field of `Answer`."""
    text: str


def find_answer_faults(questionnaire: Questionnaire, question: Question, answer: Answer) -> tuple[AnswerFault, ...]:
    """Say everything that is wrong with an answer to a question; nothing where it can be kept."""
    faults = [*_find_choice_faults(questionnaire, question, answer)]
    for part, limit in TEXT_LIMITS.items():
        text: str = getattr(answer, part)
        if not text:
            continue
        name = part.replace("_", " ")
        if len(text) > limit:
            faults.append(
                AnswerFault(part, f"The {name} is {len(text):,} characters long; shorten it to {limit:,} or fewer")
            )
        elif not is_plain_text(text):
            faults.append(AnswerFault(part, f"The {name} has characters that cannot be kept; type it again"))
    told = {fault.part for fault in faults}
    if answer.evidence_link and "evidence_link" not in told and not is_web_address(answer.evidence_link):
        faults.append(AnswerFault("evidence_link", "Enter a web address that begins with https:// or http://"))
    if answer.evidence_kind and answer.evidence_kind not in questionnaire.framework.evidence_labels:
        faults.append(AnswerFault("evidence_kind", "Choose a kind of evidence from the list"))
    return tuple(faults)


def _find_choice_faults(questionnaire: Questionnaire, question: Question, answer: Answer) -> Iterator[AnswerFault]:
    levels = questionnaire.scale_of(question).positions
    if not answer.choice:
        yield AnswerFault("choice", "Choose the level that is true today, or don’t know")
    elif answer.choice == NOT_APPLICABLE:
        if not question.not_applicable:
            yield AnswerFault("choice", f"This question applies to everyone; choose a level, or {DONT_KNOW}")
        elif not answer.reason.strip():
            yield AnswerFault("reason", "Say why this question does not apply to you")
    elif answer.choice != DONT_KNOW and answer.choice not in levels:
        choices = ", ".join(levels)
        yield AnswerFault(
            "choice",
            f"{in_quotes(answer.choice)} is not a level of this question; choose one of {choices}, or {DONT_KNOW}",
        )


def check_answer(questionnaire: Questionnaire, question: Question, answer: Answer) -> None:
    """Raise `AnswerError`, with the first fault, where the question cannot take the answer."""
    for fault in find_answer_faults(questionnaire, question, answer):
        raise AnswerError(fault.text)


def find_shown(questionnaire: Questionnaire, answers: Answers) -> frozenset[str]:
    """Give the ids of the questions that are not hidden by a branching condition.

    A condition on a question that is itself hidden, unanswered, don't know or not applicable is not met.
    """
    shown: set[str] = set()
    for question in questionnaire.questions:
        if question.when is None:
            shown.add(question.id)
            continue
        earlier = questionnaire.questions_by_id[question.when.question]
        positions = questionnaire.scale_of(earlier).positions
        answer = answers.get(earlier.id)
        if (
            earlier.id in shown
            and answer is not None
            and positions.get(answer.choice, -1) >= positions[question.when.at_least]
        ):
            shown.add(question.id)
    return frozenset(shown)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions shown are answered."""

    answered: int
    shown: int

    @property
    def complete(self) -> bool:
        """Whether every question shown has an answer."""
        return self.answered == self.shown


def find_progress(section: Section, shown: frozenset[str], answers: Answers) -> Progress:
    """Count what is answered of a section; hidden questions are out of the count."""
    asked = [question.id for question in section.questions if question.id in shown]
    return Progress(answered=sum(question in answers for question in asked), shown=len(asked))


class AssessmentStatus(StrEnum):
    """Where an assessment stands. Not started is no row at all."""

    IN_PROGRESS = "in-progress"
    SUBMITTED = "submitted"
    SIGNED_OFF = "signed-off"


class Move(StrEnum):
    """What may be done to an assessment."""

    ANSWER = "answer"
    SUBMIT = "submit"
    REQUEST_CHANGES = "request-changes"
    SIGN_OFF = "sign-off"
    REOPEN = "reopen"


MOVES: Final[Mapping[Move, Mapping[AssessmentStatus, AssessmentStatus]]] = {
    Move.ANSWER: {AssessmentStatus.IN_PROGRESS: AssessmentStatus.IN_PROGRESS},
    Move.SUBMIT: {AssessmentStatus.IN_PROGRESS: AssessmentStatus.SUBMITTED},
    Move.REQUEST_CHANGES: {AssessmentStatus.SUBMITTED: AssessmentStatus.IN_PROGRESS},
    Move.SIGN_OFF: {AssessmentStatus.SUBMITTED: AssessmentStatus.SIGNED_OFF},
    Move.REOPEN: {
        AssessmentStatus.SUBMITTED: AssessmentStatus.IN_PROGRESS,
        AssessmentStatus.SIGNED_OFF: AssessmentStatus.IN_PROGRESS,
    },
}
"""The table of moves: from which status each move leads where. What is not in it is refused.

All of them need the round to be open for the organisation (`Window`); a round that closes ends them all.
"""

WITH_REASON: Final = frozenset({Move.REQUEST_CHANGES, Move.REOPEN})
"""The moves that say why."""

_CLOSED_MOVES: Final[Mapping[Move, str]] = {
    Move.ANSWER: "This assessment has been submitted, so its answers can no longer be changed",
    Move.SUBMIT: "This assessment has been submitted, so its answers can no longer be changed",
    Move.REQUEST_CHANGES: "Changes can be requested while an assessment is submitted and not signed off",
    Move.SIGN_OFF: "Only an assessment that is submitted, and not signed off yet, can be signed off",
    Move.REOPEN: "Only an assessment that was submitted can be reopened",
}


def check_move(move: Move, status: AssessmentStatus) -> AssessmentStatus:
    """Give the status a move leads to; raise `NotAllowedNowError` where it is not open."""
    if status not in MOVES[move]:
        raise NotAllowedNowError(_CLOSED_MOVES[move])
    return MOVES[move][status]


def can_move(move: Move, status: AssessmentStatus) -> bool:
    """Say whether a move is open in a status."""
    return status in MOVES[move]


def find_reason_fault(reason: str) -> str:
    """Say what is wrong with the reason for a move or a permission; empty where it can be kept."""
    if not reason.strip():
        return "Say why, so that everybody knows what to do"
    if len(reason) > TEXT_LIMITS["reason"]:
        return f"The reason is too long; shorten it to {TEXT_LIMITS['reason']:,} characters or fewer"
    if not is_plain_text(reason):
        return "The reason has characters that cannot be kept; type it again"
    return ""


def check_reason(move: Move, reason: str) -> None:
    """Raise `AnswerError` where a move needs a reason and none, or one that cannot be kept, is given."""
    fault = find_reason_fault(reason) if move in WITH_REASON else ""
    if fault:
        raise AnswerError(fault)


def can_sign_off(rule: SignOff, submitted_by: UUID | None, signing: UUID) -> bool:
    """Say whether the rule of the round lets this person, a certifier, sign off what that person submitted."""
    return rule is SignOff.CERTIFIER or (rule is SignOff.ANOTHER_PERSON and submitted_by != signing)


def check_sign_off(rule: SignOff, submitted_by: UUID | None, signing: UUID) -> None:
    """Raise `NotAllowedNowError` where the rule of the round does not let this person sign off."""
    if rule is SignOff.NOBODY:
        raise NotAllowedNowError("This round asks for no signing off; what is submitted is final")
    if not can_sign_off(rule, submitted_by, signing):
        raise NotAllowedNowError("In this round, somebody other than the person who submitted has to sign off")


def is_final(rule: SignOff, status: AssessmentStatus | None) -> bool:
    """Say whether nothing more is asked of an organisation in the round."""
    needed = AssessmentStatus.SUBMITTED if rule is SignOff.NOBODY else AssessmentStatus.SIGNED_OFF
    return status in {needed, AssessmentStatus.SIGNED_OFF}


def draw_moves() -> str:
    """Draw the table of moves as a Mermaid diagram: what the documents show, made from what the code does."""
    names = {status: status.value.replace("-", "_") for status in AssessmentStatus}
    lines = ["stateDiagram-v2", "    [*] --> in_progress: start"]
    for move, steps in MOVES.items():
        label = move.value.replace("-", " ") + (", with a reason" if move in WITH_REASON else "")
        lines += [f"    {names[before]} --> {names[after]}: {label}" for before, after in steps.items()]
    return "\n".join(lines)


def find_unanswered(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """Give the questions shown that have no answer, in order."""
    shown = find_shown(questionnaire, answers)
    return tuple(q for q in questionnaire.questions if q.id in shown and q.id not in answers)


def check_submit(questionnaire: Questionnaire, answers: Answers, status: AssessmentStatus) -> AssessmentStatus:
    """Give the status after submitting; raise `NotAllowedNowError` where it is not open or questions are unanswered."""
    after = check_move(Move.SUBMIT, status)
    missing = len(find_unanswered(questionnaire, answers))
    if missing:
        one = missing == 1
        raise NotAllowedNowError(
            f"{missing} {'question has' if one else 'questions have'} no answer yet; "
            f"choose a level, or don’t know, for {'it' if one else 'each'} before you submit"
        )
    return after
