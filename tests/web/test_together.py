"""The partnership report and the meeting as pages."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.services import Database
from app.web.together import addresses
from tests.partners import CONTESTED, NOTES, Partners, add_partners, submit
from tests.people import NOW, World
from tests.sign_ins import sign_in
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, title, words
from tests.web.test_people import errors

HOSTILE = "<b>So</b> {{ 7 * 7 }}"


@pytest.fixture
def partners(database: Database, world: World) -> Partners:
    return add_partners(database, world)


@pytest.fixture
def all_in(database: Database, questionnaires: Catalogue, partners: Partners) -> Partners:
    submit(database, questionnaires, partners, "council", "trust", "charity")
    return partners


def report(world: World, *, agreed: bool = False) -> str:
    return addresses.report(world.partnership, world.round, agreed=agreed)


def begin(client: TestClient, world: World) -> str:
    """Begin a meeting with council and trust, and give its address."""
    form = {
        "held-day": str(NOW.day),
        "held-month": str(NOW.month),
        "held-year": str(NOW.year),
        "present-0": str(world.council),
        "present-1": str(world.trust),
        "names": "The chair",
    }
    reply = client.post(addresses.meetings(world.partnership, world.round), data=form)
    assert reply.status_code == 200
    return reply.url.path


def test_before_the_first_question_everybody_is_told_who_sees_what(browse: SignedIn, world: World) -> None:
    page = browse(world.officer).get(
        f"/partnerships/{world.partnership}/rounds/{world.round}/organisations/{world.council}/start"
    )
    assert "Before you submit, nobody outside your organisation does, and you see nobody else’s." in words(page.text)


def test_the_report_opens_after_submitting_and_is_linked(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, partners: Partners
) -> None:
    client = browse(world.officer)
    refused = client.get(report(world))
    assert refused.status_code == 409
    assert "once it has submitted its own assessment" in words(refused.text)
    assert report(world) not in client.get("/assessments").text
    submit(database, questionnaires, partners, "council", "trust", "charity")
    assert report(world) in links(client.get("/assessments").text).values()
    shown = client.get(report(world))
    assert shown.status_code == 200
    text = words(shown.text)
    for note in NOTES.values():
        assert note in text
    assert "Submitted by 3 of 3 organisations" in text
    assert "What each organisation answered by itself." in text
    assert "Run the meeting" not in text
    assert text.index("Contested") < text.index("First gaps")


def test_coordinators_find_it_when_all_are_in_or_the_round_has_closed(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, partners: Partners
) -> None:
    client = browse(partners.coordinator)
    submit(database, questionnaires, partners, "council", "trust")
    assert client.get(report(world)).status_code == 409
    page = f"/partnerships/{world.partnership}"
    assert report(world) not in links(client.get(page).text).values()
    closed = NOW + timedelta(days=8)
    client.app.state.clock = lambda: closed  # type: ignore[attr-defined]
    client.cookies.set(SESSION_COOKIE, sign_in(database, partners.coordinator.person_id, closed))
    assert report(world) in links(client.get(page).text).values()


def test_strangers_and_central_teams_find_no_report(browse: SignedIn, world: World, all_in: Partners) -> None:
    del all_in
    assert browse(world.analyst).get(report(world)).status_code == 404
    assert browse(None).get(report(world), follow_redirects=False).status_code == 303


def test_a_meeting_from_beginning_to_the_agreed_report(browse: SignedIn, world: World, all_in: Partners) -> None:
    client = browse(all_in.coordinator)
    assert addresses.meetings(world.partnership, world.round) in links(client.get(report(world)).text).values()
    meeting = begin(client, world)
    page = client.get(meeting)
    assert "0 of" in words(page.text)
    topic = f"{meeting}/questions/{CONTESTED}"
    assert topic in links(page.text).values()
    shown = client.get(topic)
    for note in NOTES.values():
        assert note in words(shown.text)
    assert "Harrow Vale Council says “Embedded”: what do they see?" in words(shown.text)
    form = {"choice": "established", "reason": HOSTILE, "minority": "The trust sees less", "version": "0"}
    after = client.post(topic, data=form)
    assert after.status_code == 200
    assert after.url.path.startswith(f"{meeting}/questions/")
    assert after.url.path != topic
    assert "Agreed: Established (75.0)" in words(client.get(meeting).text)
    agreed = client.get(report(world, agreed=True))
    text = words(agreed.text)
    assert HOSTILE in text
    assert "<b>So</b>" not in agreed.text
    assert "What agreeing changed" in text
    assert "The mean of their own answers is 33.3, 41.7 lower." in text
    assert "Recorded by Coordinator." in text
    own = words(client.get(report(world)).text)
    assert "What each organisation answered by itself." in own
    assert "33.3 out of 100" in own


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, ["Choose the level that you agreed, or “We did not agree”", "Say why, so that those who were not there"]),
        ({"choice": "early"}, ["Say why"]),
        ({"choice": "level-99", "reason": "So"}, ["Choose one of the levels"]),
        ({"reason": "A reason that is kept"}, ["Choose the level"]),
    ],
)
def test_what_was_typed_stays_where_something_is_wrong(
    browse: SignedIn, world: World, all_in: Partners, form: dict[str, str], told: list[str]
) -> None:
    client = browse(all_in.coordinator)
    topic = f"{begin(client, world)}/questions/{CONTESTED}"
    refused = client.post(topic, data={"version": "0", **form})
    assert refused.status_code == 422
    assert title(refused.text).startswith("Error: ")
    for found, expected in zip(errors(refused), told, strict=True):
        assert found.startswith(expected)
    assert form.get("reason", "") in refused.text


def test_a_meeting_without_anybody_is_refused_with_what_was_typed(
    browse: SignedIn, world: World, all_in: Partners
) -> None:
    client = browse(all_in.coordinator)
    form = {"held-day": "31", "held-month": "2", "held-year": "2026", "names": "The chair and two others"}
    refused = client.post(addresses.meetings(world.partnership, world.round), data=form)
    assert refused.status_code == 422
    assert len(errors(refused)) == 2
    assert "The chair and two others" in refused.text


def test_of_two_who_record_the_second_sees_the_first(browse: SignedIn, world: World, all_in: Partners) -> None:
    client = browse(all_in.coordinator)
    topic = f"{begin(client, world)}/questions/{CONTESTED}"
    seen = hidden(client.get(topic).text, "version")
    client.post(topic, data={"choice": "early", "reason": "The first word", "version": seen})
    late = client.post(topic, data={"choice": "embedded", "reason": "The second word", "version": seen})
    assert late.status_code == 409
    assert "The first word" in words(late.text)
    assert "The second word" in late.text
    again = client.post(
        topic, data={"choice": "embedded", "reason": "The second word", "version": hidden(late.text, "version")}
    )
    assert again.status_code == 200
    assert "Agreed: Embedded (100.0)" in words(client.get(topic).text)


def test_members_of_organisations_run_no_meeting(browse: SignedIn, world: World, all_in: Partners) -> None:
    client = browse(all_in.coordinator)
    meeting = begin(client, world)
    member = browse(world.officer)
    for path in (addresses.meetings(world.partnership, world.round), meeting, f"{meeting}/questions/{CONTESTED}"):
        assert member.get(path).status_code == 403
    assert member.post(f"{meeting}/questions/{CONTESTED}", data={"choice": "early", "reason": "So"}).status_code == 403
