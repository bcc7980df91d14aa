"""Nobody sees another organisation's answers: every route, as everybody, with every id, in every form.

Each organisation's comments, messages and files hold a word of its own, which may come back to its own people and to
nobody else. Its reasons, notes and links hold another, which its partners may read once they have submitted, and those
who coordinate them once all have. Routes are taken from the service itself, so that a new
one is tried without being named here; a parameter that this test has no value for fails it.
"""

import hashlib
import inspect
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.access import Role
from app.main import create_app
from app.services import Database, signing_in
from app.services.tokens import TokenKeys
from app.settings import Settings
from app.store import models
from app.store.models import new_id
from tests.house.demonstration import read_business_data
from tests.house.routes import Route, list_calls, list_routes
from tests.people import NOW
from tests.web.conftest import ADDRESS

KEYS = TokenKeys()
QUESTION = "shared-picture"
SECTION = "knowing-what-works"
UNKNOWN = UUID(int=7 << 76)
FOREIGN = ("council", "trust", "charity")
"""The organisations: two in the partnership of the vale, one in that of the coast."""


@dataclass(frozen=True)
class Place:
    """Everything there is, by name."""

    partnerships: Mapping[str, UUID]
    organisations: Mapping[str, UUID]
    assessments: Mapping[str, UUID]
    files: Mapping[str, UUID]
    invitations: Mapping[str, UUID]
    people: Mapping[str, UUID]
    actions: Mapping[str, UUID]
    """An ask of each partnership, by the partnership's name."""
    round: UUID
    closed_round: UUID
    """Where all submitted, too: what is exchanged goes by it."""
    meeting: UUID
    """Of the vale."""
    proposal: UUID
    """What the vale offers, to the coast that asks; neither has said yes."""


def canary(organisation: str) -> str:
    return f"canary{organisation}canary"


def told(organisation: str) -> str:
    return f"told{organisation}told"


def plan_word(partnership: str) -> str:
    return f"plan{partnership}plan"


def proposed_word(partnership: str) -> str:
    """Stands in what a partnership offers or asks where it is proposed to the other."""
    return f"proposed{partnership}proposed"


def quiet_word(partnership: str) -> str:
    """Stands in what a partnership offers or asks where nothing came of it yet."""
    return f"quiet{partnership}quiet"


IDENTITIES: dict[str, tuple[tuple[Role, str | None, str | None], ...]] = {
    "lead of the council": ((Role.LEAD, "council", None),),
    "contributor of the council": ((Role.CONTRIBUTOR, "council", None),),
    "certifier of the trust": ((Role.CERTIFIER, "trust", None),),
    "lead of the charity": ((Role.LEAD, "charity", None),),
    "coordinator of the vale": ((Role.COORDINATOR, None, "vale"),),
    "coordinator of the coast": ((Role.COORDINATOR, None, "coast"),),
    "central analyst": ((Role.CENTRAL_ANALYST, None, None),),
    "central administrator": ((Role.CENTRAL_ADMINISTRATOR, None, None),),
    "nobody's": (),
}
OWN = {
    "lead of the council": {"council"},
    "contributor of the council": {"council"},
    "certifier of the trust": {"trust"},
    "lead of the charity": {"charity"},
}


OPEN = {
    "lead of the council": {"council", "trust"},
    "contributor of the council": {"council", "trust"},
    "certifier of the trust": {"council", "trust"},
    "lead of the charity": {"charity"},
    "coordinator of the vale": {"council", "trust"},
    "coordinator of the coast": {"charity"},
}
"""Whose notes are open to whom: all of both partnerships have submitted."""
BINARY = re.compile("pdf|zip|officedocument|opendocument")

SEES_PLAN = {
    "lead of the council": "vale",
    "contributor of the council": "vale",
    "certifier of the trust": "vale",
    "lead of the charity": "coast",
    "coordinator of the vale": "vale",
    "coordinator of the coast": "coast",
}
"""Whose plan each sees: everybody has submitted."""
EXCHANGES = {
    "lead of the council": "vale",
    "lead of the charity": "coast",
    "coordinator of the vale": "vale",
    "coordinator of the coast": "coast",
}
"""For whose exchange each is there. What is proposed is read on both sides, and nowhere else."""


AUTHOR_OF = {
    "council": "lead of the council",
    "trust": "certifier of the trust",
    "charity": "lead of the charity",
}
"""Who wrote everything of an organisation."""


