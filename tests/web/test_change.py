"""What if, and over time: the two pages as people read them."""

import re
from html import unescape
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.domain.questionnaire import Questionnaire
from app.domain.rounds import SignOff
from app.domain.values import one_line
from app.renderings.numbers import in_full
from app.renderings.working import equals
from app.services import Database
from app.web.together import addresses
from tests.done_rounds import add_round, agree, submit
from tests.lives import Cast, add_cast
from tests.people import World
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, title, words

FIRST, SECOND = "shared-picture", "spending-map"


@pytest.fixture
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


@pytest.fixture
def done(database: Database, world: World, questionnaire: Questionnaire) -> None:
    """Both have submitted: everything at early, but the first question at the top in the trust."""
    for organisation, first in ((world.council, "early"), (world.trust, "embedded")):
        choices = {question.id: choose(questionnaire, question.id, 1) for question in questionnaire.questions}
        submit(database, world, questionnaire, world.round, organisation, {**choices, FIRST: first})


def choose(questionnaire: Questionnaire, question: str, place: int) -> str:
    return questionnaire.scale_of(questionnaire.questions_by_id[question]).levels[place].id


def what_if(world: World, query: str = "") -> str:
    return addresses.what_if(world.partnership, world.round) + query


def over_time(world: World, query: str = "") -> str:
    return addresses.over_time(world.partnership, world.round) + query


