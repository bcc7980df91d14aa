"""Releases of a round: planned, built with their audit, approved for their date, read, withdrawn."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.disclosure.cells import TIMES
from app.disclosure.mirror import MirrorPlan
from app.disclosure.money import SPEND as SPEND_CUT
from app.disclosure.money import group_by_spend
from app.disclosure.plan import Past, Plan
from app.disclosure.problem import Rules
from app.disclosure.releases import Built, Withheld, build
from app.domain.access import Actor, Deed, check
from app.domain.aggregate import ONE_WAY, Contribution, Cut, contribute, mark_stayers
from app.domain.areas import list_current
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedNowError, NotFoundError
from app.domain.footprints import FIFTHS, SIZES, Footprint, count_areas_once, cut_fifths, make_footprint
from app.domain.indicators import DEPRIVATION, SPEND
from app.domain.money import Comparison, choose_year, find_spend
from app.domain.peers import find_heirs, find_least, group_peers
from app.domain.questionnaire import Questionnaire
from app.domain.releases import (
    Content,
    DepartmentScores,
    MirrorFigures,
    MirrorRow,
    Reach,
    ReleaseRecord,
    Sources,
    check_approve,
    write_content,
    write_sources,
)
from app.domain.round_plans import choose_targets, get_threshold
from app.domain.uk_time import today
from app.domain.values import one_line
from app.services import Database
from app.services.acting import acting
from app.services.auditing import record
from app.services.processes import shared
from app.store import areas, indicators, neighbours
from app.store import releases as store
from app.store.releases import ReleasedRound

LONGEST_REASON: Final = 2000


@dataclass(frozen=True, slots=True)
class RoundReleases:
    """What an administrator sees of the releases of a round."""

    round: ReleasedRound
    releases: tuple[ReleaseRecord, ...]


@dataclass(frozen=True, slots=True)
class AuditedRelease:
    """A release as its administrators see it: with its audit, published or not."""

    record: ReleaseRecord
    content: Content
    questionnaire: Questionnaire
    audit: Any
    """What `_write_audit` gives."""


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """A release as it may be read."""

    record: ReleaseRecord
    content: Content
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class ReleasedToPartners:
    """What one partnership may set itself beside."""

    content: Content
    published_at: datetime
    categories: Mapping[str, str] | None
    """Cut -> its own category, as it was frozen; `None` where it does not count in the release."""


# ---- For administrators ----------------------------------------------------------------------------------------------


def get_round(database: Database, actor: Actor, round_id: UUID) -> RoundReleases:
    """Give what a round says of its releases, and those there are."""
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        return RoundReleases(_get_round(session, round_id), store.list_releases(session, round_id))


def plan(
    database: Database,
    actor: Actor,
    round_id: UUID,
    release_at: datetime,
    two_way_cuts: Sequence[tuple[str, str]],
    now: datetime,
) -> None:
    """Name the date on which a round is released, and the pairs of cuts that are shown as well.

    Raises `AnswerError` for a date before the round closes or a pair that is none.
    """
    check(actor, Deed.RELEASE)
    for one, other in two_way_cuts:
        if one == other or not {one, other} <= set(map(str, ONE_WAY)):
            raise AnswerError("Choose two cuts that are not the same")
    with acting(database, actor) as session:
        found = _get_round(session, round_id, lock=True)
        if release_at < found.closes_at:
            raise AnswerError("Enter a time after the round closes")
        store.plan_release(session, round_id, release_at, two_way_cuts)
        pairs = ", ".join("×".join(pair) for pair in two_way_cuts)
        words = f"{today(release_at)}; {pairs or 'one-way cuts alone'}"
        record(session, Event.RELEASE_PLANNED, actor.person_id, now, subject=f"round {round_id}", new=words)


def build_release(database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime) -> UUID:
    """Build and audit the next release of a round that has closed, in the place of one not yet approved; give its id.

    Nothing is held while it is computed. Raises `NotAllowedNowError` while the round is open, has no date, has a
    release that waits for its date, or has a threshold that is none.
    """
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        found = _get_round(session, round_id)
        known = store.list_releases(session, round_id)
        fault = find_build_fault(RoundReleases(found, known), now)
        if fault:
            raise NotAllowedNowError(fault)
        sources = _load(session, catalogue, found, now)
    built = _build(sources)  # the long part, with nothing held
    with acting(database, actor) as session:
        again = _get_round(session, round_id, lock=True)
        if again != found or _list_approved(store.list_releases(session, round_id)) != _list_approved(known):
            raise NotAllowedNowError("The round was changed while its release was built. Build it again")
        store.delete_drafts(session, round_id)
        release_id = store.add_release(
            session, round_id, _as_values(sources, built, actor.person_id, max(found.release_at or now, now), now)
        )
        record(session, Event.RELEASE_BUILT, actor.person_id, now, subject=f"release {release_id}")
    return release_id


def get_audited(database: Database, catalogue: Catalogue, actor: Actor, release_id: UUID) -> AuditedRelease:
    """Give a release with its audit. One statement."""
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        return _get_audited(session, catalogue, release_id)


def approve(database: Database, catalogue: Catalogue, actor: Actor, release_id: UUID, now: datetime) -> None:
    """Approve a release: it is published on its date, or at once where that has passed.

    It is audited anew before, with the insiders of now. Raises `NotAllowedNowError` where it gives somebody away, was
    approved before or was withdrawn.
    """
    check(actor, Deed.RELEASE)
    if audit_again(database, catalogue, release_id).faults:
        raise NotAllowedNowError("This release could be taken apart by somebody. Build it again")
    with acting(database, actor) as session:
        found = store.find_release(session, release_id)
        if found is None:
            raise NotFoundError("There is no such page")
        check_approve(found[0])
        record_, content, *_ = found
        if content.mirror is not None:  # of two that are approved at once, the second is to see the first
            store.find_round(session, content.mirror.round_id, lock=True)
        if _find_mirror_faults(session, record_, content):
            raise NotAllowedNowError("Another release has told something else of the same departments. Build it again")
        if not store.approve(session, release_id, actor.person_id, now):
            raise NotAllowedNowError("Somebody else has just approved or withdrawn this release")
        record(session, Event.RELEASE_APPROVED, actor.person_id, now, subject=f"release {release_id}")


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
        record(session, Event.RELEASE_WITHDRAWN, actor.person_id, now, subject=f"release {release_id}", new=reason)


def find_reason_fault(reason: str) -> str:
    """Say what is wrong with the reason of a withdrawal; empty where nothing is."""
    if not reason.strip():
        return "Say why the release is withdrawn"
    return f"Say it in {LONGEST_REASON:,} characters or fewer" if len(reason) > LONGEST_REASON else ""


def find_build_fault(found: RoundReleases, now: datetime) -> str:
    """Say why the next release of a round cannot be built now; empty where it can."""
    if now < found.round.closes_at:
        return "A release is built once the round has closed"
    if found.round.release_at is None:
        return "Say first when the round is released"
    if any(each.approved_at and not each.withdrawn_at and each.publishes_at > now for each in found.releases):
        return "A release of this round waits for its date. Withdraw it before you build another"
    return ""


# ---- By command ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuditedAgain:
    """A release that was audited anew."""

    questionnaire: Questionnaire
    withheld: tuple[Withheld, ...]
    cells: int
    faults: tuple[str, ...]
    """What it shows and should not; empty where it holds."""


def list_all(database: Database) -> tuple[ReleaseRecord, ...]:
    """List every release, for the operator."""
    with database.reading() as session:
        return store.list_releases(session)


def audit_again(database: Database, catalogue: Catalogue, release_id: UUID) -> AuditedAgain:
    """Decide a release anew from what was frozen with it, with the insiders of today, and compare.

    Raises `NotFoundError` for an id of no release.
    """
    with database.reading() as session:
        found = store.find_sources(session, release_id)
        if found is None:
            raise NotFoundError(f"There is no release {release_id}")
        record_, content, made_of = found
        round_ = _get_round(session, record_.round_id)
        sources = _plan(session, catalogue, round_, made_of.contributions, content.cuts, record_.built_at, record_)
        if content.mirror is not None:
            mirror = MirrorPlan(content.mirror, sources.questionnaire.framework, made_of.departments, sources.insiders)
            sources = replace(sources, mirror=mirror)
        mirror_faults = _find_mirror_faults(session, record_, content)
    built = _build(sources)
    faults = [
        f"{measure}, {key}: is shown, and could be taken apart"
        for measure, table in content.tables.items()
        for key in table.cells
        if key not in built.content.tables[measure].cells
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
    return AuditedAgain(sources.questionnaire, built.withheld, shown, (*faults, *mirror_faults))


# ---- For readers -----------------------------------------------------------------------------------------------------


def list_published(database: Database, actor: Actor, now: datetime) -> tuple[ReleaseRecord, ...]:
    """List what may be read: the newest release of each round. One statement."""
    check(actor, Deed.READ_RELEASES)
    return list_public(database, now)


def list_public(database: Database, now: datetime) -> tuple[ReleaseRecord, ...]:
    """List the same for anybody, where the service publishes statistics. One statement."""
    with database.reading() as session:
        found = store.list_releases(session)
    newest: dict[UUID, ReleaseRecord] = {}
    for each in found:
        if each.is_published(now):
            newest.setdefault(each.round_id, each)
    return tuple(newest.values())


def get_published(
    database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime
) -> PublishedRelease:
    """Give the release of a round that may be read. One statement. Raises `NotFoundError` where there is none."""
    check(actor, Deed.READ_RELEASES)
    return get_public(database, catalogue, round_id, now)


def get_public(database: Database, catalogue: Catalogue, round_id: UUID, now: datetime) -> PublishedRelease:
    """Give the same to anybody, where the service publishes statistics. One statement."""
    with database.reading() as session:
        found = store.find_published(session, round_id, now)
    if found is None:
        raise NotFoundError("There is no such page")
    record_, content, questionnaire_hash = found
    return PublishedRelease(record_, content, catalogue.get_by_hash(questionnaire_hash))


# ---- For partners, who have been let in to their own report before --------------------------------------------------


def find_for_partners(
    session: Session, partnership_id: UUID, round_id: UUID, now: datetime
) -> ReleasedToPartners | None:
    """Find what is published of a round, for one of its partnerships. One statement."""
    found = store.find_published_beside(session, partnership_id, round_id, now)
    if found is None:
        return None
    record_, content, categories = found
    return ReleasedToPartners(content, record_.publishes_at, categories)


def find_date(session: Session, round_id: UUID) -> datetime | None:
    """Find the date that is named for the release of a round. One statement."""
    return _get_round(session, round_id).release_at


def is_released_to(
    database: Database, partnership_id: UUID, round_id: UUID, organisation_id: UUID, now: datetime
) -> bool:
    """Say whether a round is released, for an organisation that is still in the partnership. One statement."""
    with database.reading() as session:
        return store.is_released_to(session, partnership_id, round_id, organisation_id, now)


# ---- Inside ----------------------------------------------------------------------------------------------------------


def _get_round(session: Session, round_id: UUID, *, lock: bool = False) -> ReleasedRound:
    found = store.find_round(session, round_id, lock=lock)
    if found is None:
        raise NotFoundError("There is no such page")
    return found


def _get_audited(session: Session, catalogue: Catalogue, release_id: UUID) -> AuditedRelease:
    found = store.find_release(session, release_id)
    if found is None:
        raise NotFoundError("There is no such page")
    record_, content, audit, questionnaire_hash = found
    return AuditedRelease(record_, content, catalogue.get_by_hash(questionnaire_hash), audit)


def _list_approved(releases: Sequence[ReleaseRecord]) -> list[ReleaseRecord]:
    return [each for each in releases if each.approved_at is not None]


def _load(session: Session, catalogue: Catalogue, found: ReleasedRound, now: datetime) -> Plan:
    """Load what the next release of a round is made of, as it is now."""
    questionnaire = catalogue.get_by_hash(found.questionnaire_hash)
    footprints, categories = _load_places(session, found)
    asks, departments = store.list_asks(session, found.id)
    planned = _plan(session, catalogue, found, (), _list_cuts(categories.values()), now)
    earlier = planned.earlier[-1] if planned.earlier else None
    year = earlier.content.money.year if earlier else None
    if year is None:
        year = choose_year(each.per_head[SPEND] for each in footprints.values())
    contributions = _load_contributions(session, questionnaire, found, footprints, categories, asks, year)
    covered = count_areas_once(footprints[each.partnership_id] for each in contributions)
    people = None if covered.people is None else int(covered.people)
    grouped, groups = group_by_spend(
        contributions, planned.rules, planned.insiders, earlier.contributions if earlier else ()
    )
    if planned.before:
        grouped = mark_stayers(grouped, planned.before[-1].contributions)
    return replace(
        planned,
        contributions=grouped,
        cuts={**planned.cuts, SPEND_CUT: groups} if groups else planned.cuts,
        spend_year=year,
        departments=departments,
        reach=Reach(len(contributions), covered.areas, covered.shared, people),
        mirror=_plan_mirror(session, catalogue, planned, now),
    )


def _plan_mirror(session: Session, catalogue: Catalogue, sources: Plan, now: datetime) -> MirrorPlan | None:
    """Load what departments said in the round of theirs that closed last; what was told of it before stays.

    A corrected release keeps the whole mirror of the one before it, as it keeps the commonest gaps.
    """
    framework = sources.questionnaire.framework
    if sources.earlier:
        last = sources.earlier[-1]
        wanted, departments = last.content.mirror, last.departments
    else:
        wanted, departments = _find_departments(session, catalogue, sources.questionnaire, now)
    if wanted is None:
        return None
    told = {
        row.departments: row.departments_say
        for mirror in store.list_mirrors(session)
        if mirror.round_id == wanted.round_id
        for row in mirror.rows
    }
    return MirrorPlan(wanted, framework, departments, sources.insiders, told)


def _find_departments(
    session: Session, catalogue: Catalogue, questionnaire: Questionnaire, now: datetime
) -> tuple[MirrorFigures | None, tuple[DepartmentScores, ...]]:
    """Give the round of departments that closed last with the pairs both sides were asked, and what they said."""
    mirror = catalogue.mirror_of(questionnaire.framework.id)
    pairs = [pair for pair in mirror.pairs if pair.local.questionnaire == questionnaire.id] if mirror else []
    theirs = store.find_departments_round(session, {pair.departments.questionnaire for pair in pairs}, now)
    if theirs is None:
        return None, ()
    asked = catalogue.get_by_hash(theirs.questionnaire_hash)
    rows = tuple(
        MirrorRow(pair.id, one_line(pair.about), pair.local.question, pair.departments.question)
        for pair in pairs
        if pair.departments.questionnaire == asked.id
        and pair.departments.question in asked.questions_by_id
        and pair.local.question in questionnaire.questions_by_id
    )
    threshold = get_threshold(theirs.threshold)
    wanted = MirrorFigures(theirs.id, theirs.title, theirs.closes_at, theirs.questionnaire_hash, threshold, rows)
    return wanted, store.list_departments(session, theirs.id, theirs.sign_off)


def _find_mirror_faults(session: Session, record_: ReleaseRecord, content: Content) -> tuple[str, ...]:
    """Say where a release tells something else of a round of departments than another one has told."""
    if content.mirror is None:
        return ()
    told = {
        row.departments: row.departments_say
        for mirror in store.list_mirrors(session, but=record_.id)
        if mirror.round_id == content.mirror.round_id
        for row in mirror.rows
    }
    return tuple(
        f"mirror, {row.departments}: another release has told something else of the same departments"
        for row in content.mirror.rows
        if row.departments in told and told[row.departments] != row.departments_say
    )


def _build(sources: Plan) -> Built:
    with shared(len(sources.contributions)) as run:
        return build(sources, run)


def _plan(
    session: Session,
    catalogue: Catalogue,
    found: ReleasedRound,
    contributions: tuple[Contribution, ...],
    cuts: Mapping[str, tuple[str, ...]],
    now: datetime,
    built: ReleaseRecord | None = None,
) -> Plan:
    """Put together what a release is decided from; of one that is built, what was known when it was."""
    at = built.built_at if built else now
    number = built.number if built else None
    before = store.find_round_before(session, found.id)
    return Plan(
        questionnaire=catalogue.get_by_hash(found.questionnaire_hash),
        contributions=contributions,
        cuts={cut: categories for cut, categories in cuts.items() if TIMES not in cut},
        two_way=tuple((one, other) for cut in cuts if TIMES in cut for one, other in (cut.split(TIMES),))
        if built
        else found.two_way_cuts,
        insiders=store.list_insiders(session),
        rules=Rules(get_threshold(found.threshold)),
        earlier=_list_past(session, catalogue, found, at, number),
        before=_list_past(session, catalogue, before, at) if before else (),
        before_questionnaire=catalogue.get_by_hash(before.questionnaire_hash) if before else None,
        before_title=before.title if before else "",
        is_followed=store.is_followed(session, found.id, at),
        targets=_find_targets(catalogue, found),
    )


def _list_past(
    session: Session, catalogue: Catalogue, found: ReleasedRound, now: datetime, below: int | None = None
) -> tuple[Past, ...]:
    targets = _find_targets(catalogue, found)
    return tuple(
        Past(sources.contributions, content, sources.departments, sources.carried, targets)
        for sources, content in store.list_past(session, found.id, now, below)
    )


def _find_targets(catalogue: Catalogue, found: ReleasedRound) -> dict[str, Fraction]:
    questionnaire = catalogue.get_by_hash(found.questionnaire_hash)
    own = choose_targets(questionnaire, found.targets)
    targets = own or [questionnaire.target_of(question) for question in questionnaire.questions]
    return dict(zip((question.id for question in questionnaire.questions), targets, strict=True))


def _load_places(session: Session, found: ReleasedRound) -> tuple[dict[UUID, Footprint], dict[UUID, Mapping[str, str]]]:
    """Give the footprints of all that take part, and in which category of each cut they are: cut -> category."""
    known = areas.list_areas(session)
    newest = indicators.list_newest(session)
    fifths = cut_fifths(newest.get(DEPRIVATION))
    footprints = {
        partnership_id: make_footprint(list_current(codes, known), newest, fifths)
        for partnership_id, codes in store.list_footprints(session, found.id).items()
    }
    groups = group_peers(
        {partnership_id: footprint.main_area for partnership_id, footprint in footprints.items()},
        find_heirs(neighbours.list_neighbours(session), known.values()),
        find_least(get_threshold(found.threshold)),
    )
    # One group of all is no division: it would say again what is said of everybody.
    peers = {each: str(number) for number, group in enumerate(groups, start=1) for each in group if len(groups) > 1}
    return footprints, {each: _find_categories(footprints[each], peers.get(each, "")) for each in footprints}


def _load_contributions(
    session: Session,
    questionnaire: Questionnaire,
    found: ReleasedRound,
    footprints: Mapping[UUID, Footprint],
    categories: Mapping[UUID, Mapping[str, str]],
    asks: Mapping[UUID, frozenset[UUID]],
    spend_year: int | None,
) -> tuple[Contribution, ...]:
    """Score the partnerships with a footprint: departments answer in one without, outside the releases about places."""
    said = store.list_barriers(session, found.id)
    asked = dict(zip((each.id for each in questionnaire.questions), questionnaire.enablers_asked, strict=True))
    targets = choose_targets(questionnaire, found.targets)
    return tuple(
        contribute(
            questionnaire,
            partnership_id,
            ballots,
            categories[partnership_id],
            targets,
            barriers=frozenset(
                f"{asked[question]}/{kind}" for question, kind in said.get(partnership_id, ()) if question in asked
            ),
            asks=asks.get(partnership_id, frozenset()),
            spend=find_spend(footprints[partnership_id].per_head[SPEND], spend_year),
        )
        for partnership_id, ballots in store.list_ballots(session, found.id, found.sign_off, questionnaire)
        if partnership_id in categories
    )


def _find_categories(footprint: Footprint, peers: str) -> dict[str, str]:
    found = {
        Cut.AREA_TYPE: footprint.area_kind,
        Cut.REGION: footprint.region,
        Cut.SIZE: footprint.size or "",
        Cut.DEPRIVATION: "" if footprint.fifth is None else str(footprint.fifth),
        Cut.PEERS: peers,
    }
    return {str(cut): str(category) for cut, category in found.items() if category}


def _list_cuts(categories: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Give each cut with its categories: of all that take part, so that nobody sees who did not answer."""
    found = list(categories)

    def there(cut: Cut) -> set[str]:
        return {each[cut] for each in found if cut in each}

    ordered = {
        Cut.AREA_TYPE: sorted(there(Cut.AREA_TYPE)),
        Cut.REGION: sorted(there(Cut.REGION)),
        Cut.SIZE: [str(size.id) for size in SIZES] if there(Cut.SIZE) else [],
        Cut.DEPRIVATION: list(map(str, range(1, FIFTHS + 1))) if there(Cut.DEPRIVATION) else [],
        Cut.PEERS: sorted(there(Cut.PEERS), key=int),
    }
    return {str(cut): tuple(each) for cut, each in ordered.items() if each}


