"""The columns of the sheets: what each says, in which unit, and where its formula stands. They make the codebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    YES_NO = "yes-no"
    DATE = "date"


ROUNDED: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "As written, on one line; an apostrophe stands before what a sheet would take for a formula",
    Kind.NUMBER: "To 4 decimals from the exact number, halves away from zero",
    Kind.COUNT: "Not rounded",
    Kind.YES_NO: "true or false",
    Kind.DATE: "Year, month, day",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, its title, and what the codebook says of it."""

    id: str
    title: str
    says: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    source: str = ""
    """Where its formula stands: a section of docs/scoring.md, or a publication."""


SCALE: Final = "points, 0 to 100"
POINTS: Final = "points of the 0 to 100 scale"
WEIGHTED: Final = "points × weight"
PER_CENT: Final = "per cent"
TO_SCORE: Final = "docs/scoring.md, From an answer to a score; A partnership"
ENABLER_SCORE: Final = "docs/scoring.md, The score of an enabler"
BANDS: Final = "docs/scoring.md, Bands"
PARTNERSHIP: Final = "docs/scoring.md, A partnership"
GAPS: Final = "docs/scoring.md, Gaps and their order"
DEVIATION: Final = "Burke and Dunlap 2002, doi:10.1177/1094428102005002002"
RWG: Final = "James, Demaree and Wolf 1984, doi:10.1037/0021-9010.69.1.85"

AGREED_VIEW: Final = (
    "with the agreed level in the place of the mean wherever one was agreed; the same as before it where none was"
)

ENABLER: Final = Column("enabler", "Enabler", "The id of the enabler")
QUESTION: Final = Column("question", "Question", "The id of the question; it never changes between versions")

PROFILE: Final = (
    ENABLER,
    Column("enabler_title", "Title", "The title of the enabler"),
    Column(
        "score",
        "Score as answered",
        "What the organisations answered, one vote each; empty where there are too few answers",
        Kind.NUMBER,
        SCALE,
        ENABLER_SCORE,
    ),
    Column("band", "Band as answered", "The id of the band of the score", source=BANDS),
    Column("barrier", "Barrier as answered", "Whether the band makes the enabler a barrier", Kind.YES_NO, source=BANDS),
    Column(
        "coverage",
        "Coverage as answered",
        "The share of the weight that applies and has a score",
        Kind.NUMBER,
        PER_CENT,
        ENABLER_SCORE,
    ),
    Column(
        "coverage_status",
        "Coverage in a word",
        "full, provisional, insufficient or not-applicable",
        source=ENABLER_SCORE,
    ),
    Column(
        "dont_know_share",
        "Don’t know",
        "Over organisations, the share of the weight that each sees as applying and answered with don’t know",
        Kind.NUMBER,
        PER_CENT,
        PARTNERSHIP,
    ),
    Column(
        "not_applicable",
        "Not applicable",
        "How many of its questions are not applicable to the partnership",
        Kind.COUNT,
        "questions",
        PARTNERSHIP,
    ),
    Column(
        "percent_to_target",
        "Way to target as answered",
        "How much of the way to its targets is gone",
        Kind.NUMBER,
        PER_CENT,
        GAPS,
    ),
    Column(
        "average_deviation",
        "Spread",
        "How far the organisations’ own scores of the enabler lie from their mean, on "
        "average; empty with fewer than two",
        Kind.NUMBER,
        POINTS,
        DEVIATION,
    ),
    Column("score_agreed", "Score as agreed", f"The score {AGREED_VIEW}", Kind.NUMBER, SCALE, ENABLER_SCORE),
    Column("band_agreed", "Band as agreed", f"The band {AGREED_VIEW}", source=BANDS),
    Column("barrier_agreed", "Barrier as agreed", f"Whether it is a barrier {AGREED_VIEW}", Kind.YES_NO, source=BANDS),
    Column(
        "coverage_agreed", "Coverage as agreed", f"The coverage {AGREED_VIEW}", Kind.NUMBER, PER_CENT, ENABLER_SCORE
    ),
    Column(
        "coverage_status_agreed",
        "Coverage as agreed, in a word",
        f"The coverage in a word, {AGREED_VIEW}",
        source=ENABLER_SCORE,
    ),
    Column(
        "percent_to_target_agreed",
        "Way to target as agreed",
        f"The way to target {AGREED_VIEW}",
        Kind.NUMBER,
        PER_CENT,
        GAPS,
    ),
)

