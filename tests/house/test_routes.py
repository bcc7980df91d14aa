"""Every route says who may enter and means it, and looking changes nothing."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from tests.house.conftest import Explore, Pristine
from tests.house.demonstration import NOBODY, VISITORS, open_as, read_business_data
from tests.house.routes import Route, list_routes

PUBLIC = {
    "GET /": "the start page says what the service is",
    "GET /api": "the reference shows nothing but the API's own description",
    "GET /api/v1/openapi.json": "the description of the API",
    "GET /api/v1/questionnaires": "questionnaires are for anyone to use",
    "GET /api/v1/questionnaires/{questionnaire_id}": "questionnaires are for anyone to use",
    "GET /api/v1/questionnaires/{questionnaire_id}/versions/{version}": "questionnaires are for anyone to use",
    "GET /api/v1/codebook": "what columns mean is for anyone",
    "POST /api/v1/oauth/token": "the client's credentials are the key",
    "POST /api/v1/gap-reports": "works on what is sent along, and stores nothing",
    "GET /demonstration": "invented people only; there is no such page outside the demonstration",
    "POST /demonstration": "invented people only; there is no such page outside the demonstration",
    "GET /demonstration/mail": "mails to invented people; there is no such page outside the demonstration",
    "GET /demonstration/mail/{mail_id}": "mails to invented people; there is no such page outside the demonstration",
    "GET /health/live": "whatever watches the service has no account",
    "GET /health/ready": "whatever watches the service has no account",
    "GET /statistics": "published for anyone, where the operator says so; else there is no such page",
    "GET /statistics/{round_id}": "published for anyone, where the operator says so; else there is no such page",
    "GET /statistics/{round_id}/figures.{form}": "published for anyone, where the operator says so",
    "GET /accessibility": "the law asks for the statement to be public",
    "GET /cookies": "to read before one signs in",
    "GET /privacy": "to read before one signs in",
    "GET /help": "whoever cannot sign in needs it most",
    "GET /how-scores-are-worked-out": "anyone should be able to check a report",
    "GET /questionnaires/{questionnaire_id}/versions/{version}": "to read before one begins",
    "GET /sign-in": "the way in",
    "POST /sign-in": "the way in",
    "GET /sign-in-with-provider": "the way in",
    "GET /sign-in-with-provider/back": "the provider's answer is the key",
    "GET /invitations/{token}": "the token is the key",
    "POST /invitations/{token}": "the token is the key",
    "GET /sign-in/{token}": "the token is the key",
    "POST /sign-in/{token}": "the token is the key",
    "GET /partnerships/{partnership_id}/shared/{token}": "the token is the key",
    "GET /partnerships/{partnership_id}/shared/{token}/report.{form}": "the token is the key",
    "POST /sign-out": "ends the session whose cookie is sent along, if any",
    "GET /static": "style sheet, script and icon",
}
"""Routes that do not ask who is signed in, and why each may do without."""

WHO = re.compile(
    r"(Anyone|Anyone signed in|Anyone with a link|Anyone, in the demonstration only"
    r"|Anyone, where statistics are published"
    r"|(People|Contributors|Leads|Certifiers) of the organisation|(People|Coordinators) of the partnership"
    r"|Leads, coordinators and central teams|Central teams|Central administrators): \S"
)

NOT_LINKED = {
    "GET /health/live": "for whatever watches the service",
    "GET /health/ready": "for whatever watches the service",
    "GET /partnerships/{partnership_id}/assessments/{assessment_id}/submitted": "comes after a form",
    "GET /set-up/rounds/{round_id}/targets/questions": "comes after a choice",
    "GET /sign-in-with-provider": "there is none in the demonstration",
    "GET /sign-in-with-provider/back": "the provider leads there",
    "GET /invitations/{token}": "comes by mail",
    "GET /organisations/{organisation_id}/invitations/{invitation_id}": "no invitation waits in the demonstration",
    "GET /partnerships/{partnership_id}/invitations/{invitation_id}": "no invitation waits in the demonstration",
    "GET /partnerships/{partnership_id}/learning/offers/{enabler_id}": "the visitors’ partnership is strong in nothing",
    "GET /partnerships/{partnership_id}/shared/{token}": "a coordinator passes it on",
    "GET /partnerships/{partnership_id}/shared/{token}/report.{form}": "a coordinator passes it on",
    "GET /set-up/invitations/{invitation_id}": "no invitation waits in the demonstration",
    "GET /static": "loaded by pages",
    "GET /statistics": "there are none in the demonstration",
    "GET /statistics/{round_id}": "there are none in the demonstration",
    "GET /statistics/{round_id}/figures.{form}": "there are none in the demonstration",
}
"""Routes that no page of the demonstration links to, and how one gets there."""


@pytest.fixture(scope="module")
def routes(demonstration_app: FastAPI) -> tuple[Route, ...]:
    return list_routes(demonstration_app)


def test_every_route_asks_who_is_signed_in_or_says_why_not(routes: tuple[Route, ...]) -> None:
    assert {str(route) for route in routes if not route.signed_in and not route.with_token} == set(PUBLIC)


def test_every_page_says_who_may_enter(routes: tuple[Route, ...]) -> None:
    assert [str(route) for route in routes if route.is_page and not WHO.match(route.words)] == []


def test_a_page_for_anyone_is_public_and_no_other_is(routes: tuple[Route, ...]) -> None:
    for route in routes:
        if route.is_page:
            who = route.words.partition(":")[0]
            assert (who.startswith("Anyone") and who != "Anyone signed in") is not route.signed_in, str(route)


def test_every_operation_of_the_api_says_what_it_does(routes: tuple[Route, ...]) -> None:
    assert [str(route) for route in routes if not route.words] == []


def test_nobody_gets_through_a_route_that_asks_who_is_signed_in(
    demonstration_app: FastAPI, routes: tuple[Route, ...]
) -> None:
    client = open_as(demonstration_app, NOBODY)
    for route in routes:
        if route.signed_in:
            path = fill(route.path)
            reply = client.request(route.method, path, follow_redirects=False)
            assert reply.status_code == 303, str(route)
            assert reply.headers["location"].startswith("/sign-in"), str(route)


def fill(path: str, token: str = "unknown") -> str:  # noqa: S107 - opens nothing
    """Put something into the braces of a path."""
    known = {"form": "pdf", "question": "shared-picture", "questionnaire": "local-partners", "version": "1"}
    for name, value in {**known, "token": token}.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}_id}}", value)
    return re.sub(r"\{\w+_id\}", "00000000-0000-7000-8000-000000000000", path)


def test_nobody_gets_through_a_route_that_asks_for_a_token(
    demonstration_app: FastAPI, routes: tuple[Route, ...]
) -> None:
    client = open_as(demonstration_app, NOBODY)
    for route in routes:
        if route.with_token:
            reply = client.request(route.method, fill(route.path))
            assert reply.status_code in {401, 415}, str(route)  # what has no body of JSON is refused unread


def test_without_the_demonstration_nobody_steps_in(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'earnest.db'}"))
    client = open_as(app, NOBODY)
    assert client.get("/demonstration").status_code == 404
    assert client.post("/demonstration", data={"person": "00000000-0000-7000-8000-000000000000"}).status_code == 404
    app.state.database.close()


def test_pages_are_linked_to_one_from_another(explore: Explore, routes: tuple[Route, ...]) -> None:
    """What people do is found from the start page; what is not, somebody has thought about."""
    visits = [visit for visitor in VISITORS for visit in explore(visitor).values()]
    # A list of one thing leads on to it at once.
    found = {path for visit in visits for path in (visit.path.partition("?")[0], visit.response.url.path)}
    patterns = {
        str(route): to_pattern(route.path)
        for route in routes
        if route.method == "GET" and not route.path.startswith("/api/v1/")
    }
    lonely = {name for name, pattern in patterns.items() if not any(map(pattern.fullmatch, found))}
    assert lonely == set(NOT_LINKED)


def to_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def test_looking_changes_nothing(
    demonstration_app: FastAPI, pristine: Pristine, routes: tuple[Route, ...], explore: Explore
) -> None:
    """Every GET there is, as everybody: by the links, by ids that were seen on the way, and by ids of nothing."""
    for visitor in VISITORS:
        seen = "\n".join(visit.response.url.path for visit in explore(visitor).values())
        client = open_as(demonstration_app, visitor)
        everywhere = {fill(route.path, pristine.token) for route in routes if route.method == "GET"}
        for path in sorted(everywhere | find_lonely(seen)):
            assert client.get(path).status_code < 500, path
    assert read_business_data(demonstration_app.state.database) == pristine.data


def find_lonely(seen: str) -> set[str]:
    """Give the pages of assessments that forms lead to, for each assessment that was seen."""
    assessments = set(re.findall(r"/partnerships/[^/\n]+/assessments/[^/\n]+", seen))
    return {
        f"{assessment}/{page}" for assessment in assessments for page in ("submitted", "check-answers", "report.csv")
    }
