"""Date and time as people type them into four fields, UK time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.times import UK
from app.domain.uk_time import UkTimeError, make_date, parse_time, to_utc
from app.web.forms import Form
from app.web.pages import FieldError

PARTS: Final = ("day", "month", "year", "time")


def name_fields(prefix: str) -> tuple[str, ...]:
    """Give the names of the four fields, for `reads`: `opens-day`, `opens-month`, `opens-year`, `opens-time`."""
    return tuple(f"{prefix}-{part}" for part in PARTS)


@dataclass(frozen=True, slots=True)
class DateFields:
    """What stands in the four fields, as typed."""

    prefix: str
    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""

    @classmethod
    def read(cls, form: Form, prefix: str) -> "DateFields":
        """Take the fields out of a form."""
        return cls(prefix, *(form.get(name) for name in name_fields(prefix)))

    @classmethod
    def show(cls, moment: datetime, prefix: str) -> "DateFields":
        """Fill the fields with a moment."""
        local = moment.astimezone(UK)
        seconds = f":{local:%S}" if local.second else ""
        return cls(prefix, str(local.day), str(local.month), str(local.year), f"{local:%H:%M}{seconds}")

    def as_fields(self) -> dict[str, str]:
        """Give the fields by their names, as a form has them."""
        return dict(zip(name_fields(self.prefix), (self.day, self.month, self.year, self.time), strict=True))

    def find_faults(self, what: str) -> tuple[FieldError, ...]:
        """Find everything that is wrong with date and time, told with what they are of, such as `Opening`."""
        faults: list[tuple[str, str]] = []
        try:
            make_date(self.day, self.month, self.year)
        except UkTimeError as error:
            faults.append(("day", str(error)))
        try:
            parse_time(self.time)
        except UkTimeError as error:
            faults.append(("time", str(error)))
        if not faults and isinstance(resolved := self.resolve(), FieldError):
            faults.append(("time", resolved.text))
        return tuple(
            FieldError(f"{self.prefix}-{part}", f"{what}: {text[:1].lower()}{text[1:]}") for part, text in faults
        )

    def resolve(self) -> datetime | FieldError:
        """Give the moment in UTC, or what is wrong and where."""
        try:
            day = make_date(self.day, self.month, self.year)
        except UkTimeError as error:
            return FieldError(f"{self.prefix}-day", str(error))
        try:
            return to_utc(day, parse_time(self.time))
        except UkTimeError as error:
            return FieldError(f"{self.prefix}-time", str(error))
