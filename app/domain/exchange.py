"""Learning from other partnerships: who may offer help and who may ask, what is offered, and saying yes on both sides.

Strong and weak are told by the report of the newest round that has closed, as agreed where a level was agreed:

- *strong*, so that help may be offered: the band is no barrier, and the score at least the framework's default target;
- *weak*, so that help may be asked for: the band is a barrier, or the score is under the enabler's own target, which is
  the mean of the targets of its scored questions by their weights.

Rules come in pairs: `check_…` raises a sentence for a person, `can_…` asks the same for a page. Who goes with whom is
in `matching`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

from app.domain.access import ONLY, Actor, Deed, can
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.gaps import GapReport
from app.domain.questionnaire import Audience, Enabler
from app.domain.together import Together, can_know, can_see, check_see, list_own

MOST_AT_A_TIME: Final = 10
"""The most others that an offer can help at a time."""
ANSWER_WITHIN: Final = timedelta(days=60)
"""A proposal that has not had two yeses by then counts as declined, and makes room for others."""
REST: Final = timedelta(days=365)
"""How long two partnerships are not proposed to one another again about an enabler, once that has come to nothing."""


class HelpKind(StrEnum):
    """A way to learn from others."""

    VISIT = "visit"
    SHADOWING = "shadowing"
    SECONDMENT = "secondment"
    COACHING = "coaching"


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of help in words."""

    name: str
    what: str


KINDS: Final[Mapping[HelpKind, KindWords]] = {
    HelpKind.VISIT: KindWords("Visit", "See for a day how it is done, where it is done"),
    HelpKind.SHADOWING: KindWords("Shadowing", "Go along with somebody at their work, for some days"),
    HelpKind.SECONDMENT: KindWords("Secondment", "Somebody works in the other place, for some months"),
    HelpKind.COACHING: KindWords("Coaching", "Regular talks with somebody who has done it"),
}
"""In the order in which they are offered: from little to much."""


class Need(StrEnum):
    """How much an enabler needs help. It orders the asks, and is shown to nobody."""

    BARRIER = "barrier"
    UNDER_TARGET = "under-target"


# ---- Who may offer and ask -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What a report says of one enabler to whoever wants to give help or get it: never a score."""

    enabler: Enabler
    is_strong: bool
    need: Need | None
    """`None` where it is not weak."""


def find_standings(report: GapReport) -> tuple[Standing, ...]:
    """Say of each enabler that has a score where it stands, in the framework's order.

    Of partnerships of places alone: departments have no place to visit, and other questions.
    """
    questionnaire = report.questionnaire
    if questionnaire.audience is not Audience.LOCAL_PARTNER:
        return ()
    rules = questionnaire.framework.rules
    missing = dict.fromkeys(questionnaire.framework.enabler_ids, Fraction(0))
    for gap in (*report.gaps, *report.met):
        missing[questionnaire.section_of[gap.question.id].enabler] -= gap.question.weight * gap.difference
    return tuple(
        Standing(
            enabler=each.enabler,
            is_strong=not each.barrier and each.score >= rules.default_target,
            need=Need.BARRIER if each.barrier else Need.UNDER_TARGET if missing[each.enabler.id] > 0 else None,
        )
        for each in report.scores.enablers
        if each.score is not None
    )


def find_standing(standings: Sequence[Standing], enabler_id: str) -> Standing | None:
    """Find where one enabler stands; `None` where it has no score."""
    return next((each for each in standings if each.enabler.id == enabler_id), None)


def can_offer(standings: Sequence[Standing], enabler_id: str) -> bool:
    """Say whether help with an enabler may be offered."""
    found = find_standing(standings, enabler_id)
    return found is not None and found.is_strong


def check_offer(standings: Sequence[Standing], enabler_id: str) -> None:
    """Raise `NotAllowedNowError` unless the report calls the enabler strong."""
    if not can_offer(standings, enabler_id):
        raise NotAllowedNowError("Help can be offered where the newest report of a closed round is strong, not here")


def can_ask(standings: Sequence[Standing], enabler_id: str) -> bool:
    """Say whether help with an enabler may be asked for."""
    return find_need(standings, enabler_id) is not None


def find_need(standings: Sequence[Standing], enabler_id: str) -> Need | None:
    """Find how much an enabler needs help; `None` where it does not, or has no score."""
    found = find_standing(standings, enabler_id)
    return found.need if found else None


