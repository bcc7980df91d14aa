"""How far an organisation says it can rely on its partners: said once, before it first submits, and read by itself."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.assessment import Move, can_move, check_move
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedNowError, NotFoundError
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.trust_question import TrustQuestion
from app.services import Database, assessing, auditing
from app.services.acting import acting
from app.store import assessments, trust

FROZEN = (
    "What you said of your partners was frozen when your organisation first submitted, so that nobody can tell it from "
    "what changes later"
)


@dataclass(frozen=True, slots=True)
class RatedSubject:
    """A partner, or a subject of the framework, with what the organisation said of it."""

    id: str
    label: str
    level: str
    """Empty where nothing was said."""
    is_partner: bool = False
    has_left: bool = False
    """Whether it is a partner that has left since it was rated; what was said may stay, or be taken back."""


@dataclass(frozen=True, slots=True)
class OpenedTrust:
    """What an organisation can say about trust, and what it has said."""

    key: AssessmentKey
    record: AssessmentRecord
    question: TrustQuestion
    subjects: tuple[RatedSubject, ...]
    counts_until: datetime
    """Only what is submitted before is ever shown: when the round closes, or closed for the first time."""
    last_by: str
    """Who said something last; empty where nothing was said."""
    last_at: datetime | None

    @property
    def said(self) -> int:
        """Of how many subjects something was said."""
        return sum(bool(subject.level) for subject in self.subjects)

    @property
    def mark(self) -> str:
        """What changes whenever there is something else to see: who can be rated, and what was said."""
        seen = [f"{subject.id} {subject.has_left} {subject.level}" for subject in self.subjects]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else said something first, or partners came or left. Nothing was stored."""

    opened: OpenedTrust


def open_trust(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> OpenedTrust:
    """Give what an organisation can say, and has said, to its own people.

    Raises `NotFoundError` also where the framework asks nothing about trust.
    """
    opened = find_trust(database, catalogue, actor, key)
    if opened is None:
        raise NotFoundError("There is no such page")
    return opened


def find_trust(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> OpenedTrust | None:
    """Do the same; `None` where the framework asks nothing about trust. Four statements."""
    with database.reading() as session:
        record = assessing.get_record(session, actor, key)
        question = _find_question(catalogue, record)
        return _open(session, key, record, question) if question else None


def rate(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    levels: Mapping[str, str],
    seen_mark: str,
    now: datetime,
) -> Conflict | None:
    """Store what an organisation says of all it can rate: subject -> level, empty or left out for nothing.

    Raises `NotFoundError` where the actor may not know of it, `NotAllowedError` where they do not answer for the
    organisation, `NotAllowedNowError` once it has submitted or its round has closed, and `AnswerError` for what cannot
    be rated so.
    """
    with acting(database, actor) as session:
        record = assessments.lock_record(session, key, alone=True)
        if record is None:
            raise NotFoundError("There is no such assessment")
        access.check(actor, Deed.SEE_ASSESSMENT, organisation_id=record.organisation_id)
        access.check(actor, Deed.ANSWER, organisation_id=record.organisation_id)
        question = _find_question(catalogue, record)
        if question is None:
            raise NotFoundError("There is no such page")
        check_rate(record, now)
        opened = _open(session, key, record, question)
        before = {subject.id: subject.level for subject in opened.subjects}
        after = before | dict.fromkeys(before, "") | {subject: level for subject, level in levels.items() if level}
        if before == after:
            return None  # sent twice, stored once
        if opened.mark != seen_mark:
            return Conflict(opened)
        _check_levels(opened, after)
        changed = {subject: level for subject, level in after.items() if level != before[subject]}
        trust.set_levels(session, key, changed, actor.person_id, now)
        # Neither what was said nor of whom: nobody else may ever read it, whoever reads the audit included.
        auditing.record(
            session,
            Event.TRUST_RATED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=f"assessment {key.assessment_id}",
        )
        return None


def _check_levels(opened: OpenedTrust, levels: Mapping[str, str]) -> None:
    subjects = {subject.id: subject for subject in opened.subjects}
    for subject_id, level in levels.items():
        subject = subjects.get(subject_id)
        if subject is None:
            raise AnswerError("You can only rate the other partners of this partnership and what else the page lists")
        if level and level not in opened.question.labels:
            raise AnswerError(f"Choose one of the levels of the page for {subject.label}")
        if subject.has_left and level not in {"", subject.level}:
            raise AnswerError(f"{subject.label} has left the partnership: keep what you said of it, or take it back")


def check_rate(record: AssessmentRecord, now: datetime) -> None:
    """Raise `NotAllowedNowError` where nothing can be said any more: once it was submitted, or outside the round."""
    if record.submissions:
        raise NotAllowedNowError(FROZEN)
    if record.status is None:
        raise NotFoundError("There is no such assessment")
    check_move(Move.ANSWER, record.status)
    record.window.check_open(now)


def can_rate(actor: Actor, record: AssessmentRecord, now: datetime) -> bool:
    """Say whether the actor may say now how far their organisation can rely on others."""
    return (
        access.can(actor, Deed.ANSWER, organisation_id=record.organisation_id)
        and not record.submissions
        and record.status is not None
        and can_move(Move.ANSWER, record.status)
        and record.window.is_open(now)
    )


def _find_question(catalogue: Catalogue, record: AssessmentRecord) -> TrustQuestion | None:
    """Find the question, where the questionnaire asks about its enabler at all."""
    questionnaire = catalogue.get_by_hash(record.questionnaire_hash)
    question = catalogue.trust_of(questionnaire.framework.id)
    if question is None or question.enabler not in {section.enabler for section in questionnaire.sections}:
        return None
    return question


def _open(session: Session, key: AssessmentKey, record: AssessmentRecord, question: TrustQuestion) -> OpenedTrust:
    own = trust.list_own(session, key)
    levels = {subject: rating.level for subject, rating in own.items()}
    partners = [
        RatedSubject(
            str(other.organisation_id),
            other.name,
            levels.get(str(other.organisation_id), ""),
            is_partner=True,
            has_left=other.has_left,
        )
        for other in trust.list_others(session, record)
        if not other.has_left or str(other.organisation_id) in levels
    ]
    beside = [RatedSubject(each.id, each.label, levels.get(each.id, "")) for each in question.subjects]
    last = max(own.values(), key=lambda rating: rating.rated_at, default=None)
    first_closing = trust.find_first_closing(session, record.round_id)
    closes_at = record.window.closes_at
    return OpenedTrust(
        key=key,
        record=record,
        question=question,
        subjects=(*partners, *beside),
        counts_until=min(closes_at, first_closing or closes_at),
        last_by=last.rated_by if last else "",
        last_at=last.rated_at if last else None,
    )
