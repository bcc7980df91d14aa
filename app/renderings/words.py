"""Words on the way out: foreign text made harmless to show, links that are safe to follow, and plain English."""

import re
from collections.abc import Sequence
from typing import Final

from app.domain.values import is_web_address
from app.domain.values import one_line as one_line  # noqa: PLC0414 - one of these words, which the core needs too

DONT_KNOW_WORDS: Final = "Don’t know"
NOT_APPLICABLE_WORDS: Final = "Not applicable"
_SMALL: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_PARAGRAPH = re.compile(r"\n\s*\n")


def paragraphs(text: str) -> tuple[str, ...]:
    """Give foreign text as paragraphs, each one line."""
    return tuple(line for part in _PARAGRAPH.split(text.replace("\r\n", "\n")) if (line := one_line(part)))


def safe_link(address: str) -> str:
    """Give an address that a click may follow; else nothing."""
    return address.strip() if is_web_address(address.strip()) else ""


def count(number: int, one: str, many: str = "") -> str:
    """Write a count with its noun: 1 question, 2 questions."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def in_words(number: int) -> str:
    """Write a small count at the start of a sentence as a word."""
    return _SMALL[number] if number < len(_SMALL) else str(number)


def join(items: Sequence[str]) -> str:
    """Write a list: a, b and c."""
    if len(items) < 2:  # noqa: PLR2004 - one thing, or none, needs no “and”
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """End foreign text as a sentence ends."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def quoted(text: str) -> str:
    """Put foreign text in quotation marks."""
    return f"“{text}”"
