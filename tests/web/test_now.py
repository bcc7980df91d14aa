"""The present moment of a request."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import TypeVar

from fastapi import Request

from app.dependencies import get_now

APP = SimpleNamespace(state=SimpleNamespace(clock=partial(datetime.now, UTC)))
T = TypeVar("T")


def wait_for(doing: Coroutine[object, object, T]) -> T:
    """Run it in a thread of its own: where a browser is driven, this one has an event loop that runs already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, doing).result()


async def read_before(request: Request) -> dict[str, object]:
    form = await request.form()
    await get_now(request)
    return dict(form)


def test_a_form_that_was_read_before_is_there() -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"a=1", "more_body": False}

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "headers": headers, "app": APP}
    assert wait_for(read_before(Request(scope, receive))) == {"a": "1"}


def test_the_moment_of_a_form_is_when_all_of_it_is_there() -> None:
    """Or a form that is sent slowly would count as sent before a closing that has passed meanwhile."""
    asked: list[datetime] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.01)
        asked.append(datetime.now(UTC))
        return {"type": "http.request", "body": b"a=", "more_body": len(asked) < 2}

    for kind, pieces in ((b"application/x-www-form-urlencoded", 2), (b"multipart/form-data; boundary=x", 0)):
        asked.clear()
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind)], "app": APP}
        request = Request(scope, receive)
        moment = wait_for(get_now(request))
        assert len(asked) == pieces
        if pieces:
            assert wait_for(read_before(request)) == {"a": "a="}
        assert all(before <= moment for before in asked)
