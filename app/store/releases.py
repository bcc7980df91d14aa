"""Releases, and what they are made of: the ballots of a round, grouped by the database."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, union, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.actions import SENT_ON
from app.domain.aggregate import LEAST_ORGANISATIONS, Ballot
from app.domain.assessment import AssessmentStatus
from app.domain.questionnaire import Questionnaire
from app.domain.releases import (
    Content,
    DepartmentScores,
    MirrorFigures,
    ReleaseRecord,
    Sources,
    TakenBack,
    read_content,
    read_sources,
)
from app.domain.rounds import SignOff
from app.domain.scoring import QuestionState
from app.store.models import (
    Assessment,
    FrozenQuestionScore,
    Membership,
    Organisation,
    PartnershipArea,
    PartnershipOrganisation,
    PlannedAction,
    Release,
    Round,
    RoundPartnership,
    Snapshot,
    TypedBarrier,
    new_id,
)

_RECORD: Final = (
    Release.id,
    Release.round_id,
    Round.title,
    Release.number,
    Release.built_at,
    Release.publishes_at,
    Release.approved_at,
    Release.withdrawn_at,
    Release.withdrawn_reason,
    Release.digest,
)
"""The columns of a `ReleaseRecord`, in its order."""
NO_SCORE: Final = (
    QuestionState.DONT_KNOW,
    QuestionState.NOT_APPLICABLE,
    QuestionState.UNANSWERED,
    QuestionState.HIDDEN,
)
"""What becomes of a question of one organisation that has no score."""


@dataclass(frozen=True, slots=True)
class ReleasedRound:
    """What a round says of its releases."""

    id: UUID
    title: str
    closes_at: datetime
    sign_off: SignOff
    questionnaire_hash: str
    threshold: int
    """As it is stored, whatever that is."""
    targets: Mapping[str, str]
    release_at: datetime | None
    two_way_cuts: tuple[tuple[str, str], ...]


# ---- What a release is made of ---------------------------------------------------------------------------------------


def select_ballots(round_id: UUID, sign_off: SignOff, scores: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Select the ballots of a round: for each partnership and question, how many organisations gave which score.

    `scores` are those that an answer can have, as they are stored; after their columns come those of `NO_SCORE`. What
    was submitted last counts; where the round asks for signing off, only what was signed off.
    """
    counted = _select_last(round_id, sign_off).subquery()
    frozen = FrozenQuestionScore
    return (
        select(
            frozen.partnership_id,
            frozen.question_id,
            *(func.count().filter(frozen.score == score) for score in scores),
            *(func.count().filter(frozen.state == state) for state in NO_SCORE),
        )
        .join(
            counted,
            and_(
                counted.c.partnership_id == frozen.partnership_id,
                counted.c.assessment_id == frozen.assessment_id,
                counted.c.submission == frozen.submission,
            ),
        )
        .group_by(frozen.partnership_id, frozen.question_id)
        .order_by(frozen.partnership_id)
    )


def _select_last(round_id: UUID, sign_off: SignOff) -> Select[UUID, UUID, int]:
    """Select the last submission of each assessment of a round that counts."""
    last = (
        select(Snapshot.partnership_id, Snapshot.assessment_id, func.max(Snapshot.submission).label("submission"))
        .join(
            Assessment,
            and_(Assessment.partnership_id == Snapshot.partnership_id, Assessment.id == Snapshot.assessment_id),
        )
        .where(Assessment.round_id == round_id)
        .group_by(Snapshot.partnership_id, Snapshot.assessment_id)
    )
    if sign_off is not SignOff.NOBODY:
        last = last.where(Assessment.status == AssessmentStatus.SIGNED_OFF)
    return last


def list_ballots(
    session: Session, round_id: UUID, sign_off: SignOff, questionnaire: Questionnaire
) -> Iterator[tuple[UUID, tuple[Ballot, ...]]]:
    """Give the ballots of each partnership in which at least two organisations count. One statement."""
    scores = sorted(
        {score for each in questionnaire.questions for score in questionnaire.scale_of(each).scores.values()}
    )
    kinds = [(QuestionState.SCORED, score) for score in scores] + [(state, None) for state in NO_SCORE]
    # Through the session, each row would be looked at for objects of the ORM, which takes longer than to read it.
    rows = session.connection().execute(select_ballots(round_id, sign_off, [str(score) for score in scores]))
    for partnership_id, found in groupby(rows, key=itemgetter(0)):
        whole = tuple(found)
        if sum(whole[0][2:]) >= LEAST_ORGANISATIONS:
            yield (
                partnership_id,
                tuple(
                    Ballot(row[1], state, score, number)
                    for row in whole
                    for (state, score), number in zip(kinds, row[2:], strict=True)
                    if number
                ),
            )


