"""Rights at the moment of the deed: whatever a request waited for, what was withdrawn meanwhile holds no more."""

import ast
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import delete, func, select

import app.services
from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer
from app.domain.errors import EnablersError, NotAllowedError, SignInNeededError
from app.domain.inviting import Within
from app.services import Database, assessing, people, signing_in
from app.services.acting import acting
from app.store import audit
from app.store.models import AnswerVersion, Membership, Organisation, new_id
from tests.invitations import find_membership
from tests.people import NOW, World, make_world, start_assessment
from tests.sign_ins import KEYS, sign_in

# Functions that change something for an actor whatever has become of their rights, and why they may.
UNCHECKED = {
    "signing_in.sign_out_everywhere": "takes rights away, and gives none",
}
THREADS = 16


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


def arrive(database: Database, actor: Actor) -> tuple[Actor, str]:
    """Sign somebody in, and give them as a request that has just arrived knows them."""
    token = sign_in(database, actor.person_id)
    found = signing_in.find_actor(database, token, NOW, KEYS)
    assert found
    return found, token


def act(database: Database, actor: Actor) -> None:
    with acting(database, actor) as session:
        session.add(Organisation(name=f"Done {new_id()}", kind="other"))


def is_done(database: Database) -> bool:
    with database.reading() as session:
        return session.scalar(select(Organisation.id).where(Organisation.name.startswith("Done"))) is not None


def take_roles(database: Database, actor: Actor, _token: str) -> None:
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == actor.person_id))


def end_session(database: Database, _actor: Actor, token: str) -> None:
    signing_in.sign_out(database, token, KEYS)


def end_all(database: Database, actor: Actor, token: str) -> None:
    take_roles(database, actor, token)
    end_session(database, actor, token)


@pytest.mark.parametrize(
    ("happens", "raised"),
    [(take_roles, NotAllowedError), (end_session, SignInNeededError), (end_all, SignInNeededError)],
)
def test_what_is_withdrawn_between_arriving_and_acting_holds_no_more(
    database: Database, world: World, happens: Callable[[Database, Actor, str], None], raised: type[EnablersError]
) -> None:
    actor, token = arrive(database, world.officer)
    happens(database, actor, token)
    with pytest.raises(raised):
        act(database, actor)
    assert not is_done(database)


def test_one_role_of_several_is_enough_to_be_refused(database: Database, world: World) -> None:
    with database.writing() as session:
        session.add(Membership(person_id=world.officer.person_id, role=Role.CENTRAL_ANALYST))
    actor, _ = arrive(database, world.officer)
    people.withdraw_by_command(database, "officer@harrow.example", Role.LEAD, NOW)
    with pytest.raises(NotAllowedError):
        act(database, actor)
    assert not is_done(database)


def test_a_role_that_is_added_meanwhile_does_no_harm(database: Database, world: World) -> None:
    actor, _ = arrive(database, world.officer)
    with database.writing() as session:
        session.add(Membership(person_id=actor.person_id, role=Role.CENTRAL_ANALYST))
    act(database, actor)
    assert is_done(database)


def test_somebody_without_a_role_acts_on_their_own_account_while_signed_in(database: Database, world: World) -> None:
    take_roles(database, world.officer, "")
    actor, token = arrive(database, world.officer)
    act(database, actor)
    assert is_done(database)
    end_session(database, actor, token)
    with pytest.raises(SignInNeededError):
        act(database, actor)


def test_a_deed_that_waits_for_others_is_undone_where_the_role_went_meanwhile(
    database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    colleague, _ = arrive(database, world.colleague)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:  # holds what saving an answer waits for, on either database
            audit.lock_head(session, key.partnership_id)
            deed = pool.submit(
                assessing.answer, database, questionnaires, colleague, key, "shared-picture", Answer("early"), 0, NOW
            )
            session.execute(delete(Membership).where(Membership.person_id == colleague.person_id))
        with pytest.raises(NotAllowedError):
            deed.result()
    assert count_answers(database) == 0


def test_under_load_nothing_that_begins_after_a_withdrawal_is_done(
    database: Database, questionnaires: Catalogue, world: World
) -> None:
    """Everybody acts by rights that were read before the withdrawal, as a request that waits for its body does."""
    key = start_assessment(database, questionnaires, world)
    colleague, _ = arrive(database, world.colleague)
    questions = [each.id for each in questionnaires.get("local-partners", 1).questions]
    begun, withdrawn, over = Event(), Event(), Event()

    def answer(thread: int) -> bool:
        """Answer until it is refused, and say whether no answer that was begun afterwards was saved."""
        for version in count():
            is_after = withdrawn.is_set()
            given = Answer("early", note=f"version {version}")
            try:
                assessing.answer(database, questionnaires, colleague, key, questions[thread], given, version, NOW)
            except NotAllowedError:
                return True
            if is_after:
                return False
            begun.set()
            assert not over.is_set()
        raise AssertionError

    membership = find_membership(database, world.colleague, Role.LEAD)
    with ThreadPoolExecutor(THREADS) as pool:
        threads = [pool.submit(answer, thread) for thread in range(THREADS)]
        try:
            assert begun.wait(60)
            people.withdraw_role(database, world.officer, Within(world.council), membership, NOW)
            withdrawn.set()
        except BaseException:
            over.set()
            raise
        assert all(each.result() for each in threads)


def count_answers(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AnswerVersion)) or 0


def test_somebody_withdraws_a_role_of_their_own(database: Database, world: World) -> None:
    actor, _ = arrive(database, world.officer)
    membership = find_membership(database, world.officer, Role.LEAD)
    people.withdraw_role(database, actor, Within(world.council), membership, NOW)


def test_every_service_that_changes_something_for_an_actor_asks_again() -> None:
    """Read from the code: no function with an actor opens a unit of work that writes without asking again."""
    folder = Path(app.services.__file__).parent
    found = set()
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(folder).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and module != "acting":
                names = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
                calls = {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
                if "actor" in names and "database.writing" in calls and "check_still" not in calls:
                    found.add(f"{module}.{node.name}")
    assert found == set(UNCHECKED)


def test_an_actor_is_who_they_are_on_any_device(database: Database, world: World) -> None:
    actor, _ = arrive(database, world.officer)
    assert actor == Actor(world.officer.person_id, "Officer", frozenset({Grant(Role.LEAD, world.council)}))
    assert actor.signed_in_by not in repr(actor)
