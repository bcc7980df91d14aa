"""Templates: where they come from, what the layout needs, and how a page becomes a reply."""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    UndefinedError,
)

from app.dependencies import Demonstration, MaybeActorDep, Phase
from app.domain.access import Actor
from app.domain.values import SERVICE_NAME
from app.web import paths
from app.web.navigation import list_entries
from app.web.pages import Link, Page

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
BETWEEN_TAGS: Final = re.compile(r">\s*\n\s*<")
"""Where templates leave blank lines and indents, which weigh: one line break says the same."""
INVENTED: Final = "Every place, organisation, person and answer here is invented."


class PageUndefined(ChainableUndefined):
    """Chainable, as the Design System's macros need for what is left out; our own objects forgive no misspelling."""

    def __init__(self, hint: str | None = None, obj: Any = None, name: str | None = None, *rest: Any) -> None:  # noqa: ANN401 - Jinja's own
        """Raise at once where one of our objects lacks the attribute."""
        if dataclasses.is_dataclass(obj):
            raise UndefinedError(f"{type(obj).__name__} has no “{name}”")
        super().__init__(hint, obj, name, *rest)


@lru_cache(maxsize=1)
def get_environment() -> Environment:
    """Make the environment once; templates come from our folder and the Design System's package."""
    return Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(HERE / "templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=PageUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@lru_cache(maxsize=1)
def read_manifest() -> dict[str, str]:
    """Give the built file of each front-end source: `main.css` -> `main.<hash>.css`."""
    manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    return manifest


@dataclass(frozen=True, slots=True)
class Frame:
    """What the layout shows around every page."""

    service: str
    start: str
    navigation: tuple[Mapping[str, object], ...]
    """Entries in the shape that the Design System's macro takes."""
    person: str
    account: str
    sign_out: str
    demonstration: str
    """What a demonstration says of itself; empty in earnest."""
    phase: str
    """Such as `Beta`; empty for no banner."""
    feedback: str
    css: str
    js: str
    icon: str
    footer: tuple[Link, ...]


def make_frame(path: str, actor: Actor | None, *, demonstration: bool, phase: str, known: bool = True) -> Frame:
    """Make the layout's object: navigation by role, and where the built files are.

    Where nobody asked who is signed in, it is not `known`, and the navigation claims nothing.
    """
    manifest = read_manifest()
    items: list[tuple[str, str]] = []
    if actor is not None:
        items += ((entry.text, entry.path) for entry in list_entries(actor))
    elif known:
        items.append(("Sign in", paths.SIGN_IN))
    if demonstration and known:
        items.append(("Change person" if actor else "Step in", paths.DEMONSTRATION))
    return Frame(
        service=SERVICE_NAME,
        start=paths.START,
        navigation=tuple({"text": text, "href": href, "active": path.startswith(href)} for text, href in items),
        person=actor.name if actor else "",
        account=paths.ACCOUNT,
        sign_out=paths.SIGN_OUT,
        demonstration=INVENTED if demonstration else "",
        phase=phase.capitalize(),
        feedback=f"{paths.HELP}#contact",
        css=f"/static/{manifest['main.css']}",
        js=f"/static/{manifest['main.js']}",
        icon=f"/static/{manifest['icon.svg']}",
        footer=(
            Link("Help", paths.HELP),
            Link("Cookies", paths.COOKIES),
            Link("Privacy", paths.PRIVACY),
            Link("Accessibility statement", paths.ACCESSIBILITY),
            Link("How scores are worked out", paths.SCORING),
            Link("For other systems: the API", paths.API),
        ),
    )


def render(frame: Frame, template: str, page: Page, status: int = 200) -> HTMLResponse:
    """Render one page object with its template."""
    html = get_environment().get_template(template).render(page=page, frame=frame)
    html = BETWEEN_TAGS.sub(">\n<", html)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class Show:
    """Renders a page for whoever asked."""

    frame: Frame

    def __call__(self, template: str, page: Page, status: int = 200) -> HTMLResponse:
        """Render one page object with its template."""
        return render(self.frame, template, page, status)


def get_show(request: Request, actor: MaybeActorDep, demonstration: Demonstration, phase: Phase) -> Show:
    """Give what renders pages for this request."""
    return Show(make_frame(request.url.path, actor, demonstration=demonstration, phase=phase))


ShowDep = Annotated[Show, Depends(get_show)]
