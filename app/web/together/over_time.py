"""For a partnership: a round beside each earlier one that it did, like for like."""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.partnership_report import Shows
from app.domain.together import Together
from app.renderings.view_change import make_change_view
from app.renderings.words import join, one_line
from app.services import over_time
from app.services.over_time import OverTime
from app.web.pages import Link
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.together import addresses
from app.web.together.change_pages import OverTimePage
from app.web.together.readings import (
    SEE_AGREED,
    SEE_ANSWERED,
    ViewQuery,
    describe_reading,
    is_settled,
)

router = make_router()

FIRST_ROUND: Final = (
    "This is the first round that anybody in the partnership submitted in, so there is nothing to compare it with yet.",
    "After the next round, this page sets the two side by side.",
)


@router.get(addresses.OVER_TIME)
def over_time_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    partnership_id: UUID,
    round_id: UUID,
    view: ViewQuery = Shows.INDIVIDUAL,
) -> HTMLResponse:
    """People of the partnership: what has changed since each earlier round, and the way to the targets."""
    found = over_time.get_over_time(database, catalogue, actor, partnership_id, round_id, now)
    together = found.current.together
    rounds = [together, *(each.together for each in found.earlier)]
    settled = is_settled(view, rounds)
    return show(
        "together/over_time.html",
        OverTimePage(
            title=f"Over time: {one_line(together.partnership)}, {one_line(together.round)}",
            back=Link("Back to the report", addresses.report(partnership_id, round_id)),
            caption=f"{one_line(together.partnership)}, {one_line(together.round)}",
            shows=describe_reading(together, view, settled=settled) if found.earlier else "",
            other=_find_other(together, rounds, settled=settled) if found.earlier else None,
            notices=_make_notices(found, now),
            change=make_change_view(found.current, found.earlier, settled=settled) if found.earlier else None,
        ),
    )


def _find_other(together: Together, rounds: list[Together], *, settled: bool) -> Link | None:
    place = together.partnership_id, together.round_id
    if settled:
        return Link(SEE_ANSWERED, addresses.over_time(*place))
    agreed = any(each.agreed_levels for each in rounds)
    return Link(SEE_AGREED, addresses.over_time(*place, agreed=True)) if agreed else None


def _make_notices(found: OverTime, now: datetime) -> tuple[str, ...]:
    if not found.earlier and not found.kept_back:
        return FIRST_ROUND
    lines = []
    if found.kept_back:
        lines.append(
            f"Not shown: {join([one_line(each) for each in found.kept_back])}. "
            "A round is shown to those who may read its report: people of organisations that submitted in it, "
            "and coordinators once it is complete."
        )
    if not found.current.together.is_complete(now):
        lines.append("This round is still open, and not every organisation has submitted: what is shown may change.")
    return tuple(lines)