def check_ask(standings: Sequence[Standing], enabler_id: str) -> Need:
    """Give the need; raises `NotAllowedNowError` unless the report calls the enabler weak."""
    need = find_need(standings, enabler_id)
    if need is None:
        raise NotAllowedNowError("Help can be asked for where the newest report of a closed round is weak, not here")
    return need


# ---- Rights ----------------------------------------------------------------------------------------------------------


def find_basis(rounds: Sequence[Together], now: datetime) -> Together | None:
    """Find the newest round that has closed and that anybody submitted in; rounds come with the newest first."""
    return next((each for each in rounds if each.closes_at <= now and each.submitted), None)


def check_see_exchange(actor: Actor, rounds: Sequence[Together], now: datetime) -> Together:
    """Give the round that help goes by, to coordinators, and to leads of an organisation that sees its report.

    Raises `NotFoundError` for whoever does not belong to the partnership, `NotAllowedError` for its other people, and
    `NotAllowedNowError` before there is such a round, or while its report is not open to them.
    """
    if not any(can_know(actor, each) for each in rounds):
        raise NotFoundError("There is no such page")
    if not any(_has_part(actor, each, Deed.SEE_EXCHANGE) for each in rounds):
        raise NotAllowedError(ONLY[Deed.SEE_EXCHANGE])
    found = find_basis(rounds, now)
    if found is None:
        raise NotAllowedNowError("Learning from others begins when a round has closed: its report says who is strong")
    check_see(actor, found, now)
    if not can_see_exchange(actor, rounds, now):
        raise NotAllowedError(ONLY[Deed.SEE_EXCHANGE])
    return found


def can_see_exchange(actor: Actor, rounds: Sequence[Together], now: datetime) -> bool:
    """Say whether the actor sees what a partnership exchanges."""
    found = find_basis(rounds, now)
    return found is not None and can_see(actor, found, now) and _has_part(actor, found, Deed.SEE_EXCHANGE)


def can_exchange(actor: Actor, partnership_id: UUID) -> bool:
    """Say whether the actor may offer, ask and answer for a partnership: its coordinators."""
    return can(actor, Deed.EXCHANGE, partnership_id=partnership_id)


def check_exchange(actor: Actor, rounds: Sequence[Together], now: datetime) -> Together:
    """Give the round that help goes by; raises what `check_see_exchange` does, `NotAllowedError` for mere readers."""
    found = check_see_exchange(actor, rounds, now)
    if not can_exchange(actor, found.partnership_id):
        raise NotAllowedError(ONLY[Deed.EXCHANGE])
    return found


def _has_part(actor: Actor, together: Together, deed: Deed) -> bool:
    return can(actor, deed, partnership_id=together.partnership_id) or bool(list_own(actor, together, deed))


# ---- Offers and asks -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HelpOffer:
    """What one partnership offers to others about one enabler."""

    partnership_id: UUID
    enabler_id: str
    round_id: UUID
    """The closed round whose report calls it strong."""
    questionnaire_hash: str
    kinds: frozenset[HelpKind]
    at_a_time: int
    """How many others it can help at a time."""
    words: str
    """What it can show."""
    version: int
    offered_at: datetime
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it stands."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class HelpAsk:
    """What one partnership wants to learn from others about one enabler."""

    partnership_id: UUID
    enabler_id: str
    round_id: UUID
    """The closed round whose report calls it weak."""
    questionnaire_hash: str
    kinds: frozenset[HelpKind]
    words: str
    """What it wants to learn."""
    need: Need
    version: int
    asked_at: datetime
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it stands."""
        return self.ended_at is None


# ---- Proposals: yes on both sides ------------------------------------------------------------------------------------


class Side(StrEnum):
    """The two partnerships of a proposal."""

    ASKING = "asking"
    OFFERING = "offering"

    @property
    def other(self) -> "Side":
        """The other one."""
        return Side.OFFERING if self is Side.ASKING else Side.ASKING


class ProposalStatus(StrEnum):
    """How far a proposal has come."""

    PROPOSED = "proposed"
    ACCEPTED_BY_ASKING = "accepted-by-asking"
    ACCEPTED_BY_OFFERING = "accepted-by-offering"
    MATCHED = "matched"
    DECLINED = "declined"
    ENDED = "ended"


ACCEPTED_BY: Final[Mapping[Side, ProposalStatus]] = {
    Side.ASKING: ProposalStatus.ACCEPTED_BY_ASKING,
    Side.OFFERING: ProposalStatus.ACCEPTED_BY_OFFERING,
}
WAITING: Final = frozenset({ProposalStatus.PROPOSED, *ACCEPTED_BY.values()})
"""At least one yes is missing: neither learns who the other is."""
LIVE: Final = WAITING | {ProposalStatus.MATCHED}
"""Takes up room at the offer and at the ask."""


class Reply(StrEnum):
    """What a side can say."""

    ACCEPT = "accept"
    DECLINE = "decline"
    """Also after one's own yes, as long as the other has not said it."""
    END = "end"


