"""The audit, the privacy page, the operator's own texts, and one's own data: who gets to see what."""

import json
from datetime import timedelta
from html import escape

import pytest
from sqlalchemy import select

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer
from app.domain.audit import UNLISTED, Event
from app.domain.retention import RULES, say_period
from app.domain.texts import WANTED, TextName
from app.services import Database, api_clients, assessing, auditing, following, texts
from app.store.models import AuditEntry, Membership, Person, new_id
from app.web.audit import EVENT_WORDS
from tests.api_clients import KEYS, make_client
from tests.people import NOW, World, start_assessment
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, words


@pytest.fixture
def administrator(database: Database, world: World) -> Actor:
    del world
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name="Administrator", email="administrator@harrow.example"))
        session.flush()
        session.add(Membership(person_id=person, role=Role.CENTRAL_ADMINISTRATOR))
    return Actor(person, "Administrator", frozenset({Grant(Role.CENTRAL_ADMINISTRATOR)}))


def list_events(database: Database, event: Event) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.event == event)))


PAGES = ("/audit", "/set-up/texts", "/set-up/texts/contact")


@pytest.mark.parametrize("path", PAGES)
def test_only_central_administrators_enter(browse: SignedIn, world: World, administrator: Actor, path: str) -> None:
    assert browse(administrator).get(path).status_code == 200
    for actor in (world.officer, world.manager, world.analyst):
        assert browse(actor).get(path).status_code == 403, actor.name
    assert browse(None).get(path, follow_redirects=False).status_code == 303
    sent = {"text": "Mine", "seen": texts.digest(""), "then": "preview"}
    if path.endswith("contact"):
        for then in ("", "preview"):
            reply = browse(world.analyst).post(path, data={**sent, "then": then})
            assert reply.status_code == 403


# ---- The audit -------------------------------------------------------------------------------------------------------


def test_every_event_has_words() -> None:
    assert set(EVENT_WORDS) == set(Event) - UNLISTED
    assert len(set(EVENT_WORDS.values())) == len(EVENT_WORDS)


def test_the_audit_tells_who_did_what_and_no_answer(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, administrator: Actor
) -> None:
    key = start_assessment(database, questionnaires, world)
    question = assessing.get_assessment(database, questionnaires, world.officer, key).unanswered[0].id
    answer = Answer("early", note="A secret of the council")
    assessing.answer(database, questionnaires, world.officer, key, question, answer, 0, NOW)
    with database.writing() as session:
        auditing.record(
            session,
            Event.INVITED,
            new_id(),
            NOW,
            partnership_id=world.partnership,
            subject=f"organisation {world.trust}",
            new="<b>lead</b>: =HYPERLINK()",
        )
    page = browse(administrator).get(f"/audit?partnership={world.partnership}").text
    parse(page)
    said = words(page)
    assert "Officer Answered a question Upper Harrow Vale" in said
    assert f"Assessment (Harrow Vale Council), question {question}" in said
    assert "early" not in said.replace("nearly", "")
    assert "secret" not in said
    assert "Erased person Invited somebody Upper Harrow Vale. Organisation (Harrow Vale Trust) After <b>lead" in said
    assert "Before" not in said, "nothing was there before"
    assert escape("<b>lead</b>: =HYPERLINK()") in page
    assert "2 November 2026 9:30am Administrator Read the audit Upper Harrow Vale 9:30am Erased person" in said
    assert '<time datetime="2026-11-02T09:30:00Z">9:30am</time>' in page
    shown, _, identifiers = page.partition("Identifiers")
    assert str(key.assessment_id) in identifiers
    assert str(key.assessment_id) not in shown.partition("</form>")[2], "ids are folded away"


def test_the_audit_names_the_system_that_did_it_for_somebody(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, administrator: Actor
) -> None:
    key = start_assessment(database, questionnaires, world)
    made = make_client(database, world.officer, f"assessments:write:partnership={world.partnership}", now=NOW)
    who = api_clients.authenticate(database, made.token, NOW, KEYS)
    questions = assessing.get_assessment(database, questionnaires, world.officer, key).unanswered[:4]
    for number, question in enumerate(questions):
        by = who.actor if number < 2 else world.officer
        at = NOW + timedelta(minutes=number)
        assessing.answer(database, questionnaires, by, key, question.id, Answer("early"), 0, at)
    page = browse(administrator).get("/audit").text
    said = words(page)
    row = "Answered a question, 2 times Upper Harrow Vale. Assessment (Harrow Vale Council)"
    assert f"9:32am to 9:33am Officer {row}" in said
    assert f"9:30am to 9:31am Officer, through the system “Warehouse” {row}" in said
    assert "Officer Let another system in System (Warehouse)" in said
    assert f"assessment {key.assessment_id} question {questions[0].id} through {made.client_id}" in page


