"""What the invented organisations say stands in the way of the gaps of their last round."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from app.domain.barriers import BarrierKind, Barriers, find_asked, list_gaps
from app.domain.records import AssessmentKey
from app.domain.scoring import Scores
from app.services.demonstration.draws import draw
from app.services.demonstration.places import Organisation

SAID_SHARE: Final = 0.6
"""Share of gaps about which somebody says something."""
SECOND_SHARE: Final = 0.25
"""Share of these where it is two kinds of thing."""
LEANING: Final = 4
"""How many times likelier than the last the first kind of a partnership is: partners know the same trouble."""
COMMON: Final = (0.62, 0.36, 0.56, 0.42, 0.5)
"""In what share of partnerships each kind of an enabler stands in the way, in the order of its kinds."""


def list_barriers(
    barriers: Barriers | None,
    scores: Scores,
    key: AssessmentKey,
    names: Sequence[str],
    said_by: Organisation,
    at: datetime,
) -> Iterator[dict[str, Any]]:
    """Give the rows of one assessment that was submitted at a time; `names` are round, partnership, organisation."""
    chance = draw("barriers", *names)
    said_at = at + timedelta(days=chance.randint(1, 9))
    gaps = list_gaps(scores.questions, scores.questionnaire.targets.exact)
    for question in scores.questionnaire.questions:
        asked = find_asked(barriers, scores.questionnaire, question.id)
        if asked is None or question.id not in gaps or chance.random() > SAID_SHARE:
            continue
        said_at += timedelta(seconds=chance.randint(20, 90))
        for kind in _choose(chance, _lean(asked.kinds, names[1])):
            yield {
                "partnership_id": key.partnership_id,
                "assessment_id": key.assessment_id,
                "question_id": question.id,
                "kind": kind.id,
                "said_by": said_by.people[0].id,
                "said_at": said_at,
            }


def _lean(kinds: Sequence[BarrierKind], partnership: str) -> list[BarrierKind]:
    """Give the kinds that a partnership knows, the likeliest first: never all, as no trouble is everywhere."""
    chance = draw("leaning", partnership, kinds[0].id)
    known = [kind for kind, share in zip(kinds, COMMON, strict=False) if chance.random() < share] or [kinds[0]]
    return chance.sample(known, len(known))


def _choose(chance: Random, kinds: Sequence[BarrierKind]) -> list[BarrierKind]:
    shares = [LEANING - (LEANING - 1) * place / max(len(kinds) - 1, 1) for place in range(len(kinds))]
    chosen = chance.choices(kinds, shares, k=2 if chance.random() < SECOND_SHARE else 1)
    return list({kind.id: kind for kind in chosen}.values())
