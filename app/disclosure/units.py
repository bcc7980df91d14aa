"""A score with the band it stands in, as something to be protected."""

from collections.abc import Hashable
from fractions import Fraction

from app.disclosure.problem import Unit
from app.domain.questionnaire import Framework


def make_unit(
    framework: Framework, whose: Hashable, score: Fraction, band: str, target: Fraction | None = None
) -> Unit:
    """Give a score with the bounds that its band tells, and those of a target where it is told how many are below."""
    place = framework.band_positions[band]
    is_capped = framework.band_of(score).id != band  # a critical question holds it there, so that it says less
    is_last = place + 1 == len(framework.bands)
    return Unit(
        partnership=whose,
        score=score,
        band=band,
        lowest=Fraction(framework.bands[place].start),
        highest=Fraction(100) if is_capped or is_last else Fraction(framework.bands[place + 1].start),
        least=target if target is not None and score >= target else Fraction(0),
        most=target if target is not None and score < target else Fraction(100),
    )
