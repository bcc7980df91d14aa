"""Whether the service runs, and whether it can do its work: for whatever watches over it."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.api.kinds import UNAVAILABLE
from app.api.problems import RETRY_AFTER
from app.dependencies import LARGEST_BODY, DatabaseDep
from app.services import readiness

router = APIRouter(prefix="/health", tags=["Health"], include_in_schema=False, max_body_size=LARGEST_BODY)
UNCACHED = {"Cache-Control": "no-store"}


@router.get("/live", summary="Say whether the service runs")
def live() -> JSONResponse:
    """Anyone: it runs, whatever else may be out of reach."""
    return JSONResponse({"status": "ok"}, headers=UNCACHED)


@router.get("/ready", summary="Say whether the service can do its work")
def ready(database: DatabaseDep) -> JSONResponse:
    """Anyone: its database answers and has this version's tables; else 503 with the reason."""
    reason = readiness.find_obstacle(database)
    if reason is None:
        return JSONResponse({"status": "ok"}, headers=UNCACHED)
    return JSONResponse(
        {"status": "unavailable", "reason": reason},
        HTTPStatus.SERVICE_UNAVAILABLE,
        headers={**UNCACHED, "Retry-After": RETRY_AFTER[UNAVAILABLE]},
    )
