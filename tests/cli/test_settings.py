"""Settings that are read in parts: secrets and proxies."""

import pytest
from pydantic import SecretStr

from app.settings import Settings, SettingsError, read_settings

LONG, LONGER = "a" * 32, "b" * 40


@pytest.mark.parametrize(
    ("written", "read"),
    [("", ()), (LONG, (LONG,)), (f" {LONGER} , {LONG}", (LONGER, LONG))],
)
def test_secrets_are_read_in_their_order(monkeypatch: pytest.MonkeyPatch, written: str, read: tuple[str, ...]) -> None:
    monkeypatch.setenv("ENABLERS_SECRETS", written)
    settings = read_settings()
    assert settings.secret_list == read
    assert not any(secret in repr(settings) + str(settings) for secret in read)


@pytest.mark.parametrize("written", ["short", f"{LONG},", f"{LONG},short", "," * 40])
def test_secrets_that_are_too_short_stop_the_start_and_are_not_repeated(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("ENABLERS_SECRETS", written)
    with pytest.raises(SettingsError, match=r"^ENABLERS_SECRETS: write secrets of at least 32 characters") as caught:
        read_settings()
    assert "short" not in str(caught.value)
    assert LONG not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [("", ()), ("10.0.0.7", ("10.0.0.7",)), ("10.0.0.0/24, fd00::/8", ("10.0.0.0/24", "fd00::/8"))],
)
def test_proxies_are_addresses_and_networks(written: str, read: tuple[str, ...]) -> None:
    assert Settings(trusted_proxies=written, secrets=SecretStr("")).proxy_list == read


@pytest.mark.parametrize("written", ["*", "0.0.0.0/0", "::/0", "proxy.example.org", "10.0.0.7/24", "10.0.0.7,,"])
def test_whoever_would_believe_everybody_is_stopped(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("ENABLERS_TRUSTED_PROXIES", written)
    with pytest.raises(SettingsError, match=r"^ENABLERS_TRUSTED_PROXIES: write the addresses or networks"):
        read_settings()
