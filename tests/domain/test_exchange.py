"""Learning from others: who is strong and who is weak, the table of steps, rights, and what is wrong with a form."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.access import Actor, Grant, Role
from app.domain.assessment import AssessmentStatus
from app.domain.errors import EnablersError, NotAllowedNowError, NotFoundError
from app.domain.exchange import (
    ACCEPTED_BY,
    ANSWER_WITHIN,
    KINDS,
    LIVE,
    MOST_AT_A_TIME,
    REST,
    STEPS,
    WAITING,
    HelpKind,
    Need,
    Proposal,
    ProposalStatus,
    Reply,
    Side,
    can_ask,
    can_offer,
    can_see_exchange,
    check_ask,
    check_exchange,
    check_offer,
    check_reply,
    check_see_exchange,
    find_basis,
    find_standing,
    find_standings,
    list_replies,
)
from app.domain.exchange_drafts import WORDS_LENGTH, HelpDraft, HelpFault, HelpValues, settle_ask, settle_offer
from app.domain.gaps import GapReport
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import NOT_APPLICABLE, Audience, Question
from app.domain.rounds import SignOff
from app.domain.together import Partner, Together
from tests.factories import make_answers, make_question, make_questionnaire, make_section

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ENABLER = "knowing-what-works"
S = ProposalStatus


# ---- Who may offer and ask -------------------------------------------------------------------------------------------


def report(*questions: Question, audience: str = Audience.LOCAL_PARTNER, **answers: int | str) -> GapReport:
    """Two organisations that answer alike."""
    questionnaire = make_questionnaire(make_section(ENABLER, *questions), audience=audience)
    return make_partnership_report(questionnaire, dict.fromkeys(("council", "trust"), make_answers(answers)))


STANDINGS: dict[str, tuple[GapReport, bool, Need | None]] = {
    "at the target": (report(make_question("a"), a=3), True, None),
    "the highest": (report(make_question("a"), a=4), True, None),
    "a little under the target": (report(make_question("a"), make_question("b"), a=3, b=2), False, Need.UNDER_TARGET),
    "a barrier": (report(make_question("a"), a=1), False, Need.BARRIER),
    "held down by a critical question, though its score is high": (
        report(make_question("a", critical=True), make_question("b", weight=9), a=0, b=4),
        False,
        Need.BARRIER,
    ),
    "over its own target, and not strong": (report(make_question("a", target=2), a=2), False, None),
    "strong, and under its own target": (report(make_question("a", target=4), a=3), True, Need.UNDER_TARGET),
    "one question over its target makes up for another here": (
        report(make_question("a"), make_question("b"), a=4, b=2),
        True,
        None,
    ),
}


@pytest.mark.parametrize("name", STANDINGS)
def test_a_report_says_who_may_offer_and_who_may_ask(name: str) -> None:
    found, is_strong, need = STANDINGS[name]
    standings = find_standings(found)
    (standing,) = standings
    assert (standing.enabler.id, standing.is_strong, standing.need) == (ENABLER, is_strong, need)
    assert can_offer(standings, ENABLER) is is_strong
    assert can_ask(standings, ENABLER) is (need is not None)


SILENT = {
    "nothing applies": report(make_question("a"), a=NOT_APPLICABLE),
    "nobody answered": report(make_question("a")),
    "it is a department's": report(make_question("a"), audience=Audience.DEPARTMENT, a=4),
}


@pytest.mark.parametrize("name", SILENT)
def test_without_a_score_of_a_place_nothing_is_offered_or_asked(name: str) -> None:
    standings = find_standings(SILENT[name])
    assert (standings, find_standing(standings, ENABLER)) == ((), None)
    for check in (check_offer, check_ask):
        with pytest.raises(NotAllowedNowError):
            check(standings, ENABLER)


def test_asking_and_checking_agree() -> None:
    for found, is_strong, need in STANDINGS.values():
        standings = find_standings(found)
        for check, may in ((check_offer, is_strong), (check_ask, need is not None)):
            if may:
                check(standings, ENABLER)
            else:
                with pytest.raises(NotAllowedNowError):
                    check(standings, ENABLER)


# ---- Rights ----------------------------------------------------------------------------------------------------------


COUNCIL, TRUST, VALE = (UUID(int=number) for number in range(11, 14))
ACTORS: Mapping[str, Actor] = {
    name: Actor(UUID(int=100), "", frozenset(grants))
    for name, grants in {
        "coordinator": [Grant(Role.COORDINATOR, partnership_id=VALE)],
        "lead": [Grant(Role.LEAD, COUNCIL)],
        "contributor": [Grant(Role.CONTRIBUTOR, COUNCIL)],
        "certifier": [Grant(Role.CERTIFIER, COUNCIL)],
        "lead who is late": [Grant(Role.LEAD, TRUST)],
        "administrator": [Grant(Role.CENTRAL_ADMINISTRATOR)],
        "analyst": [Grant(Role.CENTRAL_ANALYST)],
        "coordinator elsewhere": [Grant(Role.COORDINATOR, partnership_id=UUID(int=99))],
        "nobody": [],
    }.items()
}


def partner(organisation_id: UUID, submission: int) -> Partner:
    status = AssessmentStatus.SUBMITTED if submission else None
    return Partner(organisation_id, str(organisation_id), None, status, submission, NOW if submission else None, {})


def together(closes_at: datetime, *partners: Partner) -> Together:
    return Together(
        VALE, "Vale", UUID(int=closes_at.day), "", NOW - 90 * DAY, closes_at, SignOff.NOBODY, "", {}, partners, {}
    )


OPEN = together(NOW + DAY, partner(COUNCIL, 1), partner(TRUST, 0))
CLOSED = together(NOW - DAY, partner(COUNCIL, 1), partner(TRUST, 0))
OLDER = together(NOW - 9 * DAY, partner(COUNCIL, 1), partner(TRUST, 1))
EMPTY = together(NOW - DAY, partner(COUNCIL, 0), partner(TRUST, 0))

RIGHTS: dict[str, tuple[str | None, str | None]] = {
    "coordinator": (None, None),
    "lead": (None, "NotAllowedError"),
    "contributor": ("NotAllowedError", "NotAllowedError"),
    "certifier": ("NotAllowedError", "NotAllowedError"),
    "lead who is late": ("NotAllowedNowError", "NotAllowedNowError"),
    "administrator": ("NotFoundError", "NotFoundError"),
    "analyst": ("NotFoundError", "NotFoundError"),
    "coordinator elsewhere": ("NotFoundError", "NotFoundError"),
    "nobody": ("NotFoundError", "NotFoundError"),
}


@pytest.mark.parametrize("who", RIGHTS)
def test_coordinators_act_leads_read_and_to_others_nothing_is_there(who: str) -> None:
    rounds = (OPEN, CLOSED, OLDER)
    for check, expected in zip((check_see_exchange, check_exchange), RIGHTS[who], strict=True):
        try:
            found: str | None = None if check(ACTORS[who], rounds, NOW) is CLOSED else "another round"
        except EnablersError as error:
            found = type(error).__name__
        assert found == expected
    assert can_see_exchange(ACTORS[who], rounds, NOW) is (RIGHTS[who][0] is None)


def test_it_goes_by_the_newest_closed_round_that_anybody_submitted_in() -> None:
    assert find_basis((OPEN, CLOSED, OLDER), NOW) is CLOSED
    assert find_basis((OPEN, EMPTY, OLDER), NOW) is OLDER
    assert find_basis((OPEN,), NOW) is None
    with pytest.raises(NotAllowedNowError, match="begins when a round has closed"):
        check_see_exchange(ACTORS["coordinator"], (OPEN,), NOW)


# ---- Steps -----------------------------------------------------------------------------------------------------------


def proposal(
    status: ProposalStatus = S.PROPOSED, *, matched_at: datetime | None = None, closed_at: datetime | None = None
) -> Proposal:
    return Proposal(UUID(int=1), UUID(int=2), UUID(int=3), ENABLER, status, NOW, matched_at, closed_at)


def test_only_two_yeses_make_a_match_and_both_ways_lead_there() -> None:
    for first, second in ((Side.ASKING, Side.OFFERING), (Side.OFFERING, Side.ASKING)):
        there = check_reply(proposal(), Reply.ACCEPT, first)
        assert there is ACCEPTED_BY[first]
        assert there is not None
        assert not proposal(there).is_matched
        assert check_reply(proposal(there), Reply.ACCEPT, second) is S.MATCHED
    assert {step.end for step in STEPS if step.reply is Reply.ACCEPT and step.start is S.PROPOSED} == set(
        ACCEPTED_BY.values()
    )
    assert {step.start for step in STEPS if step.end is S.MATCHED} == set(ACCEPTED_BY.values())


def test_a_no_is_possible_at_any_time_and_final() -> None:
    for side in Side:
        for status in WAITING:
            assert Reply.DECLINE in list_replies(proposal(status), side)
        assert list_replies(proposal(S.MATCHED), side) == (Reply.END,)
        for status in set(S) - LIVE:
            assert list_replies(proposal(status), side) == ()


def test_what_is_said_twice_is_done_once_and_what_is_not_in_the_table_is_refused() -> None:
    for side in Side:
        assert check_reply(proposal(ACCEPTED_BY[side]), Reply.ACCEPT, side) is None
        assert check_reply(proposal(S.MATCHED), Reply.ACCEPT, side) is None
        assert check_reply(proposal(S.DECLINED), Reply.DECLINE, side) is None
        assert check_reply(proposal(S.ENDED), Reply.END, side) is None
        for status, reply in (
            (S.DECLINED, Reply.ACCEPT),
            (S.ENDED, Reply.ACCEPT),
            (S.MATCHED, Reply.DECLINE),
            (S.PROPOSED, Reply.END),
        ):
            with pytest.raises(NotAllowedNowError, match="is over, or has changed meanwhile"):
                check_reply(proposal(status), reply, side)


def test_the_table_says_each_thing_once() -> None:
    assert len({(step.start, step.reply, step.side) for step in STEPS}) == len(STEPS)
    assert {*WAITING, S.MATCHED} == LIVE


def test_each_side_is_itself_and_a_stranger_is_on_none() -> None:
    made = proposal()
    assert (made.side_of(UUID(int=1)), made.side_of(UUID(int=2))) == (Side.ASKING, Side.OFFERING)
    assert made.other_of(Side.ASKING) == made.offering_id
    assert made.other_of(Side.OFFERING) == made.asking_id
    assert Side.ASKING.other is Side.OFFERING
    with pytest.raises(NotFoundError):
        made.side_of(UUID(int=9))


def test_a_proposal_waits_so_long_and_no_longer() -> None:
    made = proposal()
    assert not made.waits_too_long(NOW + ANSWER_WITHIN - timedelta(seconds=1))
    assert made.waits_too_long(NOW + ANSWER_WITHIN)
    assert not proposal(S.MATCHED).waits_too_long(NOW + 2 * ANSWER_WITHIN)


RESTS = [
    (proposal(S.DECLINED, closed_at=NOW), True),
    (proposal(S.ENDED, closed_at=NOW, matched_at=NOW), True),
    (proposal(S.ENDED, closed_at=NOW), False),
    (proposal(), False),
]


@pytest.mark.parametrize(("made", "rests"), RESTS)
def test_two_who_came_to_nothing_rest_for_a_year_but_not_after_a_mere_withdrawal(made: Proposal, rests: bool) -> None:  # noqa: FBT001
    assert made.rests(NOW + REST - timedelta(seconds=1)) is rests
    assert not made.rests(NOW + REST)


# ---- Forms -----------------------------------------------------------------------------------------------------------


def draft(**changes: object) -> HelpDraft:
    fields: dict[str, object] = {"kinds": ["visit", "coaching"], "words": "How we meet", "at_a_time": "2"}
    return HelpDraft(**fields | changes)  # type: ignore[arg-type]


def test_a_whole_form_can_be_stored() -> None:
    kinds = frozenset({HelpKind.VISIT, HelpKind.COACHING})
    assert settle_offer(draft()) == HelpValues(kinds, "How we meet", 2)
    assert settle_ask(draft(at_a_time="")) == HelpValues(kinds, "How we meet")


FAULTS: list[tuple[dict[str, object], list[str]]] = [
    ({"kinds": []}, ["kinds"]),
    ({"kinds": ["visit", "money"]}, ["kinds"]),
    ({"words": " \n"}, ["words"]),
    ({"words": "x" * (WORDS_LENGTH + 1)}, ["words"]),
    ({"words": "a\x07b"}, ["words"]),
    ({"kinds": [], "words": ""}, ["kinds", "words"]),
]


@pytest.mark.parametrize(("changes", "parts"), FAULTS)
def test_everything_wrong_is_told_at_once(changes: dict[str, object], parts: list[str]) -> None:
    for settle in (settle_offer, settle_ask):
        assert parts_of(settle(draft(**changes))) == parts


@pytest.mark.parametrize("typed", ["", "0", "11", "-1", "1.5", "two", "99999999999", "٣"])
def test_an_offer_helps_one_to_ten_at_a_time(typed: str) -> None:
    assert parts_of(settle_offer(draft(at_a_time=typed))) == ["at_a_time"]
    assert isinstance(settle_ask(draft(at_a_time=typed)), HelpValues)


@pytest.mark.parametrize("typed", ["1", " 3 ", str(MOST_AT_A_TIME)])
def test_as_many_as_the_cap_are_taken(typed: str) -> None:
    found = settle_offer(draft(at_a_time=typed))
    assert isinstance(found, HelpValues)
    assert found.at_a_time == int(typed)


def parts_of(found: HelpValues | tuple[HelpFault, ...]) -> list[str]:
    assert isinstance(found, tuple)
    return [fault.part for fault in found]


def test_every_kind_of_help_has_words() -> None:
    assert set(KINDS) == set(HelpKind)
    assert all(words.name and words.what for words in KINDS.values())
