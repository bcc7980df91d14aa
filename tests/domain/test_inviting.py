"""Who may offer which role where: the table, written a second time by hand; and what an address looks like."""

from contextlib import nullcontext
from itertools import product
from uuid import UUID

import pytest

from app.domain.access import REACH, Actor, Grant, Reach, Role
from app.domain.errors import InvitationError, NotAllowedError, NotFoundError
from app.domain.inviting import (
    Offer,
    Setting,
    Within,
    can_offer,
    can_send_again,
    can_take_away,
    can_withdraw,
    check_offer,
    check_take_away,
    clean_address,
    find_address_fault,
    find_name_fault,
    find_own_name_fault,
    make_grant,
    make_offer,
)

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
TOGETHER, APART = UUID(int=3), UUID(int=4)
INVITERS = (
    Role.CONTRIBUTOR,
    Role.LEAD,
    Role.CERTIFIER,
    Role.COORDINATOR,
    Role.CENTRAL_ANALYST,
    Role.CENTRAL_ADMINISTRATOR,
    Role.API_CLIENT,
)
# Rows: what is offered, in the inviter's own place. Columns: the inviter.
TABLE = """
                       contributor lead certifier coordinator analyst administrator client
contributor            -           x    -         -           -       x             -
lead                   -           x    -         x           -       x             -
certifier              -           x    -         -           -       x             -
coordinator            -           -    -         x           -       x             -
central-analyst        -           -    -         -           -       x             -
central-administrator  -           -    -         -           -       x             -
"""


def read_table() -> dict[tuple[Role, Role], bool]:
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {
        (inviter, Role(name)): mark == "x"
        for name, *marks in rows
        for inviter, mark in zip(INVITERS, marks, strict=True)
    }


OFFERED = tuple(dict.fromkeys(offered for _, offered in read_table()))
IN_TOGETHER = Setting(frozenset({TOGETHER}), frozenset({TOGETHER}), is_led=False)
IN_APART = Setting(frozenset({APART}), frozenset({APART}), is_led=False)


def grant_of(role: Role, organisation: UUID = HERE, partnership: UUID = TOGETHER) -> Grant:
    match REACH[role]:
        case Reach.ORGANISATION:
            return Grant(role, organisation_id=organisation)
        case Reach.PARTNERSHIP:
            return Grant(role, partnership_id=partnership)
        case Reach.EVERYWHERE:
            return Grant(role)


def offer_of(grant: Grant, email: str = "new@vale.example") -> Offer:
    return Offer(email, "", grant)


def actor_with(*grants: Grant) -> Actor:
    return Actor(UUID(int=9), "Somebody", frozenset(grants))


@pytest.mark.parametrize(("inviter", "offered"), list(product(INVITERS, OFFERED)), ids=str)
def test_each_role_offers_what_the_table_says_in_its_place_and_nowhere_else(inviter: Role, offered: Role) -> None:
    actor = actor_with(grant_of(inviter))
    expected = read_table()[inviter, offered]
    assert can_offer(actor, offer_of(grant_of(offered)), IN_TOGETHER) is expected
    elsewhere = expected and inviter is Role.CENTRAL_ADMINISTRATOR
    assert can_offer(actor, offer_of(grant_of(offered, ELSEWHERE, APART)), IN_APART) is elsewhere


@pytest.mark.parametrize(("inviter", "offered"), list(product(INVITERS, OFFERED)), ids=str)
def test_asking_and_checking_agree(inviter: Role, offered: Role) -> None:
    actor = actor_with(grant_of(inviter))
    for grant, setting in ((grant_of(offered), IN_TOGETHER), (grant_of(offered, ELSEWHERE, APART), IN_APART)):
        refused = pytest.raises((NotFoundError, NotAllowedError))
        with nullcontext() if can_offer(actor, offer_of(grant), setting) else refused:
            check_offer(actor, offer_of(grant), setting)
        refused = pytest.raises((NotFoundError, NotAllowedError))
        with nullcontext() if can_take_away(actor, grant) else refused:
            check_take_away(actor, grant)


