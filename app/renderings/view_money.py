"""Is it all about the money? Scores against spending per head in words, with what others have found on either side."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from app.domain.aggregate import Cut, Measure, MeasureKind
from app.domain.association import FEWEST, Verdict, find_fewest_for_none
from app.domain.money import Comparison, Refusal
from app.domain.questionnaire import Framework, Questionnaire
from app.domain.releases import CellFigures, CellKey, Content
from app.renderings.numbers import MINUS, as_digits, in_full
from app.renderings.release_words import name_category, name_measures
from app.renderings.shapes import Fact
from app.renderings.view_profile import HIGHEST
from app.renderings.view_release import DASH, NOT_SHOWN, WHY_NOT_SHOWN
from app.renderings.words import count, join
from app.renderings.working import Column, Table

VERDICT_TITLES: Final[Mapping[Verdict, str]] = {
    Verdict.SHOWN: "Association shown",
    Verdict.NONE_SHOWN: "No association shown",
    Verdict.TOO_FEW: "Too few to tell",
    Verdict.UNDEFINED: "Cannot be compared",
}
REFUSAL_WORDS: Final[Mapping[Refusal, str]] = {
    Refusal.TOO_FEW: f"Refused: it takes {FEWEST} partnerships with a score and a figure of spending per head, beside "
    "those that any one organisation or person knows.",
    Refusal.SAME_SPEND: "Cannot be compared: as much is spent for each person everywhere.",
    Refusal.WITHHELD: "Not shown: with the other figures, somebody’s own score could be worked out, or that could not "
    "be ruled out.",
}
NEVER_CAUSE: Final = (
    "This never says that one is the cause of the other. Places differ in much besides money, and more may be spent "
    "because things are hard."
)
NO_GROUPS: Final = (
    "There is no picture: there are too few partnerships with a figure of spending per head to put them into groups."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One group of spending in the picture of an enabler."""

    group: str
    mean: str
    """Such as “53”, or that it is not shown."""
    count: str
    """Such as “13 partnerships”; empty where it is not shown."""
    x: str
    """Where the dot stands across, in per cent; empty where there is none. So too those below."""
    y: str
    """From the top, in per cent."""
    x_from: str
    """Where the step of the group begins across, and ends."""
    x_to: str
    barrier: bool
    """Whether the mean stands in a band that is a barrier."""


@dataclass(frozen=True, slots=True)
class Level:
    """One band of the picture, from the top."""

    y: str
    """Where it begins, in per cent from the top."""
    height: str
    start: str
    """The score at its lower end."""
    barrier: bool


@dataclass(frozen=True, slots=True)
class EnablerMoney:
    """One enabler against spending."""

    id: str
    title: str
    verdict: str
    said: str
    """After the verdict, in a sentence; or why nothing is said."""
    detectable: str
    """What so many could not have shown; empty where nothing is said."""
    steps: tuple[Step, ...]
    statement: str
    """The picture in a sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What others have found."""

    title: str
    text: str
    source: str
    link: str


@dataclass(frozen=True, slots=True)
class MoneyView:
    """All of it in words."""

    lead: tuple[str, ...]
    never_cause: str
    facts: tuple[Fact, ...]
    levels: tuple[Level, ...]
    enablers: tuple[EnablerMoney, ...]
    table: Table
    picture_table: Table | None
    why_no_picture: str
    """Empty where there is one."""
    why_not_shown: str
    """Empty where every group is shown."""
    findings: tuple[Finding, ...]


FINDINGS: Final = (
    Finding(
        title="It is not all about the money",
        text="The National Audit Office asked this question in 2016 and answered no, by the evidence it had. The size "
        "of councils’ funding cuts did not go together with delayed discharges from hospital, nor did what was spent "
        "go with the quality of support for care leavers (£300 to £18,000 each) or for children in need (£340 to "
        "£4,950 a child).",
        source="National Audit Office, Local service reform: is it all about the money?, October 2016",
        link="https://www.nao.org.uk/naoblog/local-service-reform-money/",
    ),
    Finding(
        title="It may matter what the money is for",
        text="A later study of 374 inspections of children’s services in England, 2011 to 2019, found that each £100 "
        "more of preventative spending for a child went with 69 % higher odds of a good rating (95 % interval: 27.5 to "
        "124 %). With spending on safeguarding there was no association.",
        source="Webb, Bennett and Bywaters, Social Policy and Society, 2022",
        link="https://doi.org/10.1017/S147474642200001X",
    ),
)


