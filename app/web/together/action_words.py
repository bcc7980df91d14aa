"""Actions in the words and objects of their pages: tags, rows, steps, notes."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from app.domain.action_drafts import ActionFault
from app.domain.actions import ActionRecord, ActionStatus, Kind, ProgressNote, Side, Step
from app.domain.times import day_words, moment_words
from app.renderings.view_actions import STATUS_WORDS, ActionRow
from app.renderings.words import paragraphs, sentence
from app.web.pages import FieldError, Link, Tag
from app.web.together.action_pages import BoardRow, NoteLine, StepChoice

COLOURS: Final = {
    ActionStatus.PLANNED: "blue",
    ActionStatus.UNDER_WAY: "yellow",
    ActionStatus.DRAFTED: "grey",
    ActionStatus.SENT: "blue",
    ActionStatus.ANSWERED: "yellow",
    ActionStatus.ACCEPTED: "turquoise",
    ActionStatus.DECLINED: "orange",
    ActionStatus.DONE: "green",
    ActionStatus.DROPPED: "grey",
}
OVERDUE: Final = Tag(text="Overdue", colour="red")
ELEMENT_OF: Final = {"due": "due-day"}
"""Part of a form -> the element that its fault leads to, where they are called differently."""
HINTS: Final = {
    (
        ActionStatus.SENT,
        Side.PARTNERSHIP,
    ): "Its leads get an email with your note. What is asked then stays as it is.",
    (ActionStatus.ANSWERED, Side.PARTNERSHIP): "For an answer that came another way. Write below what it was.",
    (ActionStatus.DROPPED, Side.PARTNERSHIP): "Write below why.",
    (ActionStatus.DECLINED, Side.DEPARTMENT): "Write below why.",
    (ActionStatus.ANSWERED, Side.DEPARTMENT): "Write the answer below. You can accept or decline later.",
}
BACK_TO: Final = {
    ActionStatus.PLANNED: "Planned again",
    ActionStatus.UNDER_WAY: "Under way",
    ActionStatus.DRAFTED: "Take it back, to change what is asked",
    ActionStatus.DROPPED: "Drop it",
    ActionStatus.SENT: "Send it to {department}",
}

SAID: Final = {
    ActionStatus.ANSWERED: "Answer, without deciding yet",
    ActionStatus.ACCEPTED: "Accept",
    ActionStatus.DECLINED: "Decline",
}


def make_tags(action: ActionRecord, today: date) -> tuple[Tag, ...]:
    """Tag an action: overdue first, then its status."""
    status = Tag(text=STATUS_WORDS[action.status], colour=COLOURS[action.status])
    return (OVERDUE, status) if action.is_overdue(today) else (status,)


def make_board_row(action: ActionRecord, row: ActionRow, today: date, href: str, lines: Sequence[str]) -> BoardRow:
    """Put an action on a board."""
    return BoardRow(
        title=Link(row.title, href),
        tags=make_tags(action, today),
        lines=tuple(line for line in lines if line),
        note=row.note,
    )


def list_lines(row: ActionRow, this_round: str, *, with_enabler: bool) -> tuple[str, ...]:
    """Say on a board what an action is about, who owns it until when, and what came of it."""
    return (
        f"{owner_words(row)}. Due on {row.due}",
        f"Asked of {row.department}" if row.department else "",
        f"{row.enabler}: {row.question}" if with_enabler else row.question,
        f"It worked when: {row.measure}",
        f"Planned in {row.round}" if row.round != this_round else "",
        sentence(row.change),
    )


def owner_words(row: ActionRow) -> str:
    """Name the owner, and say where somebody else is needed."""
    named = f"{row.owner}, {row.owner_organisation}"
    return f"{named}. Needs a new owner" if row.needs_owner and row.is_open else named


def list_facts(row: ActionRow) -> tuple[tuple[str, str], ...]:
    """Say on its own page what an action is."""
    facts = (
        ("Question", row.question),
        ("Enabler", row.enabler),
        ("Asked of", row.department),
        ("Owner", owner_words(row)),
        ("Due", row.due),
        ("It worked when", row.measure),
        ("Planned in", row.round),
        ("Since then", sentence(row.change)),
    )
    return tuple((name, text) for name, text in facts if text)


def list_step_choices(action: ActionRecord, steps: Sequence[Step], side: Side, chosen: str) -> tuple[StepChoice, ...]:
    """List the statuses that can come next; for the partnership the present one first. A department says something."""
    chosen = chosen or (action.status.value if side is Side.PARTNERSHIP else "")
    stay = StepChoice(
        value=action.status.value,
        text=f"No change: {STATUS_WORDS[action.status].lower()}",
        hint="",
        checked=chosen == action.status.value,
    )
    return (
        *([stay] if side is Side.PARTNERSHIP else []),
        *(
            StepChoice(
                value=step.end.value,
                text=SAID[step.end] if side is Side.DEPARTMENT else _step_words(action, step),
                hint=HINTS.get((step.end, side), ""),
                checked=chosen == step.end.value,
            )
            for step in steps
        ),
    )


def _step_words(action: ActionRecord, step: Step) -> str:
    return BACK_TO.get(step.end, STATUS_WORDS[step.end]).format(department=action.department)


def list_notes(action: ActionRecord) -> tuple[NoteLine, ...]:
    """List the notes on an action, the newest first, each with the status it changed to."""
    before = ActionStatus.DRAFTED if action.kind is Kind.ASK else ActionStatus.PLANNED
    lines = []
    for note in action.notes:
        lines.append(_make_note(note, is_change=note.status is not before))
        before = note.status
    return tuple(reversed(lines))


def _make_note(note: ProgressNote, *, is_change: bool) -> NoteLine:
    return NoteLine(
        who=note.person,
        when=moment_words(note.noted_at),
        status=STATUS_WORDS[note.status] if is_change else "",
        text="\n".join(paragraphs(note.text)),
    )


def list_errors(faults: Sequence[ActionFault]) -> tuple[FieldError, ...]:
    """Lead from each fault to its field."""
    return tuple(FieldError(ELEMENT_OF.get(fault.part, fault.part), fault.text) for fault in faults)


def describe_plan(actions: Sequence[ActionRecord], today: date) -> str:
    """Count what is overdue, open and finished."""
    overdue = sum(each.is_overdue(today) for each in actions)
    still = sum(each.is_open for each in actions)
    return f"{overdue} overdue, {still} open in all, {len(actions) - still} finished"


def list_saved(action: ActionRecord) -> tuple[tuple[str, str], ...]:
    """Say what somebody else saved meanwhile."""
    return (
        ("What is to be done", action.title),
        ("It worked when", action.measure),
        ("Owner", f"{action.owner}, {action.owner_organisation}"),
        ("Due", day_words(action.due_on)),
        ("Asked of", action.department or "Nobody: an action of the partnership"),
    )
