"""How long the service takes to start on an existing database, against the bare import of what it is built on."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

MOST: Final = 2
ROUNDS: Final = 7
BARE: Final = "import alembic.command, fastapi, jinja2, pydantic, sqlalchemy.orm, uvicorn"
START: Final = "from app.main import create_app; from app.settings import read_settings; create_app(read_settings())"


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ENABLERS_DATABASE_URL": f"sqlite:///{Path(folder) / 'existing.db'}"}
        take(START, environment)  # makes the database
        ratios, seconds = [], []
        for _ in range(ROUNDS):
            bare, start = take(BARE, environment), take(START, environment)
            ratios.append(start / bare)
            seconds.append(start)
    print(f"start on an existing database: {median(seconds):.2f} s (median of {ROUNDS}; for orientation)")
    print(f"ratio to the bare import of the stack: {median(ratios):.2f}, at most {MOST}")
    if median(ratios) > MOST:
        raise SystemExit(f"The ratio {median(ratios):.2f} is over {MOST}")


def take(code: str, environment: dict[str, str]) -> float:
    """Give the seconds a fresh Python takes to run some code."""
    started = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return perf_counter() - started


if __name__ == "__main__":
    run()