def make_money_view(content: Content, questionnaire: Questionnaire) -> MoneyView:
    """Put scores against spending into words."""
    titles = name_measures(questionnaire)
    measures = [each for each in titles if each.kind is MeasureKind.ENABLER]
    framework = questionnaire.framework
    enablers = tuple(_make_enabler(content, each, titles[each], framework) for each in measures)
    groups = content.cuts.get(Cut.SPEND, ())
    hidden = any(not step.x for each in enablers for step in each.steps)
    return MoneyView(
        lead=_make_lead(enablers),
        never_cause=NEVER_CAUSE,
        facts=make_money_facts(content),
        levels=_make_levels(framework),
        enablers=enablers,
        table=_make_table(content, measures, titles),
        picture_table=_make_picture_table(enablers, groups) if groups else None,
        why_no_picture="" if groups else NO_GROUPS,
        why_not_shown=WHY_NOT_SHOWN if hidden else "",
        findings=FINDINGS,
    )


def make_money_facts(content: Content) -> tuple[Fact, ...]:
    """Say which spending is compared, and how partnerships are grouped by it."""
    money = content.money
    if money.year is None:
        return (Fact("Spending per head", "Not known of any partnership"),)
    left_out = "Nobody"
    if money.left_out is None:
        left_out = "Some partnerships, which have no figure of that year for all their areas"
    elif money.left_out:
        left_out = f"{count(money.left_out, 'partnership')} without a figure of that year for all their areas"
    facts = [
        Fact("Spending per head", f"Of {money.year}, or of the financial year that began then"),
        Fact("Left out", left_out),
    ]
    if money.borders:
        facts.append(Fact("Groups", "; ".join(_name_ranges(content))))
    return tuple(facts)


def _name_ranges(content: Content) -> list[str]:
    """Give each group with about what is spent there."""
    borders = [f"£{border:,}" for border in content.money.borders]
    spans = [
        f"under about {borders[0]}",
        *(f"about {one} to {other}" if one != other else f"about {one}" for one, other in pairwise(borders)),
        f"over about {borders[-1]}",
    ]
    names = [name_category(Cut.SPEND, each) for each in content.cuts.get(Cut.SPEND, ())]
    return [f"{name}: {span}" for name, span in zip(names, spans, strict=False)]


def _make_lead(enablers: tuple[EnablerMoney, ...]) -> tuple[str, ...]:
    lines = []
    for verdict in VERDICT_TITLES.values():
        found = [each.title for each in enablers if each.verdict == verdict and each.detectable]
        if found:
            lines.append(f"{verdict}: {join(found)}.")
    rest = [each.title for each in enablers if not each.detectable]
    if rest:
        lines.append(f"Nothing is said of {join(rest)}.")
    return tuple(lines)


def _make_enabler(content: Content, measure: Measure, title: str, framework: Framework) -> EnablerMoney:
    found = content.money.enablers.get(measure.id, Refusal.WITHHELD)
    cells = content.tables[measure].cells
    groups = content.cuts.get(Cut.SPEND, ())
    steps = tuple(
        _make_step(place, len(groups), name_category(Cut.SPEND, each), cells.get(CellKey(Cut.SPEND, each)), framework)
        for place, each in enumerate(groups)
    )
    shown = [f"{step.mean} in group {step.group}" for step in steps if step.x]
    verdict, said = _say(found)
    return EnablerMoney(
        id=measure.id,
        title=title,
        verdict=verdict,
        said=said,
        detectable=_say_detectable(found) if isinstance(found, Comparison) else "",
        steps=steps,
        statement=f"{title}, mean by spending per head: {join(shown) or 'not shown'}.",
    )


