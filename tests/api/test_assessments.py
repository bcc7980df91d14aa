"""Assessments over the API: who may do what, nothing lost, nothing twice, all or nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.domain.assessment import AssessmentStatus
from app.domain.gaps import make_gap_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE
from app.domain.records import AssessmentKey
from app.renderings import as_json
from app.services import Database, api_clients, assessing
from app.services.api_clients import MadeToken
from app.store import assessments
from app.store.models import (
    AnswerVersion,
    Assessment,
    AssessmentMove,
    AuditEntry,
    IdempotencyKey,
    Membership,
    Partnership,
    Round,
    new_id,
)
from tests.api.problems import read_pointers, read_problem
from tests.api_clients import add_person, bearer, make_client, serving
from tests.people import NOW, World, make_world

FIRST = "shared-picture"
UNKNOWN = "00000000-0000-7000-8000-000000000000"


@dataclass
class Place:
    """A world whose round is open today, with a client of each person, and the service on top."""

    database: Database
    questionnaires: Catalogue
    world: World
    http: TestClient
    coordinator: Actor
    administrator: Actor
    officer: MadeToken
    manager: MadeToken
    coordinating: MadeToken

    @property
    def path(self) -> str:
        return f"/api/v1/partnerships/{self.world.partnership}/assessments"

    @property
    def scope(self) -> str:
        return f"assessments:write:partnership={self.world.partnership}"

    def send(
        self, method: str, path: str, body: object = None, token: MadeToken | None = None, **headers: str
    ) -> Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent: dict[str, Any] = {} if body is None else {"json": body}
        return self.http.request(method, path, headers=bearer(token or self.officer, **names), **sent)

    def start(self) -> str:
        """Start the council's assessment, and give its address."""
        reply = self.send("POST", self.path, self.wanted)
        assert reply.status_code in {200, 201}, reply.text
        return f"{self.path}/{reply.json()['id']}"

    @property
    def wanted(self) -> dict[str, str]:
        return {"round": str(self.world.round), "organisation": str(self.world.council)}

    def answer(self, one: str, choice: object = DONT_KNOW, tag: str = '"0"', **more: object) -> Response:
        return self.send("PUT", f"{one}/answers/{FIRST}", {"answer": choice, **more}, If_Match=tag)

    def answer_all(self, one: str) -> None:
        questions = self.send("GET", one).json()["unanswered"]
        given = {question: {"answer": DONT_KNOW, "version": 0} for question in questions}
        reply = self.send("POST", f"{one}/answers", {"answers": given})
        assert reply.status_code == 200, reply.text
        assert reply.json()["unanswered"] == []

    def count(self, table: type[Any]) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def place(database: Database, questionnaires: Catalogue) -> Iterator[Place]:
    world = make_world(database, questionnaires.get("local-partners", 1))
    now = datetime.now(UTC)
    with database.writing() as session:
        round_ = session.get_one(Round, world.round)
        round_.opens_at, round_.closes_at = now - timedelta(days=7), now + timedelta(days=7)
    coordinator = add_person(database, Role.COORDINATOR, partnership_id=world.partnership)
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    scope = f"assessments:write:partnership={world.partnership}"
    with serving(database) as (http, _):
        tokens = [make_client(database, actor, scope) for actor in (world.officer, world.manager, coordinator)]
        yield Place(database, questionnaires, world, http, coordinator, administrator, *tokens)


# ---- From start to end -----------------------------------------------------------------------------------------------


