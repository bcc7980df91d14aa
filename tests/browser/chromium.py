"""Finds and starts the Chromium that the browser tests drive.

`ENABLERS_TEST_CHROMIUM` names one; else one that the system has; else Playwright's own, which is fetched if that goes
within a minute.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

PATH_SETTING: Final = "ENABLERS_TEST_CHROMIUM"
COMMANDS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_TIMEOUT: Final = 60.0
# The pages under test come from this machine. Without these a browser also asks its maker's servers for updates, lists
# and the like, at every start, and on a machine that may not reach them waits for the refusals.
QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


class ChromiumUnavailableError(Exception):
    """No Chromium here. The message says where it was sought."""


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        # Chromium refuses to build its sandbox as root.
        arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*QUIET]
        try:
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
        except Error as error:
            message = f"{path} does not start: {error.message.strip()[:500]}"
            raise ChromiumUnavailableError(message) from error
        try:
            yield browser
        finally:
            browser.close()


def find_chromium(playwright: Playwright) -> Path:
    named = os.environ.get(PATH_SETTING)
    if named:
        if not os.access(named, os.X_OK):
            message = f"{PATH_SETTING} names {named}, which is no program"
            raise ChromiumUnavailableError(message)
        return Path(named)
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            return Path(found)
    return find_or_fetch_own(playwright)


def find_or_fetch_own(playwright: Playwright) -> Path:
    path = Path(playwright.chromium.executable_path)
    if path.exists():
        return path
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DOWNLOAD_TIMEOUT,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        message = (
            f"none of {', '.join(COMMANDS)} is installed, and Playwright could not fetch its own; "
            f"install one, or set {PATH_SETTING} to its path"
        )
        raise ChromiumUnavailableError(message) from error
    return path