def test_nobody_offers_more_than_they_could_be_given_by_others_of_their_kind() -> None:
    """No chain of invitations leads from an organisation or a partnership to a central role, or to another place."""
    for inviter, offered in product(INVITERS, OFFERED):
        if read_table()[inviter, offered] and inviter is not Role.CENTRAL_ADMINISTRATOR:
            assert REACH[offered] is not Reach.EVERYWHERE


# What a coordinator of TOGETHER may do about a lead of an organisation: invite one, send again, withdraw what waits.
SETTINGS = """
works in        ever in         led  invited  may
together        together        no   -        invite again withdraw
together        together        no   same     invite again withdraw
together        together        no   other    -      again withdraw
together        together        yes  -        -      -     -
together        together        yes  other    -      -     -
together,apart  together,apart  no   -        invite again -
together,apart  together,apart  no   other    -      again -
together,apart  together,apart  yes  -        -      -     -
together        together,apart  no   other    -      again -
apart           together,apart  no   -        -      -     -
nowhere         nowhere         no   -        -      -     -
"""
PLACES = {"nowhere": frozenset(), "together": {TOGETHER}, "apart": {APART}, "together,apart": {TOGETHER, APART}}
ADDRESSES = {"-": frozenset(), "same": {"new@vale.example"}, "other": {"new@vale.example", "other@vale.example"}}


@pytest.mark.parametrize("row", SETTINGS.strip().splitlines()[1:])
def test_a_coordinator_chooses_a_lead_only_where_nobody_is_chosen_and_nothing_has_begun(row: str) -> None:
    now, ever, led, invited, *may = row.split()
    setting = Setting(
        frozenset(PLACES[now]), frozenset(PLACES[ever]), is_led=led == "yes", invited=frozenset(ADDRESSES[invited])
    )
    actor, grant = actor_with(grant_of(Role.COORDINATOR)), grant_of(Role.LEAD)
    assert can_offer(actor, offer_of(grant), setting) is ("invite" in may)
    assert can_send_again(actor, grant, setting) is ("again" in may)
    assert can_withdraw(actor, grant, setting) is ("withdraw" in may)


def test_coordinators_of_all_its_partnerships_withdraw_what_waits() -> None:
    both = actor_with(grant_of(Role.COORDINATOR), grant_of(Role.COORDINATOR, partnership=APART))
    setting = Setting(frozenset({TOGETHER, APART}), frozenset({TOGETHER, APART}), is_led=False)
    assert can_withdraw(both, grant_of(Role.LEAD), setting)
    assert not can_withdraw(both, grant_of(Role.CERTIFIER), setting)


@pytest.mark.parametrize("inviter", INVITERS)
def test_a_role_is_taken_away_by_those_of_its_place_alone(inviter: Role) -> None:
    actor = actor_with(grant_of(inviter))
    for taken in OFFERED:
        deed_holds = read_table()[inviter, taken] and not (inviter is Role.COORDINATOR and taken is Role.LEAD)
        assert can_take_away(actor, grant_of(taken)) is deed_holds
        if inviter is not Role.CENTRAL_ADMINISTRATOR:
            assert not can_take_away(actor, grant_of(taken, ELSEWHERE, APART))


def test_a_stranger_learns_of_nothing() -> None:
    for stranger in (actor_with(), actor_with(grant_of(Role.LEAD, ELSEWHERE)), actor_with(grant_of(Role.COORDINATOR))):
        with pytest.raises(NotFoundError, match=r"^There is no such page$"):
            check_offer(stranger, offer_of(grant_of(Role.LEAD, partnership=APART)), IN_APART)


