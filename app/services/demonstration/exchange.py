"""What partnerships of the demonstration offer to and ask of one another, and what of the learning library helped."""

from datetime import datetime, timedelta
from typing import Final

from app.domain.exchange import KINDS, HelpKind, ProposalStatus
from app.domain.learning import LearningLibrary
from app.domain.learning_marks import Item, ItemKind, Mark
from app.services.demonstration.calendar import RoundPlan
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.places import World
from app.services.demonstration.words import ExchangeWords
from app.store import models
from app.store.bulk import Rows

BEGUN_AFTER: Final = timedelta(days=20)
"""How long after the close they offered and asked."""
ANSWERED_AFTER: Final = timedelta(days=2)
PROPOSED_BEFORE: Final = timedelta(days=3)
"""How long ago the proposal that waits was made."""
MARKED_AFTER: Final = timedelta(days=60)
MOST_OFTEN: Final = 0.24
"""How many organisations have used what is used most."""
HELPED: Final = 0.75
"""Of those who used something, how many it helped, at best."""


def add_exchange(rows: Rows, words: ExchangeWords, world: World, plan: RoundPlan, now: datetime) -> None:
    """Add the offers, asks and proposals."""
    (round_id,) = (row["id"] for row in rows.of(models.Round) if row["title"] == plan.title)
    partnerships = {each.name: each for each in world.partnerships}
    at = plan.closes_at + BEGUN_AFTER
    for number, offer in enumerate(words.offers):
        who = partnerships[offer.partnership]
        rows.add(
            models.HelpOffer,
            partnership_id=who.id,
            enabler_id=offer.enabler,
            round_id=round_id,
            kinds=_write_kinds(offer.kinds),
            at_a_time=offer.at_a_time,
            words=offer.words,
            version=1,
            offered_by=who.coordinator.id,
            offered_at=at + timedelta(hours=number),
        )
    for number, ask in enumerate(words.asks):
        who = partnerships[ask.partnership]
        rows.add(
            models.HelpAsk,
            partnership_id=who.id,
            enabler_id=ask.enabler,
            round_id=round_id,
            kinds=_write_kinds(ask.kinds),
            words=ask.words,
            need=ask.need.value,
            version=1,
            asked_by=who.coordinator.id,
            asked_at=at + timedelta(days=1, hours=number),
        )
    for each in words.proposals:
        asking, offering = partnerships[each.asking], partnerships[each.offering]
        matched = each.status is ProposalStatus.MATCHED
        proposed_at = at + timedelta(days=2) if matched else now - PROPOSED_BEFORE
        rows.add(
            models.HelpProposal,
            partnership_id=asking.id,
            offering_id=offering.id,
            id=make_id(proposed_at, "proposal", asking.name, offering.name, each.enabler),
            enabler_id=each.enabler,
            status=each.status.value,
            proposed_at=proposed_at,
            asking_by=asking.coordinator.id if matched else None,
            offering_by=offering.coordinator.id if matched else None,
            matched_at=proposed_at + ANSWERED_AFTER if matched else None,
            closed_at=None,
        )


def add_marks(rows: Rows, library: LearningLibrary | None, world: World, plan: RoundPlan) -> None:
    """Add what organisations say of the learning library; nothing where the framework has none."""
    if library is None:
        return
    items = [
        *(Item(ItemKind.POINT, point.id) for point in library.points),
        *(Item(ItemKind.RESOURCE, resource.id) for resource in library.resources),
    ]
    for item in items:
        chance = draw("marks", item.kind, item.id)
        used, helped = chance.random() ** 3 * MOST_OFTEN, chance.random() * HELPED
        for organisation in world.organisations:
            if chance.random() < used:
                mark = Mark.HELPFUL if chance.random() < helped else Mark.USED
                rows.add(
                    models.LearningMark,
                    organisation_id=organisation.id,
                    framework_id=library.framework,
                    kind=item.kind.value,
                    item_id=item.id,
                    mark=mark.value,
                    marked_by=organisation.people[0].id,
                    marked_at=plan.closes_at + MARKED_AFTER,
                )


def _write_kinds(kinds: tuple[HelpKind, ...]) -> str:
    return " ".join(kind for kind in KINDS if kind in kinds)
