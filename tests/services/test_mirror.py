"""The mirror of a release: whose answers stand beside what places say, when, and what never changes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.catalogue import Catalogue
from app.domain.aggregate import Measure, MeasureKind
from app.domain.errors import NotAllowedNowError
from app.domain.releases import EVERYBODY, MirrorFigures
from app.services import Database, releasing
from app.store.models import PartnershipArea, Release, Round, RoundPartnership
from tests.centre import AFTER, NOW, Centre, make_centre
from tests.departments import add_departments, add_round, add_standing
from tests.statements import counted_statements

CLOSED = NOW - timedelta(days=10)
QUESTION = "funding-length"
"""Beside “multi-year-funding” of local partners."""
SPREAD = (20, 30, 40, 50, 60, 70, 80, 90, 25, 35, 45, 55)


@pytest.fixture
def centre(database: Database, questionnaires: Catalogue) -> Centre:
    """The demonstration, whose open round nobody has to sign off, with a date for its release."""
    centre = make_centre(database, questionnaires)
    releasing.plan(database, centre.administrator, centre.opened, AFTER, [], NOW)
    with database.writing() as session:
        session.execute(update(Round).where(Round.id == centre.opened).values(sign_off="nobody"))
    return centre


def say(scores: Sequence[int]) -> list[Mapping[str, int | None]]:
    return [{QUESTION: score, "upfront-cost": None} for score in scores]


def add_round_of_departments(
    centre: Centre,
    scores: Sequence[int],
    title: str = "Departments",
    closed: datetime = CLOSED,
    status: str = "submitted",
    **values: object,
) -> tuple[UUID, UUID]:
    """Add a round in whose standing partnership departments have said this; give it and the partnership."""
    round_id = add_round(centre.database, centre.questionnaires, title, closed, **values)
    standing = add_standing(centre.database, round_id, f"Standing: {title}")
    add_departments(centre.database, round_id, standing, say(scores), closed - timedelta(days=1), status)
    return round_id, standing


def release(centre: Centre, round_id: UUID, now: datetime = AFTER) -> UUID:
    release_id = centre.build(round_id, now)
    releasing.approve(centre.database, centre.questionnaires, centre.administrator, release_id, now)
    return release_id


def read(centre: Centre, round_id: UUID, now: datetime = AFTER) -> MirrorFigures:
    mirror = centre.read(round_id, now).mirror
    assert mirror is not None
    return mirror


def told(mirror: MirrorFigures) -> tuple[int, int] | None:
    """Give count and mean of the one question that departments were scored on."""
    (row,) = (row for row in mirror.rows if row.departments == QUESTION)
    return None if row.departments_say is None else (row.departments_say.count, row.departments_say.mean)


def test_what_departments_said_stands_beside_what_all_partnerships_say(centre: Centre) -> None:
    add_round_of_departments(centre, SPREAD, "The round before", CLOSED - timedelta(days=300))
    round_id, _ = add_round_of_departments(centre, SPREAD[:11], "Their newest round")
    add_round_of_departments(centre, SPREAD[:10], "A draft", CLOSED + timedelta(days=1), confirmed_at=None)
    add_round_of_departments(centre, SPREAD[:10], "A round still open", AFTER + timedelta(days=1))
    with_footprint = add_standing(centre.database, round_id, "A partnership with a footprint")
    add_departments(centre.database, round_id, with_footprint, say([100] * 12), CLOSED)
    with centre.database.writing() as session:
        area = session.scalars(select(PartnershipArea.area_code)).first()
        session.add(PartnershipArea(partnership_id=with_footprint, area_code=area))
    release(centre, centre.opened)
    content = centre.read(centre.opened, AFTER)
    mirror = content.mirror
    assert mirror is not None
    assert (mirror.round, mirror.round_id, mirror.closed_at) == ("Their newest round", round_id, CLOSED)
    pairs = centre.questionnaires.mirrors["reform-enablers"].pairs
    assert [row.id for row in mirror.rows] == [pair.id for pair in pairs]
    assert told(mirror) == (11, round(sum(SPREAD[:11]) / 11))
    for row in mirror.rows:
        assert row.places_say == content.tables[Measure(MeasureKind.QUESTION, row.local)].cells.get(EVERYBODY)
        assert row.departments == QUESTION or row.departments_say is None
    assert any(row.places_say for row in mirror.rows)


@pytest.mark.parametrize(
    ("status", "sign_off", "threshold", "count"),
    [
        ("submitted", "nobody", 10, 12),
        ("submitted", "certifier", 10, None),
        ("signed-off", "certifier", 10, 12),
        ("submitted", "nobody", 12, 12),
        ("submitted", "nobody", 13, None),
    ],
    ids=[
        "submitted",
        "not signed off where their round asks for it",
        "signed off where their round asks for it",
        "as many as the threshold of their round",
        "fewer than the threshold of their round",
    ],
)
def test_the_rules_of_the_departments_round_decide(
    centre: Centre, status: str, sign_off: str, threshold: int, count: int | None
) -> None:
    add_round_of_departments(centre, SPREAD, status=status, sign_off=sign_off, withholding_threshold=threshold)
    release(centre, centre.opened)
    found = told(read(centre, centre.opened))
    assert (found and found[0]) == count


def test_without_a_closed_round_of_departments_there_is_no_mirror(centre: Centre) -> None:
    with centre.database.writing() as session:  # whatever the demonstration brings
        session.execute(update(Round).where(Round.questionnaire_id == "departments").values(confirmed_at=None))
    release(centre, centre.opened)
    assert centre.read(centre.opened, AFTER).mirror is None


def test_a_threshold_that_is_none_refuses(centre: Centre) -> None:
    add_round_of_departments(centre, SPREAD, withholding_threshold=100_000)
    with pytest.raises(NotAllowedNowError, match="threshold"):
        centre.build(centre.opened, AFTER)


def test_a_corrected_release_keeps_the_mirror_of_the_one_before(centre: Centre) -> None:
    round_id, standing = add_round_of_departments(centre, SPREAD)
    first = release(centre, centre.opened)
    before = read(centre, centre.opened)
    add_departments(centre.database, round_id, standing, say([100]), CLOSED)
    add_round_of_departments(centre, SPREAD[::-1], "A newer round of departments", CLOSED + timedelta(days=1))
    releasing.withdraw(centre.database, centre.administrator, first, "Corrected", AFTER + timedelta(minutes=1))
    second = release(centre, centre.opened, AFTER + timedelta(minutes=2))
    assert read(centre, centre.opened, AFTER + timedelta(minutes=2)) == before
    audited = releasing.audit_again(centre.database, centre.questionnaires, second)
    assert audited.faults == ()


def add_another_local_round(centre: Centre) -> UUID:
    """Let all partnerships take part in one more round, which has closed and in which nobody answered."""
    questionnaire = centre.questionnaires.get("local-partners")
    values = {
        "questionnaire_id": questionnaire.id,
        "questionnaire_hash": questionnaire.hash,
        "release_at": CLOSED,
    }
    round_id = add_round(centre.database, centre.questionnaires, "Another local round", CLOSED)
    with centre.database.writing() as session:
        session.execute(update(Round).where(Round.id == round_id).values(**values))
        partnerships = session.scalars(
            select(RoundPartnership.partnership_id).where(RoundPartnership.round_id == centre.opened)
        ).all()
        session.add_all(RoundPartnership(partnership_id=each, round_id=round_id) for each in partnerships)
    return round_id


def test_what_one_release_told_of_departments_another_round_tells_too(centre: Centre) -> None:
    """A late entry of one department would else be the difference of two releases."""
    round_id, standing = add_round_of_departments(centre, SPREAD)
    release(centre, centre.opened)
    add_departments(centre.database, round_id, standing, say([100]), CLOSED)
    another = add_another_local_round(centre)
    release(centre, another)
    assert told(read(centre, another)) == told(read(centre, centre.opened)) == (12, 50)


def test_of_two_releases_that_tell_different_things_of_departments_the_second_is_refused(centre: Centre) -> None:
    round_id, standing = add_round_of_departments(centre, SPREAD)
    built = centre.build(centre.opened, AFTER)
    add_departments(centre.database, round_id, standing, say([100]), CLOSED)
    another = add_another_local_round(centre)
    release(centre, another)
    with pytest.raises(NotAllowedNowError, match="Build it again"):
        releasing.approve(centre.database, centre.questionnaires, centre.administrator, built, AFTER)
    release(centre, centre.opened)
    assert told(read(centre, centre.opened)) == told(read(centre, another)) == (13, 54)


def test_an_audit_finds_what_was_put_into_the_mirror_afterwards(centre: Centre) -> None:
    add_round_of_departments(centre, SPREAD[:5])
    release_id = release(centre, centre.opened)
    audited = releasing.get_audited(centre.database, centre.questionnaires, centre.administrator, release_id)
    assert [(row["question"], row["count"], row["code"]) for row in audited.audit["mirror"]] == [
        (QUESTION, 5, "too-few")
    ]
    with centre.database.writing() as session:
        stored = session.get_one(Release, release_id)
        content = json.loads(stored.content)
        (row,) = (row for row in content["mirror"]["rows"] if row["departments"] == QUESTION)
        row["departments_say"] = {"count": 5, "mean": 40, "quartiles": [None, None, None], "bands": None}
        stored.content = json.dumps(content)
    faults = releasing.audit_again(centre.database, centre.questionnaires, release_id).faults
    assert faults == (f"mirror, {QUESTION}: is shown, and could be taken apart",)


def test_releases_about_places_leave_departments_out(centre: Centre) -> None:
    """Even where the standing partnership takes part in the round and has answered it."""
    before = centre.load(centre.opened, AFTER)
    standing = add_standing(centre.database, centre.opened, "Departments in a local round")
    scores: list[Mapping[str, int | None]] = [{"shared-picture": 100}] * 12
    departments = add_departments(centre.database, centre.opened, standing, scores, CLOSED)
    assert centre.load(centre.opened, AFTER) == before
    assert standing not in {each.partnership_id for each in before}
    assert len(departments) == 12


def test_a_release_of_the_departments_round_tells_nothing_of_places(centre: Centre) -> None:
    round_id, _ = add_round_of_departments(centre, SPREAD, release_at=CLOSED)
    release(centre, round_id)
    content = centre.read(round_id, AFTER)
    assert not any(table.cells for table in content.tables.values())
    assert (content.reach, content.mirror, content.gaps) == (None, None, ())


def test_the_mirror_is_read_with_its_release_in_one_statement(centre: Centre) -> None:
    add_round_of_departments(centre, SPREAD)
    release(centre, centre.opened)
    with counted_statements(centre.database) as statements:
        assert told(read(centre, centre.opened)) == (12, 50)
    assert len(statements) == 1
