"""Sharing the work inside an organisation: sections given to colleagues, and comments on questions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.assessment import AnswerFault, Move, check_move
from app.domain.audit import Event
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.questionnaire import Question, Section
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.sharing import Colleague, Comment, GivenSection, Giving, find_comment_fault, find_message_fault
from app.services import Database, assessing, auditing, letters, mailing
from app.services.acting import acting
from app.store import assessments, comments, given_sections, invitations
from app.store.models import new_id


@dataclass(frozen=True, slots=True)
class OpenedSection:
    """A section, who has it, and who could be given it."""

    key: AssessmentKey
    record: AssessmentRecord
    section: Section
    given: GivenSection | None
    colleagues: tuple[Colleague, ...]
    invited: tuple[str, ...]
    """The names, or addresses, of those who are invited to answer and have not accepted."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments on a question, and a new id for the next: one form is one comment, however often it is sent."""

    key: AssessmentKey
    record: AssessmentRecord
    question: Question
    comments: tuple[Comment, ...]
    next_id: UUID


def open_section(
    database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, section_id: str
) -> OpenedSection:
    """Give a section with those who could be given it.

    Raises `NotFoundError`, or `NotAllowedError` where the actor gives no sections.
    """
    with database.reading() as session:
        record = assessing.get_record(session, actor, key)
        return _open_section(session, catalogue, actor, key, record, section_id)


def _open_section(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    record: AssessmentRecord,
    section_id: str,
) -> OpenedSection:
    access.check(actor, Deed.DELEGATE, organisation_id=record.organisation_id)
    questionnaire = catalogue.get_by_hash(record.questionnaire_hash)
    section = next((section for section in questionnaire.sections if section.id == section_id), None)
    if section is None:
        raise NotFoundError("There is no such section")
    given = given_sections.list_given(session, key).get(section_id)
    colleagues = given_sections.list_colleagues(session, record.organisation_id)
    known = {each.email for each in colleagues}
    waiting = invitations.list_waiting(session, organisations=[record.organisation_id])
    invited = {
        each.email: each.name or each.email
        for each in waiting
        if each.email not in known and Deed.ANSWER_GIVEN in access.MAY[each.grant.role]
    }
    return OpenedSection(key, record, section, given, colleagues, tuple(invited.values()))


def give_section(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    section_id: str,
    giving: Giving,
    now: datetime,
) -> tuple[AnswerFault, ...]:
    """Give a section to a colleague, whoever had it, and write to them; or say what is wrong, with nothing stored.

    What somebody else gave meanwhile is not replaced unseen. Raises `NotFoundError`, `NotAllowedError` and
    `NotAllowedNowError`.
    """
    with acting(database, actor) as session:
        opened = _hold_section(session, catalogue, actor, key, section_id, now)
        holder = next((each for each in opened.colleagues if str(each.person_id) == giving.person), None)
        if holder and _is_given(opened.given, holder, giving.message, actor):
            return ()  # sent twice, given once
        faults = _find_faults(opened.given, holder, giving)
        if faults or holder is None:
            return faults
        given_sections.set_given(session, key, section_id, holder.person_id, giving.message, actor.person_id, now)
        if holder.person_id != actor.person_id:
            path = f"/partnerships/{key.partnership_id}/assessments/{key.assessment_id}"
            letter = letters.section_given(
                actor.name,
                opened.record.organisation,
                opened.section.title,
                giving.message,
                opened.record.round,
                opened.record.window.ends_at,
                path,
            )
            mailing.post(session, letter, holder.email, holder.person_id, now)
        _record_giving(session, actor, opened, holder.person_id, now)
        return ()


def take_back(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    section_id: str,
    seen_mark: str,
    now: datetime,
) -> None:
    """Take a section back from whoever has it; raises what `give_section` does.

    `NotAllowedNowError` also where it was given to somebody else than was seen.
    """
    with acting(database, actor) as session:
        opened = _hold_section(session, catalogue, actor, key, section_id, now)
        if opened.given is None:
            return
        if opened.given.mark != seen_mark:
            raise NotAllowedNowError(f"{_tell_meanwhile(opened.given)}. Open the section again")
        given_sections.delete_given(session, key, section_id)
        _record_giving(session, actor, opened, None, now)


