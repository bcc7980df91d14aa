"""What the pages that partners share are made with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.access import Actor, Deed, can
from app.services import Database
from app.web import paths
from app.web.pages import Link
from app.web.templating import Show, ShowDep


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, when, and everything to answer with."""

    show: Show
    database: Database
    catalogue: Catalogue
    actor: Actor
    now: datetime


async def get_desk(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
) -> Desk:
    """Give everything to whoever is signed in."""
    return Desk(show, database, catalogue, actor, now)


DeskDep = Annotated[Desk, Depends(get_desk)]


def find_back(actor: Actor, partnership_id: UUID) -> Link:
    """Lead back to where somebody came from."""
    if can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id):
        return Link("Back to the partnership", paths.partnership(partnership_id))
    return Link("Back to your assessments", paths.ASSESSMENTS)
