"""Who may do what: the table, written a second time by hand, and what follows from it."""

from itertools import product
from uuid import UUID

import pytest

from app.domain.access import HIDDEN_FROM, MAY, ONLY, REACH, Actor, Deed, Grant, Reach, Role, can, check
from app.domain.access import can_answer as may_answer
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.inviting import ROLE_NAMES

COLUMNS = (
    Role.CONTRIBUTOR,
    Role.LEAD,
    Role.CERTIFIER,
    Role.COORDINATOR,
    Role.CENTRAL_ANALYST,
    Role.CENTRAL_ADMINISTRATOR,
    Role.API_CLIENT,
)
TABLE = """
                    contributor lead certifier coordinator analyst administrator client
see-assessment      x           x    x         -           -       -             -
answer-given        x           x    -         -           -       -             -
answer              -           x    -         -           -       -             -
delegate            -           x    -         -           -       -             -
submit              -           x    -         -           -       -             -
sign-off            -           -    x         -           -       -             -
manage-colleagues   -           x    -         -           -       x             -
follow-partnership  -           -    -         x           -       x             -
manage-partnership  -           -    -         x           -       x             -
reopen              -           -    -         x           -       x             -
see-together        x           x    x         x           -       -             -
agree               -           -    -         x           -       -             -
plan                -           x    -         x           -       -             -
share-report        -           -    -         x           -       -             -
see-exchange        -           x    -         x           -       -             -
exchange            -           -    -         x           -       -             -
follow-rounds       -           -    -         -           x       x             -
remind-round        -           -    -         -           -       x             -
read-releases       -           -    -         -           x       x             -
release             -           -    -         -           -       x             -
set-up              -           -    -         -           -       x             -
read-audit          -           -    -         -           -       x             -
"""
HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
TOGETHER, APART = UUID(int=3), UUID(int=4)


def read_table() -> dict[tuple[Role, Deed], bool]:
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {(role, Deed(name)): mark == "x" for name, *marks in rows for role, mark in zip(COLUMNS, marks, strict=True)}


def grant_of(role: Role, organisation: UUID = HERE, partnership: UUID = TOGETHER) -> Grant:
    match REACH[role]:
        case Reach.ORGANISATION:
            return Grant(role, organisation_id=organisation)
        case Reach.PARTNERSHIP:
            return Grant(role, partnership_id=partnership)
        case Reach.EVERYWHERE:
            return Grant(role)


def actor_with(*grants: Grant) -> Actor:
    return Actor(UUID(int=9), "Somebody", frozenset(grants))


def test_the_table_here_has_every_role_and_deed() -> None:
    assert set(read_table()) == set(product(Role, Deed))


@pytest.mark.parametrize(("role", "deed"), list(product(Role, Deed)), ids=str)
def test_each_role_may_do_what_the_table_says_where_it_holds_and_nowhere_else(role: Role, deed: Deed) -> None:
    expected = read_table()[role, deed]
    actor = actor_with(grant_of(role))
    assert can(actor, deed, organisation_id=HERE, partnership_id=TOGETHER) is expected
    elsewhere = expected and REACH[role] is Reach.EVERYWHERE
    assert can(actor, deed, organisation_id=ELSEWHERE, partnership_id=APART) is elsewhere


@pytest.mark.parametrize(("role", "deed"), list(product(Role, Deed)), ids=str)
def test_asking_and_checking_agree(role: Role, deed: Deed) -> None:
    actor = actor_with(grant_of(role))
    for organisation, partnership in product((HERE, ELSEWHERE), (TOGETHER, APART)):
        place = {"organisation_id": organisation, "partnership_id": partnership}
        if can(actor, deed, **place):
            check(actor, deed, **place)
        else:
            with pytest.raises((NotFoundError, NotAllowedError)):
                check(actor, deed, **place)


@pytest.mark.parametrize("deed", HIDDEN_FROM, ids=str)
def test_a_stranger_learns_of_nothing(deed: Deed) -> None:
    for actor in (actor_with(), actor_with(grant_of(Role.LEAD, ELSEWHERE)), actor_with(grant_of(Role.CENTRAL_ANALYST))):
        with pytest.raises(NotFoundError, match=r"^There is no such page$"):
            check(actor, deed, organisation_id=HERE, partnership_id=TOGETHER)


def test_whoever_knows_of_a_place_is_told_who_may() -> None:
    for deed in set(Deed) - set(HIDDEN_FROM.values()):
        allowed = {role for role in Role if read_table()[role, deed]}
        knowing = {role for role in Role if deed not in HIDDEN_FROM or read_table()[role, HIDDEN_FROM[deed]]}
        for role in knowing - allowed:
            with pytest.raises(NotAllowedError, match=f"^{ONLY[deed]}$"):
                check(actor_with(grant_of(role)), deed, organisation_id=HERE, partnership_id=TOGETHER)


def test_who_is_said_to_be_the_only_ones_are_all_who_may() -> None:
    for deed, words in ONLY.items():
        said = words.replace("central teams", "central analyst, central administrator")
        assert {role for role in Role if ROLE_NAMES[role] in said} == {role for role in Role if deed in MAY[role]}


def test_roles_add_up_over_several_organisations() -> None:
    actor = actor_with(Grant(Role.CERTIFIER, HERE), Grant(Role.LEAD, ELSEWHERE), Grant(Role.COORDINATOR, None, APART))
    assert can(actor, Deed.SIGN_OFF, organisation_id=HERE)
    assert not can(actor, Deed.SUBMIT, organisation_id=HERE)
    assert can(actor, Deed.SUBMIT, organisation_id=ELSEWHERE)
    assert not can(actor, Deed.SIGN_OFF, organisation_id=ELSEWHERE)
    assert actor.list_organisations(Deed.SEE_ASSESSMENT) == {HERE, ELSEWHERE}
    assert actor.list_partnerships(Deed.REOPEN) == {APART}


def test_a_contributor_answers_what_was_given_to_them_alone() -> None:
    actor = actor_with(Grant(Role.CONTRIBUTOR, HERE))
    assert may_answer(actor, HERE, actor.person_id)
    assert not may_answer(actor, HERE, None)
    assert not may_answer(actor, HERE, UUID(int=10))
    assert not may_answer(actor, ELSEWHERE, actor.person_id)
    lead = actor_with(Grant(Role.LEAD, HERE))
    assert all(may_answer(lead, HERE, given) for given in (None, actor.person_id, lead.person_id))
