"""A good small framework with everything in it, as text, for tests to damage."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.catalogue import CatalogueError, Fault, find_faults

HERE: Final = "⟵"
"""Stands in a damaged text where a fault is expected; taken out before the text is written."""

FRAMEWORK: Final = """\
schema: 1
id: small
title: A small framework
enablers:
  - id: one
    title: {en: One, cy: Un}
    summary: Having one
    barrier: Lacking one
  - {id: two, title: Two, summary: Having two, barrier: Lacking two}
scales:
  - id: maturity
    levels:
      - {id: none, points: 0, label: None yet}
      - {id: some, points: 0.5, label: Some}
      - {id: all, points: 2, label: All}
  - id: agreement
    levels:
      - {id: disagree, points: 0, label: Disagree}
      - {id: agree, points: 1, label: Agree}
bands:
  - {id: low, from: 0, label: Low, barrier: true}
  - {id: high, from: 50, label: High}
rules:
  default_target: 75
  full_coverage: 75
  provisional_coverage: 50
  critical_below: 25
  critical_cap: low
  dont_know_finding: 25
  minimum_organisations: 2
checklist:
  - {id: L1, audience: local-partner, text: Find out}
evidence:
  - {id: minutes, label: Minutes}
"""

QUESTIONNAIRE: Final = """\
# yaml-language-server: $schema=../../docs/schemas/questionnaire.schema.json
schema: 1
framework: small
id: asked
version: 1
title: What is asked
audience: local-partner
sections:
  - id: first
    enabler: one
    title: "The first section"
    questions:
      - id: picture
        meaning: 1
        text: >-
          How far do partners
          share one picture?
        hint: 'Think of the last year'
        serves: [L1]
        scale: maturity
        weight: 1.5
        critical: true
        target: all
        not_applicable: false
        descriptors:
          none: Nothing
          some: Some of it
          all: All of it
        evidence: [minutes]
      - id: money
        text: Is there money?
        scale: agreement
        weight: 2
        descriptors: {disagree: There is none, agree: There is some}
        when: {question: picture, at_least: some}
  - id: second
    enabler: two
    title: The second section
    questions:
      - id: trust
        text: Is there trust?
        scale: agreement
        weight: 0
        descriptors:
          disagree: There is none
          agree: There is some
"""

LEARNING: Final = """\
schema: 1
framework: small
resources:
  - id: guide
    name: A guide
    link: https://example.org/guide
    run_by: Somebody
    helps_with: Everything
    enablers: [one, two]
    status: current
    last_checked: "2026-11-01"
  - id: old-guide
    name: An old guide
    link: http://example.org/old
    run_by: Somebody
    helps_with: Nothing now
    enablers: [one]
    status: ended
    last_checked: 2026-11-01
    note: It closed.
    successor: guide
points:
  - {id: draw, enabler: one, bands: [low], questions: [picture], text: Draw it, resources: [guide]}
  - {id: begin, enabler: one, bands: [low, high], text: Begin, source: {name: Us, link: "https://example.org"}}
  - {id: meet, enabler: two, bands: [low, high], text: Meet}
"""

BARRIERS: Final = """\
schema: 1
framework: small
enablers:
  - enabler: one
    question: What is in the way of one?
    kinds:
      - id: law
        label: The law
        hint: Somebody can name the rule
        next_step: Ask for another one
        resources: [guide]
      - {id: belief, label: A belief, hint: Nobody can, next_step: Ask which rule}
  - enabler: two
    question: {en: What is in the way of two?, cy: Beth?}
    kinds:
      - {id: money, label: Money, hint: There is none, next_step: Cost it, resources: [guide, old-guide]}
      - {id: time, label: Time, hint: Nobody has any, next_step: Free a day}
"""

TRUST: Final = """\
schema: 1
framework: small
enabler: two
title: Trust
text: How far can you rely on them?
levels:
  - {id: never, label: Never}
  - {id: seldom, label: Seldom}
  - {id: often, label: Often, relies: true}
  - {id: always, label: Always, relies: true}
subjects:
  - {id: people, label: The people}
  - {id: ministers, label: The ministers}
"""

OTHER_SIDE: Final = """\
schema: 1
framework: small
id: departments
version: 1
title: What departments are asked
audience: department
sections:
  - id: first
    enabler: one
    title: The first section
    questions:
      - id: grants
        text: Are there grants?
        scale: agreement
        weight: 1
        descriptors: {disagree: There are none, agree: There are some}
      - id: visits
        text: Are there visits?
        scale: agreement
        weight: 1
        descriptors: {disagree: There are none, agree: There are some}
"""

MIRROR: Final = """\
schema: 1
framework: small
pairs:
  - id: paying
    about: {en: Who pays, cy: Pwy}
    local: {questionnaire: asked, question: money}
    departments: {questionnaire: departments, question: grants}
  - id: seeing
    about: Whether each sees the other
    local:
      questionnaire: asked
      question: picture
    departments:
      questionnaire: departments
      question: visits
"""

GOOD: Final = {
    "framework.yaml": FRAMEWORK,
    "asked.v1.yaml": QUESTIONNAIRE,
    "learning.yaml": LEARNING,
    "barriers.yaml": BARRIERS,
    "trust.yaml": TRUST,
}

BOTH_SIDES: Final = {**GOOD, "departments.v1.yaml": OTHER_SIDE, "mirror.yaml": MIRROR}
"""The same, with a questionnaire for departments and what the two ask from both sides."""


def write_framework(folder: Path, files: Mapping[str, str] = GOOD, name: str = "small") -> Path:
    """Write a framework's folder; give its path."""
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (home / file).write_text(text, encoding="utf-8", newline="")
    return home


def damage(text: str, changes: Mapping[str, str]) -> tuple[str, list[int]]:
    """Replace pieces of a text, each there just once; give it, and the lines where a fault is expected."""
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    lines = [number for number, line in enumerate(text.split("\n"), 1) for _ in range(line.count(HERE))]
    return text.replace(HERE, ""), lines


def find_faults_of(home: Path, file: str) -> tuple[Fault, ...]:
    """Give what is wrong with one file of a framework."""
    return find_faults([home / file])


def lines_of(error: CatalogueError | tuple[Fault, ...]) -> list[int]:
    """Give the lines of faults."""
    return [fault.line for fault in (error.faults if isinstance(error, CatalogueError) else error)]
