"""What is sent along with a file that people added, so that no browser runs it, shows it as ours or keeps it."""

import unicodedata
from typing import Final
from urllib.parse import quote

_IN_QUOTES: Final = frozenset("\"\\%;'")
"""Signs that systems read differently in a quoted name."""


def make_headers(name: str) -> dict[str, str]:
    """Give the headers of a file under a name that is clean: saved and never shown, and not kept on the way."""
    return {
        "Content-Disposition": attachment(name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def attachment(name: str) -> str:
    """Write a name as RFC 6266 says: in full, and in plain letters for what cannot read that."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join("_" if sign in _IN_QUOTES or not sign.isprintable() else sign for sign in letters).strip()
    if plain.startswith(".") or not plain:
        plain = f"file{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
