"""What anybody may see: the start page, the question lists, how scores are worked out."""

from fastapi.responses import HTMLResponse

from app.catalogue import Catalogue
from app.dependencies import CatalogueDep, Demonstration, MaybeActorDep, PublicStatistics
from app.domain.errors import NotFoundError
from app.domain.questionnaire import Audience, Question, Questionnaire, Section
from app.renderings.numbers import in_full
from app.renderings.words import count
from app.web import paths
from app.web.navigation import find_home
from app.web.pages import (
    AnswerLine,
    EnablerSummary,
    Link,
    ListedQuestion,
    ListedSection,
    QuestionListPage,
    ScoringPage,
    StartPage,
)
from app.web.releases.addresses import STATISTICS
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()


@router.get(paths.START)
def start_page(
    show: ShowDep,
    catalogue: CatalogueDep,
    actor: MaybeActorDep,
    demonstration: Demonstration,
    public_statistics: PublicStatistics,
) -> HTMLResponse:
    """Anyone: what the service is, and where to begin."""
    questionnaires = sorted(catalogue.published, key=lambda shown: shown.audience is not Audience.LOCAL_PARTNER)
    enablers = {enabler.id: enabler for questionnaire in questionnaires for enabler in questionnaire.framework.enablers}
    way_in = paths.DEMONSTRATION if demonstration else paths.SIGN_IN
    return show(
        "public/start.html",
        StartPage(
            title="How ready is your place to reform its services?",
            enablers=tuple(
                EnablerSummary(title=enabler.title, summary=enabler.summary) for enabler in enablers.values()
            ),
            question_lists=tuple(
                Link(
                    f"{questionnaire.title} ({count(len(questionnaire.questions), 'question')})",
                    paths.question_list(questionnaire.id, questionnaire.version),
                )
                for questionnaire in questionnaires
            ),
            sign_in=find_home(actor) if actor else way_in,
            start_text="Continue" if actor else "Start now",
            statistics=Link("What partnerships say together", STATISTICS) if public_statistics else None,
            demonstration=demonstration,
        ),
    )


@router.get("/questionnaires/{questionnaire_id}/versions/{version}")
def question_list(show: ShowDep, catalogue: CatalogueDep, questionnaire_id: str, version: int) -> HTMLResponse:
    """Anyone: all questions of a version, to print before starting."""
    questionnaire = catalogue.get(questionnaire_id, version)
    numbers = {question.id: number for number, question in enumerate(questionnaire.questions, start=1)}
    return show(
        "public/question_list.html",
        QuestionListPage(
            title=f"All questions – {questionnaire.title}",  # the task list has the title alone
            back=Link("Back to the start page", paths.START),
            summary=questionnaire.summary or "",
            edition=f"Version {questionnaire.version}, {count(len(numbers), 'question')}",
            sections=tuple(_list_section(questionnaire, section, numbers) for section in questionnaire.sections),
        ),
    )


def _list_section(questionnaire: Questionnaire, section: Section, numbers: dict[str, int]) -> ListedSection:
    enablers = {enabler.id: enabler for enabler in questionnaire.framework.enablers}
    return ListedSection(
        title=section.title,
        summary=enablers[section.enabler].summary,
        questions=tuple(_list_question(questionnaire, question, numbers) for question in section.questions),
    )


def _list_question(questionnaire: Questionnaire, question: Question, numbers: dict[str, int]) -> ListedQuestion:
    levels = questionnaire.scale_of(question).levels
    condition = ""
    if question.when is not None:
        earlier = questionnaire.questions_by_id[question.when.question]
        needed = {level.id: level.label for level in questionnaire.scale_of(earlier).levels}[question.when.at_least]
        condition = f"Asked only if the answer to question {numbers[earlier.id]} is “{needed}” or higher."
    return ListedQuestion(
        number=numbers[question.id],
        text=question.text,
        hint=question.hint or "",
        levels=tuple(AnswerLine(name=level.label, text=question.descriptors[level.id]) for level in levels),
        not_applicable=question.not_applicable,
        condition=condition,
    )


@router.get(paths.SCORING)
def scoring_page(show: ShowDep, catalogue: CatalogueDep) -> HTMLResponse:
    """Anyone: the scoring rule in words."""
    return show("public/scoring.html", _make_scoring_page(catalogue))


def _make_scoring_page(catalogue: Catalogue) -> ScoringPage:
    known = catalogue.published or tuple(entry.questionnaire for entry in catalogue.entries)
    if not known:
        raise NotFoundError("There is no questionnaire yet")
    framework = known[0].framework
    rules = framework.rules
    scale = framework.scales[0]
    bands = framework.bands
    bounds = [*(band.start for band in bands[1:]), None]
    return ScoringPage(
        title="How scores are worked out",
        back=Link("Back to the start page", paths.START),
        levels=tuple(AnswerLine(name=level.label, text=in_full(scale.scores[level.id])) for level in scale.levels),
        bands=tuple(
            AnswerLine(
                name=band.label,
                text=f"{in_full(band.start)} and over" + (f", under {in_full(bound)}" if bound is not None else ""),
            )
            for band, bound in zip(bands, bounds, strict=True)
        ),
        target=in_full(rules.default_target),
        full_coverage=in_full(rules.full_coverage),
        provisional_coverage=in_full(rules.provisional_coverage),
        critical_below=in_full(rules.critical_below),
        critical_cap=framework.bands[framework.band_positions[rules.critical_cap]].label,
        dont_know_finding=in_full(rules.dont_know_finding),
    )
