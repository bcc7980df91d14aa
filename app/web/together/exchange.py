"""Learning from others: what a partnership offers and asks, and the forms for both."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.exchange import KINDS, MOST_AT_A_TIME, HelpAsk, HelpOffer, Side, can_ask, can_offer
from app.domain.exchange_drafts import HelpDraft
from app.domain.questionnaire import Enabler
from app.renderings.numbers import shown
from app.renderings.words import one_line
from app.services import exchange
from app.services.exchange import Exchange, HelpForm, SeenProposal
from app.web.forms import NO_FIELDS, Form, read_number, reads
from app.web.kept import KeptDep
from app.web.pages import Choice, FieldError, Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.action_desk import PlanDesk, PlanDeskDep
from app.web.together.exchange_pages import ExchangePage, HelpFormPage, HelpRow, ProposalRow, Suggestions
from app.web.together.exchange_words import (
    TELLS,
    WHO_READS,
    list_help_lines,
    list_proposal_lines,
    list_saved,
    make_tag,
    name_proposal,
)

router = make_router()

KIND_FIELDS: Final = {kind: f"kind-{kind}" for kind in KINDS}
"""A field for each box, as a form may hold none twice."""
FIELDS: Final = (*KIND_FIELDS.values(), "words", "version", "kept")
ELEMENT_OF: Final = {"kinds": next(iter(KIND_FIELDS.values())), "at_a_time": "at-a-time"}
"""Part of a form -> the element that its fault leads to, where they are called differently."""
OfferForm = Annotated[Form, Depends(reads(*FIELDS, "at-a-time", kept=True))]
AskForm = Annotated[Form, Depends(reads(*FIELDS, kept=True))]

NOTHING_YET: Final = "Nothing is proposed yet. Offers and asks are brought together once a day, and when one is saved."
READER: Final = "Coordinators of the partnership offer, ask, and say yes or no. You can read it here."
COULD_OFFER, COULD_ASK = "What you could offer", "What you could ask for"
NOT_STRONG: Final = "No {other}enabler is strong enough: that takes {target} points or more, and no barrier."
NOT_WEAK: Final = "No {other}enabler is a barrier, or under its target."


@router.get(addresses.LEARNING)
def learning_page(desk: PlanDeskDep, partnership_id: UUID) -> HTMLResponse:
    """Leads of the organisation: what their partnership offers, asks and is proposed; coordinators, too."""
    found = exchange.get_exchange(desk.database, desk.catalogue, desk.actor, partnership_id, desk.now)
    basis = found.basis
    return desk.show(
        "together/exchange.html",
        ExchangePage(
            title=f"Learning from others: {basis.partnership}",
            back=Link("Back to the action plan", addresses.actions(partnership_id)),
            partnership=basis.partnership,
            basis=f"It goes by your report of {one_line(basis.round)}, as agreed where something was agreed.",
            proposals=tuple(_make_proposal_row(partnership_id, each) for each in found.proposals),
            no_proposals=NOTHING_YET,
            offers=_list_help_rows(found, found.offers),
            asks=_list_help_rows(found, found.asks),
            suggestions=_list_suggestions(found),
            reader="" if found.can_act else READER,
        ),
    )


def _make_proposal_row(partnership_id: UUID, seen: SeenProposal) -> ProposalRow:
    return ProposalRow(
        title=Link(name_proposal(seen), addresses.proposal(partnership_id, seen.proposal.id)),
        tag=make_tag(seen),
        lines=list_proposal_lines(seen),
    )


def _list_help_rows(found: Exchange, stand: Mapping[str, HelpOffer] | Mapping[str, HelpAsk]) -> tuple[HelpRow, ...]:
    """List what stands, in the framework's order."""
    return tuple(_make_help_row(found, stand[each]) for each in found.framework.enabler_ids if each in stand)


def _make_help_row(found: Exchange, each: HelpOffer | HelpAsk) -> HelpRow:
    address = addresses.help_offer if isinstance(each, HelpOffer) else addresses.help_ask
    change = address(each.partnership_id, each.enabler_id)
    titles = {enabler.id: one_line(enabler.title) for enabler in found.framework.enablers}
    return HelpRow(
        title=titles.get(each.enabler_id, each.enabler_id),
        lines=list_help_lines(each),
        change=change if found.can_act and _can_change(found, each) else "",
        withdraw=addresses.withdraw_help(change) if found.can_act else "",
    )