def test_whoever_looks_through_a_system_is_recorded_once_an_hour_beside_their_own_look(
    database: Database, world: World, administrator: Actor
) -> None:
    made = make_client(database, administrator, "results:read", now=NOW)
    through = api_clients.authenticate(database, made.token, NOW, KEYS).actor
    for actor in (administrator, through, administrator, through):
        following.note_view(database, actor, world.partnership, NOW)
    subjects = [each.subject for each in list_events(database, Event.PARTNERSHIP_VIEWED)]
    own = f"partnership {world.partnership}"
    assert sorted(subjects) == [own, f"{own} through {made.client_id}"]


def test_answers_of_one_person_after_each_other_are_one_row(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, administrator: Actor
) -> None:
    key = start_assessment(database, questionnaires, world)
    questions = assessing.get_assessment(database, questionnaires, world.officer, key).unanswered[:4]
    for number, question in enumerate(questions):
        who = world.colleague if number == 3 else world.officer
        at = NOW + timedelta(minutes=number + 1)
        assessing.answer(database, questionnaires, who, key, question.id, Answer("early"), 0, at)
    said = words(browse(administrator).get(f"/audit?partnership={world.partnership}").text)
    assert (
        "9:34am Colleague Answered a question Upper Harrow Vale. "
        f"Assessment (Harrow Vale Council), question {questions[3].id} "
        "9:31am to 9:33am Officer Answered a question, 3 times Upper Harrow Vale. Assessment (Harrow Vale Council) "
    ) in said
    assert said.count("Answered a question ") == 2, "and in the choice of what was done"


def test_reading_the_audit_is_in_the_audit(
    browse: SignedIn, database: Database, world: World, administrator: Actor
) -> None:
    client = browse(administrator)
    for path in ("/audit", "/audit", f"/audit?partnership={world.partnership}", "/audit?partnership=service"):
        assert client.get(path).status_code == 200
    views = list_events(database, Event.AUDIT_VIEWED)
    assert {(view.partnership_id, view.actor_id) for view in views} == {
        (world.partnership, administrator.person_id),
        (new_id().__class__(int=0), administrator.person_id),
    }
    assert len(views) == 2
    browse(world.analyst).get("/audit")
    assert len(list_events(database, Event.AUDIT_VIEWED)) == 2, "who was refused has seen nothing"


