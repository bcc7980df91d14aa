"""Importing areas, what is known of them, organisations, partnerships and rounds from files, in one manner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.access import Actor
from app.domain.indicators import UNIT_OF
from app.domain.organisations import OrganisationKind
from app.domain.rounds import SignOff
from app.domain.values import one_line
from app.renderings.words import count
from app.services.setting_up.areas import import_areas
from app.services.setting_up.indicators import import_indicators
from app.services.setting_up.neighbours import import_neighbours
from app.services.setting_up.organisations import import_organisations
from app.services.setting_up.partnership_files import import_partnerships
from app.services.setting_up.rights import check_set_up
from app.services.setting_up.round_files import import_rounds
from app.services.setting_up.tables import Faulty, Imported
from app.web.central import addresses
from app.web.central.pages import FileColumn, FileFault, ImportedPage, ImportPage
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.templating import Show, ShowDep

router = make_router()

FileForm = Annotated[Form, Depends(reads(file="file"))]


@dataclass(frozen=True, slots=True)
class Importing:
    """What the page of one kind of file says."""

    one: str
    things: str
    lead: str
    columns: tuple[tuple[str, str], ...]
    example: str
    following: Link
    row: str = ""
    """What one row is, where it is not one of the things."""

    @property
    def counted(self) -> str:
        """What is new, changed or as it was."""
        return self.row or self.one


OF_AREAS: Final = Importing(
    one="area",
    things=addresses.AREAS,
    lead="You can give mySociety’s list of UK local authorities, or a file of names and codes from the Office for "
    "National Statistics, as it is. For other areas, write a file with these columns:",
    columns=(
        ("code", "the official code, such as E06000001"),
        ("name", "the name of the place"),
        ("kind", "optional: what it is, such as district; known codes say so themselves"),
        ("valid_from, valid_to", "optional: the first and last day of the code, such as 2023-03-31"),
        ("successors", "optional: the codes that took its place, with semicolons between"),
        ("region", "optional: the name of the region it lies in"),
    ),
    example="code,name,valid_to,successors,region\n"
    "E07000026,Allerdale,2023-03-31,E06000063,North West\nE06000063,Cumberland,,,North West",
    following=Link("Next: organisations", addresses.ORGANISATIONS),
)
OF_INDICATORS: Final = Importing(
    one="indicator",
    things=addresses.INDICATORS,
    lead="Write a file with these columns, one row for each figure. Retired codes become their successors where there "
    "is one; figures of other years stay.",
    columns=(
        ("area_code", "the official code, such as E06000001; the area has to be there"),
        ("indicator", f"{', '.join(UNIT_OF)} or a name of your own, in small letters and hyphens"),
        (
            "year",
            (
                "in four figures, such as 2024; of a financial year, the one in which it begins. In one file, "
                "each indicator is of one year"
            ),
        ),
        ("value", "the figure alone: a point before decimals, no sign between thousands"),
        ("unit", f"{', '.join(UNIT_OF.values())}; of your own indicators, one for all values"),
    ),
    example="area_code,indicator,year,value,unit\nE06000063,population,2024,279704,people\n"
    "E06000063,deprivation,2025,21.4,score\nE06000063,spend,2024,301250000,pounds",
    following=Link("Go on with the set-up", addresses.SET_UP),
    row="figure",
)
OF_NEIGHBOURS: Final = Importing(
    one="nearest neighbour",
    things=addresses.NEIGHBOURS,
    lead="Write a file with these columns. The neighbours of every area in the file become those that it names; areas "
    "that it does not name keep theirs.",
    columns=(
        ("area_code", "the official code, such as E06000001; the area has to be there"),
        ("neighbour_code", "the code of an area that is like it"),
        ("rank", "a whole number from 1, the nearest; each once for an area"),
    ),
    example="area_code,neighbour_code,rank\nE06000063,E06000064,1\nE06000063,E06000065,2",
    following=Link("Go on with the set-up", addresses.SET_UP),
)
OF_ORGANISATIONS: Final = Importing(
    one="organisation",
    things=addresses.ORGANISATIONS,
    lead="Write a file with these columns:",
    columns=(
        ("name", "the name of the organisation"),
        ("kind", f"one of {', '.join(OrganisationKind)}"),
    ),
    example="name,kind\nLarkminster City Council,council\nLarkminster Hospitals NHS Trust,nhs-trust",
    following=Link("Next: partnerships", addresses.PARTNERSHIPS),
)
OF_PARTNERSHIPS: Final = Importing(
    one="partnership",
    things=addresses.PARTNERSHIPS,
    lead="Write a file with these columns. A partnership may stand on several rows: what they say adds up.",
    columns=(
        ("name", "the name of the partnership"),
        ("areas", "optional: codes of its areas, with semicolons between; retired codes become their successors"),
        ("organisations", "optional: names of its organisations as they were imported, with semicolons between"),
    ),
    example="name,areas,organisations\nLarkminster Together,E06000063,"
    "Larkminster City Council;Larkminster Hospitals NHS Trust",
    following=Link("Next: people", addresses.PEOPLE),
)
OF_ROUNDS: Final = Importing(
    one="round",
    things=addresses.ROUNDS,
    lead="Write a file with these columns. Each round is a draft that partners do not see, until you confirm it.",
    columns=(
        ("title", "what the round is called"),
        ("questionnaire", "its id, such as local-partners"),
        ("version", "optional: without it, the newest that is published"),
        ("opens, closes", "date and time in UK time, such as 2026-11-02 09:00"),
        ("sign_off", f"optional: one of {', '.join(SignOff)}"),
        ("threshold", "optional: how many must contribute before a figure is published; 10 without it, 5 at least"),
        ("partnerships", "names with semicolons between, or all"),
    ),
    example="title,questionnaire,opens,closes,sign_off,partnerships\n"
    "Autumn round 2026,local-partners,2026-11-02 09:00,2026-12-11 17:00,certifier,all",
    following=Link("Check and confirm the rounds", addresses.ROUNDS),
)


@router.get(addresses.importing(addresses.AREAS))
def import_areas_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for a file of areas."""
    check_set_up(actor)
    return _show_form(show, OF_AREAS)


