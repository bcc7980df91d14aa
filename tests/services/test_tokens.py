"""Tokens and their digests."""

import hashlib

from app.services.tokens import TokenKeys, make_token


def test_tokens_are_long_and_differ() -> None:
    tokens = {make_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(map(len, tokens)) >= 43


def test_what_is_kept_is_a_digest_under_the_newest_key_and_known_under_each() -> None:
    old, both = TokenKeys(["a" * 32]), TokenKeys(["b" * 32, "a" * 32])
    assert both.digest("token") != old.digest("token")
    assert both.digests("token") == (both.digest("token"), old.digest("token"))
    assert TokenKeys().digests("token") == (hashlib.sha256(b"token").hexdigest(),)
