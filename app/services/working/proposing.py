"""Bringing offers of help and asks together once a day: first what no longer holds ends, then what fits is proposed."""

from datetime import datetime

from app.domain.audit import Event
from app.renderings.words import count
from app.services import auditing
from app.services.proposing import close_waiting, propose_all, renew
from app.services.working.means import Means
from app.store import exchange


def propose_help(means: Means, now: datetime) -> str:
    """Let everything go by the newest closed rounds, then propose what goes together and was not proposed before."""
    with means.database.reading() as session:
        outdated = exchange.list_outdated(session, now)
    for partnership_id in outdated:
        if means.stop.is_set():
            return ""
        with means.database.writing() as session:
            exchange.lock_exchange(session)
            auditing.record_all(session, renew(session, means.catalogue, partnership_id, now))
    with means.database.writing() as session:
        exchange.lock_exchange(session)
        late = close_waiting(session, now)
        found = propose_all(session, means.catalogue, now)
        auditing.record_all(session, (*late, *found))
    proposed = sum(entry.event is Event.HELP_PROPOSED for entry in found) // 2  # one entry for each side
    return f"{count(proposed, 'proposal')} made" if proposed else ""
