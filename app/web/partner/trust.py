"""Saying how far an organisation can rely on its partners."""

from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.services import trusting
from app.web import paths
from app.web.forms import Form, reads
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.trust_pages import MOST_SUBJECTS, make_trust_page, make_trust_read_page
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

TRUST: Final = ASSESSMENT + "/trust"
LEVELS: Final = tuple(f"level-{number}" for number in range(1, MOST_SUBJECTS + 1))
TrustForm = Annotated[Form, Depends(reads(*LEVELS, "mark"))]


@router.get(TRUST)
def trust_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now
) -> Response:
    """People of the organisation: how far it can rely on each partner; with a form for leads, until it submits."""
    opened = trusting.open_trust(database, catalogue, actor, key)
    if not trusting.can_rate(actor, opened.record, now):
        return show("partner/trust_read.html", make_trust_read_page(opened, actor, now))
    return show("partner/trust.html", make_trust_page(opened, {}, now))


@router.post(TRUST)
def save_trust(
    form: TrustForm,  # first, so that what was typed is at hand whatever goes wrong
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
) -> Response:
    """Leads of the organisation: saves how far it can rely on each partner, then goes back to the list of sections."""
    chosen = _read_levels(form)
    conflict = trusting.rate(database, catalogue, actor, key, chosen, form.get("mark"), now)
    if conflict is None:
        return RedirectResponse(paths.assessment(key), 303)
    return show("partner/trust.html", make_trust_page(conflict.opened, chosen, now, conflict=True), 409)


def _read_levels(form: Form) -> dict[str, str]:
    """Give subject -> level out of the fields, each of which names both; empty for those of whom nothing is said."""
    pairs = (form.get(name).partition(" ") for name in LEVELS if form.get(name))
    return {subject: level for subject, _, level in pairs}
