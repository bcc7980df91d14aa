"""The settings, from the environment only. A default is right in production and harmless in public."""

import ipaddress
import os
from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import EnablersError
from app.domain.values import is_web_address, one_line

PREFIX: Final = "ENABLERS_"
TESTS_PREFIX: Final = f"{PREFIX}TEST_"
"""What the tests read; the service leaves it alone."""
SHORTEST_SECRET: Final = 32
"""Characters; as many random ones cannot be guessed."""
ROOT: Final = Path(__file__).resolve().parent.parent


class SettingsError(EnablersError):
    """A setting that cannot be used, by its name."""


def _public_url(address: str) -> str:
    if address and not is_web_address(address):
        raise PydanticCustomError("address", "write it in full, such as https://enablers.example.org")
    return address.rstrip("/")


def _list_secrets(secrets: SecretStr) -> tuple[str, ...]:
    return tuple(secret.strip() for secret in secrets.get_secret_value().split(",")) if secrets else ()


def _check_secrets(secrets: SecretStr) -> SecretStr:
    if any(len(secret) < SHORTEST_SECRET for secret in _list_secrets(secrets)):
        raise PydanticCustomError(
            "secrets",
            "write secrets of at least 32 characters with commas between, the newest first; "
            "`openssl rand -hex 32` makes one",
        )
    return secrets


