"""Holding the audit against itself, and against what is kept of it outside the database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.audit import GENESIS, SERVICE, find_entry_faults
from app.services import Database
from app.services.outside import Head, Outside
from app.store import audit

BATCH: Final = 500
MOST_FAULTS: Final = 20
"""Of one chain that are told one by one."""

Known = Mapping[int, frozenset[str]]
"""Number of an entry -> the hashes that were kept of it outside: one, unless something was rewritten."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and every fault in words."""

    chains: int
    entries: int
    erased: int
    """Texts that are no longer there, as after an erasure."""
    heads_outside: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Count:
    entries: int = 0
    erased: int = 0


def write_heads(database: Database, outside: Outside, now: datetime) -> int:
    """Keep the head of every chain that has moved outside the database; gives how many. Raises `OutsideError`."""
    with database.reading() as session:
        heads = audit.list_chains(session)
    known = {head.chain: (head.number, head.hash) for head in outside.list_heads()}
    moved = [
        Head(chain, number, last_hash)
        for chain, (number, last_hash) in heads.items()
        if number and known.get(chain) != (number, last_hash)
    ]
    outside.add_heads(moved, now)
    return len(moved)


def accept_heads(database: Database, outside: Outside, now: datetime) -> int:
    """Keep outside that the chains, as they are, hold from now on: an older backup was restored. Gives how many."""
    known = {head.chain for head in outside.list_heads()}
    with database.reading() as session:
        heads = audit.list_chains(session)
    chains = {**dict.fromkeys(known, (0, GENESIS)), **heads}
    outside.add_heads([Head(chain, *head, restored=True) for chain, head in chains.items()], now)
    return len(chains)


def verify(database: Database, outside: Outside) -> Verification:
    """Compute every chain anew, a few entries at a time, and say where it does not hold. Raises `OutsideError`."""
    known = _read_known(outside)  # first, as chains only grow
    with database.reading() as session:
        heads, highest = audit.list_chains(session), audit.list_chains_of_entries(session)
    count = _Count()
    faults: list[str] = []
    chains = sorted({*heads, *highest, *known})
    for chain in chains:
        found = _find_faults(database, chain, heads.get(chain), highest.get(chain, 0), known.get(chain, {}), count)
        name = "the service" if chain == SERVICE else f"partnership {chain}"
        told = [f"The chain of {name}: {fault}" for _, fault in zip(range(MOST_FAULTS), found, strict=False)]
        if more := sum(1 for _ in found):
            told.append(f"The chain of {name}: {more} faults more")
        faults += told
    return Verification(len(chains), count.entries, count.erased, sum(map(len, known.values())), tuple(faults))


def _read_known(outside: Outside) -> dict[UUID, dict[int, frozenset[str]]]:
    known: dict[UUID, dict[int, frozenset[str]]] = defaultdict(dict)
    for head in outside.list_heads():
        if head.restored:
            known[head.chain] = {number: kept for number, kept in known[head.chain].items() if number < head.number}
        hashes = known[head.chain].get(head.number, frozenset())
        if head.number:
            known[head.chain][head.number] = hashes | {head.hash}
    return {chain: heads for chain, heads in known.items() if heads}


def _find_faults(
    database: Database, chain: UUID, head: tuple[int, str] | None, highest: int, known: Known, count: _Count
) -> Iterator[str]:
    """Find what is wrong with one chain, up to the head that it had at the start: others may append meanwhile."""
    if head is None:
        yield "it has entries and no head: the head was removed" if highest else "it is gone, and is known outside"
    elif highest != head[0]:
        yield f"its head is entry {head[0]}, and its last entry is {highest}: entries were removed or added"
    number, previous = 0, GENESIS
    while number < highest:
        with database.reading() as session:
            batch = audit.list_entries(session, chain, number, highest, BATCH)
        for stored in batch:
            for fault in find_entry_faults(stored, number + 1, previous):
                yield f"entry {stored.entry.number} {fault}"
            number, previous = stored.entry.number, stored.hash
            if known.get(number, {previous}) != {previous}:
                yield f"entry {number} is another than the one known outside: the chain was rewritten"
            count.entries += 1
            count.erased += stored.old.is_erased + stored.new.is_erased
        if len(batch) < BATCH:
            break
    if head is not None and highest == head[0] and head[1] != previous:
        yield f"its head names another hash than entry {number} has"
    if cut := [missing for missing in known if missing > number]:
        yield f"it ends at entry {number}, and entry {max(cut)} is known outside: its end was cut off"
