"""For central teams: how far each round has come, by partnership and organisation, and day by day. No scores here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.access import Actor
from app.domain.progress import Board, Place, Stage, count_stages
from app.domain.records import RoundProgress
from app.domain.rounds import SignOff
from app.domain.set_up import RoundRecord
from app.renderings.words import count
from app.services import overseeing
from app.services.overseeing import RunningRound
from app.web import paths
from app.web.central.pages import RoundRow
from app.web.central.progress_course import make_course
from app.web.central.progress_pages import BoardFold, BoardPart, BoardRow, Figure, RoundProgressPage, RoundsPage
from app.web.central.progress_words import (
    describe_exceptions,
    describe_next,
    describe_places,
    describe_window,
    find_organisation,
    find_partnership,
    tag_of_window,
)
from app.web.pages import Link
from app.web.partner.statuses import TAG_OF
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

BACK: Final = Link("Back to the rounds", paths.ROUNDS)
MOST_OPEN: Final = 3
"""So many partnerships stand unfolded; of more, one sees how far they are and unfolds those one wants."""


@router.get(paths.ROUNDS)
def rounds_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central teams: the rounds, and how many assessments have been submitted in each."""
    rounds = overseeing.list_rounds(database, actor, now)
    return show(
        "central/rounds.html", RoundsPage(title="Rounds", rounds=tuple(_make_round(each, now) for each in rounds))
    )


def _make_round(found: RoundProgress, now: datetime) -> RoundRow:
    submitted = found.submitted + found.signed_off
    return RoundRow(
        title=found.round,
        href=paths.round_progress(found.round_id),
        detail=f"{submitted} of {count(found.assessments, 'assessment')} submitted, "
        f"in {count(found.partnerships, 'partnership')}. {describe_next(found.opens_at, found.closes_at, now)}",
        tag=tag_of_window(found.opens_at, found.closes_at, now),
    )


@router.get(f"{paths.ROUNDS}/{{round_id}}")
def round_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> HTMLResponse:
    """Central teams: how far every organisation of a round has come, those first that need attention."""
    found = overseeing.get_round(database, actor, round_id, now)
    places = [place for board in found.boards for place in board.places]
    unfinished = sum(place.is_unfinished for place in places)
    counted = sum(place.is_counted for place in places)
    return show(
        "central/round_progress.html",
        RoundProgressPage(
            title=f"{found.round.title}: how far it has come",
            back=BACK,
            detail=describe_window(found.round.opens_at, found.round.closes_at, now),
            lead=_describe(found.round, unfinished, counted, now),
            ask=_find_ask(found.round, unfinished, now),
            figures=_make_figures(found.round, places),
            parts=_make_parts(found, actor, now),
            course=make_course(found.days, counted, found.round.closes_at, now),
        ),
    )


def _describe(found: RoundRecord, unfinished: int, counted: int, now: datetime) -> str:
    done = "submitted" if found.sign_off is SignOff.NOBODY else "submitted and signed off"
    if now < found.opens_at:
        return f"{count(counted, 'assessment')} will be asked for once it opens."
    if not unfinished:
        return f"Everything is {done}." if counted else "No organisation takes part."
    missing = f"{unfinished} of {count(counted, 'assessment')}"
    one, several = ("was", "were") if now >= found.closes_at else ("is", "are")
    return f"{missing} {one if unfinished == 1 else several} not finished."


def _find_ask(found: RoundRecord, unfinished: int, now: datetime) -> Link | None:
    if now < found.opens_at or not unfinished:
        return None
    return Link("See whom to ask", paths.whom_to_ask(found.id))


def _make_figures(found: RoundRecord, places: Sequence[Place]) -> tuple[Figure, ...]:
    """Give every stage that the round knows, and any other where somebody is."""
    signs = found.sign_off is not SignOff.NOBODY
    known = {
        Stage.NOT_STARTED,
        Stage.IN_PROGRESS,
        *((Stage.WAITING, Stage.SIGNED_OFF) if signs else (Stage.SUBMITTED,)),
    }
    return tuple(
        Figure(number=str(number), text=TAG_OF[stage].text)
        for stage, number in count_stages(places).items()
        if number or stage in known
    )


def _make_parts(found: RunningRound, actor: Actor, now: datetime) -> tuple[BoardPart, ...]:
    closed = now >= found.round.closes_at
    is_open = len(found.boards) <= MOST_OPEN
    unfinished = [board for board in found.boards if board.is_unfinished]
    finished = [board for board in found.boards if not board.is_unfinished]
    parts = (("Did not finish" if closed else "Not finished", unfinished), ("Finished", finished))
    return tuple(
        BoardPart(
            title=f"{title}: {count(len(boards), 'partnership')}",
            folds=tuple(_make_fold(board, actor, now, is_open=is_open) for board in boards),
        )
        for title, boards in parts
        if boards
    )


def _make_fold(board: Board, actor: Actor, now: datetime, *, is_open: bool) -> BoardFold:
    return BoardFold(
        partnership=board.partnership,
        detail=describe_places(board.places),
        link=find_partnership(actor, board.partnership_id, board.partnership),
        rows=tuple(_make_row(place, actor, now) for place in board.places),
        is_open=is_open,
    )


def _make_row(place: Place, actor: Actor, now: datetime) -> BoardRow:
    record = place.record
    return BoardRow(
        organisation=record.organisation,
        href=find_organisation(actor, record),
        detail=". ".join(describe_exceptions(record, now)),
        tag=TAG_OF[place.stage],
    )
