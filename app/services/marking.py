"""Saying whether something of the learning library helped: for one's organisation, by coordinators and leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import ONLY, Actor, Deed, can
from app.domain.actions import check_board
from app.domain.audit import Event
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.learning import LearningLibrary, LearningPoint
from app.domain.learning_marks import Item, ItemKind, Mark, ShownCount, list_shown, raise_helpful
from app.domain.questionnaire import Framework
from app.domain.together import Together, can_plan, list_own
from app.services import Database, auditing
from app.services.acting import acting
from app.store import marks as store
from app.store import together as rounds_store


@dataclass(frozen=True, slots=True)
class Marking:
    """The learning library of a partnership, and what one organisation says of it."""

    partnership: str
    framework: Framework
    library: LearningLibrary
    """With what helped many before the rest."""
    shown: Mapping[Item, ShownCount]
    organisations: tuple[tuple[UUID, str], ...]
    """Those that the reader may speak for, by name."""
    organisation: tuple[UUID, str] | None
    """The one that is spoken for; `None` where it has to be chosen first."""
    marks: Mapping[Item, Mark]

    def find_point(self, point_id: str) -> LearningPoint:
        """Find a point; raises `NotFoundError`."""
        for point in self.library.points:
            if point.id == point_id:
                return point
        raise NotFoundError("There is no such page")


def list_items(library: LearningLibrary, point: LearningPoint) -> tuple[Item, ...]:
    """Give a point and its resources, these by their ids: the order of a form may not move while it is filled in."""
    resources = sorted(each.id for each in library.resources_of(point))
    return Item(ItemKind.POINT, point.id), *(Item(ItemKind.RESOURCE, each) for each in resources)


def load_library(session: Session, catalogue: Catalogue, framework: Framework) -> LearningLibrary | None:
    """Give the learning library of a framework, with what helped many before the rest. One statement."""
    library = catalogue.learning_of(framework.id)
    return raise_helpful(library, list_shown(store.count_marks(session, framework.id))) if library else None


def open_marking(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    organisation_id: UUID | None,
    now: datetime,
) -> Marking:
    """Give the learning library, and what an organisation says of it. Four statements.

    It is for coordinators and leads to whom a report is open. Raises `NotFoundError`, also where the organisation is
    not theirs to speak for or there is no library; `NotAllowedError`; and `NotAllowedNowError`.
    """
    with database.reading() as session:
        return _open(session, catalogue, actor, partnership_id, organisation_id, now)


def _open(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    organisation_id: UUID | None,
    now: datetime,
) -> Marking:
    rounds = rounds_store.list_rounds(session, partnership_id)
    opened = check_board(actor, rounds, now)
    if not any(can_plan(actor, each, now) for each in opened):
        raise NotAllowedError(ONLY[Deed.PLAN])
    framework = catalogue.get_by_hash(opened[0].questionnaire_hash).framework
    library = catalogue.learning_of(framework.id)
    organisations = _list_spoken_for(actor, opened)
    chosen = next((each for each in organisations if each[0] == organisation_id), None)
    if library is None or not organisations or (organisation_id and chosen is None):
        raise NotFoundError("There is no such page")
    if chosen is None and len(organisations) == 1:
        chosen = organisations[0]
    shown = list_shown(store.count_marks(session, framework.id))
    return Marking(
        partnership=opened[0].partnership,
        framework=framework,
        library=raise_helpful(library, shown),
        shown=shown,
        organisations=organisations,
        organisation=chosen,
        marks=store.list_marks(session, chosen[0], framework.id) if chosen else {},
    )


def _list_spoken_for(actor: Actor, opened: Sequence[Together]) -> tuple[tuple[UUID, str], ...]:
    """List whom the actor may speak for: a coordinator for all organisations that are there, a lead for their own."""
    newest = opened[0]
    there = [each for each in newest.partners if each.left_at is None]
    if not can(actor, Deed.PLAN, partnership_id=newest.partnership_id):
        own = {each.organisation_id for each in list_own(actor, newest, Deed.PLAN)}
        there = [each for each in there if each.organisation_id in own]
    return tuple((each.organisation_id, each.name) for each in there)


def mark(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    point_id: str,
    organisation_id: UUID | None,
    said: Sequence[str],
    now: datetime,
) -> None:
    """Store what an organisation says of a point and its resources, in their order; anything else than a mark is none.

    One mark of an organisation on each: what it said before, in whichever partnership, gives way. Raises what
    `open_marking` does, and `NotFoundError` where there is no such point.
    """
    with acting(database, actor) as session:
        marking = _open(session, catalogue, actor, partnership_id, organisation_id, now)
        items = list_items(marking.library, marking.find_point(point_id))
        if marking.organisation is None:
            raise NotFoundError("There is no such page")
        chosen = dict(zip(items, (*said, *[""] * len(items)), strict=False))
        wanted = {item: Mark(text) if text in set(Mark) else None for item, text in chosen.items()}
        changed = {item: each for item, each in wanted.items() if each != marking.marks.get(item)}
        if not changed:
            return
        store.set_marks(session, marking.organisation[0], marking.framework.id, changed, actor.person_id, now)
        auditing.record(
            session,
            Event.LEARNING_MARKED,
            actor.person_id,
            now,
            partnership_id=partnership_id,
            subject=f"organisation {marking.organisation[0]}",
            old=_describe({item: marking.marks.get(item) for item in changed}),
            new=_describe(changed),
        )


def _describe(marks: Mapping[Item, Mark | None]) -> str:
    return ", ".join(f"{item.kind} {item.id} {each or 'none'}" for item, each in sorted(marks.items()))
