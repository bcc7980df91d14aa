"""Random tokens, and the digests of them that the database keeps: nobody can sign in with what is stored."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

TOKEN_BYTES: Final = 32


def make_token() -> str:
    """Make a token that cannot be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class TokenKeys:
    """The operator's secrets, the newest first. To take one away ends every link and session made under it."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Take the secrets; without any, tokens are digested without a key."""
        self._keys = tuple(key.encode() for key in keys)

    def digest(self, token: str) -> str:
        """Give the digest to keep of a new token, in hexadecimal."""
        return self.digests(token)[0]

    def digests(self, token: str) -> tuple[str, ...]:
        """Give every digest that a token may be kept under."""
        if not self._keys:
            return (hashlib.sha256(token.encode()).hexdigest(),)
        return tuple(hmac.new(key, token.encode(), hashlib.sha256).hexdigest() for key in self._keys)