def make_place(database: Database, questionnaires: Catalogue) -> Place:
    questionnaire = questionnaires.get("local-partners", 1)
    edition = {
        "questionnaire_id": questionnaire.id,
        "questionnaire_version": questionnaire.version,
        "questionnaire_hash": questionnaire.hash,
    }
    place = Place(
        partnerships={name: new_id() for name in ("vale", "coast")},
        organisations={name: new_id() for name in FOREIGN},
        assessments={name: new_id() for name in FOREIGN},
        files={name: new_id() for name in FOREIGN},
        invitations={name: new_id() for name in FOREIGN},
        people={name: new_id() for name in IDENTITIES},
        actions={name: new_id() for name in ("vale", "coast")},
        round=new_id(),
        closed_round=new_id(),
        meeting=new_id(),
        proposal=new_id(),
    )
    home = {"council": "vale", "trust": "vale", "charity": "coast"}
    with database.writing() as session:
        session.add_all(models.Partnership(id=key, name=name) for name, key in place.partnerships.items())
        session.add_all(
            models.Organisation(id=key, name=name, kind="council") for name, key in place.organisations.items()
        )
        session.add_all(
            models.Person(id=key, name=name, email=f"{name.replace(' ', '.').replace(chr(39), '')}@harrow.example")
            for name, key in place.people.items()
        )
        session.add(
            models.Round(
                id=place.round,
                title="Autumn round",
                **edition,
                opens_at=NOW - timedelta(days=7),
                closes_at=NOW + timedelta(days=7),
                confirmed_at=NOW - timedelta(days=9),
                sign_off="certifier",
            )
        )
        session.add(
            models.Round(
                id=place.closed_round,
                title="Spring round",
                **edition,
                opens_at=NOW - timedelta(days=90),
                closes_at=NOW - timedelta(days=60),
                confirmed_at=NOW - timedelta(days=99),
            )
        )
        session.flush()
        for name, roles in IDENTITIES.items():
            for role, organisation, partnership in roles:
                session.add(
                    models.Membership(
                        person_id=place.people[name],
                        role=role,
                        organisation_id=place.organisations.get(organisation or ""),
                        partnership_id=place.partnerships.get(partnership or ""),
                    )
                )
        session.add_all(
            models.RoundPartnership(partnership_id=key, round_id=round_id)
            for key in place.partnerships.values()
            for round_id in (place.round, place.closed_round)
        )
        session.add_all(
            models.PartnershipOrganisation(
                partnership_id=place.partnerships[home[name]], organisation_id=place.organisations[name]
            )
            for name in FOREIGN
        )
        session.flush()
        for name in FOREIGN:
            _add_assessment(session, place, name, place.partnerships[home[name]], edition)
        session.add(
            models.Meeting(
                partnership_id=place.partnerships["vale"],
                id=place.meeting,
                round_id=place.round,
                held_on=NOW.date(),
                present="",
                version=1,
                recorded_by=place.people["coordinator of the vale"],
                recorded_at=NOW,
            )
        )
        for name, owner in (("vale", "council"), ("coast", "charity")):
            _add_action(session, place, name, owner)
        for name in FOREIGN:
            _add_closed(session, place, name, place.partnerships[home[name]], edition)
        _add_exchange(session, place)
    return place


def _add_closed(session, place: Place, name: str, partnership: UUID, edition: dict[str, object]) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Let an organisation have submitted in the round that has closed, without a word."""
    author, at = place.people[AUTHOR_OF[name]], NOW - timedelta(days=70)
    key = {"partnership_id": partnership, "assessment_id": new_id()}
    session.add(
        models.Assessment(
            partnership_id=partnership,
            id=key["assessment_id"],
            round_id=place.closed_round,
            organisation_id=place.organisations[name],
            **edition,
            status="submitted",
            started_at=at,
            started_by=author,
            submitted_at=at,
            submitted_by=author,
        )
    )
    session.flush()
    frozen = {"questionnaire_hash": edition["questionnaire_hash"], "answers": "{}", "scores": "{}"}
    session.add(models.Snapshot(**key, submission=1, **frozen, submitted_at=at, submitted_by=author))


def _add_exchange(session, place: Place) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Let the vale offer and the coast ask, about one enabler that is proposed and one that is not."""
    common = {"round_id": place.closed_round, "kinds": "visit", "version": 1}
    for enabler, word in ((SECTION, proposed_word), ("sharing-information", quiet_word)):
        session.add(
            models.HelpOffer(
                partnership_id=place.partnerships["vale"],
                enabler_id=enabler,
                **common,
                at_a_time=1,
                words=word("vale"),
                offered_by=place.people["coordinator of the vale"],
                offered_at=NOW,
            )
        )
        session.add(
            models.HelpAsk(
                partnership_id=place.partnerships["coast"],
                enabler_id=enabler,
                **common,
                words=word("coast"),
                need="barrier",
                asked_by=place.people["coordinator of the coast"],
                asked_at=NOW,
            )
        )
    session.flush()
    session.add(
        models.HelpProposal(
            partnership_id=place.partnerships["coast"],
            offering_id=place.partnerships["vale"],
            id=place.proposal,
            enabler_id=SECTION,
            status="proposed",
            proposed_at=NOW,
        )
    )


