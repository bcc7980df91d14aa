"""Where releases are read, and where they are made."""

from typing import Final
from uuid import UUID

RELEASES: Final = "/releases"
ROUND: Final = RELEASES + "/{round_id}"
CUT: Final = ROUND + "/cuts/{cut_id}"
MONEY: Final = ROUND + "/money"
QUESTIONS: Final = ROUND + "/questions"
MIRROR: Final = ROUND + "/mirror"
FILE: Final = ROUND + "/figures.{form}"
STATISTICS: Final = "/statistics"
STATISTICS_ROUND: Final = STATISTICS + "/{round_id}"
STATISTICS_FILE: Final = STATISTICS_ROUND + "/figures.{form}"
MANAGE: Final = "/set-up/rounds/{round_id}/releases"
BUILD: Final = MANAGE + "/build"
RELEASE: Final = "/set-up/releases/{release_id}"
APPROVE: Final = RELEASE + "/approve"
WITHDRAW: Final = RELEASE + "/withdraw"


def round_(round_id: UUID) -> str:
    """The release of a round."""
    return f"{RELEASES}/{round_id}"


def cut(round_id: UUID, cut_id: str) -> str:
    """One cut of it."""
    return f"{round_(round_id)}/cuts/{cut_id}"


def money(round_id: UUID) -> str:
    """Its scores against spending."""
    return f"{round_(round_id)}/money"


def questions(round_id: UUID) -> str:
    """Every question of it."""
    return f"{round_(round_id)}/questions"


def mirror(round_id: UUID) -> str:
    """What departments say beside what places say."""
    return f"{round_(round_id)}/mirror"


def file(round_id: UUID, form: str) -> str:
    """All of it as a file."""
    return f"{round_(round_id)}/figures.{form}"


def statistics(round_id: UUID) -> str:
    """The release of a round, for anybody."""
    return f"{STATISTICS}/{round_id}"


def statistics_file(round_id: UUID, form: str) -> str:
    """All of it as a file, for anybody."""
    return f"{statistics(round_id)}/figures.{form}"


def manage(round_id: UUID) -> str:
    """The releases of a round, for administrators."""
    return f"/set-up/rounds/{round_id}/releases"


def build(round_id: UUID) -> str:
    """Where the next one is built."""
    return f"{manage(round_id)}/build"


def release(release_id: UUID) -> str:
    """One release with its audit, for administrators."""
    return f"/set-up/releases/{release_id}"


def approve(release_id: UUID) -> str:
    """Where it is approved."""
    return f"{release(release_id)}/approve"


def withdraw(release_id: UUID) -> str:
    """Where it is withdrawn."""
    return f"{release(release_id)}/withdraw"
