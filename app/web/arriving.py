"""Sending somebody who has just signed in on their way, with the cookie that keeps them signed in."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.dependencies import DatabaseDep, SessionCookie, SessionToken, TokenKeysDep
from app.services import Database, signing_in
from app.services.sessions import COOKIE_LIFETIME
from app.services.tokens import TokenKeys
from app.web import paths

LONGEST_PATH: Final = 500
LONGEST_QUOTED: Final = 1000
"""Characters of a path to come back to, as it stands in a mailed link."""


@dataclass(frozen=True, slots=True)
class Arrive:
    """Makes the reply to somebody who has signed in, and ends the session that this device had before."""

    database: Database
    keys: TokenKeys
    cookie: str
    replaced: str
    secure: bool

    def __call__(self, session_token: str, go_to: str = "") -> Response:
        """Hand over the cookie of a new session and lead on, to a page of this service only."""
        if self.replaced:
            signing_in.sign_out(self.database, self.replaced, self.keys)
        response = RedirectResponse(keep_local(go_to) or paths.ASSESSMENTS, 303)
        response.set_cookie(
            self.cookie,
            session_token,
            max_age=int(COOKIE_LIFETIME.total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )
        return response


async def get_arrive(
    request: Request, database: DatabaseDep, keys: TokenKeysDep, cookie: SessionCookie, replaced: SessionToken
) -> Arrive:
    """Give what sends on whoever has signed in."""
    return Arrive(database, keys, cookie, replaced, secure=request.app.state.secure_cookies)


ArriveDep = Annotated[Arrive, Depends(get_arrive)]


def keep_local(path: str) -> str:
    """Keep a path of this service; anything that could lead elsewhere becomes nothing."""
    local = (
        len(path) <= LONGEST_PATH
        and path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isprintable()
        and "\\" not in path
        and len(quote(path)) <= LONGEST_QUOTED
    )
    return path if local else ""
