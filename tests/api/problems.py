"""What every problem must be, whatever went wrong."""

from http import HTTPStatus
from typing import Any

from httpx2 import Response

from app.api.kinds import KINDS
from app.api.schemas import Problem

TITLES = {kind.type: (kind.title, kind.status) for kind in KINDS}


def read_problem(reply: Response, status: int) -> dict[str, Any]:
    """Give a problem, having checked that it is one, of that status."""
    assert reply.status_code == status, reply.text[:300]
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = reply.json()
    Problem.model_validate(problem)
    assert TITLES[problem["type"]] == (problem["title"], HTTPStatus(status))
    assert problem["status"] == status
    assert problem["detail"]
    assert len(reply.content) < 50_000
    for word in ("Traceback", "pydantic", "ValueError", 'File "'):
        assert word not in reply.text
    return problem


def read_pointers(reply: Response) -> list[str]:
    """Give where the faults of a request are."""
    return [error["pointer"] for error in read_problem(reply, 422)["errors"]]
