"""Marks on the learning library on either database: who speaks for whom, one mark of each, and what may be shown."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import EnablersError, NotFoundError
from app.domain.learning_marks import Item, ItemKind, Mark, ShownCount
from app.services import Database, marking, together
from app.services.marking import Marking, list_items, load_library
from app.store.models import AuditEntry, LearningMark, Organisation, new_id
from tests.exchanges import Town, Towns, make_towns
from tests.people import NOW

FRAMEWORK = "reform-enablers"


@pytest.fixture
def towns(database: Database, questionnaires: Catalogue) -> Towns:
    return make_towns(database, questionnaires, "weak", "other")


@pytest.fixture
def point_id(questionnaires: Catalogue) -> str:
    """A point that names resources, and is not the first of its list."""
    library = questionnaires.learning_of(FRAMEWORK)
    assert library is not None
    return next(point.id for point in library.points[1:] if len(point.resources) > 1 and not point.questions)


def open_as(database: Database, questionnaires: Catalogue, town: Town, actor: Actor) -> Marking:
    return marking.open_marking(database, questionnaires, actor, town.partnership, None, NOW)


def test_a_lead_speaks_for_their_own_and_a_coordinator_chooses(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    town = towns["weak"]
    own = open_as(database, questionnaires, town, town.lead)
    assert own.organisation == (town.organisations[0], "Bodyweak0")
    every = open_as(database, questionnaires, town, town.coordinator)
    assert every.organisation is None
    assert {each for each, _ in every.organisations} == set(town.organisations)


RIGHTS: dict[str, str | None] = {
    "coordinator of weak": None,
    "lead of weak": None,
    "contributor of weak": "NotAllowedError",
    "coordinator of other": "NotFoundError",
    "lead of other": "NotFoundError",
    "analyst": "NotFoundError",
    "administrator": "NotFoundError",
}


def name_of_refusal(call: Callable[[], object]) -> str | None:
    try:
        call()
    except EnablersError as error:
        return type(error).__name__
    return None


@pytest.mark.parametrize("who", RIGHTS)
def test_coordinators_and_leads_mark_and_nobody_else(
    database: Database, questionnaires: Catalogue, towns: Towns, point_id: str, who: str
) -> None:
    town, actor = towns["weak"], towns.everybody[who]
    here, organisation = (database, questionnaires, actor, town.partnership), town.organisations[0]
    assert name_of_refusal(lambda: marking.open_marking(*here, organisation, NOW)) == RIGHTS[who]
    assert name_of_refusal(lambda: marking.mark(*here, point_id, organisation, ["helpful"], NOW)) == RIGHTS[who]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LearningMark)) == (RIGHTS[who] is None)


def test_a_lead_does_not_speak_for_another_organisation(
    database: Database, questionnaires: Catalogue, towns: Towns, point_id: str
) -> None:
    town = towns["weak"]
    for organisation in (town.organisations[1], towns["other"].organisations[0], new_id()):
        with pytest.raises(NotFoundError):
            marking.mark(
                database, questionnaires, town.lead, town.partnership, point_id, organisation, ["helpful"], NOW
            )


def test_one_mark_of_an_organisation_on_each_which_can_be_changed_and_taken_away(
    database: Database, questionnaires: Catalogue, towns: Towns, point_id: str
) -> None:
    town = towns["weak"]
    where = database, questionnaires, town.lead, town.partnership, point_id, None
    point = Item(ItemKind.POINT, point_id)
    for said, expected in (
        (["used", "helpful"], {point: Mark.USED}),
        (["helpful", "helpful"], {point: Mark.HELPFUL}),
        (["helpful", "helpful"], {point: Mark.HELPFUL}),
        (["nonsense", "helpful"], {}),
    ):
        marking.mark(*where, said, NOW)
        found = open_as(database, questionnaires, town, town.lead)
        resource = list_items(found.library, found.find_point(point_id))[1]
        assert found.marks == {**expected, resource: Mark.HELPFUL}
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.LEARNING_MARKED)).all()
    assert len(entries) == 3  # what was said twice is done once
    assert {entry.subject for entry in entries} == {f"organisation {town.organisations[0]}"}


def add_marks(database: Database, towns: Towns, item: Item, number: int) -> None:
    """Let so many other organisations find something helpful."""
    with database.writing() as session:
        for _ in range(number):
            organisation = new_id()
            session.add(Organisation(id=organisation, name=f"Body {organisation}", kind="council"))
            session.flush()
            session.add(
                LearningMark(
                    organisation_id=organisation,
                    framework_id=FRAMEWORK,
                    kind=item.kind,
                    item_id=item.id,
                    mark="helpful",
                    marked_by=towns["weak"].lead.person_id,
                    marked_at=NOW,
                )
            )


def test_the_tenth_mark_lets_it_rise_and_be_counted_and_none_before_changes_anything(
    database: Database, questionnaires: Catalogue, towns: Towns, point_id: str
) -> None:
    town, point = towns["weak"], Item(ItemKind.POINT, point_id)
    framework = questionnaires.get("local-partners", 1).framework
    before = questionnaires.learning_of(FRAMEWORK)
    assert before is not None

    def look() -> tuple[dict[Item, ShownCount], str]:
        key = town.partnership, towns.round
        report = together.get_full(database, questionnaires, town.coordinator, *key, NOW)
        with database.reading() as session:
            library = load_library(session, questionnaires, framework)
        assert library is not None
        return dict(report.helpful), library.points[0].id

    assert look() == ({}, before.points[0].id)
    add_marks(database, towns, point, 9)
    assert look() == ({}, before.points[0].id)
    marking.mark(
        database, questionnaires, town.lead, town.partnership, point_id, town.organisations[0], ["helpful"], NOW
    )
    assert look() == ({point: ShownCount(10, 10)}, point_id)


def test_a_point_that_is_not_there_is_not_found(database: Database, questionnaires: Catalogue, towns: Towns) -> None:
    town = towns["weak"]
    with pytest.raises(NotFoundError):
        marking.mark(database, questionnaires, town.lead, town.partnership, "no-such-point", None, ["used"], NOW)
