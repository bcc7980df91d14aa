"""What there is, as far as a token reaches: partnerships with their reports and plans, rounds, organisations, areas."""

from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from app.api import keyset, responses
from app.api.desk import DeskDep, PartnershipId
from app.api.kinds import INVALID, NOT_ALLOWED, NOT_FOUND, NOT_POSSIBLE_NOW, SIGN_IN_NEEDED
from app.api.replies import reply_unless_known, to_json
from app.api.routing import make_router
from app.api.schemas import Paging, Shape
from app.api.schemas_places import (
    ActionList,
    AreaList,
    OrganisationList,
    Partnership,
    PartnershipList,
    PartnershipReport,
    Round,
    RoundList,
)
from app.domain.actions import ActionRecord
from app.domain.api_access import ScopeName
from app.domain.areas import AreaRecord
from app.domain.partnership_report import Shows
from app.domain.progress import Board, count_stages
from app.domain.set_up import OrganisationRecord, PartnershipRecord, RoundRecord
from app.renderings import as_partnership_json
from app.renderings.as_result import write_time
from app.renderings.partnership_files import list_action_rows
from app.services import looking_up, planning, pulling, together

router = make_router("Places and rounds")

LIST_PROBLEMS: Final = responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED, INVALID, known=True)
ONE_PROBLEMS: Final = responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, INVALID, known=True)
OPEN_PROBLEMS: Final = responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, NOT_POSSIBLE_NOW, INVALID, known=True)

PagingDep = Annotated[Paging, Query()]
RoundId = Annotated[UUID, Path(description="The id of a round")]


@router.get(
    "/partnerships",
    summary="List partnerships",
    response_model=PartnershipList,
    response_description="In the order of their ids",
    responses=LIST_PROBLEMS,
)
def list_partnerships(request: Request, desk: DeskDep, paging: PagingDep) -> Response:
    """List the partnerships that the token reaches. Scope: `results:read`, `assessments:write` or `admin:write`."""
    found = looking_up.list_partnerships(desk.database, desk.who, keyset.read_part(paging))
    return keyset.reply_read(request, paging, found, lambda each: str(each.id), _name)


@router.get(
    "/partnerships/{partnership_id}",
    summary="Read a partnership",
    response_model=Partnership,
    response_description="The partnership",
    responses=ONE_PROBLEMS,
)
def read_partnership(request: Request, desk: DeskDep, partnership_id: PartnershipId) -> Response:
    """Read a partnership with its organisations and areas.

    Scope: `results:read`, `assessments:write` or `admin:write`.
    """
    found = looking_up.get_partnership(desk.database, desk.who, partnership_id)
    return _reply(
        request,
        {
            "id": str(found.id),
            "name": found.name,
            "organisations": [_describe_organisation(each) for each in found.organisations],
            "areas": [{"code": code, "name": name} for code, name in found.areas],
        },
    )


class ReportView(Shape):
    """Which numbers a partnership report has."""

    shows: Annotated[Shows, Field(description="As each organisation answered, or as they agreed")] = Shows.INDIVIDUAL


@router.get(
    "/partnerships/{partnership_id}/rounds/{round_id}/report",
    summary="Read a partnership report",
    response_model=PartnershipReport,
    response_description="The report",
    responses=OPEN_PROBLEMS,
)
def read_partnership_report(
    request: Request,
    desk: DeskDep,
    partnership_id: PartnershipId,
    round_id: RoundId,
    view: Annotated[ReportView, Query()],
) -> Response:
    """Read the report of a partnership in a round, once it is open to the token’s maker.

    Notes, reasons, links and names of people are not in it; what partners agreed and plan is. Scope: `results:read`.
    """
    desk.who.check(ScopeName.RESULTS_READ, partnership_id=partnership_id, round_id=round_id)
    full = together.get_full(desk.database, desk.catalogue, desk.who.actor, partnership_id, round_id, desk.now)
    pulling.note_pull(desk.database, desk.who, f"partnership report {partnership_id} round {round_id}", desk.now)
    whole = as_partnership_json.render(full.report, view.shows, list_action_rows(full))
    return _reply(request, as_partnership_json.leave_words_out(whole))


