"""Doing what needs a clock: mail, reminders, the closing of rounds."""

import logging
import signal
from contextlib import closing
from datetime import UTC, datetime
from types import FrameType
from typing import Annotated, Final

import typer

STOP_WITHIN_SECONDS: Final = 5
LOCAL_ADDRESS: Final = "http://127.0.0.1:8000"
"""Where `enablers serve` listens unless it is told otherwise: what printed links begin with where no address is set."""


def work(
    *,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    every: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds to rest after each turn.")] = 1,
) -> None:
    """Send mail, remind people, close rounds: whatever needs a clock, until told to stop."""
    from app import catalogue
    from app.main import make_means, open_database
    from app.services import maintaining
    from app.services.working import Worker, run_once
    from app.settings import read_settings

    settings = read_settings()
    is_addressed = bool(settings.public_url)
    if not is_addressed:
        settings = settings.model_copy(update={"public_url": LOCAL_ADDRESS})
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("enablers").setLevel(logging.INFO)
    with closing(open_database(settings)) as database:
        maintaining.check_there(database)
        maintaining.check_revision(database)
        if not is_addressed:
            typer.echo(f"Links begin with {LOCAL_ADDRESS}: set ENABLERS_PUBLIC_URL if that is wrong.", err=True)
        means = make_means(settings, database, catalogue.load(settings.questionnaires))
        if once:
            for line in run_once(means, datetime.now(UTC)):
                typer.echo(line)
            return
        worker = Worker(means, every)

        def stop(_number: int, _frame: FrameType | None) -> None:
            means.stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        worker.start()
        typer.echo("Working (stop with Ctrl+C)")
        worker.wait()
        worker.stop(STOP_WITHIN_SECONDS)
