"""Somebody else says who somebody is: an identity provider, as far as the service needs to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from app.domain.errors import NotAllowedError


class IdentityError(NotAllowedError):
    """The provider did not say, in a way that can be believed, who somebody is."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the browser keeps while somebody is at the provider, so that an answer fits the question.

    Three random tokens without full stops.
    """

    state: str
    nonce: str
    verifier: str

    def pack(self) -> str:
        """Give it as the value of a cookie."""
        return f"{self.state}.{self.nonce}.{self.verifier}"

    @classmethod
    def unpack(cls, packed: str) -> Self:
        """Read the value of a cookie; raises `IdentityError`."""
        parts = packed.split(".")
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - as packed
            raise IdentityError("You were away too long, or cookies are blocked. Sign in once more")
        return cls(*parts)


class IdentityProvider(Protocol):
    """What every provider can do."""

    @property
    def name(self) -> str:
        """What people know it by."""

    def begin(self, handshake: Handshake) -> str:
        """Give the address at the provider to go to; raises `IdentityError`."""

    def finish(self, handshake: Handshake, answer: Mapping[str, str], now: datetime) -> str:
        """Give the verified address of whoever came back, in lower case; raises `IdentityError`."""
