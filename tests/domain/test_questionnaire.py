"""What a questionnaire says of itself: its hash above all, which names everything that scores and words depend on."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.questionnaire import ChecklistItem, EvidenceKind, Framework, Questionnaire, Rules
from app.domain.values import Text, is_id
from tests.factories import (
    AGREEMENT,
    MATURITY,
    RULES,
    make_framework,
    make_question,
    make_questionnaire,
    make_scale,
    make_section,
)


def test_the_hash_of_a_given_questionnaire_never_changes() -> None:
    """Stored assessments carry it: if this fails, the canonical form changed, and every stored hash with it."""
    questionnaire = make_questionnaire(
        make_question("a", weight=Decimal("0.1"), critical=True, target=3),
        make_question("b", scale=AGREEMENT, when=("a", 2), hint=Text({"en": "Hint", "cy": "Awgrym"})),
    )
    assert questionnaire.hash == "sha256:40829474aa544eaa4a3eb286337189276a6e8aa5770da7d47a36a5181e12f536"


def test_equal_content_has_an_equal_hash_however_it_was_written() -> None:
    one = make_questionnaire(make_question("a", weight=1, descriptors={f"level-{n}": Text(f"D{n}") for n in range(5)}))
    other = make_questionnaire(
        make_question(
            "a", weight=Decimal("1.0"), descriptors={f"level-{n}": Text({"en": f"D{n}"}) for n in (3, 1, 4, 0, 2)}
        )
    )
    assert one.hash == other.hash


BASE: dict[str, Any] = {"weight": 1, "critical": False, "target": 3, "when": ("a", 2), "hint": "Hint", "serves": ["L1"]}


@pytest.mark.parametrize(
    "change",
    [
        {"weight": Decimal("1.000000001")},
        {"critical": True},
        {"target": 2},
        {"target": None},
        {"when": ("a", 3)},
        {"when": None},
        {"hint": "Another hint"},
        {"hint": {"en": "Hint", "cy": "Awgrym"}},
        {"text": "Other words"},
        {"meaning": 2},
        {"not_applicable": False},
        {"scale": AGREEMENT, "target": 3},
        {"serves": ["L2"]},
        {"evidence": ["dashboard"]},
    ],
    ids=str,
)
def test_any_change_of_a_question_changes_the_hash(change: dict[str, Any]) -> None:
    before = make_questionnaire(make_question("a"), make_question("b", **BASE))
    after = make_questionnaire(make_question("a"), make_question("b", **{**BASE, **change}))
    assert after.hash != before.hash


@pytest.mark.parametrize(
    "framework",
    [
        make_framework(default_target=80),
        make_framework(minimum_organisations=3),
        make_framework(bands={"not-in-place": 0, "emerging": 25, "partly-in-place": 50, "in-place": 80}),
        make_framework(scales=(make_scale("maturity", (0, 1, 2, 3, 5)),)),
        make_framework(enablers=("knowing-what-works",)),
    ],
    ids=["target", "minimum", "band", "points", "enablers"],
)
def test_any_change_of_the_framework_that_the_questions_use_changes_the_hash(framework: Framework) -> None:
    assert (
        make_questionnaire(make_question("a"), framework=framework).hash != make_questionnaire(make_question("a")).hash
    )


def test_what_no_question_names_of_the_framework_is_not_in_the_hash() -> None:
    base = make_framework(scales=(MATURITY,))
    wider = base.model_validate(
        {
            **dict(base),
            "scales": (MATURITY, AGREEMENT),
            "checklist": (ChecklistItem.model_validate({"id": "L9", "audience": "department", "text": "Nine"}),),
            "evidence": (EvidenceKind(id="survey", label=Text("Survey")),),
        }
    )
    question = make_question("a")
    assert make_questionnaire(question, framework=wider).hash == make_questionnaire(question, framework=base).hash


def test_the_order_of_questions_is_in_the_hash() -> None:
    a, b = make_question("a"), make_question("b")
    assert make_questionnaire(a, b).hash != make_questionnaire(b, a).hash


def test_a_questionnaire_can_be_made_again_from_its_content() -> None:
    questionnaire = make_questionnaire(
        make_section("right-incentives", make_question("a", weight=Decimal("0.3"), target=1, critical=True)),
        make_section("securing-funding", make_question("b", when=("a", 1), scale=AGREEMENT, hint="Hint")),
    )
    again = Questionnaire.model_validate(json.loads(json.dumps(questionnaire.content), parse_float=Decimal))
    assert again == questionnaire
    assert again.hash == questionnaire.hash


@pytest.mark.parametrize("digits", ["0.1", "0.30", "123456.789012345", "0.000001", "1000000"])
def test_a_number_is_the_decimal_as_written(digits: str) -> None:
    question = make_question("a", weight=Decimal(digits))
    assert question.weight == Fraction(digits)
    assert Fraction(str(question.model_dump(mode="json")["weight"])) == Fraction(digits)


@pytest.mark.parametrize("number", [0.1, True, "1", None, Decimal("NaN"), Decimal("Infinity"), -1, 1_000_001])
def test_a_weight_is_an_exact_number_from_0(number: object) -> None:
    question = dict(make_question("a"))
    with pytest.raises(ValidationError):
        type(make_question("a")).model_validate({**question, "weight": number})


@pytest.mark.parametrize("rule", ["default_target", "full_coverage", "provisional_coverage", "critical_below"])
@pytest.mark.parametrize("number", [-1, Decimal("100.01")])
def test_a_percentage_lies_between_0_and_100(rule: str, number: object) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate({**RULES, rule: number})


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("a", True),
        ("a-b2", True),
        ("A", False),
        ("1a", False),
        ("a--b", False),
        ("a-", False),
        ("a\n", False),
        ("", False),
    ],
)
def test_an_id_is_a_slug(text: str, *, valid: bool) -> None:
    assert is_id(text) == valid