def test_an_assessment_is_started_answered_submitted_and_reopened(place: Place) -> None:
    started = place.send("POST", place.path, place.wanted)
    assert (started.status_code, started.json()["status"]) == (201, "in-progress")
    one = started.headers["location"]
    assert one == f"{place.path}/{started.json()['id']}"
    again = place.send("POST", place.path, place.wanted)
    assert (again.status_code, again.json(), again.headers["location"]) == (200, started.json(), one)
    early = place.send("POST", f"{one}/submit")
    assert "no answer yet" in read_problem(early, 409)["detail"]
    place.answer_all(one)
    submitted = place.send("POST", f"{one}/submit")
    assert (submitted.status_code, submitted.json()["status"], submitted.json()["submissions"]) == (200, "submitted", 1)
    assert place.send("POST", f"{one}/submit").json() == submitted.json()
    read_problem(place.answer(one, "early", '"1"'), 409)
    reopen = {"reason": "One is wrong", "submission": 1}
    read_problem(place.send("POST", f"{one}/reopen", reopen), 404)  # a lead knows of no such thing
    reopened = place.send("POST", f"{one}/reopen", reopen, place.coordinating)
    assert (reopened.status_code, reopened.json()["status"]) == (200, "in-progress")
    assert place.answer(one, "early", '"1"').headers["etag"] == '"2"'


def test_what_is_written_is_what_people_see(place: Place) -> None:
    one = place.start()
    reply = place.answer(one, "early", note=" Since May ", evidence_link="https://council.example/plan")
    assert (reply.status_code, reply.headers["etag"]) == (200, '"1"')
    read = place.send("GET", f"{one}/answers/{FIRST}")
    assert (read.json(), read.headers["etag"]) == (reply.json(), '"1"')
    key = AssessmentKey(place.world.partnership, place.send("GET", one).json()["id"])
    stored = place.send("GET", one).json()["answers"][FIRST]
    assert (stored["answer"], stored["note"], stored["answered_by"]) == ("early", "Since May", "Officer")
    with place.database.reading() as session:
        row = session.scalars(select(AnswerVersion)).one()
    assert (row.choice, row.note, row.evidence_link) == ("early", "Since May", "https://council.example/plan")
    assert str(row.assessment_id) == key.assessment_id


def test_not_applicable_has_its_reason_and_comes_back_as_it_was_sent(place: Place) -> None:
    one = place.start()
    questionnaire = place.questionnaires.get("local-partners", 1)
    optional = next(each for each in questionnaire.questions if each.not_applicable)
    sent = {NOT_APPLICABLE: "The county does it"}
    path = f"{one}/answers/{optional.id}"
    assert place.send("PUT", path, {"answer": sent}, If_Match='"0"').json()["answer"] == sent
    assert place.send("GET", path).json()["answer"] == sent


def test_who_may_only_read_results_gets_no_words_links_or_names(place: Place) -> None:
    """As the page says on which a system is added, and the notice on privacy."""
    one = place.start()
    question = place.questionnaires.get("local-partners", 1).questions
    optional = next(each.id for each in question if each.not_applicable)
    words = {"note": "Ann’s note", "evidence_link": "https://council.example/plan"}
    place.answer(one, "early", **words)
    reason = {NOT_APPLICABLE: "Our county does this"}
    place.send("PUT", f"{one}/answers/{optional}", {"answer": reason}, If_Match='"0"')
    scope = f"results:read:partnership={place.world.partnership}"
    reading = make_client(place.database, place.world.officer, scope)
    paths = (one, f"{one}/answers/{FIRST}", f"{one}/answers/{optional}")
    for path in (*paths, f"{one}/gap-report"):
        assert place.send("GET", path, token=reading).status_code == 403, "not submitted yet"
    with place.database.writing() as session:
        submitted = {"submitted_at": NOW, "submitted_by": place.world.officer.person_id}
        session.execute(update(Assessment).values(status=AssessmentStatus.SUBMITTED, **submitted))
    assert place.send("GET", f"{one}/gap-report", token=reading).status_code == 200
    for path in paths:
        told = place.send("GET", path, token=reading)
        assert told.status_code == 200
        assert not any(each in told.text for each in (*words.values(), *reason.values(), place.world.officer.name))
    answers = place.send("GET", one, token=reading).json()["answers"]
    assert {name: answers[FIRST][name] for name in ("answer", "note", "evidence_link", "answered_by")} == {
        "answer": "early",
        "note": None,
        "evidence_link": None,
        "answered_by": None,
    }
    assert answers[optional]["answer"] == {NOT_APPLICABLE: "(left out)"}
    assert place.send("GET", f"{one}/answers/{FIRST}").json()["note"] == words["note"]


