"""Somebody who has left traces everywhere: a row for every column that refers to people, each text with a canary."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import LargeBinary, String, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.domain.assessment import Answer, Move
from app.domain.audit import Event
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE
from app.domain.records import AssessmentKey
from app.services import Database, assessing, auditing
from app.store.models import (
    ActionNote,
    AgreedAnswer,
    ApiClient,
    Assessment,
    AssessmentMove,
    Base,
    Comment,
    EvidenceFile,
    GivenSection,
    HelpAsk,
    HelpOffer,
    HelpProposal,
    Invitation,
    LateEntry,
    LearningMark,
    Mail,
    Meeting,
    Membership,
    Person,
    PlannedAction,
    Release,
    ReportLink,
    ServiceText,
    SignInLink,
    SignInSession,
    TrustRating,
    TypedBarrier,
    UnsavedForm,
    new_id,
)
from tests.people import NOW, World, answer_all, start_assessment

NAME: Final = "Canaria Nightingale"
EMAIL: Final = "canaria.nightingale@canary.example"
CANARY: Final = "canary"
"""Stands in everything that they wrote and are called, in some letter case."""
NOTE: Final = "The canary sang in the minutes of March"
DAY: Final = timedelta(days=1)


def leave_traces(database: Database, questionnaires: Catalogue, world: World, now: datetime = NOW) -> AssessmentKey:
    """Let the council's officer, under another name, do all that leaves a row; gives their submitted assessment."""
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == world.officer.person_id).values(name=NAME, email=EMAIL))
    key = start_assessment(database, questionnaires, world)
    _answer(database, questionnaires, world, key)
    answer_all(database, questionnaires, world.colleague, key)
    assessing.submit(database, questionnaires, world.officer, key, now)
    officer, colleague = world.officer.person_id, world.colleague.person_id
    owner = {"partnership_id": key.partnership_id, "assessment_id": key.assessment_id}
    with database.writing() as session:
        session.execute(
            update(Assessment)
            .where(Assessment.id == key.assessment_id)
            .values(signed_off_by=officer, signed_off_at=now)
        )
        session.add_all(
            [
                AssessmentMove(
                    **owner, number=9, move=Move.REOPEN, reason="A canary said so", person_id=officer, made_at=now
                ),
                LateEntry(
                    partnership_id=key.partnership_id,
                    round_id=world.round,
                    organisation_id=world.council,
                    until=now + 30 * DAY,
                    reason="Waiting for the canary",
                    permitted_at=now,
                    permitted_by=officer,
                ),
                Comment(**owner, question_id="shared-picture", text="Canary again", author_id=officer, written_at=now),
                Comment(
                    **owner,
                    question_id="shared-picture",
                    text=f"Ask {NAME}, {EMAIL.title()}, about it; others know, too",
                    author_id=colleague,
                    written_at=now,
                ),
                EvidenceFile(
                    **owner,
                    question_id="shared-picture",
                    name="canary.txt",
                    media_type="text/plain",
                    size=18,
                    sha256="ab" * 32,
                    content=b"A canary in a file",
                    added_by=officer,
                    added_at=now,
                ),
                GivenSection(
                    **owner,
                    section_id="one",
                    person_id=colleague,
                    message="Canary, please",
                    given_by=officer,
                    given_at=now,
                ),
                GivenSection(
                    **owner,
                    section_id="two",
                    person_id=officer,
                    message="Over to you",
                    given_by=colleague,
                    given_at=now,
                ),
                Membership(person_id=officer, role=Role.CERTIFIER, organisation_id=world.council),
                SignInLink(token_hash="ca" * 32, person_id=officer, expires_at=now, used_at=None),
                SignInSession(token_hash="cb" * 32, person_id=officer, started_at=now, last_seen_at=now),
                UnsavedForm(person_id=officer, path="/canary", fields='{"note": "canary"}', typed_at=now),
                ServiceText(name="contact", text=f"Write to {EMAIL} or the team", changed_at=now, changed_by=officer),
                _invite(world, "one@other.example", "Somebody Else", invited_by=officer, token="1"),
                _invite(world, EMAIL.title(), "Canary N.", invited_by=colleague, token="2"),
                _invite(world, "old@canary.example", "Canary Old", invited_by=None, token="3", accepted_by=officer),
                _write(officer, "old@canary.example", "Canary", "Canary"),
                _write(None, EMAIL, "Canary", "Canary"),
                _write(
                    colleague,
                    "colleague@harrow.example",
                    f"{NAME} asks you",
                    f"{NAME} asks you.\n\n{NAME} wrote:\n> A canary\n> in a quote\n\nGo on",
                ),
            ]
        )
    with database.writing() as session:
        for row in _list_together(world, key, officer, colleague, now):
            session.add(row)
            session.flush()
    for actor, subject in ((officer, "assessment 1"), (colleague, f"person {officer}"), (colleague, "assessment 2")):
        with database.writing() as session:
            auditing.record(
                session, Event.ROLE_WITHDRAWN, actor, now, partnership_id=key.partnership_id, subject=subject,
                old=f"lead {EMAIL}", new="Canary" if actor == officer else NAME,
            )  # fmt: skip
    with database.writing() as session:
        auditing.record(session, Event.INVITED, colleague, now, subject="invitation 5", new="kept@other.example")
    return key


