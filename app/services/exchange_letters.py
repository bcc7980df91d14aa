"""The texts of mails about learning from others. None says who the other partnership is: the page does, to both."""

from typing import Final

from app.domain.exchange import Side
from app.domain.values import SERVICE_NAME, one_line
from app.services.letters import HELLO, STOP
from app.services.mailing import LINK, Letter, MailKind

FOUND: Final = {
    Side.ASKING: "offers help with “{enabler}”, which {partnership} asked for.",
    Side.OFFERING: "asks for help with “{enabler}”, which {partnership} offered.",
}


def proposed(side: Side, partnership: str, enabler: str, path: str) -> Letter:
    """To the coordinators of one side: the service found an offer, or an ask, that fits theirs."""
    found = FOUND[side].format(enabler=one_line(enabler), partnership=one_line(partnership))
    subject = "somebody to learn from" if side is Side.ASKING else "somebody who could learn from you"
    paragraphs = (
        HELLO,
        f"Another partnership {found}",
        (
            "Read what kind of place it is and what they wrote, and say yes or no. Neither is told who the other is "
            "before both have said yes:"
        ),
        LINK,
        STOP,
    )
    return Letter(MailKind.HELP_PROPOSED, f"{SERVICE_NAME}: {subject}", paragraphs, path)


def matched(partnership: str, enabler: str, path: str) -> Letter:
    """To the coordinators of each side: both have said yes."""
    paragraphs = (
        HELLO,
        f"{one_line(partnership)} and another partnership have both said yes to an exchange on “{one_line(enabler)}”.",
        "Who they are, and whom to write to, is here:",
        LINK,
    )
    return Letter(MailKind.HELP_MATCHED, f"{SERVICE_NAME}: both have said yes", paragraphs, path)
