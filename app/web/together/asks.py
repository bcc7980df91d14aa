"""Asks of government, for the departments they were sent to."""

from itertools import groupby
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.actions import ActionRecord, Side
from app.domain.times import day_words
from app.domain.uk_time import today
from app.renderings.view_actions import ActionRow, make_action_rows
from app.renderings.words import join
from app.services import asks as service
from app.services.asks import OpenedAsk
from app.web.forms import Form, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.action_desk import NOTE_FIELDS, NOTHING, PlanDesk, PlanDeskDep, read_progress
from app.web.together.action_pages import ActionPage, AsksPage, BoardGroup, BoardRow
from app.web.together.action_words import (
    list_errors,
    list_notes,
    list_step_choices,
    make_board_row,
    make_tags,
)

router = make_router()

AnswerForm = Annotated[Form, Depends(reads(*NOTE_FIELDS, kept=True))]
NONE_YET: Final = "Nothing has been sent to you yet. When a partnership asks something, its leads get an email."
NEWER: Final = "Something was noted meanwhile. Yours is below, and not saved yet: save it if it still holds."


@router.get(addresses.ASKS)
def asks_page(desk: PlanDeskDep) -> HTMLResponse:
    """Leads of the organisation: what partnerships ask of their department. There is no such page for others."""
    found = service.list_asks(desk.database, desk.catalogue, desk.actor, desk.now)
    day = today(desk.now)
    questionnaires = {each.round_id: found.questionnaires[each.questionnaire_hash] for each in found.asks}
    rows = make_action_rows(found.asks, questionnaires, day)
    by_partnership = sorted(zip(found.asks, rows, strict=True), key=lambda pair: pair[0].partnership)
    return desk.show(
        "together/asks.html",
        AsksPage(
            title="Asks of government",
            departments=join([each.name for each in found.departments]),
            groups=tuple(
                BoardGroup(title=name, rows=tuple(_make_row(desk, ask, row) for ask, row in group))
                for name, group in groupby(by_partnership, key=lambda pair: pair[0].partnership)
            ),
            empty="" if found.asks else NONE_YET,
        ),
    )


def _make_row(desk: PlanDesk, ask: ActionRecord, row: ActionRow) -> BoardRow:
    lines = f"Wanted by {row.due}", row.question, f"It worked when: {row.measure}", f"Asked of {row.department}"
    return make_board_row(ask, row, today(desk.now), addresses.ask(ask.partnership_id, ask.id), lines)


@router.get(addresses.ASK)
def ask_page(desk: PlanDeskDep, partnership_id: UUID, action_id: UUID, kept: KeptDep) -> HTMLResponse:
    """Leads of the organisation: one ask that was sent to their department."""
    opened = service.get_ask(desk.database, desk.catalogue, desk.actor, partnership_id, action_id, desk.now)
    return desk.show("together/action.html", _make_ask(desk, opened, kept.find() or NOTHING))


@router.post(addresses.ASK)
def answer_ask(form: AnswerForm, desk: PlanDeskDep, partnership_id: UUID, action_id: UUID, kept: KeptDep) -> Response:
    """Leads of the organisation: answers, accepts or declines an ask as their department."""
    noted = service.answer(desk.database, desk.actor, partnership_id, action_id, read_progress(form), desk.now)
    if not noted:
        kept.settle(form)
        return RedirectResponse(addresses.ask(partnership_id, action_id), 303)
    opened = service.get_ask(desk.database, desk.catalogue, desk.actor, partnership_id, action_id, desk.now)
    if isinstance(noted, ActionRecord):
        return desk.show("together/action.html", _make_ask(desk, opened, form, newer=NEWER), 409)
    return desk.show("together/action.html", _make_ask(desk, opened, form, *list_errors(noted)), 422)


def _make_ask(desk: PlanDesk, opened: OpenedAsk, form: Form, *errors: FieldError, newer: str = "") -> ActionPage:
    ask, day = opened.ask, today(desk.now)
    (row,) = make_action_rows([ask], {ask.round_id: opened.questionnaire}, day)
    facts = (
        ("Asked of", row.department),
        ("Wanted by", day_words(ask.due_on)),
        ("It worked when", row.measure),
        ("About the question", row.question),
        ("Who to talk to", f"{row.owner}, {row.owner_organisation}"),
    )
    return ActionPage(
        title=f"{row.title}: asked by {ask.partnership}",
        back=Link("Back to all asks", addresses.ASKS),
        errors=errors,
        caption=f"{ask.partnership} asks",
        heading=row.title,
        tags=make_tags(ask, day),
        facts=facts,
        notes_title="What was said",
        notes=list_notes(ask),
        no_notes="",
        newer=newer,
        steps=list_step_choices(ask, opened.steps, Side.DEPARTMENT, form.get("status")) if opened.steps else (),
        legend="What do you say?",
        note_label="Answer",
        note_hint="The partnership reads it. Do not write about individuals.",
        note=form.get("note"),
        seen=opened.noted,
        is_kept=form.get("kept") == "yes",
        action=addresses.ask(ask.partnership_id, ask.id),
        change="",
        mark=None,
    )
