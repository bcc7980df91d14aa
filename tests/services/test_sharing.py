"""Giving sections to colleagues, answering what was given, and commenting, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.assessment import Answer
from app.domain.audit import Event
from app.domain.errors import EnablersError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.domain.sharing import GivenSection, Giving
from app.services import Database, assessing, sharing
from app.services.assessing import Saved
from app.store.models import AuditEntry, Comment, Mail, Membership, new_id
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, make_world, start_assessment

SECTION = "knowing-what-works"
QUESTION = "shared-picture"
ELSEWHERE = "lawful-basis"


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


Give = Callable[..., tuple[str, ...]]


@pytest.fixture
def give(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> Give:
    """Give the section, as the officer unless said otherwise, and tell which parts are wrong."""

    def give_section(
        to: Actor | str, message: str = "", seen: GivenSection | None = None, by: Actor = world.officer
    ) -> tuple[str, ...]:
        giving = Giving(to if isinstance(to, str) else str(to.person_id), message, seen.mark if seen else "")
        faults = sharing.give_section(database, questionnaires, by, key, SECTION, giving, NOW)
        return tuple(fault.part for fault in faults)

    return give_section


@pytest.fixture
def find_given(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> Callable[..., object]:
    def find() -> GivenSection | None:
        return assessing.get_assessment(database, questionnaires, world.officer, key).given.get(SECTION)

    return find


def read_mails(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        return [(mail.kind, mail.to_address, mail.body) for mail in session.scalars(select(Mail))]


def read_audit(database: Database, event: Event) -> list[tuple[UUID | None, str, str | None, str | None]]:
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.number))
        return [(row.actor_id, row.subject, row.old_text, row.new_text) for row in rows]


def test_a_section_is_given_with_a_message_a_mail_and_an_entry_in_the_audit(
    database: Database, world: World, key: AssessmentKey, cast: Cast, give: Give, find_given: Callable[[], GivenSection]
) -> None:
    assert give(cast.contributor, "You know\nthis <b>best</b>") == ()
    given = find_given()
    assert (given.person, given.given_by, given.message) == ("Contributor", "Officer", "You know\nthis <b>best</b>")
    ((kind, address, body),) = read_mails(database)
    assert (kind, address) == ("section-given", "contributor@cast.example")
    assert "this <b>best</b>" in body
    subject = f"assessment {key.assessment_id} section {SECTION}"
    assert read_audit(database, Event.SECTION_GIVEN) == [
        (world.officer.person_id, subject, "", f"person {cast.contributor.person_id}")
    ]


def test_a_section_given_twice_by_a_double_click_is_given_once(
    database: Database, cast: Cast, give: Give, find_given: Callable[[], GivenSection | None]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: give(cast.contributor, "once"), range(8))) == [()] * 8
    assert find_given()
    assert len(read_mails(database)) == len(read_audit(database, Event.SECTION_GIVEN)) == 1


def test_to_give_a_section_to_oneself_needs_no_mail(
    database: Database, world: World, give: Give, find_given: Callable[[], GivenSection]
) -> None:
    assert give(world.officer) == ()
    assert find_given().person == "Officer"
    assert read_mails(database) == []


def test_what_a_colleague_gave_meanwhile_is_not_replaced_unseen(
    world: World, cast: Cast, give: Give, find_given: Callable[[], GivenSection]
) -> None:
    assert give(cast.contributor, "first") == ()
    assert give(world.colleague, "second", by=world.colleague) == ("person",)
    assert (find_given().person, find_given().message) == ("Contributor", "first")
    assert give(world.colleague, "second", seen=find_given(), by=world.colleague) == ()
    assert (find_given().person, find_given().message) == ("Colleague", "second")


def test_of_two_leads_who_give_at_once_one_is_told_of_the_other(
    world: World, cast: Cast, give: Give, find_given: Callable[[], GivenSection]
) -> None:
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(give, cast.contributor, "mine", by=world.officer)
        two = pool.submit(give, world.colleague, "yours", by=world.colleague)
    assert sorted([one.result(), two.result()]) == [(), ("person",)]
    assert find_given().message == ("mine" if one.result() == () else "yours")


def test_only_people_who_answer_for_the_organisation_can_be_given_a_section(
    database: Database, world: World, cast: Cast, give: Give, find_given: Callable[[], GivenSection | None]
) -> None:
    for nobody in (cast.certifier, cast.coordinator, world.manager, world.analyst, str(new_id()), "nonsense", ""):
        assert give(nobody) == ("person",)
    assert give(cast.contributor, "x" * 2001) == give(cast.contributor, "a\x00b") == ("message",)
    assert find_given() is None
    assert read_mails(database) == []


def test_a_section_is_taken_back_from_who_was_seen_to_have_it(
    database: Database,
    questionnaires: Catalogue,
    world: World,
    key: AssessmentKey,
    cast: Cast,
    give: Give,
    find_given: Callable[[], GivenSection | None],
) -> None:
    def take_back(mark: str) -> None:
        sharing.take_back(database, questionnaires, world.officer, key, SECTION, mark, NOW)

    give(cast.contributor)
    given = find_given()
    assert given
    with pytest.raises(NotAllowedNowError, match="meanwhile"):
        take_back("of another time")
    take_back(given.mark)
    take_back(given.mark)
    assert find_given() is None
    assert [entry[2:] for entry in read_audit(database, Event.SECTION_GIVEN)] == [
        ("", f"person {cast.contributor.person_id}"),
        (f"person {cast.contributor.person_id}", ""),
    ]


def test_who_loses_their_role_has_no_section_any_more(
    database: Database,
    questionnaires: Catalogue,
    key: AssessmentKey,
    cast: Cast,
    give: Give,
    find_given: Callable[[], GivenSection | None],
) -> None:
    give(cast.contributor)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == cast.contributor.person_id))
    assert find_given() is None
    gone = Actor(cast.contributor.person_id, "Contributor", frozenset())
    with pytest.raises(NotFoundError):
        assessing.answer(database, questionnaires, gone, key, QUESTION, Answer("early"), 0, NOW)


@pytest.mark.parametrize(
    ("who", "given", "elsewhere", "gives", "comments"),
    [
        ("lead", None, None, None, None),
        ("contributor", None, NotAllowedError, NotAllowedError, None),
        ("certifier", NotAllowedError, NotAllowedError, NotAllowedError, None),
        ("all-in-one", None, None, None, None),
        ("coordinator", NotFoundError, NotFoundError, NotFoundError, NotFoundError),
        ("administrator", NotFoundError, NotFoundError, NotFoundError, NotFoundError),
        ("analyst", NotFoundError, NotFoundError, NotFoundError, NotFoundError),
        ("stranger", NotFoundError, NotFoundError, NotFoundError, NotFoundError),
    ],
)
def test_each_role_does_what_the_table_says(  # noqa: PLR0913, PLR0917 - a row of the table
    database: Database,
    questionnaires: Catalogue,
    key: AssessmentKey,
    cast: Cast,
    give: Give,
    who: str,
    given: type[EnablersError] | None,
    elsewhere: type[EnablersError] | None,
    gives: type[EnablersError] | None,
    comments: type[EnablersError] | None,
) -> None:
    """In the section that the contributor was given, in another, giving one, and commenting."""
    give(cast.contributor)
    actor = cast.by_role[who]

    def outcome(act: Callable[[], object]) -> type[EnablersError] | None:
        try:
            act()
        except EnablersError as error:
            return type(error)
        return None

    def answer(question: str) -> object:
        return assessing.answer(database, questionnaires, actor, key, question, Answer("early"), 0, NOW)

    def comment() -> None:
        sharing.comment(database, questionnaires, actor, key, QUESTION, "words", None, NOW)

    assert [
        outcome(act)
        for act in (
            lambda: answer(QUESTION),
            lambda: answer(ELSEWHERE),
            lambda: sharing.open_section(database, questionnaires, actor, key, SECTION),
            comment,
            lambda: sharing.get_thread(database, questionnaires, actor, key, QUESTION),
            lambda: sharing.count_comments(database, actor, key),
        )
    ] == [given, elsewhere, gives, comments, comments, comments]


def test_a_contributor_answers_what_was_given_to_them_and_nothing_once_it_is_somebody_elses(
    database: Database,
    questionnaires: Catalogue,
    world: World,
    key: AssessmentKey,
    cast: Cast,
    give: Give,
    find_given: Callable[[], GivenSection],
) -> None:
    def answer(choice: str, seen: int) -> object:
        return assessing.answer(database, questionnaires, cast.contributor, key, QUESTION, Answer(choice), seen, NOW)

    with pytest.raises(NotAllowedError):
        answer("early", 0)
    give(cast.contributor)
    assert isinstance(answer("early", 0), Saved)
    give(world.colleague, seen=find_given())
    with pytest.raises(NotAllowedError, match="not given to them"):
        answer("developing", 1)


def test_sections_are_given_while_answers_may_be_and_not_after(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    def give(moment: timedelta) -> None:
        giving = Giving(str(cast.contributor.person_id), "", "")
        sharing.give_section(database, questionnaires, world.officer, key, SECTION, giving, NOW + moment)

    with pytest.raises(NotAllowedNowError):
        give(timedelta(days=7))
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    with pytest.raises(NotAllowedNowError):
        give(timedelta())
    with pytest.raises(NotFoundError):
        sharing.open_section(database, questionnaires, world.officer, key, "no-such-section")


def test_comments_make_a_thread_in_any_status(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    def comment(actor: Actor, text: str, moment: timedelta) -> str:
        return sharing.comment(database, questionnaires, actor, key, QUESTION, text, None, NOW + moment)

    assert comment(cast.contributor, "first\nwords", timedelta()) == ""
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    assert comment(cast.certifier, "<b>second</b>", timedelta(days=30)) == ""
    thread = sharing.get_thread(database, questionnaires, world.officer, key, QUESTION)
    assert [(each.author, each.text) for each in thread.comments] == [
        ("Contributor", "first\nwords"),
        ("Certifier", "<b>second</b>"),
    ]
    assert sharing.count_comments(database, world.officer, key) == {QUESTION: 2}
    entries = read_audit(database, Event.COMMENTED)
    assert [(actor, subject) for actor, subject, *_ in entries] == [
        (each.author_id, f"assessment {key.assessment_id} question {QUESTION} comment {each.id}")
        for each in thread.comments
    ]
    assert {texts for *_, old, new in entries for texts in (old, new)} == {""}


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001, "a\x00b", "a\ud800b"])
def test_a_comment_that_cannot_be_kept_is_not_stored(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, text: str
) -> None:
    assert sharing.comment(database, questionnaires, world.officer, key, QUESTION, text, None, NOW)
    assert sharing.count_comments(database, world.officer, key) == {}
    with pytest.raises(NotFoundError):
        sharing.comment(database, questionnaires, world.officer, key, "no-such-question", "words", None, NOW)


def test_one_form_is_one_comment_however_often_it_is_sent_and_no_text_is_lost(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    sent = new_id()

    def comment(actor: Actor, text: str) -> str:
        return sharing.comment(database, questionnaires, actor, key, QUESTION, text, sent, NOW)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: comment(world.officer, "once"), range(40))) == {""}
    assert sharing.count_comments(database, world.officer, key) == {QUESTION: 1}
    comment(world.officer, "went back and wrote this")
    comment(world.colleague, "once")
    thread = sharing.get_thread(database, questionnaires, world.officer, key, QUESTION)
    assert sorted((each.author, each.text) for each in thread.comments) == [
        ("Colleague", "once"),
        ("Officer", "once"),
        ("Officer", "went back and wrote this"),
    ]
    with database.reading() as session:
        assert len(session.scalars(select(Comment)).all()) == len(read_audit(database, Event.COMMENTED)) == 3


def test_every_answer_stored_is_written_down_with_its_choice_and_without_its_words(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    for choice, seen in (("early", 0), ("early", 0), ("developing", 1), ("embedded", 0)):
        given = Answer(choice, note="secret words", evidence_link="https://a.example/secret")
        assessing.answer(database, questionnaires, world.officer, key, QUESTION, given, seen, NOW)
    subject = f"assessment {key.assessment_id} question {QUESTION}"
    assert read_audit(database, Event.ANSWERED) == [
        (world.officer.person_id, subject, "", "early, version 1"),
        (world.officer.person_id, subject, "early, version 1", "developing, version 2"),
    ]
    ((who, subject, *_),) = read_audit(database, Event.ASSESSMENT_STARTED)
    assert (who, subject.split()[:2]) == (world.officer.person_id, ["assessment", str(key.assessment_id)])


def test_only_a_lead_starts_an_assessment(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast
) -> None:
    place = (world.partnership, world.round, world.council)
    for actor in (cast.contributor, cast.certifier):
        with pytest.raises(NotAllowedError):
            assessing.start(database, questionnaires, actor, *place, NOW)
        with pytest.raises(NotAllowedError):
            assessing.get_invitation(database, actor, *place)
    key = start_assessment(database, questionnaires, world)
    assert assessing.start(database, questionnaires, cast.contributor, *place, NOW) == key
    assert assessing.get_invitation(database, cast.certifier, *place).assessment_id == key.assessment_id
