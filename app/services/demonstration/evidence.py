"""The one file of evidence in the demonstration."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.domain.evidence import MEDIA_TYPES, FileKind
from app.domain.records import AssessmentKey
from app.services.demonstration.draws import make_id
from app.services.demonstration.places import Person

FILE: Final = Path(__file__).parent / "data" / "shared-picture.csv"


def make_file_row(key: AssessmentKey, question_id: str, added_by: Person, at: datetime) -> dict[str, Any]:
    """Make the row of a file that somebody added to a question."""
    content = FILE.read_bytes()
    return {
        "partnership_id": key.partnership_id,
        "assessment_id": key.assessment_id,
        "id": make_id(at, "evidence", str(key.assessment_id)),
        "question_id": question_id,
        "name": "dashboards.csv",
        "media_type": MEDIA_TYPES[FileKind.CSV],
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": content,
        "added_by": added_by.id,
        "added_at": at,
    }
