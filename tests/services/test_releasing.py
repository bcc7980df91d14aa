"""Releases: what they are made of, when they are built, read and withdrawn, and what they never tell."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from statistics import quantiles
from uuid import UUID

import pytest
from scipy.stats import spearmanr
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.disclosure.releases import tell_money
from app.domain.access import Actor, Grant, Role
from app.domain.aggregate import JOINERS, Contribution, Cut, Measure, MeasureKind
from app.domain.errors import AnswerError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.money import Comparison, compare
from app.domain.partnership_report import PartnershipReport
from app.domain.peers import find_least
from app.domain.releases import EVERYBODY, CellKey
from app.services import Database, releasing
from app.services.demonstration.calendar import plan_rounds
from app.services.releasing.loading import load_plan
from app.store import releases as store
from app.store import together
from app.store.models import AreaNeighbour, FrozenQuestionScore, IndicatorValue, Release, Round
from tests.centre import AFTER, NOW, Centre, make_centre
from tests.statements import counted_statements


@pytest.fixture
def centre(database: Database, questionnaires: Catalogue) -> Centre:
    return make_centre(database, questionnaires)


def members(contributions: tuple[Contribution, ...], measure: Measure, key: CellKey) -> list[Contribution]:
    def is_in(each: Contribution) -> bool:
        if key.cut == Cut.STANDING:
            return each.stayed is None if key.category == JOINERS else measure in (each.stayed or ())
        return key == EVERYBODY or each.categories.get(key.cut) == key.category

    return [each for each in contributions if measure in each.scores and is_in(each)]


def half_up(number: Fraction, step: int = 1) -> int:
    return int((number / step + Fraction(1, 2)) // 1) * step


def test_what_is_published_is_what_the_partnerships_own_reports_add_up_to(centre: Centre) -> None:
    contributions = centre.load(centre.closed)
    with centre.database.reading() as session:
        for each in contributions:
            (place,) = (
                one for one in together.list_rounds(session, each.partnership_id) if one.round_id == centre.closed
            )
            report = PartnershipReport(place, centre.questionnaires.get_by_hash(place.questionnaire_hash)).individual
            own = {enabler.enabler.id: enabler.score for enabler in report.scores.enablers}
            own |= {question.question.id: question.score for question in report.scores.questions}
            assert {measure.id: score for measure, score in each.scores.items()} == {
                name: score for name, score in own.items() if score is not None
            }
            assert each.gaps == {gap.question.id for gap in report.gaps}
    content = centre.read(centre.closed)
    cells = 0
    for measure, table in content.tables.items():
        for key, shown in table.cells.items():
            cells += 1
            found = members(contributions, measure, key)
            scores = [each.scores[measure] for each in found]
            assert shown.count == len(scores) >= 10
            assert shown.mean == half_up(sum(scores, Fraction(0)) / len(scores))
            for number, exact in zip(shown.quartiles, quantiles(scores, method="inclusive"), strict=True):
                assert number in {None, half_up(exact, 5)}
            if shown.bands is not None:
                assert shown.bands == Counter(each.bands[measure] for each in found)
                assert max(shown.bands.values()) < shown.count
            if shown.count < 20:
                assert shown.quartiles == (None, None, None)
    assert cells > 100
    assert content.reach is not None
    assert content.reach.partnerships == len(contributions) == 40
    assert content.gaps
    for item in content.gaps:
        assert item.count == sum(item.id in each.gaps for each in contributions)
        assert 10 <= item.count <= 30


def test_every_partnership_is_in_one_group_of_places_most_alike_and_questions_are_not_told_by_them(
    centre: Centre,
) -> None:
    content = centre.read(centre.closed)
    contributions = centre.load(centre.closed)
    groups = Counter(each.categories[Cut.PEERS] for each in contributions)
    assert tuple(sorted(groups)) == content.cuts[Cut.PEERS]
    assert sum(groups.values()) == len(contributions)
    assert min(groups.values()) >= find_least(content.threshold) == 15
    shown = {
        measure.kind for measure, table in content.tables.items() if any(key.cut == Cut.PEERS for key in table.cells)
    }
    assert shown == {MeasureKind.ENABLER}


@pytest.mark.parametrize("which", ["no neighbours", "too few for two groups"])
def test_without_two_groups_there_is_no_cut_by_places_most_alike(centre: Centre, which: str) -> None:
    with centre.database.writing() as session:
        if which == "no neighbours":
            session.execute(delete(AreaNeighbour))
            session.execute(update(Round).values(withholding_threshold=20))
        else:
            session.execute(update(Round).values(withholding_threshold=14))
    assert not any(Cut.PEERS in each.categories for each in centre.load(centre.closed))


def test_scores_are_compared_with_spending_that_was_summed_before_it_was_divided(centre: Centre) -> None:
    """Against the figures as they are stored, and somebody else's Spearman."""
    contributions, content = centre.load(centre.closed), centre.read(centre.closed)
    with centre.database.reading() as session:
        footprints = store.list_footprints(session, centre.closed)
        rows = session.execute(select(IndicatorValue.indicator, IndicatorValue.area_code, IndicatorValue.value))
        figures = {(indicator, code): Fraction(value) for indicator, code, value in rows}
    for each in contributions:
        pounds, people = (
            sum(figures[indicator, code] for code in footprints[each.partnership_id])
            for indicator in ("spend", "population")
        )
        assert each.spend == Fraction(pounds, 1) / people
    groups = content.cuts["spend"]
    assert groups == ("1-of-3", "2-of-3", "3-of-3")
    spends = [[each.spend for each in contributions if each.categories["spend"] == group] for group in groups]
    assert [len(each) for each in spends] == [13, 13, 14]
    for place, border in enumerate(content.money.borders):
        assert max(filter(None, spends[place])) - 25 <= border <= min(filter(None, spends[place + 1])) + 25
        assert border % 50 == 0
    assert (content.money.left_out, content.money.year) == (0, 2024)
    compared = {enabler: told for enabler, told in content.money.enablers.items() if isinstance(told, Comparison)}
    assert len(compared) >= 2  # of the others a proof was not found, so that they are withheld
    for enabler, told in compared.items():
        found = [each for each in contributions if Measure.parse(f"enabler:{enabler}") in each.scores]
        scores = [float(each.scores[Measure.parse(f"enabler:{enabler}")]) for each in found]
        rho = spearmanr(scores, [float(each.spend or 0) for each in found]).statistic
        assert told.count == len(found)
        assert abs(told.rho - rho) <= 0.005 + 1e-9
        assert told == compare(told.count, round(100 * told.rho))


