"""The objects of the pages on which an organisation says how far it can rely on its partners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.access import Actor, Deed, can
from app.domain.rounds import Window
from app.domain.trust import LEAST_IN_RETURN, LEAST_RATERS
from app.renderings.words import in_words
from app.services.trusting import OpenedTrust, RatedSubject
from app.web import paths
from app.web.pages import AnswerLine, Choice, Link, Page, Tag, Task
from app.web.words import moment_words

MOST_SUBJECTS: Final = 99
"""As many as one form can ask of."""
OPTIONAL: Final = Tag(text="Optional", colour="grey")
FROZEN: Final = Tag(text="Frozen", colour="grey")
PREFER_NOT: Final = "Prefer not to say"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedField:
    """One subject with its choices."""

    name: str
    legend: str
    hint: str
    """What else to know of it, such as that it has left; empty for nothing."""
    levels: tuple[Choice, ...]
    nothing: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPage(Page):
    """Saying how far one can rely on each partner."""

    caption: str
    conflict: str
    """That somebody else said something meanwhile; empty where nobody did."""
    promises: tuple[str, ...]
    """Who sees what, and what nobody ever sees."""
    text: str
    hint: str
    fields: tuple[RatedField, ...]
    saved: str
    mark: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustReadPage(Page):
    """What an organisation said, to its own people who cannot change it, or cannot any more."""

    caption: str
    why: str
    """Why there is no form."""
    promises: tuple[str, ...]
    text: str
    lines: tuple[AnswerLine, ...]
    saved: str


def make_task(opened: OpenedTrust) -> Task:
    """Make the row of the task list."""
    frozen = bool(opened.record.submissions)
    return Task(
        title=opened.question.title,
        detail=f"{'Frozen when you first submitted' if frozen else 'Optional'}. {_count_said(opened)}",
        href=paths.trust(opened.key),
        tag=FROZEN if frozen else OPTIONAL,
        given="",
        message="",
        give=None,
    )


def link_trust(opened: OpenedTrust) -> Link:
    """Lead to the page, with how much was said."""
    return Link(f"{opened.question.title} (optional): {_count_said(opened)}", paths.trust(opened.key))


def _count_said(opened: OpenedTrust) -> str:
    return f"{opened.said} of {len(opened.subjects)} said"


def make_trust_page(
    opened: OpenedTrust, typed: Mapping[str, str], now: datetime, *, conflict: bool = False
) -> TrustPage:
    """Make the page with the form. `typed` are levels chosen and not saved, by subject, in place of what is stored."""
    return TrustPage(
        title=opened.question.title,
        back=Link("Back to the list of sections", paths.assessment(opened.key)),
        caption=_make_caption(opened),
        conflict=_tell_conflict(opened) if conflict else "",
        promises=_list_promises(opened, now),
        text=opened.question.text,
        hint=opened.question.hint or "",
        fields=tuple(
            _make_field(opened, subject, typed.get(subject.id), number)
            for number, subject in enumerate(opened.subjects[:MOST_SUBJECTS], start=1)
        ),
        saved=_tell_saved(opened),
        mark=opened.mark,
        action=paths.trust(opened.key),
    )


def _make_field(opened: OpenedTrust, subject: RatedSubject, typed: str | None, number: int) -> RatedField:
    labels = opened.question.labels
    chosen = subject.level if typed is None else typed
    hints = []
    if subject.has_left:
        hints.append("It has left the partnership: keep what you said of it, or choose not to say.")
    if chosen != subject.level:
        hints.append(f"Saved meanwhile: {labels.get(subject.level, PREFER_NOT)}.")
    return RatedField(
        name=f"level-{number}",
        legend=subject.label,
        hint=" ".join(hints),
        levels=tuple(
            Choice(value=f"{subject.id} {level}", label=label, descriptor="", checked=level == chosen)
            for level, label in labels.items()
        ),
        nothing=Choice(value=subject.id, label=PREFER_NOT, descriptor="", checked=typed == ""),
    )


def make_trust_read_page(opened: OpenedTrust, actor: Actor, now: datetime) -> TrustReadPage:
    """Make the page without a form."""
    return TrustReadPage(
        title=opened.question.title,
        back=Link("Back to the list of sections", paths.assessment(opened.key)),
        caption=_make_caption(opened),
        why=_explain_reading(opened, actor, opened.record.window, now),
        promises=_list_promises(opened, now),
        text=opened.question.text,
        lines=tuple(
            AnswerLine(name=subject.label, text=opened.question.labels.get(subject.level, "Not said"))
            for subject in opened.subjects
        ),
        saved=_tell_saved(opened),
    )


def _explain_reading(opened: OpenedTrust, actor: Actor, window: Window, now: datetime) -> str:
    if opened.record.submissions:
        return "This was frozen when your organisation first submitted."
    if not window.is_open(now):
        return "This round is not open, so this cannot be changed."
    if not can(actor, Deed.ANSWER, organisation_id=opened.record.organisation_id):
        return "A lead of your organisation says how far it can rely on its partners. You can read what they said."
    return "This cannot be changed now."


def _make_caption(opened: OpenedTrust) -> str:
    return f"{opened.record.organisation}, in {opened.record.partnership}"


def _list_promises(opened: OpenedTrust, now: datetime) -> tuple[str, ...]:
    least, circle = in_words(LEAST_RATERS).lower(), in_words(LEAST_IN_RETURN).lower()
    if now < opened.counts_until:
        counts = f"It counts if your organisation submits before {moment_words(opened.counts_until)}."
    else:
        counts = (
            f"The round closed at {moment_words(opened.counts_until)}. What was not submitted by then stays with your "
            "organisation, and counts in nothing that partners see."
        )
    own = (
        f"Only people of {opened.record.organisation} see what you say here. No other partner, coordinator or central "
        "team does."
    )
    shown = (
        f"When the round has closed, partners see one of three things of each that at least {least} others rated: most "
        f"rely on it, most do not, or views are divided. Where at least {circle} organisations rated one another, they "
        "also see whether trust is mostly returned."
    )
    never_shown = (
        "Never shown is who said what, how many said it, or what two partners said of each other. From what is shown "
        "nobody can work out what one organisation said, even if they know what their own said. They may be able to "
        "tell that you rated somebody, not how."
    )
    frozen = (
        "What you say is frozen when your organisation first submits, and stays as it is if the assessment is reopened."
    )
    return (
        own,
        shown,
        never_shown,
        "Do not tell other partners what you said: organisations that tell each other can work out more.",
        f"{frozen} {counts}",
    )


def _tell_conflict(opened: OpenedTrust) -> str:
    who = f"{opened.last_by} saved this page last, at {moment_words(opened.last_at)}. " if opened.last_at else ""
    return (
        f"This page has changed since you opened it. {who}Nothing of yours is saved yet. What you chose is chosen "
        "here, and where it differs it says what was saved. Save again to keep yours."
    )


def _tell_saved(opened: OpenedTrust) -> str:
    return f"Saved by {opened.last_by} at {moment_words(opened.last_at)}" if opened.last_at else ""
