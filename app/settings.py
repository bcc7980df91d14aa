"""The settings, from the environment only. A default is right in production and harmless in public."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import EnablersError
from app.domain.values import is_web_address, one_line

PREFIX: Final = "ENABLERS_"
TESTS_PREFIX: Final = f"{PREFIX}TEST_"
"""What the tests read; the service leaves it alone."""
ROOT: Final = Path(__file__).resolve().parent.parent


class SettingsError(EnablersError):
    """A setting that cannot be used, by its name."""


def _public_url(address: str) -> str:
    if address and not is_web_address(address):
        raise PydanticCustomError("address", "write it in full, such as https://enablers.example.org")
    return address.rstrip("/")


class Settings(BaseSettings):
    """Every setting; docs/settings.md says what each is for."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: Annotated[str, Field(min_length=1, description="A SQLAlchemy URL, SQLite or PostgreSQL")] = (
        "sqlite:///var/enablers.db"
    )
    database_pool_size: Annotated[int, Field(ge=1, le=1000, description="Connections kept to the database")] = 10
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
    secure_cookies: Annotated[bool, Field(description="Send cookies over HTTPS only")] = True
    demonstration: Annotated[bool, Field(description="Invented places; anyone may step in as an invented person")] = (
        False
    )


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
