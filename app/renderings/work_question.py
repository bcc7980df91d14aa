"""How the numbers of one question were worked out: score, spread, target, gap and priority."""

from collections.abc import Sequence
from fractions import Fraction

from app.domain.exact import mean
from app.domain.gaps import Gap
from app.domain.partnership import ANSWERED, CONTESTABLE_FROM, contested_bound
from app.domain.questionnaire import Question, Questionnaire
from app.domain.scoring import ZERO, QuestionScore, QuestionState
from app.renderings.numbers import bare, in_full, pencil, pencil_all, shown
from app.renderings.words import count, one_line, quoted
from app.renderings.working import (
    Column,
    Source,
    Step,
    Table,
    Working,
    beside_bounds,
    describe_answer,
    equals,
    find_level,
)


def work_question(source: Source, scored: QuestionScore) -> Working:
    """Show the working of one question."""
    steps = [_score(source.questionnaire, scored)] if source.votes is None else _partnership_score(source, scored)
    if gap := source.gaps.get(scored.question.id):
        steps += [_target(source.questionnaire, gap), _gap(gap), _priority(gap)]
    return Working(f"working-question-{scored.question.id}", one_line(scored.question.text), tuple(steps))


def _score(questionnaire: Questionnaire, scored: QuestionScore) -> Step:
    if scored.score is None:
        return Step("Score", (f"{describe_answer(questionnaire, scored)}: no score, and nothing stands in for one.",))
    return Step("Score", _level_score(questionnaire, scored.question, scored.score))


def _level_score(questionnaire: Questionnaire, question: Question, score: Fraction) -> tuple[str, ...]:
    """Show 100 × (points − lowest) ÷ (highest − lowest)."""
    scale = questionnaire.scale_of(question)
    level = find_level(questionnaire, question, score)
    if level is None:
        return (f"{pencil(score)}, a score and not a level of this question’s scale.",)
    lowest, highest = scale.levels[0].points, scale.levels[-1].points
    points, low, high = in_full(level.points), in_full(lowest), in_full(highest)
    sum_ = f"100 × {points} ÷ {high}" if lowest == 0 else f"100 × ({points} − {low}) ÷ ({high} − {low})"
    return (
        f"{quoted(one_line(level.label))} is {points} on a scale from {low} to {high}.",
        f"{sum_} {equals(score)}",
    )


def _target(questionnaire: Questionnaire, gap: Gap) -> Step:
    question = gap.question
    if gap.target != questionnaire.target_of(question):
        whence = "Set for this round or this partnership, in place of the questionnaire’s own."
    elif question.target is None:
        return Step("Target", (f"{pencil(gap.target)}, the target of every question that has none of its own.",))
    else:
        whence = "Set by the questionnaire."
    return Step("Target", (whence, *_level_score(questionnaire, question, gap.target)))


def _gap(gap: Gap) -> Step:
    target, score = map(
        bare, pencil_all([gap.target, gap.score], lambda pair: _alike(pair[1] - pair[0], gap.difference))
    )
    if gap.gap:
        return Step("Gap", (f"Target − score: {target} − {score} {equals(gap.gap)}",))
    if gap.difference:
        return Step(
            "Gap",
            (
                f"None: the score is above the target. Score − target: {score} − {target} {equals(gap.difference)}",
                "What is above a target makes up for nothing elsewhere.",
            ),
        )
    return Step("Gap", ("None: the score is the target.",))


def _priority(gap: Gap) -> Step:
    weight = gap.question.weight
    width = bare(pencil(gap.gap, lambda written: _alike(weight * written, gap.priority)))
    return Step("Priority", (f"Weight × gap: {in_full(weight)} × {width} {equals(gap.priority)}",))


def _alike(written: Fraction, exact: Fraction) -> bool:
    return shown(written) == shown(exact)


def _mean_of(numbers: Sequence[Fraction], middle: Fraction) -> str:
    """Write out a mean: (25 + 50 + 0) ÷ 3 = 25."""
    written = pencil_all(numbers, lambda written: _alike(sum(written, ZERO) / len(written), middle))
    return f"({' + '.join(map(bare, written))}) ÷ {len(numbers)} {equals(middle)}"


def _partnership_score(source: Source, scored: QuestionScore) -> list[Step]:
    votes = {name: votes[source.positions[scored.question.id]] for name, votes in (source.votes or {}).items()}
    with_score = [vote.score for vote in votes.values() if vote.score is not None]
    table = Table(
        caption="What each organisation answered",
        columns=(Column("Organisation"), Column("Answer"), Column("Score", numeric=True)),
        rows=tuple(
            (
                one_line(name),
                describe_answer(source.questionnaire, vote),
                "" if vote.score is None else pencil(vote.score),
            )
            for name, vote in votes.items()
        ),
    )
    if scored.score is None:
        return [Step("Score", _why_no_score(source.questionnaire, scored.state, list(votes.values())), table)]
    if scored.agreed:
        level = _level_score(source.questionnaire, scored.question, scored.score)
        step = Step("Score", ("Agreed at a meeting, in the place of the mean of the scores.", *level), table)
    else:
        middle = _mean_of(with_score, scored.score)
        step = Step("Score", ("One organisation, one vote: the mean of the scores.", middle), table)
    return [step, *_spread(source.questionnaire, scored, with_score)]


def _why_no_score(
    questionnaire: Questionnaire, state: QuestionState, votes: Sequence[QuestionScore]
) -> tuple[str, ...]:
    if state is QuestionState.HIDDEN:
        return ("No organisation was asked this question, because of an earlier answer.",)
    if state is QuestionState.NOT_APPLICABLE:
        answered = sum(vote.state in ANSWERED for vote in votes)
        without = sum(vote.state is QuestionState.NOT_APPLICABLE for vote in votes)
        return (
            f"{without} of the {count(answered, 'organisation')} that answered say it does not apply: more than half.",
        )
    least = questionnaire.framework.rules.minimum_organisations
    chose = sum(vote.score is not None for vote in votes)
    return (f"{count(chose, 'organisation')} chose a level; a score takes at least {least}.",)


def _spread(questionnaire: Questionnaire, scored: QuestionScore, scores: Sequence[Fraction]) -> list[Step]:
    """Show the average deviation and, where there are enough organisations, whether the question is contested."""
    if scored.average_deviation is None:
        return []
    middle = mean(scores)
    distances = [abs(score - middle) for score in scores]
    lines = [
        "How far each score lies from the mean, on average:",
        _mean_of(distances, scored.average_deviation),
    ]
    if len(scores) < CONTESTABLE_FROM:
        lines.append(f"It takes {CONTESTABLE_FROM} organisations with a score to call a question contested.")
        return [Step("Spread", tuple(lines))]
    levels = len(questionnaire.scale_of(scored.question).levels)
    bound = contested_bound(levels)
    spread = beside_bounds(scored.average_deviation, [bound])
    verdict = f"{spread} is at or above it: contested." if scored.contested else f"{spread} is under it: not contested."
    lines.append(f"The bound with {levels} levels: 100 × {levels} ÷ (6 × {levels - 1}) {equals(bound)}. {verdict}")
    return [Step("Spread", tuple(lines))]
