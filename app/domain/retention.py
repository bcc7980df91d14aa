"""For how long each kind of data is kept, and what happens then: one table, for the job and for the privacy page."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What has an end that the job brings about."""

    MAIL_TEXTS = "mail-texts"
    VOID_MAILS = "void-mails"
    MAILS = "mails"
    SIGN_IN_LINKS = "sign-in-links"
    SESSIONS = "sessions"
    ATTEMPTS = "attempts"
    IDEMPOTENCY_KEYS = "idempotency-keys"
    UNSAVED_FORMS = "unsaved-forms"
    INVITATIONS = "invitations"
    EVIDENCE_FILES = "evidence-files"
    COMMENTS = "comments"
    WEBHOOK_DELIVERIES = "webhook-deliveries"
    AUDIT_TEXTS = "audit-texts"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data, in words and as a period."""

    kind: Kind | None
    """`None` where it is kept as long as the service: no job touches it."""
    what: str
    why: str
    period: timedelta
    """How long after `since` it goes."""
    since: str
    """What the period is counted from, to stand after the period or for itself."""
    then: str
    """What happens."""


DAY: Final = timedelta(days=1)
YEAR: Final = 365 * DAY
FOREVER: Final = timedelta.max

RULES: Final = (
    Rule(
        None,
        "Answers: the levels chosen, notes, reasons and links to evidence, with who wrote each version and when",
        "They are what the assessments are for; partnerships compare themselves over years",
        FOREVER,
        "As long as the service runs",
        "What a person wrote is removed when they are erased; levels and scores stay",
    ),
    Rule(
        None,
        "What was submitted, its scores, and who submitted, signed off, reopened or permitted it",
        "So that a published figure can always be worked out again",
        FOREVER,
        "As long as the service runs",
        "Names and reasons are removed when the person is erased; scores stay",
    ),
    Rule(
        None,
        "What partners agreed, when and who was there; ratings of one another; what stands in the way; the plan, with "
        "who does what until when; links to a report for somebody outside; help offered to other partnerships or asked "
        "of them, with who said yes; and what of the learning library helped",
        "So that a partnership does what it agreed, sees what came of it, and learns from others",
        FOREVER,
        "As long as the service runs",
        "Names, and what a person noted on progress, are removed when they are erased",
    ),
    Rule(
        Kind.EVIDENCE_FILES,
        "Evidence files",
        "To show partners that an answer is true",
        2 * YEAR,
        "after the round closed",
        "Content and name are removed; that there was a file, its size and its day stay",
    ),
    Rule(
        Kind.COMMENTS,
        "Comments on questions",
        "So that colleagues can agree on an answer",
        2 * YEAR,
        "after the round closed",
        "Removed",
    ),
    Rule(
        Kind.PEOPLE,
        "People: name, email address, roles, and whether they want reminders",
        "To know who may do what, and to send them mail",
        YEAR,
        "after the last sign-in, where no role and no open invitation is left",
        "Erased: see your rights, below",
    ),
    Rule(
        Kind.INVITATIONS,
        "Invitations: name, email address, the role offered, and by whom",
        "To let people in",
        90 * DAY,
        "after they were accepted or withdrawn, or ran out",
        "Removed; of one that was not accepted, what the audit says of it, too",
    ),
    Rule(
        Kind.SESSIONS,
        "Where somebody is signed in: since when, and when last used",
        "To stay signed in, and to keep what is typed when a session ends",
        30 * DAY,
        "after the session ended",
        "Removed",
    ),
    Rule(
        Kind.SIGN_IN_LINKS,
        "One-time links to sign in, as a digest",
        "To work once only",
        DAY,
        "after they ran out",
        "Removed",
    ),
    Rule(
        Kind.UNSAVED_FORMS,
        "What somebody typed while their session ended",
        "To hand it back after signing in again",
        7 * DAY,
        "after it was typed",
        "Removed",
    ),
    Rule(
        Kind.ATTEMPTS,
        "How often an address or a place on the network asked for links, as a digest",
        "To slow down guessing",
        DAY,
        "after it was counted",
        "Removed",
    ),
    Rule(
        Kind.IDEMPOTENCY_KEYS,
        "What other systems were answered when they wrote something: ids and numbers, nobody’s words",
        "To give the same answer, and write nothing twice, when they send it again",
        DAY,
        "after it was written",
        "Removed",
    ),
    Rule(
        Kind.MAIL_TEXTS,
        "The text of mails the service sends",
        "To send them",
        timedelta(0),
        "Until they are sent",
        "Removed",
    ),
    Rule(
        Kind.VOID_MAILS,
        "That a link was asked for with an address that nobody has here; without the address",
        "So that nobody can tell from outside which addresses are known",
        DAY,
        "after it was asked",
        "Removed",
    ),
    Rule(
        Kind.MAILS,
        "That a mail was sent: its subject, to whom and when",
        "To find out why somebody did not get it",
        90 * DAY,
        "after it was sent or given up",
        "Removed; that a reminder of a round was sent stays 2 years, without address, so that it is not sent twice",
    ),
    Rule(
        Kind.WEBHOOK_DELIVERIES,
        "What other systems were told by webhooks: that something was submitted, signed off, reopened or published, by "
        "ids, without names, answers or scores",
        "To find out why a system was not told, and to tell it again",
        30 * DAY,
        "after it was sent or given up",
        "Removed",
    ),
    Rule(
        Kind.AUDIT_TEXTS,
        "The audit’s words: what was there before and after, such as names and addresses of people invited",
        "To find out what happened, and who did it",
        7 * YEAR,
        "after it was done",
        "The words are removed; see the next row",
    ),
    Rule(
        None,
        "The audit: what was done, when, to what and by whom, without names",
        "To show that nothing was changed unseen: taking entries out would break the proof",
        FOREVER,
        "As long as the service runs",
        "The words about a person are removed when they are erased",
    ),
)
"""In the order of the privacy page."""

PERIOD_OF: Final = {rule.kind: rule.period for rule in RULES if rule.kind is not None}
ONCE_ONLY_KEPT: Final = 2 * YEAR
"""How long it is known that a mail was written that may be sent once only, such as a reminder."""


def say_period(rule: Rule) -> str:
    """Say in words how long something is kept, such as `2 years after the round closed`."""
    if rule.period in {FOREVER, timedelta(0)}:
        return rule.since
    years, rest = divmod(rule.period, YEAR)
    number, unit = (rule.period.days, "day") if rest or not years else (years, "year")
    return f"{number} {unit}{'' if number == 1 else 's'} {rule.since}"
