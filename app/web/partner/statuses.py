"""Where an assessment stands, in words: for lists, for the task list, and for the page of its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.assessment import AssessmentStatus, Move
from app.domain.progress import Stage, find_stage
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.rounds import SignOff
from app.renderings.words import join
from app.services import life
from app.services.life import Standing
from app.web import paths
from app.web.pages import AssessmentRow, LifeNotice, Link, Tag
from app.web.together import addresses
from app.web.words import moment_words

TAG_OF: Final[Mapping[Stage, Tag]] = {
    Stage.NOT_STARTED: Tag(text="Not started", colour="grey"),
    Stage.IN_PROGRESS: Tag(text="In progress", colour="yellow"),
    Stage.WAITING: Tag(text="Waiting for sign-off", colour="blue"),
    Stage.SUBMITTED: Tag(text="Submitted", colour="green"),
    Stage.SIGNED_OFF: Tag(text="Signed off", colour="green"),
}
WHY_AGAIN: Final[Mapping[Move, Tag]] = {
    Move.REQUEST_CHANGES: Tag(text="Changes requested", colour="orange"),
    Move.REOPEN: Tag(text="Reopened", colour="orange"),
}
"""Why something is in progress again."""


def describe_status(record: AssessmentRecord, now: datetime) -> Tag:
    """Put the status into a word or two, and why it is in progress again."""
    stage = find_stage(record, now)
    if stage is Stage.IN_PROGRESS and record.last_move:
        return WHY_AGAIN.get(record.last_move, TAG_OF[stage])
    return TAG_OF[stage]


def make_row(actor: Actor, record: AssessmentRecord, now: datetime) -> AssessmentRow:
    """Put an assessment into a row of somebody's list, with the one thing that is for them to do next."""
    return AssessmentRow(
        partnership=record.partnership,
        organisation=record.organisation,
        detail=". ".join(_list_details(actor, record, now)),
        tag=describe_status(record, now),
        action=_find_action(actor, record, now),
        together=_list_together(record),
    )


def _list_together(record: AssessmentRecord) -> tuple[Link, ...]:
    if not record.submissions or record.window.left_at is not None:
        return ()
    return (
        Link("See the partnership report", addresses.report(record.partnership_id, record.round_id)),
        Link("See the action plan", addresses.actions(record.partnership_id)),
    )


def _find_action(actor: Actor, record: AssessmentRecord, now: datetime) -> Link | None:
    is_open = record.window.is_open(now)
    if record.assessment_id is None:
        if not is_open or not access.can(actor, Deed.ANSWER, organisation_id=record.organisation_id):
            return None
        return Link("Start", paths.start_assessment(record.partnership_id, record.round_id, record.organisation_id))
    key = AssessmentKey(record.partnership_id, record.assessment_id)
    if record.status is not AssessmentStatus.IN_PROGRESS:
        if life.can_sign_off(actor, record, now):
            return Link("Read and sign off", paths.sign_off(key))
        return Link("See the report", paths.report(key))
    answers = is_open and access.can(actor, Deed.ANSWER_GIVEN, organisation_id=record.organisation_id)
    return Link("Continue" if answers else "See the answers", paths.assessment(key))


def _list_details(actor: Actor, record: AssessmentRecord, now: datetime) -> list[str]:
    is_open = record.window.is_open(now)
    details = []
    if record.status is None:
        if is_open and not access.can(actor, Deed.ANSWER, organisation_id=record.organisation_id):
            details.append("A lead of your organisation starts it")
    elif record.status is not AssessmentStatus.IN_PROGRESS:
        if record.submitted_at and record.submitted_by:
            details.append(f"Submitted by {record.submitted_by} at {moment_words(record.submitted_at)}")
        if record.signed_off_at and record.signed_off_by:
            details.append(f"Signed off by {record.signed_off_by} at {moment_words(record.signed_off_at)}")
    elif not is_open:
        details.append(f"Not submitted {'again ' if record.submissions else ''}before the round closed")
    if is_missing_sign_off(record, now):
        details.append("Not signed off before the round closed")
    late = describe_late_entry(record, now)
    if late:
        details.append(late)
    return details


