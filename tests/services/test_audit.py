"""P-13: the audit is appended to only, and whatever is done to it shows."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, select, update

from app.catalogue import Catalogue
from app.domain.audit import GENESIS, SERVICE, Entry, Event, digest_text, hash_entry
from app.services import Database, auditing, verifying
from app.services.outside import Head, Outside, OutsideError
from app.store.models import AuditChain, AuditEntry
from tests.people import NOW, World, make_world

CHAIN = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")
SOMEBODY = UUID("01900000-0000-7000-8000-000000000003")
Tamper = Callable[[Database], None]


@pytest.fixture
def outside(database: Database, tmp_path: Path) -> Outside:
    return Outside.of(tmp_path / "outside", database)


def record(database: Database, number: int, chain: UUID | None = CHAIN) -> None:
    with database.writing() as session:
        auditing.record(
            session, Event.INVITED, SOMEBODY, NOW + timedelta(minutes=number), partnership_id=chain,
            subject=f"invitation {number}", old="", new=f"person{number}@harrow.example",
        )  # fmt: skip


@pytest.fixture
def recorded(database: Database, outside: Outside) -> Database:
    """Three chains: ten entries each of two partnerships, five of the service; their heads kept outside midway, too."""
    for number in range(1, 11):
        record(database, number)
        record(database, number, OTHER)
        if number <= 5:
            record(database, number, None)
        if number in {6, 10}:
            verifying.write_heads(database, outside, NOW)
    return database


def test_what_nobody_touched_holds(recorded: Database, outside: Outside) -> None:
    found = verifying.verify(recorded, outside)
    assert (found.chains, found.entries, found.heads_outside, found.faults) == (3, 25, 5, ())


def test_few_entries_are_read_at_a_time(recorded: Database, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "BATCH", 3)
    found = verifying.verify(recorded, outside)
    assert (found.entries, found.faults) == (25, ())


def test_erased_texts_are_no_fault(recorded: Database, outside: Outside) -> None:
    with recorded.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 3).values(new_text=None, new_salt=None))
    found = verifying.verify(recorded, outside)
    assert (found.faults, found.erased) == ((), 3)


def change(number: int, /, **values: object) -> Tamper:
    def tamper(database: Database) -> None:
        with database.writing() as session:
            where = (AuditEntry.partnership_id == CHAIN) & (AuditEntry.number == number)
            session.execute(update(AuditEntry).where(where).values(values))

    return tamper


def drop(*numbers: int, mend_head: bool = False) -> Tamper:
    def tamper(database: Database) -> None:
        with database.writing() as session:
            session.execute(
                delete(AuditEntry).where(AuditEntry.partnership_id == CHAIN, AuditEntry.number.in_(numbers))
            )
            if mend_head:
                last = select(AuditEntry.number, AuditEntry.hash).where(AuditEntry.partnership_id == CHAIN)
                number, last_hash = session.execute(last.order_by(AuditEntry.number.desc()).limit(1)).one()
                where = AuditChain.partnership_id == CHAIN
                session.execute(update(AuditChain).where(where).values(number=number, hash=last_hash))

    return tamper


def swap_order(database: Database) -> None:
    for number, to in ((3, 100), (4, 3), (100, 4)):
        change(number, number=to)(database)


def drop_chain(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.partnership_id == CHAIN))
        session.execute(delete(AuditChain).where(AuditChain.partnership_id == CHAIN))


def drop_head(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(AuditChain).where(AuditChain.partnership_id == CHAIN))


def drop_everything(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(AuditEntry))
        session.execute(delete(AuditChain))


def set_head(database: Database) -> None:
    with database.writing() as session:
        session.execute(update(AuditChain).where(AuditChain.partnership_id == CHAIN).values(hash="0" * 64))


def swap_chains(database: Database) -> None:
    with database.writing() as session:
        for table in (AuditEntry, AuditChain):
            for chain, to in ((CHAIN, uuid4()), (OTHER, CHAIN)):
                session.execute(update(table).where(table.partnership_id == chain).values(partnership_id=to))


def rewrite(database: Database, *, from_number: int = 4, until: int = 10, chain: UUID = CHAIN) -> None:
    """Write entries anew, with every digest and hash right: what somebody with all rights and this code could do."""
    with database.writing() as session:
        where = AuditEntry.partnership_id == chain
        previous = session.scalar(select(AuditEntry.hash).where(where, AuditEntry.number == from_number - 1)) or GENESIS
        session.execute(delete(AuditEntry).where(where, AuditEntry.number >= from_number))
        for number in range(from_number, until + 1):
            digests = {"old_digest": digest_text("s", ""), "new_digest": digest_text("s", "nobody")}
            entry = Entry(chain, number, NOW, SOMEBODY, Event.INVITED, "invitation", **digests, previous_hash=previous)
            previous = hash_entry(entry)
            session.execute(
                insert(AuditEntry).values(
                    partnership_id=chain, number=number, done_at=NOW, actor_id=SOMEBODY, event=entry.event,
                    subject=entry.subject, old_text="", old_salt="s", new_text="nobody", new_salt="s", **digests,
                    previous_hash=entry.previous_hash, hash=previous,
                )
            )  # fmt: skip
        session.execute(
            update(AuditChain).where(AuditChain.partnership_id == chain).values(number=until, hash=previous)
        )


def add_beyond_the_head(database: Database) -> None:
    with database.writing() as session:
        columns = [column for column in AuditEntry.__table__.columns if column.name != "number"]
        last = select(*columns, (AuditEntry.number + 1).label("number")).where(
            AuditEntry.partnership_id == CHAIN, AuditEntry.number == 10
        )
        session.execute(insert(AuditEntry).from_select([*(column.name for column in columns), "number"], last))


TAMPERINGS: dict[str, tuple[Tamper, str]] = {
    "a text is edited": (change(4, new_text="other@harrow.example"), "entry 4 has another new text"),
    "a text is edited with its digest": (
        change(4, new_text="x", new_salt="s", new_digest=digest_text("s", "x")),
        "entry 4 was changed",
    ),
    "a text is taken away and its salt left": (change(4, old_text=None), "entry 4 has another old text"),
    "a digest is edited": (change(4, old_digest="0" * 64), "entry 4 was changed"),
    "the actor is another": (change(4, actor_id=OTHER), "entry 4 was changed"),
    "the actor is nobody": (change(4, actor_id=None), "entry 4 was changed"),
    "the time is another": (change(4, done_at=NOW), "entry 4 was changed"),
    "the event is another": (change(4, event="signed-in"), "entry 4 was changed"),
    "the subject is another": (change(4, subject="invitation 5"), "entry 4 was changed"),
    "the last hash is edited": (change(10, hash="0" * 64), "entry 10 was changed"),
    "the order is another": (swap_order, "entry 3 was changed"),
    "the last is deleted": (drop(10), "entries were removed"),
    "the last is deleted and the head mended": (drop(10, mend_head=True), "its end was cut off"),
    "the end is cut and the head mended": (drop(*range(5, 11), mend_head=True), "its end was cut off"),
    "one in the middle is deleted": (drop(4), "comes where entry 4 should be"),
    "the first is deleted": (drop(1), "comes where entry 1 should be"),
    "all are deleted": (drop(*range(1, 11)), "entries were removed"),
    "the chain is dropped": (drop_chain, "it is gone, and is known outside"),
    "the head is dropped": (drop_head, "the head was removed"),
    "all tables are emptied": (drop_everything, "it is gone, and is known outside"),
    "the head is another": (set_head, "its head names another hash"),
    "partnerships are swapped": (swap_chains, "was changed"),
    "all is written anew": (lambda database: rewrite(database, from_number=1), "the chain was rewritten"),
    "the end is written anew": (rewrite, "the chain was rewritten"),
    "the end is written anew and goes on": (lambda database: rewrite(database, until=15), "the chain was rewritten"),
    "the service's chain is written anew": (
        lambda database: rewrite(database, from_number=1, until=5, chain=SERVICE),
        "The chain of the service: entry 5 is another",
    ),
    "one is added past the head": (add_beyond_the_head, "entries were removed or added"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found(recorded: Database, outside: Outside, tampering: str) -> None:
    tamper, fault = TAMPERINGS[tampering]
    tamper(recorded)
    faults = verifying.verify(recorded, outside).faults
    assert [told for told in faults if fault in told], faults


def test_many_faults_of_a_chain_are_counted(recorded: Database, outside: Outside) -> None:
    for number in range(1, 11):
        change(number, actor_id=None, new_text="x", old_text="x")(recorded)
    faults = verifying.verify(recorded, outside).faults
    assert len(faults) == verifying.MOST_FAULTS + 1
    assert faults[-1].endswith("10 faults more")


# ---- Outside ---------------------------------------------------------------------------------------------------------


def test_heads_are_kept_once_until_they_move(recorded: Database, outside: Outside) -> None:
    assert verifying.write_heads(recorded, outside, NOW) == 0
    record(recorded, 11)
    assert verifying.write_heads(recorded, outside, NOW) == 1
    assert outside.heads.stat().st_mode & 0o077 == 0


def test_after_a_restore_the_operator_says_so_and_the_rest_is_still_watched(
    recorded: Database, outside: Outside
) -> None:
    drop(8, 9, 10, mend_head=True)(recorded)
    assert verifying.verify(recorded, outside).faults
    assert verifying.accept_heads(recorded, outside, NOW) == 3
    assert verifying.verify(recorded, outside).faults == ()
    rewrite(recorded, from_number=5, until=7)
    assert verifying.verify(recorded, outside).faults


def test_a_chain_that_a_restore_has_lost_is_accepted_as_lost(recorded: Database, outside: Outside) -> None:
    drop_chain(recorded)
    verifying.accept_heads(recorded, outside, NOW)
    assert verifying.verify(recorded, outside).faults == ()


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"chain": "x", "number": 1, "hash": "h", "restored": false}', "7"])
def test_a_line_that_cannot_be_read_is_named(recorded: Database, outside: Outside, line: str) -> None:
    with outside.heads.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(OutsideError, match=r"audit-heads\.jsonl:6: this line cannot be read"):
        verifying.verify(recorded, outside)


def test_a_torn_line_damages_no_other(tmp_path: Path) -> None:
    outside = Outside(tmp_path, "torn")
    head = Head(CHAIN, 1, "h")
    outside.add_heads([head], NOW)
    with outside.heads.open("a") as file:
        file.write('{"chain": "0190')
    outside.add_heads([head], NOW)
    lines = outside.heads.read_text().splitlines()
    assert [lines[0] == lines[2], len(lines)] == [True, 3]


def test_many_append_at_once(tmp_path: Path) -> None:
    outside = Outside(tmp_path, "many")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: outside.add_heads([Head(CHAIN, number, "h" * 64)], NOW), range(1, 201)))
    assert sorted(head.number for head in outside.list_heads()) == list(range(1, 201))
    assert {json.loads(line)["at"] for line in outside.heads.read_text().splitlines()} == {NOW.isoformat()}


def test_files_of_several_databases_share_a_folder(tmp_path: Path) -> None:
    names = [
        Outside.of(tmp_path, Database(url)).heads.name
        for url in ("sqlite:////x/enablers.db", "sqlite:////x/demonstration.db", "postgresql://u@h/live")
    ]
    assert names == ["enablers.audit-heads.jsonl", "demonstration.audit-heads.jsonl", "live.audit-heads.jsonl"]


# ---- Views -----------------------------------------------------------------------------------------------------------


def test_a_view_is_recorded_once_an_hour_and_for_each_who_looks(database: Database, questionnaires: Catalogue) -> None:
    world: World = make_world(database, questionnaires.get("local-partners", 1))

    def look(minutes: int, subject: str = "partnership", *, actor: int = 0) -> None:
        who = (world.analyst, world.manager)[actor]
        auditing.record_view(database, who, world.partnership, subject, NOW + timedelta(minutes=minutes))

    def count() -> int:
        with database.reading() as session:
            where = (AuditEntry.partnership_id == world.partnership) & (AuditEntry.event == Event.PARTNERSHIP_VIEWED)
            return session.scalar(select(func.count()).where(where)) or 0

    counts = []
    for minutes, subject, actor in ((0, "a", 0), (59, "a", 0), (59, "b", 0), (59, "a", 1), (60, "a", 0), (119, "a", 0)):
        look(minutes, subject, actor=actor)
        counts.append(count())
    assert counts == [1, 1, 2, 3, 4, 4]


def test_many_views_at_once_are_recorded_once(database: Database, questionnaires: Catalogue) -> None:
    world = make_world(database, questionnaires.get("local-partners", 1))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: auditing.record_view(database, world.analyst, world.partnership, "a", NOW), range(40)))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
