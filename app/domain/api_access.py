"""What an API client may do: scopes, which may be narrowed to one partnership or one round.

A client acts on behalf of whoever made it. It may never do more than they may at that moment, nor more than its scopes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from app.domain.access import Actor, Deed, Role, can_anywhere
from app.domain.errors import AnswerError, NotAllowedError, NotFoundError


class ScopeName(StrEnum):
    """What a scope is for."""

    QUESTIONNAIRES_READ = "questionnaires:read"
    RESULTS_READ = "results:read"
    ASSESSMENTS_WRITE = "assessments:write"
    RELEASES_READ = "releases:read"
    ADMIN_WRITE = "admin:write"


NARROWED_BY: Final = ("partnership", "round")
LEAST_NARROWED: Final = frozenset({ScopeName.RESULTS_READ, ScopeName.ASSESSMENTS_WRITE})
"""Those that can be narrowed."""


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One scope: written `NAME`, `NAME:partnership=ID` or `NAME:round=ID`."""

    name: ScopeName
    partnership_id: UUID | None = None
    round_id: UUID | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scope; raises `AnswerError` where it is none, or not written as `str` gives it."""
        name, separator, narrowing = text, "", ""
        if text.count(":") > 1:
            name, separator, narrowing = text.rpartition(":")
        by, _, value = narrowing.partition("=")
        try:
            found = cls(ScopeName(name), **{f"{by}_id": UUID(value)} if separator else {})
        except (ValueError, TypeError):
            raise AnswerError(f"“{text[:100]}” is no scope") from None
        if str(found) != text or (separator and found.name not in LEAST_NARROWED):
            raise AnswerError(f"“{text[:100]}” is no scope")
        return found

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        for by, value in zip(NARROWED_BY, (self.partnership_id, self.round_id), strict=True):
            if value is not None:
                return f"{self.name}:{by}={value}"
        return str(self.name)

    def holds(self, partnership_id: UUID | None, round_id: UUID | None) -> bool:
        """Say whether it reaches a partnership in a round."""
        return self.partnership_id in {None, partnership_id} and self.round_id in {None, round_id}

    def is_within(self, other: "Scope") -> bool:
        """Say whether it allows nothing that another does not."""
        return self.name == other.name and other.holds(self.partnership_id, self.round_id)


def parse_scopes(text: str) -> frozenset[Scope]:
    """Read scopes that spaces are between; raises `AnswerError`."""
    return frozenset(map(Scope.parse, text.split()))


def write_scopes(scopes: Iterable[Scope]) -> str:
    """Write scopes in order, with spaces between."""
    return " ".join(sorted(map(str, scopes)))


def can_hold(actor: Actor, scope: Scope, partnerships: frozenset[UUID]) -> bool:
    """Say whether a client of the actor's may have a scope. `partnerships`: those their organisations are in.

    Central administrators give everything but answering, which is for organisations, and reopening, for coordinators;
    leads and coordinators what is narrowed to a partnership of theirs.
    """
    match scope.name:
        case ScopeName.QUESTIONNAIRES_READ:
            return True
        case ScopeName.RELEASES_READ:
            return can_anywhere(actor, Deed.READ_RELEASES)
        case ScopeName.ADMIN_WRITE:
            return can_anywhere(actor, Deed.SET_UP)
        case ScopeName.RESULTS_READ if can_anywhere(actor, Deed.SET_UP):
            return True
        case ScopeName.RESULTS_READ | ScopeName.ASSESSMENTS_WRITE:
            coordinated = {grant.partnership_id for grant in actor.grants if grant.role is Role.COORDINATOR}
            return scope.partnership_id is not None and scope.partnership_id in coordinated | partnerships


@dataclass(frozen=True, slots=True)
class ApiPass:
    """Who asks: a client with the scopes of its token, as far as its maker may have them at this moment."""

    client_id: UUID
    client: str
    token_id: UUID | None
    """`None` where the client itself is meant, which is told something without asking."""
    scopes: frozenset[Scope]
    actor: Actor
    """Its maker."""

    def list_scopes(self, *names: ScopeName) -> tuple[Scope, ...]:
        """Give the scopes of some names; raises `NotAllowedError` where there is none."""
        found = tuple(scope for scope in self.scopes if scope.name in names)
        if not found:
            wanted = f"no scope {names[0]}" if len(names) == 1 else f"none of the scopes {', '.join(names)}"
            raise NotAllowedError(f"This token has {wanted}")
        return found

    def has(self, name: ScopeName, partnership_id: UUID, round_id: UUID) -> bool:
        """Say whether a scope of a name reaches a partnership in a round."""
        return any(scope.name == name and scope.holds(partnership_id, round_id) for scope in self.scopes)

    def check(self, *names: ScopeName, partnership_id: UUID | None = None, round_id: UUID | None = None) -> None:
        """Raise `NotAllowedError` without such a scope, `NotFoundError` where none of them reaches the place."""
        if not any(scope.holds(partnership_id, round_id) for scope in self.list_scopes(*names)):
            raise NotFoundError("There is no such thing, or this token does not reach it")


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token, without what opens the door."""

    id: UUID
    scopes: str
    is_access_token: bool
    hint: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Say whether it works, as far as it is up to the token."""
        return self.revoked_at is None and self.expires_at > now


@dataclass(frozen=True, slots=True)
class StoredClient:
    """A client with its tokens, the newest first."""

    id: UUID
    name: str
    scopes: str
    created_by: UUID
    maker: str
    created_at: datetime
    revoked_at: datetime | None
    tokens: tuple[StoredToken, ...]
