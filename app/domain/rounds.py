"""The rules of a round: when it is open and to whom, and who signs off."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.errors import NotAllowedNowError

LEAST_THRESHOLD: Final = 5
"""No round may show figures of fewer contributors than this."""
DEFAULT_THRESHOLD: Final = 10


class SignOff(StrEnum):
    """Who must sign off what was submitted in a round."""

    NOBODY = "nobody"
    CERTIFIER = "certifier"
    """A certifier of the organisation, who may be the person who submitted."""
    ANOTHER_PERSON = "another-person"
    """A certifier of the organisation who did not submit."""


@dataclass(frozen=True, slots=True)
class Window:
    """When an organisation may work on its assessment: from opening, up to but not at closing."""

    opens_at: datetime
    closes_at: datetime
    late_until: datetime | None = None
    """Until when this organisation may still enter, by permission."""

    @property
    def ends_at(self) -> datetime:
        """The closing that holds for this organisation."""
        return max(self.closes_at, self.late_until or self.closes_at)

    def is_open(self, now: datetime) -> bool:
        """Say whether answers may be given and submitted."""
        return self.opens_at <= now < self.ends_at

    def check_open(self, now: datetime) -> None:
        """Raise `NotAllowedNowError` outside it."""
        if now < self.opens_at:
            raise NotAllowedNowError("This round has not opened yet")
        if now >= self.ends_at:
            raise NotAllowedNowError("This round has closed, so answers can no longer be changed")
