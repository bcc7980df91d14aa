"""Figures that the United Nations published, made again from their parts by the code that makes a release.

The E-Government Development Index is given to all 193 member states every two years. A state stands for a partnership,
its index for the score of an enabler: it goes from 0 to 1 and is published to four decimals, and its four groups begin
at 0.25, 0.50 and 0.75, as the bands of the framework do at 25, 50 and 75. All states were in both surveys.

By state, in copies of what the United Nations offer for download:
- 2020: https://github.com/sevenChrisK/text-mining-week1/blob/c95223650d/data/EGOV_DATA_2020.csv
- 2022: https://github.com/pluralitybook/plurality/blob/0d1e3fc3df/figs/data/egovernment/EGOV_DATA_2022.csv
- regions: https://github.com/UNU-EGOV/datasets/blob/0ca124243d/countries/countries-data.csv

Published of them:
- the world’s averages, quoted at second hand from the survey of 2022, which was not read itself:
  https://publicadministration.un.org/egovkb/en-us/Reports/UN-E-Government-Survey-2022
- how many states are in each group, and above the average: https://desres22.netornot.at/?p=4068
- averages and groups by region:
  https://www.occam.org/post/e-government-development-what-is-the-regional-context-we-are-plunged-in
  Its average of Europe in 2022, 0.8602, is not made again: the mean of the scores is 0.8305.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final
from uuid import UUID

import pytest

from app.catalogue import Catalogue
from app.disclosure.figures import publish
from app.disclosure.plan import Plan
from app.disclosure.problem import Detail, Rules
from app.disclosure.releases import build
from app.domain.aggregate import Contribution, Cut, Measure, MeasureKind, mark_stayers
from app.domain.exact import mean
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY, CellKey, LikeForLike, Table
from tests.disclosure import plans

MEASURE: Final = Measure(MeasureKind.ENABLER, "sharing-information")
RULES: Final = Rules(10)
SCORES: Final = {
    "Africa": """
        AGO 3847 3789 | BDI 3227 3204 | BEN 4039 4264 | BFA 3558 3476 | BWA 5383 5495 | CAF 1404 1407 | CIV 4457 5467
        CMR 4325 4498 | COD 2580 3057 | COG 3786 3675 | COM 2799 2778 | CPV 5604 5660 | DJI 2728 2833 | DZA 5173 5611
        EGY 5527 5895 | ERI 1292 1709 | ETH 2740 2865 | GAB 5401 5521 | GHA 5960 5824 | GIN 2592 3608 | GMB 2630 3088
        GNB 2316 2560 | GNQ 2507 2746 | KEN 5326 5589 | LBR 2605 2905 | LBY 3743 3375 | LSO 4593 4414 | MAR 5729 5915
        MDG 3095 3565 | MLI 3097 3414 | MOZ 3564 3130 | MRT 2820 3157 | MUS 7196 7201 | MWI 3480 3435 | NAM 5747 5322
        NER 1661 2406 | NGA 4406 4525 | RWA 4789 5489 | SDN 3154 2972 | SEN 4210 4479 | SLE 2931 2633 | SOM 1293 1340
        SSD 875 852 | STP 4074 4138 | SWZ 4938 4498 | SYC 6920 6793 | TCD 1557 1890 | TGO 4302 4231 | TUN 6526 6530
        TZA 4206 4169 | UGA 4499 4424 | ZAF 6891 7357 | ZMB 4242 5022 | ZWE 5019 4717
    """,
    "Americas": """
        ARG 8279 8198 | ATG 6055 6113 | BHS 7017 7277 | BLZ 4548 5005 | BOL 6129 6165 | BRA 7677 7910 | BRB 7279 7117
        CAN 8420 8511 | CHL 8259 8377 | COL 7164 7261 | CRI 7576 7659 | CUB 4439 4945 | DMA 6013 5789 | DOM 6782 6429
        ECU 7015 6889 | GRD 5812 7277 | GTM 5155 5111 | GUY 4909 5233 | HND 4486 3940 | HTI 2723 2481 | JAM 5392 5906
        KNA 6352 6775 | LCA 5444 5580 | MEX 7291 7473 | NIC 5139 5032 | PAN 6715 6956 | PER 7083 7524 | PRY 6487 6332
        SLV 5697 5519 | SUR 5154 5809 | TTO 6785 6339 | URY 8500 8388 | USA 9297 9151 | VCT 5605 5811 | VEN 5268 5053
    """,
    "Asia": """
        AFG 3203 2710 | ARE 8555 9010 | ARM 7136 7364 | AZE 7100 6937 | BGD 5189 5630 | BHR 8213 7707 | BRN 7389 7270
        BTN 5777 5521 | CHN 7948 8119 | CYP 8731 8660 | GEO 7174 7501 | IDN 6612 7160 | IND 5964 5883 | IRN 6593 6433
        IRQ 4360 4383 | ISR 8361 8885 | JOR 5309 6081 | JPN 8989 9002 | KAZ 8375 8628 | KGZ 6749 6977 | KHM 5113 5056
        KOR 9560 9529 | KWT 7913 7484 | LAO 3288 3764 | LBN 4955 5273 | LKA 6708 6285 | MDV 5740 5885 | MMR 4316 4994
        MNG 6497 7209 | MYS 7892 7740 | NPL 4699 5117 | OMN 7749 7834 | PAK 4183 4238 | PHL 6892 6523 | PRK 2235 2859
        QAT 7173 7149 | SAU 7991 8539 | SGP 9150 9133 | SYR 4763 3872 | THA 7565 7660 | TJK 4649 5039 | TKM 4034 4808
        TLS 4649 4372 | TUR 7718 7983 | UZB 6665 7265 | VNM 6667 6787 | YEM 3045 2899
    """,
    "Europe": """
        ALB 7399 7413 | AND 6881 7177 | AUT 8914 8801 | BEL 8047 8269 | BGR 7980 7766 | BIH 6372 6256 | BLR 8084 7580
        CHE 8907 8752 | CZE 8135 8088 | DEU 8524 8770 | DNK 9758 9717 | ESP 8801 8842 | EST 9473 9393 | FIN 9452 9533
        FRA 8718 8832 | GBR 9358 9138 | GRC 8021 8455 | HRV 7745 8106 | HUN 7745 7827 | IRL 8433 8567 | ISL 9101 9410
        ITA 8231 8375 | LIE 8359 8685 | LTU 8665 8745 | LUX 8272 8675 | LVA 7798 8599 | MCO 7177 7228 | MDA 6881 7251
        MKD 7083 7000 | MLT 8547 8943 | MNE 7006 7260 | NLD 9228 9384 | NOR 9064 8879 | POL 8531 8437 | PRT 8255 8273
        ROU 7605 7619 | RUS 8244 8162 | SMR 6175 6454 | SRB 7474 8237 | SVK 7817 8008 | SVN 8546 8781 | SWE 9365 9410
        UKR 7119 8029
    """,
    "Oceania": """
        AUS 9432 9405 | FJI 6585 6235 | FSM 3779 3550 | KIR 4320 4334 | MHL 4055 3714 | NRU 4150 4548 | NZL 9339 9432
        PLW 5109 5018 | PNG 2827 3230 | SLB 3442 3530 | TON 5616 5155 | TUV 4209 3788 | VUT 4403 4988 | WSM 4219 4207
    """,
}
"""Region -> its states, each with its index of 2020 and of 2022 in ten-thousandths."""
VERY_HIGH, HIGH, MIDDLE, LOW = "in-place", "partly-in-place", "emerging", "not-in-place"
"""The bands that the groups of the index stand for."""


def read(year: int, region: str | None = None) -> Iterator[tuple[str, str, int]]:
    """Give each state, its region and its index of a year, in ten-thousandths."""
    for name, lines in SCORES.items():
        for entry in lines.replace("\n", "|").split("|"):
            if entry.strip() and region in (None, name):
                state, *indices = entry.split()
                yield state, name, int(indices[year == 2022])


def list_indices(year: int, region: str | None = None) -> list[Fraction]:
    return [Fraction(index) for _, _, index in read(year, region)]


def contribute(questionnaire: Questionnaire, year: int, region: str | None = None) -> tuple[Contribution, ...]:
    """Give the states as partnerships, their indices in points."""
    found = []
    for state, name, index in read(year, region):
        score = Fraction(index, 100)
        found.append(
            Contribution(
                partnership_id=UUID(bytes=state.rjust(16).encode()),
                categories={Cut.REGION: name},
                scores={MEASURE: score},
                bands={MEASURE: questionnaire.framework.band_of(score).id},
            )
        )
    return tuple(found)


def plan(questionnaire: Questionnaire, contributions: tuple[Contribution, ...]) -> Plan:
    insiders = tuple(frozenset([each.partnership_id]) for each in contributions)
    return Plan(questionnaire, contributions, {Cut.REGION: tuple(SCORES)}, (), insiders, RULES)


def release(questionnaire: Questionnaire, then: tuple[Contribution, ...], now: tuple[Contribution, ...]) -> Table:
    """Give what a release tells of the second round, once one of the first has been read."""
    first = plan(questionnaire, then)
    second = replace(
        plan(questionnaire, mark_stayers(now, then)),
        before=(plans.publish(first, build(first)),),
        before_questionnaire=questionnaire,
    )
    return build(second).content.tables[MEASURE]


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


@pytest.mark.parametrize(
    ("year", "region", "count", "average"),
    [
        (2020, None, 193, "0.5988"),
        (2022, None, 193, "0.6102"),
        (2020, "Asia", 47, "0.6373"),
        (2022, "Asia", 47, "0.6493"),
        (2022, "Americas", 35, "0.6438"),
        (2022, "Oceania", 14, "0.5081"),
    ],
)
def test_averages_are_those_published(
    questionnaire: Questionnaire, year: int, region: str | None, count: int, average: str
) -> None:
    """To all four decimals by the arithmetic, and to whole points in a release."""
    indices = list_indices(year, region)
    figures = publish(indices, [""] * len(indices), Detail.MEAN, RULES)
    assert figures is not None
    assert (figures.count, Fraction(figures.mean, 10_000)) == (count, Fraction(average))
    content = build(plan(questionnaire, contribute(questionnaire, year))).content
    cell = content.tables[MEASURE].cells[CellKey(Cut.REGION, region) if region else EVERYBODY]
    assert (cell.count, cell.mean) == (count, round(100 * Fraction(average)))


def test_as_many_are_in_each_group_as_published(questionnaire: Questionnaire) -> None:
    now, then = contribute(questionnaire, 2022), contribute(questionnaire, 2020)
    cells = release(questionnaire, then, now).cells
    assert cells[EVERYBODY].bands == {VERY_HIGH: 60, HIGH: 73, MIDDLE: 53, LOW: 7}
    europe = cells[CellKey(Cut.REGION, "Europe")]
    assert europe.bands is not None
    assert (europe.count, europe.bands[VERY_HIGH]) == (43, 35)
    before = build(plan(questionnaire, then)).content.tables[MEASURE].cells[EVERYBODY].bands
    assert before is not None
    assert (before[VERY_HIGH], before[LOW]) == (57, 8)
    average = mean(list_indices(2022))
    assert sum(index > average for index in list_indices(2022)) == 99


@pytest.mark.parametrize(
    ("region", "group", "percent"), [("Europe", VERY_HIGH, 81), ("Asia", HIGH, 47), ("Americas", HIGH, 69)]
)
def test_shares_of_groups_by_region_are_those_published(
    questionnaire: Questionnaire, region: str, group: str, percent: int
) -> None:
    content = build(plan(questionnaire, contribute(questionnaire, 2022))).content
    cell = content.tables[MEASURE].cells[CellKey(Cut.REGION, region)]
    assert cell.bands is not None
    assert round(Fraction(100 * cell.bands[group], cell.count)) == percent


@pytest.mark.parametrize(("region", "before", "after"), [(None, "0.5988", "0.6102"), ("Asia", "0.6373", "0.6493")])
def test_the_change_of_those_in_both_rounds_is_the_published_one(
    questionnaire: Questionnaire, region: str | None, before: str, after: str
) -> None:
    then, now = contribute(questionnaire, 2020, region), contribute(questionnaire, 2022, region)
    published = Fraction(after) - Fraction(before)
    assert release(questionnaire, then, now).change == LikeForLike(
        count=len(now),
        before=round(100 * Fraction(before)),
        after=round(100 * Fraction(after)),
        change=round(100 * published),
    )
    assert round(mean(list_indices(2022, region)) - mean(list_indices(2020, region))) == 10_000 * published


def test_the_published_change_of_asia_is_told_whoever_else_joins_or_leaves(questionnaire: Questionnaire) -> None:
    """Its 47 states alone were in both rounds; the 146 others in the second alone, then in the first alone."""
    asia = LikeForLike(count=47, before=64, after=65, change=1)
    joined = release(questionnaire, contribute(questionnaire, 2020, "Asia"), contribute(questionnaire, 2022))
    assert joined.change == asia
    assert (joined.cells[EVERYBODY].count, joined.cells[EVERYBODY].mean) == (193, 61)
    left = release(questionnaire, contribute(questionnaire, 2020), contribute(questionnaire, 2022, "Asia")).change
    assert left is not None
    assert replace(left, leavers=None) == asia
    assert left.leavers is not None
    assert left.leavers[0] == 146
