"""A release: the frozen aggregate of a round, and when it may be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.aggregate import Contribution, Measure
from app.domain.errors import NotAllowedNowError
from app.domain.exact import exact_text
from app.domain.money import Money, read_money, write_money


class CellKey(NamedTuple):
    """A cell by its cut and category."""

    cut: str
    category: str

    def __str__(self) -> str:
        """Give it as `CUT|CATEGORY`, for keys of JSON."""
        return f"{self.cut}|{self.category}"

    @classmethod
    def parse(cls, text: str) -> "CellKey":
        """Read what `str` gives."""
        cut, _, category = text.partition("|")
        return cls(cut, category)


EVERYBODY = CellKey("all", "all")


@dataclass(frozen=True, slots=True)
class CellFigures:
    """What is published of one cell and measure. Every number was rounded when it was frozen."""

    count: int
    """Partnerships with a score."""
    mean: int
    quartiles: tuple[int | None, int | None, int | None]
    """The lower, the median, the upper; `None` where not shown."""
    bands: Mapping[str, int] | None
    """Band -> partnerships in it; `None` where not shown."""


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """What has changed since the round before in the partnerships with a score in both; each number rounded alone."""

    count: int
    before: int
    after: int
    change: int
    leavers: tuple[int, int] | None = None
    """How many partnerships of the round before are not in this one, and their mean then; `None` where not shown."""


@dataclass(frozen=True, slots=True)
class Table:
    """One measure: its cells. A cell that is withheld is not there, and neither is an empty one."""

    measure: Measure
    cells: Mapping[CellKey, CellFigures]
    change: LikeForLike | None = None
    """`None` where not shown."""
    provisional: int | None = None
    """Of an enabler: how many of the scores are provisional; `None` where not shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of the commonest gaps, barriers or asks: in how many partnerships."""

    id: str
    count: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What the footprints of the contributors cover together, every area counted once."""

    partnerships: int
    areas: int
    areas_in_several: int
    """Areas that lie in more than one footprint."""
    people: int | None
    """Who live there; `None` where the population of some area is not known."""
    asked: int = 0
    """Partnerships with a footprint that took part in the round, whether or not they count."""


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """Two questions that ask about the same thing from both sides, and what each side said."""

    id: str
    about: str
    """In words, as they stood when the release was built."""
    local: str
    """The id of the local partners’ question; that of the departments’ is below."""
    departments: str
    places_say: CellFigures | None = None
    """What is published of all partnerships; `None` where that is nothing."""
    departments_say: CellFigures | None = None
    """The same of departments: each counts once. Never with quartiles."""


