"""Looking at a partnership from outside it: recorded before anything is shown."""

from typing import Final
from uuid import UUID

from fastapi import Depends

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.access import Deed, can
from app.services import following


def note_view(database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID) -> None:
    """Record that somebody looks at the partnership of the path, unless they coordinate it. The page itself refuses."""
    if can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id):
        following.note_view(database, actor, partnership_id, now)


NOTES_VIEW: Final = Depends(note_view)
"""For pages on a partnership: `dependencies=[NOTES_VIEW]`."""
