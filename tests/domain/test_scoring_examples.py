"""The worked examples of the scoring rule, as they stand in `scoring_examples.yaml`."""

from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from app.domain.partnership import find_average_deviation, make_partnership_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE
from app.domain.scoring import QuestionScore, score
from tests.factories import MATURITY, level_id, make_answers, make_question, make_questionnaire, make_scale

Example = dict[str, Any]
EXAMPLES: Final[Example] = yaml.safe_load((Path(__file__).parent / "scoring_examples.yaml").read_text("utf-8"))
SHORT: Final = {"dk": DONT_KNOW, "na": NOT_APPLICABLE}


def by_id(example: Example) -> str:
    """Name a test after its example."""
    return str(example["id"])


def _as_printed(number: Fraction | None) -> Fraction | None:
    """Round half up to four decimals, as the examples are printed."""
    return None if number is None else Fraction(floor(number * 10_000 + Fraction(1, 2)), 10_000)


def _expected(number: float | None) -> Fraction | None:
    return None if number is None else Fraction(str(number))


def test_the_levels_of_the_maturity_scale_score_as_in_the_example() -> None:
    assert {level_id(level): points for level, points in EXAMPLES["levels_to_score"].items()} == MATURITY.scores


@pytest.mark.parametrize("example", EXAMPLES["organisation"], ids=by_id)
def test_one_organisation_scores_as_in_the_example(example: Example) -> None:
    rows = {f"question-{number}": row for number, row in enumerate(example["questions"])}
    questionnaire = make_questionnaire(
        *(make_question(name, weight=row["weight"], critical=row.get("critical", False)) for name, row in rows.items())
    )
    enabler = score(questionnaire, make_answers({name: row["level"] for name, row in rows.items()})).enablers[0]
    assert _as_printed(enabler.score) == _expected(example["score"])
    if "coverage" in example:
        assert _as_printed(enabler.coverage) == _expected(example["coverage"])
    if "band" in example:
        assert enabler.band is not None
        assert enabler.band.id == example["band"]


PARTNERSHIP: Final[Example] = EXAMPLES["partnership"][0]


def test_five_partners_score_as_in_the_example() -> None:
    questionnaire = make_questionnaire(
        *(
            make_question(row["id"], weight=row["weight"], critical=row.get("critical", False))
            for row in PARTNERSHIP["questions"]
        )
    )
    sheets = zip(*(row["answers"] for row in PARTNERSHIP["questions"]), strict=True)
    ids = [row["id"] for row in PARTNERSHIP["questions"]]
    organisations = {
        f"organisation-{number}": make_answers(
            {name: SHORT.get(choice, choice) for name, choice in zip(ids, sheet, strict=True)}
        )
        for number, sheet in enumerate(sheets)
    }
    report = make_partnership_report(questionnaire, organisations)

    for question, row in zip(report.scores.questions, PARTNERSHIP["questions"], strict=True):
        _check_question(question, row)
    enabler = report.scores.enablers[0]
    assert _as_printed(enabler.score) == _expected(PARTNERSHIP["score"])
    assert _as_printed(enabler.coverage) == _expected(PARTNERSHIP["coverage"])
    assert enabler.band is not None
    assert enabler.band.id == PARTNERSHIP["band"]
    assert [question.id for question in enabler.capped_by] == ["c"]
    assert {gap.question.id: gap.gap for gap in report.gaps} == PARTNERSHIP["gaps_to_75"]
    assert [(gap.question.id, gap.priority) for gap in report.gaps] == list(PARTNERSHIP["priority"].items())
    assert _as_printed(report.percent_to_target[enabler.enabler.id]) == _expected(PARTNERSHIP["percent_to_target"])


def _check_question(question: QuestionScore, row: Example) -> None:
    assert question.state == row.get("status", "scored")
    assert _as_printed(question.score) == _expected(row.get("score"))
    assert question.contested == row.get("contested", False)
    if "ad" in row:
        assert _as_printed(question.average_deviation) == _expected(row["ad"])


def test_one_organisation_has_one_vote_as_in_the_example() -> None:
    example = EXAMPLES["partnership"][1]
    report = make_partnership_report(
        make_questionnaire(make_question("a")),
        {
            f"organisation-{number}": make_answers(a=level)
            for number, level in enumerate(example["organisation_levels"])
        },
    )
    assert report.scores.enablers[0].score == example["score"]


@pytest.mark.parametrize("example", EXAMPLES["average_deviation"])
def test_the_average_deviation_in_points_is_that_in_levels_times_the_width_of_a_level(example: Example) -> None:
    scores = make_scale("scale", range(example["A"])).scores
    deviation = find_average_deviation([scores[level_id(level - 1)] for level in example["x"]])
    assert deviation == Fraction(str(example["ad_levels"])) * 100 / (example["A"] - 1)
