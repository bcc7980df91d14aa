"""Words on the way out: foreign text made harmless to show, links that are safe to follow, and plain English."""

import re
from collections.abc import Sequence
from typing import Final

from app.domain.assessment import is_web_address

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

# Terminal escapes and other control characters, separators and overrides that turn the direction of what follows, lone
# surrogates, and what is no character: shown as a replacement sign, so that a reader sees something was there.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_SMALL: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")


def one_line(text: str) -> str:
    """Give foreign text as one line without control characters. Markup in it stays text: escaping is each surface's."""
    return _SPACE.sub(" ", _UNSHOWABLE.sub(REPLACEMENT, text)).strip()


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


def quoted(text: str) -> str:
    """Put foreign text in quotation marks."""
    return f"“{text}”"