def is_missing_sign_off(record: AssessmentRecord, now: datetime) -> bool:
    """Say whether the round closed while it waited to be signed off."""
    waits = record.status is AssessmentStatus.SUBMITTED and record.sign_off is not SignOff.NOBODY
    return waits and now >= record.window.ends_at


def describe_late_entry(record: AssessmentRecord, now: datetime) -> str:
    """Say until when this organisation may enter, where that is later than for others; else empty."""
    late = record.window.late_until
    has_entered = record.status not in {None, AssessmentStatus.IN_PROGRESS}
    if late is None or late <= record.window.closes_at or now >= late or has_entered:
        return ""
    return f"You may still enter until {moment_words(late)}"


def describe_certifiers(standing: Standing) -> str:
    """Say who can sign off, by name; where there is nobody, what to do."""
    names = standing.certifiers
    if names:
        return f"{join(names)} can sign it off."
    if standing.record.sign_off is SignOff.ANOTHER_PERSON:
        return (
            "Nobody can sign it off yet. A lead has to invite a certifier, "
            "who must be somebody other than the person who submitted."
        )
    return "Nobody can sign it off yet. A lead has to invite a certifier."


def find_colleagues(actor: Actor, record: AssessmentRecord) -> tuple[Link, ...]:
    """Give the way to invite a certifier, for those who may."""
    if not access.can(actor, Deed.MANAGE_COLLEAGUES, organisation_id=record.organisation_id):
        return ()
    return (Link("Invite a certifier", f"/organisations/{record.organisation_id}/people"),)


def list_standing(standing: Standing, now: datetime) -> tuple[str, ...]:
    """Say where an assessment stands and what comes next, a sentence each."""
    record = standing.record
    match record.status:
        case AssessmentStatus.SIGNED_OFF:
            return ("It is signed off. Nothing more is asked of you in this round.",)
        case AssessmentStatus.SUBMITTED if record.sign_off is SignOff.NOBODY:
            return ("It is submitted. Nothing more is asked of you in this round.",)
        case AssessmentStatus.SUBMITTED if record.window.is_open(now):
            until = f"That can be done until {moment_words(record.window.ends_at)}."
            return ("It is submitted, and has to be signed off.", describe_certifiers(standing), until)
        case AssessmentStatus.SUBMITTED:
            return ("It is submitted. The round closed before it was signed off.",)
        case _ if not record.window.is_open(now):
            return (f"The round closed before it was submitted{' again' if record.submissions else ''}.",)
        case _:
            again = " again" if record.submissions else ""
            late = describe_late_entry(record, now)
            return (
                f"A lead submits it{again} when every question has an answer.",
                f"{late}." if late else f"That can be done until {moment_words(record.window.ends_at)}.",
            )


def make_notice(actor: Actor, standing: Standing, now: datetime) -> LifeNotice | None:
    """Say at the top of a task list what has happened since it was submitted; `None` where it never was."""
    record, key = standing.record, standing.key
    if not standing.moves:
        return None
    last = standing.moves[-1]
    when = f"{last.person}, at {moment_words(last.at)}"
    before = Link("See the report of what was submitted before", paths.report(key))
    match last.move:
        case Move.REQUEST_CHANGES:
            return LifeNotice(title=f"Changes requested by {when}", text="", reason=last.reason, links=(before,))
        case Move.REOPEN:
            text = "What was submitted before is kept. Submit again when the answers are right."
            return LifeNotice(title=f"Reopened by {when}", text=text, reason=last.reason, links=(before,))
        case Move.SIGN_OFF:
            return LifeNotice(title=f"Signed off by {when}", text="", reason="", links=())
        case _:
            asks = record.sign_off is not SignOff.NOBODY and record.window.is_open(now)
            decides = life.can_sign_off(actor, record, now) or life.can_request_changes(actor, record, now)
            links = [Link("Read it, and sign off or request changes", paths.sign_off(key))] * decides
            if asks and not standing.certifiers:
                links += find_colleagues(actor, record)
            text = describe_certifiers(standing) if asks else ""
            return LifeNotice(title=f"Submitted by {when}", text=text, reason="", links=tuple(links))
