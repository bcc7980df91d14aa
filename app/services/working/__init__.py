"""What needs a clock: mail, reminders, the closing of rounds. Every job may run several times at once, anywhere.

`jobs` lists them, `clock` runs them over and over.
"""

from app.services.working.clock import Worker, run_due, run_once
from app.services.working.jobs import JOBS, Job, Means

__all__ = ["JOBS", "Job", "Means", "Worker", "run_due", "run_once"]
