"""One frozen object for each template of the central pages."""

from dataclasses import dataclass

from app.web.dates import DateFields
from app.web.pages import Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpStep:
    """One step of the set-up."""

    title: str
    detail: str
    href: str
    there: str
    """How many there are."""
    tag: Tag | None
    """`None` when there is something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpPage(Page):
    """The steps of the set-up, in their order."""

    steps: tuple[SetUpStep, ...]
    next: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedThing:
    """One row of a list."""

    name: str
    href: str
    """Empty where there is no page of its own."""
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage(Page):
    """One page of a long list, with a search."""

    lead: str
    add: Link | None
    import_: Link
    columns: tuple[str, ...]
    rows: tuple[ListedThing, ...]
    search_label: str
    words: str
    """What was searched for."""
    action: str
    total: str
    previous: str
    next: str
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileColumn:
    """A column of a file, and what goes in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    """What is wrong at a line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """Where a file is chosen; with what was wrong in the last one."""

    lead: str
    columns: tuple[FileColumn, ...]
    example: str
    action: str
    button: str
    file: str
    """The name of the file that was refused."""
    faults: tuple[FileFault, ...]
    sends_mail: bool = False
    """Whether what it does cannot be taken back, and it is asked whether mails go again."""
    again: bool = False
    """Whether they shall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPage(Page):
    """What came of a file."""

    summary: str
    notes: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose."""

    value: str
    text: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFormPage(Page):
    """Name and kind of an organisation."""

    name: str
    kinds: tuple[Option, ...]
    action: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage(Page):
    """A name alone."""

    label: str
    hint: str
    name: str
    action: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One organisation of a partnership."""

    name: str
    detail: str
    leave: str
    """Empty once it has left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipSetUpPage(Page):
    """One partnership, for administrators."""

    rename: str
    areas: tuple[str, ...]
    change_areas: str
    members: tuple[MemberRow, ...]
    left: tuple[MemberRow, ...]
    join: str
    people: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintPage(Page):
    """The areas of a partnership: ticked ones stay, typed ones come."""

    areas: tuple[Option, ...]
    typed: str
    list: Link
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage(Page):
    """Names of organisations that join."""

    typed: str
    list: Link
    add: Link
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavePage(Page):
    """What happens when an organisation leaves, and which follows it."""

    consequences: tuple[str, ...]
    choices: tuple[Option, ...]
    """Whether another takes its place."""
    follower: str
    action: str
    keep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """A year of an indicator, and where it is removed."""

    year: str
    areas: str
    remove: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPage(Page):
    """One indicator, with the years it is there for."""

    unit: str
    years: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePage(Page):
    """What happens when something that was imported is removed."""

    consequences: tuple[str, ...]
    action: str
    button: str
    keep: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """One round in the list."""

    title: str
    href: str
    detail: str
    tag: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundListPage(Page):
    """All rounds, drafts included."""

    add: str
    import_: str
    rounds: tuple[RoundRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFormPage(Page):
    """What a round is set to."""

    name: str
    questionnaires: tuple[Option, ...]
    opens: DateFields
    closes: DateFields
    sign_offs: tuple[Option, ...]
    threshold: str
    action: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingPage(Page):
    """When a confirmed round closes."""

    now: str
    released: str
    """That the release of the round stays as it is; empty where none is published."""
    closes: DateFields
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """One thing a round is set to, and where to change it."""

    name: str
    text: str
    change: str
    """Empty where it cannot be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """What stands in the way, and where each case is mended."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSetUpPage(Page):
    """One round: what it is set to, what stands in its way, and the button that confirms it."""

    tag: Tag
    lines: tuple[SummaryLine, ...]
    blocking: tuple[FindingLine, ...]
    warnings: tuple[FindingLine, ...]
    is_draft: bool
    can_confirm: bool
    consequences: tuple[str, ...]
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingPartPage(Page):
    """Which partnerships take part."""

    partnerships: tuple[Option, ...]
    fixed: tuple[str, ...]
    """Those that take part in a confirmed round, and stay."""
    action: str
    all: str
    """Where all of them are chosen at once; empty where they all take part."""
    add: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsPage(Page):
    """Whose targets hold in a round."""

    choices: tuple[Option, ...]
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetQuestion:
    """One question with the levels that can be its target."""

    number: int
    text: str
    levels: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTargetsPage(Page):
    """The target of each question."""

    sections: tuple[tuple[str, tuple[TargetQuestion, ...]], ...]
    action: str
