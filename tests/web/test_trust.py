"""Saying how far one can rely on partners, page by page."""

import re
from html import unescape

import pytest

from app.catalogue import Catalogue
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database, assessing, trusting
from app.web import paths
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, start_assessment
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words

TITLE = "How far you can rely on your partners"
CHOSEN = re.compile(r'<input class="govuk-radios__input"[^>]*value="([^"]*)"[^>]* checked')


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


def chosen(html: str) -> list[str]:
    return [unescape(value) for value in CHOSEN.findall(html)]


def test_a_lead_is_told_who_sees_what_and_says_how_far_the_organisation_can_rely_on_each(
    browse: SignedIn, world: World, key: AssessmentKey
) -> None:
    lead = browse(world.officer)
    tasks = lead.get(paths.assessment(key))
    parse(tasks.text)
    assert f"{TITLE} Optional. 0 of 3 said" in words(tasks.text)
    page = lead.get(links(tasks.text)[TITLE])
    parse(page.text)
    assert title(page.text).startswith(TITLE)
    seen = words(page.text)
    first_choice = seen.index("Not at all")
    for promise in (
        "Only people of Harrow Vale Council see what you say here.",
        "each that at least five others rated",
        "Never shown is who said what",
        "frozen when your organisation first submits",
        "It counts if your organisation submits before 9:30am on 9 November 2026.",
    ):
        assert -1 < seen.find(promise) < first_choice, promise
    for subject in ("Harrow Vale Trust", "The communities of this place", "Central government"):
        assert subject in seen
    assert seen.count("Prefer not to say") == 3
    assert chosen(page.text) == []

    form = {"level-1": f"{world.trust} in-most-things", "level-2": "communities", "mark": hidden(page.text, "mark")}
    saved = lead.post(paths.trust(key), data=form)
    assert saved.url.path == paths.assessment(key)
    assert f"{TITLE} Optional. 1 of 3 said" in words(saved.text)
    again = lead.get(paths.trust(key))
    assert chosen(again.text) == [f"{world.trust} in-most-things"]
    assert "Saved by Officer at 9:30am on 2 November 2026" in words(again.text)
    checked = lead.get(paths.check_answers(key))
    assert links(checked.text)[f"{TITLE} (optional): 1 of 3 said"] == paths.trust(key)
    taken = {"level-1": str(world.trust), "mark": hidden(again.text, "mark")}
    lead.post(paths.trust(key), data=taken)
    assert chosen(lead.get(paths.trust(key)).text) == []


def test_who_saves_after_a_colleague_sees_both_and_keeps_what_was_chosen(
    browse: SignedIn, world: World, key: AssessmentKey
) -> None:
    first, second = browse(world.officer), browse(world.colleague)
    mark = hidden(first.get(paths.trust(key)).text, "mark")
    second.post(paths.trust(key), data={"level-2": "communities in-most-things", "mark": mark})
    mine = {"level-1": f"{world.trust} not-at-all", "level-2": "communities not-at-all", "mark": mark}
    refused = first.post(paths.trust(key), data=mine)
    assert refused.status_code == 409
    parse(refused.text)
    assert "Colleague saved this page last, at 9:30am on 2 November 2026." in words(refused.text)
    assert "Saved meanwhile: In most things." in words(refused.text)
    assert chosen(refused.text) == [f"{world.trust} not-at-all", "communities not-at-all"]
    assert first.post(paths.trust(key), data=mine | {"mark": hidden(refused.text, "mark")}).status_code == 200
    assert chosen(second.get(paths.trust(key)).text) == [f"{world.trust} not-at-all", "communities not-at-all"]


@pytest.mark.parametrize("value", ["government in-most-things", "communities sometimes", "communities x y", " x"])
def test_what_the_page_does_not_offer_is_refused(
    browse: SignedIn, world: World, key: AssessmentKey, value: str
) -> None:
    lead = browse(world.officer)
    form = {"level-1": value, "mark": hidden(lead.get(paths.trust(key)).text, "mark")}
    reply = lead.post(paths.trust(key), data=form)
    assert reply.status_code in {200, 422}
    assert chosen(lead.get(paths.trust(key)).text) == []
    assert lead.post(paths.trust(key), data={"level-100": "communities", "mark": ""}).status_code == 400


def test_colleagues_read_it_and_nobody_else_finds_it(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    opened = trusting.open_trust(database, questionnaires, world.officer, key)
    trusting.rate(database, questionnaires, world.officer, key, {"communities": "not-at-all"}, opened.mark, NOW)
    for reader in (cast.contributor, cast.certifier):
        page = browse(reader).get(paths.trust(key))
        parse(page.text)
        assert "A lead of your organisation says how far" in words(page.text)
        assert "The communities of this place Not at all" in words(page.text)
        assert '<form method="post" action="/partnerships' not in page.text
        assert browse(reader).post(paths.trust(key), data={"mark": ""}).status_code == 403
    for stranger in (world.manager, cast.coordinator, cast.administrator, world.analyst):
        assert browse(stranger).get(paths.trust(key)).status_code == 404
        assert browse(stranger).post(paths.trust(key), data={"mark": ""}).status_code == 404


def test_after_submitting_it_is_shown_as_it_was_frozen(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    opened = trusting.open_trust(database, questionnaires, world.officer, key)
    trusting.rate(database, questionnaires, world.officer, key, {"communities": "in-most-things"}, opened.mark, NOW)
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    lead = browse(world.officer)
    tasks = lead.get(paths.assessment(key))
    page = lead.get(links(tasks.text)[f"{TITLE} (optional): 1 of 3 said"])
    parse(page.text)
    assert "This was frozen when your organisation first submitted." in words(page.text)
    assert "The communities of this place In most things" in words(page.text)
    assert "Harrow Vale Trust Not said" in words(page.text)
    refused = lead.post(paths.trust(key), data={"level-2": "communities not-at-all", "mark": ""})
    assert refused.status_code == 409
    assert "frozen when your organisation first submitted" in words(refused.text)
