"""Every kind of damage to every kind of file: found at its line, in words that say how to mend it, and nothing else."""

from pathlib import Path

import pytest

from tests.catalogue.damages import (
    BARRIERS_CASES,
    FRAMEWORK_CASES,
    LEARNING_CASES,
    MIRROR_CASES,
    QUESTIONNAIRE_CASES,
    SYNTAX_CASES,
    TRUST_CASES,
    Case,
)
from tests.catalogue.samples import (
    BOTH_SIDES,
    FRAMEWORK,
    GOOD,
    HERE,
    QUESTIONNAIRE,
    damage,
    find_faults_of,
    lines_of,
    write_framework,
)


def cases(table: dict[str, Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("changes", "words"), table.values(), ids=table.keys())


def check(folder: Path, file: str, changes: dict[str, str], words: list[str]) -> None:
    files = GOOD if file in GOOD else BOTH_SIDES
    text, lines = damage(files[file], changes)
    home = write_framework(folder, {**files, file: text})
    faults = find_faults_of(home, file)
    listed = "\n".join(map(str, faults))
    assert [fault.line for fault in faults] == lines, listed
    assert all(wanted in fault.message for fault, wanted in zip(faults, words, strict=True)), listed


@cases(QUESTIONNAIRE_CASES)
def test_a_damaged_questionnaire(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "asked.v1.yaml", changes, words)


@cases(FRAMEWORK_CASES)
def test_a_damaged_framework(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "framework.yaml", changes, words)


@cases(LEARNING_CASES)
def test_a_damaged_learning_library(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "learning.yaml", changes, words)


@cases(BARRIERS_CASES)
def test_damaged_kinds_of_barrier(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "barriers.yaml", changes, words)


def test_resources_are_looked_up_in_the_library_beside_the_kinds(tmp_path: Path) -> None:
    without = {name: text for name, text in GOOD.items() if name != "learning.yaml"}
    faults = find_faults_of(write_framework(tmp_path, without), "barriers.yaml")
    assert lines_of(faults) == [11, 16, 16]
    assert "“guide” is no resource of the learning library; there is none to choose from" in faults[0].message


def test_a_library_that_cannot_be_read_is_not_held_against_the_kinds(tmp_path: Path) -> None:
    home = write_framework(tmp_path, {**GOOD, "learning.yaml": 'schema: "1'})
    assert find_faults_of(home, "barriers.yaml") == ()
    assert len(find_faults_of(home, "learning.yaml")) == 1


@cases(TRUST_CASES)
def test_a_damaged_question_about_trust(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "trust.yaml", changes, words)


@cases(MIRROR_CASES)
def test_a_damaged_mirror(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "mirror.yaml", changes, words)


def test_pairs_are_looked_up_in_every_version_of_the_questionnaires_beside_them(tmp_path: Path) -> None:
    newer = BOTH_SIDES["departments.v1.yaml"].replace("version: 1", "version: 2").replace("id: visits", "id: calls")
    home = write_framework(tmp_path, {**BOTH_SIDES, "departments.v2.yaml": newer})
    assert find_faults_of(home, "mirror.yaml") == ()
    (home / "mirror.yaml").write_text(BOTH_SIDES["mirror.yaml"].replace("visits", "calls"), encoding="utf-8")
    assert find_faults_of(home, "mirror.yaml") == ()
    (home / "departments.v2.yaml").unlink()
    assert [fault.line for fault in find_faults_of(home, "mirror.yaml")] == [15]


def test_a_questionnaire_that_cannot_be_read_is_not_held_against_the_pairs(tmp_path: Path) -> None:
    home = write_framework(tmp_path, {**BOTH_SIDES, "departments.v1.yaml": 'schema: "1'})
    assert find_faults_of(home, "mirror.yaml") == ()


@cases(SYNTAX_CASES)
def test_broken_syntax_is_one_fault_where_it_starts(tmp_path: Path, changes: dict[str, str], words: list[str]) -> None:
    check(tmp_path, "asked.v1.yaml", changes, words)


def test_all_faults_of_a_file_are_listed_in_one_go(tmp_path: Path) -> None:
    independent = [
        "an id is no id",
        "a version is not whole",
        "a weight is endless",
        "yes is no truth value",
        "an audience is unknown",
        "a translation is blank",
        "an anchor that stands alone",
        "a control character in a title",
        "another framework",
        "an unknown enabler",
        "an unknown target",
        "a descriptor too many",
        "an unknown checklist item",
        "an unknown kind of evidence",
    ]
    changes: dict[str, str] = {}
    for case in independent:
        changes |= QUESTIONNAIRE_CASES[case][0]
    text, lines = damage(QUESTIONNAIRE, changes)
    home = write_framework(tmp_path, {**GOOD, "asked.v1.yaml": text})
    faults = find_faults_of(home, "asked.v1.yaml")
    assert [fault.line for fault in faults] == lines, "\n".join(map(str, faults))


def test_faults_of_the_framework_and_of_the_questionnaire_are_listed_together(tmp_path: Path) -> None:
    framework, framework_lines = damage(
        FRAMEWORK, {"points: 0.5": f"points: {HERE}0", "title: A small": f"titel{HERE}: A small"}
    )
    home = write_framework(tmp_path, {"framework.yaml": framework, "asked.v1.yaml": QUESTIONNAIRE.replace("1.5", "-1")})
    faults = find_faults_of(home, "asked.v1.yaml")
    assert [Path(fault.file).name for fault in faults] == ["asked.v1.yaml"] + ["framework.yaml"] * 3
    assert set(framework_lines) <= set(lines_of(faults))


def test_an_18000_line_file_of_faults_lists_each(tmp_path: Path) -> None:
    question = QUESTIONNAIRE[QUESTIONNAIRE.index("      - id: trust") :]
    many = "".join(question.replace("trust", f"trust-{n}").replace("weight: 0", "weight: -1") for n in range(2500))
    home = write_framework(tmp_path, {**GOOD, "asked.v1.yaml": QUESTIONNAIRE + many})
    faults = find_faults_of(home, "asked.v1.yaml")
    first = QUESTIONNAIRE.count("\n") + 4
    assert lines_of(faults) == [first + 7 * n for n in range(2500)]