def test_the_audit_is_read_page_by_page(
    browse: SignedIn, database: Database, world: World, administrator: Actor
) -> None:
    for number in range(120):
        chain = (world.partnership, None)[number % 2]
        with database.writing() as session:
            auditing.record(
                session,
                Event.ROUND_SAVED,
                administrator.person_id,
                NOW - timedelta(minutes=number // 4),  # several at the same moment
                partnership_id=chain,
                new=f"number-{number}-",
            )
    client = browse(administrator)
    seen: list[int] = []
    path, pages = "/audit?event=round-saved", 0
    while path:
        page = client.get(path).text
        seen += (number for number in range(120) if f"number-{number}-" in words(page))
        path = links(page).get("Older", "") or links(page).get("Older page", "")
        pages += 1
    assert (sorted(seen), pages) == (list(range(120)), 5)


@pytest.mark.parametrize(
    "query",
    ["partnership=x", "event=x", "before=x", "before=2026~a~1", "before=0001-01-01T00:00:00%2B00:00~x~1", "event=%00"],
)
def test_a_place_that_is_none_is_not_found(browse: SignedIn, administrator: Actor, query: str) -> None:
    assert browse(administrator).get(f"/audit?{query}").status_code == 404


def test_an_empty_audit_says_what_to_do(browse: SignedIn, administrator: Actor) -> None:
    page = browse(administrator).get("/audit?event=submitted").text
    assert "Choose another partnership, or everything" in words(page)


# ---- The operator's own texts ----------------------------------------------------------------------------------------


def test_a_text_is_shown_before_and_after_it_is_saved(
    browse: SignedIn, database: Database, administrator: Actor
) -> None:
    client = browse(administrator)
    assert "who is responsible for the data" in words(client.get("/privacy").text)
    page = client.get("/set-up/texts/responsible").text
    text = "Harrow <b>Vale</b> Office\r\n1 High Street\r\n\r\nOfficer: =1+1"
    form = {"text": text, "seen": hidden(page, "seen")}
    preview = client.post("/set-up/texts/responsible", data={**form, "then": "preview"})
    parse(preview.text)
    assert "How it will look. It is not saved yet Harrow <b>Vale</b> Office" in words(preview.text)
    assert texts.get_texts(database).get(TextName.RESPONSIBLE) is None
    saved = client.post("/set-up/texts/responsible", data=form, follow_redirects=False)
    assert (saved.status_code, saved.headers["location"]) == (303, "/set-up/texts")
    kept = texts.get_texts(database)[TextName.RESPONSIBLE]
    assert kept == "Harrow <b>Vale</b> Office\n1 High Street\n\nOfficer: =1+1"
    shown = browse(None).get("/privacy").text
    parse(shown)
    assert "Harrow &lt;b&gt;Vale&lt;/b&gt; Office" in shown
    (changed,) = list_events(database, Event.TEXT_CHANGED)
    assert (changed.subject, changed.old_text) == ("text responsible", "")
    assert TextName.RESPONSIBLE not in texts.list_missing(database)


def test_nobody_s_text_is_overwritten_unseen(browse: SignedIn, database: Database, administrator: Actor) -> None:
    client = browse(administrator)
    seen = hidden(client.get("/set-up/texts/contact").text, "seen")
    client.post("/set-up/texts/contact", data={"text": "First", "seen": seen})
    reply = client.post("/set-up/texts/contact", data={"text": "Second", "seen": seen})
    assert reply.status_code == 422
    assert "What somebody else has saved meanwhile First" in words(reply.text)
    assert "Second</textarea>" in reply.text
    assert texts.get_texts(database).get(TextName.CONTACT) == "First"
    client.post("/set-up/texts/contact", data={"text": "Second", "seen": hidden(reply.text, "seen")})
    assert texts.get_texts(database).get(TextName.CONTACT) == "Second"
    client.post("/set-up/texts/contact", data={"text": "Second", "seen": seen})  # sent twice
    client.post("/set-up/texts/contact", data={"text": "", "seen": texts.digest("Second")})
    assert texts.get_texts(database).get(TextName.CONTACT) is None
    assert len(list_events(database, Event.TEXT_CHANGED)) == 3


@pytest.mark.parametrize(("text", "fault"), [("x" * 5001, "at most 5,000"), ("a\x07b", "control characters")])
@pytest.mark.parametrize("then", ["", "preview"])
def test_a_text_that_cannot_be_kept_comes_back(
    browse: SignedIn, database: Database, administrator: Actor, text: str, fault: str, then: str
) -> None:
    data = {"text": text, "seen": texts.digest(""), "then": then}
    reply = browse(administrator).post("/set-up/texts/contact", data=data)
    assert reply.status_code == 422
    assert fault in words(reply.text)
    assert texts.get_texts(database) == {}


def test_a_text_that_does_not_exist_is_not_found(browse: SignedIn, administrator: Actor) -> None:
    assert browse(administrator).get("/set-up/texts/secret").status_code == 404
    assert browse(administrator).post("/set-up/texts/secret", data={"text": "x", "seen": ""}).status_code == 404


def test_what_is_missing_is_said(browse: SignedIn, database: Database, administrator: Actor) -> None:
    assert texts.list_missing(database) == tuple(WANTED)
    assert words(browse(administrator).get("/set-up/texts").text).count("Missing") == len(WANTED)


# ---- Privacy ---------------------------------------------------------------------------------------------------------


def test_the_privacy_page_says_all_that_the_job_does_and_nothing_else(browse: SignedIn) -> None:
    page = browse(None).get("/privacy").text
    parse(page)
    said = words(page)
    for rule in RULES:
        assert f"{rule.what} {rule.why} {say_period(rule)} {rule.then}" in said
    assert page.count('<th scope="row"') == len(RULES)


def test_people_download_what_is_kept_about_them(browse: SignedIn, database: Database, world: World) -> None:
    client = browse(world.officer)
    parse(client.get("/account/data").text)
    assert "Download what is kept about you" in links(client.get("/account").text)
    reply = client.post("/account/data")
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.headers["x-content-type-options"] == "nosniff"
    exported = json.loads(reply.text)
    assert exported["people"][0]["email"] == "officer@harrow.example"
    assert "colleague@harrow.example" not in reply.text
    (event,) = list_events(database, Event.DATA_EXPORTED)
    assert event.actor_id == world.officer.person_id
    assert browse(None).post("/account/data", follow_redirects=False).status_code == 303
