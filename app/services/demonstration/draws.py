"""Chance that falls the same way every time: every choice of the demonstration is drawn from one seed and a name."""

import hashlib
from datetime import datetime
from random import Random
from typing import Final
from uuid import UUID

SEED: Final = "enablers demonstration 1"
VERSION_7: Final = 0x7 << 76
VARIANT: Final = 0b10 << 62


def draw(*keys: str) -> Random:
    """Give a stream of its own to whatever has this name, so that a change in one place leaves the others alone."""
    return Random("/".join((SEED, *keys)))  # noqa: S311 - invented data, no secret


def make_id(at: datetime, *keys: str) -> UUID:
    """Make the UUIDv7 of whatever has this name and came to be at this time."""
    milliseconds = int(at.timestamp() * 1000)
    digest = int.from_bytes(hashlib.sha256("/".join((SEED, *keys)).encode()).digest()[:10])
    high, low = digest >> 68, digest & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | VERSION_7 | (high << 64) | VARIANT | low)
