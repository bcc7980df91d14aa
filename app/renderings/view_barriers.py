"""What a partnership says stands in the way: by enabler and by question, who says so, and what to do next.

One call makes it: `make_typed_barriers(questionnaire, barriers, said)`, with `said` from
`services.typing_barriers.name_said`. `templates/report/typed_barriers.html` shows it, whole or one question of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.barriers import Barriers, KindCount, Said, count_enabler, count_question
from app.domain.learning import LearningLibrary
from app.domain.questionnaire import Question, Questionnaire
from app.renderings.shapes import ResourceView
from app.renderings.view_gaps import name_barriers
from app.renderings.words import count, join, one_line, quoted


@dataclass(frozen=True, slots=True)
class KindNamed:
    """One kind of thing that stands in the way, and who says so."""

    label: str
    organisations: tuple[str, ...]
    who: str
    """The same as words: “A, B and C”."""
    how_often: str
    """Such as “2 organisations”, and of an enabler also “, 3 questions”."""
    next_step: str
    resources: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True)
class QuestionBarriers:
    """One question, and what stands in its way: the kind that most name first."""

    question_id: str
    question: str
    kinds: tuple[KindNamed, ...]
    statement: str
    """All of it in one line: each kind, and who names it."""


@dataclass(frozen=True, slots=True)
class EnablerSummary:
    """What stands in the way of one enabler, over all of its questions."""

    id: str
    """Where a page puts it: `in-the-way-…`."""
    title: str
    summary: str
    kinds: tuple[KindNamed, ...]
    questions: tuple[QuestionBarriers, ...]


@dataclass(frozen=True)
class TypedBarriers:
    """What a partnership says stands in the way."""

    heading: str
    lead: str
    empty: str
    """What stands there where nobody has said anything; empty where somebody has."""
    enablers: tuple[EnablerSummary, ...]
    """Only those about which something was said."""

    @cached_property
    def by_question(self) -> dict[str, QuestionBarriers]:
        """Question id -> what stands in its way, where something was said."""
        return {question.question_id: question for enabler in self.enablers for question in enabler.questions}


def make_typed_barriers(
    questionnaire: Questionnaire, barriers: Barriers | None, said: Said, library: LearningLibrary | None = None
) -> TypedBarriers:
    """Put into words who says what: question id -> kind id -> names of organisations.

    Without `barriers` there are no kinds, and so nothing was said. The library gives the resources that help.
    """
    enablers = () if barriers is None else tuple(_list_enablers(questionnaire, barriers, said, library))
    return TypedBarriers(
        heading="What kind of thing stands in the way",
        lead="Each organisation says what kind of thing stands in the way of its own gaps. Each kind has a next step.",
        empty="" if enablers else "No organisation has said yet what stands in the way of its gaps.",
        enablers=enablers,
    )


def _list_enablers(
    questionnaire: Questionnaire, barriers: Barriers, said: Said, library: LearningLibrary | None
) -> Iterator[EnablerSummary]:
    introduced: set[str] = set()
    for enabler in questionnaire.framework.enablers:
        counted = count_enabler(barriers, questionnaire, said, enabler.id)
        if not counted:
            continue
        questions = tuple(
            _make_question(question, kinds, library)
            for question, asked in zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
            if asked == enabler.id and (kinds := count_question(barriers, questionnaire, said, question.id))
        )
        yield EnablerSummary(
            id=f"in-the-way-{enabler.id}",
            title=one_line(enabler.title),
            summary=_summarise(counted, len(questions)),
            kinds=tuple(_name(kind, library, introduced, with_questions=True) for kind in counted),
            questions=questions,
        )


def _make_question(
    question: Question, counted: Sequence[KindCount], library: LearningLibrary | None
) -> QuestionBarriers:
    kinds = tuple(_name(kind, library, set(), with_questions=False) for kind in counted)
    return QuestionBarriers(
        question_id=question.id,
        question=one_line(question.text),
        kinds=kinds,
        statement="; ".join(f"“{kind.label}”: {kind.who}" for kind in kinds) + ".",
    )


def _name(
    counted: KindCount, library: LearningLibrary | None, introduced: set[str], *, with_questions: bool
) -> KindNamed:
    (named,) = name_barriers(library, [counted.kind], introduced)
    return KindNamed(
        label=named.label,
        organisations=tuple(map(one_line, counted.organisations)),
        who=join(list(map(one_line, counted.organisations))),
        how_often=_say_how_often(counted, with_questions=with_questions),
        next_step=named.next_step,
        resources=named.resources,
    )


def _say_how_often(counted: KindCount, *, with_questions: bool) -> str:
    organisations = count(len(counted.organisations), "organisation")
    return f"{organisations}, {count(counted.questions, 'question')}" if with_questions else organisations


def _summarise(counted: Sequence[KindCount], questions: int) -> str:
    """Say how many organisations speak of how many questions, and which kind most of them name."""
    whose = {name for kind in counted for name in kind.organisations}
    most = len(counted[0].organisations)
    named = [quoted(one_line(kind.kind.label)) for kind in counted if len(kind.organisations) == most]
    says = "says" if len(whose) == 1 else "say"
    each = " each" if len(named) > 1 else ""
    return (
        f"{count(len(whose), 'organisation')} {says} what stands in the way of {count(questions, 'question')}. "
        f"Named most: {join(named)}, by {count(most, 'organisation')}{each}."
    )