@dataclass(frozen=True, slots=True)
class MirrorFigures:
    """What departments said in a round of their own, beside what places say in this one."""

    round_id: UUID
    round: str
    closed_at: datetime
    questionnaire_hash: str
    threshold: int
    rows: tuple[MirrorRow, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """All that a release publishes: pages, files and the API read this and nothing else."""

    threshold: int
    cuts: Mapping[str, tuple[str, ...]]
    """Cut -> its categories in order, shown or not."""
    tables: Mapping[Measure, Table]
    gaps: tuple[Item, ...]
    barriers: tuple[Item, ...]
    asks: tuple[Item, ...]
    """By the name of the department."""
    reach: Reach | None
    """`None` where there are too few partnerships to tell."""
    money: Money
    """Score against spending."""
    before: str = ""
    """The title of the round that changes are told since; empty for none."""
    mirror: MirrorFigures | None = None
    """`None` where no round of departments had closed, or the questionnaire asks nothing from both sides."""


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A release without its content."""

    id: UUID
    round_id: UUID
    round: str
    number: int
    built_at: datetime
    publishes_at: datetime
    approved_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    digest: str
    """The SHA-256 of its content."""

    def is_published(self, now: datetime) -> bool:
        """Say whether it may be read: it was approved, its date has come, and it was not withdrawn."""
        return self.approved_at is not None and self.publishes_at <= now and self.withdrawn_at is None

    def may_be_known(self) -> bool:
        """Say whether its figures were read, or will be unless it is withdrawn first."""
        withdrawn_first = self.withdrawn_at is not None and self.withdrawn_at < self.publishes_at
        return self.approved_at is not None and not withdrawn_first

    def was_taken_back(self, now: datetime) -> bool:
        """Say whether it was withdrawn after it could be read: whoever read it is to be told."""
        return self.withdrawn_at is not None and self.publishes_at <= now and self.may_be_known()

    def counts_as_known(self, at: datetime) -> bool:
        """Say whether its figures count as known at a time: it was approved by then, even if it waits for its date."""
        return self.approved_at is not None and self.approved_at <= at and self.may_be_known()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A release that was withdrawn after it could be read."""

    number: int
    published_at: datetime
    withdrawn_at: datetime
    reason: str


def check_approve(record: ReleaseRecord) -> None:
    """Raise `NotAllowedNowError` where a release cannot be approved: it was before, or was withdrawn."""
    if record.withdrawn_at is not None:
        raise NotAllowedNowError("This release was withdrawn, so it cannot be published any more. Build the next one")
    if record.approved_at is not None:
        raise NotAllowedNowError("This release was approved already")


# ---- As JSON, to be frozen -------------------------------------------------------------------------------------------


def write_content(content: Content) -> dict[str, Any]:
    """Give the content as JSON values."""
    return {
        "schema": 1,
        "threshold": content.threshold,
        "cuts": {cut: list(categories) for cut, categories in content.cuts.items()},
        "tables": {
            str(table.measure): {
                "change": None
                if table.change is None
                else {
                    "count": table.change.count,
                    "before": table.change.before,
                    "after": table.change.after,
                    "change": table.change.change,
                    "leavers": table.change.leavers and list(table.change.leavers),
                },
                "cells": {str(key): _write_cell(cell) for key, cell in table.cells.items()},
                "provisional": table.provisional,
            }
            for table in content.tables.values()
        },
        "gaps": [[item.id, item.count] for item in content.gaps],
        "barriers": [[item.id, item.count] for item in content.barriers],
        "asks": [[item.id, item.count] for item in content.asks],
        "reach": None
        if content.reach is None
        else {
            "partnerships": content.reach.partnerships,
            "areas": content.reach.areas,
            "areas_in_several": content.reach.areas_in_several,
            "people": content.reach.people,
            "asked": content.reach.asked,
        },
        "money": write_money(content.money),
        "before": content.before,
        "mirror": None if content.mirror is None else _write_mirror(content.mirror),
    }


def _write_cell(cell: CellFigures) -> dict[str, Any]:
    return {"count": cell.count, "mean": cell.mean, "quartiles": list(cell.quartiles), "bands": cell.bands}


def _write_mirror(mirror: MirrorFigures) -> dict[str, Any]:
    return {
        "round_id": str(mirror.round_id),
        "round": mirror.round,
        "closed_at": mirror.closed_at.isoformat(),
        "questionnaire_hash": mirror.questionnaire_hash,
        "threshold": mirror.threshold,
        "rows": [
            {
                "id": row.id,
                "about": row.about,
                "local": row.local,
                "departments": row.departments,
                "places_say": row.places_say and _write_cell(row.places_say),
                "departments_say": row.departments_say and _write_cell(row.departments_say),
            }
            for row in mirror.rows
        ],
    }


def read_content(values: Mapping[str, Any]) -> Content:
    """Read what `write_content` gives."""
    tables = {}
    for name, table in values["tables"].items():
        measure = Measure.parse(name)
        cells = {CellKey.parse(key): _read_cell(cell) for key, cell in table["cells"].items()}
        tables[measure] = Table(measure, cells, _read_change(table["change"]), table["provisional"])
    return Content(
        threshold=values["threshold"],
        cuts={cut: tuple(categories) for cut, categories in values["cuts"].items()},
        tables=tables,
        gaps=_read_items(values["gaps"]),
        barriers=_read_items(values["barriers"]),
        asks=_read_items(values["asks"]),
        reach=None if values["reach"] is None else Reach(**values["reach"]),
        money=read_money(values["money"]),
        before=values["before"],
        mirror=None if values.get("mirror") is None else _read_mirror(values["mirror"]),
    )


def _read_cell(cell: Mapping[str, Any]) -> CellFigures:
    return CellFigures(cell["count"], cell["mean"], _three(cell["quartiles"]), cell["bands"])


def _read_mirror(values: Mapping[str, Any]) -> MirrorFigures:
    return MirrorFigures(
        round_id=UUID(values["round_id"]),
        round=values["round"],
        closed_at=datetime.fromisoformat(values["closed_at"]),
        questionnaire_hash=values["questionnaire_hash"],
        threshold=values["threshold"],
        rows=tuple(
            MirrorRow(
                row["id"],
                row["about"],
                row["local"],
                row["departments"],
                row["places_say"] and _read_cell(row["places_say"]),
                row["departments_say"] and _read_cell(row["departments_say"]),
            )
            for row in values["rows"]
        ),
    )


def _read_change(values: Mapping[str, Any] | None) -> LikeForLike | None:
    if values is None:
        return None
    leavers = values["leavers"]
    return LikeForLike(
        values["count"],
        values["before"],
        values["after"],
        values["change"],
        None if leavers is None else (leavers[0], leavers[1]),
    )


def _three(values: list[int | None]) -> tuple[int | None, int | None, int | None]:
    lower, median, upper = values
    return lower, median, upper


def _read_items(values: list[list[Any]]) -> tuple[Item, ...]:
    return tuple(Item(name, count) for name, count in values)


@dataclass(frozen=True, slots=True)
class DepartmentScores:
    """What one department said in a round of departments, exact. Nothing is withheld here."""

    department: UUID
    partnership: UUID
    """The standing partnership it answered in, whose departments read each other."""
    submitted_at: datetime
    left_at: datetime | None
    """When it left the partnership, and read no more of what others said."""
    scores: Mapping[str, Fraction]
    """Question -> score; only what has one."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a release was made of, for the audits of later ones. Never shown."""

    contributions: tuple[Contribution, ...]
    departments: tuple[DepartmentScores, ...] = ()
    """Whose scores its mirror is made of."""
    carried: Mapping[Measure, frozenset[CellKey]] = field(default_factory=dict)
    """Cells that are as an earlier release told them, of whom that was made of."""


def write_sources(sources: Sources) -> dict[str, Any]:
    """Give what a release was made of as JSON values, numbers exact."""
    return {
        "partnerships": [write_contribution(each) for each in sources.contributions],
        "departments": [
            {
                "department": str(each.department),
                "partnership": str(each.partnership),
                "submitted_at": each.submitted_at.isoformat(),
                "left_at": each.left_at and each.left_at.isoformat(),
                "scores": {question: exact_text(score) for question, score in each.scores.items()},
            }
            for each in sources.departments
        ],
        "carried": {str(measure): sorted(map(str, keys)) for measure, keys in sources.carried.items()},
    }


def read_sources(values: Mapping[str, Any]) -> Sources:
    """Read what `write_sources` gives."""
    return Sources(
        contributions=tuple(map(read_contribution, values["partnerships"])),
        departments=tuple(
            DepartmentScores(
                department=UUID(each["department"]),
                partnership=UUID(each["partnership"]),
                submitted_at=datetime.fromisoformat(each["submitted_at"]),
                left_at=each["left_at"] and datetime.fromisoformat(each["left_at"]),
                scores={question: Fraction(score) for question, score in each["scores"].items()},
            )
            for each in values["departments"]
        ),
        carried={
            Measure.parse(measure): frozenset(map(CellKey.parse, keys)) for measure, keys in values["carried"].items()
        },
    )


def write_contribution(contribution: Contribution) -> dict[str, Any]:
    """Give what a partnership contributed as JSON values, numbers exact: what later audits need."""
    return {
        "partnership": str(contribution.partnership_id),
        "categories": dict(contribution.categories),
        "scores": {str(measure): exact_text(score) for measure, score in contribution.scores.items()},
        "bands": {str(measure): band for measure, band in contribution.bands.items()},
        "provisional": sorted(contribution.provisional),
        "gaps": sorted(contribution.gaps),
        "barriers": sorted(contribution.barriers),
        "asks": sorted(str(each) for each in contribution.asks),
        "spend": exact_text(contribution.spend),
        "stayed": None if contribution.stayed is None else sorted(map(str, contribution.stayed)),
    }


def read_contribution(values: Mapping[str, Any]) -> Contribution:
    """Read what `write_contribution` gives."""
    return Contribution(
        partnership_id=UUID(values["partnership"]),
        categories=values["categories"],
        scores={Measure.parse(measure): Fraction(score) for measure, score in values["scores"].items()},
        bands={Measure.parse(measure): band for measure, band in values["bands"].items()},
        provisional=frozenset(values["provisional"]),
        gaps=frozenset(values["gaps"]),
        barriers=frozenset(values["barriers"]),
        asks=frozenset(UUID(each) for each in values["asks"]),
        spend=None if values["spend"] is None else Fraction(values["spend"]),
        stayed=None if values["stayed"] is None else frozenset(map(Measure.parse, values["stayed"])),
    )