def test_areas_with_figures_of_different_years_leave_their_partnership_out(centre: Centre) -> None:
    with centre.database.writing() as session:
        several = next(codes for codes in store.list_footprints(session, centre.closed).values() if len(codes) > 1)
        for row in session.scalars(
            select(IndicatorValue).where(IndicatorValue.area_code == several[0], IndicatorValue.indicator == "spend")
        ):
            row.year -= 1
        touched = {each for each, codes in store.list_footprints(session, centre.closed).items() if several[0] in codes}
        session.execute(delete(Release))
    with centre.database.reading() as session:
        found = store.find_round(session, centre.closed)
        assert found is not None
        planned = load_plan(session, centre.questionnaires, found, NOW)
    assert {each.partnership_id for each in planned.contributions if each.spend is None} == touched
    assert {each.partnership_id for each in planned.contributions if "spend" not in each.categories} == touched
    assert 0 < len(touched) < 10
    assert tell_money(planned, {}, {}).left_out is None
    half = tuple(replace(each, spend=None) if place % 2 else each for place, each in enumerate(planned.contributions))
    assert tell_money(replace(planned, contributions=half), {}, {}).left_out == sum(each.spend is None for each in half)


def test_a_release_is_read_from_its_date_until_it_is_withdrawn(centre: Centre) -> None:
    database, administrator = centre.database, centre.administrator
    with pytest.raises(NotAllowedNowError, match="closed"):
        centre.build(centre.opened)
    with pytest.raises(NotAllowedNowError, match="when the round is released"):
        centre.build(centre.opened, AFTER)
    date = AFTER + timedelta(days=7)
    with pytest.raises(AnswerError, match="after the round closes"):
        releasing.plan(database, administrator, centre.opened, NOW, [], NOW)
    with pytest.raises(AnswerError, match="not the same"):
        releasing.plan(database, administrator, centre.opened, date, [("region", "region")], NOW)
    releasing.plan(database, administrator, centre.opened, date, [("area-type", "region")], NOW)
    first = centre.build(centre.opened, AFTER)
    release_id = centre.build(centre.opened, AFTER)
    with pytest.raises(NotFoundError):  # a draft is replaced
        releasing.get_audited(database, centre.questionnaires, administrator, first)
    assert releasing.list_published(database, centre.analyst, date)[0].round_id == centre.closed
    with pytest.raises(NotFoundError):
        centre.read(centre.opened, date)
    with pytest.raises(NotAllowedNowError, match="approved"):
        releasing.withdraw(database, administrator, release_id, "Wrong", AFTER)
    releasing.approve(database, centre.questionnaires, administrator, release_id, AFTER)
    with pytest.raises(NotAllowedNowError, match="already"):
        releasing.approve(database, centre.questionnaires, administrator, release_id, AFTER)
    with pytest.raises(NotAllowedNowError, match="waits for its date"):
        centre.build(centre.opened, AFTER)
    with pytest.raises(NotFoundError):
        centre.read(centre.opened, date - timedelta(seconds=1))
    assert "area-type×region" in centre.read(centre.opened, date).cuts
    with pytest.raises(AnswerError, match="why"):
        releasing.withdraw(database, administrator, release_id, "  ", date)
    releasing.withdraw(database, administrator, release_id, "A file was wrong", date)
    with pytest.raises(NotFoundError):
        centre.read(centre.opened, date)
    with pytest.raises(NotAllowedNowError, match="withdrawn"):
        releasing.approve(database, centre.questionnaires, administrator, release_id, date)
    found = releasing.get_round(database, administrator, centre.opened).releases
    assert [(each.number, each.publishes_at, each.withdrawn_reason) for each in found] == [
        (1, date, "A file was wrong")
    ]


