"""The rounds in the set-up: the list, the form of a draft, the check before it is confirmed, and moving its closing."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.round_plans import Obstacle, can_confirm
from app.domain.rounds import DEFAULT_THRESHOLD, SignOff
from app.domain.set_up import RoundRecord
from app.renderings.release_words import say_release_stays
from app.renderings.words import count
from app.services import releasing
from app.services.setting_up import rounds
from app.services.setting_up.refusals import Refused
from app.services.setting_up.rights import check_set_up
from app.services.setting_up.rounds import CheckedRound, RoundForm, list_editions
from app.web.central import addresses
from app.web.central.lists import BACK_TO_SET_UP
from app.web.central.organisations import field_errors
from app.web.central.pages import (
    ClosingPage,
    Option,
    RoundFormPage,
    RoundListPage,
    RoundRow,
    RoundSetUpPage,
    SummaryLine,
)
from app.web.central.round_words import (
    SIGN_OFF_WORDS,
    exact_moment,
    find_questionnaire,
    finding_line,
    tag_of,
    targets_words,
)
from app.web.dates import DateFields, name_fields
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

DETAILS = ("title", "questionnaire", *name_fields("opens"), *name_fields("closes"), "sign-off", "threshold")
DetailsForm = Annotated[Form, Depends(reads(*DETAILS))]
ClosingForm = Annotated[Form, Depends(reads(*name_fields("closes")))]
ConfirmForm = Annotated[Form, Depends(reads("accepted"))]
ROUND = addresses.ROUNDS + "/{round_id}"
A_DAY: Final = timedelta(days=1)
BACK = Link("Back to the rounds", addresses.ROUNDS)


@router.get(addresses.ROUNDS)
def round_list_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: every round, drafts included."""
    return show(
        "central/round_list.html",
        RoundListPage(
            title="Rounds in the set-up",
            back=BACK_TO_SET_UP,
            add=addresses.adding(addresses.ROUNDS),
            import_=addresses.importing(addresses.ROUNDS),
            rounds=tuple(
                RoundRow(
                    title=one.title,
                    href=addresses.round_set_up(one.id),
                    detail=f"{exact_moment(one.opens_at)} to {exact_moment(one.closes_at)}, "
                    f"{count(one.partnerships, 'partnership')}",
                    tag=tag_of(one, now),
                )
                for one in rounds.list_rounds(database, actor)
            ),
        ),
    )


