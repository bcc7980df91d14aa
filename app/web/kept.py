"""What somebody typed on a page before they were signed out: shown again there, until they save or discard it.

The page's form sends the hidden field `kept` along, so that only saving what was shown forgets it.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from app.dependencies import ActorDep, DatabaseDep
from app.domain.access import Actor
from app.services import Database, holding
from app.web.forms import Form

KEPT: Final = "kept"
YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the actor typed on this page, if anything is kept."""

    database: Database
    actor: Actor
    path: str

    def find(self) -> Form | None:
        """Find the form as it was sent, marked as kept."""
        fields = holding.find_typed(self.database, self.actor, self.path)
        return Form({**fields, KEPT: YES}) if fields else None

    def settle(self, form: Form) -> None:
        """Forget what is kept, where the form that has been saved is what was kept."""
        if form.get(KEPT) == YES:
            holding.drop(self.database, self.actor, self.path)


def get_kept(request: Request, database: DatabaseDep, actor: ActorDep) -> Kept:
    """Give what the actor typed on this page."""
    return Kept(database, actor, request.url.path)


KeptDep = Annotated[Kept, Depends(get_kept)]
