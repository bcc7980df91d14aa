"""The meeting of a partnership about its report: who was there, and what was agreed on each question."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor, Deed
from app.domain.agreeing import AgreedForm, Fault, MeetingForm, MeetingKey, find_agreed_faults, find_meeting_faults
from app.domain.audit import Event
from app.domain.discussion import Topic, list_topics
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.partnership_report import PartnershipReport
from app.domain.times import UK
from app.domain.together import Agreed, Attendance, check_coordinate
from app.services import Database, auditing
from app.services.acting import acting
from app.services.together import load_report
from app.store import meetings
from app.store.models import new_id


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that lies on the table: the report, the meetings so far, and what to talk about in which order."""

    report: PartnershipReport
    meetings: tuple[Attendance, ...]
    topics: tuple[Topic, ...]

    def get_meeting(self, meeting_id: UUID) -> Attendance:
        """Give one meeting; raises `NotFoundError`."""
        for meeting in self.meetings:
            if meeting.id == meeting_id:
                return meeting
        raise NotFoundError("There is no such meeting")

    def get_place(self, question_id: str) -> int:
        """Give the place of a question on the list, from 0; raises `NotFoundError`."""
        for place, topic in enumerate(self.topics):
            if topic.question.id == question_id:
                return place
        raise NotFoundError("There is no such question")


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong with the form. Nothing was stored."""

    table: Table
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody recorded something else meanwhile. Nothing was stored."""

    table: Table
    theirs: Agreed


def get_table(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> Table:
    """Get what a meeting is run from. Three statements.

    Raises `NotFoundError` and `NotAllowedError` for whoever does not coordinate the partnership, and
    `NotAllowedNowError` while its report is not open to its coordinators.
    """
    with database.reading() as session:
        return _load(session, catalogue, actor, partnership_id, round_id, now)


def hold(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    form: MeetingForm,
    now: datetime,
) -> UUID | Refused:
    """Record that a meeting is held and who is there, and give its id. Sent twice, it is recorded once."""
    with acting(database, actor) as session:
        table = _load(session, catalogue, actor, partnership_id, round_id, now)
        faults = find_meeting_faults(table.report.together, form, now.astimezone(UK).date())
        if faults:
            return Refused(table, faults)
        for meeting in table.meetings:
            if _is_same(meeting, form):
                return meeting.id
        key = MeetingKey(partnership_id, round_id, meeting_id=new_id())
        meetings.add_meeting(session, key, form, actor.person_id, now)
        _record(session, actor, key, table, form, now)
    return key.meeting_id


def change_attendance(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: MeetingKey,
    seen: int,
    form: MeetingForm,
    now: datetime,
) -> Refused | None:
    """Change when a meeting was and who was there; refused where somebody else changed it meanwhile."""
    with acting(database, actor) as session:
        table = _load(session, catalogue, actor, key.partnership_id, key.round_id, now)
        meeting = table.get_meeting(key.meeting_id)
        faults = find_meeting_faults(table.report.together, form, now.astimezone(UK).date())
        if faults:
            return Refused(table, faults)
        if _is_same(meeting, form):
            return None
        if not meetings.change_meeting(session, key, seen, form):
            return Refused(table, (Fault("held", "Somebody else has changed this meeting. Open it again"),))
        _record(session, actor, key, table, form, now)
    return None


def agree(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: MeetingKey,
    question_id: str,
    seen: int,
    form: AgreedForm,
    now: datetime,
) -> Table | Refused | Overtaken:
    """Record what a meeting agreed on a question, as the version after the one that was seen (0 for none).

    What the organisations answered stays as it is. What stands already is not recorded again.
    """
    with acting(database, actor) as session:
        table = _load(session, catalogue, actor, key.partnership_id, key.round_id, now)
        table.get_meeting(key.meeting_id)
        question = table.topics[table.get_place(question_id)].question
        faults = find_agreed_faults(table.report.questionnaire, question, form)
        if faults:
            return Refused(table, faults)
        current = table.report.together.agreed.get(question_id)
        if current and _said(current) == _said(form):
            return table  # it stands already, since the meeting that it is from
        before = current.version if current else 0
        if before != seen or not meetings.add_agreed(session, key, question_id, seen + 1, form, actor.person_id, now):
            table = _load(session, catalogue, actor, key.partnership_id, key.round_id, now)
            theirs = table.report.together.agreed.get(question_id)
            if theirs is None:
                raise NotAllowedNowError("This was not recorded: the page is of another time. Open the question again")
            return Overtaken(table, theirs)
        auditing.record(
            session,
            Event.AGREED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=f"round {key.round_id} question {question_id}",
            old=f"{current.choice or 'not agreed'}, version {current.version}" if current else "",
            new=f"{form.choice or 'not agreed'}, version {seen + 1}",
        )
        return table


def _is_same(meeting: Attendance, form: MeetingForm) -> bool:
    return (meeting.held_on, meeting.organisations, meeting.names) == (form.held_on, form.organisations, form.names)


def _said(agreed: Agreed | AgreedForm) -> tuple[str | None, str, str]:
    return agreed.choice, agreed.reason, agreed.minority_view


def _load(
    session: Session, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> Table:
    report = load_report(session, catalogue, actor, partnership_id, round_id, now)
    check_coordinate(actor, report.together, now, Deed.AGREE)
    found = meetings.list_meetings(session, partnership_id, round_id)
    return Table(report, found, list_topics(report.individual, report.votes))


def _record(session: Session, actor: Actor, key: MeetingKey, table: Table, form: MeetingForm, now: datetime) -> None:
    names = {partner.organisation_id: partner.name for partner in table.report.together.partners}
    auditing.record(
        session,
        Event.MEETING_HELD,
        actor.person_id,
        now,
        partnership_id=key.partnership_id,
        subject=f"meeting {key.meeting_id} round {key.round_id}",
        new=f"{form.held_on}: {', '.join(sorted(names[each] for each in form.organisations))}",
    )
