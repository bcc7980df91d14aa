"""What people expect to find at the foot of every page: help, cookies, and how accessible the service is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from app.dependencies import DatabaseDep, SessionCookie
from app.domain.texts import TextName, split_paragraphs
from app.renderings.words import count
from app.services import texts
from app.services.sessions import ABSOLUTE_LIMIT, COOKIE_LIFETIME, IDLE_LIMIT
from app.services.signing_in import LINK_LIFETIME
from app.web import paths
from app.web.account.provider import AWAY_AT_MOST_SECONDS, CookieDep
from app.web.pages import Page
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

_UNITS: Final = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage(Page):
    """What each role can do, what to do when stuck, and who to ask."""

    contact: tuple[str, ...]
    """The operator's own words, in paragraphs; none where they have not been filled in."""
    link_lifetime: str
    idle_limit: str
    sign_in: str
    assessments: str
    account: str
    scoring: str
    privacy: str
    accessibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """One cookie."""

    name: str
    purpose: str
    lifetime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CookiesPage(Page):
    """The cookies there are."""

    cookies: tuple[Cookie, ...]
    idle_limit: str
    absolute_limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityPage(Page):
    """The accessibility statement."""

    responsible: tuple[str, ...]
    contact: tuple[str, ...]
    note: tuple[str, ...]
    """What the operator found out about their own installation."""


def get_own_texts(database: DatabaseDep) -> dict[TextName, tuple[str, ...]]:
    """Give the operator's own texts in paragraphs; those that are missing have none."""
    filled = texts.get_texts(database)
    return {name: split_paragraphs(filled.get(name, "")) for name in TextName}


OwnTexts = Annotated[dict[TextName, tuple[str, ...]], Depends(get_own_texts)]


@router.get(paths.HELP)
def help_page(show: ShowDep, own: OwnTexts) -> HTMLResponse:
    """Anyone: what each role can do, what to do when stuck, and who to ask."""
    return show(
        "information/help.html",
        HelpPage(
            title="Help",
            contact=own[TextName.CONTACT],
            link_lifetime=duration_words(LINK_LIFETIME),
            idle_limit=duration_words(IDLE_LIMIT),
            sign_in=paths.SIGN_IN,
            assessments=paths.ASSESSMENTS,
            account=paths.ACCOUNT,
            scoring=paths.SCORING,
            privacy=paths.PRIVACY,
            accessibility=paths.ACCESSIBILITY,
        ),
    )


@router.get(paths.COOKIES)
def cookies_page(request: Request, show: ShowDep, session: SessionCookie, handshake: CookieDep) -> HTMLResponse:
    """Anyone: the cookies there are, what for and for how long."""
    cookies = [
        Cookie(
            name=session,
            purpose="Keeps you signed in on this device. It holds a random number, and nothing about you.",
            lifetime=f"Until you sign out, or {duration_words(COOKIE_LIFETIME)}",
        )
    ]
    if request.app.state.identity_provider is not None:
        lifetime = duration_words(timedelta(seconds=AWAY_AT_MOST_SECONDS))
        cookies.append(
            Cookie(
                name=handshake,
                purpose="Holds random numbers while you sign in somewhere else, so that nobody can come back as you.",
                lifetime=f"Until you are back, or {lifetime}",
            )
        )
    return show(
        "information/cookies.html",
        CookiesPage(
            title="Cookies",
            cookies=tuple(cookies),
            idle_limit=duration_words(IDLE_LIMIT),
            absolute_limit=duration_words(ABSOLUTE_LIMIT),
        ),
    )


@router.get(paths.ACCESSIBILITY)
def accessibility_page(show: ShowDep, own: OwnTexts) -> HTMLResponse:
    """Anyone: the accessibility statement."""
    return show(
        "information/accessibility.html",
        AccessibilityPage(
            title="Accessibility statement",
            responsible=own[TextName.RESPONSIBLE],
            contact=own[TextName.CONTACT],
            note=own[TextName.ACCESSIBILITY_NOTE],
        ),
    )


def duration_words(duration: timedelta) -> str:
    """Write a duration in its largest whole unit, such as `12 hours` or `7 days`; raises `ValueError` without one."""
    for unit, name in _UNITS:
        if duration >= unit and not duration % unit:
            return count(duration // unit, name)
    raise ValueError(f"{duration} is no whole number of minutes")
