"""The scoring rule a second time, as with a pencil: naive fractions, no integers, no tables, nothing kept.

Written from the rule alone, and it shares no code with `app.domain.scoring`, `gaps` and `partnership`: it reads the
fields of the questionnaire and of the answers, and works out the rest. What both give must be the same.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.assessment import Answer
from app.domain.questionnaire import Question, Questionnaire, Scale

Sheet = dict[str, Any]
"""One row of a pencil's table: name -> number, word or list."""


def report_one(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Sheet:
    """Work out the gap report of one organisation."""
    rows = [_row_of_one(questionnaire, question, answers) for question in _all_questions(questionnaire)]
    return _report(questionnaire, rows, [answers], [_target(questionnaire, row["asked"]) for row in rows])


def report_many(
    questionnaire: Questionnaire,
    organisations: Sequence[Mapping[str, Answer]],
    targets: Sequence[Fraction] | None = None,
) -> Sheet:
    """Work out the report of a partnership."""
    rows = [_row_of_many(questionnaire, question, organisations) for question in _all_questions(questionnaire)]
    targets = targets if targets is not None else [_target(questionnaire, row["asked"]) for row in rows]
    return _report(questionnaire, rows, organisations, targets)


# 1. From an answer to a score


def _all_questions(questionnaire: Questionnaire) -> list[Question]:
    return [question for section in questionnaire.sections for question in section.questions]


def _scale(questionnaire: Questionnaire, question: Question) -> Scale:
    (scale,) = [scale for scale in questionnaire.framework.scales if scale.id == question.scale]
    return scale


def _place(scale: Scale, level_id: str) -> int:
    return [level.id for level in scale.levels].index(level_id)


def _level_score(scale: Scale, level_id: str) -> Fraction:
    points = [level.points for level in scale.levels]
    return 100 * (points[_place(scale, level_id)] - min(points)) / (max(points) - min(points))


def _is_level(scale: Scale, answer: Answer | None) -> bool:
    return answer is not None and answer.choice in [level.id for level in scale.levels]


def _is_hidden(questionnaire: Questionnaire, question: Question, answers: Mapping[str, Answer]) -> bool:
    if question.when is None:
        return False
    when = question.when
    (earlier,) = [other for other in _all_questions(questionnaire) if other.id == when.question]
    if _is_hidden(questionnaire, earlier, answers):
        return True
    scale = _scale(questionnaire, earlier)
    if not _is_level(scale, answers.get(earlier.id)):
        return True
    return _place(scale, answers[earlier.id].choice) < _place(scale, when.at_least)


def _state(questionnaire: Questionnaire, question: Question, answers: Mapping[str, Answer]) -> str:
    if _is_hidden(questionnaire, question, answers):
        return "hidden"
    if question.id not in answers:
        return "unanswered"
    if answers[question.id].choice in {"dont-know", "not-applicable"}:
        return answers[question.id].choice
    return "scored"


def _row_of_one(questionnaire: Questionnaire, question: Question, answers: Mapping[str, Answer]) -> Sheet:
    state = _state(questionnaire, question, answers)
    scored = state == "scored"
    return {
        "asked": question,
        "state": state,
        "score": _level_score(_scale(questionnaire, question), answers[question.id].choice) if scored else None,
        "organisations": 1 if scored else 0,
        "average_deviation": None,
        "contested": False,
    }


# 4. A partnership


def _row_of_many(
    questionnaire: Questionnaire, question: Question, organisations: Sequence[Mapping[str, Answer]]
) -> Sheet:
    scale = _scale(questionnaire, question)
    states = [_state(questionnaire, question, answers) for answers in organisations]
    scores = [
        _level_score(scale, answers[question.id].choice)
        for answers, state in zip(organisations, states, strict=True)
        if state == "scored"
    ]
    answered = states.count("scored") + states.count("dont-know") + states.count("not-applicable")
    if states.count("not-applicable") > Fraction(answered, 2):
        state = "not-applicable"
    elif states.count("hidden") == len(states):
        state = "hidden"
    elif len(scores) < questionnaire.framework.rules.minimum_organisations:
        state = "insufficient"
    else:
        state = "scored"

    average_deviation = None
    if len(scores) >= 2:
        mean = Fraction(sum(scores), len(scores))
        average_deviation = sum((abs(score - mean) for score in scores), Fraction(0)) / len(scores)
    levels = Fraction(len(scale.levels))
    return {
        "asked": question,
        "state": state,
        "score": Fraction(sum(scores), len(scores)) if state == "scored" else None,
        "organisations": len(scores),
        "average_deviation": average_deviation,
        "contested": average_deviation is not None
        and len(scores) >= 3
        and average_deviation >= 100 * levels / (6 * (levels - 1)),
    }


# 2. One enabler, 3. Bands


def _enabler(
    questionnaire: Questionnaire,
    enabler: str,
    rows: Sequence[Sheet],
    organisations: Sequence[Mapping[str, Answer]],
    targets: Mapping[str, Fraction],
) -> Sheet:
    rules = questionnaire.framework.rules
    own_ids = [
        question.id
        for section in questionnaire.sections
        if section.enabler == enabler
        for question in section.questions
    ]
    own = [row for row in rows if row["asked"].id in own_ids]
    applicable = [row for row in own if row["state"] not in {"not-applicable", "hidden"}]
    scored = [row for row in applicable if row["state"] == "scored"]
    applicable_weight = sum((row["asked"].weight for row in applicable), Fraction(0))
    scored_weight = sum((row["asked"].weight for row in scored), Fraction(0))

    coverage = 100 * scored_weight / applicable_weight if applicable_weight else None
    if not applicable:
        status = "not-applicable"
    elif coverage is None or scored_weight == 0:
        status = "insufficient"
    elif coverage >= rules.full_coverage:
        status = "full"
    elif coverage >= rules.provisional_coverage:
        status = "provisional"
    else:
        status = "insufficient"

    sheet: Sheet = {
        "id": enabler,
        "coverage": coverage,
        "coverage_status": status,
        "dont_know_share": _dont_know_share(questionnaire, own, organisations) if applicable else None,
        "not_applicable": len([row for row in own if row["state"] == "not-applicable"]),
        "score": None,
        "band": None,
        "barrier": False,
        "capped_by": [],
        "percent_to_target": None,
    }
    if status in {"full", "provisional"}:
        sheet["score"] = sum((row["asked"].weight * row["score"] for row in scored), Fraction(0)) / scored_weight
        sheet["capped_by"] = [
            row["asked"].id for row in scored if row["asked"].critical and row["score"] < rules.critical_below
        ]
        band = _band(questionnaire, sheet["score"], capped=sheet["capped_by"] != [])
        sheet["band"] = questionnaire.framework.bands[band].id
        sheet["barrier"] = questionnaire.framework.bands[band].barrier
        sheet["percent_to_target"] = _percent_to_target(scored, targets)
    return sheet


def _dont_know_share(
    questionnaire: Questionnaire, own: Sequence[Sheet], organisations: Sequence[Mapping[str, Answer]]
) -> Fraction | None:
    unknown = seen = Fraction(0)
    for answers in organisations:
        for row in own:
            state = _state(questionnaire, row["asked"], answers)
            if state == "dont-know":
                unknown += row["asked"].weight
            if state not in {"not-applicable", "hidden"}:
                seen += row["asked"].weight
    return 100 * unknown / seen if seen else None


def _band(questionnaire: Questionnaire, score: Fraction, *, capped: bool) -> int:
    bands = questionnaire.framework.bands
    place = max(place for place, band in enumerate(bands) if band.start <= score)
    cap = [band.id for band in bands].index(questionnaire.framework.rules.critical_cap)
    return min(place, cap) if capped else place


# 5. Gaps


def _target(questionnaire: Questionnaire, question: Question) -> Fraction:
    if question.target is None:
        return questionnaire.framework.rules.default_target
    return _level_score(_scale(questionnaire, question), question.target)


def _percent_to_target(scored: Sequence[Sheet], targets: Mapping[str, Fraction]) -> Fraction | None:
    whole = sum((row["asked"].weight * targets[row["asked"].id] for row in scored), Fraction(0))
    missing = sum(
        (row["asked"].weight * max(targets[row["asked"].id] - row["score"], Fraction(0)) for row in scored), Fraction(0)
    )
    return 100 * (1 - missing / whole) if whole else None


def _report(
    questionnaire: Questionnaire,
    rows: Sequence[Sheet],
    organisations: Sequence[Mapping[str, Answer]],
    targets: Sequence[Fraction],
) -> Sheet:
    target_of = {row["asked"].id: target for row, target in zip(rows, targets, strict=True)}
    enablers = [
        _enabler(questionnaire, enabler.id, rows, organisations, target_of)
        for enabler in questionnaire.framework.enablers
    ]
    gaps: list[Sheet] = []
    met: list[Sheet] = []
    for row in rows:
        if row["state"] == "scored":
            question, score, target = row["asked"], row["score"], target_of[row["asked"].id]
            sheet = {
                "question": question.id,
                "score": score,
                "target": target,
                "gap": max(target - score, Fraction(0)),
                "difference": score - target,
                "priority": question.weight * max(target - score, Fraction(0)),
                "critical": question.critical,
                "contested": row["contested"],
            }
            (gaps if score < target else met).append(sheet)
    # A sort that keeps what is equal in order, last reason first.
    gaps.sort(key=lambda gap: 0 if gap["contested"] else 1)
    gaps.sort(key=lambda gap: 0 if gap["critical"] else 1)
    gaps.sort(key=lambda gap: -gap["priority"])
    return {
        "weakest": _weakest(questionnaire, enablers),
        "enablers": enablers,
        "gaps": gaps,
        "met": met,
        "questions": [
            {name: value for name, value in row.items() if name != "asked"} | {"id": row["asked"].id} for row in rows
        ],
        "organisations": len(organisations),
    }


def _weakest(questionnaire: Questionnaire, enablers: Sequence[Sheet]) -> str | None:
    score_of = {enabler["id"]: enabler["score"] for enabler in enablers}
    weakest: str | None = None
    for section in questionnaire.sections:
        score = score_of[section.enabler]
        if score is not None and (weakest is None or score < score_of[weakest]):
            weakest = section.enabler
    return weakest
