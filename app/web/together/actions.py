"""The board of actions, and one action with what is noted on it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.actions import ActionRecord, Side
from app.domain.learning_marks import Item, ItemKind, has_item
from app.domain.uk_time import today
from app.renderings.view_actions import ActionGroup, group_by_enabler, group_by_owner, make_action_rows
from app.services import planning
from app.services.planning import OpenedAction, Plan
from app.web.forms import Form, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.action_desk import NOTE_FIELDS, NOTHING, PlanDesk, PlanDeskDep, read_progress
from app.web.together.action_pages import ActionPage, BoardGroup, BoardPage, BoardRow
from app.web.together.action_words import (
    describe_plan,
    list_errors,
    list_facts,
    list_lines,
    list_notes,
    list_step_choices,
    make_board_row,
    make_tags,
)
from app.web.together.desk import find_back

router = make_router()

NoteForm = Annotated[Form, Depends(reads(*NOTE_FIELDS, kept=True))]
BY_ENABLER, BY_OWNER = "By enabler", "By owner"
OVERDUE_TITLE = "Overdue"
NONE_YET = "No action is planned yet."
START = " Choose a gap, and say who does what about it by when."
WAIT = " When a coordinator or a lead plans one, it appears here."
LEARNING = "Learn from other partnerships, and help them"
HELPED = "Say what of the learning library helped"
MARK = "Say whether the learning point it was made from helped"
NEWER = "This was noted meanwhile. Yours is below, and not saved yet: read what is new, and save it if it still holds."


@router.get(addresses.ACTIONS)
def actions_page(desk: PlanDeskDep, partnership_id: UUID, by: str = "") -> HTMLResponse:
    """People of the organisation: the action plan of a partnership, by enabler or by owner; coordinators, too."""
    plan = planning.get_plan(desk.database, desk.catalogue, desk.actor, partnership_id, desk.now)
    return desk.show("together/actions.html", _make_board(desk, plan, by_owner=by == "owner"))


def _make_board(desk: PlanDesk, plan: Plan, *, by_owner: bool) -> BoardPage:
    day = today(desk.now)
    rows = make_action_rows(plan.actions, plan.questionnaires, day, plan.changes)
    shown = {
        action.id: make_board_row(
            action,
            row,
            day,
            addresses.action(plan.partnership_id, action.id),
            list_lines(row, plan.round.round, with_enabler=by_owner or row.is_overdue),
        )
        for action, row in zip(plan.actions, rows, strict=True)
    }
    still = tuple(row for row in rows if row.is_open and not row.is_overdue)
    newest = plan.questionnaires[plan.round.round_id]
    late = ActionGroup(OVERDUE_TITLE, tuple(row for row in rows if row.is_overdue))
    groups = group_by_owner(still) if by_owner else group_by_enabler(still, newest)
    return BoardPage(
        title=f"Action plan of {plan.partnership}",
        back=find_back(desk.actor, plan.partnership_id),
        partnership=plan.partnership,
        summary=describe_plan(plan.actions, day) if plan.actions else "",
        views=(
            Link(BY_ENABLER, addresses.actions(plan.partnership_id)),
            Link(BY_OWNER, addresses.actions(plan.partnership_id, "owner")),
        )
        if plan.actions
        else (),
        view=BY_OWNER if by_owner else BY_ENABLER,
        groups=tuple(_make_group(group, shown) for group in (late, *groups) if group.rows),
        finished=tuple(shown[row.id] for row in rows if not row.is_open),
        empty="" if plan.actions else NONE_YET + (START if plan.can_plan else WAIT),
        add=addresses.gaps(plan.partnership_id) if plan.can_plan else "",
        ways=(
            *([Link(LEARNING, addresses.learning(plan.partnership_id))] if plan.can_see_exchange else []),
            *([Link(HELPED, addresses.learning_marks(plan.partnership_id))] if plan.can_plan else []),
        ),
    )


def _make_group(group: ActionGroup, shown: dict[UUID, BoardRow]) -> BoardGroup:
    return BoardGroup(title=group.title, rows=tuple(shown[row.id] for row in group.rows))


@router.get(addresses.ACTION)
def action_page(desk: PlanDeskDep, partnership_id: UUID, action_id: UUID, kept: KeptDep) -> HTMLResponse:
    """People of the organisation: one action of their partnership and its notes; coordinators and its owner, too."""
    opened = planning.get_action(desk.database, desk.catalogue, desk.actor, partnership_id, action_id, desk.now)
    return desk.show("together/action.html", _make_action(desk, opened, kept.find() or NOTHING))


@router.post(addresses.ACTION)
def note_progress(form: NoteForm, desk: PlanDeskDep, partnership_id: UUID, action_id: UUID, kept: KeptDep) -> Response:
    """People of the organisation: notes the progress of an action they own; so do leads and coordinators."""
    noted = planning.note(desk.database, desk.actor, partnership_id, action_id, read_progress(form), desk.now)
    if not noted:
        kept.settle(form)
        return RedirectResponse(addresses.action(partnership_id, action_id), 303)
    opened = planning.get_action(desk.database, desk.catalogue, desk.actor, partnership_id, action_id, desk.now)
    if isinstance(noted, ActionRecord):
        return desk.show("together/action.html", _make_action(desk, opened, form, newer=NEWER), 409)
    return desk.show("together/action.html", _make_action(desk, opened, form, *list_errors(noted)), 422)


def _make_action(desk: PlanDesk, opened: OpenedAction, form: Form, *errors: FieldError, newer: str = "") -> ActionPage:
    action, day = opened.action, today(desk.now)
    changes = {action.id: opened.change} if opened.change else {}
    (row,) = make_action_rows([action], {action.round_id: opened.questionnaire}, day, changes)
    board = Link("Back to the action plan", addresses.actions(action.partnership_id))
    steps = list_step_choices(action, opened.steps, Side.PARTNERSHIP, form.get("status"))
    return ActionPage(
        title=f"{row.title}: {'ask of government' if row.department else 'action'} of {action.partnership}",
        back=board if opened.sees_board else None,
        errors=errors,
        caption=action.partnership,
        heading=row.title,
        tags=make_tags(action, day),
        facts=list_facts(row),
        notes_title="Progress",
        notes=list_notes(action),
        no_notes="Nothing is noted yet.",
        newer=newer,
        steps=steps if opened.can_note else (),
        legend="Where does it stand?",
        note_label="Note",
        note_hint="What was done, what comes next? Partners read it. Do not write about individuals who use services.",
        note=form.get("note"),
        seen=action.noted,
        is_kept=form.get("kept") == "yes",
        action=addresses.action(action.partnership_id, action.id),
        change=addresses.change_action(action.partnership_id, action.id) if opened.can_change else "",
        mark=_find_mark(desk, opened),
    )


def _find_mark(desk: PlanDesk, opened: OpenedAction) -> Link | None:
    """Lead to the learning point that an action was made from, while the library has it."""
    action, library = opened.action, desk.catalogue.learning_of(opened.questionnaire.framework.id)
    point = Item(ItemKind.POINT, action.learning_point)
    if not opened.can_change or library is None or not has_item(library, point):
        return None
    return Link(MARK, addresses.learning_marks(action.partnership_id, point.id))
