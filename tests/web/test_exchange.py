"""The pages on learning from others, as people use them."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.access import Actor
from app.domain.action_drafts import ActionDraft
from app.domain.exchange import Reply
from app.main import create_app
from app.services import Database, consenting, drafting
from app.settings import Settings
from app.store.models import HelpProposal, LearningMark, Organisation, new_id
from tests.exchanges import ENABLER, Town, Towns, ask, make_towns, offer
from tests.people import NOW
from tests.sign_ins import sign_in
from tests.web.conftest import ADDRESS
from tests.web.pages import hidden, links, parse, title, words

Browse = Callable[[Actor], TestClient]


@pytest.fixture
def towns(database: Database, questionnaires: Catalogue) -> Towns:
    return make_towns(database, questionnaires, "strong", "weak")


@pytest.fixture
def browse(database: Database, towns: Towns) -> Iterator[Browse]:
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, secure_cookies=False))
    app.state.clock = lambda: NOW

    def open_as(actor: Actor) -> TestClient:
        client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
        client.cookies.set(SESSION_COOKIE, sign_in(database, actor.person_id))
        return client

    yield open_as
    app.state.database.close()


def home(town: Town) -> str:
    return f"/partnerships/{town.partnership}/learning"


@pytest.fixture
def proposed(database: Database, questionnaires: Catalogue, towns: Towns) -> str:
    """The end of the address of a proposal, the same for both sides."""
    offer(database, questionnaires, towns["strong"])
    ask(database, questionnaires, towns["weak"])
    with database.reading() as session:
        return f"proposals/{session.scalars(select(HelpProposal.id)).one()}"


def test_from_the_plan_to_two_yeses(browse: Browse, towns: Towns) -> None:
    strong, weak = browse(towns["strong"].coordinator), browse(towns["weak"].coordinator)
    board = strong.get(f"/partnerships/{towns['strong'].partnership}/actions")
    page = strong.get(links(board.text)["Learn from other partnerships, and help them"])
    assert "What you could offer Knowing what works" in words(page.text)
    assert "Nothing is proposed yet" in words(page.text)
    form = strong.get(links(page.text)["Knowing what works"])
    assert "Offering tells a matched partner that you are strong here" in words(form.text)
    assert "reads this before it knows who you are" in words(form.text)
    fields = {"kind-visit": "visit", "kind-coaching": "coaching", "at-a-time": "2", "words": "Our <b>boards</b>"}
    saved = strong.post(form.url.path, data={**fields, "version": hidden(form.text, "version")})
    assert saved.history[0].status_code == 303
    assert "Visit and coaching, 2 partnerships at a time Our <b>boards</b>" in words(saved.text)
    asked = weak.get(f"{home(towns['weak'])}/asks/{ENABLER}")
    assert "Asking tells a matched partner that you want to get better here" in words(asked.text)
    fields = {"kind-visit": "visit", "words": "How boards can read it", "version": "0"}
    found = weak.post(asked.url.path, data=fields)
    assert "Somebody to learn from: Knowing what works Unitary. Under 150,000 people. North Visit" in words(found.text)
    one = weak.get(links(found.text)["Somebody to learn from: Knowing what works"])
    assert "Our <b>boards</b>" in words(one.text)
    assert "Once both have said yes, they are told the name of your partnership" in words(one.text)
    waits = weak.post(one.url.path, data={"reply": "accept"})
    assert "You have said yes. If they do, too" in words(waits.text)
    other = strong.get(home(towns["strong"]) + one.url.path.removeprefix(home(towns["weak"])))
    assert "You have said yes" not in words(other.text)
    matched = strong.post(other.url.path, data={"reply": "accept"})
    assert "Placeweak" in words(matched.text)
    assert "mailto:coordinatorweak@towns.example" in matched.text
    both = weak.get(one.url.path)
    assert "Placestrong" in words(both.text)
    assert "Both said yes" in words(weak.get(home(towns["weak"])).text)
    for reply in (page, form, saved, asked, found, one, waits, other, matched, both):
        parse(reply.text)


@pytest.mark.parametrize(("name", "other"), [("weak", "strong"), ("strong", "weak")])
def test_no_page_names_the_other_before_both_have_said_yes(
    browse: Browse, database: Database, questionnaires: Catalogue, towns: Towns, proposed: str, name: str, other: str
) -> None:
    def read() -> str:
        pages = (home(towns[name]), f"{home(towns[name])}/{proposed}")
        people = (towns[name].coordinator, towns[name].lead)
        return "".join(browse(actor).get(page).text for actor in people for page in pages)

    secrets = (f"Place{other}", f"Area{other}", f"Body{other}", str(towns[other].partnership), f"coordinator{other}@")
    where = questionnaires, towns[other].coordinator, towns[other].partnership
    proposal_id = next(iter(_list_ids(database)))
    for said in (None, Reply.ACCEPT):
        if said:
            consenting.reply(database, *where, proposal_id, said, NOW)
        text = read()
        assert towns[other].words in text
        assert [secret for secret in secrets if secret in text] == []


def _list_ids(database: Database):  # type: ignore[no-untyped-def] # noqa: ANN202
    with database.reading() as session:
        return session.scalars(select(HelpProposal.id)).all()


def test_everything_wrong_is_told_and_what_was_typed_stays(browse: Browse, towns: Towns) -> None:
    client = browse(towns["strong"].coordinator)
    address = f"{home(towns['strong'])}/offers/{ENABLER}"
    reply = client.post(address, data={"words": "", "at-a-time": "12", "version": "0"})
    assert reply.status_code == 422
    assert title(reply.text).startswith("Error: ")
    for text in ("Choose at least one kind of help", "Enter how many partnerships, from 1 to 10", "Enter what you can"):
        assert words(reply.text).count(text) == 2, text
    assert 'value="12"' in reply.text
    parse(reply.text)
    typed = client.post(address, data={"words": "x" * 1001, "at-a-time": "1", "kind-visit": "visit", "version": "0"})
    assert typed.status_code == 422
    assert "checked" in typed.text
    assert "x" * 1001 in typed.text


def test_whoever_changes_second_sees_both_and_chooses(
    browse: Browse, database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    offer(database, questionnaires, towns["strong"])
    client = browse(towns["strong"].coordinator)
    address = f"{home(towns['strong'])}/offers/{ENABLER}"
    form = client.get(address)
    fields = {"kind-visit": "visit", "at-a-time": "1", "version": hidden(form.text, "version")}
    assert client.post(address, data={**fields, "words": "Theirs"}).status_code == 200
    mine = client.post(address, data={**fields, "words": "Mine"})
    assert mine.status_code == 409
    assert "Theirs" in mine.text
    assert "Mine" in mine.text
    parse(mine.text)
    done = client.post(address, data={**fields, "words": "Mine", "version": hidden(mine.text, "version")})
    assert "Mine" in words(done.text)


def test_leads_read_and_get_no_form(browse: Browse, towns: Towns, proposed: str) -> None:
    reader = browse(towns["weak"].lead)
    page = reader.get(home(towns["weak"]))
    assert "Coordinators of the partnership offer, ask" in words(page.text)
    assert "Withdraw" not in words(page.text).replace("Withdrawing", "")
    assert not [href for href in links(page.text).values() if "/asks/" in href]
    one = reader.get(f"{home(towns['weak'])}/{proposed}")
    assert one.status_code == 200
    assert 'name="reply"' not in one.text
    assert reader.post(f"{home(towns['weak'])}/{proposed}", data={"reply": "accept"}).status_code == 403
    assert reader.get(f"{home(towns['weak'])}/asks/{ENABLER}").status_code == 403
    for reply in (page, one):
        parse(reply.text)


def test_a_no_and_a_withdrawal_leave_nothing_but_that_it_is_over(browse: Browse, towns: Towns, proposed: str) -> None:
    strong, weak = browse(towns["strong"].coordinator), browse(towns["weak"].coordinator)
    done = weak.post(f"{home(towns['weak'])}/{proposed}", data={"reply": "decline"})
    assert done.url.path == home(towns["weak"])
    assert "Nothing is proposed yet" in words(done.text)
    over = strong.get(f"{home(towns['strong'])}/{proposed}")
    assert "This proposal is over" in words(over.text)
    assert towns["weak"].words not in over.text
    assert strong.post(over.url.path, data={"reply": "accept"}).status_code == 409
    withdrawn = strong.post(f"{home(towns['strong'])}/offers/{ENABLER}/withdraw")
    assert "What you offer" not in words(withdrawn.text)
    parse(over.text)
    parse(withdrawn.text)


@pytest.mark.parametrize("path", ["/offers/no-such-enabler", "/proposals/00000000-0000-7000-8000-000000000000"])
def test_an_address_that_names_nothing_is_not_found(browse: Browse, towns: Towns, path: str) -> None:
    assert browse(towns["strong"].coordinator).get(home(towns["strong"]) + path).status_code == 404


def test_a_reply_that_is_none_is_not_found(browse: Browse, towns: Towns, proposed: str) -> None:
    client = browse(towns["weak"].coordinator)
    for said in ("", "perhaps"):
        assert client.post(f"{home(towns['weak'])}/{proposed}", data={"reply": said}).status_code == 404


def test_what_is_not_borne_out_says_so(browse: Browse, towns: Towns) -> None:
    reply = browse(towns["weak"].coordinator).get(f"{home(towns['weak'])}/offers/{ENABLER}")
    assert reply.status_code == 409
    assert "where the newest report of a closed round is strong" in words(reply.text)


def test_the_report_leads_there_coordinators_and_leads(browse: Browse, towns: Towns) -> None:
    address = f"/partnerships/{towns['weak'].partnership}/rounds/{towns.round}/report"
    for actor, is_led in (
        (towns["weak"].coordinator, True),
        (towns["weak"].lead, True),
        (towns["weak"].contributor, False),
    ):
        page = browse(actor).get(address)
        assert ("Learn from other partnerships, and help them" in links(page.text)) is is_led
        assert ("Say what of the learning library helped" in links(page.text)) is is_led


# ---- Whether it helped -----------------------------------------------------------------------------------------------


def test_a_learning_point_is_marked_from_the_report(browse: Browse, towns: Towns) -> None:
    town = towns["weak"]
    lead = browse(town.lead)
    report = lead.get(f"/partnerships/{town.partnership}/rounds/{towns.round}/report")
    listed = lead.get(links(report.text)["Say what of the learning library helped"])
    assert "Bodyweak0 What helped" in words(listed.text)
    address = next(href for href in links(listed.text).values() if "point=" in href)
    page = lead.get(address)
    fields = {name: hidden(page.text, name) for name in ("point", "organisation")}
    fields |= {"mark-0": "helpful", "mark-1": "used"}
    saved = lead.post(page.url.path, data=fields)
    assert saved.history[0].status_code == 303
    assert words(saved.text).count("It helped") == 1
    again = lead.get(address)
    assert re.findall(r'<input[^>]*id="mark-0-3"[^>]*checked', again.text)
    for reply in (listed, page, saved, again):
        parse(reply.text)
        assert "At least" not in words(reply.text)


def test_a_coordinator_says_first_for_whom_they_speak(browse: Browse, towns: Towns) -> None:
    town = towns["weak"]
    client = browse(town.coordinator)
    board = client.get(f"/partnerships/{town.partnership}/actions")
    choice = client.get(links(board.text)["Say what of the learning library helped"])
    assert "For which organisation do you speak?" in words(choice.text)
    listed = client.get(links(choice.text)["Bodyweak1"])
    page = client.get(next(href for href in links(listed.text).values() if "point=" in href))
    assert hidden(page.text, "organisation") == str(town.organisations[1])
    for reply in (board, choice, listed, page):
        parse(reply.text)
    for query in ("point=nonsense", f"point=x&organisation={towns['strong'].organisations[0]}"):
        address = f"/partnerships/{town.partnership}/learning/marks?organisation={town.organisations[0]}&{query}"
        assert client.get(address).status_code == 404


def test_an_action_from_a_learning_point_leads_to_saying_whether_it_helped(
    browse: Browse, database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    library = questionnaires.learning_of("reform-enablers")
    assert library is not None
    town, question = towns["weak"], "shared-picture"
    owner = f"{town.organisations[0]} {town.lead.person_id}"
    draft = ActionDraft("Do it", "It is done", owner, ("2", "12", "2026"), point=library.points[0].id)
    where = town.lead, town.partnership, towns.round, question
    action_id = new_id()
    assert drafting.plan_action(database, questionnaires, *where, draft, action_id, NOW) == ()
    lead = browse(town.lead)
    page = lead.get(f"/partnerships/{town.partnership}/actions/{action_id}")
    form = lead.get(links(page.text)["Say whether the learning point it was made from helped"])
    assert hidden(form.text, "point") == library.points[0].id


def test_what_ten_found_helpful_says_so_on_the_report(
    browse: Browse, database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    library = questionnaires.learning_of("reform-enablers")
    assert library is not None
    for kind, item_id in (("point", library.points[0].id), ("resource", library.points[0].resources[0])):
        mark_many(database, towns, kind, item_id)
    town = towns["weak"]
    report = browse(town.contributor).get(f"/partnerships/{town.partnership}/rounds/{towns.round}/report")
    assert "At least 10 organisations found this helpful." in words(report.text)
    parse(report.text)


def mark_many(database: Database, towns: Towns, kind: str, item_id: str) -> None:
    with database.writing() as session:
        for number in range(12):
            organisation = new_id()
            session.add(Organisation(id=organisation, name=f"Body{kind}{number}", kind="council"))
            session.flush()
            session.add(
                LearningMark(
                    organisation_id=organisation,
                    framework_id="reform-enablers",
                    kind=kind,
                    item_id=item_id,
                    mark="helpful",
                    marked_by=towns["weak"].lead.person_id,
                    marked_at=NOW,
                )
            )
