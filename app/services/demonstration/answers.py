"""The answers of one organisation in one round, as it would have given them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.domain.assessment import Answer, find_shown
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire
from app.services.demonstration.calendar import plan_sittings
from app.services.demonstration.draws import draw
from app.services.demonstration.notes import NoteBook, Writer
from app.services.demonstration.places import Organisation, Person, domain_of
from app.services.demonstration.readiness import Common, Steps, level_at
from app.services.demonstration.words import Views

EVIDENCE_SHARE: Final = 0.2
LINK_SHARE: Final = 0.75
DONT_KNOW_NOTES: Final = 1.3
"""How much likelier a note is beside a don't know."""
EDIT_SHARE: Final = 0.035
COLLEAGUE_SECTION_SHARE: Final = 0.22
ELSEWHERE_SHARE: Final = 0.25
"""Share of assessments that were not begun at the first section."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one answer, and who gave it when."""

    question: str
    version: int
    answer: Answer
    author: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes into the answers of one organisation in one round."""

    key: tuple[str, str, str]
    """Round, partnership, organisation."""
    writer: Writer
    common: Common
    steps: Steps
    opens_at: datetime
    end: datetime
    """When the round closed, or now."""
    count: int
    """How many questions get an answer."""
    in_order: bool = False


class Answering:
    """Answers sheets of one questionnaire."""

    def __init__(self, views: Views, questionnaire: Questionnaire, notebook: NoteBook) -> None:
        """Keep what all sheets share."""
        self._views = views
        self._questionnaire = questionnaire
        self._notebook = notebook

    def fill_in(self, sheet: Sheet) -> list[Version]:
        """Give every version of every answer of a sheet, in the order of time."""
        chance = draw("answers", *sheet.key)
        people = sheet.writer.organisation.people
        questions = self._in_order(chance, sheet)
        times = plan_sittings(chance, sheet.opens_at, sheet.end, len(questions))
        helped = {section.id for section in self._questionnaire.sections if chance.random() < COLLEAGUE_SECTION_SHARE}
        given: dict[str, Answer] = {}
        versions: list[Version] = []
        for question, at in zip(questions, times, strict=True):
            if question.when is not None and question.id not in find_shown(self._questionnaire, given):
                continue
            given[question.id] = self._answer(chance, sheet, question, at)
            author = people[-1] if self._questionnaire.section_of[question.id].id in helped else people[0]
            versions.append(Version(question.id, 1, given[question.id], author, at))
        return [*versions, *self._edits(chance, sheet, versions)]

    def _in_order(self, chance: Random, sheet: Sheet) -> list[Question]:
        """Give the questions answered: from the first section on, or from another."""
        sections = [*self._questionnaire.sections]
        if not sheet.in_order and chance.random() < ELSEWHERE_SHARE:
            start = chance.randrange(len(sections))
            sections = [*sections[start:], *sections[:start]]
        if any(question.when for question in self._questionnaire.questions):
            sections = [*self._questionnaire.sections]  # a condition has to be answered first
        return [question for section in sections for question in section.questions][: sheet.count]

    def _answer(self, chance: Random, sheet: Sheet, question: Question, at: datetime) -> Answer:
        writer = sheet.writer
        if question.not_applicable and chance.random() < self._inapplicable_share(sheet, question):
            reason = self._notebook.reason(chance, writer, question.id, at)
            if reason:
                return Answer(NOT_APPLICABLE, reason=reason)
        if chance.random() < writer.kind.dont_know * self._views.obscure.get(question.id, 1):
            noted = chance.random() < writer.share * DONT_KNOW_NOTES
            return Answer(
                DONT_KNOW, note=self._notebook.note(chance, writer, question.id, DONT_KNOW, at) if noted else ""
            )
        place = level_at(self._questionnaire, question, sheet.steps)
        level = self._questionnaire.scale_of(question).levels[place].id
        noted = chance.random() < writer.share
        note = self._notebook.note(chance, writer, question.id, place, at) if noted else ""
        kind, link = _evidence(chance, question, writer.organisation, at) if place else ("", "")
        return Answer(level, note=note, evidence_kind=kind, evidence_link=link)

    def _inapplicable_share(self, sheet: Sheet, question: Question) -> float:
        shares = self._views.not_applicable
        return shares.when_fact if question.id in sheet.common.inapplicable else shares.otherwise

    def _edits(self, chance: Random, sheet: Sheet, versions: list[Version]) -> Iterator[Version]:
        """Go back to some answers, most often as the colleague: another level, or the note that was missing."""
        at = versions[-1].at if versions else sheet.opens_at
        for first in versions:
            levels = self._questionnaire.scale_of(self._questionnaire.questions_by_id[first.question]).levels
            if first.answer.choice in {DONT_KNOW, NOT_APPLICABLE} or chance.random() >= EDIT_SHARE:
                continue
            at += timedelta(seconds=chance.randint(40, 400))
            ids = [level.id for level in levels]
            place = ids.index(first.answer.choice)
            if first.answer.note or chance.random() < 0.5:  # noqa: PLR2004 - half of those without a note
                place += 1 if place == 0 or (place < len(ids) - 1 and chance.random() < 0.4) else -1  # noqa: PLR2004
            note = self._notebook.note(chance, sheet.writer, first.question, place, at)
            author = sheet.writer.organisation.people[-1]
            yield Version(first.question, 2, replace(first.answer, choice=ids[place], note=note), author, at)


def current_answers(versions: list[Version]) -> dict[str, Answer]:
    """Give the newest version of each answer."""
    return {version.question: version.answer for version in versions}


def _evidence(chance: Random, question: Question, organisation: Organisation, at: datetime) -> tuple[str, str]:
    if not question.evidence or chance.random() >= EVIDENCE_SHARE:
        return "", ""
    kind = chance.choice(question.evidence)
    if chance.random() >= LINK_SHARE:
        return kind, ""
    month = at - timedelta(days=chance.randint(20, 300))
    number = chance.randint(3, 48)
    return kind, f"https://papers.{domain_of(organisation.name)}/{month:%Y-%m}/{kind}-{number}"
