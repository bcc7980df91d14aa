"""Gap reports of answers that are sent along. Nothing is stored."""

from itertools import islice
from typing import Final

from fastapi.responses import Response

from app.api import responses
from app.api.kinds import INVALID, MALFORMED_JSON, NOT_FOUND, TOO_LARGE, UNSUPPORTED_TYPE
from app.api.problems import LONGEST_NAME, FieldFault, InvalidError
from app.api.replies import reply
from app.api.routing import make_router
from app.api.schemas import NEWEST, GapReport, GapReportRequest
from app.catalogue.answers import find_answers
from app.dependencies import CatalogueDep
from app.domain.gaps import make_gap_report
from app.renderings import as_json

router = make_router("Gap reports")

MOST_UNKNOWN: Final = 20
"""Answers looked at beyond as many as there are questions: some of them must be unknown, which settles it."""


@router.post(
    "/gap-reports",
    summary="Make a gap report of answers",
    response_model=GapReport,
    response_description="The gap report",
    responses=responses.problems(MALFORMED_JSON, NOT_FOUND, TOO_LARGE, UNSUPPORTED_TYPE, INVALID),
)
async def make_report(catalogue: CatalogueDep, wanted: GapReportRequest) -> Response:
    """Score the answers that you send, and list the gaps to their targets, first things first.

    Nothing is stored, and no token is needed. Questions that you leave out are unanswered. Answers to questions that
    are hidden by a condition are no fault; they do not count.
    """
    questionnaire = catalogue.get(wanted.questionnaire, None if wanted.version == NEWEST else wanted.version)
    most = len(questionnaire.questions) + MOST_UNKNOWN
    answers, faults = find_answers(questionnaire, dict(islice(wanted.answers.items(), most)))
    if faults:
        raise InvalidError(FieldFault(_point_to(fault.pointer), fault.message) for fault in faults)
    return reply(as_json.render(make_gap_report(questionnaire, answers)), **{"Cache-Control": "no-store"})


def _point_to(pointer: str) -> str:
    """Move a pointer into the answers to the body; one too long to repeat is of the answers as a whole."""
    return f"/answers{pointer if len(pointer) <= LONGEST_NAME else ''}"
