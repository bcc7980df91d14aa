"""What a form says is offered or asked for, and everything that is wrong with it, told all at once."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.domain.action_drafts import find_text_fault
from app.domain.exchange import KINDS, MOST_AT_A_TIME, HelpKind

WORDS_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True)
class HelpFault:
    """What is wrong with one part of a form, in words for a person."""

    part: str
    """A field of `HelpDraft`."""
    text: str


@dataclass(frozen=True, slots=True)
class HelpDraft:
    """An offer or an ask as a form sent it, unchecked."""

    kinds: Collection[str]
    words: str
    at_a_time: str = ""
    """Of an offer."""


@dataclass(frozen=True, slots=True)
class HelpValues:
    """An offer or an ask as it can be stored."""

    kinds: frozenset[HelpKind]
    words: str
    at_a_time: int = 0
    """Of an offer; 0 of an ask."""


def settle_offer(draft: HelpDraft) -> HelpValues | tuple[HelpFault, ...]:
    """Give what can be stored of an offer, or everything that is wrong with it."""
    number = int(draft.at_a_time) if re.fullmatch(r"[0-9]{1,4}", draft.at_a_time.strip(), re.ASCII) else 0
    faults = (
        *_find_kind_faults(draft, "Choose at least one kind of help"),
        *(
            ()
            if 1 <= number <= MOST_AT_A_TIME
            else (HelpFault("at_a_time", f"Enter how many partnerships, from 1 to {MOST_AT_A_TIME}"),)
        ),
        *_find_word_faults(draft, "Enter what you can show"),
    )
    return faults or HelpValues(_read_kinds(draft), draft.words, number)


def settle_ask(draft: HelpDraft) -> HelpValues | tuple[HelpFault, ...]:
    """Give what can be stored of an ask, or everything that is wrong with it."""
    faults = (
        *_find_kind_faults(draft, "Choose at least one kind of help"),
        *_find_word_faults(draft, "Enter what you want to learn"),
    )
    return faults or HelpValues(_read_kinds(draft), draft.words)


def _read_kinds(draft: HelpDraft) -> frozenset[HelpKind]:
    return frozenset(kind for kind in KINDS if kind in set(draft.kinds))


def _find_kind_faults(draft: HelpDraft, missing: str) -> tuple[HelpFault, ...]:
    if set(draft.kinds) <= set(KINDS) and draft.kinds:
        return ()
    return (HelpFault("kinds", missing),)


def _find_word_faults(draft: HelpDraft, missing: str) -> tuple[HelpFault, ...]:
    if not draft.words.strip():
        return (HelpFault("words", missing),)
    fault = find_text_fault("text", draft.words, WORDS_LENGTH)
    return (HelpFault("words", fault),) if fault else ()
