"""Invitations: once, in time, and as long as nobody has withdrawn or replaced them. On both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.errors import InvitationError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.inviting import LIFETIME, Within, make_offer
from app.services import Database, accepting, inviting, people, signing_in
from app.services.inviting import Outcome
from app.services.tokens import TokenKeys
from app.store.models import Invitation, Mail, Membership, Organisation, Person
from tests.invitations import (
    KEYS,
    Staff,
    accept,
    invite,
    list_events,
    list_grants,
    list_invitations,
    list_tokens,
    make_staff,
    offer_of,
)
from tests.people import NOW, World, make_world

SECOND = timedelta(seconds=1)
RACERS = 8


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


def race(count: int, deed: Callable[[int], object]) -> list[object]:
    """Do the same in several threads at once; errors are results."""
    barrier = Barrier(count)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return deed(number)
        except (NotFoundError, NotAllowedNowError) as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_whoever_accepts_has_the_role_is_new_here_and_signed_in(database: Database, world: World) -> None:
    assert invite(database, world.officer, offer_of(Role.CONTRIBUTOR, world, "New@Harrow.Example")) is Outcome.INVITED
    (token,) = list_tokens(database)
    session_token = accept(database, token, "  Ada   Byron ")
    actor = signing_in.find_actor(database, session_token or "", NOW, KEYS)
    assert actor
    assert (actor.name, actor.grants) == ("Ada Byron", frozenset({Grant(Role.CONTRIBUTOR, world.council)}))
    assert list_grants(database, "new@harrow.example") == [Grant(Role.CONTRIBUTOR, world.council)]


def test_the_mail_says_who_invites_to_what_and_leads_to_the_page(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.CERTIFIER, world))
    with database.reading() as session:
        mail = session.scalars(select(Mail)).one()
    assert mail.to_address == "new@harrow.example"
    assert "Officer invites you" in mail.body
    assert "Harrow Vale Council" in mail.body
    assert mail.path.startswith("/invitations/")
    assert "Autumn round is open, and closes at " in mail.body


def test_somebody_who_is_here_keeps_their_name_and_other_roles(database: Database, world: World, staff: Staff) -> None:
    email = "manager@harrow.example"
    invite(database, world.officer, offer_of(Role.CERTIFIER, world, email))
    opened = accepting.find_opened(database, list_tokens(database)[0], "", NOW, KEYS)
    assert opened
    assert not opened.asks_name
    accept(database, list_tokens(database)[0], "Somebody Else")
    assert set(list_grants(database, email)) == {Grant(Role.LEAD, world.trust), Grant(Role.CERTIFIER, world.council)}
    with database.reading() as session:
        assert session.scalar(select(Person.name).where(Person.email == email)) == "Manager"


def test_looking_takes_nothing(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,) = list_tokens(database)
    for _ in range(3):
        opened = accepting.find_opened(database, token, "", NOW, KEYS)
        assert opened
        assert opened.asks_name
    assert accept(database, token)


def test_the_token_is_nowhere_in_the_database_but_in_its_mail(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,) = list_tokens(database)
    (invitation,) = list_invitations(database)
    assert token not in invitation.token_hash
    assert invitation.token_hash in KEYS.digests(token)


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(0), True), (LIFETIME - SECOND, True), (LIFETIME, False), (LIFETIME + SECOND, False)]
)
def test_it_works_for_fourteen_days_to_the_second(
    database: Database, world: World, after: timedelta, *, works: bool
) -> None:
    assert timedelta(days=14) == LIFETIME
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,) = list_tokens(database)
    assert bool(accepting.find_opened(database, token, "", NOW + after, KEYS)) is works
    assert bool(accept(database, token, now=NOW + after)) is works
    assert bool(list_grants(database, "new@harrow.example")) is works


def test_only_one_of_many_who_race_for_a_link_gets_in(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,) = list_tokens(database)
    won = [result for result in race(RACERS, lambda _: accept(database, token)) if result]
    assert len(won) == 1
    assert list_grants(database, "new@harrow.example") == [Grant(Role.LEAD, world.council)]
    assert list_events(database).count("invitation-accepted") == 1
    assert accept(database, token) is None


def test_two_links_of_somebody_new_accepted_at_once_make_one_person(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.CONTRIBUTOR, world))
    invite(database, world.officer, offer_of(Role.CERTIFIER, world))
    tokens = list_tokens(database)
    assert all(race(2, lambda number: accept(database, tokens[number])))
    assert set(list_grants(database, "new@harrow.example")) == {
        Grant(Role.CONTRIBUTOR, world.council),
        Grant(Role.CERTIFIER, world.council),
    }


def test_sending_again_makes_a_new_link_with_a_new_end_and_kills_the_old(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (invitation,) = list_invitations(database)
    later = NOW + LIFETIME + timedelta(days=1)
    inviting.send_again(database, world.officer, Within(world.council), invitation.id, later, KEYS)
    old, new = list_tokens(database)
    assert accept(database, old, now=later) is None
    assert accepting.find_opened(database, old, "", later, KEYS) is None
    assert accept(database, new, now=later + LIFETIME - SECOND)
    assert list_events(database) == ["invited", "invitation-sent-again", "invitation-accepted"]


@pytest.mark.parametrize("typed", ["new@harrow.example", "NEW@Harrow.Example", "  new@HARROW.example "])
def test_the_same_offer_in_any_letter_case_is_sent_again(database: Database, world: World, typed: str) -> None:
    assert invite(database, world.officer, offer_of(Role.LEAD, world)) is Outcome.INVITED
    assert invite(database, world.colleague, offer_of(Role.LEAD, world, typed)) is Outcome.SENT_AGAIN
    assert len(list_invitations(database)) == 1
    old, new = list_tokens(database)
    assert accept(database, old) is None
    assert accept(database, new)
    assert invite(database, world.colleague, offer_of(Role.LEAD, world, typed)) is Outcome.HAS_ROLE
    assert len(list_tokens(database)) == 2


def test_two_who_invite_the_same_person_at_once_make_one_invitation(database: Database, world: World) -> None:
    actors = (world.officer, world.colleague)
    outcomes = race(2, lambda number: invite(database, actors[number], offer_of(Role.LEAD, world)))
    assert sorted(map(str, outcomes)) == ["invited", "sent-again"]
    assert len(list_invitations(database)) == 1


def test_another_role_or_place_is_another_invitation(database: Database, world: World) -> None:
    for role in (Role.LEAD, Role.CERTIFIER):
        assert invite(database, world.officer, offer_of(role, world)) is Outcome.INVITED
    elsewhere = make_offer("new@harrow.example", "", Role.LEAD, world.trust, None)
    assert invite(database, world.manager, elsewhere) is Outcome.INVITED
    assert len(list_invitations(database)) == 3


def test_withdrawn_it_ends_at_once(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,), (invitation,) = list_tokens(database), list_invitations(database)
    inviting.withdraw(database, world.colleague, Within(world.council), invitation.id, NOW)
    assert accepting.find_opened(database, token, "", NOW, KEYS) is None
    assert accept(database, token) is None
    for deed in (inviting.withdraw, inviting.get_waiting):
        with pytest.raises(NotFoundError):
            deed(
                database,
                world.officer,
                Within(world.council),
                invitation.id,
                *([NOW] if deed is inviting.withdraw else []),
            )
    with pytest.raises(NotFoundError):
        inviting.send_again(database, world.officer, Within(world.council), invitation.id, NOW, KEYS)


def test_withdrawn_and_accepted_at_once_it_is_either_and_never_both(database: Database, world: World) -> None:
    for number in range(5):
        email = f"new{number}@harrow.example"
        invite(database, world.officer, offer_of(Role.LEAD, world, email))
        token, invitation = list_tokens(database)[-1], list_invitations(database)[-1]

        def act(racer: int, token: str = token, invitation_id: UUID = invitation.id) -> object:
            if racer:
                return inviting.withdraw(database, world.officer, Within(world.council), invitation_id, NOW)
            return accept(database, token)

        race(2, act)
        after = list_invitations(database)[-1]
        assert (after.accepted_at is None) is not (after.withdrawn_at is None)
        assert bool(list_grants(database, email)) is (after.accepted_at is not None)


def test_a_role_withdrawn_while_another_link_to_it_is_accepted_is_not_left_behind(
    database: Database, world: World, staff: Staff
) -> None:
    """Whichever comes first: accepted before, the role goes; withdrawn before, the link does."""
    email = "contributor@harrow.example"
    with database.writing() as session:
        membership = session.scalars(
            select(Membership).where(Membership.person_id == staff.contributor.person_id)
        ).one()
        session.add(
            Invitation(
                email=email,
                name="",
                role=Role.CONTRIBUTOR,
                organisation_id=world.council,
                token_hash=KEYS.digest("token"),
                invited_at=NOW,
                expires_at=NOW + LIFETIME,
            )
        )

    def act(racer: int) -> object:
        if racer:
            return people.withdraw_role(database, world.officer, Within(world.council), membership.id, NOW)
        return accept(database, "token")

    race(2, act)
    assert list_grants(database, email) == []
    assert accept(database, "token") is None


def test_accepting_ends_whatever_else_offers_the_same(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    with database.writing() as session:
        first = session.scalars(select(Invitation)).one()
        session.add(
            Invitation(
                email=first.email,
                name="",
                role=first.role,
                organisation_id=first.organisation_id,
                token_hash=KEYS.digest("twin"),
                invited_at=NOW,
                expires_at=NOW + LIFETIME,
            )
        )
    assert accept(database, list_tokens(database)[0])
    assert accept(database, "twin") is None


def test_somebody_new_must_have_a_name_and_keeps_the_link_until_they_do(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,) = list_tokens(database)
    for name in ("  ", "a\x00b"):
        with pytest.raises(InvitationError):
            accept(database, token, name)
    assert accept(database, token, "Ada")


def test_links_end_with_the_secret_they_were_made_under(database: Database, world: World) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    (token,) = list_tokens(database)
    other = "another secret, which is long enough"
    assert accept(database, token, keys=TokenKeys([other])) is None
    assert accept(database, token, keys=TokenKeys([other, "a secret of the tests, long enough"]))


# ---- Who invites -----------------------------------------------------------------------------------------------------

ROLES = (
    Role.CONTRIBUTOR,
    Role.LEAD,
    Role.CERTIFIER,
    Role.COORDINATOR,
    Role.CENTRAL_ANALYST,
    Role.CENTRAL_ADMINISTRATOR,
)
ALLOWED = {
    "officer": {Role.CONTRIBUTOR, Role.LEAD, Role.CERTIFIER},
    "coordinator": {Role.COORDINATOR},  # the council has leads, and chooses more itself
    "administrator": set(ROLES),
}
INVITERS = ("officer", "manager", "analyst", "contributor", "certifier", "coordinator", "administrator")


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_who_invites_to_what_in_the_council_and_its_partnership(
    database: Database, world: World, staff: Staff, role: Role
) -> None:
    for name in INVITERS:
        actor: Actor = getattr(world, name, None) or getattr(staff, name)
        offer = offer_of(role, world, f"{name}.invites@harrow.example")
        if role in ALLOWED.get(name, ()):
            assert invite(database, actor, offer) is Outcome.INVITED
        else:
            with pytest.raises((NotFoundError, NotAllowedError)):
                invite(database, actor, offer)
    assert len(list_invitations(database)) == sum(role in allowed for allowed in ALLOWED.values())


def test_a_place_that_is_not_there_is_not_found(database: Database, world: World, staff: Staff) -> None:
    nowhere = UUID(int=7)
    for role, organisation, partnership in ((Role.LEAD, nowhere, None), (Role.COORDINATOR, None, nowhere)):
        with pytest.raises(NotFoundError):
            invite(database, staff.administrator, make_offer("a@b.example", "", role, organisation, partnership))


@pytest.mark.parametrize("deed", ["send_again", "withdraw", "get_waiting"])
def test_an_invitation_is_reached_from_its_own_place_alone(
    database: Database, world: World, staff: Staff, deed: str
) -> None:
    invite(database, world.officer, offer_of(Role.CERTIFIER, world))
    (invitation,) = list_invitations(database)
    rest = {"send_again": (NOW, KEYS), "withdraw": (NOW,), "get_waiting": ()}[deed]
    strangers = (
        (world.manager, Within(world.council)),
        (world.manager, Within(world.trust)),
        (staff.coordinator, Within(partnership_id=world.partnership)),
        (staff.administrator, Within(world.trust)),
        (staff.administrator, Within(partnership_id=world.partnership)),
        (world.analyst, Within()),
        (world.officer, Within()),
        (staff.contributor, Within(world.council)),
    )
    for actor, within in strangers:
        with pytest.raises((NotFoundError, NotAllowedError)):
            getattr(inviting, deed)(database, actor, within, invitation.id, *rest)
    getattr(inviting, deed)(database, staff.administrator, Within(), invitation.id, *rest)


def test_a_coordinator_looks_after_the_leads_they_may_invite(database: Database, world: World, staff: Staff) -> None:
    within = Within(partnership_id=world.partnership)
    with pytest.raises(NotAllowedError, match="Somebody leads"):
        invite(database, staff.coordinator, offer_of(Role.LEAD, world), within=within)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.role == Role.LEAD.value))
    invite(database, staff.coordinator, offer_of(Role.LEAD, world), within=within)
    (invitation,) = list_invitations(database)
    with pytest.raises(NotAllowedError, match="is invited to"):
        invite(database, staff.coordinator, offer_of(Role.LEAD, world, "coordinator@harrow.example"), within=within)
    inviting.send_again(database, staff.coordinator, within, invitation.id, NOW, KEYS)
    inviting.withdraw(database, staff.coordinator, within, invitation.id, NOW)
    assert list_events(database, world.partnership) == ["invited", "invitation-sent-again", "invitation-withdrawn"]


def test_a_coordinator_cannot_invite_from_the_page_of_another_partnership(
    database: Database, world: World, staff: Staff
) -> None:
    with database.writing() as session:
        other = Organisation(name="Elsewhere Council", kind="council")
        session.add(other)
        session.flush()
        elsewhere = other.id
    for organisation in (elsewhere, UUID(int=8)):
        with pytest.raises(NotFoundError):
            invite(
                database,
                staff.coordinator,
                make_offer("a@b.example", "", Role.LEAD, organisation, None),
                within=Within(partnership_id=world.partnership),
            )


# ---- Somebody who asks to sign in before they have accepted ----------------------------------------------------------


def test_who_asks_to_sign_in_and_is_invited_gets_a_new_link_that_ends_when_the_old_one_did(
    database: Database, world: World
) -> None:
    invite(database, world.officer, offer_of(Role.LEAD, world))
    later = NOW + timedelta(days=10)
    with database.writing() as session:
        letter = inviting.send_again_for(session, "new@harrow.example", later, KEYS)
    assert letter
    token = letter.path.removeprefix("/invitations/")
    assert accept(database, list_tokens(database)[0], now=later) is None
    assert accept(database, token, now=NOW + LIFETIME) is None
    assert accept(database, token, now=NOW + LIFETIME - SECOND)


@pytest.mark.parametrize("email", ["nobody@harrow.example", "officer@harrow.example", "late@harrow.example"])
def test_others_who_ask_to_sign_in_get_no_invitation(database: Database, world: World, email: str) -> None:
    invite(database, world.manager, make_offer("officer@harrow.example", "", Role.CERTIFIER, world.trust, None))
    invite(database, world.officer, offer_of(Role.LEAD, world, "late@harrow.example"), NOW - LIFETIME)
    with database.writing() as session:
        assert inviting.send_again_for(session, email, NOW, KEYS) is None
