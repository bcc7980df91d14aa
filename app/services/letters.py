"""The texts of all mails, in one place: what happened, what to do, until when, and who sent it.

What people wrote is quoted line by line, so that no message can pass for words of the service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.access import Role
from app.domain.assessment import AssessmentStatus
from app.domain.reminders import Reminder
from app.domain.times import moment_words
from app.domain.values import SERVICE_NAME, one_line
from app.renderings.words import count
from app.services.mailing import LINK, Letter, MailKind

HELLO: Final = "Hello,"
ONE_USE: Final = (
    "The link works once, and for whoever opens it, so please do not pass it on. "
    "If you did not expect this mail, you need not do anything."
)
STOP: Final = f"If you do not want reminders, you can switch them off on the page “Your account” of {SERVICE_NAME}."
OFFERED: Final[Mapping[Role, str]] = {
    Role.CONTRIBUTOR: "a contributor: you answer the sections that are given to you",
    Role.LEAD: "a lead: you answer, share the work with colleagues, and submit",
    Role.CERTIFIER: "a certifier: you check what was submitted, and sign it off",
    Role.COORDINATOR: "a coordinator: you invite organisations, and see who has submitted",
    Role.CENTRAL_ANALYST: "an analyst of the central team: you see how far each round has come",
    Role.CENTRAL_ADMINISTRATOR: "an administrator of the central team: you set up the service and its rounds",
}
"""What a role is, as an invitation says it."""
STANDING_WORDS: Final[Mapping[AssessmentStatus | None, str]] = {
    None: "not started",
    AssessmentStatus.IN_PROGRESS: "in progress",
    AssessmentStatus.SUBMITTED: "submitted, and waiting to be signed off",
}
"""How far an unfinished assessment is."""


def sign_in(path: str) -> Letter:
    """The one-time link that somebody asked for."""
    paragraphs = (
        HELLO,
        f"Here is the link to sign in to {SERVICE_NAME} that you asked for. Open it within 15 minutes:",
        LINK,
        ONE_USE,
    )
    return Letter(MailKind.SIGN_IN, f"{SERVICE_NAME}: your link to sign in", paragraphs, path)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The round of a place that is open, or opens next."""

    title: str
    opens_at: datetime
    closes_at: datetime
    is_open: bool


def invitation(
    role: Role, place: str, inviter: str, path: str, expires_at: datetime, ahead: Ahead | None = None
) -> Letter:
    """The offer of a role; `place` names the organisation or partnership, `inviter` who invites: empty where nobody.

    `ahead` is the round of that place that it is about.
    """
    where = f" for {one_line(place)}" if place else ""
    who = f"{one_line(inviter)} invites you" if inviter else "You are invited"
    paragraphs = (
        HELLO,
        f"{who} to {SERVICE_NAME}{where}, as {OFFERED[role]}.",
        *([_tell_ahead(ahead)] if ahead else []),
        f"To accept, open this link before {moment_words(expires_at)}:",
        LINK,
        ONE_USE,
    )
    return Letter(MailKind.INVITATION, f"{SERVICE_NAME}: you are invited{where}", paragraphs, path)


def _tell_ahead(ahead: Ahead) -> str:
    opening = "is open" if ahead.is_open else f"opens at {moment_words(ahead.opens_at)}"
    return f"{one_line(ahead.title)} {opening}, and closes at {moment_words(ahead.closes_at)}."


def section_given(
    giver: str, organisation: str, section: str, message: str, round_title: str, ends_at: datetime, path: str
) -> Letter:
    """Somebody was given a section to answer until their end of the round."""
    paragraphs = (
        HELLO,
        f"{one_line(giver)} asks you to answer the section “{one_line(section)}” for {one_line(organisation)}.",
        *quote(giver, message),
        f"{one_line(round_title)} is open until {moment_words(ends_at)}.",
        "The questions are here. You can stop at any time, and go on later:",
        LINK,
    )
    return Letter(MailKind.SECTION_GIVEN, f"{SERVICE_NAME}: “{one_line(section)}” was given to you", paragraphs, path)


