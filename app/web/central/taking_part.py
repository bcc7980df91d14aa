"""Which partnerships take part in a round, and what its targets are."""

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.questionnaire import Questionnaire
from app.domain.round_plans import clean_targets, list_shared_levels
from app.domain.set_up import RoundRecord
from app.services.setting_up import rounds
from app.web.central import addresses
from app.web.central.forms import ChoicesForm, read_id, reads_choices
from app.web.central.pages import Option, QuestionTargetsPage, TakingPartPage, TargetQuestion, TargetsPage
from app.web.central.partnerships import ADD as ADD_PARTNERSHIP
from app.web.central.rounds import ROUND
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

PartnershipsForm = Annotated[ChoicesForm, Depends(reads_choices("partnership"))]
TargetsForm = Annotated[Form, Depends(reads("targets"))]
LevelsForm = Annotated[ChoicesForm, Depends(reads_choices("target"))]
OWN: Final = "own"
EACH: Final = "each"
OF_ALL: Final = "all:"
"""What stands before the level that is the target of every question."""


@router.get(ROUND + "/partnerships")
def taking_part_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, round_id: UUID) -> HTMLResponse:
    """Central administrators: which partnerships take part in a round."""
    found, everyone, chosen = rounds.list_choices(database, actor, round_id)
    here = addresses.round_set_up(round_id)
    is_draft = found.confirmed_at is None
    return show(
        "central/taking_part.html",
        TakingPartPage(
            title=f"Partnerships in {found.title}",
            back=Link("Back to the round", here),
            partnerships=tuple(
                Option(value=str(one.id), text=one.name, checked=one.id in chosen)
                for one in everyone
                if is_draft or one.id not in chosen
            ),
            fixed=() if is_draft else tuple(one.name for one in everyone if one.id in chosen),
            action=f"{here}/partnerships",
            all="" if len(chosen) == len(everyone) else f"{here}/partnerships/all",
            add=ADD_PARTNERSHIP,
        ),
    )


@router.post(ROUND + "/partnerships")
def set_taking_part(
    sent: PartnershipsForm, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID
) -> Response:
    """Central administrators: lets the ticked partnerships take part in a round."""
    rounds.set_partnerships(database, actor, round_id, {read_id(text) for text in sent.chosen}, now)
    return RedirectResponse(addresses.round_set_up(round_id), 303)


@router.post(ROUND + "/partnerships/all", dependencies=[NO_FIELDS])
def let_all_take_part(database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> Response:
    """Central administrators: lets every partnership take part in a round."""
    _, everyone, _ = rounds.list_choices(database, actor, round_id)
    rounds.set_partnerships(database, actor, round_id, {one.id for one in everyone}, now)
    return RedirectResponse(addresses.round_set_up(round_id), 303)


@router.get(ROUND + "/targets")
def targets_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, round_id: UUID
) -> Response:
    """Central administrators: asks whose targets hold in a draft."""
    found = rounds.get(database, actor, round_id)
    if found.confirmed_at is not None:
        return RedirectResponse(addresses.round_set_up(round_id), 303)
    questionnaire = catalogue.get_by_hash(found.questionnaire_hash)
    return show("central/targets.html", _targets_page(questionnaire, found, _find_choice(questionnaire, found)))


@router.post(ROUND + "/targets")
def choose_targets(
    form: TargetsForm,
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
) -> Response:
    """Central administrators: lets the questionnaire's own targets hold, or one level for all; or goes on to each."""
    found = rounds.get(database, actor, round_id)
    questionnaire = catalogue.get_by_hash(found.questionnaire_hash)
    choice = form.get("targets")
    here = addresses.round_set_up(round_id)
    if choice == EACH:
        return RedirectResponse(f"{here}/targets/questions", 303)
    level = choice.removeprefix(OF_ALL)
    if choice == OWN:
        targets: Mapping[str, str] = {}
    elif choice.startswith(OF_ALL) and level in dict(list_shared_levels(questionnaire)):
        targets = {question.id: level for question in questionnaire.questions}
    else:
        error = FieldError("targets", "Choose whose targets hold")
        return show("central/targets.html", _targets_page(questionnaire, found, "", error), 422)
    rounds.set_targets(database, catalogue, actor, round_id, targets, now)
    return RedirectResponse(here, 303)


@router.get(ROUND + "/targets/questions")
def question_targets_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, round_id: UUID
) -> Response:
    """Central administrators: the target of each question in a draft."""
    found = rounds.get(database, actor, round_id)
    here = addresses.round_set_up(round_id)
    if found.confirmed_at is not None:
        return RedirectResponse(here, 303)
    questionnaire = catalogue.get_by_hash(found.questionnaire_hash)
    numbers = {question.id: number for number, question in enumerate(questionnaire.questions, 1)}
    targets = clean_targets(questionnaire, found.targets)
    return show(
        "central/question_targets.html",
        QuestionTargetsPage(
            title=f"Targets of {found.title}, question by question",
            back=Link("Back to the targets", f"{here}/targets"),
            sections=tuple(
                (
                    section.title,
                    tuple(
                        TargetQuestion(
                            number=numbers[question.id],
                            text=question.text,
                            levels=tuple(
                                Option(
                                    value=f"{question.id}:{level.id}",
                                    text=level.label,
                                    checked=targets.get(question.id) == level.id,
                                )
                                for level in questionnaire.scale_of(question).levels
                            ),
                        )
                        for question in section.questions
                    ),
                )
                for section in questionnaire.sections
            ),
            action=f"{here}/targets/questions",
        ),
    )


@router.post(ROUND + "/targets/questions")
def set_question_targets(
    sent: LevelsForm, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, round_id: UUID
) -> Response:
    """Central administrators: sets the target of each question in a draft."""
    chosen = (value.partition(":") for value in sent.chosen if value)
    targets = {question: level for question, _, level in chosen}
    rounds.set_targets(database, catalogue, actor, round_id, targets, now)
    return RedirectResponse(addresses.round_set_up(round_id), 303)


def _find_choice(questionnaire: Questionnaire, found: RoundRecord) -> str:
    targets = clean_targets(questionnaire, found.targets)
    if not targets:
        return OWN
    levels = set(targets.values())
    return f"{OF_ALL}{levels.pop()}" if len(levels) == 1 and len(targets) == len(questionnaire.questions) else EACH


def _targets_page(
    questionnaire: Questionnaire, found: RoundRecord, chosen: str, error: FieldError | None = None
) -> TargetsPage:
    shared = list_shared_levels(questionnaire)
    choices = (
        (OWN, "The questionnaire’s own", "They stand in the questionnaire for each question"),
        *((f"{OF_ALL}{level}", f"{label}, for every question", "") for level, label in shared),
        (EACH, "Question by question", "On the next page you choose a level for each"),
    )
    here = addresses.round_set_up(found.id)
    return TargetsPage(
        title=f"Which targets hold in {found.title}?",
        back=Link("Back to the round", here),
        errors=(error,) if error else (),
        choices=tuple(
            Option(value=value, text=text, hint=hint, checked=value == chosen) for value, text, hint in choices
        ),
        action=f"{here}/targets",
    )
