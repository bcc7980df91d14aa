"""A partnership over its rounds, and who may see which, on either database."""

from uuid import UUID

import pytest

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.change import compare_partnerships
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.questionnaire import Questionnaire
from app.domain.rounds import SignOff
from app.services import Database, over_time
from app.services.over_time import OverTime
from tests.done_rounds import add_round, agree, submit
from tests.lives import Cast, add_cast
from tests.people import NOW, World, make_world

FIRST = "shared-picture"


@pytest.fixture
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


@pytest.fixture
def world(database: Database, questionnaire: Questionnaire) -> World:
    return make_world(database, questionnaire)


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


@pytest.fixture
def spring(database: Database, world: World, questionnaire: Questionnaire) -> UUID:
    """A round that has closed, in which both organisations submitted."""
    round_ = add_round(database, world, questionnaire, "Spring round", closed_days=100)
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, round_, organisation, {FIRST: "early"})
    return round_


def get(database: Database, questionnaires: Catalogue, actor: Actor, world: World) -> OverTime:
    return over_time.get_over_time(database, questionnaires, actor, world.partnership, world.round, NOW)


def name_rounds(found: OverTime) -> tuple[list[str], list[str]]:
    return [each.together.round for each in found.earlier], list(found.kept_back)


def test_a_round_comes_with_those_before_it_the_newest_first(
    database: Database, questionnaires: Catalogue, world: World, questionnaire: Questionnaire, spring: UUID
) -> None:
    older = add_round(database, world, questionnaire, "Winter round", closed_days=300)
    add_round(database, world, questionnaire, "Nobody’s round", closed_days=200)
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, older, organisation, {FIRST: "not-started"})
        submit(database, world, questionnaire, world.round, organisation, {FIRST: "developing"})
    agree(database, world, spring, {FIRST: "established"})
    found = get(database, questionnaires, world.officer, world)
    assert name_rounds(found) == (["Spring round", "Winter round"], [])
    change, settled = (
        compare_partnerships(found.earlier[0], found.current, settled=settled) for settled in (False, True)
    )
    assert [each.questions[0].before for each in (change.whole.enablers[0], settled.whole.enablers[0])] == [25, 75]
    assert change.whole.enablers[0].questions[0].after == 50
    assert {partner.name for partner in change.both} == {"Harrow Vale Council", "Harrow Vale Trust"}


def test_a_round_that_is_open_and_blind_is_not_looked_into_from_a_later_one(
    database: Database, questionnaires: Catalogue, world: World, questionnaire: Questionnaire
) -> None:
    """Two rounds at once: the council has submitted in the one that closes last only."""
    other = add_round(database, world, questionnaire, "Overlapping round", closed_days=-3)
    submit(database, world, questionnaire, other, world.trust, {FIRST: "embedded"})
    submit(database, world, questionnaire, world.round, world.council, {FIRST: "early"})
    submit(database, world, questionnaire, world.round, world.trust, {FIRST: "early"})
    assert name_rounds(get(database, questionnaires, world.officer, world)) == ([], ["Overlapping round"])
    assert name_rounds(get(database, questionnaires, world.manager, world)) == (["Overlapping round"], [])


def test_who_did_not_submit_in_an_earlier_round_does_not_see_it(
    database: Database, questionnaires: Catalogue, world: World, questionnaire: Questionnaire, cast: Cast
) -> None:
    earlier = add_round(database, world, questionnaire, "Spring round", closed_days=100)
    submit(database, world, questionnaire, earlier, world.trust, {FIRST: "embedded"})
    for organisation in (world.council, world.trust):
        submit(database, world, questionnaire, world.round, organisation, {FIRST: "early"})
    assert name_rounds(get(database, questionnaires, world.officer, world)) == ([], ["Spring round"])
    assert name_rounds(get(database, questionnaires, cast.coordinator, world)) == (["Spring round"], [])


def test_nobody_sees_more_over_time_than_in_the_report(
    database: Database, questionnaires: Catalogue, world: World, questionnaire: Questionnaire, cast: Cast, spring: UUID
) -> None:
    del spring
    submit(database, world, questionnaire, world.round, world.trust, {FIRST: "early"})
    for actor, error in (
        (world.officer, NotAllowedNowError),
        (cast.contributor, NotAllowedNowError),
        (cast.coordinator, NotAllowedNowError),
        (cast.administrator, NotFoundError),
        (world.analyst, NotFoundError),
    ):
        with pytest.raises(error):
            get(database, questionnaires, actor, world)
    assert name_rounds(get(database, questionnaires, world.manager, world)) == (["Spring round"], [])
