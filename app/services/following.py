"""How central teams follow a round: who has come how far, and no scores."""

from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.records import PartnershipProgress
from app.services import Database
from app.store import rounds


def list_progress(database: Database, actor: Actor) -> tuple[PartnershipProgress, ...]:
    """List the partnerships of every round with how many organisations have come how far."""
    access.check(actor, Deed.FOLLOW_ROUNDS)
    with database.reading() as session:
        return rounds.list_progress(session)
