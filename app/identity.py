"""Signing in through an OpenID Connect provider, where the operator names one. Needs the extra `oidc`.

The authorization code flow with PKCE, state and nonce. Of all that a provider says, only one thing is believed: that
whoever comes back holds an address which the provider has verified.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.domain.identity import Handshake, IdentityError

ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
"""Of signatures that are believed. All need the provider's own key: `none` and shared secrets are no proof."""
ANSWER_WITHIN_SECONDS: Final = 10
NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
DISCOVERY: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """A provider, and what this service is called there."""

    name: str
    """What people know it by."""
    issuer: str
    client_id: str
    client_secret: str
    back: str
    """The address of this service that the provider sends people back to."""

    def begin(self, handshake: Handshake) -> str:
        """Give the address at the provider to go to; raises `IdentityError` where it does not answer."""
        with self._client() as client:
            metadata = self._get_metadata(client)
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=handshake.state,
                nonce=handshake.nonce,
                code_verifier=handshake.verifier,
            )
        return str(address)

    def finish(self, handshake: Handshake, answer: Mapping[str, str], now: datetime) -> str:
        """Give the verified address of whoever came back, in lower case; raises `IdentityError`."""
        if not secrets.compare_digest(answer.get("state", "").encode(), handshake.state.encode()):
            raise IdentityError("This answer belongs to another attempt. Sign in once more")
        if "code" not in answer:
            raise IdentityError(f"{self.name} did not sign you in. Try again, or ask for a link by mail")
        try:
            with self._client() as client:
                metadata = self._get_metadata(client)
                token = client.fetch_token(
                    metadata["token_endpoint"], code=answer["code"], code_verifier=handshake.verifier
                )
                keys = _get_json(client, metadata["jwks_uri"])
            claims = self._read_claims(str(token["id_token"]), keys, handshake.nonce, now)
        except (OAuthError, HTTPError, JoseError, KeyError, ValueError):
            raise IdentityError(f"What {self.name} answered could not be verified. Try again later") from None
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            raise IdentityError(f"{self.name} has not verified your email address. Ask for a link by mail instead")
        return email.strip().lower()

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.back,
            code_challenge_method="S256",
            timeout=ANSWER_WITHIN_SECONDS,
            follow_redirects=False,
        )

    def _get_metadata(self, client: OAuth2Client) -> Mapping[str, str]:
        try:
            found = _get_json(client, self.issuer.rstrip("/") + DISCOVERY)
            metadata = {name: str(found[name]) for name in NEEDED}
            if metadata["issuer"] != self.issuer:
                raise IdentityError(f"{self.name} calls itself otherwise than the operator of this service does")
        except (HTTPError, KeyError, ValueError):
            raise IdentityError(f"{self.name} does not answer. Ask for a link by mail instead") from None
        return metadata

    def _read_claims(self, token: str, keys: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        claims: Mapping[str, Any] = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=60,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(dict(claims))
        if claims.get("azp", self.client_id) != self.client_id:
            raise ValueError("made for another client")
        return claims


def _get_json(client: OAuth2Client, address: str) -> Mapping[str, Any]:
    answer = client.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    content = answer.json()
    if not isinstance(content, dict):
        raise ValueError("no object")  # noqa: TRY004 - the provider is wrong, not this program
    return content