def test_its_gap_report_is_that_of_the_pages_now_and_as_submitted(place: Place) -> None:
    one = place.start()
    place.answer_all(one)
    now = place.send("GET", f"{one}/gap-report").json()
    questionnaire = place.questionnaires.get("local-partners", 1)
    key = AssessmentKey(place.world.partnership, UUID(one.rpartition("/")[2]))
    loaded = assessing.get_assessment(place.database, place.questionnaires, place.world.officer, key)
    assert now == as_json.render(make_gap_report(questionnaire, loaded.answers))
    read_problem(place.send("GET", f"{one}/gap-report?submission=1"), 404)
    place.send("POST", f"{one}/submit")
    assert place.send("GET", f"{one}/gap-report?submission=1").json() == now
    for wrong in ("0", "x", "99999999999999999999"):
        read_problem(place.send("GET", f"{one}/gap-report?submission={wrong}"), 422)


def test_signing_off_and_asking_for_changes_are_for_certifiers(place: Place) -> None:
    with place.database.writing() as session:
        session.get_one(Round, place.world.round).sign_off = "certifier"
    token = promote(place, add_person(place.database, Role.CERTIFIER, organisation_id=place.world.council))
    one = place.start()
    place.answer_all(one)
    place.send("POST", f"{one}/submit")
    read_problem(place.send("POST", f"{one}/sign-off", {"submission": 1}), 403)
    read_problem(place.send("POST", f"{one}/sign-off", {"submission": 2}, token), 409)
    changed = place.send("POST", f"{one}/request-changes", {"submission": 1, "reason": "See question 2"}, token)
    assert changed.json()["status"] == "in-progress"
    place.send("POST", f"{one}/submit")
    signed = place.send("POST", f"{one}/sign-off", {"submission": 2}, token)
    assert (signed.status_code, signed.json()["status"]) == (200, "signed-off")


def test_the_list_has_what_is_not_started_and_goes_on_where_it_ended(place: Place) -> None:
    mine = place.send("GET", place.path).json()["items"]
    assert [(each["id"], each["status"], each["organisation"]) for each in mine] == [
        (None, "not-started", str(place.world.council))
    ]
    everybody = place.send("GET", place.path, None, place.coordinating).json()["items"]
    told: list[Any] = []
    path: str | None = f"{place.path}?limit=1"
    while path:
        reply = place.send("GET", path, None, place.coordinating)
        told += reply.json()["items"]
        path = reply.links["next"]["url"] if "next" in reply.links else None
    assert told == everybody
    assert {each["organisation"] for each in told} == {str(place.world.council), str(place.world.trust)}
    assert read_pointers(place.send("GET", f"{place.path}?cursor=x")) == ["/cursor"]


def test_what_has_not_changed_is_not_sent_again(place: Place) -> None:
    one = place.start()
    place.answer(one)
    for path in (place.path, one, f"{one}/answers/{FIRST}", f"{one}/gap-report"):
        first = place.send("GET", path)
        again = place.send("GET", path, If_None_Match=first.headers["etag"])
        assert (again.status_code, again.content) == (304, b""), path


def test_whatever_a_client_writes_is_in_the_audit_with_its_maker_and_itself(place: Place) -> None:
    one = place.start()
    place.answer(one)
    place.answer_all(one)
    place.send("POST", f"{one}/submit")
    place.send("POST", f"{one}/reopen", {"reason": "x", "submission": 1}, place.coordinating)
    with place.database.reading() as session:
        here = AuditEntry.partnership_id == place.world.partnership
        found = session.execute(select(AuditEntry.event, AuditEntry.actor_id, AuditEntry.subject).where(here)).all()
    made = {place.officer: place.world.officer, place.coordinating: place.coordinator}
    clients = {str(token.client_id): actor.person_id for token, actor in made.items()}
    assert {row.event for row in found} == {"assessment-started", "answered", "submitted", "reopened"}
    for row in found:
        through, client = row.subject.split()[-2:]
        assert (through, clients[client]) == ("through", row.actor_id), row.event