def list_departments(session: Session, round_id: UUID, sign_off: SignOff) -> tuple[DepartmentScores, ...]:
    """List what each organisation of partnerships without footprint said in a round, exact. One statement."""
    counted = _select_last(round_id, sign_off).subquery()
    score = FrozenQuestionScore
    has_footprint = select(PartnershipArea.area_code).where(PartnershipArea.partnership_id == Snapshot.partnership_id)
    rows = session.execute(
        select(
            Snapshot.partnership_id,
            Assessment.organisation_id,
            Snapshot.submitted_at,
            PartnershipOrganisation.left_at,
            score.question_id,
            score.score,
        )
        .join(
            counted,
            and_(
                counted.c.partnership_id == Snapshot.partnership_id,
                counted.c.assessment_id == Snapshot.assessment_id,
                counted.c.submission == Snapshot.submission,
            ),
        )
        .join(
            Assessment,
            and_(Assessment.partnership_id == Snapshot.partnership_id, Assessment.id == Snapshot.assessment_id),
        )
        .join(
            PartnershipOrganisation,
            and_(
                PartnershipOrganisation.partnership_id == Assessment.partnership_id,
                PartnershipOrganisation.organisation_id == Assessment.organisation_id,
            ),
        )
        .join(
            score,
            and_(
                score.partnership_id == Snapshot.partnership_id,
                score.assessment_id == Snapshot.assessment_id,
                score.submission == Snapshot.submission,
            ),
        )
        .where(~has_footprint.exists())
        .order_by(Snapshot.partnership_id, Assessment.organisation_id, score.question_id)
    )
    return tuple(
        DepartmentScores(
            department=organisation_id,
            partnership=partnership_id,
            submitted_at=submitted_at,
            left_at=left_at,
            scores={row.question_id: Fraction(row.score) for row in found if row.score is not None},
        )
        for (partnership_id, organisation_id, submitted_at, left_at), found in groupby(rows, key=lambda row: row[:4])
    )


def list_footprints(session: Session, round_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Give partnership -> the codes of its areas, of those that take part in a round. One statement."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = session.execute(
        select(PartnershipArea.partnership_id, PartnershipArea.area_code)
        .join(RoundPartnership, RoundPartnership.partnership_id == PartnershipArea.partnership_id)
        .where(RoundPartnership.round_id == round_id)
        .order_by(PartnershipArea.partnership_id, PartnershipArea.area_code)
    )
    for partnership_id, code in rows:
        found[partnership_id] = (*found.get(partnership_id, ()), code)
    return found


def list_barriers(session: Session, round_id: UUID) -> dict[UUID, frozenset[tuple[str, str]]]:
    """Give partnership -> question and kind of what organisations say stands in the way. One statement."""
    found: dict[UUID, set[tuple[str, str]]] = {}
    rows = session.execute(
        select(TypedBarrier.partnership_id, TypedBarrier.question_id, TypedBarrier.kind)
        .join(
            Assessment,
            and_(Assessment.partnership_id == TypedBarrier.partnership_id, Assessment.id == TypedBarrier.assessment_id),
        )
        .where(Assessment.round_id == round_id)
        .distinct()
    )
    for partnership_id, question_id, kind in rows:
        found.setdefault(partnership_id, set()).add((question_id, kind))
    return {partnership_id: frozenset(said) for partnership_id, said in found.items()}


def list_asks(session: Session, round_id: UUID) -> tuple[dict[UUID, frozenset[UUID]], dict[UUID, str]]:
    """Give partnership -> the departments it asked something of, and their names. One statement."""
    found: dict[UUID, set[UUID]] = {}
    names: dict[UUID, str] = {}
    rows = session.execute(
        select(PlannedAction.partnership_id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == PlannedAction.department_id)
        .where(PlannedAction.round_id == round_id, PlannedAction.status.in_(SENT_ON))
        .distinct()
    )
    for partnership_id, department_id, name in rows:
        found.setdefault(partnership_id, set()).add(department_id)
        names[department_id] = name
    return {partnership_id: frozenset(asked) for partnership_id, asked in found.items()}, names