@router.get(addresses.adding(addresses.ROUNDS))
def add_round_page(show: ShowDep, catalogue: CatalogueDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: asks what a new round is set to."""
    check_set_up(actor)
    editions = list_editions(catalogue)
    first = {"questionnaire": f"{editions[0].id}@{editions[0].version}"} if len(editions) == 1 else {}
    blank = Form({**first, "sign-off": SignOff.NOBODY, "threshold": str(DEFAULT_THRESHOLD)})
    return show("central/round_form.html", _form_page(catalogue, None, blank))


@router.post(addresses.adding(addresses.ROUNDS))
def add_round(
    form: DetailsForm, show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now
) -> Response:
    """Central administrators: stores a draft, then leads to its page."""
    check_set_up(actor)
    read = _read_details(catalogue, form, now)
    added = rounds.add(database, catalogue, actor, read, now) if isinstance(read, RoundForm) else read
    if isinstance(added, RoundRecord):
        return RedirectResponse(addresses.round_set_up(added.id), 303)
    return show("central/round_form.html", _form_page(catalogue, None, form, added), 422)


@router.get(ROUND)
def round_set_up_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, round_id: UUID
) -> HTMLResponse:
    """Central administrators: what a round is set to, and what stands in its way."""
    checked = rounds.check_plan(database, catalogue, actor, round_id, now)
    return show("central/round.html", _round_page(catalogue, checked, now))


@router.post(ROUND + "/confirm")
def confirm_round(
    form: ConfirmForm,
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
) -> Response:
    """Central administrators: confirms a round, so that partners see it."""
    checked = rounds.check_plan(database, catalogue, actor, round_id, now)
    accepted = form.get("accepted") == "yes"
    if checked.round.confirmed_at is None and checked.findings and can_confirm(checked.findings) and not accepted:
        error = FieldError("accepted", "Tick the box to say that the round may be confirmed as it is")
        return show("central/round.html", _round_page(catalogue, checked, now, error), 422)
    rounds.confirm(database, catalogue, actor, round_id, now, accepted=accepted)
    return RedirectResponse(addresses.round_set_up(round_id), 303)


@router.get(ROUND + "/details")
def round_details_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, round_id: UUID
) -> Response:
    """Central administrators: what a draft is set to, to change it."""
    found = rounds.get(database, actor, round_id)
    if found.confirmed_at is not None:
        return RedirectResponse(addresses.round_set_up(round_id), 303)
    opens, closes = DateFields.show(found.opens_at, "opens"), DateFields.show(found.closes_at, "closes")
    shown = Form(
        {
            "title": found.title,
            "questionnaire": f"{found.questionnaire_id}@{found.questionnaire_version}",
            **opens.as_fields(),
            **closes.as_fields(),
            "sign-off": found.sign_off,
            "threshold": str(found.withholding_threshold),
        }
    )
    return show("central/round_form.html", _form_page(catalogue, round_id, shown, known=found.title))


@router.post(ROUND + "/details")
def change_round(
    form: DetailsForm,
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
) -> Response:
    """Central administrators: changes a draft."""
    found = rounds.get(database, actor, round_id)
    read = _read_details(catalogue, form, now)
    changed = rounds.change(database, catalogue, actor, round_id, read, now) if isinstance(read, RoundForm) else read
    if isinstance(changed, RoundRecord):
        return RedirectResponse(addresses.round_set_up(round_id), 303)
    return show("central/round_form.html", _form_page(catalogue, round_id, form, changed, found.title), 422)


@router.get(ROUND + "/closing")
def closing_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> Response:
    """Central administrators: asks when a confirmed round closes."""
    found = rounds.get(database, actor, round_id)
    if found.confirmed_at is None:
        return RedirectResponse(f"{addresses.round_set_up(round_id)}/details", 303)
    released = say_release_stays(releasing.find_publishing(database, round_id, now))
    return show("central/closing.html", _closing_page(found, released, DateFields.show(found.closes_at, "closes")))


@router.post(ROUND + "/closing")
def move_closing(
    form: ClosingForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID
) -> Response:
    """Central administrators: moves the closing of a confirmed round."""
    found = rounds.get(database, actor, round_id)
    released = say_release_stays(releasing.find_publishing(database, round_id, now))
    fields = DateFields.read(form, "closes")
    closes_at = fields.resolve()
    if isinstance(closes_at, FieldError):
        return show("central/closing.html", _closing_page(found, released, fields, fields.find_faults("Closing")), 422)
    moved = rounds.move_closing(database, actor, round_id, closes_at, now)
    if isinstance(moved, Refused):
        return show("central/closing.html", _closing_page(found, released, fields, field_errors(moved)), 422)
    return RedirectResponse(addresses.round_set_up(round_id), 303)


def _read_details(catalogue: Catalogue, form: Form, now: datetime) -> RoundForm | tuple[FieldError, ...]:
    """Put the fields together; or, where dates cannot be read, say so with whatever else is wrong."""
    opens, closes = DateFields.read(form, "opens"), DateFields.read(form, "closes")
    wrong = (*opens.find_faults("Opening"), *closes.find_faults("Closing"))
    opens_at, closes_at = opens.resolve(), closes.resolve()
    read = RoundForm(
        title=form.get("title"),
        questionnaire=form.get("questionnaire"),
        opens_at=now if wrong or isinstance(opens_at, FieldError) else opens_at,
        closes_at=now + A_DAY if wrong or isinstance(closes_at, FieldError) else closes_at,
        sign_off=form.get("sign-off"),
        threshold=form.get("threshold"),
    )
    if not wrong:
        return read
    others = (FieldError(fault.field, fault.text) for fault in rounds.find_faults(catalogue, read))
    return tuple(sorted((*wrong, *others), key=lambda error: DETAILS.index(error.field)))


def _form_page(
    catalogue: Catalogue,
    round_id: UUID | None,
    form: Form,
    refused: Refused | tuple[FieldError, ...] = (),
    known: str = "",
) -> RoundFormPage:
    here = addresses.round_set_up(round_id) if round_id else ""
    chosen, sign_off = form.get("questionnaire"), form.get("sign-off")
    return RoundFormPage(
        title=f"Change {known}" if round_id else "Add a round",
        back=Link("Back to the round", here) if here else BACK,
        errors=field_errors(refused) if isinstance(refused, Refused) else refused,
        name=form.get("title"),
        questionnaires=tuple(
            Option(
                value=f"{one.id}@{one.version}",
                text=f"{one.title} (version {one.version})",
                hint=count(len(one.questions), "question"),
                checked=f"{one.id}@{one.version}" == chosen,
            )
            for one in list_editions(catalogue)
        ),
        opens=DateFields.read(form, "opens"),
        closes=DateFields.read(form, "closes"),
        sign_offs=tuple(
            Option(value=one, text=words, checked=one == sign_off) for one, words in SIGN_OFF_WORDS.items()
        ),
        threshold=form.get("threshold"),
        action=f"{here}/details" if here else addresses.adding(addresses.ROUNDS),
        button="Save the round" if round_id else "Save as a draft",
    )


def _closing_page(
    found: RoundRecord, released: str, fields: DateFields, errors: tuple[FieldError, ...] = ()
) -> ClosingPage:
    here = addresses.round_set_up(found.id)
    return ClosingPage(
        title=f"Move the closing of {found.title}",
        back=Link("Back to the round", here),
        errors=errors,
        now=exact_moment(found.closes_at),
        released=released,
        closes=fields,
        action=f"{here}/closing",
    )


def _round_page(
    catalogue: Catalogue, checked: CheckedRound, now: datetime, error: FieldError | None = None
) -> RoundSetUpPage:
    found = checked.round
    is_draft = found.confirmed_at is None
    # What was accepted when it was confirmed may still be mended, so it stays in sight until the round closes.
    findings = (
        checked.findings
        if is_draft
        else tuple(one for one in checked.findings if one.places or one.obstacle is Obstacle.NO_TEXTS)
    )
    return RoundSetUpPage(
        title=found.title,
        back=BACK,
        errors=(error,) if error else (),
        tag=tag_of(found, now),
        lines=_summarise(catalogue, found),
        blocking=tuple(finding_line(one) for one in findings if one.is_blocking and is_draft),
        warnings=tuple(finding_line(one) for one in findings if not (one.is_blocking and is_draft)),
        is_draft=is_draft,
        can_confirm=is_draft and can_confirm(findings),
        consequences=(
            f"The people of {count(found.partnerships, 'partnership')} see the round in their lists.",
            f"They can answer from {exact_moment(found.opens_at)} until {exact_moment(found.closes_at)}, UK time.",
            "After that only the closing can be moved, and partnerships added.",
        ),
        action=f"{addresses.round_set_up(found.id)}/confirm",
    )


def _summarise(catalogue: Catalogue, found: RoundRecord) -> tuple[SummaryLine, ...]:
    here = addresses.round_set_up(found.id)
    is_draft = found.confirmed_at is None
    details = f"{here}/details" if is_draft else ""
    questionnaire = find_questionnaire(catalogue, found)
    edition = f"{questionnaire.title} (version {questionnaire.version})" if questionnaire else "Not installed"
    return (
        SummaryLine(name="Questionnaire", text=edition, change=details),
        SummaryLine(name="Opens", text=exact_moment(found.opens_at), change=details),
        SummaryLine(name="Closes", text=exact_moment(found.closes_at), change=details or f"{here}/closing"),
        *(
            ()
            if is_draft
            else (SummaryLine(name="Releases", text="What partnerships say together", change=f"{here}/releases"),)
        ),
        SummaryLine(name="Signing off", text=SIGN_OFF_WORDS[found.sign_off], change=details),
        SummaryLine(
            name="Withholding threshold",
            text=f"Figures of fewer than {found.withholding_threshold} contributors are not published",
            change=details,
        ),
        SummaryLine(
            name="Targets", text=targets_words(questionnaire, found), change=f"{here}/targets" if is_draft else ""
        ),
        SummaryLine(
            name="Partnerships",
            text=count(found.partnerships, "partnership"),
            change=f"{here}/partnerships",
        ),
    )