@pytest.mark.parametrize(
    ("within", "grant", "setting", "is_there"),
    [
        (Within(), Grant(Role.CENTRAL_ANALYST), Setting(), True),
        (Within(organisation_id=HERE), Grant(Role.LEAD, HERE), IN_TOGETHER, True),
        (Within(organisation_id=HERE), Grant(Role.LEAD, ELSEWHERE), IN_TOGETHER, False),
        (Within(organisation_id=HERE), Grant(Role.COORDINATOR, None, TOGETHER), Setting(), False),
        (Within(partnership_id=TOGETHER), Grant(Role.COORDINATOR, None, TOGETHER), Setting(), True),
        (Within(partnership_id=TOGETHER), Grant(Role.COORDINATOR, None, APART), Setting(), False),
        (Within(partnership_id=TOGETHER), Grant(Role.LEAD, HERE), IN_TOGETHER, True),
        (Within(partnership_id=TOGETHER), Grant(Role.LEAD, HERE), IN_APART, False),
        (Within(partnership_id=TOGETHER), Grant(Role.CERTIFIER, HERE), IN_TOGETHER, False),
        (Within(partnership_id=TOGETHER), Grant(Role.CENTRAL_ANALYST), Setting(), False),
    ],
)
def test_a_page_of_a_place_reaches_what_is_of_it_alone(
    within: Within, grant: Grant, setting: Setting, *, is_there: bool
) -> None:
    assert within.has(grant, setting) is is_there


@pytest.mark.parametrize("role", OFFERED)
def test_a_role_holds_where_it_belongs_and_nowhere_besides(role: Role) -> None:
    assert make_grant(role, HERE, TOGETHER) == grant_of(role)
    if REACH[role] is not Reach.EVERYWHERE:
        with pytest.raises(InvitationError, match="choose one"):
            make_grant(role, None, None)


def test_clients_of_the_api_are_not_invited() -> None:
    with pytest.raises(InvitationError, match="Nobody can be invited"):
        make_grant(Role.API_CLIENT, None, None)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example",
        "first.last+tag@sub.domain.example",
        "o'neil@x-y.example",
        "=cmd@x.example",
        f"{'a' * 64}@b.example",
    ],
)
def test_addresses_that_can_be_written_to(address: str) -> None:
    assert find_address_fault(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a@b.",
        "@b.example",
        "a b@c.example",
        "a@b.example\nBcc: x@y.example",
        "a@b.example,c@d.example",
        "<a@b.example>",
        '"a"@b.example',
        "a@-b.example",
        "a@b..example",
        "a..b@c.example",
        "a@1.2.3.4",
        "ä@b.example",
        "a@\N{CYRILLIC SMALL LETTER A}.example",
        "\x00@b.example",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 250}.example",
    ],
)
def test_addresses_that_cannot(address: str) -> None:
    assert find_address_fault(address).startswith("Enter an email address")


def test_an_offer_has_one_form_however_it_was_typed() -> None:
    offer = make_offer("  Jo@Vale.Example ", "  Jo   Vale ", Role.LEAD, HERE, None)
    assert (offer.email, offer.name) == ("jo@vale.example", "Jo Vale")
    assert clean_address(" A@B.example\n") == "a@b.example"


@pytest.mark.parametrize("name", ["a" * 201, "a\x00b", "a\N{RIGHT-TO-LEFT OVERRIDE}b", "\ud800"])
def test_names_that_cannot_be_kept_are_refused(name: str) -> None:
    assert find_name_fault(name)
    with pytest.raises(InvitationError):
        make_offer("a@b.example", name, Role.LEAD, HERE, None)


@pytest.mark.parametrize(("name", "fault"), [("", "Enter your name"), ("a" * 201, "200 characters"), ("Jo Vale", "")])
def test_one_s_own_name_is_there_and_can_be_kept(name: str, fault: str) -> None:
    found = find_own_name_fault(name)
    assert fault in found
    assert bool(found) is bool(fault)


@pytest.mark.parametrize("name", ["", "Zoë O’Neil-Núñez", "<b>Bo</b>", "=1+1", "{{ 7 * 7 }}"])
def test_other_names_are_text_like_any(name: str) -> None:
    assert find_name_fault(name) == ""