def list_insiders(session: Session) -> tuple[frozenset[UUID], ...]:
    """Give for every organisation and every person the partnerships whose answers they know. One statement.

    Those that have left know what they saw. A person knows all that their organisations know, and what they coordinate.
    """
    of_organisations = select(
        PartnershipOrganisation.organisation_id.label("insider"), PartnershipOrganisation.partnership_id
    )
    of_members = select(Membership.person_id, PartnershipOrganisation.partnership_id).join(
        PartnershipOrganisation, PartnershipOrganisation.organisation_id == Membership.organisation_id
    )
    of_coordinators = select(Membership.person_id, Membership.partnership_id).where(
        Membership.partnership_id.is_not(None)
    )
    known: dict[UUID, set[UUID]] = {}
    rows: Sequence[Any] = session.execute(union(of_organisations, of_members, of_coordinators)).all()
    for insider, partnership_id in rows:
        known.setdefault(insider, set()).add(partnership_id)
    return tuple({frozenset(partnerships) for partnerships in known.values()})


# ---- Rounds and their releases ---------------------------------------------------------------------------------------


def find_round(session: Session, round_id: UUID, *, lock: bool = False) -> ReleasedRound | None:
    """Find what a confirmed round says of its releases; `lock` holds it, so that nobody else builds one meanwhile."""
    wanted = select(Round).where(Round.id == round_id, Round.confirmed_at.is_not(None))
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    return None if found is None else _as_round(found)


def find_round_before(session: Session, round_id: UUID) -> ReleasedRound | None:
    """Find the round of the same questionnaire that closed last before one, and was released."""
    this = select(Round).where(Round.id == round_id).subquery()
    found = session.scalar(
        select(Round)
        .join(this, and_(this.c.questionnaire_id == Round.questionnaire_id, Round.closes_at < this.c.closes_at))
        .where(Round.id.in_(select(Release.round_id).where(Release.approved_at.is_not(None))))
        .order_by(Round.closes_at.desc())
        .limit(1)
    )
    return None if found is None else _as_round(found)


def find_departments_round(session: Session, questionnaire_ids: Collection[str], now: datetime) -> ReleasedRound | None:
    """Find the confirmed round of one of these questionnaires that closed last. One statement."""
    found = session.scalar(
        select(Round)
        .where(Round.questionnaire_id.in_(questionnaire_ids), Round.confirmed_at.is_not(None), Round.closes_at <= now)
        .order_by(Round.closes_at.desc(), Round.id)
        .limit(1)
    )
    return None if found is None else _as_round(found)


def list_mirrors(session: Session, but: UUID | None = None) -> tuple[MirrorFigures, ...]:
    """List what releases tell of departments, whichever their round, but for one of them; the newest last.

    Those whose date is still to come are among them, and those withdrawn after it. One statement.
    """
    rows = session.execute(_select_releases(Release.content).order_by(Release.built_at))
    found = (read_content(json.loads(row.content)).mirror for row in rows if _may_be_known(row, but))
    return tuple(mirror for mirror in found if mirror is not None)


def _may_be_known(row: Row[*tuple[Any, ...]], but: UUID | None) -> bool:
    record = _as_record(row)
    return record.id != but and record.may_be_known()


def _as_round(found: Round) -> ReleasedRound:
    return ReleasedRound(
        found.id,
        found.title,
        found.closes_at,
        SignOff(found.sign_off),
        found.questionnaire_hash,
        found.withholding_threshold,
        json.loads(found.targets),
        found.release_at,
        tuple((one, other) for one, other in json.loads(found.two_way_cuts)),
    )


def plan_release(
    session: Session, round_id: UUID, release_at: datetime, two_way_cuts: Sequence[tuple[str, str]]
) -> None:
    """Store when a round is to be released, and by which pairs of cuts."""
    session.execute(
        update(Round)
        .where(Round.id == round_id)
        .values(release_at=release_at, two_way_cuts=json.dumps([list(pair) for pair in two_way_cuts]))
    )


def list_releases(session: Session, round_id: UUID | None = None) -> tuple[ReleaseRecord, ...]:
    """List releases, of one round or of all: the newest round and the newest number first. One statement."""
    wanted = _select_releases()
    if round_id is not None:
        wanted = wanted.where(Release.round_id == round_id)
    rows = session.execute(wanted.order_by(Round.closes_at.desc(), Round.id, Release.number.desc()))
    return tuple(map(_as_record, rows))


def find_publishing(session: Session, round_id: UUID, now: datetime) -> datetime | None:
    """Find when the release of a round that may be read was published. One statement."""
    return session.scalar(
        select(Release.publishes_at)
        .where(Release.round_id == round_id, _is_published(now))
        .order_by(Release.number.desc())
        .limit(1)
    )


