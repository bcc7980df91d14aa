"""The settings, from the environment only. A default is right in production and harmless in public."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import EnablersError

PREFIX: Final = "ENABLERS_"
ROOT: Final = Path(__file__).resolve().parent.parent


class SettingsError(EnablersError):
    """A setting that cannot be used, by its name."""


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
    secure_cookies: Annotated[bool, Field(description="Send cookies over HTTPS only")] = True
    demonstration: Annotated[bool, Field(description="Invented places; anyone may step in as an invented person")] = (
        False
    )


def read_settings(**overrides: object) -> Settings:
    """Read the environment; raises `SettingsError` naming every setting that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = (
            f"{PREFIX}{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("; ".join(faults)) from None
