"""What a report says of its submission: which of how many it is, why it was submitted again, and what came after."""

from collections.abc import Iterator

from app.domain.assessment import AssessmentStatus, Move
from app.domain.records import MadeMove
from app.renderings.shapes import Fact
from app.renderings.words import sentence
from app.services.reporting import SubmittedReport
from app.web.words import moment_words


def list_facts(submitted: SubmittedReport) -> Iterator[Fact]:
    """Give the facts that stand above a report, in every form that people read."""
    submission = submitted.submission
    yield Fact("Submitted", f"{moment_words(submission.submitted_at)}, by {submission.submitted_by}")
    if submission.of > 1:
        yield Fact("Submission", _say_which(submitted))
    for move in submitted.before:
        if move.move is not Move.SIGN_OFF:
            yield Fact("Why it was submitted again", describe_return(move))
    for move in submitted.after:
        if move.move is Move.SIGN_OFF:
            yield Fact("Signed off", f"{moment_words(move.at)}, by {move.person}")
        else:
            yield Fact("Since then", describe_return(move))


def find_notice(submitted: SubmittedReport) -> str:
    """Say what to know before reading: that there is a newer submission, or that its answers are open again."""
    if not submitted.is_newest:
        return f"This is submission {_say_which(submitted)}"
    if submitted.submission.record.status is AssessmentStatus.IN_PROGRESS and submitted.after:
        again = describe_return(submitted.after[-1])
        return f"{again} This is the report of what was submitted before; answers may have changed since."
    return f"This is submission {_say_which(submitted)}" if submitted.submission.of > 1 else ""


def describe_return(move: MadeMove) -> str:
    """Say when answers were opened again and, where somebody outside did it, why.

    A report goes to boards: what a certifier wrote to their colleagues stays with the assessment.
    """
    if move.move is Move.REOPEN:
        return f"Reopened at {moment_words(move.at)} by {move.person}, because: {sentence(move.reason)}"
    return f"Changes were requested at {moment_words(move.at)} by {move.person}."


def _say_which(submitted: SubmittedReport) -> str:
    number, of = submitted.submission.number, submitted.submission.of
    first, newest = submitted.first, submitted.newest
    if submitted.is_newest:
        return f"{number} of {of}, the newest." + (f" First submitted at {moment_words(first.at)}." if first else "")
    return f"{number} of {of}." + (f" The newest was submitted at {moment_words(newest.at)}." if newest else "")
