"""Signing in through a provider: what is believed, and what is not."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey

from app.domain.identity import Handshake, IdentityError
from app.identity import OpenIdProvider
from app.services.tokens import make_token
from tests.people import NOW
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    fresh = Provider(email="Officer@Harrow.example", issuer=running.issuer, key=running.key)
    kept = dict(running.__dict__)
    running.__dict__.update(fresh.__dict__)
    yield running
    running.__dict__.update(kept)


def make_handshake() -> Handshake:
    return Handshake(make_token(), make_token(), make_token())


def known_as(provider: Provider, client_id: str = CLIENT_ID) -> OpenIdProvider:
    return OpenIdProvider(
        name="Council sign-in",
        issuer=provider.issuer,
        client_id=client_id,
        client_secret=CLIENT_SECRET,
        back="http://127.0.0.1:1/back",
    )


def visit(identity: OpenIdProvider, handshake: Handshake) -> dict[str, str]:
    """Go to the provider, and give what it sends back with."""
    reply = httpx2.get(identity.begin(handshake), follow_redirects=False)
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))


def test_a_verified_address_is_believed(provider: Provider) -> None:
    identity, handshake = known_as(provider), make_handshake()
    answer = visit(identity, Handshake.unpack(handshake.pack()))
    assert identity.finish(handshake, answer, NOW) == "officer@harrow.example"


def test_the_question_keeps_its_secrets(provider: Provider) -> None:
    handshake = make_handshake()
    asked = dict(parse_qsl(urlsplit(known_as(provider).begin(handshake)).query))
    assert asked["code_challenge_method"] == "S256"
    assert handshake.verifier not in asked.values()
    assert (asked["state"], asked["nonce"], asked["scope"]) == (handshake.state, handshake.nonce, "openid email")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["another-client", CLIENT_ID], "azp": "another-client"},
        {"nonce": "of-another-attempt"},
        {"nonce": None},
        {"exp": int((NOW - timedelta(minutes=5)).timestamp())},
        {"exp": None},
        {"iat": int((NOW + timedelta(hours=1)).timestamp())},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["officer@harrow.example"]},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_attempt_is_refused(provider: Provider, claims: dict[str, object]) -> None:
    provider.claims = claims
    identity, handshake = known_as(provider), make_handshake()
    answer = visit(identity, handshake)
    with pytest.raises(IdentityError):
        identity.finish(handshake, answer, NOW)


def test_a_token_signed_by_somebody_else_is_refused(provider: Provider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, parameters={"kid": "own"})
    identity, handshake = known_as(provider), make_handshake()
    answer = visit(identity, handshake)
    with pytest.raises(IdentityError, match="could not be verified"):
        identity.finish(handshake, answer, NOW)


def test_an_answer_to_another_attempt_is_refused(provider: Provider) -> None:
    identity, handshake = known_as(provider), make_handshake()
    answer = visit(identity, handshake)
    with pytest.raises(IdentityError, match="another attempt"):
        identity.finish(make_handshake(), answer, NOW)
    stolen = Handshake(handshake.state, handshake.nonce, "v" * 43)
    with pytest.raises(IdentityError, match="could not be verified"):
        identity.finish(stolen, answer, NOW)


def test_a_code_works_once(provider: Provider) -> None:
    identity, handshake = known_as(provider), make_handshake()
    answer = visit(identity, handshake)
    identity.finish(handshake, answer, NOW)
    with pytest.raises(IdentityError):
        identity.finish(handshake, answer, NOW)


def test_whoever_is_refused_there_is_told_so(provider: Provider) -> None:
    provider.refuses = True
    identity, handshake = known_as(provider), make_handshake()
    with pytest.raises(IdentityError, match="Council sign-in did not sign you in"):
        identity.finish(handshake, visit(identity, handshake), NOW)


def test_a_provider_under_another_name_is_refused(provider: Provider) -> None:
    provider.metadata = {"issuer": "https://elsewhere.example"}
    with pytest.raises(IdentityError, match="calls itself otherwise"):
        known_as(provider).begin(make_handshake())


def test_a_provider_that_does_not_answer_is_told_in_words() -> None:
    nowhere = Provider(issuer="http://127.0.0.1:9")
    with pytest.raises(IdentityError, match="does not answer"):
        known_as(nowhere).begin(make_handshake())


@pytest.mark.parametrize("packed", ["", "a.b", "a.b.c.d", "..", "a..c"])
def test_a_cookie_that_is_none_of_ours_is_refused(packed: str) -> None:
    with pytest.raises(IdentityError, match="Sign in once more"):
        Handshake.unpack(packed)
