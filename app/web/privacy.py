"""What is kept about people, why and for how long; and everything about oneself, to take along."""

from dataclasses import dataclass

from fastapi.responses import HTMLResponse, StreamingResponse

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.retention import RULES, say_period
from app.domain.texts import TextName
from app.services import privacy
from app.web import paths
from app.web.downloads import make_headers
from app.web.forms import NO_FIELDS
from app.web.information import OwnTexts
from app.web.pages import Link, Page
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptData:
    """One kind of data, and how long it is kept."""

    what: str
    why: str
    period: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage(Page):
    """What is kept, and the operator's own words about it; empty where they have not filled them in."""

    kept: tuple[KeptData, ...]
    responsible: tuple[str, ...]
    lawful_basis: tuple[str, ...]
    retention_note: tuple[str, ...]
    contact: tuple[str, ...]
    own_data: str
    cookies: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataPage(Page):
    """The button that downloads it."""

    action: str
    privacy: str


@router.get(paths.PRIVACY)
def privacy_page(show: ShowDep, own: OwnTexts) -> HTMLResponse:
    """Anyone: what is kept, why and for how long, and who is responsible."""
    return show(
        "information/privacy.html",
        PrivacyPage(
            title="Privacy",
            kept=tuple(
                KeptData(what=rule.what, why=rule.why, period=say_period(rule), then=rule.then) for rule in RULES
            ),
            responsible=own[TextName.RESPONSIBLE],
            lawful_basis=own[TextName.LAWFUL_BASIS],
            retention_note=own[TextName.RETENTION_NOTE],
            contact=own[TextName.CONTACT],
            own_data=paths.OWN_DATA,
            cookies=paths.COOKIES,
        ),
    )


@router.get(paths.OWN_DATA)
def own_data_page(show: ShowDep, _actor: ActorDep) -> HTMLResponse:
    """Anyone signed in: where they download what is kept about them."""
    return show(
        "account/data.html",
        OwnDataPage(
            title="What is kept about you",
            back=Link("Back to your account", paths.ACCOUNT),
            action=paths.OWN_DATA,
            privacy=paths.PRIVACY,
        ),
    )


@router.post(paths.OWN_DATA, dependencies=[NO_FIELDS])
def download_own_data(database: DatabaseDep, actor: ActorDep, now: Now) -> StreamingResponse:
    """Anyone signed in: everything that is kept about them, as a file."""
    return StreamingResponse(
        privacy.export_own(database, actor, now),
        media_type="application/json",
        headers=make_headers("what-is-kept-about-me.json"),
    )