def _add_action(session, place: Place, name: str, owner: str) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    key = {"partnership_id": place.partnerships[name], "action_id": place.actions[name]}
    author = place.people[AUTHOR_OF[owner]]
    session.add(
        models.PlannedAction(
            partnership_id=key["partnership_id"],
            id=key["action_id"],
            round_id=place.round,
            question_id=QUESTION,
            title=f"{plan_word(name)} title",
            measure=f"{plan_word(name)} measure",
            owner_organisation_id=place.organisations[owner],
            owner_id=author,
            due_on=NOW.date(),
            status="planned",
            learning_point="",
            version=1,
            created_by=author,
            created_at=NOW,
        )
    )
    session.flush()
    session.add(
        models.ActionNote(
            **key, number=1, status="planned", text=f"{plan_word(name)} note", person_id=author, noted_at=NOW
        )
    )


def _add_assessment(session, place: Place, name: str, partnership: UUID, edition: dict[str, object]) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    word = canary(name)
    author = place.people[AUTHOR_OF[name]]
    key = {"partnership_id": partnership, "assessment_id": place.assessments[name]}
    answer = {
        "choice": "not-applicable",
        "reason": f"{told(name)} reason",
        "note": f"{told(name)} note",
        "evidence_kind": "minutes",
        "evidence_link": f"https://{told(name)}.example/link",
    }
    session.add(
        models.Assessment(
            partnership_id=partnership,
            id=place.assessments[name],
            round_id=place.round,
            organisation_id=place.organisations[name],
            **edition,
            status="submitted",
            started_at=NOW - timedelta(days=2),
            started_by=author,
            submitted_at=NOW - timedelta(days=1),
            submitted_by=author,
        )
    )
    session.flush()
    session.add_all(
        [
            models.AnswerVersion(
                **key, question_id=QUESTION, version=1, **answer, author_id=author, answered_at=NOW - timedelta(days=2)
            ),
            models.Comment(
                **key,
                question_id=QUESTION,
                text=f"{word} comment",
                author_id=author,
                written_at=NOW - timedelta(days=2),
            ),
            models.GivenSection(
                **key,
                section_id=SECTION,
                person_id=author,
                message=f"{word} message",
                given_by=author,
                given_at=NOW - timedelta(days=2),
            ),
            models.EvidenceFile(
                **key,
                id=place.files[name],
                question_id=QUESTION,
                name=f"{word}.txt",
                media_type="text/plain",
                size=len(word),
                sha256=hashlib.sha256(word.encode()).hexdigest(),
                content=word.encode(),
                added_by=author,
                added_at=NOW - timedelta(days=2),
            ),
            models.AssessmentMove(
                **key, number=1, move="submit", reason="", person_id=author, made_at=NOW - timedelta(days=1)
            ),
            models.Snapshot(
                **key,
                submission=1,
                questionnaire_hash=edition["questionnaire_hash"],
                answers=json.dumps({QUESTION: answer}),
                scores="{}",
                submitted_at=NOW - timedelta(days=1),
                submitted_by=author,
            ),
            models.Invitation(
                id=place.invitations[name],
                email=f"{name}@invited.example",
                name="",
                role="lead",
                organisation_id=place.organisations[name],
                token_hash=f"{name:0>64}",
                invited_at=NOW,
                expires_at=NOW + timedelta(days=14),
            ),
        ]
    )


@pytest.fixture
def place(database: Database, questionnaires: Catalogue) -> Place:
    return make_place(database, questionnaires)


@pytest.fixture
def app(database: Database, place: Place) -> Iterator[FastAPI]:
    del place
    made = create_app(Settings(database_url=database.url.render_as_string(hide_password=False), secure_cookies=False))
    made.state.clock = lambda: NOW
    yield made
    made.state.database.close()