def _hold_section(
    session: Session, catalogue: Catalogue, actor: Actor, key: AssessmentKey, section_id: str, now: datetime
) -> OpenedSection:
    record = assessments.lock_record(session, key, alone=True)
    if record is None or record.status is None:
        raise NotFoundError("There is no such assessment")
    access.check(actor, Deed.SEE_ASSESSMENT, organisation_id=record.organisation_id)
    opened = _open_section(session, catalogue, actor, key, record, section_id)
    check_move(Move.ANSWER, record.status)
    record.window.check_open(now)
    return opened


def _is_given(given: GivenSection | None, holder: Colleague, message: str, actor: Actor) -> bool:
    wanted = holder.person_id, message, actor.person_id
    return given is not None and (given.person_id, given.message, given.given_by_id) == wanted


def _find_faults(given: GivenSection | None, holder: Colleague | None, giving: Giving) -> tuple[AnswerFault, ...]:
    faults = []
    if holder is None:
        words = "Choose somebody from the list" if giving.person else "Choose who is to answer this section"
        faults.append(AnswerFault("person", words))
    elif giving.seen_mark != (given.mark if given else ""):
        faults.append(AnswerFault("person", f"{_tell_meanwhile(given)}. Choose again if that is to be changed"))
    if fault := find_message_fault(giving.message):
        faults.append(AnswerFault("message", fault))
    return tuple(faults)


def _tell_meanwhile(given: GivenSection | None) -> str:
    if given is None:
        return "The section has been taken back meanwhile"
    return f"{given.given_by} has given this section to {given.person} meanwhile"


def _record_giving(session: Session, actor: Actor, opened: OpenedSection, to: UUID | None, now: datetime) -> None:
    auditing.record(
        session,
        Event.SECTION_GIVEN,
        actor.person_id,
        now,
        partnership_id=opened.key.partnership_id,
        subject=f"assessment {opened.key.assessment_id} section {opened.section.id}",
        old=f"person {opened.given.person_id}" if opened.given else "",
        new=f"person {to}" if to else "",
    )


def get_thread(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, question_id: str) -> Thread:
    """Give the comments on a question, the oldest first; raises `NotFoundError` where the actor may not know of it."""
    with database.reading() as session:
        record = assessing.get_record(session, actor, key)
        question = _get_question(catalogue, record, question_id)
        return Thread(key, record, question, comments.list_comments(session, key, question_id), new_id())


def count_comments(database: Database, actor: Actor, key: AssessmentKey) -> dict[str, int]:
    """Count the comments on each question of an assessment that has any; raises `NotFoundError`."""
    with database.reading() as session:
        assessing.get_record(session, actor, key)
        return comments.count_comments(session, key)


def comment(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question_id: str,
    text: str,
    comment_id: UUID | None,
    now: datetime,
) -> str:
    """Append a comment to the thread of a question, in any status; or say what is wrong, with nothing stored.

    Sent twice with the same id it is stored once. Raises `NotFoundError` where the actor may not know of the question.
    """
    with acting(database, actor) as session:
        record = assessing.get_record(session, actor, key)
        _get_question(catalogue, record, question_id)
        if fault := find_comment_fault(text):
            return fault
        written = comment_id or new_id()
        if not comments.add_comment(session, key, written, question_id, text, actor.person_id, now):
            there = comments.find_comment(session, key, question_id, written)
            if there is not None and (there.author_id, there.text) == (actor.person_id, text):
                return ""
            written = new_id()  # another text under an id that is taken: nobody's words get lost
            comments.add_comment(session, key, written, question_id, text, actor.person_id, now)
        auditing.record(
            session,
            Event.COMMENTED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=f"assessment {key.assessment_id} question {question_id} comment {written}",
        )
        return ""


def _get_question(catalogue: Catalogue, record: AssessmentRecord, question_id: str) -> Question:
    question = catalogue.get_by_hash(record.questionnaire_hash).questions_by_id.get(question_id)
    if question is None:
        raise NotFoundError("There is no such question")
    return question