# ---- Versions --------------------------------------------------------------------------------------------------------


def test_without_a_version_nothing_is_stored(place: Place) -> None:
    one = place.start()
    for headers in ({}, {"If-Match": "*"}, {"If-Match": " "}):
        sent = bearer(place.officer, **headers)
        read_problem(place.http.put(f"{one}/answers/{FIRST}", json={"answer": DONT_KNOW}, headers=sent), 428)
    assert place.count(AnswerVersion) == 0


@pytest.mark.parametrize(
    "tag", ['"1"', "0", '"00"', 'W/"0"', '"-1"', '"x"', '"99999999999999999999"', '"0", "1"', '""']
)
def test_another_version_than_the_one_that_is_there_is_stale(place: Place, tag: str) -> None:
    one = place.start()
    problem = read_problem(place.answer(one, tag=tag), 412)
    assert problem["current"] == {}
    (fault,) = problem["errors"]
    assert (fault["pointer"], fault["in"]) == ("/If-Match", "header")
    assert ('with its quotes: "0"' in fault["detail"]) == (tag != '"1"')
    assert place.count(AnswerVersion) == 0


def test_the_one_who_comes_second_is_told_what_is_there_and_whose_it_is(place: Place) -> None:
    one = place.start()
    colleague = make_client(place.database, place.world.colleague, place.scope)
    theirs = place.send("PUT", f"{one}/answers/{FIRST}", {"answer": "early", "note": "x"}, colleague, If_Match='"0"')
    assert theirs.status_code == 200
    problem = read_problem(place.answer(one, "established"), 412)
    assert problem["current"] == {FIRST: theirs.json()}
    assert problem["current"][FIRST]["answered_by"] == "Colleague"


def test_of_two_at_once_one_is_stored_and_the_other_told(place: Place) -> None:
    one = place.start()
    for version in range(5):
        with ThreadPoolExecutor(2) as pool:
            tag = f'"{version}"'
            notes = f"{version}, mine", f"{version}, also mine"
            replies = list(pool.map(lambda note: place.answer(one, "early", tag, note=note), notes))  # noqa: B023
        assert sorted(reply.status_code for reply in replies) == [200, 412]
        loser = next(reply for reply in replies if reply.status_code == 412)
        winner = next(reply for reply in replies if reply.status_code == 200)
        assert loser.json()["current"] == {FIRST: winner.json()}
    assert place.count(AnswerVersion) == 5


def test_the_same_answer_sent_again_is_stored_once(place: Place) -> None:
    one = place.start()
    first, again = place.answer(one), place.answer(one)
    assert (first.status_code, first.json(), first.headers["etag"]) == (200, again.json(), again.headers["etag"])
    assert place.count(AnswerVersion) == 1


# ---- Many at once ----------------------------------------------------------------------------------------------------


def test_many_answers_with_one_that_is_wrong_change_nothing_and_every_fault_is_told(place: Place) -> None:
    one = place.start()
    place.answer(one, "early")
    unanswered = place.send("GET", one).json()["unanswered"]
    given: dict[str, Any] = {question: {"answer": DONT_KNOW, "version": 0} for question in unanswered}
    given[unanswered[0]] = {"answer": "no-level", "version": 0}
    given[unanswered[1]] = {"answer": DONT_KNOW, "version": 0, "evidence_link": "javascript:1"}
    given[unanswered[2]] = {"answer": None, "version": 0}
    given[FIRST] = {"answer": "established", "version": 0}
    given["no/question"] = {"answer": DONT_KNOW, "version": 0}
    reply = place.send("POST", f"{one}/answers", {"answers": given})
    assert sorted(read_pointers(reply)) == sorted(
        [
            f"/answers/{unanswered[0]}/answer",
            f"/answers/{unanswered[1]}/evidence_link",
            f"/answers/{unanswered[2]}/answer",
            f"/answers/{FIRST}/version",
            "/answers/no~1question/answer",
        ]
    )
    assert place.count(AnswerVersion) == 1
    assert place.send("GET", one).json()["unanswered"] == unanswered


