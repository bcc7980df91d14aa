"""Published aggregates: exactly what the pages of a release show."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import Response

from app.api import responses
from app.api.access import PassDep
from app.api.kinds import NOT_ALLOWED, NOT_FOUND, SIGN_IN_NEEDED
from app.api.replies import reply_unless_known, to_json
from app.api.routing import PREFIX, make_router
from app.api.schemas import ReleaseList
from app.dependencies import CatalogueDep, DatabaseDep, Now
from app.domain.api_access import ScopeName
from app.domain.errors import NotFoundError
from app.domain.releases import ReleaseRecord
from app.renderings.as_result import write_time
from app.renderings.release_files import describe
from app.services import pulling, releasing

router = make_router("Releases")


@router.get(
    "/releases",
    summary="List the published releases",
    response_model=ReleaseList,
    response_description="The newest release of each round, the last published first",
    responses=responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED, known=True),
)
def list_releases(request: Request, database: DatabaseDep, now: Now, who: PassDep) -> Response:
    """List the newest release of each round that may be read. Scope: `releases:read`."""
    who.list_scopes(ScopeName.RELEASES_READ)
    found = releasing.list_public(database, now)
    content = to_json({"items": [summarise(each) for each in found], "next_cursor": None})
    digest = "-".join(each.digest for each in found)
    return reply_unless_known(request, content, f"releases:{digest[:200]}:{len(found)}")


@router.get(
    "/releases/{release_id}",
    summary="Read a release",
    response_model=dict[str, Any],
    response_description="All that the release publishes; what is withheld is not in it",
    responses=responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, known=True),
)
def read_release(
    request: Request,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    now: Now,
    who: PassDep,
    release_id: Annotated[UUID, Path(description="Its id, from the list")],
) -> Response:
    """Read a published release, frozen as it was audited. A withdrawn one is not there. Scope: `releases:read`."""
    who.list_scopes(ScopeName.RELEASES_READ)
    record = next((each for each in releasing.list_public(database, now) if each.id == release_id), None)
    if record is None:
        raise NotFoundError("There is no such release, or it was withdrawn")
    found = releasing.get_public(database, catalogue, record.round_id, now)
    pulling.note_pull(database, who, f"release {release_id}", now)
    content = to_json({**summarise(found.record), **describe(found.content, found.questionnaire, found.record.round)})
    return reply_unless_known(request, content, f"sha256:{found.record.digest}")


def summarise(record: ReleaseRecord) -> dict[str, Any]:
    """Give a release as a list shows it."""
    return {
        "id": str(record.id),
        "round_id": str(record.round_id),
        "round": record.round,
        "number": record.number,
        "published_at": write_time(record.publishes_at),
        "digest": record.digest,
        "url": f"{PREFIX}/releases/{record.id}",
    }
