"""The jobs of the clock. Each decides by what is stored whether there is anything to do, and is safe to run twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.services.working.closing import close_rounds
from app.services.working.hooking import send_messages, tell_of_releases
from app.services.working.keeping import apply_retention, keep_heads
from app.services.working.means import Means
from app.services.working.proposing import propose_help
from app.services.working.reminding import write_reminders
from app.services.working.reminding_owners import write_action_reminders
from app.services.working.sending import send_mails

__all__ = ["JOBS", "Job", "Means"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done again and again."""

    name: str
    every: timedelta
    """How long after one run the next begins, at the soonest."""
    run: Callable[[Means, datetime], str]
    """Does what is due, and says so in a few words; nothing where nothing was."""


JOBS: Final = (
    Job("closing", timedelta(seconds=15), close_rounds),
    Job("reminders", timedelta(minutes=5), write_reminders),
    Job("owners", timedelta(minutes=5), write_action_reminders),
    Job("exchange", timedelta(days=1), propose_help),
    Job("retention", timedelta(days=1), apply_retention),
    Job("audit", timedelta(minutes=5), keep_heads),
    Job("releases", timedelta(seconds=15), tell_of_releases),
    Job("mail", timedelta(0), send_mails),
    Job("webhooks", timedelta(0), send_messages),
)
"""In the order they run, so that what one writes is sent in the same turn."""
