"""Notes as people write them: chosen by question and level, filled in from place, organisation and calendar."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from app.domain.questionnaire import DONT_KNOW
from app.services.demonstration.calendar import coming_month, financial_year, past_month
from app.services.demonstration.draws import draw
from app.services.demonstration.places import Organisation, Partnership
from app.services.demonstration.words import Kind, Views, Words

CHOICE: Final = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
SLOT: Final = re.compile(r"\{([^{}]+)\}")
SENTENCE: Final = re.compile(r"(^|[.?!] )([a-z])")
VOICE: Final = re.compile(r"^\((community|public)\) ")
NUMBERS: Final = ("two", "three", "four", "five", "six")
FULL_STOP_SHARE: Final = 0.7
TAIL_SHARE: Final = 0.13
LONGEST_WITH_TAIL: Final = 34
FEWEST_WORDS: Final = 6
MOST_OFTEN: Final = 2
"""Times that the same words may be written, by whomever."""
TRIES: Final = 6


@dataclass(frozen=True, slots=True)
class Setting:
    """What the notes of one partnership speak of."""

    partnership: str
    words: dict[str, tuple[str, ...]]
    """Word in braces -> what may stand for it."""
    partners: dict[str, str]
    """Organisation -> how the others call it."""


def draw_setting(views: Views, partnership: Partnership) -> Setting:
    """Draw what one partnership calls its work."""
    chance = draw("setting", partnership.name)
    theme = views.themes[partnership.theme]
    first, second = chance.sample(theme.projects, 2)
    return Setting(
        partnership=partnership.name,
        words={
            "issue": (theme.issue,),
            "group": (theme.group,),
            "project": (first,),
            "project2": (second,),
            "meeting": (chance.choice(views.meetings),),
            "system": (chance.choice(views.systems),),
            "place": tuple(area.name for area in partnership.areas),
        },
        partners={body.name: views.kinds[body.kind].call(body.name) for body in partnership.organisations},
    )


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: one organisation in one partnership, in a manner of its own."""

    organisation: Organisation
    kind: Kind
    partnership: str
    words: dict[str, tuple[str, ...]]
    """Word in braces -> what may stand for it."""
    share: float
    """How many of its answers get a note."""
    stops: bool
    """Whether the last full stop is put."""


def draw_writer(views: Views, setting: Setting, organisation: Organisation) -> Writer:
    """Draw the manner in which an organisation writes."""
    chance = draw("writer", setting.partnership, organisation.name)
    kind = views.kinds[organisation.kind]
    return Writer(
        organisation=organisation,
        kind=kind,
        partnership=setting.partnership,
        words={
            **setting.words,
            "board": (kind.board,),
            "boss": (kind.boss,),
            "frontline": (kind.frontline,),
            "records": (kind.records,),
            "partner": tuple(words for name, words in setting.partners.items() if name != organisation.name),
        },
        share=min(max(chance.gauss(0.35, 0.16), 0.06), 0.75),
        stops=chance.random() < FULL_STOP_SHARE,
    )


class NoteBook:
    """Writes notes, and sees that none is written too often."""

    def __init__(self, words: Words) -> None:
        """Begin with nothing written."""
        self._words = words
        self._written: Counter[str] = Counter()
        self._used: Counter[tuple[str, str]] = Counter()

    def note(self, chance: Random, writer: Writer, question: str, answered: int | str, at: datetime) -> str:
        """Write a note on an answer, a place on the scale or a don't know; empty where there is nothing to say."""
        templates = self._templates(writer, question, answered)
        if not templates:
            return ""
        text = ""
        for _ in range(TRIES):
            template = self._least_used(chance, writer, templates)
            text = self._write(chance, writer, question, template, at)
            if not self._written[text]:
                break
        if self._written[text] >= MOST_OFTEN:
            return ""
        self._written[text] += 1
        self._used[writer.partnership, template] += 1
        return text

    def reason(self, chance: Random, writer: Writer, question: str, at: datetime) -> str:
        """Say why a question is not applicable; empty where no reason is known."""
        reasons = self._words.views.reasons.get(question)
        if not reasons:
            return ""
        return self._polish(writer, self._fill(chance, writer, question, chance.choice(reasons), at))

    def _templates(self, writer: Writer, question: str, answered: int | str) -> list[str]:
        if question not in self._words.notes:
            return []
        if answered == DONT_KNOW:
            return [*self._words.views.unsure]
        not_ours = "(public)" if writer.kind.community else "(community)"
        found = self._words.notes[question].levels.get(int(answered), ())
        return [template for template in found if not template.startswith(not_ours)]

    def _least_used(self, chance: Random, writer: Writer, templates: list[str]) -> str:
        """Choose among those that this partnership has had least often, so that partners do not parrot each other."""
        used = {template: self._used[writer.partnership, template] for template in templates}
        return chance.choice([template for template in templates if used[template] == min(used.values())])

    def _write(self, chance: Random, writer: Writer, question: str, template: str, at: datetime) -> str:
        text = self._fill(chance, writer, question, VOICE.sub("", template), at)
        words = len(text.split())
        if words < FEWEST_WORDS or chance.random() < TAIL_SHARE:
            tail = self._fill(chance, writer, question, chance.choice(writer.kind.tails), at)
            if words + len(tail.split()) <= LONGEST_WITH_TAIL:
                text = f"{text} {tail}"
        return self._polish(writer, text)

    def _polish(self, writer: Writer, text: str) -> str:
        text = SENTENCE.sub(lambda found: found[1] + found[2].upper(), text)
        return text if writer.stops else text.removesuffix(".")

    def _fill(self, chance: Random, writer: Writer, question: str, template: str, at: datetime) -> str:
        text = CHOICE.sub(lambda found: chance.choice(found[1].split("|")), template)
        return SLOT.sub(lambda found: self._slot(chance, writer, question, found[1], at), text)

    def _slot(self, chance: Random, writer: Writer, question: str, slot: str, at: datetime) -> str:
        if slot in writer.words:
            return chance.choice(writer.words[slot])
        if slot in MEASURES:
            return MEASURES[slot](chance, at)
        if slot == "topic":
            return self._words.notes[question].topic
        lowest, _, highest = slot.partition("..")
        return str(chance.randint(int(lowest), int(highest)))


def _money(chance: Random, _at: datetime) -> str:
    thousands = 5 * chance.randint(3, 36)
    return chance.choice((f"£{thousands}k", f"£{thousands},000"))


MEASURES: Final[dict[str, Callable[[Random, datetime], str]]] = {
    "month": past_month,
    "soon": coming_month,
    "thisfy": lambda _chance, at: financial_year(at),
    "nextfy": lambda _chance, at: financial_year(at, ahead=1),
    "n": lambda chance, _at: chance.choice(NUMBERS),
    "nn": lambda chance, _at: str(chance.randint(12, 64)),
    "money": _money,
}
"""Words in braces that depend on chance and the time alone."""