def _list_together(world: World, key: AssessmentKey, officer: UUID, colleague: UUID, now: datetime) -> Iterator[Base]:
    """Make the rows of what partners do together, in the order that they refer to one another."""
    of = {"partnership_id": key.partnership_id}
    meeting, action = new_id(), new_id()
    yield Meeting(
        **of, id=meeting, round_id=world.round, held_on=now.date(), present=f"{NAME} and two others", version=1,
        recorded_by=officer, recorded_at=now,
    )  # fmt: skip
    yield AgreedAnswer(
        **of, round_id=world.round, question_id="shared-picture", version=1, meeting_id=meeting, choice="early",
        reason=f"So {NAME} said", minority_view=f"{EMAIL} saw it otherwise", recorded_by=officer, recorded_at=now,
    )  # fmt: skip
    yield TrustRating(
        **of, assessment_id=key.assessment_id, subject="communities", level="agree", rated_by=officer, rated_at=now
    )
    yield TypedBarrier(
        **of, assessment_id=key.assessment_id, question_id="shared-picture", kind="law", said_by=officer, said_at=now
    )
    yield PlannedAction(
        **of, id=action, round_id=world.round, question_id="shared-picture", title=f"Ask {NAME}",
        measure=f"{NAME} has answered", owner_organisation_id=world.council, owner_id=officer, due_on=now.date(),
        status="planned", learning_point="", version=1, created_by=officer, created_at=now,
    )  # fmt: skip
    yield ActionNote(
        **of, action_id=action, number=1, status="planned", text="A canary noted it", person_id=officer, noted_at=now
    )
    yield ActionNote(
        **of, action_id=action, number=2, status="done", text=f"{NAME} did it", person_id=colleague, noted_at=now
    )
    yield ApiClient(name=f"{NAME}'s {CANARY}", scopes="", created_by=officer, created_at=now)
    yield ReportLink(
        **of, round_id=world.round, token_hash="cc" * 32, label=f"For {NAME}", created_by=officer, created_at=now,
        expires_at=now + DAY,
    )  # fmt: skip
    yield Release(
        round_id=world.round, number=1, content="{}", digest="dd" * 32, contributions="[]", audit="{}", built_at=now,
        built_by=officer, publishes_at=now, approved_at=now, approved_by=officer, withdrawn_at=now,
        withdrawn_by=officer, withdrawn_reason=f"{NAME} was wrong: {CANARY}",
    )  # fmt: skip
    help_ = {**of, "enabler_id": "knowing-what-works", "round_id": world.round, "kinds": "visit", "version": 1}
    yield HelpOffer(**help_, at_a_time=1, words=f"{NAME} shows you round", offered_by=officer, offered_at=now)
    yield HelpAsk(**help_, words=f"Write to {EMAIL}", need="barrier", asked_by=officer, asked_at=now)
    yield HelpProposal(
        partnership_id=key.partnership_id, offering_id=key.partnership_id, enabler_id="knowing-what-works",
        status="matched", proposed_at=now, asking_by=officer, offering_by=officer, matched_at=now,
    )  # fmt: skip
    yield LearningMark(
        organisation_id=world.council, framework_id="reform-enablers", kind="point", item_id="ask-first", mark="used",
        marked_by=officer, marked_at=now,
    )  # fmt: skip


def _answer(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> None:
    """Answer as the officer and as the colleague, each passing on and adding to what the other wrote."""
    link = "https://evidence.example/canary"
    evidence = {"evidence_kind": "", "evidence_link": link}

    def save(actor: Actor, question: str, answer: Answer, seen: int) -> None:
        assessing.answer(
            database, questionnaires, actor, key, question, answer, seen, NOW + seen * timedelta(seconds=1)
        )

    questions = [
        question.id for question in assessing.get_assessment(database, questionnaires, world.officer, key).unanswered
    ]
    one, two, three, four = questions[:4]
    save(world.officer, one, Answer("early", note=NOTE, **evidence), 0)
    save(world.colleague, one, Answer("embedded", note=NOTE), 1)  # only the level is another
    save(world.colleague, two, Answer("early", note="We have minutes of every meeting"), 0)
    save(world.officer, two, Answer("embedded", note="We have minutes of every meeting"), 1)
    save(world.officer, three, Answer(DONT_KNOW, note=NOTE), 0)
    save(world.colleague, three, Answer("early", note=f"{NOTE}. And so did I"), 1)
    applicable = questionnaires.get("local-partners", 1)
    missing = next(question.id for question in applicable.questions if question.not_applicable)
    seen = 1 if missing in {one, two, three} else 0
    save(world.officer, missing if not seen else four, Answer(NOT_APPLICABLE, reason="The canary left"), 0)


def _invite(
    world: World, email: str, name: str, *, invited_by: UUID | None, token: str, accepted_by: UUID | None = None
) -> Invitation:
    return Invitation(
        email=email,
        name=name,
        role=Role.CONTRIBUTOR,
        organisation_id=world.council,
        token_hash=token * 64,
        invited_by=invited_by,
        invited_at=NOW - DAY,
        expires_at=NOW + DAY,
        accepted_by=accepted_by,
        accepted_at=NOW if accepted_by else None,
    )


def _write(person_id: UUID | None, to: str, subject: str, body: str) -> Mail:
    return Mail(
        id=new_id(), kind="reminder", person_id=person_id, to_address=to, subject=subject, body=body, path="",
        key=None, written_at=NOW, send_after=NOW, attempts=0, error="",
    )  # fmt: skip


def find_text(database: Database, needle: str) -> Iterator[str]:
    """Search every column of every table for a word, in any letter case."""
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String | LargeBinary):
                    for value in session.scalars(select(column)):
                        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                        if needle.lower() in text.lower():
                            yield f"{table.name}.{column.name}: {text}"
