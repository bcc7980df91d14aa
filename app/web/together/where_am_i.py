"""For a partnership: its own scores beside what all partnerships of the round said together, once that is released."""

from datetime import datetime
from uuid import UUID

from fastapi.responses import HTMLResponse

from app.renderings.release_words import say_taken_back
from app.renderings.view_where import make_where_view
from app.renderings.words import one_line
from app.services import where_am_i
from app.web.pages import Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.desk import DeskDep
from app.web.together.where_pages import WherePage
from app.web.words import date_words, moment_words

router = make_router()


@router.get(addresses.WHERE)
def where_page(desk: DeskDep, partnership_id: UUID, round_id: UUID) -> HTMLResponse:
    """People of the partnership: its own scores beside what is released of the round."""
    found = where_am_i.get_where(desk.database, desk.catalogue, desk.actor, partnership_id, round_id, desk.now)
    together, released = found.report.together, found.released
    caption = f"{one_line(together.partnership)}, {one_line(together.round)}"
    return desk.show(
        "together/where_am_i.html",
        WherePage(
            title=f"Where are we? {caption}",
            back=Link("Back to the report", addresses.report(partnership_id, round_id)),
            caption=caption,
            notice=say_taken_back(released.taken_back, released.record.publishes_at) if released else "",
            when="" if released else _say_when(found.release_at, desk.now),
            where=make_where_view(
                found.report,
                released.content,
                released.categories,
                date_words(released.record.publishes_at),
                corrects=released.record.number > 1,
            )
            if released
            else None,
        ),
    )


def _say_when(release_at: datetime | None, now: datetime) -> str:
    if release_at is None:
        return "No date is named yet on which it is published."
    if release_at > now:
        return f"It is to be published at {moment_words(release_at)}."
    return f"It was to be published at {moment_words(release_at)}, and is not yet."