def _say(found: Comparison | Refusal) -> tuple[str, str]:
    if isinstance(found, Refusal):
        verdict, _, said = REFUSAL_WORDS[found].partition(": ")
        return verdict, said
    numbers = (
        f"Rho is {signed(found.rho)}, its 95 % interval goes from {signed(found.low)} to {signed(found.high)}, "
        f"and {count(found.count, 'partnership')} are compared."
    )
    match found.verdict:
        case Verdict.SHOWN:
            way = "higher" if found.rho > 0 else "lower"
            said = f"where more is spent for each person, scores tend to be {way}. That is not to say why."
        case Verdict.NONE_SHOWN:
            said = "scores and spending do not go together here, and any but a weak association is ruled out."
        case _:
            said = "the interval holds both no association and a notable one, so nothing is said either way."
    return VERDICT_TITLES[found.verdict], f"{said} {numbers}"


def _say_detectable(found: Comparison) -> str:
    said = (
        f"With {count(found.count, 'partnership')}, an association weaker than ±{found.detectable:.3f} would not have "
        "been found."
    )
    fewest = find_fewest_for_none()
    return said if found.count >= fewest else f"{said} To say that none is shown would take at least {fewest}."


def signed(number: float) -> str:
    """Write a correlation to two decimals, with its sign."""
    sign = "+" if number > 0 else MINUS if number < 0 else ""
    return f"{sign}{abs(number):.2f}"


def _make_step(place: int, groups: int, name: str, figures: CellFigures | None, framework: Framework) -> Step:
    if figures is None:
        return Step(name, NOT_SHOWN, "", "", "", "", "", barrier=False)
    return Step(
        group=name,
        mean=str(figures.mean),
        count=count(figures.count, "partnership"),
        x=_per_cent(place + 0.5, groups),
        y=str(100 - figures.mean),
        x_from=_per_cent(place, groups),
        x_to=_per_cent(place + 1, groups),
        barrier=framework.band_of(Fraction(figures.mean)).barrier,
    )


def _per_cent(part: float, whole: int) -> str:
    return f"{100 * part / whole:.2f}".rstrip("0").rstrip(".")


def _make_levels(framework: Framework) -> tuple[Level, ...]:
    starts = framework.band_starts.exact
    ends = [*starts[1:], HIGHEST]
    return tuple(
        Level(y=as_digits(HIGHEST - end), height=as_digits(end - start), start=in_full(start), barrier=band.barrier)
        for band, start, end in reversed(list(zip(framework.bands, starts, ends, strict=True)))
    )


def _make_table(content: Content, measures: list[Measure], titles: Mapping[Measure, str]) -> Table:
    rows = []
    for each in measures:
        found = content.money.enablers.get(each.id, Refusal.WITHHELD)
        if isinstance(found, Comparison):
            interval = f"{signed(found.low)} to {signed(found.high)}"
            numbers = (str(found.count), signed(found.rho), interval, f"±{found.detectable:.3f}")
            rows.append((titles[each], *numbers, VERDICT_TITLES[found.verdict]))
        else:
            rows.append((titles[each], *(DASH,) * 4, _say(found)[0]))
    return Table(
        caption="The same numbers as a table",
        columns=(
            Column("Enabler"),
            Column("Partnerships", numeric=True),
            Column("Rho", numeric=True),
            Column("95 % interval", numeric=True),
            Column("Weakest that could be found", numeric=True),
            Column("What is said"),
        ),
        rows=tuple(rows),
    )


def _make_picture_table(enablers: tuple[EnablerMoney, ...], groups: tuple[str, ...]) -> Table:
    return Table(
        caption="The pictures as a table: the mean of each group, and how many partnerships it has",
        columns=(
            Column("Enabler"),
            *(Column(name_category(Cut.SPEND, each), numeric=True) for each in groups),
        ),
        rows=tuple(
            (each.title, *(f"{step.mean} ({step.count.split(' ')[0]})" if step.x else NOT_SHOWN for step in each.steps))
            for each in enablers
        ),
    )
