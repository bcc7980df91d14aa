"""Who adds, sees and removes evidence files, within which limits, and that they come back as they went in."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.evidence import LARGEST_FILE, MOST_ON_QUESTION, EvidenceDamagedError, EvidenceRecord, clean_name
from app.domain.records import AssessmentKey
from app.services import Database, assessing, evidence
from app.services.evidence import Refused
from app.store import given_sections
from app.store.models import AuditEntry, EvidenceFile, Membership, Person, new_id
from tests.evidence_files import make_pdf, make_png
from tests.people import NOW, World, answer_all, make_world, start_assessment

PDF = make_pdf()


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def question(questionnaires: Catalogue) -> str:
    return questionnaires.get("local-partners", 1).questions[0].id


def add_person(
    database: Database, role: Role, organisation: UUID | None = None, partnership: UUID | None = None
) -> Actor:
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name=f"New {role}", email=f"{person}@harrow.example"))
        session.flush()
        session.add(Membership(person_id=person, role=role, organisation_id=organisation, partnership_id=partnership))
    return Actor(person, f"New {role}", frozenset({Grant(role, organisation, partnership)}))


@pytest.fixture
def people(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> dict[str, Actor]:
    first = questionnaires.get("local-partners", 1).sections[0]
    contributor = add_person(database, Role.CONTRIBUTOR, world.council)
    with database.writing() as session:
        given_sections.set_given(session, key, first.id, contributor.person_id, "", world.officer.person_id, NOW)
    return {
        "a lead": world.officer,
        "a contributor with the section": contributor,
        "a contributor without it": add_person(database, Role.CONTRIBUTOR, world.council),
        "a certifier": add_person(database, Role.CERTIFIER, world.council),
        "a lead elsewhere": world.manager,
        "the coordinator": add_person(database, Role.COORDINATOR, partnership=world.partnership),
        "an analyst": world.analyst,
        "an administrator": add_person(database, Role.CENTRAL_ADMINISTRATOR),
        "nobody in particular": replace(world.manager, grants=frozenset()),
    }


NOT_THERE, NOT_ALLOWED = NotFoundError, NotAllowedError
MAY = {
    "a lead": (None, None),
    "a contributor with the section": (None, None),
    "a contributor without it": (None, NOT_ALLOWED),
    "a certifier": (None, NOT_ALLOWED),
    "a lead elsewhere": (NOT_THERE, NOT_THERE),
    "the coordinator": (NOT_THERE, NOT_THERE),
    "an analyst": (NOT_THERE, NOT_THERE),
    "an administrator": (NOT_THERE, NOT_THERE),
    "nobody in particular": (NOT_THERE, NOT_THERE),
}
"""Who -> what stands against seeing and downloading, and what against adding and removing."""


@pytest.mark.parametrize("who", MAY)
def test_who_sees_and_who_changes(
    database: Database, questionnaires: Catalogue, people: dict[str, Actor], key: AssessmentKey, question: str, who: str
) -> None:
    actor, (seeing, changing) = people[who], MAY[who]
    there = add(database, questionnaires, people["a lead"], key, question)
    if seeing:
        with pytest.raises(seeing):
            evidence.list_files(database, questionnaires, actor, key, question, NOW)
        with pytest.raises(seeing):
            evidence.get_file(database, actor, key, question, there)
    else:
        found = evidence.list_files(database, questionnaires, actor, key, question, NOW)
        assert [file.id for file in found.files] == [there]
        assert found.can_change is (changing is None)
        assert evidence.get_file(database, actor, key, question, there)[1] == PDF
    if changing:
        with pytest.raises(changing):
            evidence.add_file(database, questionnaires, actor, key, question, "b.png", make_png(), NOW)
        with pytest.raises(changing):
            evidence.remove_file(database, questionnaires, actor, key, question, there, NOW)
        assert count(database, questionnaires, people["a lead"], key) == {question: 1}
    else:
        added = evidence.add_file(database, questionnaires, actor, key, question, "b.png", make_png(), NOW)
        assert not isinstance(added, Refused)
        evidence.remove_file(database, questionnaires, actor, key, question, there, NOW)
        assert [file.id for file in listed(database, questionnaires, people["a lead"], key, question)] == [added]


def add(
    database: Database,
    questionnaires: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question: str,
    content: bytes = PDF,
    name: str = "strategy.pdf",
) -> UUID:
    added = evidence.add_file(database, questionnaires, actor, key, question, name, content, NOW)
    assert not isinstance(added, Refused), added
    return added


def listed(
    database: Database, questionnaires: Catalogue, actor: Actor, key: AssessmentKey, question: str
) -> tuple[EvidenceRecord, ...]:
    return evidence.list_files(database, questionnaires, actor, key, question, NOW).files


def count(database: Database, questionnaires: Catalogue, actor: Actor, key: AssessmentKey) -> dict[str, int]:
    return dict(evidence.count_files(database, actor, key))


def test_a_contributor_without_a_role_any_more_changes_nothing(
    database: Database, questionnaires: Catalogue, people: dict[str, Actor], key: AssessmentKey, question: str
) -> None:
    gone = replace(people["a contributor with the section"], grants=frozenset())
    with pytest.raises(NotFoundError):
        evidence.add_file(database, questionnaires, gone, key, question, "a.pdf", PDF, NOW)


def test_files_are_found_under_their_own_question_and_assessment_alone(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    there = add(database, questionnaires, world.officer, key, question)
    other = questionnaires.get("local-partners", 1).questions[1].id
    theirs = assessing.start(database, questionnaires, world.manager, world.partnership, world.round, world.trust, NOW)
    elsewhere = AssessmentKey(new_id(), key.assessment_id)
    for actor, wrong_key, wrong_question in (
        (world.officer, key, other),
        (world.officer, elsewhere, question),
        (world.manager, theirs, question),
    ):
        with pytest.raises(NotFoundError):
            evidence.get_file(database, actor, wrong_key, wrong_question, there)
        with pytest.raises(NotFoundError):
            evidence.remove_file(database, questionnaires, actor, wrong_key, wrong_question, there, NOW)
    with pytest.raises(NotFoundError):
        evidence.add_file(database, questionnaires, world.officer, key, "no-such-question", "a.pdf", PDF, NOW)
    assert count(database, questionnaires, world.officer, key) == {question: 1}


def test_the_limits_hold_to_the_byte_and_the_file(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    def refused(question: str, content: bytes) -> str:
        result = evidence.add_file(database, questionnaires, world.officer, key, question, "a.txt", content, NOW)
        return result.fault if isinstance(result, Refused) else ""

    first, second, *_ = (question.id for question in questionnaires.get("local-partners", 1).questions)
    largest = b"a" * LARGEST_FILE
    assert "smaller than 5 MB" in refused(first, largest + b"a")
    for number in range(MOST_ON_QUESTION):
        assert refused(first, b"%d" % number + largest[1:]) == ""
    assert "already has 10 files" in refused(first, b"one more")
    assert "larger than 50 MB together" in refused(second, b"one byte more")
    evidence.remove_file(
        database,
        questionnaires,
        world.officer,
        key,
        first,
        listed(database, questionnaires, world.officer, key, first)[0].id,
        NOW,
    )
    assert refused(second, b"now there is room") == ""


def test_the_same_file_sent_twice_is_kept_once(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    once, twice = (add(database, questionnaires, world.officer, key, question) for _ in range(2))
    assert once == twice
    assert count(database, questionnaires, world.officer, key) == {question: 1}


def test_nothing_changes_after_the_round_or_once_it_is_submitted(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    there = add(database, questionnaires, world.officer, key, question)
    after = NOW + timedelta(days=30)
    with pytest.raises(NotAllowedNowError):
        evidence.add_file(database, questionnaires, world.officer, key, question, "b.png", make_png(), after)
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    with pytest.raises(NotAllowedNowError):
        evidence.add_file(database, questionnaires, world.officer, key, question, "b.png", make_png(), NOW)
    with pytest.raises(NotAllowedNowError):
        evidence.remove_file(database, questionnaires, world.officer, key, question, there, NOW)
    found = evidence.list_files(database, questionnaires, world.officer, key, question, NOW)
    assert (found.can_change, len(found.files)) == (False, 1)
    assert evidence.get_file(database, world.officer, key, question, there)[1] == PDF


def test_what_was_removed_is_gone_and_its_row_stays(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    there = add(database, questionnaires, world.officer, key, question)
    evidence.remove_file(database, questionnaires, world.officer, key, question, there, NOW)
    with pytest.raises(NotFoundError):
        evidence.get_file(database, world.officer, key, question, there)
    with pytest.raises(NotFoundError):
        evidence.remove_file(database, questionnaires, world.officer, key, question, there, NOW)
    with database.reading() as session:
        row = session.execute(select(EvidenceFile.content, EvidenceFile.removed_at, EvidenceFile.name)).one()
    assert tuple(row) == (None, NOW, "strategy.pdf")


def test_a_file_that_was_tampered_with_is_not_handed_out(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    there = add(database, questionnaires, world.officer, key, question)
    with database.writing() as session:
        session.execute(update(EvidenceFile).values(content=PDF + b"\n"))
    with pytest.raises(EvidenceDamagedError):
        evidence.get_file(database, world.officer, key, question, there)


def test_adding_and_removing_are_audited_with_names_in_the_texts_alone(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    there = add(database, questionnaires, world.officer, key, question)
    evidence.remove_file(database, questionnaires, world.officer, key, question, there, NOW)
    with database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.event.like("evidence-%")).order_by(AuditEntry.number)
        ).all()
    subject = f"assessment {key.assessment_id} question {question} file {there}"
    assert [(entry.event, entry.subject, entry.actor_id) for entry in entries] == [
        ("evidence-added", subject, world.officer.person_id),
        ("evidence-removed", subject, world.officer.person_id),
    ]
    assert (entries[0].new_text or "").startswith("strategy.pdf (")
    assert (entries[1].old_text or "").startswith("strategy.pdf (")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("strategy.pdf", "strategy.pdf"),
        ("C:\\Users\\Ann\\strategy.pdf", "strategy.pdf"),
        ("../../etc/strategy.pdf", "strategy.pdf"),
        ("ann\u202efdp.exe.pdf", "annfdp.exe.pdf"),
        ("a\r\nSet-Cookie: b=c.pdf", "a Set-Cookie b=c.pdf"),
        ("a\x00b\u200b.pdf", "ab.pdf"),
        ('"quoted"; filename=evil.exe.pdf', "quoted filename=evil.exe.pdf"),
        ("  .hidden .pdf", "hidden.pdf"),
        ("..pdf", "file.pdf"),
        ("/", "file"),
        ("\ud800.pdf", "file.pdf"),
        ("e\u0301te\u0301.pdf", "\u00e9t\u00e9.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("a." + "b" * 300, ("file." + "b" * 300)[:200]),
    ],
)
def test_names_are_made_clean(name: str, clean: str) -> None:
    assert clean_name(name) == clean
    assert clean_name(clean) == clean


def test_colleagues_who_add_at_once_never_get_past_the_limit(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, question: str
) -> None:
    def send(number: int) -> bool:
        actor = (world.officer, world.colleague)[number % 2]
        sent = evidence.add_file(database, questionnaires, actor, key, question, "a.txt", b"%d" % number, NOW)
        return not isinstance(sent, Refused)

    with ThreadPoolExecutor(8) as pool:
        kept = sum(pool.map(send, range(2 * MOST_ON_QUESTION)))
    assert kept == MOST_ON_QUESTION
    assert count(database, questionnaires, world.officer, key) == {question: MOST_ON_QUESTION}
