"""What enablers, questions, cuts and categories are called in a release: on pages, in files and in the terminal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.aggregate import JOINERS, STAYERS, TIMES, Cut, Measure, MeasureKind
from app.domain.areas import kind_words
from app.domain.footprints import MIXED, SEVERAL_REGIONS, SIZES
from app.domain.money import read_group
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY, TakenBack
from app.domain.times import date_words
from app.renderings.words import one_line, sentence

CUT_WORDS: Final[Mapping[str, str]] = {
    EVERYBODY.cut: "All partnerships",
    Cut.AREA_TYPE: "Type of area",
    Cut.REGION: "Region",
    Cut.SIZE: "Size",
    Cut.DEPRIVATION: "Deprivation",
    Cut.PEERS: "Places most alike",
    Cut.STANDING: "Took part before",
    Cut.SPEND: "Spending per head",
}
REASON_WORDS: Final[Mapping[str, str]] = {
    "too-few": "Too few partnerships, or too few for quartiles",
    "would-tell-another": "With it, what is left of another group could be worked out",
    "one-band": "One band would hold every partnership",
    "could-be-worked-out": "The sum of three partnerships or fewer could be worked out",
    "could-be-narrowed": "It could not be shown that no score is narrowed to less than ten points",
    "with-its-enabler": "The same cell of its enabler is withheld",
    "with-a-sister": "With it, the same cell of another question could be worked out",
    "too-few-changed": "Too few have changed since the release before",
}
"""Why a cell is withheld or told in part, by the code of its reason in the audit."""
FIFTH_WORDS: Final = ("1, most deprived", "2", "3", "4", "5, least deprived")
CATEGORY_WORDS: Final[Mapping[str, str]] = {
    MIXED: "Several types",
    SEVERAL_REGIONS: "Several regions",
    STAYERS: "In both rounds",
    JOINERS: "New in this round",
    EVERYBODY.category: "All partnerships",
    **{size.id: size.words for size in SIZES},
}


def say_taken_back(taken_back: TakenBack | None, published_at: datetime) -> str:
    """Say of a release, published at this time, that a later one was withdrawn; nothing where none was."""
    if taken_back is None:
        return ""
    return (
        f"A later release of this round, published on {date_words(taken_back.published_at)}, was withdrawn on "
        f"{date_words(taken_back.withdrawn_at)}: {sentence(one_line(taken_back.reason))} Here is the one before it, of "
        f"{date_words(published_at)}, which stands until a corrected one is published."
    )


def say_release_stays(published_at: datetime | None) -> str:
    """Say to who changes what a release was made of that it stays as it is; nothing where none is published."""
    if published_at is None:
        return ""
    return (
        f"What all partnerships of this round say together was published on {date_words(published_at)}. That release "
        "stays as it is, whatever is changed now, until central administrators build and approve a corrected one."
    )


def name_measures(questionnaire: Questionnaire) -> dict[Measure, str]:
    """Give the words of each enabler and question."""
    titles = {Measure(MeasureKind.ENABLER, each.id): one_line(each.title) for each in questionnaire.framework.enablers}
    return titles | {Measure(MeasureKind.QUESTION, each.id): one_line(each.text) for each in questionnaire.questions}


def name_category(cut: str, category: str) -> str:
    """Give the words of a category; of a cut in two ways, those of both."""
    if TIMES in cut:
        parts = zip(cut.split(TIMES), category.split(TIMES), strict=True)
        return ", ".join(name_category(one, other) for one, other in parts)
    if cut == Cut.AREA_TYPE and category != MIXED:
        return kind_words(category)
    if cut == Cut.DEPRIVATION:
        return FIFTH_WORDS[int(category) - 1]
    if cut == Cut.PEERS:
        return f"Peer group {category}"
    if cut == Cut.SPEND:
        return name_group(*read_group(category))
    return CATEGORY_WORDS.get(category) or one_line(category)


def name_group(place: int, groups: int) -> str:
    """Give the words of a group of spending per head."""
    return {1: "1, least spent", groups: f"{groups}, most spent"}.get(place, str(place))


def name_cut(cut: str) -> str:
    """Give the words of a cut, in one way or in two."""
    first, *others = [CUT_WORDS.get(part, part) for part in cut.split(TIMES)]
    return " and ".join((first, *(other.lower() for other in others)))