def test_only_what_was_signed_off_counts_where_the_round_asks_for_it(centre: Centre) -> None:
    with centre.database.writing() as session:
        session.execute(update(Round).where(Round.id == centre.opened).values(sign_off="nobody"))
    submitted = centre.load(centre.opened, AFTER)
    with centre.database.writing() as session:
        session.execute(update(Round).where(Round.id == centre.opened).values(sign_off="certifier"))
    signed_off = centre.load(centre.opened, AFTER)
    assert 0 < len(signed_off) < len(submitted)


def change_one(centre: Centre, partnership_id: UUID, question: str) -> None:
    """Let a partnership have answered a question otherwise, as a correction does."""
    with centre.database.writing() as session:
        session.execute(
            update(FrozenQuestionScore)
            .where(FrozenQuestionScore.partnership_id == partnership_id, FrozenQuestionScore.question_id == question)
            .values(score="0", score_to_sort=0.0, state="scored")
        )


def test_a_corrected_release_tells_nobody_apart_from_the_one_before(centre: Centre) -> None:
    """One partnership has changed: every figure it has a part in stays as it was, or the difference would be it."""
    before = centre.read(centre.closed)
    measure = next(each for each in before.tables if each.id == "shared-picture")
    contributions = centre.load(centre.closed)
    changed = max((each for each in contributions if measure in each.scores), key=lambda each: each.scores[measure])
    change_one(centre, changed.partnership_id, "shared-picture")
    now = centre.load(centre.closed)
    assert next(each for each in now if each.partnership_id == changed.partnership_id).scores[measure] == 0
    with centre.database.reading() as session:
        (found,) = store.list_releases(session, centre.closed)
    releasing.withdraw(centre.database, centre.administrator, found.id, "Corrected", NOW)
    release_id = centre.build(centre.closed)
    releasing.approve(centre.database, centre.questionnaires, centre.administrator, release_id, NOW)
    listed = releasing.get_round(centre.database, centre.administrator, centre.closed).releases
    assert [each.publishes_at for each in listed if each.id == release_id] == [NOW]  # its date had passed
    after = centre.read(centre.closed)
    assert {measure: table.cells for measure, table in after.tables.items()} == {
        measure: table.cells for measure, table in before.tables.items()
    }
    assert (after.gaps, after.barriers, after.asks) == (before.gaps, before.barriers, before.asks)
    assert after.money == before.money


def test_change_is_of_the_same_partnerships_and_each_number_is_rounded_by_itself(centre: Centre) -> None:
    releasing.plan(centre.database, centre.administrator, centre.opened, AFTER, [], NOW)
    with centre.database.writing() as session:
        session.execute(update(Round).where(Round.id == centre.opened).values(sign_off="nobody"))
    then = {each.partnership_id: each for each in centre.load(centre.closed)}
    now = {each.partnership_id: each for each in centre.load(centre.opened, AFTER)}
    release_id = centre.build(centre.opened, AFTER)
    content = releasing.get_audited(centre.database, centre.questionnaires, centre.administrator, release_id).content
    shown = 0
    for measure, table in content.tables.items():
        if table.change is None:
            continue
        shown += 1
        both = [each for each in now if each in then and measure in now[each].scores and measure in then[each].scores]
        before, after = (
            sum((found[each].scores[measure] for each in both), Fraction(0)) / len(both) for found in (then, now)
        )
        change = after - before
        assert table.change.count == len(both) >= 10
        assert (table.change.before, table.change.after) == (half_up(before), half_up(after))
        assert table.change.change == (half_up(change) if change >= 0 else -half_up(-change))
    assert shown >= 8  # what the round before told of its own change is known as well
    assert content.before == plan_rounds(NOW)[0].title