QUESTIONS: Final = (
    ENABLER,
    QUESTION,
    Column("question_text", "Text", "What was asked"),
    Column("state", "State as answered", "scored, not-applicable, insufficient or hidden", source=PARTNERSHIP),
    Column(
        "score",
        "Score as answered",
        "The mean of the organisations’ scores, one vote each",
        Kind.NUMBER,
        SCALE,
        TO_SCORE,
    ),
    Column(
        "target",
        "Target",
        "What it is measured against: the round’s target, else the questionnaire’s",
        Kind.NUMBER,
        SCALE,
        GAPS,
    ),
    Column(
        "gap",
        "Gap as answered",
        "Target − score, where the score is under the target; else 0",
        Kind.NUMBER,
        POINTS,
        GAPS,
    ),
    Column(
        "difference",
        "Difference as answered",
        "Score − target: under 0 where the target is missed",
        Kind.NUMBER,
        POINTS,
        GAPS,
    ),
    Column("priority", "Priority as answered", "Weight × gap", Kind.NUMBER, WEIGHTED, GAPS),
    Column("weight", "Weight", "How much it counts in its enabler", Kind.NUMBER, "weight"),
    Column("critical", "Critical", "Whether a low score holds its enabler back", Kind.YES_NO, source=BANDS),
    Column(
        "contested",
        "Contested",
        "Whether three or more organisations scored it and lie far apart",
        Kind.YES_NO,
        source=PARTNERSHIP,
    ),
    Column("organisations", "Organisations", "How many chose a level", Kind.COUNT, "organisations", PARTNERSHIP),
    Column(
        "average_deviation",
        "Spread",
        "How far the organisations’ scores lie from their mean, on average; empty with fewer than two",
        Kind.NUMBER,
        POINTS,
        DEVIATION,
    ),
    Column(
        "rwg",
        "rwg",
        "1 − min(s², e) ÷ e, s² the n − 1 variance of the levels by their place on the scale, "
        "e = (A² − 1) ÷ 12 with A levels; empty with fewer than two",
        Kind.NUMBER,
        "0 to 1",
        RWG,
    ),
    Column("agreed_level", "Agreed level", "The id of the level that the partnership agreed on; empty where none was"),
    Column("agreed_score", "Score of the agreed level", "The score of that level", Kind.NUMBER, SCALE, TO_SCORE),
    Column("agreed_on", "Agreed on", "The day of the meeting", Kind.DATE),
    Column("agreed_reason", "Reason", "Why they agreed on it, or why they did not"),
    Column("minority_view", "Minority view", "What others saw differently"),
    Column("gap_agreed", "Gap as agreed", f"The gap {AGREED_VIEW}", Kind.NUMBER, POINTS, GAPS),
    Column("difference_agreed", "Difference as agreed", f"Score − target {AGREED_VIEW}", Kind.NUMBER, POINTS, GAPS),
    Column("priority_agreed", "Priority as agreed", f"Weight × gap {AGREED_VIEW}", Kind.NUMBER, WEIGHTED, GAPS),
)

ORGANISATIONS: Final = (
    Column("organisation", "Organisation", "The name of the organisation; one row for each of its questions"),
    ENABLER,
    QUESTION,
    Column("state", "State", "scored, dont-know, not-applicable, unanswered or hidden; empty before it has submitted"),
    Column("choice", "Answer", "The id of the level chosen, dont-know or not-applicable"),
    Column("score", "Score", "The score of that level", Kind.NUMBER, SCALE, TO_SCORE),
    Column("reason", "Reason", "Why it does not apply"),
    Column("note", "Note", "The note with the answer"),
    Column("evidence_kind", "Kind of evidence", "The id of the kind of evidence"),
    Column("evidence_link", "Link to evidence", "Where the evidence is; a text, so that no sheet follows it by itself"),
    Column(
        "submitted", "Submitted", "Whether the organisation has submitted; what it submitted last counts", Kind.YES_NO
    ),
    Column("reopened", "Reopened since", "Whether it is answering again since it submitted last", Kind.YES_NO),
)

ACTIONS: Final = (
    ENABLER,
    QUESTION,
    Column("action", "Action", "What will be done"),
    Column("organisation", "Organisation", "Whose action it is"),
    Column("owner", "Owner", "Who sees to it"),
    Column("due", "Due", "Until when", Kind.DATE),
    Column("status", "Status", "How far it has come"),
    Column("department", "Department", "The government department it asks; empty for what the partnership does itself"),
    Column("measure", "Measure", "What will show that it worked"),
    Column("note", "Latest note", "What was noted last on its progress"),
)

CODEBOOK: Final = (
    Column("sheet", "Sheet", "The sheet, or the CSV file, that has the column"),
    Column("column", "Column", "The name in its first row"),
    Column("title", "Title", "What it is called for people"),
    Column("says", "What it says", "What a cell of it says"),
    Column("unit", "Unit", "In what it is counted; empty for texts"),
    Column("rounded", "How it is rounded", "How an exact value becomes what stands in the cell"),
    Column("source", "Source", "Where the formula stands; empty where there is none"),
)
