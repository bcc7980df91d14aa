"""Help, cookies, accessibility and the banner: for somebody and for nobody, filled in and not."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.domain.texts import TextName
from app.main import create_app
from app.services import Database
from app.settings import Settings, SettingsError, read_settings
from app.store.models import ServiceText
from app.web.information import duration_words
from tests.people import NOW, World
from tests.web.conftest import ADDRESS, SignedIn
from tests.web.pages import links, title, words

PAGES = {
    "/help": "Help",
    "/cookies": "Cookies",
    "/accessibility": "Accessibility statement",
}
FOOTER = {**{name: path for path, name in PAGES.items()}, "Privacy": "/privacy"}
HOSTILE = "Ask <b>us</b> {{7*7}}\nhelp@operator.example\n\nOr ring."


@pytest.mark.parametrize(("path", "name"), PAGES.items())
def test_a_page_is_there_for_somebody_and_for_nobody(browse: SignedIn, world: World, path: str, name: str) -> None:
    for actor in (None, world.officer, world.analyst):
        page = browse(actor).get(path)
        assert page.status_code == 200
        assert title(page.text).startswith(name)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/assessments", "/help", "/no-such-page"])
def test_every_page_leads_to_them(browse: SignedIn, world: World, path: str) -> None:
    found = links(browse(world.officer).get(path).text)
    assert {name: found.get(name) for name in FOOTER} == FOOTER


def test_what_the_operator_has_not_filled_in_is_said_plainly(browse: SignedIn) -> None:
    for path in ("/help", "/accessibility"):
        assert "has not filled in" in words(browse(None).get(path).text)


def test_what_the_operator_wrote_is_shown_as_text_at_once(browse: SignedIn, database: Database) -> None:
    client = browse(None)
    assert "Ask" not in words(client.get("/accessibility").text)
    with database.writing() as session:
        session.add_all(
            ServiceText(name=name.value, text=f"{name.value}: {HOSTILE}", changed_at=NOW) for name in TextName
        )
    for path, names in {
        "/help": (TextName.CONTACT,),
        "/accessibility": (TextName.CONTACT, TextName.RESPONSIBLE, TextName.ACCESSIBILITY_NOTE),
    }.items():
        page = client.get(path).text
        assert "has not filled in" not in words(page)
        assert "<b>" not in page
        for name in names:
            assert f"{name.value}: Ask <b>us</b> {{{{7*7}}}} help@operator.example" in words(page)


def test_the_cookie_that_is_named_is_the_one_that_is_set(browse: SignedIn, world: World) -> None:
    client = browse(world.officer)
    said = words(client.get("/cookies").text)
    assert all(name in said for name in client.cookies)
    assert "8 days" in said


def test_no_page_of_these_sets_a_cookie(browse: SignedIn) -> None:
    for path in PAGES:
        assert "set-cookie" not in browse(None).get(path).headers


@pytest.mark.parametrize(("phase", "shown"), [("alpha", "Alpha"), ("beta", "Beta"), ("none", "")])
def test_the_banner_says_how_far_the_service_has_come(
    database: Database, monkeypatch: pytest.MonkeyPatch, phase: str, shown: str
) -> None:
    monkeypatch.setenv("ENABLERS_PHASE", phase)
    monkeypatch.setenv("ENABLERS_DATABASE_URL", database.url.render_as_string(hide_password=False))
    app = create_app(read_settings(secure_cookies=False))
    page = TestClient(app, base_url=ADDRESS).get("/").text
    app.state.database.close()
    assert ("This is a new service." in words(page)) is bool(shown)
    assert shown in words(page)
    assert links(page).get("Tell us what you think") == ("/help#contact" if shown else None)


def test_a_phase_that_does_not_exist_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLERS_PHASE", "gamma")
    with pytest.raises(SettingsError, match="ENABLERS_PHASE"):
        read_settings()


def test_in_the_demonstration_the_banner_says_that_alone(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, secure_cookies=False, demonstration=True))
    page = TestClient(app, base_url=ADDRESS).get("/help").text
    app.state.database.close()
    assert page.count("govuk-phase-banner__content__tag") == 1
    assert "This is a new service." not in words(page)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(hours=12), "12 hours"),
        (timedelta(days=7), "7 days"),
        (timedelta(minutes=15), "15 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=36), "36 hours"),
    ],
)
def test_durations_are_written_in_their_largest_whole_unit(duration: timedelta, text: str) -> None:
    assert duration_words(duration) == text
