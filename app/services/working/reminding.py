"""Reminding people of what is left to do in a round: once for each reminder, person and round.

Whoever was reminded by the central team a short while ago gets what is due once they have rested from it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.catalogue import Catalogue, QuestionnaireMissingError
from app.domain.access import Role
from app.domain.assessment import AssessmentStatus, find_progress, find_shown, is_final
from app.domain.reminders import REST, Reminder, due_key, find_due
from app.renderings.words import count
from app.services import letters, mailing
from app.services.letters import STANDING_WORDS, Unfinished
from app.services.working.means import Means
from app.store import mails, reminders, round_progress
from app.store.reminders import Addressee, GivenWork, Standing

BATCH: Final = 200
PATH: Final = "/assessments"
"""The list of somebody's assessments."""


@dataclass(frozen=True, slots=True)
class _Occasion:
    """One reminder of one person in one round."""

    kind: Reminder
    round_id: UUID
    person_id: UUID

    @property
    def key(self) -> str:
        return due_key(self.kind, self.round_id, self.person_id)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one organisation adds to a reminder."""

    address: str
    standing: Standing
    words: str


def write_reminders(means: Means, now: datetime) -> str:
    """Write the reminders that are due and were not written before."""
    with means.database.reading() as session:
        due = [
            (standing, kind)
            for standing in reminders.list_unfinished(session, now)
            if not is_final(standing.sign_off, standing.status) and (kind := _find_kind(standing, now))
        ]
        if not due:
            return ""
        rounds = {standing.round_id for standing, _ in due}
        people = reminders.list_to_remind(session, rounds)
        given = reminders.list_given_work(session, rounds)
        wanted = _gather(due, people, _find_left(means.catalogue, given))
        written = mails.find_written(session, [occasion.key for occasion in wanted])
        chased = round_progress.list_chased(session, rounds, now - REST)
    missing = [
        (occasion, parts)
        for occasion, parts in wanted.items()
        if occasion.key not in written and (occasion.round_id, occasion.person_id) not in chased
    ]
    added = 0
    for start in range(0, len(missing), BATCH):
        if means.stop.is_set():
            break
        added += _write(means, missing[start : start + BATCH], now)
    return f"{added} written" if added else ""


def _find_kind(standing: Standing, now: datetime) -> Reminder | None:
    return find_due(standing.window, now, known_at=standing.confirmed_at, permitted_at=standing.permitted_at)


def _gather(
    due: list[tuple[Standing, Reminder]],
    people: tuple[Addressee, ...],
    left: Mapping[tuple[UUID, UUID], int],
) -> dict[_Occasion, list[_Part]]:
    """Put together what each person is reminded of: all their organisations in a round in one mail."""
    by_organisation = defaultdict(list)
    for person in people:
        by_organisation[person.organisation_id].append(person)
    wanted: defaultdict[_Occasion, list[_Part]] = defaultdict(list)
    for standing, kind in due:
        for person_id, (address, words) in _list_words(standing, by_organisation[standing.organisation_id], left):
            wanted[_Occasion(kind, standing.round_id, person_id)].append(_Part(address, standing, words))
    return wanted


def _list_words(
    standing: Standing, people: list[Addressee], left: Mapping[tuple[UUID, UUID], int]
) -> Iterator[tuple[UUID, tuple[str, str]]]:
    """Say to whom of an organisation something is left to do, and what; each person once, as a lead where they are."""
    told: set[UUID] = set()
    waits = standing.status is AssessmentStatus.SUBMITTED
    for person in sorted(people, key=lambda person: person.role is not Role.LEAD):
        sections = left.get((standing.assessment_id, person.person_id), 0) if standing.assessment_id else 0
        match person.role:
            case Role.LEAD:
                words = STANDING_WORDS[standing.status]
            case Role.CERTIFIER if waits:
                words = STANDING_WORDS[standing.status]
            case Role.CONTRIBUTOR if sections:
                words = f"{count(sections, 'section')} given to you not complete"
            case _:
                continue
        if person.person_id not in told:
            told.add(person.person_id)
            yield person.person_id, (person.address, words)


def _find_left(catalogue: Catalogue, given: Mapping[UUID, GivenWork]) -> dict[tuple[UUID, UUID], int]:
    """Count the sections that were given to somebody and are not complete: (assessment, person) -> how many."""
    left = {}
    for assessment, work in given.items():
        incomplete = _find_incomplete(catalogue, work)
        for person, sections in work.sections.items():
            left[assessment, person] = len(sections if incomplete is None else sections & incomplete)
    return left


def _find_incomplete(catalogue: Catalogue, work: GivenWork) -> frozenset[str] | None:
    """Give the sections that have unanswered questions; `None` where their questionnaire is not there to ask."""
    try:
        questionnaire = catalogue.get_by_hash(work.questionnaire_hash)
    except QuestionnaireMissingError:
        return None
    shown = find_shown(questionnaire, work.answers)
    return frozenset(
        section.id for section in questionnaire.sections if not find_progress(section, shown, work.answers).complete
    )


def _write(means: Means, batch: Sequence[tuple[_Occasion, list[_Part]]], now: datetime) -> int:
    added = 0
    with means.database.writing() as session:
        for occasion, parts in batch:
            letter = letters.reminder(
                occasion.kind,
                parts[0].standing.round,
                min(part.standing.window.ends_at for part in parts),
                [Unfinished(part.standing.organisation, part.standing.partnership, part.words) for part in parts],
                PATH,
            )
            added += mailing.post(session, letter, parts[0].address, occasion.person_id, now, key=occasion.key)
    return added