def _can_change(found: Exchange, each: HelpOffer | HelpAsk) -> bool:
    """Say whether the report still bears it out."""
    can = can_offer if isinstance(each, HelpOffer) else can_ask
    return can(found.standings, each.enabler_id)


def _list_suggestions(found: Exchange) -> tuple[Suggestions, ...]:
    strong = [each.enabler for each in found.standings if each.is_strong and each.enabler.id not in found.offers]
    weak = [each.enabler for each in found.standings if each.need and each.enabler.id not in found.asks]
    target = shown(found.framework.rules.default_target)
    return (
        _make_suggestions(found, COULD_ASK, weak, addresses.help_ask, _say_none(NOT_WEAK, found.asks)),
        _make_suggestions(
            found, COULD_OFFER, strong, addresses.help_offer, _say_none(NOT_STRONG, found.offers, target)
        ),
    )


def _say_none(words: str, stand: Collection[str], target: str = "") -> str:
    return words.format(other="other " if stand else "", target=target)


def _make_suggestions(
    found: Exchange, title: str, enablers: Sequence[Enabler], address: Callable[[UUID, str], str], empty: str
) -> Suggestions:
    """List enablers, each leading to its form for whoever may act."""
    partnership_id = found.basis.partnership_id
    return Suggestions(
        title=title,
        links=tuple(Link(one_line(each.title), address(partnership_id, each.id)) for each in enablers)
        if found.can_act
        else (),
        names=() if found.can_act else tuple(one_line(each.title) for each in enablers),
        empty=empty,
    )


# ---- Offering and asking ---------------------------------------------------------------------------------------------


@router.get(addresses.HELP_OFFER)
def offer_page(desk: PlanDeskDep, partnership_id: UUID, enabler_id: str, kept: KeptDep) -> HTMLResponse:
    """Coordinators of the partnership: the form by which help with an enabler is offered to others."""
    return _show_form(desk, partnership_id, enabler_id, Side.OFFERING, kept.find())


@router.get(addresses.HELP_ASK)
def ask_page(desk: PlanDeskDep, partnership_id: UUID, enabler_id: str, kept: KeptDep) -> HTMLResponse:
    """Coordinators of the partnership: the form by which help with an enabler is asked for."""
    return _show_form(desk, partnership_id, enabler_id, Side.ASKING, kept.find())


@router.post(addresses.HELP_OFFER)
def save_offer(form: OfferForm, desk: PlanDeskDep, partnership_id: UUID, enabler_id: str, kept: KeptDep) -> Response:
    """Coordinators of the partnership: offers help with an enabler, and proposes what goes together."""
    where = desk.database, desk.catalogue, desk.actor, partnership_id, enabler_id
    saved = exchange.offer(*where, _read_draft(form), _read_version(form), desk.now)
    if not saved:
        kept.settle(form)
        return RedirectResponse(addresses.learning(partnership_id), 303)
    return _show_form(desk, partnership_id, enabler_id, Side.OFFERING, form, saved)


@router.post(addresses.HELP_ASK)
def save_ask(form: AskForm, desk: PlanDeskDep, partnership_id: UUID, enabler_id: str, kept: KeptDep) -> Response:
    """Coordinators of the partnership: asks for help with an enabler, and proposes what goes together."""
    where = desk.database, desk.catalogue, desk.actor, partnership_id, enabler_id
    saved = exchange.ask(*where, _read_draft(form), _read_version(form), desk.now)
    if not saved:
        kept.settle(form)
        return RedirectResponse(addresses.learning(partnership_id), 303)
    return _show_form(desk, partnership_id, enabler_id, Side.ASKING, form, saved)


