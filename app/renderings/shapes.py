"""The report as people read it: every word and figure finished, and the geometry of the plot.

Nothing is left to work out: page, PDF and terminal show a `ReportView` and compute nothing. Figures carry one decimal;
an empty string means that there is no figure. Foreign texts are one line without control characters, and not escaped
for any surface.
"""

from dataclasses import dataclass

from app.renderings.working import Table, Working


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says: Place, Round, Submitted."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionWords:
    """A section's heading, and what stands there instead of nothing."""

    heading: str
    empty: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of a report, in the order in which they are read."""

    lead: SectionWords
    profile: SectionWords
    barriers: SectionWords
    first_gaps: SectionWords
    other_gaps: SectionWords
    differences: SectionWords
    strengths: SectionWords
    unseen: SectionWords
    workings: SectionWords


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One line of the report in short, and the part of the report that says more."""

    text: str
    anchor: str
    more: str
    """The words of the link to it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One organisation's score on a row of the plot."""

    name: str
    score: str
    x: str
    """Where it stands, in per cent of the plot's width."""


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One enabler in the profile, and its row of the plot."""

    id: str
    title: str
    score: str
    """Such as 41.0; empty without a score."""
    band: str
    verdict: str
    """The band, or in plain words why there is none."""
    barrier: bool
    provisional: bool
    coverage: str
    dont_know: str
    percent_to_target: str
    not_applicable: str
    x: str
    """Where the dot stands, in per cent of the plot's width; empty without a score."""
    marks: tuple[Mark, ...]
    """Each organisation's own score; empty in the report of one organisation."""
    statement: str
    """The row as one sentence."""
    working: str
    """The id of its working."""


@dataclass(frozen=True, slots=True)
class BandMark:
    """One band along the plot."""

    label: str
    start: str
    span: str
    """Such as “25 to under 50”."""
    x: str
    """Where it starts, in per cent of the plot's width."""
    width: str
    """Per cent of the plot's width."""
    middle: str
    """Where its name stands, in per cent of the plot's width."""
    barrier: bool
    meaning: str
    """What the framework says about it, or empty."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """An enabler that stands in the way."""

    id: str
    title: str
    score: str
    band: str
    text: str
    why: tuple[str, ...]
    """What else is to be said: provisional, held down by critical questions."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A level, and what it looks like for a question."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    """Where to learn more."""

    id: str
    name: str
    link: str
    """http or https, or empty."""
    about: str
    """Who runs it and what it helps with, where the report names it first; else empty."""
    status: str
    """Empty while it is current; else what became of it, its successor, and when somebody last looked."""


@dataclass(frozen=True, slots=True)
class LearningView:
    """One thing others have learnt."""

    id: str
    text: str
    source: str
    source_link: str
    """http or https, or empty."""
    resources: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True)
class NamedBarrier:
    """A kind of thing that stands in the way of a gap, as the organisation says, and what to do next about it."""

    label: str
    next_step: str
    resources: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True)
class GapLink:
    """Another gap, by its place and where a page puts it."""

    place: int
    id: str


@dataclass(frozen=True, slots=True)
class GapView:
    """A question under its target: where it stands, the next step up, and what helps."""

    place: int
    """1 for the first gap to close."""
    id: str
    """Where a page puts it: `gap-…`."""
    enabler: str
    question: str
    critical: bool
    contested: bool
    score: str
    target: str
    gap: str
    priority: str
    weight: str
    reached: Rung
    reached_words: str
    """What the level reached is called here: “Now”, or in a partnership “On average”."""
    next: Rung | None
    target_level: str
    """The label of the target's level; empty where the target is a score between levels."""
    note: tuple[str, ...]
    evidence: str
    evidence_link: str
    working: Working
    learning: tuple[LearningView, ...] = ()
    learning_elsewhere: tuple[GapLink, ...] = ()
    """Earlier gaps whose learning helps here too."""
    named: tuple[NamedBarrier, ...] = ()
    """What the organisation says stands in the way."""


@dataclass(frozen=True, slots=True)
class Strength:
    """A question at or above its target."""

    question: str
    level: str
    score: str
    target: str
    beside_target: str
    """Such as “at target” or “25.0 above target”."""
    working: Working


@dataclass(frozen=True, slots=True)
class StrengthGroup:
    """The questions of one enabler at or above their target."""

    enabler: str
    items: tuple[Strength, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A question without a score, and why."""

    enabler: str
    question: str
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that the organisations of a partnership see differently."""

    enabler: str
    question: str
    text: str
    answers: Table


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the report says to people."""

    title: str
    subject: str
    """The organisation, or the partnership."""
    partnership: bool
    language: str
    context: tuple[Fact, ...]
    organisations: tuple[str, ...]
    """Those it speaks for; one where it is of one organisation."""
    sections: Sections
    lead: tuple[LeadLine, ...]
    """The report in a few lines, for a tired reader."""
    profile: tuple[ProfileRow, ...]
    bands: tuple[BandMark, ...]
    profile_table: Table
    marks_table: Table | None
    barriers: tuple[Barrier, ...]
    first_gaps: tuple[GapView, ...]
    other_gaps: tuple[GapView, ...]
    strengths: tuple[StrengthGroup, ...]
    findings: tuple[str, ...]
    """Enablers that the answers leave partly unseen, a sentence each."""
    unseen: tuple[Unseen, ...]
    unseen_table: Table | None
    differences: tuple[Difference, ...]
    workings: tuple[Working, ...]
    """One per enabler; a question's is with its gap or strength."""
    rules: tuple[str, ...]
    """How to read the numbers, a sentence each."""
    source: str
    """The questionnaire and its version."""
    fingerprint: str
    """The hash of its content."""

    @property
    def has_provisional(self) -> bool:
        """Whether the plot needs to explain its hollow dots."""
        return any(row.provisional for row in self.profile)