def list_spend_years(session: Session) -> tuple[tuple[ReleaseRecord, int | None], ...]:
    """List the releases that were not withdrawn, each with the year of the spending it compares scores with.

    One statement.
    """
    wanted = _select_releases(Release.content).where(Release.withdrawn_at.is_(None))
    rows = session.execute(wanted.order_by(Round.closes_at.desc(), Round.id, Release.number.desc()))
    return tuple((_as_record(row), read_content(json.loads(row.content)).money.year) for row in rows)


def find_release(session: Session, release_id: UUID) -> tuple[ReleaseRecord, Content, Any, str] | None:
    """Find a release with its content, its audit and the hash of its questionnaire. One statement."""
    row = session.execute(
        _select_releases(Release.content, Release.audit, Round.questionnaire_hash).where(Release.id == release_id)
    ).one_or_none()
    if row is None:
        return None
    content, audit = json.loads(row.content), json.loads(row.audit)
    return _as_record(row), read_content(content), audit, row.questionnaire_hash


def find_published(
    session: Session, round_id: UUID, now: datetime
) -> tuple[ReleaseRecord, Content, str, TakenBack | None] | None:
    """Find the release of a round that may be read, with the hash of its questionnaire. One statement.

    Beside it stands the last that came after it and was taken back.
    """
    row = session.execute(_select_published(now, round_id)).one_or_none()
    if row is None:
        return None
    return _as_record(row), read_content(json.loads(row.content)), row.questionnaire_hash, _as_taken_back(row)


def find_published_beside(
    session: Session, partnership_id: UUID, round_id: UUID, now: datetime
) -> tuple[ReleaseRecord, Content, Mapping[str, str] | None, TakenBack | None] | None:
    """Find the same for one partnership, with the categories that it was counted in. One statement.

    Nothing is read here of what the others contributed.
    """
    row = session.execute(_select_published(now, round_id).add_columns(Release.contributions)).one_or_none()
    if row is None:
        return None
    contributions = json.loads(row.contributions)["partnerships"]
    own = (each for each in contributions if each["partnership"] == str(partnership_id))
    found = next(own, None)
    categories = None if found is None else found["categories"]
    return _as_record(row), read_content(json.loads(row.content)), categories, _as_taken_back(row)


