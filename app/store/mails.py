"""The outbox: mails to be sent, and those that were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.store.database import insert_if_absent
from app.store.models import Mail as MailRow
from app.store.models import new_id


def add_mail(  # noqa: PLR0913 - all that a mail is
    session: Session,
    *,
    kind: str,
    person_id: UUID | None,
    to_address: str,
    subject: str,
    body: str,
    path: str,
    key: str | None,
    now: datetime,
    is_void: bool = False,
) -> None:
    """Put a mail into the outbox; not where one with its key was written before. A void one is never sent."""
    session.execute(
        insert_if_absent(session, MailRow).values(
            id=new_id(),
            kind=kind,
            person_id=person_id,
            to_address=to_address,
            subject=subject,
            body=body,
            path=path,
            key=key,
            written_at=now,
            send_after=now,
            attempts=0,
            given_up_at=now if is_void else None,
            error="",
        )
    )
