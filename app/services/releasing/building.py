"""Before a release is approved: its date and cuts are named, it is built and audited, and stored as a draft."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.disclosure.plan import Plan
from app.disclosure.releases import Built, build
from app.domain.access import Actor, Deed, check
from app.domain.aggregate import ONE_WAY, TIMES
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedNowError
from app.domain.releases import ReleaseRecord, Sources, write_content, write_sources
from app.domain.uk_time import today
from app.services import Database, auditing
from app.services.acting import acting
from app.services.processes import shared
from app.services.releasing.loading import get_released_round, load_plan
from app.store import releases as store
from app.store.releases import ReleasedRound


@dataclass(frozen=True, slots=True)
class RoundReleases:
    """What an administrator sees of the releases of a round."""

    round: ReleasedRound
    releases: tuple[ReleaseRecord, ...]


class WithheldRow(TypedDict):
    """What an audit holds of anything that is withheld, or shows less than its count allows."""

    count: int
    """Partnerships with a score; of the mirror, departments."""
    shown: str
    """The name of a `Detail`, in small letters."""
    code: str
    words: str
    """Why, for the administrator."""


class WithheldCell(WithheldRow):
    """A cell of partnerships."""

    measure: str
    cell: str


class WithheldOfDepartments(WithheldRow):
    """A question of departments in the mirror."""

    question: str


class Audit(TypedDict):
    """The audit of a release as it is stored, in JSON."""

    leaks: list[str]
    """Measures that earlier releases give away by themselves."""
    withheld: list[WithheldCell]
    mirror: list[WithheldOfDepartments]


def get_round(database: Database, actor: Actor, round_id: UUID) -> RoundReleases:
    """Give what a round says of its releases, and those there are."""
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        return RoundReleases(get_released_round(session, round_id), store.list_releases(session, round_id))


def plan(
    database: Database,
    actor: Actor,
    round_id: UUID,
    release_at: datetime,
    two_way_cuts: Sequence[tuple[str, str]],
    now: datetime,
) -> None:
    """Name the date on which a round is released, and the pairs of cuts that are shown as well.

    Raises `AnswerError` for a date before the round closes or a pair that is none.
    """
    check(actor, Deed.RELEASE)
    for one, other in two_way_cuts:
        if one == other or not {one, other} <= set(map(str, ONE_WAY)):
            raise AnswerError("Choose two cuts that are not the same")
    with acting(database, actor) as session:
        found = get_released_round(session, round_id, lock=True)
        if release_at < found.closes_at:
            raise AnswerError("Enter a time after the round closes")
        store.plan_release(session, round_id, release_at, two_way_cuts)
        pairs = ", ".join(TIMES.join(pair) for pair in two_way_cuts)
        words = f"{today(release_at)}; {pairs or 'one-way cuts alone'}"
        auditing.record(session, Event.RELEASE_PLANNED, actor.person_id, now, subject=f"round {round_id}", new=words)


def find_build_fault(found: RoundReleases, now: datetime) -> str:
    """Say why the next release of a round cannot be built now; empty where it can."""
    if now < found.round.closes_at:
        return "A release is built once the round has closed"
    if found.round.release_at is None:
        return "Say first when the round is released"
    if any(each.approved_at and not each.withdrawn_at and each.publishes_at > now for each in found.releases):
        return "A release of this round waits for its date. Withdraw it before you build another"
    return ""


def build_release(database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime) -> UUID:
    """Build and audit the next release of a round that has closed, in the place of one not yet approved; give its id.

    Nothing is held while it is computed. Raises `NotAllowedNowError` while the round is open, has no date, has a
    release that waits for its date, or has a threshold that is none.
    """
    check(actor, Deed.RELEASE)
    with database.reading() as session:
        found = get_released_round(session, round_id)
        known = store.list_releases(session, round_id)
        fault = find_build_fault(RoundReleases(found, known), now)
        if fault:
            raise NotAllowedNowError(fault)
        planned = load_plan(session, catalogue, found, now)
    built = decide(planned)  # with nothing held
    with acting(database, actor) as session:
        again = get_released_round(session, round_id, lock=True)
        if again != found or _list_approved(store.list_releases(session, round_id)) != _list_approved(known):
            raise NotAllowedNowError("The round was changed while its release was built. Build it again")
        store.delete_drafts(session, round_id)
        release_id = store.add_release(
            session, round_id, _as_values(planned, built, actor.person_id, max(found.release_at or now, now), now)
        )
        auditing.record(session, Event.RELEASE_BUILT, actor.person_id, now, subject=f"release {release_id}")
    return release_id


def add_demonstration(
    session: Session, catalogue: Catalogue, round_id: UUID, release_id: UUID, by: UUID, at: datetime
) -> None:
    """Build, approve and publish the release of a round in a unit of work that is open: of the demonstration."""
    planned = load_plan(session, catalogue, get_released_round(session, round_id), at)
    values = _as_values(planned, decide(planned), by, at, at)
    store.add_release(session, round_id, {**values, "id": release_id, "approved_at": at, "approved_by": by})


def decide(planned: Plan) -> Built:
    """Decide and audit a release, on several processors where there is much to do: the part that takes long."""
    with shared(len(planned.contributions)) as run:
        return build(planned, run)


def _list_approved(releases: Sequence[ReleaseRecord]) -> list[ReleaseRecord]:
    return [each for each in releases if each.approved_at is not None]


def _as_values(planned: Plan, built: Built, by: UUID, publishes_at: datetime, now: datetime) -> dict[str, Any]:
    content = _as_json(write_content(built.content))
    departments = planned.mirror.departments if planned.mirror else ()
    return {
        "content": content,
        "digest": sha256(content.encode()).hexdigest(),
        "contributions": _as_json(write_sources(Sources(planned.contributions, departments, built.carried))),
        "audit": _as_json(_write_audit(built)),
        "built_at": now,
        "built_by": by,
        "publishes_at": publishes_at,
    }


def _write_audit(built: Built) -> Audit:
    return {
        "leaks": [str(measure) for measure in built.leaks],
        "withheld": [
            {
                "measure": str(row.measure),
                "cell": str(row.key),
                "count": row.count,
                "shown": row.detail.name.lower(),
                "code": row.reason.code,
                "words": row.reason.words,
            }
            for row in built.withheld
        ],
        "mirror": [
            {
                "question": row.question,
                "count": row.departments,
                "shown": row.detail.name.lower(),
                "code": row.reason.code,
                "words": row.reason.words,
            }
            for row in built.mirror_withheld
        ],
    }


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
