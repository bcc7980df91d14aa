"""Forms with a box or a list for each of many things: one field that is there many times."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import HTTPException, Request

from app.domain.errors import NotFoundError
from app.web.forms import FORM, Form

MOST_CHOICES: Final = 2000


@dataclass(frozen=True, slots=True)
class ChoicesForm:
    """A posted form: what was chosen of many, and the text fields beside it."""

    chosen: tuple[str, ...]
    form: Form


def reads_choices(name: str, *others: str) -> Callable[[Request], Awaitable[ChoicesForm]]:
    """Give what reads a form of one field that may be there many times, and of others that are there once.

    Raises `HTTPException`: 415 for another encoding than our pages send, 400 for a field unknown or there twice.
    """

    async def read_choices(request: Request) -> ChoicesForm:
        kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
        if kind != FORM:
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This address only takes what its own page sends")
        async with request.form(max_fields=MOST_CHOICES) as form:
            items = [(field, value) for field, value in form.multi_items() if isinstance(value, str)]
        fields = {field: value.replace("\r\n", "\n") for field, value in items if field != name}
        chosen = tuple(value for field, value in items if field == name)
        if len(fields) + len(chosen) < len(items) or not fields.keys() <= set(others):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "This address only takes what its own page sends")
        return ChoicesForm(chosen, Form(fields))

    return read_choices


def read_id(text: str) -> UUID:
    """Take an id that a page sent; raises `NotFoundError` for anything else."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError("There is no such choice") from None