@pytest.mark.parametrize("threshold", [100_000, 5_000])
def test_a_threshold_that_is_none_refuses(centre: Centre, threshold: int) -> None:
    with centre.database.writing() as session:
        session.execute(update(Round).where(Round.id == centre.closed).values(withholding_threshold=threshold))
    with pytest.raises(NotAllowedNowError, match="threshold"):
        centre.build(centre.closed)
    with centre.database.reading() as session:
        assert len(store.list_releases(session, centre.closed)) == 1


def test_roles_do_what_the_table_says(centre: Centre) -> None:
    with centre.database.reading() as session:
        (found,) = store.list_releases(session, centre.closed)
    partner = Actor(centre.analyst.person_id, "Partner", frozenset({Grant(Role.COORDINATOR, partnership_id=found.id)}))
    assert releasing.list_published(centre.database, centre.administrator, NOW)
    with pytest.raises(NotAllowedError):
        releasing.list_published(centre.database, partner, NOW)
    for actor in (centre.analyst, partner):
        with pytest.raises(NotAllowedError):
            releasing.get_audited(centre.database, centre.questionnaires, actor, found.id)
        with pytest.raises(NotAllowedError):
            releasing.build_release(centre.database, centre.questionnaires, actor, centre.closed, NOW)
        with pytest.raises(NotAllowedError):
            releasing.withdraw(centre.database, actor, found.id, "No", NOW)


def test_a_release_is_read_in_one_statement(centre: Centre) -> None:
    with counted_statements(centre.database) as statements:
        centre.read(centre.closed)
    assert len(statements) == 1


def test_an_audit_finds_what_was_put_in_afterwards(centre: Centre) -> None:
    with centre.database.reading() as session:
        (found,) = store.list_releases(session, centre.closed)
    assert releasing.audit_again(centre.database, centre.questionnaires, found.id).faults == ()
    with centre.database.writing() as session:
        release = session.scalars(select(Release).where(Release.id == found.id)).one()
        content = json.loads(release.content)
        cells = content["tables"]["enabler:securing-funding"]["cells"]
        cells["size|under-150k"] = {"count": 5, "mean": 31, "quartiles": [None, None, None], "bands": None}
        content["money"]["enablers"]["trusting-relationships"]["rho"] = 0.99
        release.content = json.dumps(content)
    faults = releasing.audit_again(centre.database, centre.questionnaires, found.id).faults
    assert faults == (
        "enabler:securing-funding, size|under-150k: is shown, and could be taken apart",
        "enabler:trusting-relationships, score against spending: is shown, and could be taken apart",
    )
    with centre.database.writing() as session:
        session.execute(update(Release).values(approved_at=None))
    with pytest.raises(NotAllowedNowError, match="taken apart"):
        releasing.approve(centre.database, centre.questionnaires, centre.administrator, found.id, NOW)
    with pytest.raises(NotFoundError):
        releasing.audit_again(centre.database, centre.questionnaires, centre.closed)


def test_most_one_way_cells_are_shown_with_places_most_alike_and_spending_among_the_cuts(centre: Centre) -> None:
    """Of the cells that hold the threshold, nobody of them known to whom it is their own, at least six in ten."""
    content = centre.read(centre.closed)
    assert {Cut.PEERS, Cut.SPEND} <= content.cuts.keys()
    contributions = centre.load(centre.closed)
    for measure, table in content.tables.items():
        if measure.kind is MeasureKind.ENABLER:
            counted = Counter(
                CellKey(cut, category)
                for each in contributions
                if measure in each.scores
                for cut, category in each.categories.items()
            )
            over = {key for key, partnerships in counted.items() if partnerships > content.threshold}
            assert len(over & table.cells.keys()) >= 0.6 * len(over)
            assert any(key.cut == Cut.AREA_TYPE for key in table.cells)


def test_what_was_approved_and_waits_for_its_date_counts_as_known(centre: Centre) -> None:
    """The round after tells the change since: the one before is not told anew, and no third round tells it as well."""
    later = AFTER + timedelta(days=30)
    releasing.plan(centre.database, centre.administrator, centre.opened, later, [], NOW)
    with centre.database.writing() as session:
        session.execute(update(Round).where(Round.id == centre.opened).values(sign_off="nobody"))
    waiting = centre.build(centre.opened, AFTER)
    with centre.database.reading() as session:
        assert not store.list_past(session, centre.opened, AFTER)
        assert not store.is_followed(session, centre.closed, AFTER)
    releasing.approve(centre.database, centre.questionnaires, centre.administrator, waiting, AFTER)
    with centre.database.reading() as session:
        assert len(store.list_past(session, centre.opened, AFTER)) == 1
        assert store.is_followed(session, centre.closed, AFTER)
        assert store.has_other_follower(session, centre.closed, centre.closed, AFTER)
        assert not store.has_other_follower(session, centre.closed, centre.opened, AFTER)
