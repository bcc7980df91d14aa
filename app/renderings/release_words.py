"""What enablers, questions, cuts and categories are called in a release: on pages, in files and in the terminal."""

from collections.abc import Mapping
from typing import Final

from app.domain.aggregate import JOINERS, STAYERS, TIMES, Cut, Measure, MeasureKind
from app.domain.areas import kind_words
from app.domain.footprints import MIXED, SEVERAL_REGIONS, SIZES
from app.domain.money import read_group
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY
from app.renderings.words import one_line

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
FIFTH_WORDS: Final = ("1, most deprived", "2", "3", "4", "5, least deprived")
CATEGORY_WORDS: Final[Mapping[str, str]] = {
    MIXED: "Several types",
    SEVERAL_REGIONS: "Several regions",
    STAYERS: "In both rounds",
    JOINERS: "New in this round",
    EVERYBODY.category: "All partnerships",
    **{size.id: size.words for size in SIZES},
}


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
