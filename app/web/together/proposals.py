"""One proposal: what kind of place it is, saying yes or no, and whom to write to once both have said yes."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.exchange import Reply
from app.renderings.words import one_line, paragraphs
from app.services import consenting
from app.services.consenting import OpenedProposal
from app.web.forms import Form, reads
from app.web.pages import Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.action_desk import PlanDeskDep
from app.web.together.exchange_pages import ProposalPage
from app.web.together.exchange_words import (
    CONSEQUENCE,
    NO_CONTACT,
    OVER,
    WORDS_TITLES,
    list_buttons,
    list_facts,
    name_proposal,
    say_standing,
)

router = make_router()

ReplyForm = Annotated[Form, Depends(reads("reply"))]
BACK: Final = "Back to learning from others"


@router.get(addresses.PROPOSAL)
def proposal_page(desk: PlanDeskDep, partnership_id: UUID, proposal_id: UUID) -> HTMLResponse:
    """Leads of the organisation: one proposal, without who it is before both have said yes; coordinators, too."""
    opened = consenting.get_proposal(desk.database, desk.catalogue, desk.actor, partnership_id, proposal_id, desk.now)
    return desk.show("together/proposal.html", _make_page(opened, partnership_id, proposal_id))


@router.post(addresses.PROPOSAL)
def reply_to_proposal(form: ReplyForm, desk: PlanDeskDep, partnership_id: UUID, proposal_id: UUID) -> Response:
    """Coordinators of the partnership: says yes or no to a proposal, or ends what came of it."""
    said = form.get("reply")
    consenting.reply(desk.database, desk.catalogue, desk.actor, partnership_id, proposal_id, said, desk.now)
    stays = said == Reply.ACCEPT
    return RedirectResponse(
        addresses.proposal(partnership_id, proposal_id) if stays else addresses.learning(partnership_id), 303
    )


def _make_page(opened: OpenedProposal, partnership_id: UUID, proposal_id: UUID) -> ProposalPage:
    seen, back = opened.seen, Link(BACK, addresses.learning(partnership_id))
    action = addresses.proposal(partnership_id, proposal_id)
    if seen is None:
        return ProposalPage(
            title=f"A proposal that is over, {opened.basis.partnership}",
            back=back,
            caption=opened.basis.partnership,
            heading="A proposal that is over",
            over=OVER,
            facts=(),
            words_title="",
            words="",
            contacts=(),
            no_contacts="",
            standing="",
            consequence="",
            buttons=(),
            action=action,
        )
    matched = seen.proposal.is_matched
    heading = name_proposal(seen)
    return ProposalPage(
        title=f"{heading}, {opened.basis.partnership}",
        back=back,
        caption=opened.basis.partnership,
        heading=heading,
        over="",
        facts=list_facts(seen, shares_organisation=opened.shares_organisation),
        words_title=WORDS_TITLES[seen.side],
        words="\n".join(paragraphs(seen.words)),
        contacts=tuple(
            Link(f"{one_line(each.name)}, {each.email}", f"mailto:{each.email}") for each in opened.contacts
        ),
        no_contacts=NO_CONTACT if matched and not opened.contacts else "",
        standing=say_standing(seen),
        consequence=CONSEQUENCE if Reply.ACCEPT in opened.replies else "",
        buttons=list_buttons(seen, opened.replies),
        action=action,
    )
