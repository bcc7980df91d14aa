"""Administrators and operators check what was built: the audit, approving it, and withdrawing what was wrong."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.disclosure.mirror import MirrorPlan
from app.disclosure.releases import Withheld
from app.domain.access import Actor, Deed, check
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedNowError, NotFoundError
from app.domain.money import Comparison
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellFigures, Content, LikeForLike, ReleaseRecord, check_approve
from app.services import Database, auditing
from app.services.acting import acting
from app.services.releasing.building import Audit, decide
from app.services.releasing.loading import get_released_round, list_told_of_departments, make_plan
from app.store import releases as store

LONGEST_REASON: Final = 2000
"""Characters."""


@dataclass(frozen=True, slots=True)
class AuditedRelease:
    """A release as its administrators see it: with its audit, published or not."""

    record: ReleaseRecord
    content: Content
    questionnaire: Questionnaire
    audit: Audit


@dataclass(frozen=True, slots=True)
class AuditedAgain:
    """A release that was audited anew."""

    questionnaire: Questionnaire
    withheld: tuple[Withheld, ...]
    cells: int
    faults: tuple[str, ...]
    """What it shows and should not; empty where it holds."""


def get_audited(database: Database, catalogue: Catalogue, actor: Actor, release_id: UUID) -> AuditedRelease:
    """Give a release with its audit. One statement."""
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        found = store.find_release(session, release_id)
        if found is None:
            raise NotFoundError("There is no such page")
        release, content, audit, questionnaire_hash = found
        return AuditedRelease(release, content, catalogue.get_by_hash(questionnaire_hash), audit)


def approve(database: Database, catalogue: Catalogue, actor: Actor, release_id: UUID, now: datetime) -> None:
    """Approve a release: it is published on its date, or at once where that has passed.

    It is audited anew before, with the insiders of now. Raises `NotAllowedNowError` where it gives somebody away, was
    approved before or was withdrawn.
    """
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        known = _list_known(session, now)
    if audit_again(database, catalogue, release_id, now).faults:
        raise NotAllowedNowError("This release could be taken apart by somebody. Build it again")
    with acting(database, actor) as session:
        found = store.find_release(session, release_id)
        if found is None:
            raise NotFoundError("There is no such page")
        check_approve(found[0])
        release, content, *_ = found
        store.lock_rounds(session, release.round_id)
        if _list_known(session, now) != known:
            raise NotAllowedNowError("Another release was approved while this one was audited. Approve it again")
        if content.mirror is not None:  # of two that are approved at once, the second is to see the first
            store.find_round(session, content.mirror.round_id, lock=True)
        if _find_mirror_faults(session, release, content):
            raise NotAllowedNowError("Another release has told something else of the same departments. Build it again")
        # Where its date has passed, nobody could read it before this moment.
        if not store.approve(session, release_id, actor.person_id, max(release.publishes_at, now), now):
            raise NotAllowedNowError("Somebody else has just approved or withdrawn this release")
        auditing.record(session, Event.RELEASE_APPROVED, actor.person_id, now, subject=f"release {release_id}")


def withdraw(database: Database, actor: Actor, release_id: UUID, reason: str, now: datetime) -> None:
    """Withdraw a wrong release whole. What it told counts as known for those that follow."""
    check(actor, Deed.RELEASE)
    fault = find_reason_fault(reason)
    if fault:
        raise AnswerError(fault)
    with acting(database, actor) as session:
        if store.find_release(session, release_id) is None:
            raise NotFoundError("There is no such page")
        if not store.withdraw(session, release_id, actor.person_id, reason.strip(), now):
            raise NotAllowedNowError("Only a release that was approved can be withdrawn, and only once")
        auditing.record(
            session, Event.RELEASE_WITHDRAWN, actor.person_id, now, subject=f"release {release_id}", new=reason
        )


def find_reason_fault(reason: str) -> str:
    """Say what is wrong with the reason of a withdrawal; empty where nothing is."""
    if not reason.strip():
        return "Say why the release is withdrawn"
    return f"Say it in {LONGEST_REASON:,} characters or fewer" if len(reason) > LONGEST_REASON else ""


def audit_again(
    database: Database, catalogue: Catalogue, release_id: UUID, now: datetime | None = None
) -> AuditedAgain:
    """Decide a release anew from what was frozen with it, with the insiders of today, and compare.

    `now`: all that was approved by then counts as known; without it, what was when it was approved itself, or built.
    Raises `NotFoundError` for an id of no release.
    """
    with database.reading() as session:
        found = store.find_sources(session, release_id)
        if found is None:
            raise NotFoundError(f"There is no release {release_id}")
        release, content, made_of = found
        round_ = get_released_round(session, release.round_id)
        planned = make_plan(
            session,
            catalogue,
            round_,
            made_of.contributions,
            content.cuts,
            now or release.approved_at or release.built_at,
            release.number,
        )
        if content.mirror is not None:
            mirror = MirrorPlan(content.mirror, planned.questionnaire.framework, made_of.departments, planned.insiders)
            planned = replace(planned, mirror=mirror)
        mirror_faults = _find_mirror_faults(session, release, content)
    built = decide(planned)
    faults = [
        f"{measure}, {key}: is shown, and could be taken apart"
        for measure, table in content.tables.items()
        for key, figures in table.cells.items()
        if _shows_more(figures, built.content.tables[measure].cells.get(key))
    ]
    faults += [
        f"{measure}, change since the round before: is shown, and could be taken apart"
        for measure, table in content.tables.items()
        if table.change and not _is_within(table.change, built.content.tables[measure].change)
    ]
    faults += [
        f"gap at {item.id}: is counted, and could be taken apart"
        for item in content.gaps
        if item not in built.content.gaps
    ]
    faults += [
        f"enabler:{enabler}, score against spending: is shown, and could be taken apart"
        for enabler, told in content.money.enablers.items()
        if isinstance(told, Comparison) and built.content.money.enablers[enabler] != told
    ]
    if content.mirror is not None and built.content.mirror is not None:
        faults += [
            f"mirror, {row.departments}: is shown, and could be taken apart"
            for row, again in zip(content.mirror.rows, built.content.mirror.rows, strict=True)
            if row.departments_say is not None and again.departments_say is None
        ]
    shown = sum(len(table.cells) for table in content.tables.values())
    return AuditedAgain(planned.questionnaire, built.withheld, shown, (*faults, *mirror_faults))


def _list_known(session: Session, now: datetime) -> frozenset[UUID]:
    return frozenset(each.id for each in store.list_releases(session) if each.counts_as_known(now))


def _shows_more(figures: CellFigures, again: CellFigures | None) -> bool:
    """Say whether a cell shows anything that it would not when decided anew."""
    if again is None or (figures.bands is not None and again.bands is None):
        return True
    pairs = zip(figures.quartiles, again.quartiles, strict=True)
    return any(told is not None and now is None for told, now in pairs)


def _is_within(change: LikeForLike, again: LikeForLike | None) -> bool:
    return again is not None and (change.leavers is None or again.leavers is not None)


def _find_mirror_faults(session: Session, release: ReleaseRecord, content: Content) -> tuple[str, ...]:
    """Say where a release tells something else of a round of departments than another one has told."""
    if content.mirror is None:
        return ()
    told = list_told_of_departments(session, content.mirror.round_id, but=release.id)
    return tuple(
        f"mirror, {row.departments}: another release has told something else of the same departments"
        for row in content.mirror.rows
        if row.departments in told and told[row.departments] != row.departments_say
    )
