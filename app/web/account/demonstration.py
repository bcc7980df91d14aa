"""Stepping in as an invented person at the demonstration."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response

from app.dependencies import DatabaseDep, Demonstration, MaybeActorDep, Now, TokenKeysDep
from app.domain.errors import NotFoundError
from app.services import demonstration as demonstrating
from app.services import signing_in
from app.web import paths
from app.web.account.pages import DemonstrationPage, Hat
from app.web.account.signing_in import NextQuery
from app.web.arriving import ArriveDep, keep_local
from app.web.forms import Form, reads
from app.web.pages import Link
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

StepInForm = Annotated[Form, Depends(reads("person", "next"))]


@router.get(paths.DEMONSTRATION)
def demonstration_page(
    show: ShowDep, database: DatabaseDep, actor: MaybeActorDep, demonstration: Demonstration, go_to: NextQuery = ""
) -> HTMLResponse:
    """Anyone, in the demonstration only: whom to step in as."""
    _check_demonstration(demonstration=demonstration)
    hats = demonstrating.list_hats(database)
    first = {hat.person_id for hat in hats}
    everyone = signing_in.list_people(database)
    return show(
        "account/demonstration.html",
        DemonstrationPage(
            title="Step in as an invented person",
            back=Link("Back", paths.ASSESSMENTS if actor else paths.START),
            hats=tuple(
                Hat(person_id=str(hat.person_id), who=f"{hat.name}: {hat.what}", text=hat.suggestion) for hat in hats
            ),
            others=tuple(
                Hat(person_id=str(person_id), who=name, text=organisation or "central team")
                for person_id, name, organisation in everyone
                if person_id not in first
            ),
            next=keep_local(go_to),
        ),
    )


@router.post(paths.DEMONSTRATION)
def step_in(
    arrive: ArriveDep,
    database: DatabaseDep,
    now: Now,
    keys: TokenKeysDep,
    form: StepInForm,
    demonstration: Demonstration,
) -> Response:
    """Anyone, in the demonstration only: signs in as an invented person."""
    _check_demonstration(demonstration=demonstration)
    return arrive(signing_in.step_in(database, _person_id(form), now, keys), form.get("next"))


def _check_demonstration(*, demonstration: bool) -> None:
    if not demonstration:
        raise NotFoundError("There is no demonstration here")


def _person_id(form: Form) -> UUID:
    try:
        return UUID(form.get("person"))
    except ValueError:
        raise NotFoundError("There is no such person") from None
