"""The page of one release for its administrators: how it stands, its audit, and what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now, PublicStatistics
from app.domain.access import Actor
from app.domain.aggregate import Cut, Measure
from app.domain.releases import EVERYBODY, CellKey, ReleaseRecord
from app.renderings.release_words import REASON_WORDS, name_category, name_cut, name_measures
from app.renderings.view_money import make_money_view
from app.renderings.words import count, join, one_line, sentence
from app.renderings.working import Column, Table
from app.services import Database, releasing
from app.services.releasing import AuditedRelease, WithheldCell
from app.web.pages import FieldError, Link, Tag
from app.web.releases import addresses
from app.web.releases.pages import AuditPage
from app.web.releases.showing import make_view
from app.web.templating import Show, ShowDep
from app.web.words import moment_words

WITHHELD: Final = "withheld"
SHOWN_WORDS: Final = {
    WITHHELD: "Nothing",
    "mean": "Mean",
    "bands": "Mean and bands",
    "steady_quartiles": "Some quartiles",
    "quartiles": "All",
}


class Done(StrEnum):
    """What was just done, as the address of the page after it says; the page believes it only where it is so."""

    PLANNED = "planned"
    BUILT = "built"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Auditing:
    """Somebody at the page of a release, and what it is made with."""

    shower: Show
    database: Database
    catalogue: Catalogue
    actor: Actor
    now: datetime
    is_public: bool

    def get(self, release_id: UUID) -> AuditedRelease:
        """Give the release with its audit."""
        return releasing.get_audited(self.database, self.catalogue, self.actor, release_id)

    def show(
        self, release_id: UUID, reason: str = "", error: FieldError | None = None, done: Done | None = None
    ) -> HTMLResponse:
        """Show the page; `done`: what was just done to the release."""
        found = self.get(release_id)
        record = found.record
        titles = name_measures(found.questionnaire)
        is_draft = record.approved_at is None and record.withdrawn_at is None
        rows = _sort(found, titles)
        page = AuditPage(
            title=f"Release {record.number} of {one_line(record.round)}",
            back=Link("All releases of this round", addresses.manage(record.round_id)),
            errors=(error,) if error else (),
            done=self._say_done(record, done),
            round=one_line(record.round),
            tag=tag_of(record, self.now),
            standing=describe(record, self.now),
            leaks=tuple(titles[Measure.parse(each)] for each in found.audit["leaks"]),
            view=make_view(self.catalogue, found),
            money=make_money_view(found.content, found.questionnaire),
            summary=_sum_up(found, rows),
            reasons=_make_reasons_table(rows),
            withheld=_make_tables(rows, titles),
            withheld_of_departments=_make_departments_table(self.catalogue, found),
            approve=addresses.approve(record.id) if is_draft else "",
            sure=f"Publish it. It becomes visible {self._say_when(record)}, to {self._say_to_whom()}."
            if is_draft
            else "",
            withdraw=addresses.withdraw(record.id) if record.approved_at and not record.withdrawn_at else "",
            reason=reason,
        )
        return self.shower("releases/audit.html", page, 422 if error else 200)

    def _say_when(self, record: ReleaseRecord) -> str:
        return "at once" if record.publishes_at <= self.now else f"from {moment_words(record.publishes_at)}"

    def _say_to_whom(self) -> str:
        readers = [
            "central teams",
            "the partnerships of the round under “Where are we?”",
            "other systems that may read releases",
        ]
        return join([*readers, "anybody, as public statistics"] if self.is_public else readers)

    def _say_done(self, record: ReleaseRecord, done: Done | None) -> str:
        """Say what was done, where the release still stands so."""
        if record.withdrawn_at is not None:
            if done is not Done.WITHDRAWN:
                return ""
            if record.withdrawn_at < record.publishes_at:
                return "Withdrawn before anybody could read it."
            return (
                "Withdrawn: its pages and files are gone. Whoever reads the releases of this round is told when and "
                "why. The release before it, where there is one, is read again."
            )
        if record.approved_at is not None and done is Done.APPROVED:
            return f"Approved: visible from {moment_words(record.publishes_at)}, to {self._say_to_whom()}."
        if record.approved_at is None and done is Done.BUILT:
            return "Built and audited. Nobody but administrators sees it until it is approved."
        return ""


async def open_auditing(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    is_public: PublicStatistics,
) -> Auditing:
    """Give everything that the page takes."""
    return Auditing(show, database, catalogue, actor, now, is_public)


AuditingDep = Annotated[Auditing, Depends(open_auditing)]


def tag_of(record: ReleaseRecord, now: datetime) -> Tag:
    """Say in a word how a release stands."""
    if record.withdrawn_at:
        return Tag(text="Withdrawn", colour="red")
    if record.approved_at is None:
        return Tag(text="To be checked", colour="yellow")
    return Tag(text="Published", colour="green") if record.is_published(now) else Tag(text="Approved", colour="blue")


def describe(record: ReleaseRecord, now: datetime) -> str:
    """Say the same as a sentence."""
    if record.withdrawn_at:
        return f"Withdrawn at {moment_words(record.withdrawn_at)}: {sentence(one_line(record.withdrawn_reason))}"
    if record.approved_at is None:
        return f"Built at {moment_words(record.built_at)}. Nobody else sees it until it is approved."
    verb = "Published" if record.is_published(now) else "It is published"
    return f"{verb} at {moment_words(record.publishes_at)}."


# ---- The audit -------------------------------------------------------------------------------------------------------


def _sort(found: AuditedRelease, titles: Iterable[Measure]) -> list[tuple[CellKey, WithheldCell]]:
    """Put cells in order: by cut, in each what is withheld first, then enablers before questions, then categories."""
    cuts = [EVERYBODY.cut, *found.content.cuts, str(Cut.STANDING)]
    categories = {
        CellKey(cut, each): place for cut, all_ in found.content.cuts.items() for place, each in enumerate(all_)
    }
    order = {str(measure): place for place, measure in enumerate(titles)}
    rows = [(CellKey.parse(row["cell"]), row) for row in found.audit["withheld"]]
    return sorted(
        rows,
        key=lambda each: (
            cuts.index(each[0].cut) if each[0].cut in cuts else len(cuts),
            each[0].cut,
            each[1]["shown"] != WITHHELD,
            order[each[1]["measure"]],
            categories.get(each[0], 0),
        ),
    )


def _count(rows: Iterable[tuple[CellKey, WithheldCell]]) -> tuple[int, int]:
    """Count what is withheld, and what is shown in part."""
    shown = [row["shown"] for _, row in rows]
    return shown.count(WITHHELD), len(shown) - shown.count(WITHHELD)


def _sum_up(found: AuditedRelease, rows: Sequence[tuple[CellKey, WithheldCell]]) -> str:
    told = sum(len(table.cells) for table in found.content.tables.values())
    withheld, in_part = _count(rows)
    return (
        f"Of {count(told + withheld, 'cell')} that any partnership is in, {told} are told, {in_part} of them in part, "
        f"and {withheld} are withheld."
    )


def _make_reasons_table(rows: Sequence[tuple[CellKey, WithheldCell]]) -> Table:
    by_code: dict[str, list[tuple[CellKey, WithheldCell]]] = {}
    for key, row in rows:
        by_code.setdefault(row["code"], []).append((key, row))
    counted = [(REASON_WORDS.get(code, each[0][1]["words"]), *_count(each)) for code, each in by_code.items()]
    return Table(
        caption="Why cells are withheld, or told in part",
        columns=(Column("Why"), Column("Withheld", numeric=True), Column("Told in part", numeric=True)),
        rows=tuple(
            (words, str(withheld), str(in_part))
            for words, withheld, in_part in sorted(counted, key=lambda each: (-each[1], -each[2], each[0]))
        ),
    )


def _make_tables(rows: Iterable[tuple[CellKey, WithheldCell]], titles: Mapping[Measure, str]) -> tuple[Table, ...]:
    """Give a table for each cut, of rows that are sorted."""
    tables = []
    for cut, group in groupby(rows, key=lambda each: each[0].cut):
        found = list(group)
        withheld, in_part = _count(found)
        tables.append(
            Table(
                caption=f"{name_cut(cut)}: {withheld} withheld, {in_part} told in part",
                columns=(
                    Column("Enabler or question"),
                    Column("Category"),
                    Column("Partnerships", numeric=True),
                    Column("Shown"),
                    Column("Why"),
                ),
                rows=tuple(
                    (
                        titles[Measure.parse(row["measure"])],
                        name_category(*key),
                        str(row["count"]),
                        SHOWN_WORDS[row["shown"]],
                        row["words"].replace(" all all ", " all partnerships "),  # as audits were written before
                    )
                    for key, row in found
                ),
            )
        )
    return tuple(tables)


def _make_departments_table(catalogue: Catalogue, found: AuditedRelease) -> Table | None:
    mirror = found.content.mirror
    if mirror is None:
        return None
    questions = catalogue.get_by_hash(mirror.questionnaire_hash).questions_by_id
    return Table(
        caption="Every question of departments that is withheld in the mirror, or shows less than it could",
        columns=(Column("Question"), Column("Departments", numeric=True), Column("Shown"), Column("Why")),
        rows=tuple(
            (one_line(questions[row["question"]].text), str(row["count"]), SHOWN_WORDS[row["shown"]], row["words"])
            for row in sorted(found.audit["mirror"], key=lambda row: row["shown"] != WITHHELD)
        ),
    )
