"""A gap report -> the one object that page, PDF and terminal show."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.assessment import Answers
from app.domain.barriers import BarrierKind
from app.domain.gaps import Gap, GapReport
from app.domain.learning import LearningLibrary
from app.domain.questionnaire import Question
from app.domain.scoring import QuestionScore, QuestionState, score_questions, weigh_questions
from app.renderings.numbers import shown
from app.renderings.shapes import Difference, Fact, ReportView, Strength, StrengthGroup, Unseen
from app.renderings.view_gaps import enabler_title, find_rungs, make_gaps
from app.renderings.view_profile import (
    make_bands,
    make_barriers,
    make_marks_table,
    make_profile,
    make_profile_table,
)
from app.renderings.view_summary import make_findings, make_lead, make_rules, make_sections
from app.renderings.words import one_line
from app.renderings.work_enabler import work_enabler
from app.renderings.work_question import work_question
from app.renderings.working import STATE_WORDS, Column, Source, Table, describe_answer, make_source

__all__ = ["Fact", "ReportView", "make_report_view"]

FIRST_GAPS: Final = 3
"""How many gaps are set out in full before the rest is folded away."""


def make_report_view(
    report: GapReport,
    *,
    subject: str,
    context: Sequence[Fact] = (),
    learning: LearningLibrary | None = None,
    answers: Answers | None = None,
    organisations: Mapping[str, Answers] | None = None,
    named: Mapping[str, Sequence[BarrierKind]] | None = None,
) -> ReportView:
    """Put a report into words.

    `subject` is the organisation, or the partnership. Of one organisation, give its `answers` for notes, evidence and
    reasons, and what it says stands in the way, `named`, by question; of a partnership, give `organisations`, name ->
    answers, the same that the report was made from.
    """
    questionnaire = report.questionnaire
    partnership = organisations is not None
    votes = {name: score_questions(questionnaire, given) for name, given in (organisations or {}).items()}
    source = make_source(report, votes if partnership else None)
    own = {name: weigh_questions(questionnaire, vote) for name, vote in votes.items()}
    profile = make_profile(report, own)
    unseen = _make_unseen(source, organisations if organisations is not None else {"": answers or {}})
    gaps = make_gaps(source, learning, answers or {}, named or {})
    bands = make_bands(questionnaire.framework)
    return ReportView(
        title="Partnership gap report" if partnership else "Gap report",
        subject=one_line(subject),
        partnership=partnership,
        language="en",
        context=tuple(Fact(one_line(fact.label), one_line(fact.text)) for fact in context),
        organisations=tuple(map(one_line, organisations or [subject])),
        sections=make_sections(report, partnership=partnership, first=FIRST_GAPS),
        lead=make_lead(report),
        profile=profile,
        bands=bands,
        profile_table=make_profile_table(profile),
        marks_table=make_marks_table(profile, tuple(own)) if own else None,
        barriers=make_barriers(report),
        first_gaps=gaps[:FIRST_GAPS],
        other_gaps=gaps[FIRST_GAPS:],
        strengths=_make_strengths(source),
        findings=make_findings(report, partnership=partnership),
        unseen=unseen,
        unseen_table=_make_unseen_table(unseen),
        differences=_make_differences(source),
        workings=tuple(work_enabler(source, enabler) for enabler in report.scores.enablers),
        rules=make_rules(report, bands, partnership=partnership),
        source=f"{one_line(questionnaire.title)} ({questionnaire.id}, version {questionnaire.version})",
        fingerprint=questionnaire.hash,
    )


def _make_strengths(source: Source) -> tuple[StrengthGroup, ...]:
    """Group the questions at or above their target by enabler."""
    groups: dict[str, list[Strength]] = {}
    for gap in source.report.met:
        groups.setdefault(enabler_title(source.questionnaire, gap.question), []).append(_make_strength(source, gap))
    return tuple(StrengthGroup(enabler, tuple(items)) for enabler, items in groups.items())


def _make_strength(source: Source, gap: Gap) -> Strength:
    reached, _ = find_rungs(source.questionnaire, gap.question, gap.score)
    return Strength(
        question=one_line(gap.question.text),
        level=one_line(reached.label) if source.votes is None else "",
        score=shown(gap.score),
        target=shown(gap.target),
        beside_target=f"{shown(gap.difference)} above target" if gap.difference else "at target",
        working=work_question(source, gap.scored),
    )


def _make_unseen(source: Source, organisations: Mapping[str, Answers]) -> tuple[Unseen, ...]:
    """List the questions asked that have no score, and why."""
    return tuple(
        Unseen(
            enabler=enabler_title(source.questionnaire, scored.question),
            question=one_line(scored.question.text),
            state=_say_why(source, scored),
            reasons=_find_reasons(scored.question, organisations),
        )
        for scored in source.report.scores.questions
        if scored.state not in {QuestionState.SCORED, QuestionState.HIDDEN}
    )


def _say_why(source: Source, scored: QuestionScore) -> str:
    """Say why a question has no score: the answer, or in a partnership how many answered what."""
    if source.votes is None:
        return STATE_WORDS[scored.state]
    return work_question(source, scored).steps[0].lines[0]


def _make_unseen_table(unseen: Sequence[Unseen]) -> Table | None:
    if not unseen:
        return None
    with_reasons = any(item.reasons for item in unseen)
    return Table(
        caption="Questions without a score",
        columns=(Column("Question"), Column("Enabler"), Column("Answer"), *([Column("Reason")] * with_reasons)),
        rows=tuple(
            (item.question, item.enabler, item.state, *(["; ".join(item.reasons)] * with_reasons)) for item in unseen
        ),
    )


def _find_reasons(question: Question, organisations: Mapping[str, Answers]) -> tuple[str, ...]:
    """Give the reasons why a question does not apply, with the organisation's name where there are several."""
    given = {name: answers[question.id].reason for name, answers in organisations.items() if question.id in answers}
    return tuple(
        f"{one_line(name)}: {one_line(reason)}" if name else one_line(reason)
        for name, reason in given.items()
        if reason.strip()
    )


def _make_differences(source: Source) -> tuple[Difference, ...]:
    """List the contested questions, in questionnaire order."""
    return tuple(
        _make_difference(source, position, scored)
        for position, scored in enumerate(source.report.scores.questions)
        if scored.contested
    )


def _make_difference(source: Source, position: int, scored: QuestionScore) -> Difference:
    deviation = scored.average_deviation
    spread = "" if deviation is None else shown(deviation)
    standing = "" if scored.score is None else f" The mean is {shown(scored.score)}."
    if scored.agreed:
        standing = f" They agreed on {describe_answer(source.questionnaire, scored)}."
    return Difference(
        enabler=enabler_title(source.questionnaire, scored.question),
        question=one_line(scored.question.text),
        text=f"Answers lie {spread} points from their mean, on average.{standing}",
        answers=Table(
            caption="What each organisation answered",
            columns=(Column("Organisation"), Column("Answer"), Column("Score", numeric=True)),
            rows=tuple(
                (one_line(name), describe_answer(source.questionnaire, vote[position]), _score(vote[position]))
                for name, vote in (source.votes or {}).items()
            ),
        ),
    )


def _score(scored: QuestionScore) -> str:
    return "" if scored.score is None else shown(scored.score)
