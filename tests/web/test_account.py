"""Getting in and out, and what stands before every door."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.errors import LinkSpentError
from app.main import create_app
from app.middleware import SECURITY_HEADERS
from app.services import Database, assessing, signing_in
from app.services.limiting import UNLIMITED
from app.settings import Settings
from app.web import paths
from tests.people import NOW, World, start_assessment
from tests.sign_ins import KEYS, ask_for_token, sign_in
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, title, words


def test_the_page_after_asking_is_the_same_whoever_asks(browse: SignedIn) -> None:
    visitor = browse(None)
    known = visitor.post("/sign-in", data={"email": "Officer@Harrow.example "})
    unknown = visitor.post("/sign-in", data={"email": "nobody@harrow.example"})
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    parse(known.text)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.example", "a@b.example\nBcc: x@y.example", "a" * 400])
def test_an_address_in_the_wrong_form_is_said(browse: SignedIn, email: str) -> None:
    page = browse(None).post("/sign-in", data={"email": email})
    assert page.status_code == 422
    assert title(page.text).startswith("Error: Sign in")


def test_looking_at_a_link_does_not_spend_it_and_using_it_does(browse: SignedIn, database: Database) -> None:
    token = ask_for_token(database, "officer@harrow.example")
    visitor = browse(None)
    for _ in range(3):
        assert visitor.get(f"/sign-in/{token}").status_code == 200
    assert "Your assessments" in title(visitor.post(f"/sign-in/{token}").text)
    assert browse(None).post(f"/sign-in/{token}").status_code == 410


def test_a_link_lasts_a_quarter_of_an_hour(database: Database, world: World) -> None:
    del world
    late = NOW + timedelta(minutes=15)
    token = ask_for_token(database, "officer@harrow.example")
    with pytest.raises(LinkSpentError):
        signing_in.use_link(database, token, UNLIMITED, late, KEYS)
    signing_in.use_link(database, token, UNLIMITED, late - timedelta(seconds=1), KEYS)


def test_neither_link_nor_session_can_be_read_out_of_the_database(database: Database, world: World) -> None:
    token = ask_for_token(database, "officer@harrow.example")
    session_token = signing_in.use_link(database, token, UNLIMITED, NOW, KEYS)
    with database.reading() as session:
        connection = session.connection()
        for table in ("sign_in_links", "sign_in_sessions"):
            kept = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())  # noqa: S608 - two known names
            assert token not in kept
            assert session_token not in kept
    assert signing_in.find_actor(database, session_token, NOW, KEYS) == world.officer


def test_a_session_ends_when_idle_too_long_and_in_any_case_after_a_week(database: Database, world: World) -> None:
    token = sign_in(database, world.officer.person_id)
    assert signing_in.find_actor(database, token, NOW + timedelta(hours=12), KEYS) is None
    moment = NOW
    while moment < NOW + timedelta(days=7) - timedelta(hours=6):
        moment += timedelta(hours=6)
        assert signing_in.find_actor(database, token, moment, KEYS) == world.officer
    assert signing_in.find_actor(database, token, moment + timedelta(hours=7), KEYS) is None


def test_signing_out_ends_the_session_and_not_the_cookie_alone(browse: SignedIn, world: World) -> None:
    client = browse(world.officer)
    token = client.cookies[SESSION_COOKIE]
    client.post("/sign-out")
    client.cookies.set(SESSION_COOKIE, token)
    assert client.get("/assessments").url.path == "/sign-in"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb"])
def test_signing_in_never_leads_to_another_site(browse: SignedIn, database: Database, elsewhere: str) -> None:
    token = ask_for_token(database, "officer@harrow.example")
    reply = browse(None).post(f"/sign-in/{token}", params={"next": elsewhere}, follow_redirects=False)
    assert reply.headers["location"] == "/assessments"


def test_one_comes_back_to_the_page_one_asked_for(browse: SignedIn, database: Database, world: World) -> None:
    del world
    visitor = browse(None)
    asked = visitor.get("/rounds")
    assert asked.url.path == "/sign-in"
    assert asked.url.params["next"] == "/rounds"
    token = ask_for_token(database, "analyst@harrow.example")
    assert visitor.post(f"/sign-in/{token}", params={"next": "/rounds"}).url.path == "/rounds"


def test_outside_a_demonstration_nobody_steps_in(browse: SignedIn, world: World) -> None:
    visitor = browse(None)
    assert visitor.get("/demonstration").status_code == 404
    assert visitor.post("/demonstration", data={"person": str(world.officer.person_id)}).status_code == 404
    assert "Step in" not in words(visitor.get("/").text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://["},
        {"Origin": "ftp://127.0.0.1:8000"},
    ],
)
def test_a_post_from_another_site_is_not_carried_out(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, headers: dict[str, str]
) -> None:
    key = start_assessment(database, questionnaires, world)
    reply = browse(world.officer).post(
        paths.question(key, "shared-picture"), data={"choice": "early", "version": "0"}, headers=headers
    )
    assert reply.status_code == 403
    assert not assessing.get_assessment(database, questionnaires, world.officer, key).stored


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/v1/questionnaires", "/api/v1/nowhere", "/health/live"])
def test_security_headers_are_on_every_reply(browse: SignedIn, path: str) -> None:
    reply = browse(None).get(path)
    assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("path", ["/", "/api/v1/questionnaires"])
def test_an_unknown_host_is_refused(browse: SignedIn, path: str) -> None:
    assert browse(None).get(path, headers={"Host": "evil.example"}).status_code == 400


def test_head_is_get_without_its_body(browse: SignedIn) -> None:
    visitor = browse(None)
    head, get = visitor.head("/"), visitor.get("/")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


def test_after_signing_in_again_the_typed_text_is_still_there_to_copy(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    lost = browse(None).post(
        paths.question(key, "shared-picture"), data={"choice": "early", "note": "an hour of thought", "version": "0"}
    )
    assert "an hour of thought" in words(lost.text)
    assert lost.status_code == 401
    assert (
        links(lost.text)["Sign in, and open the question again"]
        == f"/sign-in?next={paths.question(key, 'shared-picture')}"
    )


@pytest.mark.parametrize("charset", ["undefined", "punycode", "unicode_escape", "utf-7", "utf-8"])
def test_a_form_in_another_encoding_than_our_pages_send_is_refused(browse: SignedIn, charset: str) -> None:
    reply = browse(None).post(
        "/sign-in",
        content=b'--XX\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\xff\r\n--XX--\r\n',
        headers={"Content-Type": f"multipart/form-data; boundary=XX; charset={charset}"},
    )
    assert reply.status_code == 415
    parse(reply.text)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_a_page_does_not_take_is_told_which_it_does(browse: SignedIn, method: str) -> None:
    reply = browse(None).request(method, "/sign-in")
    assert reply.status_code == 405
    assert reply.headers["allow"]


def test_the_cookie_is_for_this_service_and_no_script(database: Database, world: World) -> None:
    del world
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url))
    app.state.clock = lambda: NOW
    token = ask_for_token(database, "officer@harrow.example")
    reply = TestClient(app, base_url="https://127.0.0.1").post(f"/sign-in/{token}", follow_redirects=False)
    app.state.database.close()
    cookie = reply.headers["set-cookie"].lower()
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert cookie.startswith("__host-")
    assert "domain" not in cookie
    assert reply.headers["strict-transport-security"]


def test_signing_in_as_somebody_else_ends_the_session_before(
    browse: SignedIn, database: Database, world: World
) -> None:
    client = browse(world.officer)
    before = client.cookies[SESSION_COOKIE]
    token = ask_for_token(database, "manager@harrow.example")
    client.post(f"/sign-in/{token}")
    assert signing_in.find_actor(database, before, NOW, KEYS) is None


def test_an_address_too_long_to_come_back_to_is_forgotten(browse: SignedIn, database: Database) -> None:
    token = ask_for_token(database, "officer@harrow.example")
    reply = browse(None).post(f"/sign-in/{token}", params={"next": "/" + "a" * 600}, follow_redirects=False)
    assert reply.headers["location"] == "/assessments"


def test_an_error_page_claims_nothing_about_who_is_signed_in(browse: SignedIn, world: World) -> None:
    unknown_address = browse(world.officer).get("/nowhere")
    assert "Sign in" not in links(unknown_address.text)
    refused = browse(world.officer).get("/rounds")
    assert "Officer" in words(refused.text)


@pytest.mark.parametrize("planted", ["chosen by somebody else", "known session"])
def test_a_session_that_was_planted_before_signing_in_is_not_taken_over(
    browse: SignedIn, database: Database, world: World, planted: str
) -> None:
    if planted == "known session":
        planted = sign_in(database, world.manager.person_id)
    victim = browse(None)
    victim.cookies.set(SESSION_COOKIE, planted)
    token = ask_for_token(database, "officer@harrow.example")
    reply = victim.post(f"/sign-in/{token}", follow_redirects=False)
    assert reply.cookies[SESSION_COOKIE] != planted
    assert signing_in.find_actor(database, planted, NOW, KEYS) is None
    assert signing_in.find_actor(database, reply.cookies[SESSION_COOKIE], NOW, KEYS) == world.officer
