"""Saying whether something of the learning library helped."""

from collections.abc import Iterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.learning import LearningPoint
from app.domain.learning_marks import Item, ItemKind, Mark
from app.renderings.words import count, one_line
from app.services import marking
from app.services.marking import Marking, list_items
from app.web.forms import Form, reads
from app.web.pages import Choice, Link, Tag
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.action_desk import PlanDeskDep, read_id
from app.web.together.exchange_pages import MarkGroup, MarkPage, MarkQuestion, MarkRow, MarksPage
from app.web.together.exchange_words import say_helpful

router = make_router()

MOST_ITEMS: Final = 20
"""A point and its resources: more than any library has."""
MARK_FIELDS: Final = tuple(f"mark-{number}" for number in range(MOST_ITEMS))
MarkForm = Annotated[Form, Depends(reads(*MARK_FIELDS, "point", "organisation"))]
OPTIONS: Final = (
    ("", "We have not used it"),
    (Mark.USED.value, "We have used it"),
    (Mark.HELPFUL.value, "We have used it, and it helped"),
)
TAGS: Final = {Mark.USED: Tag(text="Used", colour="blue"), Mark.HELPFUL: Tag(text="It helped", colour="green")}


@router.get(addresses.LEARNING_MARKS)
def marks_page(desk: PlanDeskDep, partnership_id: UUID, point: str = "", organisation: str = "") -> HTMLResponse:
    """Leads of the organisation: what it says of the learning library, or of one point of it; coordinators, too."""
    here = desk.database, desk.catalogue, desk.actor, partnership_id
    found = marking.open_marking(*here, read_id(organisation), desk.now)
    if point and found.organisation:
        return desk.show("together/mark.html", _make_form(found, found.find_point(point), partnership_id))
    return desk.show("together/marks.html", _make_list(found, partnership_id, point))


@router.post(addresses.LEARNING_MARKS)
def save_marks(form: MarkForm, desk: PlanDeskDep, partnership_id: UUID) -> Response:
    """Leads of the organisation: says whether a learning point and its resources helped; coordinators, too."""
    organisation = read_id(form.get("organisation"))
    said = [form.get(field) for field in MARK_FIELDS]
    here = desk.database, desk.catalogue, desk.actor, partnership_id
    marking.mark(*here, form.get("point"), organisation, said, desk.now)
    return RedirectResponse(addresses.learning_marks(partnership_id, organisation_id=organisation), 303)


def _make_list(found: Marking, partnership_id: UUID, point: str) -> MarksPage:
    """Make the list of all points; where it is not clear for whom one speaks, that is chosen first."""
    chosen = found.organisation
    return MarksPage(
        title=f"What helped: {chosen[1] if chosen else found.partnership}",
        back=Link("Back to the action plan", addresses.actions(partnership_id)),
        caption=one_line(chosen[1] if chosen else found.partnership),
        organisations=()
        if chosen
        else tuple(
            Link(one_line(name), addresses.learning_marks(partnership_id, point, each))
            for each, name in found.organisations
        ),
        groups=tuple(_list_groups(found, partnership_id)) if chosen else (),
    )


def _list_groups(found: Marking, partnership_id: UUID) -> Iterator[MarkGroup]:
    for enabler in found.framework.enablers:
        points = [point for point in found.library.points if point.enabler == enabler.id]
        if points:
            rows = tuple(_make_row(found, point, partnership_id) for point in points)
            marked = sum(row.tag is not None for row in rows)
            said = f"{count(len(rows), 'learning point')}, {marked} marked"
            yield MarkGroup(title=one_line(enabler.title), count=said, rows=rows)


def _make_row(found: Marking, point: LearningPoint, partnership_id: UUID) -> MarkRow:
    item = Item(ItemKind.POINT, point.id)
    organisation_id = found.organisation[0] if found.organisation else None
    return MarkRow(
        link=Link(one_line(point.text), addresses.learning_marks(partnership_id, point.id, organisation_id)),
        helpful=say_helpful(found.shown.get(item)),
        tag=TAGS.get(found.marks[item]) if item in found.marks else None,
    )


def _make_form(found: Marking, point: LearningPoint, partnership_id: UUID) -> MarkPage:
    organisation_id, name = found.organisation or (None, "")
    leave = addresses.learning_marks(partnership_id, organisation_id=organisation_id)
    text = one_line(point.text)
    return MarkPage(
        title=f"Did it help? {text}",
        back=Link("Back to what helped", leave),
        caption=one_line(name),
        organisation_id=str(organisation_id or ""),
        point_id=point.id,
        questions=tuple(
            _make_question(found, field, item, text)
            for field, item in zip(MARK_FIELDS, list_items(found.library, point), strict=False)
        ),
        action=addresses.learning_marks(partnership_id),
        leave=leave,
    )


def _make_question(found: Marking, field: str, item: Item, text: str) -> MarkQuestion:
    now, is_point = found.marks.get(item), item.kind is ItemKind.POINT
    return MarkQuestion(
        name=field,
        legend=text if is_point else one_line(found.library.resources_by_id[item.id].name),
        hint="What others have learnt" if is_point else "Somewhere to learn more",
        options=tuple(
            Choice(value=value, label=label, descriptor="", checked=value == (now.value if now else ""))
            for value, label in OPTIONS
        ),
    )
