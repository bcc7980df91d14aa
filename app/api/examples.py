"""What could be sent and what would come back, worked from the questionnaires that are there. Long lists are cut."""

from typing import Any, Final

from app.api.questionnaires import describe_questionnaire, summarise
from app.catalogue import Catalogue
from app.catalogue.answers import find_answers
from app.domain.gaps import make_gap_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire
from app.renderings import as_json

SHOWN_ITEMS: Final = 2
ANSWERED: Final = 6


def make_examples(catalogue: Catalogue, description: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give by operation an example of what is sent, if anything, and of what comes back."""
    if not catalogue.entries:
        return {}
    published = [entry for entry in catalogue.entries if entry.published]
    entry = (published or list(catalogue.entries))[-1]
    questionnaire = entry.questionnaire
    answers = make_answers(questionnaire)
    report = as_json.render(make_gap_report(questionnaire, find_answers(questionnaire, answers)[0]))
    info = {name: description["info"][name] for name in ("title", "version")}
    whole = _shorten(describe_questionnaire(questionnaire))
    return {
        "list_questionnaires": (None, {"items": [summarise(entry)], "next_cursor": None}),
        "read_newest": (None, whole),
        "read_version": (None, whole),
        "make_report": (
            {"questionnaire": questionnaire.id, "version": questionnaire.version, "answers": answers},
            _shorten(report),
        ),
        "read_description": (None, {"openapi": description["openapi"], "info": info}),
    }


def make_answers(questionnaire: Questionnaire) -> dict[str, Any]:
    """Answer the first questions, each in another way."""
    answers: dict[str, Any] = {}
    for place, question in enumerate(questionnaire.questions[:ANSWERED]):
        levels = list(questionnaire.scale_of(question).positions)
        answers[question.id] = levels[place % len(levels)]
    spare = [question for question in questionnaire.questions if question.id not in answers]
    if spare:
        answers[spare[0].id] = DONT_KNOW
    optional = next((question for question in spare[1:] if question.not_applicable), None)
    if optional is not None:
        answers[optional.id] = {NOT_APPLICABLE: "This is done for us by the county"}
    return answers


def _shorten(value: Any) -> Any:  # noqa: ANN401 - anything JSON can hold
    if isinstance(value, dict):
        return {name: part if name == "levels" else _shorten(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shorten(part) for part in value[:SHOWN_ITEMS]]
    return value