@router.post(addresses.WITHDRAW_OFFER, dependencies=[NO_FIELDS])
def withdraw_offer(desk: PlanDeskDep, partnership_id: UUID, enabler_id: str) -> Response:
    """Coordinators of the partnership: withdraws an offer, and ends at once whatever came of it."""
    exchange.take_back(desk.database, desk.actor, partnership_id, enabler_id, Side.OFFERING, desk.now)
    return RedirectResponse(addresses.learning(partnership_id), 303)


@router.post(addresses.WITHDRAW_ASK, dependencies=[NO_FIELDS])
def withdraw_ask(desk: PlanDeskDep, partnership_id: UUID, enabler_id: str) -> Response:
    """Coordinators of the partnership: withdraws an ask, and ends at once whatever came of it."""
    exchange.take_back(desk.database, desk.actor, partnership_id, enabler_id, Side.ASKING, desk.now)
    return RedirectResponse(addresses.learning(partnership_id), 303)


def _read_draft(form: Form) -> HelpDraft:
    return HelpDraft(
        kinds=tuple(kind for field in KIND_FIELDS.values() if (kind := form.get(field))),
        words=form.get("words"),
        at_a_time=form.get("at-a-time"),
    )


def _read_version(form: Form) -> int:
    return read_number(form, "version")


def _show_form(
    desk: PlanDesk,
    partnership_id: UUID,
    enabler_id: str,
    side: Side,
    form: Form | None,
    saved: exchange.Saved | None = None,
) -> HTMLResponse:
    """Show the form: as it is stored, or as it was sent with what is wrong, or with what somebody else saved."""
    opened = exchange.open_form(desk.database, desk.catalogue, desk.actor, partnership_id, enabler_id, side, desk.now)
    if isinstance(saved, tuple):
        errors = tuple(FieldError(ELEMENT_OF.get(fault.part, fault.part), fault.text) for fault in saved)
        return desk.show("together/help_form.html", _make_form(opened, side, form or _fill(opened), errors), 422)
    if saved is not None and form is not None:
        newer = Form({**form.fields, "version": str(saved.version)})
        return desk.show("together/help_form.html", _make_form(opened, side, newer, theirs=saved), 409)
    return desk.show("together/help_form.html", _make_form(opened, side, form or _fill(opened)))


def _fill(opened: HelpForm) -> Form:
    before = opened.before
    if before is None:
        return Form({"version": "0", "at-a-time": "1"})
    kinds = {KIND_FIELDS[kind]: kind.value for kind in before.kinds}
    many = {"at-a-time": str(before.at_a_time)} if isinstance(before, HelpOffer) else {}
    return Form({**kinds, **many, "words": before.words, "version": str(before.version)})


def _make_form(
    opened: HelpForm,
    side: Side,
    form: Form,
    errors: tuple[FieldError, ...] = (),
    theirs: HelpOffer | HelpAsk | None = None,
) -> HelpFormPage:
    is_offer = side is Side.OFFERING
    partnership_id, enabler = opened.basis.partnership_id, one_line(opened.enabler.title)
    address = addresses.help_offer if is_offer else addresses.help_ask
    heading = f"{'Offer help' if is_offer else 'Ask for help'}: {enabler}"
    return HelpFormPage(
        title=f"{heading}, {opened.basis.partnership}",
        back=Link("Back to learning from others", addresses.learning(partnership_id)),
        errors=errors,
        caption=opened.basis.partnership,
        heading=heading,
        tells=TELLS[side],
        theirs=list_saved(theirs) if theirs else (),
        kinds_label="What could you do?" if is_offer else "What would help?",
        kinds=tuple(
            Choice(
                value=kind.value,
                label=words.name,
                descriptor=words.what,
                checked=form.get(KIND_FIELDS[kind]) == kind.value,
            )
            for kind, words in KINDS.items()
        ),
        counts=is_offer,
        at_a_time=form.get("at-a-time"),
        most=MOST_AT_A_TIME,
        words_label="What can you show?" if is_offer else "What do you want to learn?",
        words_hint=WHO_READS,
        words=form.get("words"),
        version=max(read_number(form, "version"), 0),
        is_kept=form.get("kept") == "yes",
        button="Save the offer" if is_offer else "Save what you ask for",
        action=address(partnership_id, opened.enabler.id),
        leave=addresses.learning(partnership_id),
    )
