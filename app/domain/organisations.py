"""The kinds of organisation, and the rule of names that people give to what they set up."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from app.domain.values import one_line

LONGEST_NAME: Final = 200
"""Characters."""


class OrganisationKind(StrEnum):
    """What an organisation is."""

    COUNCIL = "council"
    NHS_TRUST = "nhs-trust"
    INTEGRATED_CARE = "integrated-care"
    POLICE = "police"
    FIRE = "fire"
    EMPLOYMENT_SERVICE = "employment-service"
    SCHOOL_TRUST = "school-trust"
    HOUSING_ASSOCIATION = "housing-association"
    VOLUNTARY_SECTOR = "voluntary-sector"
    CHARITY = "charity"
    DEPARTMENT = "department"
    OTHER = "other"


KIND_WORDS: Final[Mapping[OrganisationKind, str]] = {
    OrganisationKind.COUNCIL: "Council",
    OrganisationKind.NHS_TRUST: "NHS trust",
    OrganisationKind.INTEGRATED_CARE: "Integrated care board",
    OrganisationKind.POLICE: "Police",
    OrganisationKind.FIRE: "Fire and rescue service",
    OrganisationKind.EMPLOYMENT_SERVICE: "Employment service",
    OrganisationKind.SCHOOL_TRUST: "School or school trust",
    OrganisationKind.HOUSING_ASSOCIATION: "Housing association",
    OrganisationKind.VOLUNTARY_SECTOR: "Voluntary sector body",
    OrganisationKind.CHARITY: "Charity",
    OrganisationKind.DEPARTMENT: "Government department",
    OrganisationKind.OTHER: "Other",
}


def find_kind(text: str) -> OrganisationKind | None:
    """Find the kind that is meant by its id or its words, in any letter case."""
    folded = fold_name(text)
    for kind, words in KIND_WORDS.items():
        if folded in {kind.value, fold_name(words), kind.value.replace("-", " ")}:
            return kind
    return None


def kind_words(kind: str) -> str:
    """Give the words for a stored kind; one that is no longer known is shown as it is."""
    return KIND_WORDS[OrganisationKind(kind)] if kind in set(OrganisationKind) else kind


def tidy_name(text: str) -> str:
    """Give a name as it is kept: single spaces, none around it, letters and their accents as one."""
    return normalize("NFC", " ".join(text.split()))


def fold_name(text: str) -> str:
    """Give what two names are compared by: letter case and spaces make no difference."""
    return tidy_name(text).casefold()


def find_name_fault(name: str) -> str:
    """Say what is wrong with a name that was tidied; empty where nothing is."""
    if not name:
        return "the name is missing; write one"
    if len(name) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} characters; shorten it"
    if one_line(name) != name:
        return "the name has characters that cannot be shown; type it again"
    return ""


def suggest(name: str, known: Iterable[str]) -> str:
    """Give the known name that is nearest, as the end of a sentence; empty where none is near."""
    nearest = get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"; the nearest is “{nearest[0]}”" if nearest else ""
