"""The questionnaires: which there are, and one of them whole."""

from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import WithJsonSchema

from app.api import responses
from app.api.kinds import INVALID, NOT_FOUND
from app.api.problems import LONGEST_NAME, FieldFault, InvalidError
from app.api.replies import reply_unless_known, to_json
from app.api.routing import PREFIX, make_router
from app.api.schemas import HIGHEST_VERSION, Paging, Questionnaire, QuestionnaireList
from app.catalogue import Catalogue, Entry
from app.dependencies import CatalogueDep
from app.domain import questionnaire as domain
from app.domain.errors import NotFoundError

router = make_router("Questionnaires")

QuestionnaireId = Annotated[str, Path(description="The id of a questionnaire", examples=["local-partners"])]
VersionInPath = Annotated[
    str,
    Path(description="Its version", examples=[1]),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": HIGHEST_VERSION}),
]
_PRUNED: Final = ("scales", "checklist", "evidence")
"""The parts of a framework of which a questionnaire's content has what it names."""


@router.get(
    "/questionnaires",
    summary="List the questionnaires",
    response_model=QuestionnaireList,
    response_description="Every version of every questionnaire",
    responses=responses.problems(INVALID, known=True),
)
def list_questionnaires(request: Request, catalogue: CatalogueDep, paging: Annotated[Paging, Query()]) -> Response:
    """List every version of every questionnaire, by id and version; drafts are in it, and say so."""
    entries = catalogue.entries
    start = _find_start(entries, paging.cursor)
    shown = entries[start : start + paging.limit]
    more = start + paging.limit < len(entries)
    cursor = _name(shown[-1]) if more else None
    content = to_json({"items": [summarise(entry) for entry in shown], "next_cursor": cursor})
    headers = {"Link": f'<{PREFIX}/questionnaires?limit={paging.limit}&cursor={cursor}>; rel="next"'} if more else {}
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", **headers)


@router.get(
    "/questionnaires/{questionnaire_id}",
    summary="Read the newest version of a questionnaire",
    response_model=Questionnaire,
    response_description="The newest published version",
    responses=responses.problems(NOT_FOUND, known=True),
)
def read_newest(request: Request, catalogue: CatalogueDep, questionnaire_id: QuestionnaireId) -> Response:
    """Read the newest published version, whole. `Content-Location` says where that version stays."""
    found = catalogue.get(questionnaire_id)
    return _reply(request, found, **{"Content-Location": _locate(found)})


@router.get(
    "/questionnaires/{questionnaire_id}/versions/{version}",
    summary="Read a version of a questionnaire",
    response_model=Questionnaire,
    response_description="The questionnaire",
    responses=responses.problems(NOT_FOUND, known=True),
)
def read_version(
    request: Request, catalogue: CatalogueDep, questionnaire_id: QuestionnaireId, version: VersionInPath
) -> Response:
    """Read one version, whole: texts, weights, and the framework and rules it is scored by.

    A published version never changes. Its hash is the entity tag.
    """
    return _reply(request, _get_version(catalogue, questionnaire_id, version))


def _get_version(catalogue: Catalogue, questionnaire_id: str, version: str) -> domain.Questionnaire:
    """Give one version; its number is compared as written, so each version has one address."""
    for entry in catalogue.entries:
        found = entry.questionnaire
        if (found.id, str(found.version)) == (questionnaire_id, version):
            return found
    raise NotFoundError(
        f"There is no version “{version[:LONGEST_NAME]}” of a questionnaire “{questionnaire_id[:LONGEST_NAME]}”; "
        f"{PREFIX}/questionnaires lists what there is"
    )


def _reply(request: Request, questionnaire: domain.Questionnaire, **headers: str) -> Response:
    return reply_unless_known(request, write_questionnaire(questionnaire), questionnaire.hash, **headers)


@lru_cache(maxsize=64)
def write_questionnaire(questionnaire: domain.Questionnaire) -> bytes:
    """Write a whole questionnaire as JSON, once: all of its content, and what is at its default as well."""
    return to_json(describe_questionnaire(questionnaire))


def describe_questionnaire(questionnaire: domain.Questionnaire) -> dict[str, Any]:
    """Give a whole questionnaire as plain values. They depend on its content alone, as its hash does."""
    described = questionnaire.model_dump(mode="json", by_alias=True, exclude_none=True)
    framework = questionnaire.content["framework"]
    described["framework"] |= {part: framework.get(part, []) for part in _PRUNED}
    return {"hash": questionnaire.hash, **described}


def summarise(entry: Entry) -> dict[str, Any]:
    """Give a version as a list shows it."""
    questionnaire = entry.questionnaire
    return {
        "framework": questionnaire.framework.id,
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.content["title"],
        "audience": questionnaire.audience,
        "status": entry.status,
        "published": entry.published.isoformat() if entry.published else None,
        "questions": len(questionnaire.questions),
        "hash": questionnaire.hash,
        "url": _locate(questionnaire),
    }


def _locate(questionnaire: domain.Questionnaire) -> str:
    return f"{PREFIX}/questionnaires/{questionnaire.id}/versions/{questionnaire.version}"


def _name(entry: Entry) -> str:
    return f"{entry.questionnaire.id}@{entry.questionnaire.version}"


def _find_start(entries: tuple[Entry, ...], cursor: str) -> int:
    """Give the place after the entry that a cursor names: any but the last, after which there is nothing to ask for."""
    if not cursor:
        return 0
    cursors = [_name(entry) for entry in entries[:-1]]
    if cursor not in cursors:
        raise InvalidError([FieldFault("/cursor", "names no place in the list; leave it out to start anew", "query")])
    return cursors.index(cursor) + 1
