"""Answers files: YAML, JSON or CSV -> answers of the domain, or every fault of the file at its place."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.catalogue.answers import NO_ANSWER, check_question, make_answer, read_answer
from app.catalogue.faults import WHOLE_FILE, CatalogueError, FaultList, join_words, shown, suggest
from app.catalogue.json_reader import read_json
from app.catalogue.source import read_source
from app.catalogue.tree import BROKEN, MappingNode
from app.catalogue.yaml_reader import read_yaml
from app.domain.assessment import Answer
from app.domain.errors import AnswerError
from app.domain.questionnaire import Questionnaire

COLUMNS: Final = ("question", "answer", "reason", "note")
_NEEDED: Final = COLUMNS[:2]
MOST_COLUMNS: Final = 10
"""Unknown columns that are named each; a file with more has another separator, or is another table."""


def load_answers_file(path: Path, questionnaire: Questionnaire) -> dict[str, Answer]:
    """Give the answers of a file, question id -> answer; raise `CatalogueError` with everything wrong with it."""
    faults = FaultList(path)
    text = read_source(path, faults)
    answers = {} if text is None else _read(path.suffix.lower(), text, questionnaire, faults)
    if not answers and not faults:
        faults.add(WHOLE_FILE, NO_ANSWER)
    if faults:
        raise CatalogueError(faults.all())
    return answers


def _read(suffix: str, text: str, questionnaire: Questionnaire, faults: FaultList) -> dict[str, Answer]:
    if suffix == ".csv":
        return _Table(questionnaire, faults).read(text)
    if suffix == ".json":
        root = read_json(text, faults)
    elif suffix in {".yaml", ".yml"}:
        root = read_yaml(text, faults)
    else:
        faults.add(WHOLE_FILE, f"is {shown(suffix)}; an answers file is .yaml, .json or .csv")
        return {}
    return {} if root is None else _read_mapping(root, questionnaire, faults)


def _read_mapping(root: MappingNode, questionnaire: Questionnaire, faults: FaultList) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for question_id, written in root.items():
        place = root.place_of(question_id)
        try:
            check_question(questionnaire, question_id)
        except AnswerError as error:
            faults.add(root.place_of_key(question_id), str(error))
            continue
        if written is BROKEN or (isinstance(written, MappingNode) and BROKEN in written.values()):
            continue
        try:
            answer = read_answer(questionnaire, question_id, written)
        except AnswerError as error:
            faults.add(place, f"“{question_id}”: {error}")
        else:
            if answer is not None:
                answers[question_id] = answer
    return answers


@dataclass(slots=True)
class _Table:
    """Reads a CSV file row by row."""

    questionnaire: Questionnaire
    faults: FaultList
    answers: dict[str, Answer] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    """Column -> where it stands first in the header."""
    first_lines: dict[str, int] = field(default_factory=dict)
    """Question id -> the line that answers it first."""

    def read(self, text: str) -> dict[str, Answer]:
        """Read the header, then every row."""
        rows = self._rows(text)
        header = next(rows, None)
        if header is None:
            if not self.faults:
                self.faults.add(WHOLE_FILE, f"is empty; its first line is {','.join(COLUMNS)}")
            return {}
        if self._check_header(*header):
            self.positions = {column: header[1].index(column) for column in COLUMNS if column in header[1]}
            for line, cells in rows:
                if self.faults.full:
                    break
                self._take(line, cells, header[1])
        return self.answers

    def _rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Give the rows that are not blank, with the line each starts on; a broken one is a fault and the last."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.faults.add((line, None), _explain(str(error)))
                return
            if any(cell.strip() for cell in cells):
                yield line, cells

    def _check_header(self, line: int, columns: list[str]) -> bool:
        """Add a fault for every column that is wrong; say whether the rows can be read."""
        counts = Counter(columns)
        unknown = [column for column in counts if column not in COLUMNS]
        for column in unknown[:MOST_COLUMNS]:
            self.faults.add((line, None), f"{shown(column)} is no column; {suggest(column, COLUMNS)}")
        if len(unknown) > MOST_COLUMNS:
            self.faults.add((line, None), f"{len(unknown) - MOST_COLUMNS:,} more columns are none; remove them")
        for column in COLUMNS:
            if counts[column] > 1:
                self.faults.add(
                    (line, None), f"the column {shown(column)} is there {_times(counts[column])}; keep one of them"
                )
        missing = [column for column in _NEEDED if column not in counts]
        if missing:
            self.faults.add((line, None), f"the column {join_words(map(shown, missing))} is missing; add it")
        return not missing

    def _take(self, line: int, cells: list[str], columns: list[str]) -> None:
        if len(cells) > len(columns):
            self.faults.add(
                (line, None), f"has {len(cells)} cells under {len(columns)} columns; quote a text with commas"
            )
            return
        row = {column: cells[at] for column, at in self.positions.items() if at < len(cells)}
        try:
            self._answer(line, row)
        except AnswerError as error:
            name = shown(row.get("question", ""))
            message = str(error)
            self.faults.add((line, None), message if message.startswith(name) else f"{name}: {message}")

    def _answer(self, line: int, row: dict[str, str]) -> None:
        question_id = row.get("question", "")
        if not question_id.strip():
            raise AnswerError("the question is missing; write its id")
        check_question(self.questionnaire, question_id)
        first = self.first_lines.setdefault(question_id, line)
        if first != line:
            raise AnswerError(f"the question is on line {first} already; keep one of the two")
        choice, reason, note = (row.get(column, "") for column in COLUMNS[1:])
        answer = make_answer(self.questionnaire, question_id, choice, reason=reason, note=note)
        if answer is not None:
            self.answers[question_id] = answer


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number:,} times"  # noqa: PLR2004 - two has a word of its own


def _explain(problem: str) -> str:
    if "field larger" in problem:
        return "has a cell that is too long; shorten it"
    if "unexpected end" in problem:
        return "this row opens a quote that is never closed; close it"
    return "has a quote in the wrong place; double the quotes inside a cell, and put quotes around all of it"
