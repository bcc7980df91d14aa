"""P-12: everything about a person, out as a file, or gone for good, also after an older backup is restored."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.domain.access import Role
from app.domain.assessment import Answer
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.services import Database, assessing, maintaining, privacy, verifying
from app.services.outside import Outside, OutsideError
from app.store import privacy as store
from app.store.models import AnswerVersion, Base, Invitation, Mail, Membership, Person, Snapshot
from app.store.privacy import FATES, LEFT_OUT, list_references
from tests.people import NOW, World, make_world
from tests.traces import CANARY, EMAIL, NAME, NOTE, find_text, leave_traces

REFERENCES = {f"{table}.{column.name}" for table, columns in list_references().items() for column in columns}


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def outside(database: Database, tmp_path: Path) -> Outside:
    return Outside.of(tmp_path / "outside", database)


def export(database: Database, email: str = EMAIL) -> Any:  # noqa: ANN401 - JSON
    return json.loads("".join(privacy.export_of(database, email, NOW)))


def test_every_column_that_refers_to_people_has_a_fate() -> None:
    assert set(FATES) == REFERENCES


def test_the_one_with_traces_everywhere_has_them_everywhere(
    database: Database, questionnaires: Catalogue, world: World
) -> None:
    leave_traces(database, questionnaires, world)
    with database.reading() as session:
        for table, columns in list_references().items():
            for column in columns:
                where = column == world.officer.person_id
                assert session.execute(select(column).where(where)).first(), f"{table}.{column.name}"


# ---- Out -------------------------------------------------------------------------------------------------------------


def test_an_export_has_every_row_about_a_person(database: Database, questionnaires: Catalogue, world: World) -> None:
    leave_traces(database, questionnaires, world)
    exported = export(database)
    assert {name for name in exported if name in Base.metadata.tables} == {"people", *list_references()}
    for table, columns in list_references().items():
        for column in columns:
            rows = [row for row in exported[table] if row.get(column.name) == str(world.officer.person_id)]
            assert rows, f"{table}.{column.name}"
    assert [file["content"] for file in exported["files"]] == ["QSBjYW5hcnkgaW4gYSBmaWxl"]
    assert {row["note"] for row in exported["answer_versions"]} >= {NOTE}
    assert str(world.partnership) in exported["names"]
    assert "data-exported" in {deed["event"] for deed in exported["did"]}


def test_an_export_opens_no_door_and_tells_of_nobody_else(
    database: Database, questionnaires: Catalogue, world: World
) -> None:
    leave_traces(database, questionnaires, world)
    exported = export(database)
    for left_out in LEFT_OUT:
        table, column = left_out.split(".")
        assert all(column not in row for row in exported[table]), left_out
    text = json.dumps(exported)
    assert "one@other.example" not in text
    assert "Somebody Else" not in text
    assert "kept@other.example" not in text
    mine = [row for row in exported["answer_versions"] if row["author_id"] != str(world.officer.person_id)]
    assert mine == []


def test_who_was_only_invited_has_an_export_too(database: Database, questionnaires: Catalogue, world: World) -> None:
    leave_traces(database, questionnaires, world)
    exported = export(database, "One@Other.Example ")
    assert [row["name"] for row in exported["invitations"]] == ["Somebody Else"]
    assert "people" not in exported
    with pytest.raises(NotFoundError):
        privacy.export_of(database, "nobody@other.example", NOW)


def test_people_export_themselves(database: Database, questionnaires: Catalogue, world: World) -> None:
    leave_traces(database, questionnaires, world)
    exported = json.loads("".join(privacy.export_own(database, world.officer, NOW)))
    assert exported["people"][0]["email"] == EMAIL


# ---- Gone ------------------------------------------------------------------------------------------------------------


def read_scores(database: Database) -> list[tuple[object, ...]]:
    tables = [table for name, table in Base.metadata.tables.items() if name.startswith("frozen_")]
    with database.reading() as session:
        rows = [tuple(row) for table in tables for row in session.execute(select(table))]
        rows += [tuple(row) for row in session.execute(select(Snapshot.scores, Snapshot.questionnaire_hash))]
        choices = AnswerVersion.question_id, AnswerVersion.version, AnswerVersion.choice, AnswerVersion.author_id
        rows += [tuple(row) for row in session.execute(select(*choices))]
        frozen = session.scalars(select(Snapshot.answers)).all()
    choices_frozen = [{name: answer["choice"] for name, answer in json.loads(answers).items()} for answers in frozen]
    return sorted([*rows, *((json.dumps(choices),) for choices in choices_frozen)], key=repr)


def test_after_an_erasure_no_word_is_left_and_no_score_is_another(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    key = leave_traces(database, questionnaires, world)
    verifying.write_heads(database, outside, NOW)
    before = read_scores(database)
    assert len({found.partition(":")[0] for found in find_text(database, CANARY)}) > 15
    erased = privacy.erase(database, outside, EMAIL.upper(), NOW)
    assert erased.person_id == world.officer.person_id
    for needle in (CANARY, "nightingale", "canaria"):
        assert list(find_text(database, needle)) == []
    assert CANARY not in outside.erasures.read_text().lower()
    assert read_scores(database) == before
    assert maintaining.recompute(database, questionnaires).differences == ()
    verified = verifying.verify(database, outside)
    assert verified.faults == ()
    assert verified.erased >= 6
    with database.reading() as session:
        person = session.scalars(select(Person).where(Person.id == world.officer.person_id)).one()
    assert (person.name, person.email, person.erased_at) == ("Erased person", None, NOW)
    assessment = assessing.get_assessment(database, questionnaires, world.colleague, key)
    assert "Erased person" in {stored.author for stored in assessment.stored.values()}


def test_what_others_wrote_stays(database: Database, questionnaires: Catalogue, world: World, outside: Outside) -> None:
    leave_traces(database, questionnaires, world)
    privacy.erase(database, outside, EMAIL, NOW)
    for words in (
        "Ask Erased person, (erased), about it; others know, too",
        "(erased). And so did I",
        "Write to (erased) or the team",
        "Erased person asks you",
        "kept@other.example",
        "one@other.example",
    ):
        assert list(find_text(database, words)), words
    with database.reading() as session:
        notes = select(AnswerVersion.note).where(AnswerVersion.note.startswith("We have minutes"))
        assert len(session.scalars(notes).all()) == 2, "the officer only passed on what the colleague wrote"
        frozen = json.loads(session.scalars(select(Snapshot.answers)).one())
    assert "We have minutes of every meeting" in {answer["note"] for answer in frozen.values()}
    assert [answer["reason"] for answer in frozen.values() if answer["choice"] == "not-applicable"] == ["(erased)"]


def test_the_work_of_the_organisation_goes_on(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == world.officer.person_id).values(email=EMAIL))
    key = assessing.start(database, questionnaires, world.officer, world.partnership, world.round, world.council, NOW)
    first = assessing.get_assessment(database, questionnaires, world.officer, key).unanswered[0].id
    assessing.answer(database, questionnaires, world.officer, key, first, Answer("early", note="Mine"), 0, NOW)
    privacy.erase(database, outside, EMAIL, NOW)
    saved = assessing.answer(
        database, questionnaires, world.colleague, key, first, Answer("embedded", note="Ours"), 1, NOW
    )
    assert isinstance(saved, assessing.Saved)


def test_a_file_of_the_database_holds_no_word_either(
    sqlite_template: Path, questionnaires: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "erased.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    leave_traces(database, questionnaires, make_world(database, questionnaires.get("local-partners", 1)))
    erased = privacy.erase(database, Outside.of(tmp_path / "outside", database), EMAIL, NOW)
    assert erased.scrubbed
    files = [file for file in tmp_path.iterdir() if file.name.startswith("erased.db")]
    assert files
    for file in files:
        assert CANARY.encode() not in file.read_bytes().lower(), file.name
        assert b"nightingale" not in file.read_bytes().lower(), file.name
    database.close()


def test_a_file_in_use_is_scrubbed_later(sqlite_template: Path, questionnaires: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    shutil.copy(sqlite_template, path)
    database, other = Database(f"sqlite:///{path}", pool_size=1), Database(f"sqlite:///{path}")
    leave_traces(database, questionnaires, make_world(database, questionnaires.get("local-partners", 1)))
    outside = Outside.of(tmp_path / "outside", database)
    with database.connecting() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # not to wait for whom we know to be there
    with other.reading() as session:
        session.scalars(select(Person.name)).all()
        assert not privacy.erase(database, outside, EMAIL, NOW).scrubbed
    assert list(find_text(database, CANARY)) == []
    database.close()
    other.close()


def copy_rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Back up, on any database."""
    with database.reading() as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


