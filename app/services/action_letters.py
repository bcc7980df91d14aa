"""The texts of mails about the plan: to owners of actions, and to the leads of departments."""

from datetime import date
from typing import Final

from app.domain.action_reminders import ActionReminder
from app.domain.actions import ActionRecord, ActionStatus
from app.domain.times import day_words
from app.domain.values import SERVICE_NAME, one_line
from app.services.letters import HELLO, STOP, quote
from app.services.mailing import LINK, Letter, MailKind

ANSWERED: Final = {
    ActionStatus.ANSWERED: "has answered",
    ActionStatus.ACCEPTED: "has accepted",
    ActionStatus.DECLINED: "has declined",
}


def action_given(action: ActionRecord, person: str, path: str) -> Letter:
    """To whoever was made the owner of an action by somebody else."""
    title = one_line(action.title)
    paragraphs = (
        HELLO,
        (
            f"{one_line(person)} made you the owner of an action of {one_line(action.partnership)}, "
            f"due on {day_words(action.due_on)}: “{title}”."
        ),
        f"What will show that it worked: “{one_line(action.measure)}”.",
        "Note there how it goes:",
        LINK,
    )
    return Letter(MailKind.ACTION_GIVEN, f"{SERVICE_NAME}: you own the action “{title}”", paragraphs, path)


def ask_sent(action: ActionRecord, person: str, words: str, path: str) -> Letter:
    """To the leads of a department: a partnership asks it for something."""
    title = one_line(action.title)
    paragraphs = (
        HELLO,
        (
            f"{one_line(action.partnership)} asks {one_line(action.department)}, "
            f"by {day_words(action.due_on)}: “{title}”."
        ),
        f"What will show that it worked: “{one_line(action.measure)}”.",
        *quote(person, words),
        "Answer, accept or decline it here:",
        LINK,
    )
    return Letter(MailKind.ASK_SENT, f"{SERVICE_NAME}: {one_line(action.partnership)} asks “{title}”", paragraphs, path)


def ask_answered(action: ActionRecord, status: ActionStatus, person: str, words: str, path: str) -> Letter:
    """To the owner of an ask: what the department says."""
    title = one_line(action.title)
    said = f"{one_line(action.department)} {ANSWERED[status]}"
    paragraphs = (
        HELLO,
        f"{said} what {one_line(action.partnership)} asks: “{title}”.",
        *quote(person, words),
        "Go on here:",
        LINK,
    )
    return Letter(MailKind.ASK_ANSWERED, f"{SERVICE_NAME}: {said}: “{title}”", paragraphs, path)


def action_reminder(kind: ActionReminder, action: ActionRecord, path: str) -> Letter:
    """To the owner, a week before an action is due or the day after."""
    title, due = one_line(action.title), _due_words(kind, action.due_on)
    paragraphs = (
        HELLO,
        f"An action of {one_line(action.partnership)} that you own {due}: “{title}”.",
        "Note there how it goes, or that it is done. If the day has to change, ask a lead or coordinator:",
        LINK,
        STOP,
    )
    return Letter(MailKind.REMINDER, f"{SERVICE_NAME}: “{title}” {due}", paragraphs, path)


def _due_words(kind: ActionReminder, due_on: date) -> str:
    match kind:
        case ActionReminder.WEEK:
            return f"is due on {day_words(due_on)}"
        case ActionReminder.PASSED:
            return f"was due on {day_words(due_on)}"
