"""How the numbers of one enabler were worked out: score, coverage, don't knows, band and way to target."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from app.domain.questionnaire import Framework
from app.domain.scoring import NOT_COUNTED, ZERO, CoverageStatus, EnablerScore, QuestionScore, QuestionState
from app.renderings.numbers import bare, in_full, pencil, pencil_all, shown
from app.renderings.words import count, one_line, quoted
from app.renderings.working import (
    STATE_WORDS,
    Column,
    Source,
    Step,
    Table,
    Working,
    beside_bounds,
    describe_answer,
    equals,
    name_capping,
)

QUESTION: Final = Column("Question")
WEIGHT: Final = Column("Weight", numeric=True)


def work_enabler(source: Source, enabler: EnablerScore) -> Working:
    """Show the working of one enabler."""
    questions = [
        question
        for question, asked in zip(source.report.scores.questions, source.questionnaire.enablers_asked, strict=True)
        if asked == enabler.enabler.id
    ]
    return Working(
        f"working-{enabler.enabler.id}", one_line(enabler.enabler.title), tuple(_steps(source, enabler, questions))
    )


def _steps(source: Source, enabler: EnablerScore, questions: Sequence[QuestionScore]) -> list[Step]:
    if not questions:
        return [Step("Score", ("This questionnaire has no question about it, so there is nothing to work out.",))]
    if enabler.coverage_status is CoverageStatus.NOT_APPLICABLE:
        return [
            Step("Score", ("None of its questions applies, so there is nothing to work out.",)),
            *_left_out(questions),
        ]
    scored = [question for question in questions if question.score is not None]
    framework = source.questionnaire.framework
    steps = [_score(source, enabler, scored), *_left_out(questions), _coverage(framework, enabler)]
    if enabler.dont_know_share is not None:
        steps.append(_dont_know(source, enabler, questions))
    if enabler.score is not None:
        steps += [_band(framework, enabler, enabler.score), _way_to_target(source, enabler, scored)]
    return steps


def _score(source: Source, enabler: EnablerScore, scored: Sequence[QuestionScore]) -> Step:
    """Show Σ(weight × score) ÷ Σ(weight) over scored questions."""
    if not scored:
        return Step("Score", ("No question has a score, so there is none for the enabler.",))
    sums, value = enabler.sums, enabler.score
    weighted = [question.question.weight * (question.score or ZERO) for question in scored]
    products = pencil_all(
        weighted,
        None if value is None else lambda rows: shown(sum(rows, ZERO) / sums.scored_weight) == shown(value),
    )
    total = pencil(
        sums.weighted_total, None if value is None else lambda row: shown(row / sums.scored_weight) == shown(value)
    )
    table = Table(
        caption="Questions with a score",
        columns=(
            QUESTION,
            Column("Answer"),
            WEIGHT,
            Column("Score", numeric=True),
            Column("Weight × score", numeric=True),
        ),
        rows=tuple(
            (
                one_line(question.question.text),
                describe_answer(source.questionnaire, question)
                if source.votes is None
                else "agreed"
                if question.agreed
                else count(question.organisations, "organisation"),
                in_full(question.question.weight),
                pencil(question.score or ZERO),
                product,
            )
            for question, product in zip(scored, products, strict=True)
        ),
        total=("Added up", "", in_full(sums.scored_weight), "", total),
    )
    if value is None:
        return Step("Score", ("No score: see “Answers counted”, below.",), table)
    line = (
        f"Weight × score, added up, ÷ weight, added up: {bare(total)} ÷ {in_full(sums.scored_weight)} {equals(value)}"
    )
    return Step("Score", (line,), table)


def _left_out(questions: Sequence[QuestionScore]) -> list[Step]:
    lines = tuple(
        f"{one_line(question.question.text)} {STATE_WORDS[question.state]}; weight {in_full(question.question.weight)}."
        for question in questions
        if question.score is None
    )
    return [Step("Left out of the score", lines)] if lines else []


def _coverage(framework: Framework, enabler: EnablerScore) -> Step:
    label = "Answers counted"
    sums, rules = enabler.sums, framework.rules
    if enabler.coverage is None:
        return Step(label, ("The questions that apply weigh nothing together, so there is no share to work out.",))
    bounds = (rules.provisional_coverage, rules.full_coverage)
    lines = (
        "Weight of the questions with a score ÷ weight of those that apply, as a percentage:",
        f"100 × {in_full(sums.scored_weight)} ÷ {in_full(sums.applicable_weight)} {equals(enabler.coverage, '%')}",
        _coverage_verdict(enabler, beside_bounds(enabler.coverage, bounds), *map(in_full, bounds)),
    )
    return Step(label, lines)


def _coverage_verdict(enabler: EnablerScore, share: str, provisional: str, full: str) -> str:
    if enabler.coverage_status is CoverageStatus.FULL:
        return f"{share}% is at least {full}%: enough for a score that is not provisional."
    if enabler.coverage_status is CoverageStatus.PROVISIONAL:
        return f"{share}% is at least {provisional}% and under {full}%: the score is shown, and marked provisional."
    return f"{share}% is not enough: a score takes answers with at least {provisional}% of the weight."


def _dont_know(source: Source, enabler: EnablerScore, questions: Sequence[QuestionScore]) -> Step:
    bound = source.questionnaire.framework.rules.dont_know_finding
    share = enabler.dont_know_share or ZERO
    table = None
    if source.votes is None:
        weight, applicable = _weights(questions)
    else:
        seen = {
            name: _weights([votes[source.positions[question.question.id]] for question in questions])
            for name, votes in source.votes.items()
        }
        weight = sum((pair[0] for pair in seen.values()), ZERO)
        applicable = sum((pair[1] for pair in seen.values()), ZERO)
        table = Table(
            caption="Each organisation as it sees the questions",
            columns=(
                Column("Organisation"),
                Column("Weight of don’t knows", numeric=True),
                Column("Weight that applies", numeric=True),
            ),
            rows=tuple((one_line(name), in_full(one), in_full(all_)) for name, (one, all_) in seen.items()),
            total=("Added up", in_full(weight), in_full(applicable)),
        )
    above = share > bound
    verdict = f"{'Over' if above else 'Not over'} {in_full(bound)}%{': a finding of its own.' if above else '.'}"
    lines = (
        "Weight answered with don’t know ÷ weight that applies, as a percentage:",
        f"100 × {in_full(weight)} ÷ {in_full(applicable)} {equals(share, '%')}. {verdict}",
    )
    return Step("Don’t know", lines, table)


def _weights(questions: Sequence[QuestionScore]) -> tuple[Fraction, Fraction]:
    """Give the weight of don't knows and the weight that applies."""
    applicable = [question for question in questions if question.state not in NOT_COUNTED]
    return (
        sum((q.question.weight for q in applicable if q.state is QuestionState.DONT_KNOW), ZERO),
        sum((q.question.weight for q in applicable), ZERO),
    )


