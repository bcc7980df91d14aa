"""The list of organisations, adding one and changing one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.organisations import KIND_WORDS, kind_words
from app.services.setting_up import organisations
from app.services.setting_up.refusals import Refused
from app.services.setting_up.rights import check_set_up
from app.web.central import addresses
from app.web.central.lists import ROWS, Listing, PageQuery, WordsQuery, make_list_page, tidy_words
from app.web.central.pages import ListedThing, Option, OrganisationFormPage
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

OrganisationForm = Annotated[Form, Depends(reads("name", "kind"))]
ORGANISATION = addresses.ORGANISATIONS + "/{organisation_id}"
BACK = Link("Back to the organisations", addresses.ORGANISATIONS)
ADD = Link("Add an organisation", addresses.adding(addresses.ORGANISATIONS))

LISTING: Final = Listing(
    title="Organisations",
    lead="Organisations are bodies that assess themselves: councils, NHS trusts, charities and others.",
    things=addresses.ORGANISATIONS,
    one="organisation",
    columns=("Organisation", "Kind", "Partnerships"),
    add=ADD,
    empty="There are no organisations yet. Import them from a file, or add one.",
)


@router.get(addresses.ORGANISATIONS)
def organisations_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, search: WordsQuery = "", page: PageQuery = 1
) -> HTMLResponse:
    """Central administrators: the organisations, with how many partnerships each is in."""
    words = tidy_words(search)
    found, total = organisations.search(database, actor, words, (page - 1) * ROWS, ROWS)
    return show(
        "central/list.html",
        make_list_page(
            LISTING,
            (
                ListedThing(
                    name=one.name,
                    href=addresses.organisation(one.id),
                    details=(kind_words(one.kind), str(one.partnerships)),
                )
                for one in found
            ),
            words,
            page,
            total,
        ),
    )


@router.get(addresses.adding(addresses.ORGANISATIONS))
def add_organisation_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for name and kind of a new organisation."""
    check_set_up(actor)
    return show("central/organisation.html", _form_page(None, "", ""))


@router.post(addresses.adding(addresses.ORGANISATIONS))
def add_organisation(
    form: OrganisationForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now
) -> Response:
    """Central administrators: adds an organisation."""
    added = organisations.add(database, actor, form.get("name"), form.get("kind"), now)
    if isinstance(added, Refused):
        return show("central/organisation.html", _form_page(None, form.get("name"), form.get("kind"), added), 422)
    return RedirectResponse(addresses.ORGANISATIONS, 303)


@router.get(ORGANISATION)
def organisation_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, organisation_id: UUID) -> HTMLResponse:
    """Central administrators: name and kind of an organisation, to change them."""
    found = organisations.get(database, actor, organisation_id)
    return show("central/organisation.html", _form_page(organisation_id, found.name, found.kind, known=found.name))


@router.post(ORGANISATION)
def change_organisation(
    form: OrganisationForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, organisation_id: UUID
) -> Response:
    """Central administrators: changes name or kind of an organisation."""
    changed = organisations.change(database, actor, organisation_id, form.get("name"), form.get("kind"), now)
    if isinstance(changed, Refused):
        known = organisations.get(database, actor, organisation_id).name
        page = _form_page(organisation_id, form.get("name"), form.get("kind"), changed, known)
        return show("central/organisation.html", page, 422)
    return RedirectResponse(addresses.ORGANISATIONS, 303)


def _form_page(
    organisation_id: UUID | None, name: str, kind: str, refused: Refused | None = None, known: str = ""
) -> OrganisationFormPage:
    return OrganisationFormPage(
        title=f"Change {known}" if organisation_id else "Add an organisation",
        back=BACK,
        errors=field_errors(refused),
        name=name,
        kinds=tuple(Option(value=one, text=words, checked=one == kind) for one, words in KIND_WORDS.items()),
        action=addresses.organisation(organisation_id) if organisation_id else ADD.href,
        button="Save the organisation" if organisation_id else "Add the organisation",
    )


def field_errors(refused: Refused | None) -> tuple[FieldError, ...]:
    """Give what was refused as the page shows it."""
    return tuple(FieldError(fault.field, fault.text) for fault in refused.faults) if refused else ()
