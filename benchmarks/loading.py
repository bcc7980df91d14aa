"""Loading a very long questionnaire file, beside the bare C event stream of it: at most ten times as long."""

import gc
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final

import yaml

from app.catalogue import load_questionnaire_file

LINES: Final = 18_000
ROUNDS: Final = 15
ALLOWED: Final = 10

FRAMEWORK: Final = """\
schema: 1
id: long
title: A framework for a long questionnaire
enablers: [{id: one, title: One, summary: Having it, barrier: Lacking it}]
scales:
  - id: maturity
    levels:
      - {id: not-started, points: 0, label: Not started}
      - {id: early, points: 1, label: Early}
      - {id: developing, points: 2, label: Developing}
      - {id: established, points: 3, label: Established}
      - {id: embedded, points: 4, label: Embedded}
bands: [{id: low, from: 0, label: Low, barrier: true}, {id: high, from: 50, label: High}]
rules:
  default_target: 75
  full_coverage: 75
  provisional_coverage: 50
  critical_below: 25
  critical_cap: low
  dont_know_finding: 25
  minimum_organisations: 2
"""
HEAD: Final = """\
schema: 1
framework: long
id: long
version: 1
title: A very long questionnaire
audience: local-partner
sections:
"""
SECTION: Final = """\
  - id: section-{number}
    enabler: one
    title: Section {number}
    questions:
"""
QUESTION: Final = """\
      - id: question-{number}
        meaning: 1
        text: How far do partners share one picture of need?
        hint: >-
          Think of the last year, and of every partner;
          count only what is written down.
        serves: [L1, L2]
        scale: maturity
        weight: 1.5
        critical: true
        not_applicable: false
        descriptors:
          not-started: Each organisation keeps its own picture.
          early: Two partners have combined what they know.
          developing: "Most partners have agreed a draft: it is used."
          established: All partners agreed one picture this year.
          embedded: Every partner cites it in its current plan.
        evidence: [minutes, evaluation]
"""


def make_questionnaire(lines: int) -> str:
    """Write a questionnaire of about as many lines, twenty questions a section."""
    parts = [HEAD]
    questions = round(lines / (QUESTION.count("\n") + SECTION.count("\n") / 20))
    for number in range(questions):
        if number % 20 == 0:
            parts.append(SECTION.format(number=number // 20))
        parts.append(QUESTION.format(number=number))
    return "".join(parts)


def _time(action: Callable[[], object]) -> float:
    gc.collect()
    began = perf_counter()
    action()
    return perf_counter() - began


def _read_events(path: Path) -> int:
    return sum(1 for _ in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CLoader))


def run() -> float:
    """Print both times and their ratio, the medians of interleaved rounds; give the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "framework.yaml").write_text(FRAMEWORK, encoding="utf-8")
        path = Path(folder, "long.v1.yaml")
        path.write_text(make_questionnaire(LINES), encoding="utf-8")
        text = path.read_text(encoding="utf-8")
        rounds = [
            (_time(lambda: _read_events(path)), _time(lambda: load_questionnaire_file(path))) for _ in range(ROUNDS)
        ]
    bare, loading = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(load / events for events, load in rounds)
    print(f"{text.count(chr(10)):,} lines, {len(text.encode()):,} bytes, median of {ROUNDS} interleaved rounds")
    print(f"bare event stream {bare * 1000:.0f} ms, loading {loading * 1000:.0f} ms")
    print(f"{ratio:.1f} times, allowed {ALLOWED}")
    return ratio


if __name__ == "__main__":
    sys.exit(run() > ALLOWED)
