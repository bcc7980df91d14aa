"""Looking at a partnership from outside it: recorded before anything is shown."""

from typing import Final
from uuid import UUID

from fastapi import Depends

from app.dependencies import ActorDep, DatabaseDep, Now
from app.services import following


def note_view(database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID) -> None:
    """Record that somebody looks at the partnership of the path, unless they coordinate it."""
    following.note_view(database, actor, partnership_id, now)


NOTES_VIEW: Final = Depends(note_view)
"""For pages on a partnership: `dependencies=[NOTES_VIEW]`."""