def test_many_answers_of_which_one_is_stale_change_nothing(place: Place) -> None:
    one = place.start()
    theirs = place.answer(one, "early").json()
    other = place.send("GET", one).json()["unanswered"][0]
    given = {other: {"answer": DONT_KNOW, "version": 0}, FIRST: {"answer": "established", "version": 0}}
    problem = read_problem(place.send("POST", f"{one}/answers", {"answers": given}), 412)
    assert [error["pointer"] for error in problem["errors"]] == [f"/answers/{FIRST}/version"]
    assert problem["current"] == {FIRST: theirs}
    assert place.count(AnswerVersion) == 1
    given[FIRST]["version"] = 1
    assert place.send("POST", f"{one}/answers", {"answers": given}).json()["versions"] == {other: 1, FIRST: 2}


def test_batches_in_any_order_at_once_never_stand_in_each_other_s_way(place: Place) -> None:
    one = place.start()
    questions = place.send("GET", one).json()["unanswered"][:6]

    def send(number: int) -> int:
        order = questions if number % 2 else questions[::-1]
        given = {question: {"answer": DONT_KNOW, "version": 0, "note": str(number)} for question in order}
        return place.send("POST", f"{one}/answers", {"answers": given}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(send, range(6))) == [200, 412, 412, 412, 412, 412]
    assert place.count(AnswerVersion) == len(questions)


# ---- Sent again ------------------------------------------------------------------------------------------------------


def test_every_write_that_is_sent_again_with_its_key_is_done_once_and_answered_alike(place: Place) -> None:
    key = str(uuid4())

    def twice(path: str, body: object = None, token: MadeToken | None = None) -> Response:
        first = place.send("POST", path, body, token, Idempotency_Key=key)
        again = place.send("POST", path, body, token, Idempotency_Key=key)
        assert first.is_success, first.text
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert first.headers.get("location") == again.headers.get("location")
        return first

    started = twice(place.path, place.wanted)
    assert started.status_code == 201
    one = started.headers["location"]
    questions = place.send("GET", one).json()["unanswered"]
    twice(f"{one}/answers", {"answers": {each: {"answer": DONT_KNOW, "version": 0} for each in questions}})
    assert twice(f"{one}/submit").json()["status"] == "submitted"
    twice(f"{one}/reopen", {"reason": "Once more", "submission": 1}, place.coordinating)
    assert (place.count(Assessment), place.count(AnswerVersion)) == (1, len(questions))
    assert place.count(AssessmentMove) == 2  # submitted, reopened
    # Much later, the same: what has happened since makes no difference.
    assert place.send("POST", f"{one}/submit", Idempotency_Key=key).json()["status"] == "submitted"
    assert place.send("GET", one).json()["status"] == "in-progress"


def test_eight_at_once_with_one_key_write_once(place: Place) -> None:
    def send(_: int) -> Response:
        while True:  # as a client does that is told to try again
            reply = place.send("POST", place.path, place.wanted, Idempotency_Key="k")
            if reply.status_code != 409:
                return reply
            assert read_problem(reply, 409)["type"].endswith("in-progress")

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(send, range(8)))
    assert {(reply.status_code, reply.content) for reply in replies} == {(201, replies[0].content)}
    assert (place.count(Assessment), place.count(IdempotencyKey)) == (1, 1)


