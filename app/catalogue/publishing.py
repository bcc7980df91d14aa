"""Publishing a version: its whole content is frozen in a file beside the framework, under its hash."""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.catalogue.faults import WHOLE_FILE, CatalogueError, Fault
from app.catalogue.folder import load_questionnaire_file
from app.catalogue.snapshots import read_snapshot, snapshot_path
from app.domain.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published, and where it is kept."""

    questionnaire: Questionnaire
    path: Path
    published: date
    is_new: bool
    """False where the same content had been published before; nothing was written then."""


def publish(path: Path, today: date) -> Publication:
    """Freeze the version in a file; raise `CatalogueError` where it is faulty, or published with other content."""
    questionnaire = load_questionnaire_file(path)  # refuses content other than what was published
    snapshot_file = snapshot_path(path.parent, questionnaire.id, questionnaire.version)
    if snapshot_file.exists():
        return Publication(questionnaire, snapshot_file, _published_on(snapshot_file), is_new=False)
    snapshot = {"hash": questionnaire.hash, "published": today.isoformat(), "content": questionnaire.content}
    try:
        _write_whole(snapshot_file, json.dumps(snapshot, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        words = f"cannot be written ({error.strerror}); check the permissions of its folder"
        raise CatalogueError([Fault(str(snapshot_file), *WHOLE_FILE, words)]) from None
    return Publication(questionnaire, snapshot_file, today, is_new=True)


def _published_on(snapshot_file: Path) -> date:
    snapshot = read_snapshot(snapshot_file)
    if snapshot.made is None:
        raise CatalogueError(snapshot.faults.all())
    return snapshot.made.published


def _write_whole(path: Path, text: str) -> None:
    """Write a file under a temporary name, read it back, and only then give it its own: it is whole or not there."""
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".publishing-", dir=path.parent) as folder:
        draft = Path(folder) / path.parent.name / path.name
        draft.parent.mkdir()
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft_read = read_snapshot(draft)
        if draft_read.faults:
            raise CatalogueError(draft_read.faults.all())
        draft.chmod(0o644)
        draft.replace(path)