@router.get(
    "/partnerships/{partnership_id}/actions",
    summary="List the actions of a partnership",
    response_model=ActionList,
    response_description="In the order of their ids",
    responses=OPEN_PROBLEMS,
)
def list_actions(request: Request, desk: DeskDep, partnership_id: PartnershipId, paging: PagingDep) -> Response:
    """List what a partnership plans and asks for, as far as the token’s maker sees it, without names of people.

    Scope: `results:read`.
    """
    desk.who.check(ScopeName.RESULTS_READ, partnership_id=partnership_id)
    plan = planning.get_plan(desk.database, desk.catalogue, desk.who.actor, partnership_id, desk.now)
    pulling.note_pull(desk.database, desk.who, f"actions {partnership_id}", desk.now)
    return keyset.reply_part(request, paging, plan.actions, lambda each: str(each.id), _describe_action)


@router.get(
    "/rounds",
    summary="List rounds",
    response_model=RoundList,
    response_description="In the order of their ids",
    responses=LIST_PROBLEMS,
)
def list_rounds(request: Request, desk: DeskDep, paging: PagingDep) -> Response:
    """List the rounds of the partnerships that the token reaches.

    Scope: `results:read`, `assessments:write` or `admin:write`.
    """
    found = looking_up.list_rounds(desk.database, desk.who, keyset.read_part(paging))
    return keyset.reply_read(request, paging, found, lambda each: str(each.id), _describe_round)


@router.get(
    "/rounds/{round_id}",
    summary="Read a round",
    response_model=Round,
    response_description="The round",
    responses=ONE_PROBLEMS,
)
def read_round(request: Request, desk: DeskDep, round_id: RoundId) -> Response:
    """Read a round, with how far those partnerships have come that the token’s maker follows: nobody’s answers.

    Scope: `results:read`, `assessments:write` or `admin:write`.
    """
    found = looking_up.get_round(desk.database, desk.who, round_id, desk.now)
    boards = sorted(found.boards, key=lambda each: each.partnership_id)
    return _reply(request, {**_describe_round(found.round), "partnerships": [_count(each) for each in boards]})


@router.get(
    "/organisations",
    summary="List organisations",
    response_model=OrganisationList,
    response_description="In the order of their ids",
    responses=LIST_PROBLEMS,
)
def list_organisations(request: Request, desk: DeskDep, paging: PagingDep) -> Response:
    """List the organisations of the partnerships that the token reaches.

    Scope: `results:read`, `assessments:write` or `admin:write`.
    """
    found = looking_up.list_organisations(desk.database, desk.who, keyset.read_part(paging))
    return keyset.reply_read(request, paging, found, lambda each: str(each.id), _describe_organisation)


@router.get(
    "/areas",
    summary="List areas",
    response_model=AreaList,
    response_description="In the order of their codes",
    responses=LIST_PROBLEMS,
)
def list_areas(request: Request, desk: DeskDep, paging: PagingDep) -> Response:
    """List the areas of the partnerships that the token reaches.

    Scope: `results:read`, `assessments:write` or `admin:write`.
    """
    found = looking_up.list_areas(desk.database, desk.who, keyset.read_part(paging, keyset.CODE))
    return keyset.reply_read(request, paging, found, lambda each: each.code, _describe_area)


def _reply(request: Request, value: dict[str, Any]) -> Response:
    content = to_json(value)
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", Vary="Authorization")


def _name(record: PartnershipRecord) -> dict[str, Any]:
    return {"id": str(record.id), "name": record.name}


def _describe_organisation(record: OrganisationRecord) -> dict[str, Any]:
    return {"id": str(record.id), "name": record.name, "kind": record.kind}


def _describe_area(area: AreaRecord) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "region": area.region,
        "valid_from": area.valid_from,
        "valid_to": area.valid_to,
        "successors": area.successors,
    }


def _describe_round(record: RoundRecord) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "title": record.title,
        "opens_at": write_time(record.opens_at),
        "closes_at": write_time(record.closes_at),
        "sign_off": str(record.sign_off),
        "questionnaire": {
            "id": record.questionnaire_id,
            "version": record.questionnaire_version,
            "hash": record.questionnaire_hash,
        },
    }


def _count(board: Board) -> dict[str, Any]:
    return {
        "id": str(board.partnership_id),
        "name": board.partnership,
        "statuses": {str(stage): number for stage, number in count_stages(board.places).items()},
    }


def _describe_action(action: ActionRecord) -> dict[str, Any]:
    return {
        "id": str(action.id),
        "round": str(action.round_id),
        "question": action.question_id,
        "title": action.title,
        "measure": action.measure,
        "organisation": str(action.owner_organisation_id),
        "due": action.due_on,
        "status": str(action.status),
        "department": str(action.department_id) if action.department_id else None,
    }
