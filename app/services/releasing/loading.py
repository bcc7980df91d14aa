"""From the database to the plan of a release: who contributes what, in which cuts, and what is known already."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.disclosure.mirror import MirrorPlan
from app.disclosure.money import SPEND as SPEND_CUT
from app.disclosure.money import group_by_spend
from app.disclosure.plan import Past, Plan
from app.disclosure.problem import Rules
from app.domain.aggregate import TIMES, Contribution, Cut, contribute, mark_stayers
from app.domain.areas import list_current
from app.domain.errors import NotFoundError
from app.domain.footprints import FIFTHS, SIZES, Footprint, count_areas_once, cut_fifths, make_footprint
from app.domain.indicators import DEPRIVATION, SPEND
from app.domain.money import choose_year, find_spend
from app.domain.peers import find_heirs, find_least, group_peers
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellFigures, DepartmentScores, MirrorFigures, MirrorRow, Reach
from app.domain.round_plans import choose_targets, get_threshold
from app.domain.values import one_line
from app.store import areas, indicators, neighbours
from app.store import releases as store
from app.store.releases import ReleasedRound


def get_released_round(session: Session, round_id: UUID, *, lock: bool = False) -> ReleasedRound:
    """Give what a round says of its releases, held if asked; raises `NotFoundError` where it is not confirmed."""
    found = store.find_round(session, round_id, lock=lock)
    if found is None:
        raise NotFoundError("There is no such page")
    return found


def load_plan(session: Session, catalogue: Catalogue, found: ReleasedRound, now: datetime) -> Plan:
    """Load what the next release of a round is made of, as it is now."""
    questionnaire = catalogue.get_by_hash(found.questionnaire_hash)
    footprints, categories = _load_places(session, found)
    asks, departments = store.list_asks(session, found.id)
    planned = make_plan(session, catalogue, found, (), _list_cuts(categories.values()), now)
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
        reach=Reach(len(contributions), covered.areas, covered.shared, people, len(footprints)),
        mirror=_plan_mirror(session, catalogue, planned, now),
    )


def make_plan(
    session: Session,
    catalogue: Catalogue,
    found: ReleasedRound,
    contributions: tuple[Contribution, ...],
    cuts: Mapping[str, tuple[str, ...]],
    at: datetime,
    number: int | None = None,
) -> Plan:
    """Put together what a release is decided from, but for what `load_plan` adds.

    `at`: only what may have been read by then counts as known; but insiders are those of now. `number`: of a release
    that was built and is decided again; its own cuts count then, and those before it alone.
    """
    before = store.find_round_before(session, found.id)
    if before and store.has_other_follower(session, before.id, found.id, at):
        before = None  # the change since it is told by another round already, and two of them tell those who differ
    return Plan(
        questionnaire=catalogue.get_by_hash(found.questionnaire_hash),
        contributions=contributions,
        cuts={cut: categories for cut, categories in cuts.items() if TIMES not in cut},
        two_way=tuple((one, other) for cut in cuts if TIMES in cut for one, other in (cut.split(TIMES),))
        if number is not None
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


# ---- Departments -----------------------------------------------------------------------------------------------------


def _plan_mirror(session: Session, catalogue: Catalogue, planned: Plan, now: datetime) -> MirrorPlan | None:
    """Load what departments said in the round of theirs that closed last; what was told of it before stays.

    A corrected release keeps the whole mirror of the one before it, as it keeps the commonest gaps.
    """
    framework = planned.questionnaire.framework
    if planned.earlier:
        last = planned.earlier[-1]
        wanted, departments = last.content.mirror, last.departments
    else:
        wanted, departments = _find_departments(session, catalogue, planned.questionnaire, now)
    if wanted is None:
        return None
    told = list_told_of_departments(session, wanted.round_id)
    return MirrorPlan(wanted, framework, departments, planned.insiders, told)


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


def list_told_of_departments(
    session: Session, round_id: UUID, but: UUID | None = None
) -> dict[str, CellFigures | None]:
    """Give question of departments -> what releases but one told of a round of theirs, the newest. One statement."""
    return {
        row.departments: row.departments_say
        for mirror in store.list_mirrors(session, but)
        if mirror.round_id == round_id
        for row in mirror.rows
    }


# ---- Places ----------------------------------------------------------------------------------------------------------


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
    sections = questionnaire.section_of
    targets = choose_targets(questionnaire, found.targets)
    return tuple(
        contribute(
            questionnaire,
            partnership_id,
            ballots,
            categories[partnership_id],
            targets,
            barriers=frozenset(
                f"{sections[question].enabler}/{kind}"
                for question, kind in said.get(partnership_id, ())
                if question in sections
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