def is_released_to(
    session: Session, partnership_id: UUID, round_id: UUID, organisation_id: UUID, now: datetime
) -> bool:
    """Say whether a round has a release that may be read, and an organisation is in the partnership. One statement."""
    found = session.scalar(
        select(Release.id)
        .join(PartnershipOrganisation, PartnershipOrganisation.partnership_id == partnership_id)
        .where(
            Release.round_id == round_id,
            _is_published(now),
            PartnershipOrganisation.organisation_id == organisation_id,
            PartnershipOrganisation.left_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


def _select_published(now: datetime, round_id: UUID) -> Select[*tuple[Any, ...]]:
    later = aliased(Release)
    was_taken_back = and_(  # what `ReleaseRecord.was_taken_back` says
        later.round_id == Release.round_id,
        later.number > Release.number,
        later.approved_at.is_not(None),
        later.publishes_at <= now,
        later.withdrawn_at >= later.publishes_at,
    )
    return (
        _select_releases(Release.content, Round.questionnaire_hash)
        .add_columns(
            later.number.label("later_number"),
            later.publishes_at.label("later_published_at"),
            later.withdrawn_at.label("later_withdrawn_at"),
            later.withdrawn_reason.label("later_reason"),
        )
        .outerjoin(later, was_taken_back)
        .where(Release.round_id == round_id, _is_published(now))
        .order_by(Release.number.desc(), later.number.desc())
        .limit(1)
    )


def _as_taken_back(row: Row[*tuple[Any, ...]]) -> TakenBack | None:
    if row.later_number is None:
        return None
    return TakenBack(row.later_number, row.later_published_at, row.later_withdrawn_at, row.later_reason)


def _is_published(now: datetime) -> ColumnElement[bool]:
    """Say in SQL what `ReleaseRecord.is_published` says."""
    return and_(Release.approved_at.is_not(None), Release.publishes_at <= now, Release.withdrawn_at.is_(None))


def find_sources(session: Session, release_id: UUID) -> tuple[ReleaseRecord, Content, Sources] | None:
    """Find a release with its content and what it was made of. One statement."""
    row = session.execute(
        _select_releases(Release.content, Release.contributions).where(Release.id == release_id)
    ).one_or_none()
    if row is None:
        return None
    return _as_record(row), read_content(json.loads(row.content)), read_sources(json.loads(row.contributions))


def list_past(
    session: Session, round_id: UUID, now: datetime, below: int | None = None
) -> tuple[tuple[Sources, Content], ...]:
    """List what releases of a round may have told anybody by now, withdrawn ones too: of what, and what.

    The newest is last; `below`: only those of a smaller number. One statement.
    """
    rows = session.execute(
        _select_releases(Release.content, Release.contributions)
        .where(Release.round_id == round_id)
        .order_by(Release.number)
    )
    return tuple(
        (read_sources(json.loads(row.contributions)), read_content(json.loads(row.content)))
        for row in rows
        if _as_record(row).counts_as_known(now) and (below is None or row.number < below)
    )


def is_followed(session: Session, round_id: UUID, now: datetime) -> bool:
    """Say whether a release of a later round of the same questionnaire may have told somebody the change since this."""
    this = select(Round).where(Round.id == round_id).subquery()
    later = select(Round.id).join(
        this, and_(this.c.questionnaire_id == Round.questionnaire_id, Round.closes_at > this.c.closes_at)
    )
    rows = session.execute(_select_releases().where(Release.round_id.in_(later)))
    return any(_as_record(row).counts_as_known(now) for row in rows)


def has_other_follower(session: Session, before_id: UUID, round_id: UUID, now: datetime) -> bool:
    """Say whether a release of another round than one may have told the change since the round before it."""
    before = select(Round).where(Round.id == before_id).subquery()
    others = select(Round.id).join(
        before, and_(before.c.questionnaire_id == Round.questionnaire_id, Round.closes_at > before.c.closes_at)
    )
    rows = session.execute(_select_releases().where(Release.round_id.in_(others), Release.round_id != round_id))
    return any(_as_record(row).counts_as_known(now) for row in rows)


def lock_rounds(session: Session, round_id: UUID) -> None:
    """Hold all rounds of the questionnaire of one: of two releases approved at once, the second sees the first."""
    questionnaire = select(Round.questionnaire_id).where(Round.id == round_id).scalar_subquery()
    session.execute(
        select(Round.id).where(Round.questionnaire_id == questionnaire).order_by(Round.id).with_for_update()
    ).all()


def _select_releases(*more: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """Select releases with the columns of a `ReleaseRecord`, and after them some more; `_as_record` reads the first."""
    return select(*_RECORD, *more).join(Round, Round.id == Release.round_id)


def _as_record(row: Row[*tuple[Any, ...]]) -> ReleaseRecord:
    return ReleaseRecord(*row[: len(_RECORD)])


def add_release(session: Session, round_id: UUID, values: Mapping[str, Any]) -> UUID:
    """Add the next release of a round that is held, and give its id; `values` are columns of the table."""
    number = session.scalar(select(func.max(Release.number)).where(Release.round_id == round_id)) or 0
    added: UUID = values.get("id") or new_id()
    session.add(Release(**{**values, "id": added, "round_id": round_id, "number": number + 1}))
    session.flush()
    return added


def delete_drafts(session: Session, round_id: UUID) -> None:
    """Delete what was built of a round and never approved."""
    for found in session.scalars(
        select(Release).where(
            Release.round_id == round_id, Release.approved_at.is_(None), Release.withdrawn_at.is_(None)
        )
    ):
        session.delete(found)
    session.flush()


def approve(session: Session, release_id: UUID, by: UUID, publishes_at: datetime, now: datetime) -> bool:
    """Approve a release for its date; `False` where somebody else just did, or withdrew it."""
    return _change(
        session,
        release_id,
        Release.approved_at.is_(None),
        approved_at=now,
        approved_by=by,
        publishes_at=publishes_at,
    )


def withdraw(session: Session, release_id: UUID, by: UUID, reason: str, now: datetime) -> bool:
    """Withdraw a release; `False` where somebody else just did."""
    return _change(
        session,
        release_id,
        Release.approved_at.is_not(None),
        withdrawn_at=now,
        withdrawn_by=by,
        withdrawn_reason=reason,
    )


def _change(session: Session, release_id: UUID, condition: ColumnElement[bool], **values: object) -> bool:
    changed = session.execute(
        update(Release)
        .where(Release.id == release_id, Release.withdrawn_at.is_(None), condition)
        .values(**values)
        .returning(Release.id)
    )
    return changed.first() is not None
