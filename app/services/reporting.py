"""The gap report of a submitted assessment."""

from dataclasses import dataclass

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.assessment import Move
from app.domain.errors import NotFoundError
from app.domain.gaps import GapReport, make_gap_report
from app.domain.records import AssessmentKey, AssessmentRecord, MadeMove, Submission
from app.domain.round_plans import choose_targets
from app.services import Database, assessing
from app.store import assessments


@dataclass(frozen=True, slots=True)
class SubmittedReport:
    """A gap report with what was frozen at submit, and what happened around it."""

    submission: Submission
    report: GapReport
    moves: tuple[MadeMove, ...] = ()
    """All that was done to its assessment, in order; empty where it was submitted once, and nothing happened since."""

    @property
    def is_newest(self) -> bool:
        """Whether nothing was submitted after it."""
        return self.submission.number == self.submission.of

    @property
    def first(self) -> MadeMove | None:
        """The first submitting, where there were several."""
        return next((move for move in self.moves if move.move is Move.SUBMIT), None)

    @property
    def newest(self) -> MadeMove | None:
        """The last submitting, where there were several."""
        return next((move for move in reversed(self.moves) if move.move is Move.SUBMIT), None)

    @property
    def before(self) -> tuple[MadeMove, ...]:
        """What was done between the submission before and this one: why it was submitted again."""
        return self._list_after(self.submission.number - 1) if self.submission.number > 1 else ()

    @property
    def after(self) -> tuple[MadeMove, ...]:
        """What was done to this submission, until the next."""
        return self._list_after(self.submission.number)

    def _list_after(self, number: int) -> tuple[MadeMove, ...]:
        """Give the moves between a submission and the next."""
        count, found = 0, []
        for move in self.moves:
            if move.move is Move.SUBMIT:
                count += 1
            elif count == number:
                found.append(move)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CurrentReport:
    """What the current answers of an assessment show, submitted or not."""

    record: AssessmentRecord
    report: GapReport


def get_current_report(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> CurrentReport:
    """Report what the current answers show. Two statements. Raises `NotFoundError`."""
    with database.reading() as session:
        record = assessing.get_record(session, actor, key)
        stored = assessments.list_current_answers(session, key)
    questionnaire = catalogue.get_by_hash(record.questionnaire_hash)
    answers = {question: each.answer for question, each in stored.items()}
    targets = choose_targets(questionnaire, record.targets)
    return CurrentReport(record, make_gap_report(questionnaire, answers, targets=targets))


def get_report(
    database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, number: int | None = None
) -> SubmittedReport:
    """Report what was submitted last, or as which number, by the version it was answered with.

    One statement, and one more where it was submitted again or something was done to it since. Raises `NotFoundError`.
    """
    with database.reading() as session:
        submission = assessments.find_submission(session, key, number)
        if submission is None or not access.can(
            actor, Deed.SEE_ASSESSMENT, organisation_id=submission.record.organisation_id
        ):
            raise NotFoundError("There is no such report. A report is made when an assessment is submitted")
        alone = submission.of == 1 and submission.record.last_move is Move.SUBMIT
        moves = () if alone else assessments.list_moves(session, key)
    questionnaire = catalogue.get_by_hash(submission.questionnaire_hash)
    targets = choose_targets(questionnaire, submission.record.targets)
    return SubmittedReport(submission, make_gap_report(questionnaire, submission.answers, targets=targets), moves)
