"""Planning an action about a gap, and changing one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.action_drafts import ActionDraft
from app.domain.actions import ActionRecord
from app.domain.errors import NotFoundError
from app.domain.gaps import Gap
from app.renderings.numbers import shown
from app.renderings.view_gaps import enabler_title, find_rungs
from app.renderings.words import one_line
from app.services import drafting
from app.services.drafting import Changing, Planning
from app.web.dates import PARTS
from app.web.forms import Form, read_number, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.action_desk import PlanDesk, PlanDeskDep, read_id
from app.web.together.action_pages import ActionFormPage, GapLink, GapsPage, Option
from app.web.together.action_words import list_errors, list_saved

router = make_router()

DUE: Final = tuple(f"due-{part}" for part in PARTS[:3])
FIELDS: Final = ("title", "measure", "owner", *DUE, "department", "kept")
AddForm = Annotated[Form, Depends(reads(*FIELDS, "round", "question", "point", "id", kept=True))]
ChangeForm = Annotated[Form, Depends(reads(*FIELDS, "version", kept=True))]


@router.get(addresses.GAPS)
def gaps_page(desk: PlanDeskDep, partnership_id: UUID) -> HTMLResponse:
    """Leads of the organisation: the gaps of the newest round, to choose what to plan for; coordinators, too."""
    found = drafting.list_gaps(desk.database, desk.catalogue, desk.actor, partnership_id, desk.now)
    where = partnership_id, found.round.round_id
    return desk.show(
        "together/gaps.html",
        GapsPage(
            title=f"Choose a gap to plan for: {found.round.partnership}",
            back=Link("Back to the action plan", addresses.actions(partnership_id)),
            place=f"{found.round.partnership}, {found.round.round}",
            gaps=tuple(
                GapLink(
                    question=Link(one_line(gap.question.text), addresses.add_action(*where, gap.question.id)),
                    detail=f"{enabler_title(found.questionnaire, gap.question)}. "
                    f"Score {shown(gap.score)}, target {shown(gap.target)}",
                )
                for gap in found.gaps
            ),
            leave=addresses.actions(partnership_id),
        ),
    )


@router.get(addresses.ADD_ACTION)
def add_action_page(
    desk: PlanDeskDep,
    partnership_id: UUID,
    kept: KeptDep,
    round: str = "",  # noqa: A002 - the word of the address
    question: str = "",
    point: str = "",
) -> Response:
    """Leads of the organisation: the form for an action about a gap, or from a learning point; coordinators, too."""
    typed = (None if round else kept.find()) or Form({"round": round, "question": question, "point": point})
    if not typed.get("round"):
        return RedirectResponse(addresses.gaps(partnership_id), 303)
    planning = _open(desk, partnership_id, typed)
    started = next((each for each in planning.points if each.id == point), None)
    if started and "title" not in typed.fields:
        typed = Form({**typed.fields, "title": one_line(started.text)})
    return desk.show("together/action_form.html", _make_adding(planning, typed))


def _open(desk: PlanDesk, partnership_id: UUID, form: Form) -> Planning:
    round_id = read_id(form.get("round"))
    if round_id is None:
        raise NotFoundError("There is no such page")
    where = partnership_id, round_id, form.get("question")
    return drafting.open_form(desk.database, desk.catalogue, desk.actor, *where, desk.now)


@router.post(addresses.ADD_ACTION)
def add_action(form: AddForm, desk: PlanDeskDep, partnership_id: UUID, kept: KeptDep) -> Response:
    """Leads of the organisation: plans an action, and writes to its owner; coordinators, too."""
    planning = _open(desk, partnership_id, form)
    where = partnership_id, planning.round.round_id, planning.question.id
    action_id = read_id(form.get("id")) or planning.next_id
    faults = drafting.plan_action(
        desk.database, desk.catalogue, desk.actor, *where, _read_draft(form), action_id, desk.now
    )
    if faults:
        return desk.show("together/action_form.html", _make_adding(planning, form, *list_errors(faults)), 422)
    kept.settle(form)
    return RedirectResponse(addresses.action(partnership_id, action_id), 303)


def _read_draft(form: Form) -> ActionDraft:
    day, month, year = (form.get(name) for name in DUE)
    return ActionDraft(
        title=form.get("title"),
        measure=form.get("measure"),
        owner=form.get("owner"),
        due=(day, month, year),
        department=form.get("department"),
        point=form.get("point"),
    )


@router.get(addresses.CHANGE_ACTION)
def change_action_page(desk: PlanDeskDep, partnership_id: UUID, action_id: UUID, kept: KeptDep) -> HTMLResponse:
    """Leads of the organisation: the form that changes an action; coordinators, too."""
    changing = drafting.get_changing(desk.database, desk.catalogue, desk.actor, partnership_id, action_id, desk.now)
    return desk.show("together/action_form.html", _make_changing(changing, kept.find() or _fill(changing.action)))


@router.post(addresses.CHANGE_ACTION)
def change_action(
    form: ChangeForm, desk: PlanDeskDep, partnership_id: UUID, action_id: UUID, kept: KeptDep
) -> Response:
    """Leads of the organisation: changes an action, unless somebody else did meanwhile; coordinators, too."""
    where = desk.database, desk.catalogue, desk.actor, partnership_id, action_id
    found = drafting.change(*where, _read_draft(form), read_number(form, "version"), desk.now)
    if not found:
        kept.settle(form)
        return RedirectResponse(addresses.action(partnership_id, action_id), 303)
    changing = drafting.get_changing(*where, desk.now)
    if isinstance(found, ActionRecord):
        page = _make_changing(changing, Form({**form.fields, "version": str(changing.action.version)}), stale=True)
        return desk.show("together/action_form.html", page, 409)
    return desk.show("together/action_form.html", _make_changing(changing, form, *list_errors(found)), 422)


def _fill(action: ActionRecord) -> Form:
    due = action.due_on
    return Form(
        {
            "title": action.title,
            "measure": action.measure,
            "owner": f"{action.owner_organisation_id} {action.owner_id}" if action.owner_is_there else "",
            **dict(zip(DUE, (str(due.day), str(due.month), str(due.year)), strict=True)),
            "department": str(action.department_id or ""),
            "version": str(action.version),
        }
    )


def _make_adding(planning: Planning, form: Form, *errors: FieldError) -> ActionFormPage:
    where = planning.round.partnership_id, planning.round.round_id, planning.question.id
    hidden = (
        ("round", str(planning.round.round_id)),
        ("question", planning.question.id),
        ("point", form.get("point")),
        ("id", form.get("id") or str(planning.next_id)),
    )
    return _make_form(
        planning,
        form,
        errors,
        title=f"Plan an action: {one_line(planning.question.text)}",
        heading="Plan an action",
        ideas=tuple(Link(one_line(point.text), addresses.add_action(*where, point.id)) for point in planning.points),
        hidden=hidden,
        action=addresses.add_action(planning.round.partnership_id),
        leave=addresses.actions(planning.round.partnership_id),
    )


def _make_changing(changing: Changing, form: Form, *errors: FieldError, stale: bool = False) -> ActionFormPage:
    action = changing.action
    saved = list_saved(action)
    fixed = tuple(line for line in saved if line[0] not in {"Owner", "Due"}) if action.has_fixed_words else ()
    return _make_form(
        changing.planning,
        form,
        errors,
        title=f"Change an action: {one_line(action.title)}",
        heading="Change an action",
        theirs=saved if stale else (),
        fixed=fixed,
        hidden=(("version", form.get("version")),),
        action=addresses.change_action(action.partnership_id, action.id),
        leave=addresses.action(action.partnership_id, action.id),
    )


def _make_form(  # noqa: PLR0913 - what differs between the two, by name
    planning: Planning,
    form: Form,
    errors: tuple[FieldError, ...],
    *,
    title: str,
    heading: str,
    hidden: tuple[tuple[str, str], ...],
    action: str,
    leave: str,
    ideas: tuple[Link, ...] = (),
    theirs: tuple[tuple[str, str], ...] = (),
    fixed: tuple[tuple[str, str], ...] = (),
) -> ActionFormPage:
    day, month, year = (form.get(name) for name in DUE)
    return ActionFormPage(
        title=title,
        back=Link("Back", leave),
        errors=errors,
        caption=f"{planning.round.partnership}, {planning.round.round}",
        heading=heading,
        question=one_line(planning.question.text),
        standing=_list_standing(planning),
        ideas=ideas,
        theirs=theirs,
        fixed=fixed,
        title_typed=form.get("title"),
        measure=form.get("measure"),
        owners=tuple(
            Option(
                value=owner.mark,
                text=f"{one_line(owner.organisation)}: {one_line(owner.name)}",
                chosen=owner.mark == form.get("owner"),
            )
            for owner in planning.owners
        ),
        due=(day, month, year),
        due_fault=next((error.text for error in errors if error.field == DUE[0]), ""),
        departments=tuple(
            Option(value=str(each.id), text=one_line(each.name), chosen=str(each.id) == form.get("department"))
            for each in planning.departments
        ),
        hidden=hidden,
        is_kept=form.get("kept") == "yes",
        button="Save the action",
        action=action,
        leave=leave,
    )


def _tell_score(gap: Gap) -> str:
    return f"{shown(gap.score)} of 100" + (", as agreed" if gap.scored.agreed else "")


def _list_standing(planning: Planning) -> tuple[tuple[str, str], ...]:
    """Say where a question stands and what its next level looks like."""
    gap, question = planning.gap, planning.question
    if gap is None:
        return (("Now", "Too few organisations gave it a score"),)
    reached, following = find_rungs(planning.questionnaire, question, gap.score)
    now = f"{one_line(reached.label)}: {one_line(question.descriptors.get(reached.id, ''))}".removesuffix(": ")
    lines = [("Enabler", enabler_title(planning.questionnaire, question)), ("Score", _tell_score(gap))]
    lines += [("Reached", now)]
    if following:
        next_words = one_line(question.descriptors.get(following.id, ""))
        lines += [("Next level", f"{one_line(following.label)}: {next_words}".removesuffix(": "))]
    return tuple(lines)