def add_demonstration(
    session: Session, catalogue: Catalogue, round_id: UUID, release_id: UUID, by: UUID, at: datetime
) -> None:
    """Build, approve and publish the release of a round in a unit of work that is open: of the demonstration."""
    sources = _load(session, catalogue, _get_round(session, round_id), at)
    values = _as_values(sources, _build(sources), by, at, at)
    store.add_release(session, round_id, {**values, "id": release_id, "approved_at": at, "approved_by": by})


def _as_values(sources: Plan, built: Built, by: UUID, publishes_at: datetime, now: datetime) -> dict[str, Any]:
    content = _as_json(write_content(built.content))
    departments = sources.mirror.departments if sources.mirror else ()
    return {
        "content": content,
        "digest": sha256(content.encode()).hexdigest(),
        "contributions": _as_json(write_sources(Sources(sources.contributions, departments, built.carried))),
        "audit": _as_json(_write_audit(built)),
        "built_at": now,
        "built_by": by,
        "publishes_at": publishes_at,
    }


def _write_audit(built: Built) -> dict[str, Any]:
    return {
        "leaks": [str(measure) for measure in built.leaks],
        "withheld": [
            {
                "measure": str(row.measure),
                "cell": str(row.key),
                "count": row.count,
                "shown": row.detail.name.lower(),
                "code": row.reason.code,
                "words": row.reason.words,
            }
            for row in built.withheld
        ],
        "mirror": [
            {
                "question": row.question,
                "count": row.departments,
                "shown": row.detail.name.lower(),
                "code": row.reason.code,
                "words": row.reason.words,
            }
            for row in built.mirror_withheld
        ],
    }


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