@dataclass(frozen=True, slots=True)
class Step:
    """One way from a status to the next, by what one side says."""

    start: ProposalStatus
    reply: Reply
    side: Side
    end: ProposalStatus


def _list_steps() -> Iterator[Step]:
    for side in Side:
        own, others = ACCEPTED_BY[side], ACCEPTED_BY[side.other]
        yield Step(ProposalStatus.PROPOSED, Reply.ACCEPT, side, own)
        yield Step(others, Reply.ACCEPT, side, ProposalStatus.MATCHED)
        for start in (ProposalStatus.PROPOSED, own, others):
            yield Step(start, Reply.DECLINE, side, ProposalStatus.DECLINED)
        yield Step(ProposalStatus.MATCHED, Reply.END, side, ProposalStatus.ENDED)


STEPS: Final = tuple(_list_steps())
"""The table: every step there is. Withdrawing an offer or an ask ends whatever is live of it besides."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An ask and an offer about the same enabler. Who the other is, neither side is told before both agree."""

    asking_id: UUID
    offering_id: UUID
    id: UUID
    enabler_id: str
    status: ProposalStatus
    proposed_at: datetime
    matched_at: datetime | None = None
    closed_at: datetime | None = None

    def side_of(self, partnership_id: UUID) -> Side:
        """Give the side that a partnership is on; raises `NotFoundError` where it is on none."""
        if partnership_id == self.asking_id:
            return Side.ASKING
        if partnership_id == self.offering_id:
            return Side.OFFERING
        raise NotFoundError("There is no such page")

    def other_of(self, side: Side) -> UUID:
        """Give the partnership on the other side."""
        return self.offering_id if side is Side.ASKING else self.asking_id

    @property
    def is_live(self) -> bool:
        """Whether anything can still be said to it."""
        return self.status in LIVE

    @property
    def is_matched(self) -> bool:
        """Whether both said yes, so that each is told who the other is: while that holds, and no longer."""
        return self.status is ProposalStatus.MATCHED

    def is_answered_by(self, side: Side) -> bool:
        """Say whether a side has said yes."""
        return self.status in {ACCEPTED_BY[side], ProposalStatus.MATCHED}

    def waits_too_long(self, now: datetime) -> bool:
        """Say whether it has waited for two yeses as long as it may."""
        return self.status in WAITING and now >= self.proposed_at + ANSWER_WITHIN

    def rests(self, now: datetime) -> bool:
        """Say whether the two are not to be proposed to one another again yet: it was declined, or matched before.

        One that ended because an offer or an ask was withdrawn, with neither knowing of the other, can come again.
        """
        came_to_nothing = self.status is ProposalStatus.DECLINED or self.matched_at is not None
        return came_to_nothing and self.closed_at is not None and now < self.closed_at + REST


def list_replies(proposal: Proposal, side: Side) -> tuple[Reply, ...]:
    """List what a side can say now, in the order of the table."""
    return tuple(step.reply for step in STEPS if step.start is proposal.status and step.side is side)


def check_reply(proposal: Proposal, reply: Reply, side: Side) -> ProposalStatus | None:
    """Give the status that a reply leads to, `None` where it was given before; raises `NotAllowedNowError`.

    The sentence is the same whoever declined or withdrew: a no is nobody's business.
    """
    for step in STEPS:
        if (step.start, step.reply, step.side) == (proposal.status, reply, side):
            return step.end
    given = {
        Reply.ACCEPT: proposal.is_answered_by(side),
        Reply.DECLINE: proposal.status is ProposalStatus.DECLINED,
        Reply.END: proposal.status is ProposalStatus.ENDED,
    }
    if given[reply]:
        return None
    raise NotAllowedNowError("This proposal is over, or has changed meanwhile. Open the page again")


def draw_steps() -> str:
    """Draw the table of steps as a Mermaid diagram, for the documents."""
    return "\n".join(("stateDiagram-v2", *(f"    {line}" for line in _draw_lines())))


def _draw_lines() -> Iterator[str]:
    yield f"[*] --> {ProposalStatus.PROPOSED}"
    for step in STEPS:
        yield f"{step.start.replace('-', '_')} --> {step.end.replace('-', '_')}: {step.side}, {step.reply}"