def submitted(organisation: str, partnership: str, round_title: str, person: str, number: int, path: str) -> Letter:
    """To certifiers: something waits to be signed off; `number` says which submission of it this is, from 1."""
    again = {1: "", 2: " This is the second submission."}.get(number, f" This is submission number {number}.")
    paragraphs = (
        HELLO,
        (
            f"{one_line(person)} has submitted the assessment of {one_line(organisation)} in {one_line(partnership)}."
            f"{again}"
        ),
        "Please read it, and sign it off or request changes:",
        LINK,
    )
    return Letter(
        MailKind.SUBMITTED, _about(round_title, organisation, "waits for you to sign it off"), paragraphs, path
    )


def changes_requested(
    organisation: str, round_title: str, person: str, reason: str, path: str, *, submits: bool
) -> Letter:
    """To those who answer: a certifier wants something changed; `submits` says whether they are to submit it, too."""
    to_do = "Please submit it again when that is done:" if submits else "Please change your answers where needed:"
    paragraphs = (
        HELLO,
        f"{one_line(person)} has requested changes to the assessment of {one_line(organisation)}.",
        *quote(person, reason),
        f"Its answers can be changed again. {to_do}",
        LINK,
    )
    return Letter(MailKind.CHANGES_REQUESTED, _about(round_title, organisation, "changes requested"), paragraphs, path)


def signed_off(organisation: str, round_title: str, person: str, path: str) -> Letter:
    """To leads: it is done."""
    paragraphs = (
        HELLO,
        f"{one_line(person)} has signed off the assessment of {one_line(organisation)}.",
        "There is nothing more to do in this round. Its gap report:",
        LINK,
    )
    return Letter(MailKind.SIGNED_OFF, _about(round_title, organisation, "signed off"), paragraphs, path)


def reopened(organisation: str, round_title: str, person: str, reason: str, path: str) -> Letter:
    """To leads: what was submitted can be changed again."""
    paragraphs = (
        HELLO,
        f"{one_line(person)} has reopened the assessment of {one_line(organisation)}.",
        *quote(person, reason),
        "What you submitted is kept, and its answers can be changed again.",
        "Please submit it again before the round closes:",
        LINK,
    )
    return Letter(MailKind.REOPENED, _about(round_title, organisation, "reopened"), paragraphs, path)


def reopened_signed(organisation: str, round_title: str, person: str, reason: str, path: str) -> Letter:
    """To the certifier who had signed off what was reopened."""
    paragraphs = (
        HELLO,
        f"{one_line(person)} has reopened the assessment of {one_line(organisation)}, which you had signed off.",
        *quote(person, reason),
        "What you signed off is kept. You need not do anything now: when it is submitted again, you get a mail.",
        "The assessment:",
        LINK,
    )
    return Letter(MailKind.REOPENED, _about(round_title, organisation, "reopened"), paragraphs, path)


