"""What the pages that partners share are made with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Demonstration, Now
from app.domain.access import Actor
from app.services import Database
from app.web.templating import Show, ShowDep


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, when, and everything to answer with."""

    show: Show
    database: Database
    catalogue: Catalogue
    actor: Actor
    now: datetime
    demonstration: bool


async def get_desk(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    demonstration: Demonstration,
) -> Desk:
    """Give everything to whoever is signed in."""
    return Desk(show, database, catalogue, actor, now, demonstration)


DeskDep = Annotated[Desk, Depends(get_desk)]