def put_back(database: Database, backup: dict[str, list[dict[str, Any]]]) -> None:
    with database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
        for table in Base.metadata.sorted_tables:
            if backup[table.name]:
                session.execute(table.insert(), backup[table.name])


def test_an_older_backup_brings_nobody_back(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    leave_traces(database, questionnaires, world)
    backup = copy_rows(database)
    privacy.erase(database, outside, EMAIL, NOW)
    put_back(database, backup)
    assert list(find_text(database, CANARY))
    maintaining.prepare(database, outside, NOW)
    for needle in (CANARY, "nightingale"):
        assert list(find_text(database, needle)) == []
    after = copy_rows(database)
    maintaining.prepare(database, outside, NOW)
    assert copy_rows(database) == after, "done once, and no more"


def test_a_backup_from_before_somebody_came_brings_no_invitation_back(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    leave_traces(database, questionnaires, world)
    backup = copy_rows(database)
    privacy.erase(database, outside, EMAIL, NOW)
    sent = {
        "invitations": [row for row in backup["invitations"] if "canary" in row["email"].lower()],
        "mails": [row for row in backup["mails"] if row["to_address"] == EMAIL],
    }
    with database.writing() as session:
        for table, rows in sent.items():
            session.execute(
                Base.metadata.tables[table].insert(),
                [{**row, "accepted_by": None} for row in rows] if table == "invitations" else rows,
            )
    assert list(find_text(database, CANARY))
    maintaining.prepare(database, outside, NOW)
    assert list(find_text(database, CANARY)) == []


def test_who_was_only_invited_can_be_erased(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    leave_traces(database, questionnaires, world)
    assert privacy.erase(database, outside, "one@other.example", NOW).person_id is None
    assert list(find_text(database, "one@other.example")) == []
    assert list(find_text(database, "Somebody Else")) == []
    with pytest.raises(NotFoundError):
        privacy.erase(database, outside, "one@other.example", NOW)


def test_the_last_central_administrator_is_not_erased(database: Database, world: World, outside: Outside) -> None:
    with database.writing() as session:
        session.add(Membership(person_id=world.manager.person_id, role=Role.CENTRAL_ADMINISTRATOR))
    with pytest.raises(NotAllowedNowError, match="last central administrator"):
        privacy.erase(database, outside, "manager@harrow.example", NOW)
    with database.writing() as session:
        session.add(Membership(person_id=world.analyst.person_id, role=Role.CENTRAL_ADMINISTRATOR))
    privacy.erase(database, outside, "manager@harrow.example", NOW)


def test_what_cannot_be_kept_outside_is_not_erased(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside, tmp_path: Path
) -> None:
    leave_traces(database, questionnaires, world)
    before = copy_rows(database)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutsideError):
        privacy.erase(database, replace(outside, folder=tmp_path / "file"), EMAIL, NOW)
    assert copy_rows(database) == before


def test_what_was_under_way_at_the_erasure_is_swept_up(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    key = leave_traces(database, questionnaires, world)
    privacy.erase(database, outside, EMAIL, NOW)
    with database.writing() as session:
        session.add(
            AnswerVersion(
                partnership_id=key.partnership_id,
                assessment_id=key.assessment_id,
                question_id="late",
                version=1,
                choice="early",
                reason="",
                note="A canary in flight",
                evidence_kind="",
                evidence_link="",
                author_id=world.officer.person_id,
                answered_at=NOW,
            )
        )
    assert privacy.sweep(database, NOW.replace(day=1)) == 1
    assert list(find_text(database, CANARY)) == []
    assert privacy.sweep(database, NOW.replace(day=1)) == 0


def test_a_name_that_may_be_a_common_word_is_left_where_others_wrote_it(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    leave_traces(database, questionnaires, world)
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == world.officer.person_id).values(name="Ask"))
    privacy.erase(database, outside, EMAIL, NOW)
    assert list(find_text(database, f"Ask {NAME}, (erased)"))


def test_rows_of_others_are_left_alone(
    database: Database, questionnaires: Catalogue, world: World, outside: Outside
) -> None:
    leave_traces(database, questionnaires, world)
    privacy.erase(database, outside, "manager@harrow.example", NOW)
    with database.reading() as session:
        assert len(session.scalars(select(Invitation)).all()) == 3
        assert session.scalars(select(Mail)).all()
        assert store.find_person(session, EMAIL) is not None
