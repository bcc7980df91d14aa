"""What could be sent and what would come back, worked from the questionnaires that are there. Long lists are cut."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app.api.questionnaires import describe_questionnaire, summarise
from app.api.releases import summarise as summarise_release
from app.catalogue import Catalogue
from app.catalogue.answers import find_answers
from app.domain.aggregate import Measure, MeasureKind
from app.domain.assessment import AssessmentStatus
from app.domain.gaps import make_gap_report
from app.domain.money import Money
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire
from app.domain.records import AssessmentRecord, Submission
from app.domain.releases import EVERYBODY, CellFigures, Content, Reach, ReleaseRecord, Table
from app.domain.rounds import SignOff, Window
from app.renderings import as_json, as_result
from app.renderings.release_files import describe as describe_release
from app.renderings.result_table import ResultTable

SHOWN_ITEMS: Final = 2
ID: Final = UUID("019dcf79-3768-719a-ba77-326381785bc5")
OTHER: Final = UUID("019d480e-7400-7069-af7c-50903590506d")
AT: Final = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
RELEASE: Final = ReleaseRecord(ID, OTHER, "Autumn 2026", 1, AT, AT, AT, None, "", "0" * 64)
ANSWERED: Final = 6


def make_examples(catalogue: Catalogue, description: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give by operation an example of what is sent, if anything, and of what comes back."""
    if not catalogue.entries:
        return {}
    published = [entry for entry in catalogue.entries if entry.published]
    entry = (published or list(catalogue.entries))[-1]
    questionnaire = entry.questionnaire
    answers = make_answers(questionnaire)
    made = make_gap_report(questionnaire, find_answers(questionnaire, answers)[0])
    report = as_json.render(made)
    info = {name: description["info"][name] for name in ("title", "version")}
    whole = _shorten(describe_questionnaire(questionnaire))
    result = _shorten(as_result.describe(made, _submission(questionnaire), 8127, AT))
    release = summarise_release(RELEASE)
    columns = [asdict(column) for column in ResultTable([questionnaire]).columns[:SHOWN_ITEMS]]
    return {
        "list_results": (
            None,
            {
                "items": [result, as_result.describe_deleted(OTHER, 8128, AT)],
                "next_cursor": None,
                "as_of": as_result.write_time(AT),
            },
        ),
        "read_codebook": (None, {"items": columns, "next_cursor": None}),
        "list_releases": (None, {"items": [release], "next_cursor": None}),
        "read_release": (None, {**release, **_describe_release(questionnaire)}),
        "make_access_token": (
            {
                "grant_type": "client_credentials",
                "client_id": str(ID),
                "client_secret": "enb_…",
                "scope": "results:read",
            },
            {"access_token": "enb_…", "token_type": "Bearer", "expires_in": 3600, "scope": "results:read"},
        ),
        "list_questionnaires": (None, {"items": [summarise(entry)], "next_cursor": None}),
        "read_newest": (None, whole),
        "read_version": (None, whole),
        "make_report": (
            {"questionnaire": questionnaire.id, "version": questionnaire.version, "answers": answers},
            _shorten(report),
        ),
        "read_description": (None, {"openapi": description["openapi"], "info": info}),
    }


def _submission(questionnaire: Questionnaire) -> Submission:
    record = AssessmentRecord(
        partnership_id=OTHER,
        partnership="",
        organisation_id=OTHER,
        organisation="",
        round_id=OTHER,
        round="",
        window=Window(AT, AT),
        sign_off=SignOff.NOBODY,
        targets={},
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        questionnaire_hash=questionnaire.hash,
        assessment_id=ID,
        status=AssessmentStatus.SUBMITTED,
        submitted_at=AT,
        submitted_by=None,
        submitted_by_id=None,
        signed_off_at=None,
        signed_off_by=None,
        submissions=1,
        last_move=None,
    )
    return Submission(record, 1, 1, AT, "", questionnaire.hash, {}, {})


def _describe_release(questionnaire: Questionnaire) -> dict[str, Any]:
    measure = Measure(MeasureKind.ENABLER, questionnaire.framework.enabler_ids[0])
    figures = CellFigures(38, 52, (40, 50, 65), {questionnaire.framework.bands[0].id: 38})
    content = Content(
        threshold=10,
        cuts={"region": ("North West",)},
        tables={measure: Table(measure, {EVERYBODY: figures})},
        gaps=(),
        barriers=(),
        asks=(),
        reach=Reach(38, 61, 2, None, 40),
        money=Money(None, None, (), {}),
    )
    return describe_release(content, questionnaire, RELEASE.round)


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
