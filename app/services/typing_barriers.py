"""Saying what kind of thing stands in the way of a gap, and reading who says what.

Whoever may answer a question says it for their organisation: leads of any gap, contributors of the sections given to
them. It is no answer, scores nothing, and may be changed until some weeks after the round has closed, whether the
assessment is signed off or open again: it is about what was submitted last.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.audit import Event
from app.domain.barriers import (
    BarrierKind,
    EnablerBarriers,
    Said,
    can_say,
    check_kinds,
    check_say,
    find_asked,
    get_asked,
    list_gaps,
)
from app.domain.errors import NotFoundError
from app.domain.gaps import make_gap_report
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Question
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.round_plans import choose_targets
from app.services import Database, auditing
from app.services.acting import acting
from app.services.reporting import SubmittedReport
from app.store import assessments, barriers, given_sections


@dataclass(frozen=True, slots=True)
class OpenedGap:
    """A gap, what is asked about it, and what the organisation says so far."""

    key: AssessmentKey
    record: AssessmentRecord
    question: Question
    asked: EnablerBarriers
    said: frozenset[str]
    """Kind ids."""

    @property
    def mark(self) -> str:
        """What tells one saying from another: a page carries it, so that nobody's is silently replaced."""
        return " ".join(sorted(self.said))


@dataclass(frozen=True, slots=True)
class GapBarriers:
    """What an organisation says of the gaps of a report, and for which of them the actor may say it now."""

    kinds: Mapping[str, tuple[BarrierKind, ...]]
    """Question id -> kinds, in the order of the kinds; only where some are said."""
    open: frozenset[str]
    """Question ids."""


def open_gap(
    database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, question_id: str, now: datetime
) -> OpenedGap:
    """Give a gap for saying what stands in its way.

    Raises `NotFoundError` where there is no such question or the actor may not know of it, `NotAllowedError` where it
    is not theirs to say, and `NotAllowedNowError` where it has no gap, or it is too early or too late.
    """
    with database.reading() as session:
        return _load(session, catalogue, actor, key, assessments.find_record(session, key), question_id, now)


def say(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question_id: str,
    kinds: Collection[str],
    seen_mark: str,
    now: datetime,
) -> OpenedGap | None:
    """Let these be the kinds of thing that stand in the way of a gap; none of them, where `kinds` is empty.

    Gives the gap as it is, with nothing stored, where a colleague has said something else than was seen; the same said
    twice is stored once. Raises what `open_gap` does, and `AnswerError` for a kind that is not asked about.
    """
    with acting(database, actor) as session:
        record = assessments.lock_record(session, key, alone=True)
        opened = _load(session, catalogue, actor, key, record, question_id, now)
        check_kinds(opened.asked, kinds)
        wanted = frozenset(kinds)
        if wanted == opened.said:
            return None
        if seen_mark != opened.mark:
            return opened
        barriers.set_said(session, key, question_id, wanted, opened.said, actor.person_id, now)
        auditing.record(
            session,
            Event.BARRIERS_TYPED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=f"assessment {key.assessment_id} question {question_id}",
            old=opened.mark,
            new=" ".join(sorted(wanted)),
        )
        return None


def _load(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    record: AssessmentRecord | None,
    question_id: str,
    now: datetime,
) -> OpenedGap:
    if record is None:
        raise NotFoundError("There is no such assessment")
    access.check(actor, Deed.SEE_ASSESSMENT, organisation_id=record.organisation_id)
    questionnaire = catalogue.get_by_hash(record.questionnaire_hash)
    kinds = catalogue.barriers_of(questionnaire.framework.id)
    if find_asked(kinds, questionnaire, question_id) is None:
        raise NotFoundError("There is no such question, or nothing to say about what stands in its way")
    given = given_sections.list_given(session, key).get(questionnaire.section_of[question_id].id)
    access.check_answer(actor, record.organisation_id, given.person_id if given else None)
    check_say(record.window, record.submissions, now)
    submission = assessments.find_submission(session, key)
    if submission is None:
        raise NotFoundError("There is no such assessment")
    report = make_gap_report(questionnaire, submission.answers, targets=choose_targets(questionnaire, record.targets))
    asked = get_asked(kinds, report, question_id)
    said = barriers.list_said(session, key).get(question_id, frozenset())
    return OpenedGap(key, record, questionnaire.questions_by_id[question_id], asked, said)


def list_of_report(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    submitted: SubmittedReport,
    now: datetime,
) -> GapBarriers:
    """Give what the organisation says of the gaps of its own report; nothing for a submission that is not the newest.

    Raises `NotFoundError` where the actor may not know of the assessment.
    """
    record, report = submitted.submission.record, submitted.report
    access.check(actor, Deed.SEE_ASSESSMENT, organisation_id=record.organisation_id)
    kinds = catalogue.barriers_of(report.questionnaire.framework.id)
    if kinds is None or not submitted.is_newest:
        return GapBarriers({}, frozenset())
    with database.reading() as session:
        said = barriers.list_said(session, key)
        given = given_sections.list_given(session, key)
    holders = {section_id: section.person_id for section_id, section in given.items()}
    is_time = can_say(record.window, record.submissions, now)
    named, open_to_actor = {}, set()
    for gap in report.gaps:
        question = gap.question.id
        asked = find_asked(kinds, report.questionnaire, question)
        if asked is None:
            continue
        if chosen := tuple(kind for kind in asked.kinds if kind.id in said.get(question, ())):
            named[question] = chosen
        holder = holders.get(report.questionnaire.section_of[question].id)
        if is_time and access.can_answer(actor, record.organisation_id, holder):
            open_to_actor.add(question)
    return GapBarriers(named, frozenset(open_to_actor))


def name_said(report: PartnershipReport, stored: Mapping[str, Mapping[str, frozenset[UUID]]]) -> Said:
    """Name who says what: of organisations that have submitted, and of the gaps of what each submitted last."""
    together, questionnaire = report.together, report.questionnaire
    targets = choose_targets(questionnaire, together.targets) or questionnaire.targets.exact
    gaps: dict[UUID, frozenset[str]] = {
        partner.organisation_id: list_gaps(votes, targets)
        for partner, votes in zip(together.submitted, report.votes, strict=True)
    }
    names = {partner.organisation_id: partner.name for partner in together.submitted}
    said: dict[str, dict[str, tuple[str, ...]]] = {}
    for question, kinds in stored.items():
        for kind, organisations in kinds.items():
            whose = [names[each] for each in organisations if question in gaps.get(each, ())]
            if whose:
                said.setdefault(question, {})[kind] = tuple(sorted(whose))
    return said