class MailSecurity(StrEnum):
    """How the connection to the mail server is secured."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _check_smtp(host: str, info: ValidationInfo) -> str:
    """Refuse a mail server that cannot be used with the settings before it; what is wrong of those is told there."""
    given = info.data
    if not host or given.get("demonstration"):
        return host
    if not given.get("public_url", "wrong"):
        raise PydanticCustomError("smtp", "mails need links that lead here; set ENABLERS_PUBLIC_URL, too")
    if not given.get("mail_from", "wrong"):
        raise PydanticCustomError("smtp", "mails need a sender; set ENABLERS_MAIL_FROM, too")
    user, password = given.get("smtp_user", ""), given.get("smtp_password", SecretStr(""))
    if bool(user) != bool(password.get_secret_value()):
        raise PydanticCustomError("smtp", "set both of ENABLERS_SMTP_USER and ENABLERS_SMTP_PASSWORD, or neither")
    if user and given.get("smtp_security") is MailSecurity.NONE:
        raise PydanticCustomError("smtp", "no password is sent in clear; set ENABLERS_SMTP_SECURITY to starttls or tls")
    return host


def _check_issuer(issuer: str, info: ValidationInfo) -> str:
    if not issuer:
        return issuer
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise PydanticCustomError("oidc", "write the issuer in full, such as https://login.example.org")
    given = info.data
    if not given.get("oidc_client_id") or not given.get("oidc_client_secret"):
        raise PydanticCustomError("oidc", "set ENABLERS_OIDC_CLIENT_ID and ENABLERS_OIDC_CLIENT_SECRET, too")
    if not given.get("public_url") and not given.get("demonstration"):
        raise PydanticCustomError("oidc", "people are sent back here; set ENABLERS_PUBLIC_URL, too")
    return issuer


def _list_proxies(proxies: str) -> tuple[str, ...]:
    return tuple(proxy.strip() for proxy in proxies.split(",")) if proxies.strip() else ()


def _check_proxies(proxies: str) -> str:
    for proxy in _list_proxies(proxies):
        try:
            network = ipaddress.ip_network(proxy)
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0:
            raise PydanticCustomError(
                "proxies", "write the addresses or networks of your proxies, such as 10.0.0.7 or 10.0.0.0/24"
            )
    return proxies


class Phase(StrEnum):
    """How far the service has come, as a banner on every page says."""

    ALPHA = "alpha"
    BETA = "beta"
    NONE = "none"


class Settings(BaseSettings):
    """Every setting; docs/settings.md says what each is for."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: Annotated[str, Field(min_length=1, description="A SQLAlchemy URL, SQLite or PostgreSQL")] = (
        "sqlite:///var/enablers.db"
    )
    database_pool_size: Annotated[int, Field(ge=1, le=1000, description="Connections kept to the database")] = 10
    outside: Annotated[
        Path, Field(description="The folder of what is kept outside the database: heads of the audit, and erasures")
    ] = Path("var")
    questionnaires: Annotated[Path, Field(description="The folder of frameworks and questionnaires")] = (
        ROOT / "questionnaires"
    )
    trusted_hosts: Annotated[str, Field(min_length=1, description="Host names it answers to, with commas between")] = (
        "127.0.0.1,localhost,[::1]"
    )
    public_url: Annotated[
        str,
        AfterValidator(_public_url),
        Field(
            description="The address people reach the service at, such as https://enablers.example.org; "
            "mailed and printed links begin with it"
        ),
    ] = ""
    trusted_proxies: Annotated[
        str,
        AfterValidator(_check_proxies),
        Field(description="Addresses or networks of proxies that are believed about whom they pass on, and over what"),
    ] = ""
    secrets: Annotated[
        SecretStr,
        AfterValidator(_check_secrets),
        Field(
            description="Keys for the digests of links, invitations and sessions, the newest first; "
            "taking one away ends all that was made under it"
        ),
    ] = SecretStr("")
    secure_cookies: Annotated[bool, Field(description="Send cookies over HTTPS only")] = True
    phase: Annotated[Phase, Field(description="What a banner on every page calls the service: alpha, beta or none")] = (
        Phase.BETA
    )
    public_statistics: Annotated[
        bool, Field(description="Show anybody what all partnerships of a round said together, once it is published")
    ] = False
    demonstration: Annotated[bool, Field(description="Invented places; anyone may step in as an invented person")] = (
        False
    )

    api_rate_per_token: Annotated[int, Field(ge=1, description="Requests of the API a minute, of one token")] = 600
    api_rate_per_network: Annotated[
        int, Field(ge=1, description="Requests of the API a minute without a token, of one network")
    ] = 60

    worker: Annotated[
        bool, Field(description="Whether `enablers serve` also does what `enablers work` does, in a thread")
    ] = True
    webhooks_to_loopback: Annotated[
        bool, Field(description="Let webhooks go to this machine, too, by plain HTTP: to try them out, never in public")
    ] = False
    mail_from: Annotated[
        str,
        Field(pattern=r"^$|^[^\s@<>,;]+@[^\s@<>,;]+$", max_length=254, description="The address that mails come from"),
    ] = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="The port of the mail server")] = 587
    smtp_security: Annotated[MailSecurity, Field(description="How the connection to the mail server is secured")] = (
        MailSecurity.STARTTLS
    )
    smtp_user: Annotated[str, Field(description="Whom to sign in to the mail server as; nobody where empty")] = ""
    smtp_password: Annotated[SecretStr, Field(description="The password for the mail server")] = SecretStr("")
    smtp_host: Annotated[
        str,
        AfterValidator(_check_smtp),
        Field(description="The mail server; without one, mails are printed in the terminal"),
    ] = ""
    """The last of these: it is checked against all the others."""

    oidc_name: Annotated[
        str, Field(min_length=1, max_length=60, description="What people know the identity provider by")
    ] = "your organisation’s account"
    oidc_client_id: Annotated[str, Field(description="What this service is called at the identity provider")] = ""
    oidc_client_secret: Annotated[SecretStr, Field(description="The secret shared with the identity provider")] = (
        SecretStr("")
    )
    oidc_issuer: Annotated[
        str,
        AfterValidator(_check_issuer),
        Field(description="The identity provider (OpenID Connect) people may sign in with; none where empty"),
    ] = ""
    """The last of these, as above."""

    @property
    def proxy_list(self) -> tuple[str, ...]:
        """Give the trusted proxies one by one."""
        return _list_proxies(self.trusted_proxies)

    @property
    def secret_list(self) -> tuple[str, ...]:
        """Give the secrets one by one, the newest first."""
        return _list_secrets(self.secrets)


def read_settings(**overrides: object) -> Settings:
    """Read the environment; raises `SettingsError` naming every setting that is wrong or unknown."""
    faults = [*_find_unknown()]
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults += (
            f"{PREFIX}{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("\n".join(faults)) from None
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _find_unknown() -> Iterator[str]:
    """Name each variable that looks like a setting and is none: a slip would else leave a default in force."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in sorted(os.environ):
        upper = name.upper()
        if upper.startswith(PREFIX) and not upper.startswith(TESTS_PREFIX) and upper not in known:
            (nearest,) = get_close_matches(upper, known, n=1, cutoff=0)
            yield f"{one_line(name)}: there is no such setting; the nearest is {nearest}"
