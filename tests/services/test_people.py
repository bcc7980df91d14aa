"""People and their roles: who sees whom, and what happens when a role is withdrawn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.errors import InvitationError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.inviting import Within
from app.services import Database, people, privacy, signing_in
from app.services.outside import Outside
from tests.invitations import (
    Staff,
    add_person,
    find_membership,
    invite,
    list_events,
    list_grants,
    list_invitations,
    make_staff,
    offer_of,
)
from tests.people import NOW, World, make_world
from tests.sign_ins import KEYS, sign_in


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


def test_a_withdrawn_role_ends_at_the_next_request(database: Database, world: World) -> None:
    token = sign_in(database, world.colleague.person_id)
    membership = find_membership(database, world.colleague, Role.LEAD)
    people.withdraw_role(database, world.officer, Within(world.council), membership, NOW)
    actor = signing_in.find_actor(database, token, NOW, KEYS)
    assert actor
    assert actor.grants == frozenset()
    assert list_events(database) == ["role-withdrawn"]


def test_a_role_is_withdrawn_with_the_invitations_to_it(database: Database, world: World, staff: Staff) -> None:
    invite(database, world.officer, offer_of(Role.CERTIFIER, world, "contributor@harrow.example"))
    membership = find_membership(database, staff.contributor, Role.CONTRIBUTOR)
    people.withdraw_role(database, world.officer, Within(world.council), membership, NOW)
    (other,) = list_invitations(database)
    assert other.withdrawn_at is None  # it is to another role
    people.withdraw_by_command(database, "contributor@harrow.example", None, NOW)
    (other,) = list_invitations(database)
    assert other.withdrawn_at == NOW


@pytest.mark.parametrize("who", ["manager", "analyst", "contributor", "certifier", "coordinator"])
def test_others_cannot_withdraw_a_role_of_the_council(database: Database, world: World, staff: Staff, who: str) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    membership = find_membership(database, world.colleague, Role.LEAD)
    for within in (Within(world.council), Within(world.trust), Within(partnership_id=world.partnership), Within()):
        for deed in (people.get_role, people.withdraw_role):
            with pytest.raises((NotFoundError, NotAllowedError)):
                deed(database, actor, within, membership, *([NOW] if deed is people.withdraw_role else []))
    assert list_grants(database, "colleague@harrow.example")


def test_a_role_is_reached_from_its_own_place_alone(database: Database, world: World, staff: Staff) -> None:
    membership = find_membership(database, world.colleague, Role.LEAD)
    for within in (Within(world.trust), Within(partnership_id=world.partnership)):
        with pytest.raises(NotFoundError, match="has been withdrawn"):
            people.get_role(database, staff.administrator, within, membership)
    assert people.get_role(database, staff.administrator, Within(), membership).name == "Colleague"


def test_the_last_central_administrator_stays(database: Database, world: World, staff: Staff) -> None:
    boss = staff.administrator
    membership = find_membership(database, boss, Role.CENTRAL_ADMINISTRATOR)
    with pytest.raises(NotAllowedNowError, match="last central administrator"):
        people.withdraw_role(database, boss, Within(), membership, NOW)
    with pytest.raises(NotAllowedNowError, match="last central administrator"):
        people.withdraw_by_command(database, "administrator@harrow.example", None, NOW)
    add_person(database, "Deputy", Grant(Role.CENTRAL_ADMINISTRATOR))
    people.withdraw_role(database, boss, Within(), membership, NOW)
    assert list_grants(database, "administrator@harrow.example") == []


def test_two_administrators_who_withdraw_one_another_at_once_leave_one(
    database: Database, world: World, staff: Staff
) -> None:
    deputy = add_person(database, "Deputy", Grant(Role.CENTRAL_ADMINISTRATOR))
    pairs = [
        (staff.administrator, find_membership(database, deputy, Role.CENTRAL_ADMINISTRATOR)),
        (deputy, find_membership(database, staff.administrator, Role.CENTRAL_ADMINISTRATOR)),
    ]

    def withdraw(pair: tuple[Actor, UUID]) -> bool:
        try:
            people.withdraw_role(database, pair[0], Within(), pair[1], NOW)
        except NotAllowedNowError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(withdraw, pairs)) == [False, True]


def test_an_administrator_is_erased_and_another_s_role_withdrawn_at_once_and_one_stays(
    database: Database, world: World, staff: Staff, tmp_path: Path
) -> None:
    outside = Outside.of(tmp_path, database)
    deputy = add_person(database, "Deputy", Grant(Role.CENTRAL_ADMINISTRATOR))
    membership = find_membership(database, staff.administrator, Role.CENTRAL_ADMINISTRATOR)

    def attempt(deed: Callable[[], object]) -> bool:
        try:
            deed()
        except NotAllowedNowError:
            return False
        return True

    deeds: list[Callable[[], object]] = [
        lambda: privacy.erase(database, outside, "deputy@harrow.example", NOW),
        lambda: people.withdraw_role(database, deputy, Within(), membership, NOW),
    ]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, deeds)) == [False, True]
    del world


def test_colleagues_are_seen_by_leads_and_administrators_alone(database: Database, world: World, staff: Staff) -> None:
    for actor in (world.officer, staff.administrator):
        found = people.list_colleagues(database, actor, world.council)
        assert [member.name for member in found.members] == ["Certifier", "Colleague", "Contributor", "Officer"]
    for actor in (world.manager, world.analyst, staff.contributor, staff.certifier, staff.coordinator):
        with pytest.raises((NotFoundError, NotAllowedError)):
            people.list_colleagues(database, actor, world.council)


def test_coordinators_are_seen_by_coordinators_and_administrators_alone(
    database: Database, world: World, staff: Staff
) -> None:
    for actor in (staff.coordinator, staff.administrator):
        found = people.list_coordinators(database, actor, world.partnership)
        assert [member.name for member in found.members] == ["Coordinator"]
    for actor in (world.officer, world.analyst, staff.contributor):
        with pytest.raises(NotFoundError):
            people.list_coordinators(database, actor, world.partnership)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("offi", ["Officer"]),
        ("OFFICER@HARROW", ["Officer"]),
        ("trust", ["Manager"]),
        ("upper harrow", ["Coordinator"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
    ],
)
def test_everybody_is_found_by_name_address_or_place(
    database: Database, world: World, staff: Staff, words: str, names: list[str]
) -> None:
    found, total = people.search(database, staff.administrator, words, 1)
    assert [member.name for member in found] == names
    assert total == len(names)


def test_long_lists_come_a_page_at_a_time(database: Database, world: World, staff: Staff) -> None:
    for number in range(people.PAGE):
        add_person(database, f"Person {number:02}", Grant(Role.CONTRIBUTOR, world.trust))
        invite(database, world.officer, offer_of(Role.LEAD, world, f"a{number:02}@b.example"))
    first, total = people.search(database, staff.administrator, "", 1)
    second, again = people.search(database, staff.administrator, "", 2)
    assert len(first) == people.PAGE
    assert total == again == len(first) + len(second)
    assert not {member.id for member in first} & {member.id for member in second}
    waiting, total = people.search_invitations(database, staff.administrator, "", 1)
    assert len(waiting) == total == people.PAGE
    assert [each.email for each in people.search_invitations(database, staff.administrator, "a07", 1)[0]] == [
        "a07@b.example"
    ]


@pytest.mark.parametrize("who", ["officer", "analyst", "coordinator"])
def test_only_administrators_see_everybody(database: Database, world: World, staff: Staff, who: str) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    for deed in (people.search, people.search_invitations):
        with pytest.raises(NotAllowedError):
            deed(database, actor, "", 1)
    with pytest.raises(NotAllowedError):
        people.list_places(database, actor)


def test_by_command_all_roles_go_or_one(database: Database, world: World, staff: Staff) -> None:
    both = add_person(database, "Both", Grant(Role.LEAD, world.council), Grant(Role.CERTIFIER, world.trust))
    del both
    assert [
        each.grant.role for each in people.withdraw_by_command(database, "Both@Harrow.example", Role.LEAD, NOW)
    ] == [Role.LEAD]
    assert list_grants(database, "both@harrow.example") == [Grant(Role.CERTIFIER, world.trust)]
    people.withdraw_by_command(database, "both@harrow.example", None, NOW)
    with pytest.raises(NotFoundError, match="Nobody with the address"):
        people.withdraw_by_command(database, "both@harrow.example", None, NOW)


def test_a_place_is_found_by_its_name_in_any_letter_case(database: Database, world: World) -> None:
    assert people.find_place(database, "harrow vale  COUNCIL", "") == (world.council, None)
    assert people.find_place(database, "", "Upper Harrow Vale") == (None, world.partnership)
    with pytest.raises(InvitationError, match="the nearest is “Harrow Vale Council”"):
        people.find_place(database, "Harrow Vale Councill", "")