def open_as(app: FastAPI, place: Place, name: str) -> TestClient:
    client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    client.cookies.set(SESSION_COOKIE, signing_in.step_in(app.state.database, place.people[name], NOW, KEYS))
    return client


def list_values(place: Place) -> dict[str, list[str]]:
    """Give what each parameter of a path may be filled with."""
    ids = {
        "partnership_id": [*place.partnerships.values()],
        "assessment_id": [*place.assessments.values()],
        "organisation_id": [*place.organisations.values()],
        "file_id": [*place.files.values()],
        "invitation_id": [*place.invitations.values()],
        "person_id": [place.people["lead of the council"], place.people["lead of the charity"]],
        "round_id": [place.round],
        "meeting_id": [place.meeting],
        "action_id": [*place.actions.values()],
        "proposal_id": [place.proposal],
        "membership_id": [UNKNOWN],
        "link_id": [UNKNOWN],
        "client_id": [UNKNOWN],
        "webhook_id": [UNKNOWN],
        "delivery_id": [UNKNOWN],
        "token_id": [UNKNOWN],
        "release_id": [UNKNOWN],
        "mail_id": [UNKNOWN],
    }
    words = {
        "question_id": [QUESTION],
        "section_id": [SECTION],
        "enabler_id": [SECTION],
        "form": ["json", "csv", "pdf", "txt", "xlsx", "ods"],
        "questionnaire": ["local-partners"],
        "questionnaire_id": ["local-partners"],
        "version": ["1"],
        "number": ["1"],
        "cut_id": ["region"],
        "indicator_id": ["population"],
        "year": ["2024"],
        "area_code": ["E06000001"],
        "name": ["contact"],
        "token": ["unknown"],
        "role": ["lead"],
    }
    return {name: [str(value) for value in values] for name, values in (ids | words).items()}


def list_addresses(route: Route, values: Mapping[str, list[str]]) -> Iterator[str]:
    """Fill the braces of a path in every way there is, also with ids that do not belong together."""
    names = re.findall(r"\{(\w+)(?::\w+)?\}", route.path)
    for chosen in itertools.product(*(values[name] for name in names)):
        path = route.path
        for name, value in zip(names, chosen, strict=True):
            path = re.sub(rf"\{{{name}(:\w+)?\}}", value, path)
        yield path


COORDINATING = "/reopen"
"""Of an assessment, but without its answers: for coordinators."""
UNSUPPORTED = 415
REFUSED = {403, 404}
LEAVES = {"POST /sign-out", "POST /account/sign-out-everywhere"}
"""Routes that end the session the others need."""


@pytest.mark.parametrize("name", IDENTITIES)
def test_nobody_sees_what_is_not_theirs(app: FastAPI, place: Place, name: str) -> None:
    client = open_as(app, place, name)
    values = list_values(place)
    foreign = [canary(other) for other in FOREIGN if other not in OWN.get(name, ())]
    foreign += [told(other) for other in FOREIGN if other not in OPEN.get(name, ())]
    exchanges = {EXCHANGES[name]} if name in EXCHANGES else set()
    foreign += [quiet_word(other) for other in place.partnerships if other not in exchanges]
    foreign += [proposed_word(other) for other in place.partnerships if not exchanges]
    seen, read, plans, quiet, proposed = set(), set(), set(), set(), set()
    for route in list_routes(app):
        if route.path.startswith(("/static", "/health")) or str(route) in LEAVES:
            continue
        for path in list_addresses(route, values):
            reply = client.request(route.method, path, follow_redirects=False)
            assert reply.status_code < 500, f"{route.method} {path}"
            text = str(reply.headers)
            text += "" if BINARY.search(reply.headers.get("content-type", "")) else reply.text
            assert [word for word in foreign if word in text] == [], f"{route.method} {path}"
            shows_answers = "/assessments/" in path and not path.endswith(COORDINATING)
            if reply.status_code == 200 and shows_answers and route.method == "GET":
                assert OWN.get(name), path  # whoever has no organisation sees nothing of an assessment, not even a PDF
                own = {str(place.assessments[other]) for other in OWN[name]}
                assert path.split("/assessments/")[1].split("/")[0] in own, path
            seen |= {other for other in OWN.get(name, ()) if canary(other) in text}
            read |= {other for other in OPEN.get(name, ()) if told(other) in text}
            plans |= {other for other in place.actions if plan_word(other) in text}
            quiet |= {other for other in place.partnerships if quiet_word(other) in text}
            proposed |= {other for other in place.partnerships if proposed_word(other) in text}
    assert seen == OWN.get(name, set())
    assert read == OPEN.get(name, set())
    assert plans == ({SEES_PLAN[name]} if name in SEES_PLAN else set())
    assert quiet == exchanges
    assert proposed == (set(place.partnerships) if exchanges else set())


