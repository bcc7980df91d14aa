"""The list of partnerships, and each with its footprint and the organisations that join and leave."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.organisations import kind_words
from app.domain.set_up import Member
from app.renderings.words import count
from app.services.setting_up import partnerships
from app.services.setting_up.partnerships import WholePartnership
from app.services.setting_up.refusals import Refused
from app.services.setting_up.rights import check_set_up
from app.web.central import addresses
from app.web.central.lists import ROWS, Listing, PageQuery, WordsQuery, make_list_page, tidy_words
from app.web.central.organisations import field_errors
from app.web.central.pages import ListedThing, MemberRow, NamePage, PartnershipSetUpPage
from app.web.forms import Form, reads
from app.web.pages import Link
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.viewing import NOTES_VIEW
from app.web.words import date_words

router = make_router()

NameForm = Annotated[Form, Depends(reads("name"))]
PARTNERSHIP = addresses.PARTNERSHIPS + "/{partnership_id}"
BACK = Link("Back to the partnerships", addresses.PARTNERSHIPS)
ADD = Link("Add a partnership", addresses.adding(addresses.PARTNERSHIPS))
NAME_HINT = "As its people know it, such as Larkminster Together"

LISTING: Final = Listing(
    title="Partnerships",
    lead="A partnership is organisations that work together, and the areas it covers. "
    "Partnerships may cover the same areas.",
    things=addresses.PARTNERSHIPS,
    one="partnership",
    columns=("Partnership", "Areas", "Organisations"),
    add=ADD,
    empty="There are no partnerships yet. Import areas and organisations first, then partnerships from a file; "
    "or add one.",
)


@router.get(addresses.PARTNERSHIPS)
def partnerships_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, search: WordsQuery = "", page: PageQuery = 1
) -> HTMLResponse:
    """Central administrators: the partnerships, with how many areas and organisations each has."""
    words = tidy_words(search)
    found, total = partnerships.search(database, actor, words, (page - 1) * ROWS, ROWS)
    return show(
        "central/list.html",
        make_list_page(
            LISTING,
            (
                ListedThing(
                    name=one.name,
                    href=addresses.partnership(one.id),
                    details=(str(one.areas), str(one.organisations)),
                )
                for one in found
            ),
            words,
            page,
            total,
        ),
    )


@router.get(addresses.adding(addresses.PARTNERSHIPS))
def add_partnership_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for the name of a new partnership."""
    check_set_up(actor)
    return show("central/name.html", _add_page(""))


@router.post(addresses.adding(addresses.PARTNERSHIPS))
def add_partnership(form: NameForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> Response:
    """Central administrators: adds a partnership, then leads to its areas and organisations."""
    added = partnerships.add(database, actor, form.get("name"), now)
    if isinstance(added, Refused):
        return show("central/name.html", _add_page(form.get("name"), added), 422)
    return RedirectResponse(addresses.partnership(added.id), 303)


@router.get(PARTNERSHIP, dependencies=[NOTES_VIEW])
def partnership_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, partnership_id: UUID) -> HTMLResponse:
    """Central administrators: a partnership with its areas and organisations, those that have left included."""
    found = partnerships.get(database, actor, partnership_id)
    here = addresses.partnership(partnership_id)
    return show(
        "central/partnership.html",
        PartnershipSetUpPage(
            title=f"{found.name}: areas and organisations",
            back=BACK,
            rename=f"{here}/name",
            areas=tuple(f"{name} ({code})" for code, name in found.areas),
            change_areas=f"{here}/areas",
            members=tuple(_member_row(found, member) for member in found.current),
            left=tuple(_member_row(found, member) for member in found.members if member.left_at),
            join=f"{here}/organisations",
            people=Link("People: its coordinators, and who is invited", f"/partnerships/{partnership_id}"),
        ),
    )


@router.get(PARTNERSHIP + "/name", dependencies=[NOTES_VIEW])
def rename_partnership_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, partnership_id: UUID
) -> HTMLResponse:
    """Central administrators: asks for another name of a partnership."""
    found = partnerships.get(database, actor, partnership_id)
    return show("central/name.html", _rename_page(found, found.name))


@router.post(PARTNERSHIP + "/name")
def rename_partnership(
    form: NameForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID
) -> Response:
    """Central administrators: gives a partnership another name."""
    renamed = partnerships.rename(database, actor, partnership_id, form.get("name"), now)
    if isinstance(renamed, Refused):
        found = partnerships.get(database, actor, partnership_id)
        return show("central/name.html", _rename_page(found, form.get("name"), renamed), 422)
    return RedirectResponse(addresses.partnership(partnership_id), 303)


def _add_page(name: str, refused: Refused | None = None) -> NamePage:
    return NamePage(
        title="Add a partnership",
        back=BACK,
        errors=field_errors(refused),
        label="Name of the partnership",
        hint=NAME_HINT,
        name=name,
        action=ADD.href,
        button="Add the partnership",
    )


def _rename_page(found: WholePartnership, name: str, refused: Refused | None = None) -> NamePage:
    here = addresses.partnership(found.id)
    return NamePage(
        title=f"Change the name of {found.name}",
        back=Link("Back to the partnership", here),
        errors=field_errors(refused),
        label="Name of the partnership",
        hint=NAME_HINT,
        name=name,
        action=f"{here}/name",
        button="Save the name",
    )


def _member_row(found: WholePartnership, member: Member) -> MemberRow:
    done = [kind_words(member.kind)]
    if member.left_at:
        done.append(f"left on {date_words(member.left_at)}")
        if member.replaced_by:
            done.append(f"followed by {member.replaced_by}")
    if member.submitted:
        done.append(f"{count(member.submitted, 'assessment')} submitted")
    if member.in_progress:
        done.append(f"{member.in_progress} in progress")
    return MemberRow(
        name=member.name,
        detail=", ".join(done),
        leave="" if member.left_at else addresses.leaving(found.id, member.organisation_id),
    )
