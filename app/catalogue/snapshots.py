"""Published versions: the whole content of one, its hash and date, in a file that no edit of a YAML file reaches."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import StringConstraints

from app.catalogue.faults import WHOLE_FILE, FaultList
from app.catalogue.framework_checks import check_framework, read_names
from app.catalogue.json_reader import read_json
from app.catalogue.questionnaire_checks import check_questionnaire
from app.catalogue.shapes import read_shape
from app.catalogue.source import read_source
from app.catalogue.tree import ReadFile, Spot
from app.domain.learning import Day
from app.domain.questionnaire import Part, Questionnaire

FOLDER: Final = "published"
MOST_BYTES: Final = 8 * 1024 * 1024
"""A snapshot holds its framework too, and JSON is wordier than YAML."""
_FILE_NAME: Final = re.compile(r"[^.].*\.json")


class Snapshot(Part):
    """One published version of a questionnaire."""

    hash: Annotated[str, StringConstraints(strict=True, pattern=r"^sha256:[0-9a-f]{64}$")]
    published: Day
    content: Questionnaire


def snapshot_path(framework_folder: Path, questionnaire_id: str, version: object) -> Path:
    """Give the path of the snapshot of a version, whether or not it is there."""
    return framework_folder / FOLDER / f"{questionnaire_id}.v{version}.json"


def list_snapshot_paths(framework_folder: Path) -> Iterator[Path]:
    """Give the snapshots of a framework's folder by name."""
    folder = framework_folder / FOLDER
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name))


def read_snapshot(path: Path) -> ReadFile[Snapshot]:
    """Read a snapshot, and check that it is what its hash says."""
    faults = FaultList(path)
    text = read_source(path, faults, most_bytes=MOST_BYTES)
    node = None if text is None else read_json(text, faults)
    if node is None:
        return ReadFile(path, faults, None, None)
    root = Spot.at_root(node, faults)
    snapshot = read_shape(Snapshot, node, faults)
    content = root.mapping("content")
    framework = None if content is None else content.mapping("framework")
    if content is not None and framework is not None:
        check_framework(framework)
        check_questionnaire(content, read_names(framework))
    if snapshot is not None and not faults:
        _check_identity(path, snapshot, faults)
    return ReadFile(path, faults, root, snapshot)


def _check_identity(path: Path, snapshot: Snapshot, faults: FaultList) -> None:
    questionnaire = snapshot.content
    if questionnaire.hash != snapshot.hash:
        faults.add(
            WHOLE_FILE,
            f"says it is {snapshot.hash}, but its content is {questionnaire.hash}; restore the file as published",
        )
    expected = snapshot_path(path.parent.parent, questionnaire.id, questionnaire.version).name
    if path.name != expected:
        faults.add(WHOLE_FILE, f"holds {questionnaire.id} version {questionnaire.version}; name it {expected}")


def check_unchanged(questionnaire: ReadFile[Questionnaire], snapshot: ReadFile[Snapshot]) -> None:
    """Add a fault where a published version is not what was published."""
    now, published = questionnaire.made, snapshot.made
    if snapshot.faults or published is None:
        questionnaire.faults.add(WHOLE_FILE, f"is published, but {snapshot.path} is damaged; restore that file")
    elif now is not None and not questionnaire.faults and now.hash != published.hash:
        questionnaire.faults.add(
            WHOLE_FILE,
            f"version {now.version} was published as {published.hash} and is now {now.hash}; "
            "restore the file and its framework.yaml, or raise “version”",
        )
