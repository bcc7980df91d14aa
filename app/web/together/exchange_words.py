"""Learning from others in the words of its pages."""

from collections.abc import Collection
from typing import Final

from app.domain.areas import kind_words
from app.domain.exchange import KINDS, HelpAsk, HelpKind, HelpOffer, Reply, Side
from app.domain.footprints import SIZES
from app.domain.learning_marks import ShownCount
from app.domain.matching import Place
from app.domain.times import day_words
from app.domain.uk_time import today
from app.renderings.words import count, join, one_line
from app.services.exchange import SeenProposal
from app.web.pages import Choice, Tag

NOT_KNOWN: Final = "Not known, or mixed"
HELP_WITH: Final = {
    Side.ASKING: "Somebody to learn from: {enabler}",
    Side.OFFERING: "Somebody who wants to learn: {enabler}",
}
"""What a proposal is called, by one's own side."""
YOUR_TURN: Final = Tag(text="Yes or no?", colour="yellow")
WAITS: Final = Tag(text="Waiting for them", colour="grey")
MATCHED: Final = Tag(text="Both said yes", colour="green")
WORDS_TITLES: Final = {Side.ASKING: "What they can show", Side.OFFERING: "What they want to learn"}
TELLS: Final = {
    Side.OFFERING: "Offering tells a matched partner that you are strong here. It tells nothing else of your report: "
    "no score, and no other enabler.",
    Side.ASKING: "Asking tells a matched partner that you want to get better here. It tells nothing else of your "
    "report: no score, and no other enabler.",
}
WHO_READS: Final = (
    "A partnership that fits reads this before it knows who you are, so do not name your place, or anybody in it. It "
    "also sees your kind of area, size and region: where few places are like yours, it may guess."
)
CONSEQUENCE: Final = (
    "Once both have said yes, they are told the name of your partnership, and your name and email address or those of "
    "whoever coordinates it after you; and you are told theirs. Nobody sees the other’s scores. You can end it at any "
    "time."
)
YES_SO_FAR: Final = "You have said yes. If they do, too, you get an email. You can still take it back."
ENDING: Final = (
    "Either of you can end this at any time. Names and addresses then go from this page at once, on both sides, and "
    "you are not proposed to one another again about it for a year."
)
OVER: Final = "This proposal is over. Other partnerships are proposed as they come."
SAID: Final = {
    Reply.ACCEPT: "Yes, tell them who we are",
    Reply.DECLINE: "No, thank you",
    Reply.END: "End this exchange",
}
TAKE_BACK: Final = "Take back the yes"
NO_CONTACT: Final = "Nobody coordinates it at present. When somebody does, their name and address stand here."
SHARES: Final = "At least one organisation is in both partnerships."


def list_kinds(kinds: Collection[HelpKind]) -> str:
    """Name kinds of help in their order."""
    return join([words.name.lower() for kind, words in KINDS.items() if kind in kinds]).capitalize()


def describe_place(place: Place) -> tuple[tuple[str, str], ...]:
    """Say what is known of a place: name and text."""
    size = next((each.words for each in SIZES if each.id is place.size), NOT_KNOWN)
    return (
        ("Kind of area", kind_words(place.area_kind) if place.area_kind else NOT_KNOWN),
        ("Size", size),
        ("Region", one_line(place.region) or NOT_KNOWN),
    )


def say_place(place: Place) -> str:
    """Say in a line what is known of a place."""
    known = [text for _, text in describe_place(place) if text != NOT_KNOWN]
    return ". ".join(known) if known else "Nothing is known of the place"


def name_proposal(seen: SeenProposal) -> str:
    """Name a proposal as one side sees it."""
    return HELP_WITH[seen.side].format(enabler=one_line(seen.enabler.title))


def make_tag(seen: SeenProposal) -> Tag:
    """Say whose turn it is: never whether the other has said yes before one has oneself."""
    if seen.proposal.is_matched:
        return MATCHED
    return WAITS if seen.proposal.is_answered_by(seen.side) else YOUR_TURN


def list_proposal_lines(seen: SeenProposal) -> tuple[str, ...]:
    """Say in the list who it is, as far as that is known, and what it would be."""
    return (one_line(seen.partner) or say_place(seen.place), list_kinds(seen.kinds))


def list_facts(seen: SeenProposal, *, shares_organisation: bool) -> tuple[tuple[str, str], ...]:
    """Say on its own page what a proposal is: name and text."""
    proposed = day_words(today(seen.proposal.proposed_at))
    return (
        *([("Partnership", one_line(seen.partner))] if seen.partner else []),
        *describe_place(seen.place),
        ("Kinds of help", list_kinds(seen.kinds)),
        ("Proposed", proposed),
        *([("In common", SHARES)] if shares_organisation else []),
    )


def list_buttons(seen: SeenProposal, replies: Collection[Reply]) -> tuple[Choice, ...]:
    """List what can be said; a no after one's own yes takes that back."""
    answered = seen.proposal.is_answered_by(seen.side)
    return tuple(
        Choice(
            value=each.value,
            label=TAKE_BACK if each is Reply.DECLINE and answered else SAID[each],
            descriptor="",
            checked=each is Reply.ACCEPT,
        )
        for each in replies
    )


def say_standing(seen: SeenProposal) -> str:
    """Say what has been said so far by one's own side, or by both; empty where it is one's turn."""
    if seen.proposal.is_matched:
        return ENDING
    return YES_SO_FAR if seen.proposal.is_answered_by(seen.side) else ""


def say_helpful(shown: ShownCount | None) -> str:
    """Say how many organisations found something helpful, or used it, as far as that may be said."""
    if shown is None:
        return ""
    helped = f"At least {shown.helpful} organisations found this helpful." if shown.helpful else ""
    return helped or (f"At least {shown.used} organisations have used this." if shown.used else "")


def list_help_lines(found: HelpOffer | HelpAsk) -> tuple[str, ...]:
    """Say what is offered or asked."""
    many = f", {count(found.at_a_time, 'partnership')} at a time" if isinstance(found, HelpOffer) else ""
    return f"{list_kinds(found.kinds)}{many}", one_line(found.words)


def list_saved(found: HelpOffer | HelpAsk) -> tuple[tuple[str, str], ...]:
    """Say what somebody else saved meanwhile."""
    first, words = list_help_lines(found)
    return ("Kinds of help", first), ("In words", words)
