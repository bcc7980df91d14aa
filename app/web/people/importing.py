"""Inviting many people from a CSV file: centrally anybody, in a partnership its leads and coordinators."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse

from app.domain.inviting import Within
from app.domain.values import one_line
from app.renderings.words import count
from app.services import inviting_files, people
from app.services.inviting import check_within
from app.services.setting_up.tables import Faulty
from app.web.central.addresses import ROUNDS
from app.web.central.pages import FileColumn, FileFault, ImportedPage, ImportPage
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link
from app.web.people import addresses
from app.web.people.desk import EVERYWHERE, Desk, DeskDep, PartnershipDep
from app.web.routing import make_router
from app.web.viewing import NOTES_VIEW

router = make_router()

FileForm = Annotated[Form, Depends(reads("again", file="file"))]
CENTRAL = addresses.import_people(EVERYWHERE)
OF_PARTNERSHIP = f"{addresses.IN_PARTNERSHIP}/people/import"
EMAIL = FileColumn(name="email", text="Where the invitation goes to")
NAME = FileColumn(name="name", text="What you call them; may be empty")
CENTRAL_COLUMNS = (
    EMAIL,
    FileColumn(
        name="role",
        text="contributor, lead, certifier, coordinator, central-analyst or central-administrator",
    ),
    FileColumn(name="organisation", text="Of a contributor, lead or certifier; else empty"),
    FileColumn(name="partnership", text="Of a coordinator; may stand beside an organisation, too"),
    NAME,
)
CENTRAL_EXAMPLE = (
    "email,role,organisation,partnership,name\n"
    "a.lead@council.example,lead,Harrow Vale Council,,A Lead\n"
    "b.coordinator@vale.example,coordinator,,Upper Harrow Vale,"
)
COLUMNS = (
    EMAIL,
    FileColumn(name="role", text="lead or coordinator"),
    FileColumn(name="organisation", text="Of a lead: one that is in your partnership; else empty"),
    NAME,
)
EXAMPLE = (
    "email,role,organisation,name\n"
    "a.lead@council.example,lead,Harrow Vale Council,A Lead\n"
    "b.coordinator@vale.example,coordinator,,"
)


@router.get(CENTRAL)
def central_page(desk: DeskDep) -> HTMLResponse:
    """Central administrators: where a file of people is chosen."""
    check_within(desk.actor, EVERYWHERE)
    return _show(desk, EVERYWHERE)


@router.post(CENTRAL)
def import_centrally(form: FileForm, desk: DeskDep) -> HTMLResponse:
    """Central administrators: invites everybody of a file, or nobody and says what is wrong with it."""
    check_within(desk.actor, EVERYWHERE)
    return _take(desk, EVERYWHERE, form)


@router.get(OF_PARTNERSHIP, dependencies=[NOTES_VIEW])
def partnership_page(desk: DeskDep, within: PartnershipDep, partnership_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: where a file of people is chosen."""
    return _show(desk, within, _name(desk, partnership_id))


@router.post(OF_PARTNERSHIP)
def import_into_partnership(
    form: FileForm, desk: DeskDep, within: PartnershipDep, partnership_id: UUID
) -> HTMLResponse:
    """Coordinators of the partnership: invites everybody of a file, or nobody and says what is wrong with it."""
    return _take(desk, within, form, _name(desk, partnership_id))


def _name(desk: Desk, partnership_id: UUID) -> str:
    return people.list_coordinators(desk.database, desk.actor, partnership_id).name


def _take(desk: Desk, within: Within, form: Form, place: str = "") -> HTMLResponse:
    if form.file is None:
        return _show(desk, within, place, form, errors=(FieldError("file", "Choose a file"),))
    result = inviting_files.import_invitations(
        desk.database,
        desk.actor,
        form.file.content,
        desk.now,
        desk.keys,
        within.partnership_id,
        again=form.get("again") == "yes",
    )
    if isinstance(result, Faulty):
        return _show(desk, within, place, form, result)
    notes = []
    if result.left_alone:
        were = "was" if result.left_alone == 1 else "were"
        notes.append(f"{result.left_alone} {were} invited before; nothing was sent to them")
    if result.sent_again:
        notes.append(f"{count(result.sent_again, 'person', 'people')} had been invited before, and got a new link")
    if result.had_role:
        notes.append(f"{count(result.had_role, 'person', 'people')} had the role already, and got no mail")
    back = addresses.people(within)
    return desk.show(
        "central/imported.html",
        ImportedPage(
            title="The file was imported",
            back=Link("Back", back),
            summary=f"{count(result.invited, 'person', 'people')} invited",
            notes=tuple(notes),
            links=(Link("See who is invited", back),)
            if within.partnership_id
            else (Link("See who is invited", addresses.SET_UP_INVITATIONS), Link("Next: rounds", ROUNDS)),
        ),
    )


def _show(
    desk: Desk,
    within: Within,
    place: str = "",
    form: Form | None = None,
    faulty: Faulty | None = None,
    errors: tuple[FieldError, ...] = (),
) -> HTMLResponse:
    faults = tuple(FileFault(line=fault.line, text=fault.text) for fault in faulty.faults) if faulty else ()
    if faults:
        errors = (FieldError("file", f"Nobody was invited: the file has {count(len(faults), 'fault')}"),)
    return desk.show(
        "central/import.html",
        ImportPage(
            title="Invite people from a file" + (f" to {place}" if place else ""),
            back=Link("Back", addresses.people(within)),
            errors=errors,
            lead="Each row invites one person to one role. The mails go out at once. Whoever has the role already, or "
            "was invited before, gets no mail.",
            columns=COLUMNS if within.partnership_id else CENTRAL_COLUMNS,
            example=EXAMPLE if within.partnership_id else CENTRAL_EXAMPLE,
            action=addresses.import_people(within),
            button="Invite these people",
            file=one_line(form.file.name) if form and form.file else "",
            faults=faults,
            sends_mail=True,
            again=form is not None and form.get("again") == "yes",
        ),
        422 if errors else 200,
    )