def read(client: TestClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status
    parse(reply.text)
    return reply.text


# ---- Who may enter ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [what_if, over_time])
def test_a_stranger_finds_nothing_and_who_has_not_submitted_is_told_when(
    browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire, cast: Cast, address: object
) -> None:
    assert callable(address)
    path = address(world)
    submit(database, world, questionnaire, world.round, world.trust, {FIRST: "early"})
    for actor, status in (
        (world.analyst, 404),
        (cast.administrator, 404),
        (world.officer, 409),
        (cast.coordinator, 409),
        (world.manager, 200),
    ):
        assert browse(actor).get(path).status_code == status
    assert "once it has submitted its own assessment" in words(browse(world.officer).get(path).text)
    assert browse(None).get(path, follow_redirects=False).status_code == 303
    unknown = path.replace(str(world.round), str(UUID(int=1)))
    assert browse(world.manager).get(unknown).status_code == 404


# ---- What if ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("done")
def test_the_page_says_what_to_raise_what_it_closes_and_how_that_was_worked_out(
    browse: SignedIn, world: World, questionnaire: Questionnaire
) -> None:
    html = read(browse(world.officer), what_if(world))
    seen = words(html)
    assert title(html) == "What if: Upper Harrow Vale, Autumn round – Reform enablers"
    assert "This shows what each organisation answered" in seen
    assert re.search(r"Raise these 3 questions by one level\. That takes an effort of 6 out of 6, and closes "
                     r"\d+\.\d of \d+\.\d points of weighted gap\.", seen)  # fmt: skip
    assert "No other set of these questions closes more within an effort of 6." in seen
    assert len(re.findall(r'<select class="app-select" id="effort-', html)) == len(questionnaire.questions)
    assert f'id="effort-{FIRST}"' in html


@pytest.mark.usefixtures("done")
def test_efforts_are_kept_and_decide(browse: SignedIn, world: World, questionnaire: Questionnaire) -> None:
    others = "".join(f"&effort-{each.id}=5" for each in questionnaire.questions if each.id != FIRST)
    html = read(browse(world.officer), what_if(world, f"?budget=1&effort-{FIRST}=1{others}"))
    seen = words(html)
    assert "Raise this question by one level. That takes an effort of 1 out of 1" in seen
    assert 'value="1"' in html
    assert selected(html) == ["1" if each.id == FIRST else "5" for each in questionnaire.questions]
    # By hand: (25 + 100) ÷ 2 = 62.5 and (50 + 100) ÷ 2 = 75, the target; the weight of the question is its file's.
    weight = questionnaire.questions_by_id[FIRST].weight
    assert "(50 + 100) ÷ 2 = 75" in seen
    assert f"Weight × (gap now − gap then): {in_full(weight)} × (12.5 − 0) {equals(weight * 25 / 2)}" in seen
    assert "Stays: it is the top" in seen


def selected(html: str) -> list[str]:
    return [unescape(value) for value in re.findall(r'<option value="([^"]*)" selected>', html)]


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize("typed", ["", "0", "-1", "abc", "1.5", "501", "9" * 300, "²", "<b>1</b>", "1\u202e", "1\x852"])
def test_a_budget_that_is_no_number_is_said_on_the_page_with_what_was_typed(
    browse: SignedIn, world: World, typed: str
) -> None:
    client = browse(world.officer)
    reply = client.get(what_if(world), params={"budget": typed, f"effort-{FIRST}": "4"})
    assert reply.status_code == 422
    parse(reply.text)
    assert "Enter the effort as a whole number from 1 to 500" in words(reply.text)
    assert "<b>1</b>" not in reply.text
    assert "4" in selected(reply.text)
    if typed:
        (value,) = re.findall(r'<input class="govuk-input[^>]*value="([^"]*)"', reply.text)
        assert unescape(value) == one_line(typed)[:20]
    assert "points of weighted gap" not in words(reply.text)


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize("typed", ["", "0", "6", "many"])
def test_an_effort_that_is_none_is_said_at_its_question_and_kept(browse: SignedIn, world: World, typed: str) -> None:
    html = read(browse(world.officer), what_if(world, f"?budget=7&effort-{FIRST}={typed}"), 422)
    assert "Choose an effort from 1 to 5:" in words(html)
    assert links(html)[[text for text in links(html) if text.startswith("Choose an effort")][0]] == f"#effort-{FIRST}"  # noqa: RUF015 - of the links by words
    assert typed in selected(html)
    assert 'value="7"' in html


@pytest.mark.usefixtures("done")
def test_what_the_address_says_besides_is_passed_over(browse: SignedIn, world: World) -> None:
    html = read(browse(world.officer), what_if(world, "?effort-nothing=x&colour=red&budget=2"))
    assert "effort of 2 out of 2" in words(html)
    assert browse(world.officer).get(what_if(world, "?view=purple")).status_code == 404


def test_too_little_effort_and_no_gap_at_all_are_said(
    browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, world.round, organisation, {FIRST: "early"})
    assert "the least that any of them takes is 2" in words(read(browse(world.officer), what_if(world, "?budget=1")))
    agree(database, world, world.round, {FIRST: "embedded"})
    html = read(browse(world.officer), what_if(world, "?view=agreed&budget=1"))
    assert "There is no weighted gap" in words(html)
    assert "<form" not in html.partition("<main")[2]


@pytest.mark.usefixtures("done")
def test_every_view_says_which_it_shows_and_leads_to_the_other(
    browse: SignedIn, database: Database, world: World
) -> None:
    client = browse(world.officer)
    html = read(client, what_if(world, "?view=agreed"))
    assert "one vote. Nothing was agreed yet." in words(html)
    assert "Show it as agreed" not in links(html)
    agree(database, world, world.round, {FIRST: "early"})
    html = read(client, links(read(client, what_if(world)))["Show it as agreed"])
    assert "This shows what was agreed: 1 question has the agreed level" in words(html)
    assert '<input type="hidden" name="view" value="agreed">' in html
    assert links(html)["Show it as each organisation answered"] == what_if(world)


# ---- Over time -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("done")
def test_a_first_round_has_nothing_beside_it(browse: SignedIn, world: World) -> None:
    html = read(browse(world.officer), over_time(world))
    assert title(html) == "Over time: Upper Harrow Vale, Autumn round – Reform enablers"
    assert "so there is nothing to compare it with yet" in words(html)


@pytest.mark.usefixtures("done")
def test_rounds_are_side_by_side_with_what_is_too_little_to_call(
    browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    spring = add_round(database, world, questionnaire, "Spring <i>round</i>", closed_days=100)
    winter = add_round(database, world, questionnaire, "Winter round", closed_days=300)
    lowest = {question.id: choose(questionnaire, question.id, 0) for question in questionnaire.questions}
    first = {**{question: choose(questionnaire, question, 1) for question in lowest}, FIRST: "dont-know"}
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, spring, organisation, first)
    submit(database, world, questionnaire, winter, world.council, lowest)
    html = read(browse(world.officer), over_time(world))
    seen = words(html)
    assert "<i>" not in html
    assert "Autumn round beside Spring <i>round</i>" in seen
    assert "Autumn round beside Winter round" in seen
    assert seen.index("beside Spring") < seen.index("beside Winter")
    assert "Every round, with the change from one to the next" in seen
    assert "Too little to call, with a change of less than 10 points: Knowing what works" in seen
    assert "No score in Spring <i>round</i>: too few organisations chose a level" in seen
    assert "The same 2 organisations submitted in both rounds: Harrow Vale Council and Harrow Vale Trust." in seen
    assert "Submitted in Autumn round only: Harrow Vale Trust." in seen
    assert "Only 1 organisation submitted in both rounds. It takes at least 2 to compare them apart." in seen


def test_a_rise_is_told_with_its_numbers_its_target_and_the_way_made(
    browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    spring = add_round(database, world, questionnaire, "Spring round", closed_days=100)
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, spring, organisation, {FIRST: "early", SECOND: "embedded"})
        submit(database, world, questionnaire, world.round, organisation, {FIRST: "developing"})
    html = read(browse(world.officer), over_time(world))
    seen = words(html)
    assert "has risen by 25.0 points, from 25.0 to 50.0." in seen
    assert "+25.0 Risen" in seen
    assert "50.0%" in seen  # of the way from 25 to 75
    assert "1 of 30 questions can be compared." in seen
    agree(database, world, world.round, {FIRST: "embedded"})
    html = read(browse(world.officer), over_time(world, "?view=agreed"))
    seen = words(html)
    assert "Spring round is shown as each organisation answered, as nothing was agreed in it." in seen
    assert "1 question that is compared has an agreed level in one of the two rounds only." in seen
    assert "100.0 (agreed)" in seen
    assert "+75.0 Risen" in seen


def test_a_round_that_is_not_open_to_somebody_is_named_and_not_shown(
    browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    spring = add_round(database, world, questionnaire, "Spring round", closed_days=100)
    submit(database, world, questionnaire, spring, world.trust, {FIRST: "embedded"})
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, world.round, organisation, {FIRST: "early"})
    seen = words(read(browse(world.officer), over_time(world)))
    assert "Not shown: Spring round." in seen
    assert "beside" not in seen
    assert "Autumn round beside Spring round" in words(read(browse(world.manager), over_time(world)))
