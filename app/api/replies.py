"""Replies in JSON, and those that a client may keep."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic_core import to_json

from app.api.bodies import MEDIA_TYPE

__all__ = ["is_known", "reply", "reply_unless_known", "to_json"]

REVALIDATE = "no-cache"
"""Keep it, but ask each time whether it has changed."""


def reply(value: Any, **headers: str) -> Response:  # noqa: ANN401 - anything JSON can hold
    """Reply with plain values."""
    return Response(to_json(value), headers=headers, media_type=MEDIA_TYPE)


def reply_unless_known(request: Request, content: bytes, tag: str, **headers: str) -> Response:
    """Reply with JSON that has an entity tag; with 304 where the client has it already."""
    headers |= {"ETag": f'"{tag}"', "Cache-Control": REVALIDATE}
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


def is_known(if_none_match: str, tag: str) -> bool:
    """Say whether the tags that a client has, as it sent them, include this one."""
    tags = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return any(known in {"*", f'"{tag}"'} for known in tags)
