"""A score with the band it stands in, as something to be protected."""

from collections.abc import Hashable
from fractions import Fraction

from app.disclosure.problem import Unit
from app.domain.questionnaire import Framework


def make_unit(framework: Framework, whose: Hashable, score: Fraction, band: str) -> Unit:
    """Give a score with the bounds that its band tells."""
    place = framework.band_positions[band]
    is_capped = framework.band_of(score).id != band  # a critical question holds it there, so that it says less
    is_last = place + 1 == len(framework.bands)
    return Unit(
        partnership=whose,
        score=score,
        band=band,
        lowest=Fraction(framework.bands[place].start),
        highest=Fraction(100) if is_capped or is_last else Fraction(framework.bands[place + 1].start),
    )
