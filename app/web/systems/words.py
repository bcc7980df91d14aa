"""What other systems may do, in plain words."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from app.domain.api_access import LEAST_NARROWED, ScopeName
from app.services.other_systems import Held


class Deed(NamedTuple):
    """A scope as people read it."""

    text: str
    hint: str


WORDS: Final[Mapping[ScopeName, Deed]] = {
    ScopeName.RESULTS_READ: Deed(
        "Read submitted results",
        "Scores and levels by organisation, and what partners agreed and plan, as far as you may have them. No notes, "
        "reasons, links, files or names of people.",
    ),
    ScopeName.ASSESSMENTS_WRITE: Deed(
        "Start assessments, answer them and submit them", "In your name, as far as you may do it yourself."
    ),
    ScopeName.RELEASES_READ: Deed("Read releases", "What all partnerships of a round said together."),
    ScopeName.ADMIN_WRITE: Deed(
        "Set up the service", "Areas, organisations, partnerships and rounds, as central administrators do."
    ),
    ScopeName.QUESTIONNAIRES_READ: Deed("Read the questionnaires", "Anybody may, also without a token."),
}
"""In the order of pages."""
LAPSED: Final = "not now, as whoever made it may no longer do this"


def say_held(held: Held) -> str:
    """Say one thing that a system may do, and where."""
    text = WORDS[held.scope.name].text
    if held.scope.name in LEAST_NARROWED:
        narrowed = held.scope.partnership_id or held.scope.round_id
        kind = "in" if held.scope.partnership_id else "of the round"
        text += f" {kind} {held.place or 'a place that is gone'}" if narrowed else " everywhere"
    return text if held.is_held else f"{text} ({LAPSED})"
