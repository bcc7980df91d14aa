"""What every page of the plan takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.access import Actor
from app.services import Database
from app.services.progressing import Progress
from app.web.forms import Form, read_number
from app.web.templating import Show, ShowDep


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """Everything that the pages of the plan take, whoever is signed in."""

    show: Show
    database: Database
    catalogue: Catalogue
    actor: Actor
    now: datetime


async def get_desk(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now
) -> PlanDesk:
    """Give everything that the pages of the plan take, to whoever is signed in."""
    return PlanDesk(show, database, catalogue, actor, now)


PlanDeskDep = Annotated[PlanDesk, Depends(get_desk)]
NOTE_FIELDS: Final = ("note", "status", "seen", "kept")
NOTHING: Final = Form({})


def read_progress(form: Form) -> Progress:
    """Take a note out of its form."""
    return Progress(text=form.get("note"), status=form.get("status"), seen=read_number(form, "seen"))


def read_id(text: str) -> UUID | None:
    """Read an id; `None` where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
