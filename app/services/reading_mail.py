"""Looking at what the service has sent, in a demonstration: invented people have no letter boxes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.errors import NotFoundError
from app.services import Database
from app.services.mailing import LINK
from app.store import mails
from app.store.mails import StoredMail

NEWEST: Final = 50


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail as it was sent, in paragraphs; the one that is its link is named beside them."""

    id: UUID
    to_address: str
    subject: str
    written_at: datetime
    before: tuple[str, ...]
    path: str
    """The page it leads to; empty for none."""
    after: tuple[str, ...]


def list_mails(database: Database) -> tuple[SentMail, ...]:
    """List the newest 50 mails, the newest first."""
    with database.reading() as session:
        return tuple(map(_as_sent, mails.list_newest(session, NEWEST)))


def get_mail(database: Database, mail_id: UUID) -> SentMail:
    """Get one mail; raises `NotFoundError`."""
    with database.reading() as session:
        mail = mails.find_mail(session, mail_id)
    if mail is None:
        raise NotFoundError("There is no such mail")
    return _as_sent(mail)


def _as_sent(mail: StoredMail) -> SentMail:
    paragraphs = mail.body.split("\n\n")
    place = paragraphs.index(LINK) if LINK in paragraphs else len(paragraphs)
    return SentMail(
        id=mail.id,
        to_address=mail.to_address,
        subject=mail.subject,
        written_at=mail.written_at,
        before=tuple(paragraphs[:place]),
        path=mail.path,
        after=tuple(paragraphs[place + 1 :]),
    )
