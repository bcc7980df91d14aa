"""Results as a table: one row each, and columns that mean the same in every version of every questionnaire.

Columns go by name: those of a question that an edition does not ask are empty in its rows. `describe_columns` is the
codebook.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.questionnaire import Questionnaire

FIXED: Final = (
    ("id", "string", "The assessment"),
    ("position", "integer", "Where the row stands in the feed; it rises with every change"),
    ("deleted_at", "time", "When it stopped being a result; all that follows is then empty"),
    ("partnership", "string", "The partnership that the organisation answered in"),
    ("round", "string", "The round"),
    ("organisation", "string", "The organisation that answered"),
    ("status", "string", "submitted or signed-off"),
    ("submission", "integer", "Which submission of the assessment it is, from 1"),
    ("submitted_at", "time", "When it was submitted"),
    ("updated_at", "time", "When the row changed last"),
    ("method", "string", "The rule that the scores are made by"),
    ("framework", "string", "The framework of the questionnaire"),
    ("questionnaire", "string", "The questionnaire"),
    ("version", "integer", "Its version"),
    ("hash", "string", "The SHA-256 of its content"),
    ("weakest", "string", "The enabler with the lowest score"),
)
OF_ENABLER: Final = (
    ("score", "number", "Its score, 0 to 100"),
    ("band", "string", "The band that the score is in"),
    ("coverage", "number", "Per cent of its weight that was answered with a level"),
    ("coverage_status", "string", "full, provisional, insufficient or not-applicable"),
    ("dont_know_share", "number", "Per cent of its weight that was answered with don’t know"),
)
OF_QUESTION: Final = (
    ("state", "string", "scored, dont-know, not-applicable, unanswered or hidden"),
    ("score", "number", "Its score, 0 to 100"),
    ("target", "number", "The score it was measured against"),
)


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """One column: its name, its type, and what it means."""

    name: str
    type: str
    meaning: str


class ResultTable:
    """The columns for the questionnaires that there are, and rows of them."""

    def __init__(self, questionnaires: Iterable[Questionnaire]) -> None:
        """Take every version of every questionnaire."""
        found = sorted(questionnaires, key=lambda each: (each.id, each.version))
        enablers = dict.fromkeys(
            (enabler.id, str(enabler.title)) for each in found for enabler in each.framework.enablers
        )
        self._enablers = list(dict.fromkeys(name for name, _ in enablers))
        titles = dict(reversed(list(enablers)))
        words = {(each.id, question.id): str(question.text) for each in found for question in each.questions}
        self._questions = list(words)
        self.columns: tuple[ColumnOf, ...] = (
            *(ColumnOf(*each) for each in FIXED),
            *(
                ColumnOf(f"{enabler}.{name}", kind, f"{titles[enabler]}: {meaning}")
                for enabler in self._enablers
                for name, kind, meaning in OF_ENABLER
            ),
            *(
                ColumnOf(f"{questionnaire}.{question}.{name}", kind, f"{words[questionnaire, question]}: {meaning}")
                for questionnaire, question in self._questions
                for name, kind, meaning in OF_QUESTION
            ),
        )

    def make_row(self, line: str) -> list[Any]:
        """Give the cells of one result or tombstone, `None` where there is nothing."""
        values = json.loads(line)
        edition = values.get("questionnaire", {})
        flat = {**values, **edition, "questionnaire": edition.get("id"), "id": values["id"]}
        row: list[Any] = [flat.get(name) for name, _, _ in FIXED]
        enablers = {each["id"]: each for each in values.get("enablers", ())}
        for enabler in self._enablers:
            row += [enablers.get(enabler, {}).get(name) for name, _, _ in OF_ENABLER]
        questions = {(edition.get("id"), each["id"]): each for each in values.get("questions", ())}
        for question in self._questions:
            row += [questions.get(question, {}).get(name) for name, _, _ in OF_QUESTION]
        return row

    def write_header(self) -> str:
        """Write the first record of a CSV file: RFC 4180."""
        return _write([[column.name for column in self.columns]])

    def write_rows(self, lines: Iterable[str]) -> str:
        """Write a record for each line, with a point in numbers."""
        return _write(map(self.make_row, lines))


def _write(rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return buffer.getvalue()
