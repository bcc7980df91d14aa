"""Getting into the service in tests: by the link that is mailed, or at once."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.services import Database, signing_in
from app.services.limiting import UNLIMITED
from app.services.mailing import MailKind
from app.services.tokens import TokenKeys
from app.store.models import Mail
from tests.people import NOW

KEYS: Final = TokenKeys()
"""What a service without secrets has."""


def ask_for_token(
    database: Database, email: str, now: datetime = NOW, *, source: str = UNLIMITED, keys: TokenKeys = KEYS
) -> str:
    """Ask for a link and give the token of the last mail in the outbox, sent or void."""
    signing_in.request_link(database, email, "", source, now, keys)
    with database.reading() as session:
        newest = select(Mail.path).where(Mail.kind == MailKind.SIGN_IN).order_by(Mail.id.desc()).limit(1)
        path = session.scalars(newest).one()
    return path.removeprefix(f"{signing_in.SIGN_IN}/")


def sign_in(database: Database, person_id: UUID, now: datetime = NOW) -> str:
    """Sign somebody in and give the token of their session."""
    return signing_in.step_in(database, person_id, now, KEYS)
