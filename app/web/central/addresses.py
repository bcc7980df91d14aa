"""Where the pages of the set-up are."""

from uuid import UUID

from app.web import paths

SET_UP = paths.SET_UP
AREAS = f"{SET_UP}/areas"
INDICATORS = f"{SET_UP}/indicators"
NEIGHBOURS = f"{SET_UP}/neighbours"
ORGANISATIONS = f"{SET_UP}/organisations"
PARTNERSHIPS = f"{SET_UP}/partnerships"
PEOPLE = f"{SET_UP}/people"
ROUNDS = f"{SET_UP}/rounds"
TEXTS = f"{SET_UP}/texts"
TEXT = f"{TEXTS}/{{name}}"


def indicator(indicator_id: str) -> str:
    """The years of one indicator."""
    return f"{INDICATORS}/{indicator_id}/years"


def remove_indicator(indicator_id: str, year: int) -> str:
    """Where a year of an indicator is removed."""
    return f"{indicator(indicator_id)}/{year}/remove"


def remove_neighbours(area_code: str) -> str:
    """Where the nearest neighbours of an area are removed."""
    return f"{NEIGHBOURS}/{area_code}/remove"


def text(name: str) -> str:
    """One text of the operator's own, to write it."""
    return f"{TEXTS}/{name}"


def adding(things: str) -> str:
    """Where one more of these is added."""
    return f"{things}/add"


def importing(things: str) -> str:
    """Where a file of these is imported."""
    return f"{things}/import"


def organisation(organisation_id: UUID) -> str:
    """One organisation, to change it."""
    return f"{ORGANISATIONS}/{organisation_id}"


def partnership(partnership_id: UUID) -> str:
    """One partnership, for administrators."""
    return f"{PARTNERSHIPS}/{partnership_id}"


def leaving(partnership_id: UUID, organisation_id: UUID) -> str:
    """Where an organisation leaves a partnership."""
    return f"{partnership(partnership_id)}/organisations/{organisation_id}/leave"


def round_set_up(round_id: UUID) -> str:
    """One round: its set-up, and what stands in its way."""
    return f"{ROUNDS}/{round_id}"
