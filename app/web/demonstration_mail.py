"""The mails of a demonstration, to be read on a page instead of in a letter box."""

from dataclasses import dataclass
from uuid import UUID

from fastapi.responses import HTMLResponse

from app.dependencies import DatabaseDep, Demonstration, PublicUrl
from app.domain.errors import NotFoundError
from app.services import reading_mail
from app.services.reading_mail import SentMail
from app.web import paths
from app.web.pages import Link, Page
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One mail in the list."""

    link: Link
    to: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsPage(Page):
    """The newest mails."""

    mails: tuple[MailRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage(Page):
    """One mail."""

    subject: str
    to: str
    when: str
    before: tuple[str, ...]
    link: Link | None
    after: tuple[str, ...]


async def check_demonstration(demonstration: Demonstration) -> None:
    """Raise `NotFoundError` outside the demonstration, where mails are nobody’s but their owner’s."""
    if not demonstration:
        raise NotFoundError("There is no demonstration here")


router = make_router(check_demonstration)


@router.get(paths.DEMONSTRATION_MAIL)
def mails_page(show: ShowDep, database: DatabaseDep) -> HTMLResponse:
    """Anyone, in the demonstration only: the newest mails that the service has sent."""
    return show(
        "demonstration/mails.html",
        MailsPage(
            title="Mail the service has sent",
            back=Link("Back to the invented people", paths.DEMONSTRATION),
            mails=tuple(map(_make_row, reading_mail.list_mails(database))),
        ),
    )


def _make_row(mail: SentMail) -> MailRow:
    return MailRow(
        link=Link(mail.subject, f"{paths.DEMONSTRATION_MAIL}/{mail.id}"),
        to=mail.to_address,
        when=moment_words(mail.written_at),
    )


@router.get(paths.DEMONSTRATION_MAIL + "/{mail_id}")
def mail_page(show: ShowDep, database: DatabaseDep, public_url: PublicUrl, mail_id: UUID) -> HTMLResponse:
    """Anyone, in the demonstration only: one mail as it was sent, its link to be followed."""
    mail = reading_mail.get_mail(database, mail_id)
    when = moment_words(mail.written_at)
    return show(
        "demonstration/mail.html",
        MailPage(
            title=f"Mail to {mail.to_address}: {mail.subject}, {when}",
            back=Link("Back to all mail", paths.DEMONSTRATION_MAIL),
            subject=mail.subject,
            to=mail.to_address,
            when=when,
            before=mail.before,
            link=Link(f"{public_url}{mail.path}", mail.path) if mail.path else None,
            after=mail.after,
        ),
    )
