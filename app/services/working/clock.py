"""Running the jobs over and over, in a thread of the service or in a process of their own."""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Thread
from typing import Final

from app.services.working.jobs import JOBS, Job, Means

DEFAULT_SECONDS: Final = 1.0
logger = logging.getLogger("enablers.worker")


def run_once(means: Means, now: datetime, jobs: Sequence[Job] = JOBS) -> tuple[str, ...]:
    """Run every job, and give a line for each that did something; raises what the first that fails raises."""
    done = ((job.name, job.run(means, now)) for job in jobs)
    return tuple(f"{name}: {what}" for name, what in done if what)


def run_due(means: Means, next_runs: dict[str, float], jobs: Sequence[Job] = JOBS) -> None:
    """Run the jobs whose time has come, each whether or not another fails; log a line for each that did something."""
    for job in jobs:
        if means.stop.is_set() or time.monotonic() < next_runs.get(job.name, 0):
            continue
        try:
            what = job.run(means, datetime.now(UTC))
        except Exception:  # a fault of one job, or of the database for a while, ends neither the others nor the clock
            logger.exception("%s: failed, and will be tried again", job.name)
        else:
            if what:
                logger.info("%s: %s", job.name, what)
        next_runs[job.name] = time.monotonic() + job.every.total_seconds()


class Worker:
    """A thread that runs the jobs until it is told to stop."""

    def __init__(self, means: Means, seconds: float = DEFAULT_SECONDS, jobs: Sequence[Job] = JOBS) -> None:
        """Prepare it; `seconds` is how long it rests after each turn."""
        self._means = means
        self._seconds = seconds
        self._jobs = jobs
        # A mail that is on its way when the process ends is sent again: nothing waits for the thread for ever.
        self._thread = Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within_seconds: float) -> bool:
        """Tell it to stop after the step it is at, and say whether it has."""
        self._means.stop.set()
        self._thread.join(within_seconds)
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Wait until it is told to stop."""
        self._means.stop.wait()

    def _run(self) -> None:
        next_runs: dict[str, float] = {}
        while not self._means.stop.is_set():
            run_due(self._means, next_runs, self._jobs)
            self._means.stop.wait(self._seconds)
