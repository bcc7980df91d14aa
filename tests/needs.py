"""What some tests need and not every machine has.

Such a test is skipped where its need cannot be met, and the run says so in its last lines. Where it must not be
skipped, as on the build machine, `ENABLERS_TEST_REQUIRE=browser,postgresql` makes it fail instead.
"""

import os
from typing import Final, NoReturn

import pytest

REQUIRE_SETTING: Final = "ENABLERS_TEST_REQUIRE"
NEEDS: Final = {"browser": "Chromium", "postgresql": "PostgreSQL"}
UNMET: Final = "not here: "


def required() -> frozenset[str]:
    return frozenset(filter(None, (need.strip() for need in os.environ.get(REQUIRE_SETTING, "").split(","))))


def unmet(need: str, why: str) -> NoReturn:
    """End the test that asked for a need: failed where it is required, skipped elsewhere."""
    message = f"{NEEDS[need]} {UNMET}{why}"
    if need in required():
        pytest.fail(f"{message} (required by {REQUIRE_SETTING})", pytrace=False)
    pytest.skip(message)
