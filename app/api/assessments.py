"""Assessments: started, answered, submitted and decided on by another system, as whoever made its client may."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from app.api import keyset, responses
from app.api.desk import Desk, DeskDep, KeyDep, PartnershipId, SendingKey, make_reply, write
from app.api.kinds import (
    INVALID,
    KEY_KINDS,
    MALFORMED_JSON,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_POSSIBLE_NOW,
    PRECONDITION_FAILED,
    PRECONDITION_REQUIRED,
    SIGN_IN_NEEDED,
    TOO_LARGE,
    UNSUPPORTED_TYPE,
)
from app.api.problems import (
    FieldFault,
    InvalidError,
    PreconditionRequiredError,
    StaleError,
    make_pointer,
)
from app.api.replies import reply_unless_known, to_json
from app.api.routing import PREFIX, make_router
from app.api.schemas import DIGITS, GapReport, Paging, Shape
from app.api.schemas_assessments import (
    MOST_VERSIONS,
    AnswerRequest,
    AnswersRequest,
    Assessment,
    AssessmentAnswer,
    AssessmentList,
    AssessmentRequest,
    AssessmentSummary,
    DecisionRequest,
    ReasonedRequest,
    SavedAnswers,
)
from app.catalogue.answers import find_answers
from app.domain.api_access import ScopeName
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import Questionnaire
from app.domain.records import AssessmentKey, AssessmentRecord, StoredAnswer
from app.renderings import as_assessment, as_json
from app.services import answering, assessing, following, life, reporting
from app.services.answering import GivenAnswer

router = make_router("Assessments")

LIST: Final = "/partnerships/{partnership_id}/assessments"
ONE: Final = f"{LIST}/{{assessment_id}}"
READING: Final = ScopeName.ASSESSMENTS_WRITE, ScopeName.RESULTS_READ
"""Either is enough to read."""
READ_PROBLEMS: Final = responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, INVALID, known=True)
_WRITE_KINDS: Final = (SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, NOT_POSSIBLE_NOW, INVALID, *KEY_KINDS)
_BODY_KINDS: Final = (*_WRITE_KINDS, MALFORMED_JSON, TOO_LARGE, UNSUPPORTED_TYPE)
WRITE_PROBLEMS: Final = responses.problems(*_BODY_KINDS)
NO_VERSION: Final = -1
_POINTED: Final = {"choice": "answer", "reason": "answer"}
"""Parts of an answer -> what they are called in a body, where it is another name."""

QuestionId = Annotated[str, Path(description="The id of a question", max_length=80, examples=["shared-picture"])]


# ---- Reading ---------------------------------------------------------------------------------------------------------


@router.get(
    LIST,
    summary="List the assessments of a partnership",
    response_model=AssessmentList,
    response_description="Those not started included",
    responses=READ_PROBLEMS,
)
def list_assessments(
    request: Request, desk: DeskDep, partnership_id: PartnershipId, paging: Annotated[Paging, Query()]
) -> Response:
    """List where the organisations of a partnership stand in each round, those not started included.

    Whoever coordinates it sees all of them, others their own organisations. Scope: `assessments:write` or
    `results:read`.
    """
    scopes = desk.who.list_scopes(*READING)

    def is_reached(record: AssessmentRecord) -> bool:
        return any(scope.holds(partnership_id, record.round_id) for scope in scopes)

    found = following.list_known(desk.database, desk.who.actor, partnership_id, desk.now, is_reached)
    if not found:
        raise NotFoundError("There is no such partnership, or this token does not reach it")
    return keyset.reply_part(
        request,
        paging,
        found,
        lambda record: f"{record.round_id}.{record.organisation_id}",
        as_assessment.summarise,
        keyset.TWO_IDS,
    )


@router.get(
    ONE,
    summary="Read an assessment",
    response_model=Assessment,
    response_description="The assessment with its current answers",
    responses=READ_PROBLEMS,
)
def read_assessment(request: Request, desk: DeskDep, key: KeyDep) -> Response:
    """Read where an assessment stands, and its current answers with the version of each.

    Scope: `assessments:write`; or `results:read` once it is submitted, without notes, links, reasons or people’s names.
    """
    assessment = _load(desk, key, *READING)
    _check_submitted(desk, assessment.record)
    content = to_json(as_assessment.describe(assessment, with_words=_may_have_words(desk, assessment.record)))
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", Vary="Authorization")


@router.get(
    f"{ONE}/answers/{{question_id}}",
    summary="Read one answer",
    response_model=AssessmentAnswer,
    response_description="The answer; its entity tag is its version",
    responses=READ_PROBLEMS,
)
def read_one_answer(request: Request, desk: DeskDep, key: KeyDep, question_id: QuestionId) -> Response:
    """Read the current answer to one question; 404 where there is none.

    Scope: `assessments:write`; or `results:read` once it is submitted, without notes, links, reasons or people’s names.
    """
    assessment = _load(desk, key, *READING)
    _check_submitted(desk, assessment.record)
    stored = assessment.stored.get(question_id)
    if stored is None:
        raise NotFoundError("There is no answer to this question")
    with_words = _may_have_words(desk, assessment.record)
    content = to_json(as_assessment.describe_answer(stored, with_words=with_words))
    return reply_unless_known(request, content, str(stored.version), Vary="Authorization")


class ReportQuery(Shape):
    """Of what a gap report is made."""

    submission: Annotated[
        int | None,
        Field(ge=1, le=MOST_VERSIONS, description="Of what was submitted so; without it, of the current answers"),
        DIGITS,
    ] = None


@router.get(
    f"{ONE}/gap-report",
    summary="Read the gap report of an assessment",
    response_model=GapReport,
    response_description="The gap report",
    responses=READ_PROBLEMS,
)
def read_gap_report(request: Request, desk: DeskDep, key: KeyDep, query: Annotated[ReportQuery, Query()]) -> Response:
    """Read what the current answers show, or those of one submission.

    Scope: `assessments:write`; or `results:read`, of what was submitted.
    """
    desk.who.list_scopes(*READING)
    database, catalogue, actor = desk.database, desk.catalogue, desk.who.actor
    if query.submission is None:
        current = reporting.get_current_report(database, catalogue, actor, key)
        record, report = current.record, current.report
    else:
        submitted = reporting.get_report(database, catalogue, actor, key, query.submission)
        record, report = submitted.submission.record, submitted.report
    _check_reach(desk, record, *READING)
    if query.submission is None:
        _check_submitted(desk, record)
    content = to_json(as_json.render(report))
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", Vary="Authorization")


# ---- Starting and answering ------------------------------------------------------------------------------------------


@router.post(
    LIST,
    summary="Start an assessment",
    response_model=AssessmentSummary,
    response_description="It was there already",
    responses={**WRITE_PROBLEMS, 201: {"model": AssessmentSummary, "description": "It was started"}},
)
def start_assessment(
    desk: DeskDep, partnership_id: PartnershipId, wanted: AssessmentRequest, sent_key: SendingKey = ""
) -> Response:
    """Start an organisation’s assessment in a round, or find the one that a colleague has started: then it is a 200.

    Scope: `assessments:write`.
    """
    desk.who.check(ScopeName.ASSESSMENTS_WRITE, partnership_id=partnership_id, round_id=wanted.round)

    def do(one: Desk) -> Response:
        actor, place = one.who.actor, (partnership_id, wanted.round, wanted.organisation)
        before = assessing.get_invitation(one.database, actor, *place)
        key = assessing.start(one.database, one.catalogue, actor, *place, one.now)
        assessment = assessing.get_assessment(one.database, one.catalogue, actor, key)
        is_new = before.assessment_id is None
        return make_reply(
            as_assessment.summarise(assessment.record),
            HTTPStatus.CREATED if is_new else HTTPStatus.OK,
            Location=f"{PREFIX}/partnerships/{partnership_id}/assessments/{key.assessment_id}",
        )

    return write(desk, f"start {partnership_id}", sent_key, wanted, do)


@router.put(
    f"{ONE}/answers/{{question_id}}",
    summary="Answer a question",
    response_model=AssessmentAnswer,
    response_description="The answer as it is now; its entity tag is its version",
    responses=responses.problems(
        *(kind for kind in _BODY_KINDS if kind not in KEY_KINDS), PRECONDITION_FAILED, PRECONDITION_REQUIRED
    ),
)
def put_answer(
    desk: DeskDep,
    key: KeyDep,
    question_id: QuestionId,
    given: AnswerRequest,
    if_match: Annotated[
        str,
        Header(
            alias="If-Match",
            max_length=200,
            description='The entity tag of the answer as you saw it, quotes included; `"0"` where there is none. '
            "Without it the reply is 428",
        ),
    ] = "",
) -> Response:
    """Answer one question, as the version after the one in `If-Match`.

    If somebody was quicker, the reply is 412, and `current` has their answer, its version and whose it is. The same
    sent again is stored once. What you leave out is empty afterwards: send note and evidence again, too. An answer to a
    question that a condition hides is kept, and does not count. Scope: `assessments:write`.
    """
    seen = read_tag(if_match)

    def do(one: Desk) -> Response:
        if question_id not in _load(one, key, ScopeName.ASSESSMENTS_WRITE).questionnaire.questions_by_id:
            raise NotFoundError("There is no such question")
        stored = _store(one, key, {question_id: given}, {question_id: seen}, _point_into_answer)
        answer = stored.stored[question_id]
        return make_reply(as_assessment.describe_answer(answer), ETag=f'"{answer.version}"')

    return write(desk, "put", "", given, do)


@router.post(
    f"{ONE}/answers",
    summary="Answer many questions at once",
    response_model=SavedAnswers,
    response_description="All are stored",
    responses=responses.problems(*_BODY_KINDS, PRECONDITION_FAILED),
)
def post_answers(desk: DeskDep, key: KeyDep, given: AnswersRequest, sent_key: SendingKey = "") -> Response:
    """Answer many questions, each as the version after the one that you saw: all of them are stored, or none.

    Everything that stands against it is listed. What you leave out of an answer is empty afterwards. Scope:
    `assessments:write`.
    """

    def look(one: Desk) -> LoadedAssessment:
        return _load(one, key, ScopeName.ASSESSMENTS_WRITE)

    def do(one: Desk) -> Response:
        seen = {question: each.version for question, each in given.answers.items()}
        assessment = _store(one, key, given.answers, seen, _point_into_answers)
        return make_reply(
            {
                **as_assessment.summarise(assessment.record),
                "versions": {question: assessment.stored[question].version for question in given.answers},
                "unanswered": [question.id for question in assessment.unanswered],
            }
        )

    return write(desk, f"answer {key.partnership_id} {key.assessment_id}", sent_key, given, do, check=look)


def read_tag(if_match: str) -> int:
    """Read the version that a client saw; `NO_VERSION` for a tag that no answer has.

    Raises `PreconditionRequiredError` without one, and for `*`: whoever means any version has seen none.
    """
    tag = if_match.strip()
    if tag in {"", "*"}:
        raise PreconditionRequiredError(PRECONDITION_REQUIRED.example)
    found = _TAG.fullmatch(tag)
    return int(found[1]) if found else NO_VERSION


_TAG: Final = re.compile(r'"(0|[1-9][0-9]{0,8})"')


def _store(
    one: Desk,
    key: AssessmentKey,
    given: Mapping[str, AnswerRequest],
    seen: Mapping[str, int],
    point: Callable[[str, str, str], FieldFault],
) -> LoadedAssessment:
    """Store answers, and give the assessment after that; raises, with everything that stands against them.

    `point` tells of a fault by where it is in the request: of a question, in a part of its answer, and what it is.
    """
    questionnaire = _load(one, key, ScopeName.ASSESSMENTS_WRITE).questionnaire
    answers, faults = read_answers(questionnaire, given)
    wanted = {question: GivenAnswer(answer, seen[question]) for question, answer in answers.items()}
    found = answering.answer_all(one.database, one.catalogue, one.who.actor, key, wanted, one.now)
    told = [point(question, part, text) for question, part, text in faults]
    told += [
        point(question, _POINTED.get(fault.part, fault.part), fault.text)
        for question, each in found.faults.items()
        for fault in each
    ]
    stale = [point(question, "version", _say(there, seen[question])) for question, there in found.stale.items()]
    if told:
        raise InvalidError([*told, *stale])
    if stale:
        current = {name: as_assessment.describe_answer(there) for name, there in found.stale.items() if there}
        raise StaleError(stale[0].detail, current, stale)
    return _load(one, key, ScopeName.ASSESSMENTS_WRITE)


def read_answers(
    questionnaire: Questionnaire, given: Mapping[str, AnswerRequest]
) -> tuple[dict[str, Answer], list[tuple[str, str, str]]]:
    """Give the answers that a body has, and what cannot be read: question, part, and what is wrong."""
    answers, faults = {}, []
    for question, each in given.items():
        found, wrong = find_answers(questionnaire, {question: each.answer})
        if question in found:
            answers[question] = replace(
                found[question],
                note=each.note.strip(),
                evidence_kind=each.evidence_kind,
                evidence_link=each.evidence_link.strip(),
            )
        else:
            faults.append(
                (question, "answer", _NO_ANSWER if each.answer is None or each.answer == "" else wrong[0].message)
            )
    return answers, faults


_NO_ANSWER: Final = "an answer cannot be taken back; choose a level, or dont-know"


def _point_into_answer(_: str, part: str, text: str) -> FieldFault:
    return FieldFault("/If-Match", text, "header") if part == "version" else FieldFault(make_pointer([part]), text)


def _point_into_answers(question: str, part: str, text: str) -> FieldFault:
    return FieldFault(make_pointer(["answers", question, part]), text)


def _say(there: StoredAnswer | None, seen: int) -> str:
    """Say what is there instead of what was seen."""
    words = "There is no answer yet: version 0"
    if there:
        words = f"Version {there.version}, by {there.author}, is there now"
    if seen != NO_VERSION:
        return words
    return f'{words}. If-Match is one entity tag as it was given, with its quotes: "{there.version if there else 0}"'


# ---- Moving on -------------------------------------------------------------------------------------------------------


@router.post(
    f"{ONE}/submit",
    summary="Submit an assessment",
    response_model=AssessmentSummary,
    response_description="It is submitted",
    responses=responses.problems(*_WRITE_KINDS),
)
def submit_assessment(desk: DeskDep, key: KeyDep, sent_key: SendingKey = "") -> Response:
    """Submit what is stored, once every question that is asked has an answer: `unanswered` lists those that have none.

    Twice is once. Scope: `assessments:write`.
    """

    def do(one: Desk) -> None:
        assessing.submit(one.database, one.catalogue, one.who.actor, key, one.now)

    return _move(desk, key, "submit", sent_key, None, do)


@router.post(
    f"{ONE}/sign-off",
    summary="Sign off an assessment",
    response_model=AssessmentSummary,
    response_description="It is signed off",
    responses=WRITE_PROBLEMS,
)
def sign_off_assessment(desk: DeskDep, key: KeyDep, decided: DecisionRequest, sent_key: SendingKey = "") -> Response:
    """Sign off the submission that was looked at, as a certifier of the organisation. Scope: `assessments:write`."""

    def do(one: Desk) -> None:
        life.sign_off(one.database, one.who.actor, key, decided.submission, one.now)

    return _move(desk, key, "sign off", sent_key, decided, do)


@router.post(
    f"{ONE}/request-changes",
    summary="Request changes to an assessment",
    response_model=AssessmentSummary,
    response_description="It is in progress again",
    responses=WRITE_PROBLEMS,
)
def request_changes(desk: DeskDep, key: KeyDep, decided: ReasonedRequest, sent_key: SendingKey = "") -> Response:
    """Hand what was submitted back to those who answer, as a certifier. Scope: `assessments:write`."""

    def do(one: Desk) -> None:
        life.request_changes(one.database, one.who.actor, key, decided.submission, decided.reason, one.now)

    return _move(desk, key, "request changes", sent_key, decided, do)


@router.post(
    f"{ONE}/reopen",
    summary="Reopen an assessment",
    response_model=AssessmentSummary,
    response_description="It is in progress again",
    responses=WRITE_PROBLEMS,
)
def reopen_assessment(desk: DeskDep, key: KeyDep, decided: ReasonedRequest, sent_key: SendingKey = "") -> Response:
    """Reopen what was submitted, as a coordinator of the partnership; what was submitted is kept.

    Scope: `assessments:write`.
    """

    def do(one: Desk) -> None:
        life.reopen(one.database, one.who.actor, key, decided.submission, decided.reason, one.now)

    def find(one: Desk) -> AssessmentRecord:  # coordinators see no answers, and know how far it is
        one.who.list_scopes(ScopeName.ASSESSMENTS_WRITE)
        record = life.get_for_coordinator(one.database, one.who.actor, key)
        _check_reach(one, record, ScopeName.ASSESSMENTS_WRITE)
        return record

    return _move(desk, key, "reopen", sent_key, decided, do, find)


def _move(
    desk: Desk,
    key: AssessmentKey,
    name: str,
    sent_key: str,
    sent: Shape | None,
    deed: Callable[[Desk], None],
    find: Callable[[Desk], AssessmentRecord] | None = None,
) -> Response:
    """Move an assessment on, once however often it is sent, and reply with where it is then.

    `find` gives it as far as whoever moves it may know of it, and raises where they may not: before anything else, so
    that nobody learns whether a move would be possible.
    """

    def look(one: Desk) -> AssessmentRecord:
        return find(one) if find else _load(one, key, ScopeName.ASSESSMENTS_WRITE).record

    def do(one: Desk) -> Response:
        deed(one)
        return make_reply(as_assessment.summarise(look(one)))

    return write(desk, f"{name} {key.partnership_id} {key.assessment_id}", sent_key, sent, do, check=look)


def _load(desk: Desk, key: AssessmentKey, *scopes: ScopeName) -> LoadedAssessment:
    """Load an assessment that the client's maker may see, and that one of these scopes reaches."""
    desk.who.list_scopes(*scopes)
    assessment = assessing.get_assessment(desk.database, desk.catalogue, desk.who.actor, key)
    _check_reach(desk, assessment.record, *scopes)
    return assessment


def _may_have_words(desk: Desk, record: AssessmentRecord) -> bool:
    """Say whether a client may have what people wrote and are called: those that pull results are promised not to."""
    return desk.who.has(ScopeName.ASSESSMENTS_WRITE, record.partnership_id, record.round_id)


def _check_submitted(desk: Desk, record: AssessmentRecord) -> None:
    """Raise where answers are not submitted yet, and a client only pulls results."""
    if record.status is AssessmentStatus.IN_PROGRESS and not _may_have_words(desk, record):
        raise NotAllowedError("This is not submitted yet, and this token reads what was submitted alone")


def _check_reach(desk: Desk, record: AssessmentRecord, *scopes: ScopeName) -> None:
    desk.who.check(*scopes, partnership_id=record.partnership_id, round_id=record.round_id)
