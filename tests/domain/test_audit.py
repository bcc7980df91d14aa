"""The hash of an audit entry covers every part of it, the hash before included."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from app.domain.audit import GENESIS, Entry, Event, digest_text, hash_entry

ENTRY = Entry(
    partnership_id=UUID(int=1),
    number=7,
    done_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    actor_id=UUID(int=2),
    event=Event.SUBMITTED,
    subject="assessment 3",
    old_digest="a" * 64,
    new_digest="b" * 64,
    previous_hash=GENESIS,
)
OTHERWISE: dict[str, Any] = {
    "partnership_id": UUID(int=9),
    "number": 8,
    "done_at": ENTRY.done_at + timedelta(microseconds=1),
    "actor_id": None,
    "event": Event.SIGNED_OFF,
    "subject": "assessment 4",
    "old_digest": "c" * 64,
    "new_digest": "d" * 64,
    "previous_hash": "e" * 64,
}


def test_every_part_is_tried() -> None:
    assert set(OTHERWISE) == {field.name for field in fields(Entry)}


@pytest.mark.parametrize("part", OTHERWISE)
def test_another_part_makes_another_hash(part: str) -> None:
    assert hash_entry(replace(ENTRY, **{part: OTHERWISE[part]})) != hash_entry(ENTRY)


def test_the_same_moment_elsewhere_is_the_same_moment() -> None:
    elsewhere = ENTRY.done_at.astimezone(timezone(timedelta(hours=5)))
    assert hash_entry(replace(ENTRY, done_at=elsewhere)) == hash_entry(ENTRY)


def test_parts_do_not_run_into_one_another() -> None:
    assert hash_entry(replace(ENTRY, event="submitted assessment", subject="3")) != hash_entry(
        replace(ENTRY, event="submitted", subject="assessment 3")
    )
    assert digest_text("salt", "text") != digest_text("sal", "ttext")
