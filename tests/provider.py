"""A small OpenID Connect provider, to sign in through. It can be told to lie."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.servers import running_server

CLIENT_ID = "reform-enablers"
CLIENT_SECRET = "opens nothing but this test's own provider"


@dataclass
class Provider:
    """What it does with whoever comes, and what it remembers."""

    email: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Put into the identity token instead of what is right; `None` leaves a claim out."""
    refuses: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    algorithm: str = "RS256"
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "own", "use": "sig"}))
    signing_key: RSAKey | None = None
    """The key it signs with, where that is not the one it publishes."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """Code -> what was asked when it was given."""


def make_provider_app(provider: Provider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def discover() -> dict[str, str]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorise",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            **provider.metadata,
        }

    @app.get("/keys")
    def list_keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorise")
    def authorise(request: Request) -> Response:
        asked = dict(request.query_params)
        back = {"state": asked["state"]}
        if provider.refuses:
            back["error"] = "access_denied"
        else:
            back["code"] = f"code-{len(provider.asked)}"
            provider.asked[back["code"]] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 303)

    @app.post("/token")
    async def give_token(request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        asked = provider.asked.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = scheme == "Basic" and base64.b64decode(credentials).decode().startswith(f"{CLIENT_ID}:")
        if asked is None or not known or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": make_token(provider, asked)})

    return app


def make_token(provider: Provider, asked: dict[str, str]) -> str:
    right = {
        "iss": provider.issuer,
        "aud": CLIENT_ID,
        "sub": "somebody",
        "iat": 1793525400,  # a minute or so before the tests' now
        "exp": 4102444800,
        "nonce": asked["nonce"],
        "email": provider.email,
        "email_verified": True,
    }
    claims = {name: value for name, value in {**right, **provider.claims}.items() if value is not None}
    return jwt.encode({"alg": provider.algorithm, "kid": "own"}, claims, provider.signing_key or provider.key)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run it on a free port of 127.0.0.1."""
    provider = Provider()
    with running_server(make_provider_app(provider)) as address:
        provider.issuer = address
        yield provider