def test_while_the_first_is_being_done_the_second_is_told_to_come_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same process, and in another one: there SQLite, where one writes at a time, has it wait for the reply."""
    began, may_end = Event(), Event()
    start = assessing.start

    def start_slowly(*given: Any) -> AssessmentKey:  # noqa: ANN401 - passed on
        if place.world.council in given:
            began.set()
            assert may_end.wait(20)
        return start(*given)

    with serving(place.database) as (elsewhere, _), ThreadPoolExecutor(2) as pool:
        headers = bearer(place.officer, **{"Idempotency-Key": "k"})
        place.send("GET", place.path)  # the use of the token is noted, so that nothing below waits for that
        monkeypatch.setattr(assessing, "start", start_slowly)
        first = pool.submit(place.http.post, place.path, json=place.wanted, headers=headers)
        assert began.wait(20)
        second = place.http.post(place.path, json=place.wanted, headers=headers)
        third = pool.submit(elsewhere.post, place.path, json=place.wanted, headers=headers)
        if place.database.path is None:
            refused = third.result(20)
            other = {**place.wanted, "organisation": str(place.world.trust)}
            others = place.send("POST", place.path, other, place.manager, Idempotency_Key="k")
            assert others.status_code == 201  # the key of another client holds nobody up
        else:
            with pytest.raises(TimeoutError):
                third.result(0.5)
        may_end.set()
        assert first.result(20).status_code == 201
        replies = [second] if place.database.path else [second, refused]
        waited = third.result(20)
    for reply in replies:
        assert read_problem(reply, 409)["type"].endswith("in-progress")
        assert int(reply.headers["retry-after"]) > 0
    if place.database.path:
        assert (waited.status_code, waited.content) == (201, first.result().content)
    again = place.send("POST", place.path, place.wanted, Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.result().content)
    assert place.count(Assessment) == place.count(IdempotencyKey) == (1 if place.database.path else 2)


def test_what_is_kept_for_a_key_is_not_told_to_whoever_may_not_know_of_it_any_more(place: Place) -> None:
    one = place.start()
    place.answer_all(one)
    assert place.send("POST", f"{one}/submit", Idempotency_Key="k").status_code == 200
    with place.database.writing() as session:
        for each in session.scalars(select(Membership).where(Membership.person_id == place.world.officer.person_id)):
            each.organisation_id = place.world.trust
    assert read_problem(place.send("POST", f"{one}/submit", Idempotency_Key="k"), 404)


def test_a_key_is_for_one_body_and_for_one_client(place: Place) -> None:
    assert place.send("POST", place.path, place.wanted, Idempotency_Key="k").status_code == 201
    other = {**place.wanted, "organisation": str(place.world.trust)}
    problem = read_problem(place.send("POST", place.path, other, Idempotency_Key="k"), 422)
    assert problem["type"].endswith("idempotency-key-used")
    assert place.send("POST", place.path, other, place.manager, Idempotency_Key="k").status_code == 201


def test_a_write_that_failed_leaves_its_key_free(place: Place) -> None:
    one = place.start()
    read_problem(place.send("POST", f"{one}/submit", Idempotency_Key="k"), 409)
    assert place.count(IdempotencyKey) == 0
    place.answer_all(one)
    assert place.send("POST", f"{one}/submit", Idempotency_Key="k").status_code == 200


def test_what_is_kept_of_a_reply_has_nobody_s_words(place: Place) -> None:
    one = place.start()
    given = {FIRST: {"answer": DONT_KNOW, "version": 0, "note": "Mrs Brown said so"}}
    assert place.send("POST", f"{one}/answers", {"answers": given}, Idempotency_Key="k").status_code == 200
    with place.database.reading() as session:
        (kept,) = session.scalars(select(IdempotencyKey))
    assert "Brown" not in kept.reply
    assert "Officer" not in kept.reply


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "\t", "é"])
def test_a_key_that_cannot_be_kept_is_refused(place: Place, key: str) -> None:
    headers = [
        (name.encode(), value.encode()) for name, value in bearer(place.officer, **{"Idempotency-Key": key}).items()
    ]
    reply = place.http.post(place.path, json=place.wanted, headers=headers)
    assert read_pointers(reply) == ["/Idempotency-Key"]
    assert place.count(Assessment) == 0


# ---- Who may ---------------------------------------------------------------------------------------------------------


def make_tokens(place: Place) -> dict[str, MadeToken]:
    world, database = place.world, place.database
    contributor = add_person(database, Role.CONTRIBUTOR, organisation_id=world.council)
    outsider = add_person(database, Role.COORDINATOR, partnership_id=other_partnership(place))
    reading = f"results:read:partnership={world.partnership}"
    return {
        "lead": place.officer,
        "lead, reading": make_client(database, world.officer, reading),
        "lead, elsewhere": place.manager,
        "contributor": promote(place, contributor),
        "coordinator": place.coordinating,
        "administrator": make_client(database, place.administrator, "results:read", "admin:write"),
        "outsider": make_client(database, outsider, f"assessments:write:partnership={other_partnership(place)}"),
        "no scope": make_client(database, world.officer, "questionnaires:read"),
    }


def promote(place: Place, person: Actor) -> MadeToken:
    """Let somebody lead the trust as well, so that they may make a client, and give its token."""
    with place.database.writing() as session:
        session.add(Membership(person_id=person.person_id, role=Role.LEAD, organisation_id=place.world.trust))
    lead = Actor(person.person_id, person.name, place.world.manager.grants | person.grants)
    return make_client(place.database, lead, place.scope)


def other_partnership(place: Place) -> UUID:
    with place.database.writing() as session:
        found = session.scalar(select(Partnership.id).where(Partnership.name == "Elsewhere"))
        if found is None:
            found = new_id()
            session.add(Partnership(id=found, name="Elsewhere"))
        return found


TABLE = {
    # whose token            list  read  report answer submit reopen sign-off start
    "lead": (200, 200, 200, 200, 409, 404, 403, 200),
    "lead, reading": (200, 403, 403, 403, 403, 403, 403, 403),
    "lead, elsewhere": (200, 404, 404, 404, 404, 404, 404, 404),
    "contributor": (200, 200, 200, 403, 403, 404, 403, 200),
    "coordinator": (200, 404, 404, 404, 404, 409, 404, 404),
    "administrator": (200, 404, 404, 403, 403, 403, 403, 403),
    "outsider": (404, 404, 404, 404, 404, 404, 404, 404),
    "no scope": (403, 403, 403, 403, 403, 403, 403, 403),
}


def test_each_role_and_scope_may_do_what_the_table_says(place: Place) -> None:
    one = place.start()
    tokens = make_tokens(place)
    assert tokens.keys() == TABLE.keys()
    reason = {"reason": "x", "submission": 1}
    for name, token in tokens.items():
        told = (
            place.send("GET", place.path, None, token),
            place.send("GET", one, None, token),
            place.send("GET", f"{one}/gap-report", None, token),
            place.send("PUT", f"{one}/answers/{FIRST}", {"answer": DONT_KNOW}, token, If_Match='"0"'),
            place.send("POST", f"{one}/submit", None, token),
            place.send("POST", f"{one}/reopen", reason, token),
            place.send("POST", f"{one}/sign-off", {"submission": 1}, token),
            place.send("POST", place.path, place.wanted, token),
        )
        assert tuple(reply.status_code for reply in told) == TABLE[name], name
    assert place.count(AnswerVersion) == 1


def test_what_is_not_there_looks_like_what_one_may_not_know_of(place: Place) -> None:
    one = place.start()
    nothing = f"{place.path}/{UNKNOWN}"
    elsewhere = one.replace(str(place.world.partnership), UNKNOWN)
    theirs = place.send("GET", one, None, place.manager)
    for path in (nothing, elsewhere):
        reply = place.send("GET", path, None, place.manager)
        assert read_problem(reply, 404) == theirs.json()
        read_problem(place.send("PUT", f"{path}/answers/{FIRST}", {"answer": DONT_KNOW}, If_Match='"0"'), 404)
        read_problem(place.send("POST", f"{path}/submit"), 404)


def test_a_right_that_is_lost_stops_the_client_and_undoes_what_was_under_way(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = place.start()
    add_answer = assessments.add_answer_version

    def lose(session: Session, *rest: object, **more: object) -> bool:
        found = session.scalars(select(Membership).where(Membership.person_id == place.world.officer.person_id))
        for each in found:
            session.delete(each)
        session.flush()
        return add_answer(session, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(assessments, "add_answer_version", lose)
    read_problem(place.answer(one), 403)
    monkeypatch.undo()
    assert place.count(AnswerVersion) == 0
    api_clients.revoke(place.database, place.world.officer, place.officer.client_id, datetime.now(UTC))
    read_problem(place.answer(one), 401)


# ---- Hostile values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer": 1},
        {"answer": True},
        {"answer": []},
        {"answer": ["early"]},
        {"answer": {}},
        {"answer": {NOT_APPLICABLE: ""}},
        {"answer": {NOT_APPLICABLE: 1}},
        {"answer": {NOT_APPLICABLE: "x", "more": 1}},
        {"answer": {NOT_APPLICABLE: "x" * 1001}},
        {"answer": None},
        {"answer": ""},
        {"answer": "Early"},
        {"answer": "x" * 10_000},
        {"answer": DONT_KNOW, "note": 1},
        {"answer": DONT_KNOW, "note": None},
        {"answer": DONT_KNOW, "note": "x" * 4001},
        {"answer": DONT_KNOW, "note": "\x07"},
        {"answer": DONT_KNOW, "note": "\x00"},
        {"answer": DONT_KNOW, "evidence_link": "javascript:alert(1)"},
        {"answer": DONT_KNOW, "evidence_link": "x" * 2001},
        {"answer": DONT_KNOW, "evidence_kind": "no-such-kind"},
        {"answer": DONT_KNOW, "author": "somebody"},
    ],
)
def test_what_no_question_can_take_is_refused(place: Place, body: dict[str, Any]) -> None:
    one = place.start()
    read_problem(place.send("PUT", f"{one}/answers/{FIRST}", body, If_Match='"0"'), 422)
    read_problem(place.send("POST", f"{one}/answers", {"answers": {FIRST: {**body, "version": 0}}}), 422)
    assert place.count(AnswerVersion) == 0


@pytest.mark.parametrize("version", [None, True, "0", 0.0, -1, 10**10])
def test_a_version_is_a_whole_number(place: Place, version: object) -> None:
    one = place.start()
    given = {"answers": {FIRST: {"answer": DONT_KNOW, "version": version}}}
    assert read_pointers(place.send("POST", f"{one}/answers", given)) == [f"/answers/{FIRST}/version"]


def test_no_answers_are_no_batch(place: Place) -> None:
    assert read_pointers(place.send("POST", f"{place.start()}/answers", {"answers": {}})) == ["/answers"]


@pytest.mark.parametrize(
    "body", [{"submission": 1}, {"submission": 1, "reason": " "}, {"submission": "1", "reason": "x"}]
)
def test_a_reason_and_a_submission_are_needed_to_reopen(place: Place, body: dict[str, Any]) -> None:
    one = place.start()
    place.answer_all(one)
    place.send("POST", f"{one}/submit")
    assert len(read_pointers(place.send("POST", f"{one}/reopen", body, place.coordinating))[0]) > 1
    assert place.send("GET", one).json()["status"] == "submitted"


@pytest.mark.parametrize("question", ["no-question", "x" * 81, "%00", "%F0%9F%98%80", "..%2F..", "' or 1=1"])
def test_a_question_that_is_not_there_is_not_found_or_not_valid(place: Place, question: str) -> None:
    one = place.start()
    path = f"{one}/answers/{question}"
    assert place.send("PUT", path, {"answer": DONT_KNOW}, If_Match='"0"').status_code in {404, 422}
    assert place.send("GET", path).status_code in {404, 422}