@router.post(addresses.importing(addresses.AREAS))
def take_areas(form: FileForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: imports a file of areas, all or nothing."""
    return _take(show, actor, OF_AREAS, form, lambda data: import_areas(database, actor, data, now))


@router.get(addresses.importing(addresses.INDICATORS))
def import_indicators_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for a file of indicators."""
    check_set_up(actor)
    return _show_form(show, OF_INDICATORS)


@router.post(addresses.importing(addresses.INDICATORS))
def take_indicators(form: FileForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: imports a file of indicators, all or nothing."""
    return _take(show, actor, OF_INDICATORS, form, lambda data: import_indicators(database, actor, data, now))


@router.get(addresses.importing(addresses.NEIGHBOURS))
def import_neighbours_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for a file of nearest neighbours."""
    check_set_up(actor)
    return _show_form(show, OF_NEIGHBOURS)


@router.post(addresses.importing(addresses.NEIGHBOURS))
def take_neighbours(form: FileForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: imports a file of nearest neighbours, all or nothing."""
    return _take(show, actor, OF_NEIGHBOURS, form, lambda data: import_neighbours(database, actor, data, now))


@router.get(addresses.importing(addresses.ORGANISATIONS))
def import_organisations_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for a file of organisations."""
    check_set_up(actor)
    return _show_form(show, OF_ORGANISATIONS)


@router.post(addresses.importing(addresses.ORGANISATIONS))
def take_organisations(form: FileForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: imports a file of organisations, all or nothing."""
    return _take(show, actor, OF_ORGANISATIONS, form, lambda data: import_organisations(database, actor, data, now))


@router.get(addresses.importing(addresses.PARTNERSHIPS))
def import_partnerships_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for a file of partnerships."""
    check_set_up(actor)
    return _show_form(show, OF_PARTNERSHIPS)


@router.post(addresses.importing(addresses.PARTNERSHIPS))
def take_partnerships(form: FileForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: imports a file of partnerships, all or nothing."""
    return _take(show, actor, OF_PARTNERSHIPS, form, lambda data: import_partnerships(database, actor, data, now))


@router.get(addresses.importing(addresses.ROUNDS))
def import_rounds_page(show: ShowDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks for a file of rounds."""
    check_set_up(actor)
    return _show_form(show, OF_ROUNDS)


@router.post(addresses.importing(addresses.ROUNDS))
def take_rounds(
    form: FileForm, show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now
) -> HTMLResponse:
    """Central administrators: imports a file of rounds as drafts, all or nothing."""
    return _take(show, actor, OF_ROUNDS, form, lambda data: import_rounds(database, catalogue, actor, data, now))


def _take(
    show: Show, actor: Actor, importing: Importing, form: Form, do_import: Callable[[bytes], Imported | Faulty]
) -> HTMLResponse:
    check_set_up(actor)
    name = one_line(form.file.name) if form.file else ""
    result = do_import(form.file.content) if form.file else Faulty(())
    if isinstance(result, Faulty):
        return _show_form(show, importing, name, result)
    return show(
        "central/imported.html",
        ImportedPage(
            title=f"{count(result.added + result.changed + result.same, importing.counted).capitalize()} in {name}",
            back=Link(f"Back to the {importing.one}s", importing.things),
            summary=_summarise(result),
            notes=tuple(f"{note}." for note in result.notes),
            links=(Link(f"See the {importing.one}s", importing.things), importing.following),
        ),
    )


def _summarise(result: Imported) -> str:
    if not result.added and not result.changed:
        return "Everything in the file was there already. Nothing was changed."
    return f"{result.added} added, {result.changed} changed, {result.same} as they were."


def _show_form(show: Show, importing: Importing, name: str = "", faulty: Faulty | None = None) -> HTMLResponse:
    faults = tuple(FileFault(line=fault.line, text=fault.text) for fault in faulty.faults) if faulty else ()
    errors: tuple[FieldError, ...] = ()
    if faults:
        text = f"{name}: {count(len(faults), 'fault')}. Nothing was imported. Mend the file, then choose it again"
        errors = (FieldError("file", text),)
    elif faulty:
        errors = (FieldError("file", "Choose a file"),)
    return show(
        "central/import.html",
        ImportPage(
            title=f"Import {importing.one}s",
            back=Link(f"Back to the {importing.one}s", importing.things),
            errors=errors,
            lead=importing.lead,
            columns=tuple(FileColumn(name=column, text=text) for column, text in importing.columns),
            example=importing.example,
            action=addresses.importing(importing.things),
            button=f"Import the {importing.one}s",
            file=name,
            faults=faults,
        ),
        422 if faulty else 200,
    )