def late_entry(organisation: str, round_title: str, person: str, until: datetime, reason: str, path: str) -> Letter:
    """To leads: they may still enter after the round has closed."""
    paragraphs = (
        HELLO,
        f"{one_line(person)} permits {one_line(organisation)} to enter late.",
        *quote(person, reason),
        f"You can answer and submit until {moment_words(until)}.",
        "Go to the assessment:",
        LINK,
    )
    return Letter(
        MailKind.LATE_ENTRY, _about(round_title, organisation, f"open until {moment_words(until)}"), paragraphs, path
    )


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One assessment that somebody is reminded of."""

    organisation: str
    partnership: str
    standing: str
    """How far it is, in a few words."""


def reminder(
    kind: Reminder, round_title: str, ends_at: datetime, unfinished: Sequence[Unfinished], path: str
) -> Letter:
    """To those who still have something to do before their end of the round."""
    title, end = one_line(round_title), moment_words(ends_at)
    match kind:
        case Reminder.OPENING:
            subject, first = f"{title} has opened", f"{title} has opened. You can answer and submit until {end}."
        case Reminder.WEEK:
            subject = f"{title} closes at {end}"
            first = f"{title} closes at {end}, and there is still something to be done."
        case Reminder.DAY:
            subject, first = f"{title} closes at {end}", f"This is the last day: {title} closes at {end}."
        case Reminder.LATE_DAY:
            subject = f"{title}: your late entry ends at {end}"
            first = f"This is the last day: your late entry to {title} ends at {end}."
    paragraphs = (HELLO, first, _list_unfinished(unfinished), "Go on here:", LINK, STOP)
    return Letter(MailKind.REMINDER, f"{SERVICE_NAME}: {subject}", paragraphs, path)


def chased(round_title: str, person: str, ends_at: datetime, unfinished: Sequence[Unfinished], path: str) -> Letter:
    """To whoever can still do something in a round: the central team asks them to, all in one mail."""
    title, end = one_line(round_title), moment_words(ends_at)
    paragraphs = (
        HELLO,
        f"{one_line(person)}, of the central team, asks you to help finish {title}. It can be done until {end}.",
        _list_unfinished(unfinished),
        "Go on here:",
        LINK,
        STOP,
    )
    return Letter(MailKind.REMINDER, f"{SERVICE_NAME}: {title}, please finish before {end}", paragraphs, path)


def _list_unfinished(unfinished: Sequence[Unfinished]) -> str:
    lines = "\n".join(
        f"- {one_line(each.organisation)}, in {one_line(each.partnership)}: {each.standing}" for each in unfinished
    )
    return f"Still to be done:\n{lines}"


def asked(organisation: str, partnership: str, round_title: str, person: str, ends_at: datetime, path: str) -> Letter:
    """To leads: their coordinator asks them to finish."""
    paragraphs = (
        HELLO,
        (
            f"{one_line(person)}, for {one_line(partnership)}, asks you to finish the assessment of "
            f"{one_line(organisation)}. You can answer and submit until {moment_words(ends_at)}."
        ),
        "Go on here:",
        LINK,
        STOP,
    )
    return Letter(MailKind.REMINDER, _about(round_title, organisation, "please finish it"), paragraphs, path)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who finished in one partnership by the close of a round, and who did not, by name. Never a score."""

    partnership: str
    finished: Sequence[str]
    unfinished: Sequence[str]


def round_closed(round_title: str, closes_at: datetime, outcomes: Sequence[Outcome], path: str) -> Letter:
    """To coordinators and administrators: who has submitted."""
    title = one_line(round_title)
    finished = sum(len(each.finished) for each in outcomes)
    everyone = finished + sum(len(each.unfinished) for each in outcomes)
    paragraphs = (
        HELLO,
        f"{title} closed at {moment_words(closes_at)}. {finished} of {count(everyone, 'organisation')} finished.",
        *map(_summarise, outcomes),
        "How far everybody came:",
        LINK,
    )
    return Letter(MailKind.ROUND_CLOSED, f"{SERVICE_NAME}: {title} has closed", paragraphs, path)


def _summarise(outcome: Outcome) -> str:
    everyone = count(len(outcome.finished) + len(outcome.unfinished), "organisation")
    lines = [f"{one_line(outcome.partnership)}: {len(outcome.finished)} of {everyone} finished"]
    for what, names in (("Finished", outcome.finished), ("Not finished", outcome.unfinished)):
        if names:
            lines.append(f"{what}: {', '.join(map(one_line, names))}")
    return "\n".join(lines)


def _about(round_title: str, organisation: str, what: str) -> str:
    return f"{one_line(round_title)}, {one_line(organisation)}: {what}"


def quote(person: str, words: str) -> tuple[str, ...]:
    """Give what somebody wrote, each line marked as quoted; nothing where they wrote nothing."""
    lines = [line.strip() for line in words.strip().splitlines()]
    return (
        (f"{one_line(person)} wrote:\n" + "\n".join(f"> {one_line(line)}".rstrip() for line in lines),) if lines else ()
    )
