"""Files made to exhaust whoever reads them. What bounds the work is structure; the time is only a net far below."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final

import pytest

from app.catalogue import CatalogueError, load_questionnaire_file
from app.catalogue.answer_files import MOST_COLUMNS, load_answers_file
from app.catalogue.faults import MOST_FAULTS
from tests.catalogue.samples import GOOD, QUESTIONNAIRE, find_faults_of, write_framework

MEGABYTE: Final = 1024 * 1024
NET: Final = 20
"""Seconds: ten times the promise, so that a busy machine makes no red test, yet a square of a million does."""


def fill(piece: str, before: str = "", after: str = "") -> str:
    return before + piece * ((MEGABYTE - len(before) - len(after)) // len(piece)) + after


def numbered(piece: str, before: str = "") -> str:
    pieces = [before]
    size, number = len(before), 0
    while size < MEGABYTE - 100:
        pieces.append(piece.replace("#", str(number)))
        size, number = size + len(pieces[-1]), number + 1
    return "".join(pieces)


MERGE: Final = "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [*a, *a, *a]}}\n" for n in range(14))
FRAMED: Final = "schema: 1\nframework: small\n"
LAUGH: Final = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))

BOMBS: Final[dict[str, Callable[[], str]]] = {
    "200,000 brackets deep": lambda: "[" * 200_000 + "]" * 200_000,
    "a megabyte of brackets": lambda: fill("["),
    "a megabyte of braces": lambda: fill("{"),
    "a megabyte of dashes": lambda: fill("- "),
    "a megabyte of question marks": lambda: fill("? "),
    "question marks on lines": lambda: fill("?\n"),
    "indented deeper and deeper": lambda: "".join(f"{' ' * n}a:\n" for n in range(1400)),
    "many nests just too deep": lambda: fill("[" * 60 + "]" * 60 + ",", "a: [", "]"),
    "a merge bomb": lambda: MERGE,
    "a billion laughs": lambda: LAUGH,
    "aliases": lambda: fill("*a,", "a: [", "]"),
    "anchors": lambda: fill("&a 1,", "a: [", "]"),
    "duplicate keys": lambda: fill("a: 1\n"),
    "different unknown keys": lambda: numbered("key-#: 1\n"),
    "keys nearly right": lambda: numbered("titl#: 1\n", QUESTIONNAIRE),
    "one long key": lambda: fill("k", after=": 1"),
    "one long explicit key": lambda: fill("k", "? ", "\n: 1"),
    "one long number": lambda: fill("1", "schema: "),
    "one long text": lambda: fill("long ", "title: "),
    "scalars": lambda: fill("1,", "sections: [", "]"),
    "empty sections": lambda: fill("{},", "sections: [", "]"),
    "empty questions": lambda: fill("{},", "sections: [{questions: [", "]}]"),
    "descriptors": lambda: numbered("          d#: x\n", QUESTIONNAIRE),
    "questions with one id": lambda: fill("      - id: trust\n", QUESTIONNAIRE),
    "questions that ask for others": lambda: numbered(
        "      - {id: q#, when: {question: z#, at_least: some}}\n", QUESTIONNAIRE
    ),
    "languages": lambda: numbered("x#: '',", "title: {") + "}",
    "quotes": lambda: fill('"'),
    "quotes that swallow lines": lambda: fill('- "a\n'),
    "blank lines in a quote": lambda: fill("\n", 'a: "', '"\nb: c: d'),
    "spaces in a quote": lambda: fill("\n \t", 'a: "', '"\nb: c: d'),
    "one long word in a quote": lambda: fill("w", 'a: "\n', '"\nb: c: d'),
    "documents": lambda: fill("---\n"),
    "comments": lambda: fill("#\n"),
    "control characters": lambda: fill("\x07\n"),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_in_bounds(tmp_path: Path, make: Callable[[], str]) -> None:
    home = write_framework(tmp_path)
    (home / "asked.v1.yaml").write_text(make()[: MEGABYTE - 1], encoding="utf-8")
    began = perf_counter()
    faults = find_faults_of(home, "asked.v1.yaml")
    assert perf_counter() - began < NET
    assert 1 <= len(faults) <= MOST_FAULTS + 1
    assert max(len(fault.message) for fault in faults) < 1000
    assert not any("\n" in str(fault) for fault in faults)


MANY: Final = range(25_000)
ACROSS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "a long line of successors": (
        "learning.yaml",
        {"learning.yaml": FRAMED + "resources:\n" + "".join(f"- {{id: r{n}, successor: r{n + 1}}}\n" for n in MANY)},
    ),
    "enablers times bands": (
        "learning.yaml",
        {
            "framework.yaml": "schema: 1\nid: small\nenablers:\n"
            + "".join(f"- {{id: e{n}}}\n" for n in MANY)
            + "bands:\n"
            + "".join(f"- {{id: b{n}}}\n" for n in MANY)
        },
    ),
    "words looked up in many": (
        "asked.v1.yaml",
        {
            "framework.yaml": "schema: 1\nid: small\nchecklist:\n" + "".join(f"- {{id: c{n}}}\n" for n in MANY),
            "asked.v1.yaml": QUESTIONNAIRE.replace("[L1]", f"[{','.join(['c24999'] * 120_000)}]"),
        },
    ),
}


@pytest.mark.parametrize(("file", "files"), ACROSS.values(), ids=ACROSS.keys())
def test_what_files_say_of_each_other_is_checked_in_bounds(tmp_path: Path, file: str, files: dict[str, str]) -> None:
    home = write_framework(tmp_path, {**GOOD, **files})
    began = perf_counter()
    assert find_faults_of(home, file)
    assert perf_counter() - began < NET


@pytest.mark.parametrize(
    "text",
    [
        "question,answer," + "answer," * 140_000,
        "question,answer," + "answer," * 70_000 + "\n" + "x\n" * 240_000,
        "question,answer," + ",".join(map(str, range(140_000))),
    ],
    ids=["one column", "columns times rows", "many columns"],
)
def test_a_table_is_refused_in_bounds(tmp_path: Path, text: str) -> None:
    questionnaire = load_questionnaire_file(write_framework(tmp_path) / "asked.v1.yaml")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    began = perf_counter()
    with pytest.raises(CatalogueError) as caught:
        load_answers_file(tmp_path / "a.csv", questionnaire)
    assert perf_counter() - began < NET
    header = [fault for fault in caught.value.faults if "column" in fault.message]
    assert 1 <= len(header) <= MOST_COLUMNS + 3
