"""The other systems of the demonstration: a coordinator’s and the central team’s. Nobody has their tokens."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.access import Role
from app.domain.api_access import Scope, ScopeName, write_scopes
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.places import World
from app.store import models
from app.store.bulk import Rows

MADE_BEFORE: Final = timedelta(days=20)
LASTS: Final = timedelta(days=90)
DIGEST_LENGTH: Final = 64


def add_systems(rows: Rows, world: World, now: datetime) -> None:
    """Add one to the first partnership, and one that reads everything."""
    partnership = world.partnerships[0]
    (administrator,) = (person.id for person, role in world.team if role is Role.CENTRAL_ADMINISTRATOR)
    _add(
        rows, "Partnership dashboard", {Scope(ScopeName.RESULTS_READ, partnership.id)}, partnership.coordinator.id, now
    )
    everything = {Scope(ScopeName.RESULTS_READ), Scope(ScopeName.RELEASES_READ)}
    _add(rows, "Central data warehouse", everything, administrator, now)


def _add(rows: Rows, name: str, scopes: set[Scope], maker: UUID, now: datetime) -> None:
    made = now - MADE_BEFORE
    client_id = make_id(made, "system", name)
    rows.add(models.ApiClient, id=client_id, name=name, scopes=write_scopes(scopes), created_by=maker, created_at=made)
    chance = draw("token", name)
    rows.add(
        models.ApiToken,
        # Drawn, and no digest of anything that somebody knows.
        token_hash="".join(chance.choices("0123456789abcdef", k=DIGEST_LENGTH)),
        id=make_id(made, "token", name),
        client_id=client_id,
        scopes=write_scopes(scopes),
        is_access_token=False,
        hint="".join(chance.choices("abcdefghkmnpqrstuvwxyz23456789", k=4)),
        created_at=made,
        expires_at=made + LASTS,
        last_used_at=now - timedelta(hours=7),
    )
