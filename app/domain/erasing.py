"""What becomes of words when somebody is erased: theirs go, what others wrote stays.

A text belongs to whoever wrote it first: a colleague who changed the level and left the note as it was has not written
it, and does not lose their own note when somebody who only passed it on is erased.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from app.domain.assessment import Answer
from app.domain.questionnaire import NOT_APPLICABLE

ERASED_NAME: Final = "Erased person"
ERASED: Final = "(erased)"
SHORTEST_PART: Final = 8
"""Characters: a shorter text is found as a whole only, never inside another, where it would be chance."""


def find_own_words(texts: Iterable[tuple[str, UUID]], person_id: UUID) -> frozenset[str]:
    """Give the texts that a person wrote first, of texts with who stored them in the order of time."""
    first: dict[str, UUID] = {}
    for text, author in texts:
        if text:
            first.setdefault(text, author)
    return frozenset(text for text, author in first.items() if author == person_id)


def erase_words(text: str, words: frozenset[str]) -> str:
    """Give a text without somebody's words: empty where it is all theirs."""
    if text in words:
        return ""
    for part in sorted(words, key=len, reverse=True):
        if len(part) >= SHORTEST_PART:
            text = text.replace(part, ERASED)
    return text


@dataclass(frozen=True, slots=True)
class Traces:
    """What somebody is known by, to be found in what others wrote."""

    name: str
    email: str

    def erase_mentions(self, text: str) -> str:
        """Give a text without the address, and without the full name where it cannot be a common word."""
        text = _whole(self.email, re.IGNORECASE).sub(ERASED, text) if self.email else text
        return _whole(self.name).sub(ERASED_NAME, text) if " " in self.name.strip() else text

    def is_named_in(self, text: str) -> bool:
        """Say whether a text has the address or the name in it, whatever name it is."""
        patterns = [_whole(trace, re.IGNORECASE) for trace in (self.email, self.name) if trace]
        return any(pattern.search(text) for pattern in patterns)

    def erase_in_mail(self, text: str) -> str:
        """Give a mail to somebody else without the name, and without what it quotes of this person."""
        if self.name and self.name != ERASED_NAME:
            text = re.sub(rf"{re.escape(self.name)} wrote:\n(?:>.*\n?)+", f"{ERASED}\n", text)
            text = _whole(self.name).sub(ERASED_NAME, text)
        return self.erase_mentions(text)


def _whole(trace: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(trace.strip())}(?!\w)", flags)


def erase_in_answer(answer: Answer, words: frozenset[str], traces: Traces) -> Answer:
    """Give an answer without somebody's words and name. The choice stays, and so does every score."""

    def clean(text: str) -> str:
        return traces.erase_mentions(erase_words(text, words))

    reason, link = clean(answer.reason), clean(answer.evidence_link)
    if answer.choice == NOT_APPLICABLE and answer.reason and not reason:
        reason = ERASED  # it needs one
    keeps_link = link == answer.evidence_link  # part of an address leads nowhere
    return replace(
        answer,
        note=clean(answer.note),
        reason=reason,
        evidence_link=answer.evidence_link if keeps_link else "",
        evidence_kind=answer.evidence_kind if keeps_link else "",
    )


Lines = Mapping[tuple[UUID, str], frozenset[str]]
"""(Partnership, question) -> the words that somebody wrote there."""
