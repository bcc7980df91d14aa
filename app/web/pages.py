"""One frozen object for each template: everything it shows, ready to print. A template computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.renderings.view import ReportView


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, and the id of the element to go to."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has."""

    title: str
    back: Link | None = None
    errors: tuple[FieldError, ...] = ()

    @property
    def error_of(self) -> dict[str, str]:
        """Field -> what is wrong with it."""
        return {error.field: error.text for error in self.errors}

    @property
    def error_links(self) -> tuple[dict[str, str], ...]:
        """What is wrong, each leading to its field, in the shape that the error summary's macro takes."""
        return tuple({"text": error.text, "href": f"#{error.field}"} for error in self.errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnablerSummary:
    """One enabler in words."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(Page):
    """The first page."""

    enablers: tuple[EnablerSummary, ...]
    question_lists: tuple[Link, ...]
    sign_in: str
    start_text: str
    statistics: Link | None
    """To what all partnerships said together; `None` where that is not for anybody."""
    demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage(Page):
    """A heading, paragraphs, and where to go next: errors and other short messages."""

    paragraphs: tuple[str, ...]
    links: tuple[Link, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    """Field name and text that was typed, handed back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A status, in a word and a colour."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """One assessment in the list of somebody's own."""

    partnership: str
    organisation: str
    detail: str
    tag: Tag
    action: Link | None
    together: tuple[Link, ...]
    """The partnership report and the action plan, once they are open to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundGroup:
    """A round and its assessments."""

    title: str
    detail: str
    rows: tuple[AssessmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentsPage(Page):
    """Somebody's assessments."""

    rounds: tuple[RoundGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeStartPage(Page):
    """What to know before the first question."""

    organisation: str
    partnership: str
    questionnaire: str
    summary: str
    questions: str
    closes: str
    question_list: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One section in the task list."""

    title: str
    detail: str
    href: str
    tag: Tag | None
    """`None` when complete."""
    given: str
    """To whom it was given, in words; empty for nobody."""
    message: str
    """What was said with it, to the one who has it."""
    give: Link | None
    """Where to give it to a colleague; `None` where that is for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeNotice:
    """What was done last to an assessment that was submitted, for the top of its task list."""

    title: str
    text: str
    reason: str
    """What somebody wrote, as they wrote it; empty for nothing."""
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksPage(Page):
    """The task list of an assessment."""

    organisation: str
    partnership: str
    round: str
    progress: str
    closes: str
    tasks: tuple[Task, ...]
    go_on: Link | None
    """The next thing to do; `None` where nothing is left to do, for this person."""
    advice: str
    """What to know where there is nothing to do."""
    waiting: str
    """What waits to be confirmed of an earlier round; empty for nothing."""
    notice: LifeNotice | None
    """`None` where it was never submitted."""
    late: str
    """Until when this organisation may enter by permission; empty without."""
    history: str
    check: str
    question_list: str
    can_answer: bool
    trust: Link | None = None
    """What was said of partners, where there is no row for it; `None` where nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One level, or one of the special answers."""

    value: str
    label: str
    descriptor: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One thing an answer says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedAnswer:
    """An answer of an earlier round, to be confirmed."""

    intro: str
    lines: tuple[AnswerLine, ...]
    action: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """One question."""

    section: str
    position: str
    text: str
    hint: str
    levels: tuple[Choice, ...]
    dont_know: Choice
    not_applicable: Choice | None
    reason: str
    note: str
    evidence_kinds: tuple[Choice, ...]
    evidence_suggested: str
    evidence_link: str
    more_open: bool
    version: int
    saved: str
    action: str
    skip: Link | None
    """Where to go without an answer; `None` where there is one."""
    returns_to_check: bool
    is_kept: bool
    """Whether it was typed before its author was signed out."""
    given: str
    comments: Link
    carried: CarriedAnswer | None
    changed: str
    """That the question was answered before it changed; empty where it was not."""
    save_for_files: str
    """What the button says that leads to the files of the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuestionPage(Page):
    """One question, to those who do not answer it."""

    section: str
    position: str
    text: str
    hint: str
    why: str
    """Why there is no form."""
    levels: tuple[AnswerLine, ...]
    answer: tuple[AnswerLine, ...]
    saved: str
    comments: Link
    files: Link | None
    """`None` where there are none."""
    following: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage(Page):
    """Two colleagues saved one answer at once: both, to choose from."""

    text: str
    theirs_title: str
    theirs: tuple[AnswerLine, ...]
    mine: tuple[AnswerLine, ...]
    hidden: tuple[tuple[str, str], ...]
    action: str
    keep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAnswer:
    """One answer in the list to check."""

    question: str
    answer: str
    details: tuple[str, ...]
    change: str
    """Where to change it; empty where that is no longer possible."""
    comments: Link | None
    """Where to read or write comments; `None` where there are none and the page of the question leads there."""
    files: Link | None
    """`None` where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSection:
    """The answers of one section."""

    title: str
    answers: tuple[CheckedAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    """All answers before they are submitted."""

    organisation: str
    sections: tuple[CheckedSection, ...]
    missing: str
    first_missing: str
    can_submit: bool
    who_submits: str
    """What is said to somebody who cannot submit; empty where they can, or nobody can."""
    after: str
    """What submitting does."""
    nobody: str
    """Said where nobody is there who can sign off; else empty."""
    invite: tuple[Link, ...]
    """To a certifier, where nobody is there."""
    action: str
    trust: Link | None = None
    """To what is said of partners; `None` where nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedPage(Page):
    """The confirmation."""

    organisation: str
    partnership: str
    when: str
    next_steps: tuple[str, ...]
    """What still has to be done, a sentence each."""
    invite: tuple[Link, ...]
    report: str
    together: str
    """The partnership report."""
    history: str
    assessments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Page):
    """The gap report."""

    report: ReportView
    notice: str
    """What to know of this submission before reading; empty where there was but one."""
    others: tuple[Link, ...]
    """The reports of the other submissions."""
    where: Link | None
    """To where the partnership stands; `None` until its round is released."""
    downloads: tuple[Link, ...]
    ways: Mapping[str, Link]
    """The id of a gap -> where one says what stands in its way, for whoever may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedQuestion:
    """One question on paper."""

    number: int
    text: str
    hint: str
    levels: tuple[AnswerLine, ...]
    not_applicable: bool
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSection:
    """One section on paper."""

    title: str
    summary: str
    questions: tuple[ListedQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionListPage(Page):
    """All questions of a version, to print before starting."""

    summary: str
    edition: str
    sections: tuple[ListedSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringPage(Page):
    """The scoring rule in words, its numbers out of the framework."""

    levels: tuple[AnswerLine, ...]
    bands: tuple[AnswerLine, ...]
    target: str
    full_coverage: str
    provisional_coverage: str
    critical_below: str
    critical_cap: str
    dont_know_finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiField:
    """A parameter of an operation, or a name in an object."""

    name: str
    kind: str
    """Its type in words, whether it is needed included."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiReply:
    """One reply of an operation."""

    status: str
    text: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiOperation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[ApiField, ...]
    body: tuple[ApiField, ...]
    request: str
    """An example of the body; empty where none is sent."""
    replies: tuple[ApiReply, ...]
    problems: tuple[ApiReply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiGroup:
    """Operations on one thing."""

    title: str
    text: str
    operations: tuple[ApiOperation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiShape:
    """One kind of object in requests and replies."""

    id: str
    name: str
    text: str
    fields: tuple[ApiField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiProblem:
    """One type of problem."""

    id: str
    title: str
    status: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage(Page):
    """The reference of the API."""

    summary: str
    rules: tuple[str, ...]
    document: Link
    curl: str
    python: str
    systems: str
    """Where tokens are made; empty for whoever may make none."""
    groups: tuple[ApiGroup, ...]
    shapes: tuple[ApiShape, ...]
    problems: tuple[ApiProblem, ...]
