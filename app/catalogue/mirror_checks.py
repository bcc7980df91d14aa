"""What the pairs of a mirror say of their framework and of the questionnaires beside them, checked on the tree."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from app.catalogue.faults import shown, suggest
from app.catalogue.references import check_known, check_unique
from app.catalogue.tree import Spot
from app.domain.questionnaire import Audience

SIDES: Final = {"local": Audience.LOCAL_PARTNER, "departments": Audience.DEPARTMENT}
"""Side of a pair -> whom its questionnaire asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the versions of a questionnaire ask, all together, and whom."""

    audiences: Collection[str]
    questions: Collection[str]


def check_mirror(root: Spot, questionnaires: Mapping[str, Asked]) -> None:
    """Add every fault of reference, every side that asks the wrong people, and every pair that stands twice.

    Where no questionnaire is known, as one of them cannot be read, nothing is held against the pairs.
    """
    pairs = list(root.mappings("pairs"))
    check_unique(pairs, "pairs")
    first: dict[tuple[str | None, ...], int] = {}
    for pair in pairs:
        for name, audience in SIDES.items():
            side = pair.mapping(name)
            if side is not None:
                _check_side(side, audience, questionnaires)
        _check_once(pair, first)


def _check_side(side: Spot, audience: Audience, questionnaires: Mapping[str, Asked]) -> None:
    check_known(side, "questionnaire", questionnaires, "questionnaire of the framework")
    questionnaire_id = side.word("questionnaire")
    asked = questionnaires.get(questionnaire_id or "")
    if asked is None:
        return
    if asked.audiences and audience not in asked.audiences:
        words = f"{shown(questionnaire_id)} does not ask {shown(audience.value)}; name a questionnaire that does"
        side.fault("questionnaire", words)
        return
    question = side.word("question")
    if question is not None and question not in asked.questions and not side.faults.full:
        words = f"{shown(question)} is no question of {shown(questionnaire_id)} in any version"
        side.fault("question", f"{words}; {suggest(question, asked.questions)}")


def _check_once(pair: Spot, first: dict[tuple[str | None, ...], int]) -> None:
    sides = [pair.mapping(name) for name in SIDES]
    names = tuple(None if side is None else side.word(key) for side in sides for key in ("questionnaire", "question"))
    if None in names:
        return
    if names in first:
        pair.fault("local", f"and “departments” are the pair of line {first[names]} already; take one away")
    first.setdefault(names, pair.node.place_of("local")[0])
