"""The meeting: beginning it, one question at a time, and recording what is agreed."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.agreeing import NOT_AGREED, AgreedForm, MeetingForm, MeetingKey
from app.domain.assessment import find_shown
from app.domain.discussion import Reason, Topic
from app.domain.questionnaire import Question
from app.domain.times import UK, day_words
from app.domain.together import Agreed, Attendance
from app.domain.uk_time import UkTimeError, make_date
from app.renderings.view_together import REASON_WORDS, Writer
from app.renderings.words import count, join
from app.services import meeting as service
from app.services.meeting import Overtaken, Refused, Table
from app.web.forms import Form, read_number, reads
from app.web.kept import KEPT, YES, KeptDep
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.desk import DeskDep
from app.web.together.pages import AgendaRow, Box, LevelChoice, MeetingPage, MeetingRow, MeetingsPage, TopicPage

router = make_router()

HELD: Final = ("held-day", "held-month", "held-year")
MOST_ORGANISATIONS: Final = 60
"""Boxes that a form may have; no partnership is that large."""
PRESENT: Final = tuple(f"present-{number}" for number in range(MOST_ORGANISATIONS))
MeetingFields = Annotated[Form, Depends(reads(*HELD, *PRESENT, "names", "version"))]
TopicFields = Annotated[Form, Depends(reads("choice", "reason", "minority", "version", "kept", kept=True))]
NOT_AGREED_VALUE: Final = "not-agreed"
EMPTY: Final = Form({})


async def get_key(partnership_id: UUID, round_id: UUID, meeting_id: UUID) -> MeetingKey:
    """Take a meeting from the path."""
    return MeetingKey(partnership_id, round_id, meeting_id)


MeetingKeyDep = Annotated[MeetingKey, Depends(get_key)]


# ---- Beginning -------------------------------------------------------------------------------------------------------


@router.get(addresses.MEETINGS)
def meetings_page(
    desk: DeskDep,
    partnership_id: UUID,
    round_id: UUID,
) -> HTMLResponse:
    """Coordinators of the partnership: the meetings about a round, and beginning one."""
    table = service.get_table(desk.database, desk.catalogue, desk.actor, partnership_id, round_id, desk.now)
    today = desk.now.astimezone(UK).date()
    typed = Form(dict(zip(HELD, map(str, (today.day, today.month, today.year)), strict=True)))
    return desk.show("together/meetings.html", _make_meetings(table, typed))


@router.post(addresses.MEETINGS)
def hold(
    form: MeetingFields,
    desk: DeskDep,
    partnership_id: UUID,
    round_id: UUID,
) -> Response:
    """Coordinators of the partnership: begins a meeting with those who are there."""
    read = _read_meeting(form)
    result = service.hold(desk.database, desk.catalogue, desk.actor, partnership_id, round_id, read, desk.now)
    if isinstance(result, Refused):
        return desk.show("together/meetings.html", _make_meetings(result.table, form, result), 422)
    return RedirectResponse(addresses.meeting(MeetingKey(partnership_id, round_id, result)), 303)


@router.get(addresses.MEETING)
def meeting_page(desk: DeskDep, key: MeetingKeyDep) -> HTMLResponse:
    """Coordinators of the partnership: what to talk about, what is agreed, and who is there."""
    table = service.get_table(desk.database, desk.catalogue, desk.actor, key.partnership_id, key.round_id, desk.now)
    return desk.show("together/meeting.html", _make_meeting(table, key))


@router.post(addresses.MEETING)
def change_attendance(
    form: MeetingFields,
    desk: DeskDep,
    key: MeetingKeyDep,
) -> Response:
    """Coordinators of the partnership: changes when a meeting was and who was there."""
    seen = read_number(form, "version")
    refused = service.change_attendance(
        desk.database, desk.catalogue, desk.actor, key, seen, _read_meeting(form), desk.now
    )
    if refused:
        return desk.show("together/meeting.html", _make_meeting(refused.table, key, form, refused), 422)
    return RedirectResponse(addresses.meeting(key), 303)


def _read_meeting(form: Form) -> MeetingForm:
    try:
        held_on: date | None = make_date(*(form.get(name) for name in HELD))
    except UkTimeError:
        held_on = None
    chosen = (form.get(name) for name in PRESENT)
    return MeetingForm(held_on, frozenset(map(_read_id, filter(None, chosen))), form.get("names"))


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # which no organisation has


def _make_meetings(table: Table, form: Form, refused: Refused | None = None) -> MeetingsPage:
    together = table.report.together
    names = {partner.organisation_id: partner.name for partner in together.partners}
    return MeetingsPage(
        title=f"Meetings of {together.partnership}, {together.round}",
        back=Link("Back to the partnership report", addresses.report(together.partnership_id, together.round_id)),
        errors=_list_errors(refused),
        partnership=together.partnership,
        meetings=tuple(
            MeetingRow(
                link=Link(
                    day_words(meeting.held_on),
                    addresses.meeting(MeetingKey(together.partnership_id, together.round_id, meeting.id)),
                ),
                detail=join(sorted(names.get(each, "") for each in meeting.organisations)),
            )
            for meeting in table.meetings
        ),
        organisations=_make_boxes(table, _read_meeting(form).organisations),
        names=form.get("names"),
        day=form.get("held-day"),
        month=form.get("held-month"),
        year=form.get("held-year"),
        action=addresses.meetings(together.partnership_id, together.round_id),
        button="Begin the meeting",
    )


def _make_boxes(table: Table, chosen: frozenset[UUID]) -> tuple[Box, ...]:
    there = [partner for partner in table.report.together.partners if partner.left_at is None]
    return tuple(
        Box(
            value=str(partner.organisation_id),
            text=partner.name,
            hint="" if partner.is_in else "Has not submitted",
            checked=partner.organisation_id in chosen,
        )
        for partner in there
    )


def _list_errors(refused: Refused | None) -> tuple[FieldError, ...]:
    ids = {"held": "held-day", "organisations": "present-0"}
    return (
        tuple(FieldError(ids.get(fault.field, fault.field), fault.text) for fault in refused.faults) if refused else ()
    )


def _make_meeting(
    table: Table, key: MeetingKey, form: Form | None = None, refused: Refused | None = None
) -> MeetingPage:
    together = table.report.together
    meeting = table.get_meeting(key.meeting_id)
    typed = form or _fill(meeting)
    on_list = [topic for topic in table.topics if topic.reason is not Reason.REST]
    rest = [topic for topic in table.topics if topic.reason is Reason.REST]
    done = [topic for topic in on_list if _find_at(table, key, topic)]
    open_ = [topic for topic in on_list if topic.question.id not in together.agreed]
    first = next(iter(open_ or on_list), table.topics[0])
    return MeetingPage(
        title=f"Meeting of {together.partnership}",
        back=Link("Back to the meetings", addresses.meetings(key.partnership_id, key.round_id)),
        errors=_list_errors(refused),
        partnership=together.partnership,
        when=f"{day_words(meeting.held_on)}, about the {together.round}",
        progress=_tell_progress(len(done), len(on_list), len(open_)),
        begin=Link(_name_begin(done=bool(done), left=bool(open_)), addresses.topic(key, first.question.id)),
        is_over=not open_,
        plan=addresses.actions(key.partnership_id),
        agenda=tuple(_make_row(table, key, topic) for topic in on_list),
        rest=tuple(_make_row(table, key, topic) for topic in rest),
        organisations=_make_boxes(table, _read_meeting(typed).organisations),
        names=typed.get("names"),
        day=typed.get("held-day"),
        month=typed.get("held-month"),
        year=typed.get("held-year"),
        version=meeting.version,
        action=addresses.meeting(key),
        report=addresses.report(key.partnership_id, key.round_id, agreed=bool(together.agreed_levels)),
    )


def _fill(meeting: Attendance) -> Form:
    held = zip(HELD, map(str, (meeting.held_on.day, meeting.held_on.month, meeting.held_on.year)), strict=True)
    boxes = zip(PRESENT, map(str, sorted(meeting.organisations)), strict=False)
    return Form(dict([*held, *boxes, ("names", meeting.names)]))


def _find_at(table: Table, key: MeetingKey, topic: Topic) -> Agreed | None:
    """Find what this very meeting said of a question."""
    agreed = table.report.together.agreed.get(topic.question.id)
    return agreed.find_at(key.meeting_id) if agreed else None


def _tell_progress(done: int, number: int, left: int) -> str:
    on_list = f"{done} of {count(number, 'question')} on the list talked about at this meeting."
    if not left:
        return f"{on_list} Every one has been talked about."
    earlier = number - done - left
    return on_list + (f" {earlier} at an earlier one." if earlier else "")


def _name_begin(*, done: bool, left: bool) -> str:
    if not left:
        return "Go through the list again"
    return "Go on with the list" if done else "Begin with the list"


def _make_row(table: Table, key: MeetingKey, topic: Topic) -> AgendaRow:
    """Show a question with what this meeting said of it; else what an earlier or later one did, and when."""
    writer, here = Writer(table.report, agreed=False), _find_at(table, key, topic)
    current = here or table.report.together.agreed.get(topic.question.id)
    verdict = writer.tell_verdict(topic.question, current) if current else ""
    when = "" if here or current is None else f", on {day_words(current.meeting.held_on)}"
    return AgendaRow(
        link=Link(topic.question.text, addresses.topic(key, topic.question.id)),
        reason=REASON_WORDS[topic.reason],
        contested=topic.reason is Reason.CONTESTED,
        agreed=verdict + when,
    )


# ---- One question at a time ------------------------------------------------------------------------------------------


@router.get(addresses.TOPIC)
def topic_page(desk: DeskDep, key: MeetingKeyDep, question_id: str, kept: KeptDep) -> HTMLResponse:
    """Coordinators of the partnership: one question, large, with what each organisation says."""
    table = service.get_table(desk.database, desk.catalogue, desk.actor, key.partnership_id, key.round_id, desk.now)
    place = table.get_place(question_id)
    agreed = table.report.together.agreed.get(question_id)
    return desk.show("together/topic.html", _make_topic(table, key, place, kept.find() or _fill_topic(agreed)))


@router.post(addresses.TOPIC)
def agree(form: TopicFields, desk: DeskDep, key: MeetingKeyDep, question_id: str, kept: KeptDep) -> Response:
    """Coordinators of the partnership: records what the meeting agreed on a question, and goes on to the next."""
    chosen = form.get("choice")
    given = AgreedForm(
        choice=NOT_AGREED if chosen == NOT_AGREED_VALUE else chosen or None,
        reason=form.get("reason"),
        minority_view=form.get("minority"),
    )
    seen = read_number(form, "version")
    result = service.agree(desk.database, desk.catalogue, desk.actor, key, question_id, seen, given, desk.now)
    if isinstance(result, Refused):
        place = result.table.get_place(question_id)
        return desk.show("together/topic.html", _make_topic(result.table, key, place, form, result), 422)
    if isinstance(result, Overtaken):
        place = result.table.get_place(question_id)
        page = _make_topic(result.table, key, place, form, theirs=result.theirs)
        return desk.show("together/topic.html", page, 409)
    kept.settle(form)
    return RedirectResponse(_find_way_on(result, key, result.get_place(question_id)), 303)


def _find_way_on(table: Table, key: MeetingKey, place: int) -> str:
    """Lead to the question after; from the last on the list back to the meeting, which sums up."""
    here, following = table.topics[place], table.topics[place + 1 : place + 2]
    if not following or (following[0].reason is Reason.REST and here.reason is not Reason.REST):
        return addresses.meeting(key)
    return addresses.topic(key, following[0].question.id)


def _fill_topic(agreed: Agreed | None) -> Form:
    if agreed is None:
        return EMPTY
    return Form(
        {"choice": agreed.choice or NOT_AGREED_VALUE, "reason": agreed.reason, "minority": agreed.minority_view}
    )


def _make_topic(
    table: Table,
    key: MeetingKey,
    place: int,
    form: Form,
    refused: Refused | None = None,
    theirs: Agreed | None = None,
) -> TopicPage:
    report, topic = table.report, table.topics[place]
    writer = Writer(report, agreed=False)
    current = report.together.agreed.get(topic.question.id)
    number = sum(each.reason is not Reason.REST for each in table.topics)
    on_list = f"Question {place + 1} of {number} on the list" if place < number else "Not on the list"
    conflict = (FieldError("choice", "Somebody else has recorded something meanwhile: see below, then choose"),)
    return TopicPage(
        title=topic.question.text,
        back=Link("Back to the meeting", addresses.meeting(key)),
        errors=conflict if theirs else _list_errors(refused),
        partnership=f"{report.together.partnership}, {report.together.round}",
        place=on_list,
        hint=str(topic.question.hint or ""),
        talk=writer.write_talk(topic, place + 1, absent=_find_absent(table, key)),
        levels=_make_levels(table, topic.question, form.get("choice")),
        reason=form.get("reason"),
        minority=form.get("minority"),
        version=current.version if current else 0,
        action=addresses.topic(key, topic.question.id),
        previous=addresses.topic(key, table.topics[place - 1].question.id) if place else "",
        next=_find_way_on(table, key, place),
        agenda=addresses.meeting(key),
        theirs=writer.write_agreed(topic.question) if theirs else None,
        is_kept=form.get(KEPT) == YES,
    )


def _find_absent(table: Table, key: MeetingKey) -> frozenset[UUID]:
    there = table.get_meeting(key.meeting_id).organisations
    return frozenset(each.organisation_id for each in table.report.together.submitted) - there


def _make_levels(table: Table, question: Question, chosen: str) -> tuple[LevelChoice, ...]:
    questionnaire = table.report.questionnaire
    said: dict[str, list[str]] = {}
    for partner in table.report.together.submitted:
        if question.id in partner.answers and question.id in find_shown(questionnaire, partner.answers):
            said.setdefault(partner.answers[question.id].choice, []).append(partner.name)
    levels = questionnaire.scale_of(question).levels
    found = [
        LevelChoice(
            value=level.id,
            text=str(level.label),
            hint=str(question.descriptors.get(level.id, "")),
            checked=level.id == chosen,
            who=join(said.get(level.id, [])),
        )
        for level in levels
    ]
    none = LevelChoice(
        value=NOT_AGREED_VALUE,
        text="We did not agree",
        hint="The different answers stand as they are. Write down why.",
        checked=chosen == NOT_AGREED_VALUE,
        who="",
    )
    return (*found, none)
