"""The mails of a demonstration, on a page: all that were sent, none that is void, nothing outside a demonstration."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.main import create_app
from app.services import Database
from app.services.mailing import LINK, Letter, MailKind, post
from app.services.working.sending import send_mails
from app.settings import Settings
from app.web import paths
from tests.people import NOW, World
from tests.web.conftest import ADDRESS, SignedIn
from tests.web.pages import links, parse, title, words
from tests.working import Postbag, list_mails, make_means

HOSTILE = "<b>Bold</b> {{ 7 * 7 }} =cmd()"
LETTER = Letter(MailKind.SIGN_IN, HOSTILE, ("Hello,", f"{HOSTILE}\nsecond line", LINK, "Bye."), "/sign-in/a-token")


@pytest.fixture
def visitor(database: Database, world: World) -> Iterator[TestClient]:
    """Somebody who looks at the demonstration."""
    del world
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(
        database_url=url, secure_cookies=False, demonstration=True, public_url="https://enablers.example"
    )
    app = create_app(settings)
    app.state.clock = lambda: NOW
    yield TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    app.state.database.close()


def write(database: Database, name: str, *, is_void: bool = False, minutes: int = 0) -> None:
    with database.writing() as session:
        post(session, LETTER, f"{name}@harrow.example", None, NOW + timedelta(minutes=minutes), is_void=is_void)


def test_without_any_mail_it_says_what_to_do(visitor: TestClient) -> None:
    page = visitor.get(paths.DEMONSTRATION_MAIL)
    assert "No mail has been sent yet" in words(page.text)
    parse(page.text)


def test_a_mail_is_read_with_its_link_before_and_after_it_was_sent(
    visitor: TestClient, database: Database, questionnaires: Catalogue
) -> None:
    write(database, "officer")
    for _ in range(2):
        found = links(visitor.get(paths.DEMONSTRATION_MAIL).text)
        address = next(href for href in found.values() if href.startswith("/demonstration/mail/"))
        page = visitor.get(address)
        parse(page.text)
        assert "<b>Bold" not in page.text
        assert f"Hello, {HOSTILE} second line https://enablers.example/sign-in/a-token Bye." in words(page.text)
        assert links(page.text)["https://enablers.example/sign-in/a-token"] == "/sign-in/a-token"
        assert title(page.text).startswith(f"Mail to officer@harrow.example: {HOSTILE}, 9:30am on 2 November 2026")
        send_mails(make_means(database, questionnaires, Postbag(), keeps_mails=True), NOW)


def test_the_newest_fifty_are_listed_the_newest_first(visitor: TestClient, database: Database) -> None:
    for number in range(55):
        write(database, f"person-{number:02}", minutes=number)
    page = words(visitor.get(paths.DEMONSTRATION_MAIL).text)
    assert [f"person-{number:02}" in page for number in (0, 4, 5, 54)] == [False, False, True, True]
    assert page.index("person-54") < page.index("person-05")


def test_a_void_mail_is_not_there(visitor: TestClient, database: Database) -> None:
    write(database, "nobody", is_void=True)
    (mail,) = list_mails(database)
    assert "nobody@" not in visitor.get(paths.DEMONSTRATION_MAIL).text
    assert visitor.get(f"{paths.DEMONSTRATION_MAIL}/{mail.id}").status_code == 404


def test_known_and_unknown_addresses_differ_in_the_mails_alone(visitor: TestClient, database: Database) -> None:
    pages = [
        visitor.post(paths.SIGN_IN, data={"email": email}).text
        for email in ("officer@harrow.example", "nobody@harrow.example")
    ]
    assert pages[0] == pages[1]
    assert len(list_mails(database)) == 2
    assert visitor.get(paths.DEMONSTRATION_MAIL).text.count("/demonstration/mail/") == 1


def test_a_mailed_link_begins_with_the_public_address_whatever_host_was_asked(
    visitor: TestClient, database: Database, questionnaires: Catalogue
) -> None:
    visitor.post(paths.SIGN_IN, data={"email": "officer@harrow.example"}, headers={"Host": "localhost:8000"})
    bag = Postbag()
    send_mails(make_means(database, questionnaires, bag), NOW)
    (message,) = bag.messages
    assert "localhost" not in message.text
    assert "\n\nhttps://enablers.example/sign-in/" in message.text


def test_outside_the_demonstration_there_is_no_such_page(browse: SignedIn, database: Database, world: World) -> None:
    write(database, "officer")
    (mail,) = list_mails(database)
    for actor in (None, world.officer, world.analyst):
        client = browse(actor)
        assert client.get(paths.DEMONSTRATION_MAIL).status_code == 404
        assert client.get(f"{paths.DEMONSTRATION_MAIL}/{mail.id}").status_code == 404
