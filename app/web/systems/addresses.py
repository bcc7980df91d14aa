"""Where the pages about other systems are."""

from typing import Final
from uuid import UUID

SYSTEMS: Final = "/api-clients"
ADD: Final = f"{SYSTEMS}/add"
SYSTEM: Final = f"{SYSTEMS}/{{client_id}}"
NEXT_TOKEN: Final = f"{SYSTEM}/next-token"
END: Final = f"{SYSTEM}/end"
END_TOKEN: Final = f"{SYSTEM}/tokens/{{token_id}}/end"


def next_token(client_id: UUID) -> str:
    """Where a system gets its next token."""
    return NEXT_TOKEN.format(client_id=client_id)


def end(client_id: UUID) -> str:
    """Where a system is ended."""
    return END.format(client_id=client_id)


def end_token(client_id: UUID, token_id: UUID) -> str:
    """Where one token is ended."""
    return END_TOKEN.format(client_id=client_id, token_id=token_id)
