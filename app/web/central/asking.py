"""For central teams: who has not finished in a round, whom to ask, and reminding exactly those. No answers here."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.access import Actor, Role
from app.domain.chasing import Call, Calls, Chase
from app.domain.errors import NotAllowedNowError
from app.domain.inviting import Member
from app.domain.progress import find_stage
from app.domain.reminders import WrittenReminder
from app.renderings.words import count, join
from app.services import overseeing
from app.services.overseeing import ChaseList
from app.web import paths
from app.web.central.progress_pages import (
    AskedPerson,
    CalledPerson,
    ChaseFold,
    ChaseRow,
    RemindRoundPage,
    WhomToAskPage,
)
from app.web.central.progress_words import describe_exceptions, find_organisation, find_partnership
from app.web.forms import NO_FIELDS
from app.web.pages import Link
from app.web.partner.statuses import TAG_OF
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()

ROUND: Final = f"{paths.ROUNDS}/{{round_id}}"
MOST_OPEN: Final = 24
"""So many organisations stand unfolded; of more, one unfolds the partnerships one wants."""
WHO: Final[Mapping[Role | None, tuple[str, str]]] = {
    Role.LEAD: ("Ask its lead:", "Ask one of its leads:"),
    Role.CERTIFIER: ("Ask its certifier, who can sign it off:", "Ask one of its certifiers, who can sign it off:"),
    Role.COORDINATOR: (
        "Nobody leads it. Ask the coordinator of the partnership:",
        "Nobody leads it. Ask one of the coordinators of the partnership:",
    ),
    None: ("Nobody leads it, and nobody coordinates the partnership. Invite a lead, or a coordinator.", ""),
}
"""As what people are asked: one of them, or several."""
CLOSED: Final = (
    "Only those who may enter late are reminded now. "
    "The coordinator of a partnership, or a central administrator, can permit that."
)


@router.get(f"{ROUND}/whom-to-ask")
def whom_to_ask_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> HTMLResponse:
    """Central teams: who has not finished in a round, and whom to ask. No answers."""
    found = overseeing.get_chase_list(database, actor, round_id, now)
    due = len(found.calls.due)
    may_remind = overseeing.can_remind(actor) and due
    called = found.last_call
    return show(
        "central/whom_to_ask.html",
        WhomToAskPage(
            title=f"{found.round.title}: whom to ask",
            back=Link("Back to the round", paths.round_progress(round_id)),
            round=found.round.title,
            lead=_describe(found, now),
            done=f"A reminder went to {count(called.people, 'person', 'people')} at {moment_words(called.at)}."
            if called
            else "",
            notes=(*([CLOSED] if found.chases and now >= found.round.closes_at else []), *_list_notes(found.calls)),
            remind=Link(f"Send a reminder to {count(due, 'person', 'people')}", paths.remind_round(round_id))
            if may_remind
            else None,
            folds=_make_folds(found, actor, now),
        ),
    )


@router.get(f"{ROUND}/remind")
def remind_round_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> HTMLResponse:
    """Central administrators: who would be reminded."""
    found = overseeing.get_to_remind(database, actor, round_id, now)
    due = found.calls.due
    if not due:
        raise NotAllowedNowError("There is nobody to remind now")
    people = count(len(due), "person", "people")
    return show(
        "central/remind_round.html",
        RemindRoundPage(
            title=f"{found.round.title}: send a reminder to {people}",
            back=Link("Back to whom to ask", paths.whom_to_ask(round_id)),
            round=found.round.title,
            lead=f"A mail asks {people} to finish before {_describe_end(due)}. "
            "Each gets one mail, about everything that is theirs to finish.",
            notes=_list_notes(found.calls),
            people=tuple(
                CalledPerson(
                    name=call.person.name,
                    organisations=_describe_organisations(call),
                )
                for call in due
            ),
            action=paths.remind_round(round_id),
            button=f"Send the reminder to {people}",
            keep=paths.whom_to_ask(round_id),
        ),
    )


@router.post(f"{ROUND}/remind", dependencies=[NO_FIELDS])
def remind_round(database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> Response:
    """Central administrators: mails a reminder to everybody on the list, nobody twice within 24 hours."""
    overseeing.remind(database, actor, round_id, now)
    return RedirectResponse(paths.whom_to_ask(round_id), 303)


def _describe(found: ChaseList, now: datetime) -> str:
    if now < found.round.opens_at:
        return f"The round opens at {moment_words(found.round.opens_at)}. Until then nobody is asked."
    if not found.chases:
        return "Everybody has finished."
    number, closes = count(len(found.chases), "assessment"), moment_words(found.round.closes_at)
    if now < found.round.closes_at:
        return f"{number} {'is' if len(found.chases) == 1 else 'are'} not finished. The round closes at {closes}."
    return f"{number} {'was' if len(found.chases) == 1 else 'were'} not finished when the round closed at {closes}."


def _describe_end(due: tuple[Call, ...]) -> str:
    ends = sorted({call.ends_at for call in due})
    return moment_words(ends[0]) if len(ends) == 1 else f"their end of the round, {moment_words(ends[0])} or later"


def _describe_organisations(call: Call) -> str:
    """Name each organisation once, however many partnerships it is in."""
    found = Counter(chase.record.organisation for chase in call.chases)
    return join([f"{name} in {number} partnerships" if number > 1 else name for name, number in found.items()])


def _list_notes(calls: Calls) -> tuple[str, ...]:
    notes = []
    if calls.switched_off:
        has = "has" if calls.switched_off == 1 else "have"
        notes.append(
            f"{count(calls.switched_off, 'person', 'people')} {has} switched reminders off, and will get none."
        )
    if calls.resting:
        was = "was" if calls.resting == 1 else "were"
        notes.append(
            f"{count(calls.resting, 'person', 'people')} {was} reminded in the last 24 hours, and will get none now."
        )
    return tuple(notes)


def _make_folds(found: ChaseList, actor: Actor, now: datetime) -> tuple[ChaseFold, ...]:
    is_open = len(found.chases) <= MOST_OPEN
    groups = groupby(found.chases, key=lambda chase: (chase.record.partnership_id, chase.record.partnership))
    folds = []
    for (partnership_id, partnership), group in groups:
        rows = tuple(_make_row(chase, found.reminded, actor, now) for chase in group)
        folds.append(
            ChaseFold(
                partnership=partnership,
                detail=f"{count(len(rows), 'organisation')} to ask",
                link=find_partnership(actor, partnership_id, partnership),
                rows=rows,
                is_open=is_open,
            )
        )
    return tuple(folds)


def _make_row(chase: Chase, reminded: Mapping[UUID, WrittenReminder], actor: Actor, now: datetime) -> ChaseRow:
    one, several = WHO[chase.role]
    return ChaseRow(
        organisation=chase.record.organisation,
        href=find_organisation(actor, chase.record),
        tag=TAG_OF[find_stage(chase.record, now)],
        detail=". ".join(describe_exceptions(chase.record, now)),
        who=several if len(chase.people) > 1 else one,
        people=tuple(
            AskedPerson(
                name=person.name,
                mail=Link(person.email, f"mailto:{person.email}"),
                detail=_describe_reminder(person, reminded.get(person.person_id)),
            )
            for person in chase.people
        ),
    )


def _describe_reminder(person: Member, last: WrittenReminder | None) -> str:
    off = "" if person.wants_reminders else "Has switched reminders off. "
    if last is None:
        return f"{off}Not reminded yet"
    if last.has_failed:
        return f"{off}A reminder of {moment_words(last.at)} could not be delivered"
    return f"{off}Reminded at {moment_words(last.at)}"
