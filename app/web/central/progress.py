"""For central teams: how far each round has come. No scores here."""

from itertools import groupby
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.access import Actor, Deed, can
from app.domain.records import PartnershipProgress
from app.renderings.words import count
from app.services import following
from app.web import paths
from app.web.pages import ProgressRow, RoundProgress, RoundsPage
from app.web.templating import ShowDep
from app.web.words import moment_words

router = APIRouter()


@router.get(paths.ROUNDS)
def rounds_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central teams: the rounds, and how many organisations of each partnership have submitted."""
    progress = following.list_progress(database, actor, now)
    return show(
        "central/rounds.html",
        RoundsPage(
            title="Rounds",
            rounds=tuple(
                _make_round(list(group), actor, closed=now >= closes)
                for (_, closes), group in groupby(progress, key=lambda row: (row.round_id, row.closes_at))
            ),
        ),
    )


def _make_round(partnerships: list[PartnershipProgress], actor: Actor, *, closed: bool) -> RoundProgress:
    first = partnerships[0]
    submitted = sum(row.submitted + row.signed_off for row in partnerships)
    organisations = sum(row.organisations for row in partnerships)
    return RoundProgress(
        title=first.round,
        detail=f"Opened at {moment_words(first.opens_at)}. "
        f"{'Closed' if closed else 'Closes'} at {moment_words(first.closes_at)}.",
        asks_sign_off=any(row.signed_off for row in partnerships),
        summary=f"{submitted} of {count(organisations, 'assessment')} submitted, "
        f"in {count(len(partnerships), 'partnership')}",
        rows=tuple(
            ProgressRow(
                partnership=row.partnership,
                href=_find_page(actor, row.partnership_id),
                not_started=row.organisations - row.in_progress - row.submitted - row.signed_off,
                in_progress=row.in_progress,
                submitted=row.submitted,
                signed_off=row.signed_off,
            )
            for row in partnerships
        ),
    )


def _find_page(actor: Actor, partnership_id: UUID) -> str:
    may_enter = can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id)
    return paths.partnership(partnership_id) if may_enter else ""