def _band(framework: Framework, enabler: EnablerScore, score: Fraction) -> Step:
    by_score = framework.band_of(score)
    written = beside_bounds(score, framework.band_starts.exact)
    position = framework.band_positions[by_score.id]
    bound = f"{written} is at least {in_full(by_score.start)}"
    if position + 1 < len(framework.bands):
        bound += f" and under {in_full(framework.bands[position + 1].start)}"
    lines = [f"{bound}: {quoted(one_line(by_score.label))}."]
    if enabler.capped_by:
        lines += _cap(framework, enabler, lowered=enabler.band != by_score)
    return Step("Band", tuple(lines))


def _cap(framework: Framework, enabler: EnablerScore, *, lowered: bool) -> tuple[str, str]:
    """Say which critical questions hold the band down, and whether it shows."""
    cap = framework.bands[framework.band_positions[framework.rules.critical_cap]]
    shows = "That lowers the band." if lowered else "The band is no higher than that anyway."
    return (
        name_capping(framework, enabler),
        f"So the enabler is {quoted(one_line(cap.label))} at best. {shows}",
    )


def _way_to_target(source: Source, enabler: EnablerScore, scored: Sequence[QuestionScore]) -> Step:
    """Show 100 × (1 − Σ(weight × gap) ÷ Σ(weight × target)) over scored questions."""
    gaps = [source.gaps[question.question.id] for question in scored]
    percent = source.report.percent_to_target[enabler.enabler.id]
    aims = sum((gap.question.weight * gap.target for gap in gaps), ZERO)
    missing = sum((gap.priority for gap in gaps), ZERO)
    label = "Way to target"
    if percent is None:
        return Step(label, ("The targets add up to 0, so there is no way to measure.",))

    def leads_there(pair: Sequence[Fraction]) -> bool:
        return pair[1] != 0 and shown(100 * (1 - pair[0] / pair[1])) == shown(percent)

    lacks, wanted = pencil_all([missing, aims], leads_there)
    priorities = pencil_all([gap.priority for gap in gaps], lambda rows: leads_there([sum(rows, ZERO), aims]))
    targets = pencil_all(
        [gap.question.weight * gap.target for gap in gaps], lambda rows: leads_there([missing, sum(rows, ZERO)])
    )
    table = Table(
        caption="Gaps and targets, each times the weight",
        columns=(
            QUESTION,
            WEIGHT,
            Column("Target", numeric=True),
            Column("Gap", numeric=True),
            Column("Weight × target", numeric=True),
            Column("Weight × gap", numeric=True),
        ),
        rows=tuple(
            (
                one_line(gap.question.text),
                in_full(gap.question.weight),
                pencil(gap.target),
                pencil(gap.gap),
                target,
                priority,
            )
            for gap, target, priority in zip(gaps, targets, priorities, strict=True)
        ),
        total=("Added up", "", "", "", wanted, lacks),
    )
    return Step(label, (f"100 × (1 − {bare(lacks)} ÷ {bare(wanted)}) {equals(percent, '%')}",), table)