def list_fields(route: Route, app: FastAPI) -> dict[str, str]:
    """Fill in the form that a route reads, as its own page would: refusing it for what it holds would prove nothing."""
    (found,) = (
        context.original_route.dependant
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        and context.path == route.path
        and route.method in (context.methods or ())
    )
    names = {
        name
        for call in list_calls(found)
        if call and getattr(call, "__qualname__", "").startswith("reads")
        for name in inspect.getclosurevars(call).nonlocals.get("names", ())
    }
    return {name: FIELDS[name] for name in names if name in FIELDS}


FIELDS = {
    "choice": "developing",
    "at-a-time": "1",
    "comment": "A comment",
    "declaration": "yes",
    "email": "somebody@harrow.example",
    "evidence-kind": "",
    "evidence-link": "",
    "kind-1": "law",
    "kind-visit": "visit",
    "days": "30",
    "label": "The board",
    "mark-0": "helpful",
    "message": "A message",
    "name": "Somebody",
    "note": "A note",
    "reason": "A reason",
    "reply": "accept",
    "role": "lead",
    "submission": "1",
    "until-day": "20",
    "until-month": "11",
    "until-year": "2026",
    "until-time": "5pm",
    "version": "1",
    "words": "In words",
}
"""What a page would send, where an empty field would be refused whoever sends it."""


@pytest.mark.parametrize("name", ["nobody's", "lead of the charity", "coordinator of the coast", "central analyst"])
def test_what_strangers_send_is_refused_for_who_they_are(app: FastAPI, place: Place, name: str) -> None:
    """Complete forms, of people without a right to it, to all that is the council's: not found, and nothing changed."""
    database: Database = app.state.database
    values = {
        **list_values(place),
        "partnership_id": [str(place.partnerships["vale"])],
        "assessment_id": [str(place.assessments["council"])],
        "organisation_id": [str(place.organisations["council"])],
        "invitation_id": [str(place.invitations["council"])],
        "file_id": [str(place.files["council"])],
        "person_id": [str(place.people["lead of the council"])],
        "action_id": [str(place.actions["vale"])],
    }
    client = open_as(app, place, name)
    before = read_business_data(database)
    for route in list_routes(app):
        if route.method == "GET" or not route.signed_in or not re.search(r"\{\w+_id\}", route.path):
            continue
        sent = list_fields(route, app)
        for path in list_addresses(route, values):
            reply = client.request(route.method, path, data=sent or None, follow_redirects=False)
            if reply.status_code == UNSUPPORTED:  # a form with a file
                reply = client.post(path, data=sent, files={"file": ("a.txt", b"words")}, follow_redirects=False)
            assert reply.status_code in REFUSED, f"{route.method} {path}: {reply.status_code}"
    assert read_business_data(database) == before


def test_every_view_of_a_partnership_from_outside_it_is_recorded(app: FastAPI, place: Place) -> None:
    """Every page on a partnership that a central administrator can open, an hour apart: each leaves an entry."""
    database: Database = app.state.database
    client = open_as(app, place, "central administrator")
    vale = str(place.partnerships["vale"])
    values = {
        **list_values(place),
        "partnership_id": [vale],
        "assessment_id": [str(place.assessments["council"])],
        "organisation_id": [str(place.organisations["council"])],
        "invitation_id": [str(place.invitations["council"])],
    }
    opened = 0
    for route in list_routes(app):
        if route.method != "GET" or "{partnership_id}" not in route.path or not route.signed_in:
            continue
        for path in list_addresses(route, values):
            moment = NOW + timedelta(hours=2 * (opened + 1))
            app.state.clock = lambda moment=moment: moment
            if client.get(path, follow_redirects=False).status_code == 200:
                opened += 1
                assert count_views(database, place.partnerships["vale"]) == opened, path
    assert opened > 5


def count_views(database: Database, partnership: UUID) -> int:
    with database.reading() as session:
        entries = session.scalars(
            select(models.AuditEntry.event).where(models.AuditEntry.partnership_id == partnership)
        )
        return sum(event == "partnership-viewed" for event in entries)
