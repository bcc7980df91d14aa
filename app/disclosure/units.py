"""A score with the band it stands in, as something to be protected; and partnerships that are only counted."""

from collections.abc import Hashable, Iterable
from fractions import Fraction

from app.disclosure.problem import HIGHEST, Problem, Rules, Unit
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
        highest=Fraction(HIGHEST) if is_capped or is_last else Fraction(framework.bands[place + 1].start),
        least=target if target is not None and score >= target else Fraction(0),
        most=target if target is not None and score < target else Fraction(HIGHEST),
    )


def make_counting(rules: Rules, partnerships: Iterable[Hashable], insiders: tuple[frozenset[Hashable], ...]) -> Problem:
    """Make a problem without scores or cells: for counting whom even the insider who knows most does not know."""
    units = tuple(Unit(each, Fraction(0), "", Fraction(0), Fraction(HIGHEST)) for each in partnerships)
    return Problem(rules, units, (), (), insiders)
