"""Scores against spending in words: what is shown, what cannot be told, and what is refused are kept apart."""

from dataclasses import replace

import pytest

from app.catalogue import Catalogue
from app.domain.money import Comparison, Money, Refusal, compare
from app.domain.questionnaire import Questionnaire
from app.renderings.release_files import MONEY, SheetName, make_sheets, render_json
from app.renderings.view_money import make_money_view, signed
from app.renderings.view_release import make_release_view
from tests.money import make_content


@pytest.fixture
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        (compare(40, 45), "Association shown", ("tend to be higher", "not to say why", "+0.45", "40 partnerships")),
        (compare(40, -45), "Association shown", ("tend to be lower", "−0.45")),
        (
            compare(150, 5),
            "No association shown",
            ("any but a weak association is ruled out", "+0.05", "−0.11 to +0.21"),
        ),
        (compare(30, 0), "Too few to tell", ("nothing is said either way", "0.00")),
        (Refusal.TOO_FEW, "Refused", ("it takes 20 partnerships",)),
        (Refusal.SAME_SPEND, "Cannot be compared", ("as much is spent for each person everywhere",)),
        (Refusal.WITHHELD, "Not shown", ("somebody’s own score",)),
    ],
)
def test_what_is_shown_what_is_not_and_what_cannot_be_told_are_kept_apart(
    questionnaire: Questionnaire, found: Comparison | Refusal, verdict: str, words: tuple[str, ...]
) -> None:
    view = make_money_view(make_content(questionnaire, found), questionnaire)
    for each in view.enablers:
        assert each.verdict == verdict
        assert all(word in each.said for word in words)
        assert bool(each.detectable) is isinstance(found, Comparison)
    assert all("cause" not in each.said for each in view.enablers)
    assert "never says that one is the cause" in view.never_cause
    assert len(view.findings) == 2
    assert all(each.link.startswith("https://") for each in view.findings)


def test_what_so_many_could_not_have_shown_is_said(questionnaire: Questionnaire) -> None:
    view = make_money_view(make_content(questionnaire, compare(30, 0)), questionnaire)
    assert view.enablers[0].detectable == (
        "With 30 partnerships, an association weaker than ±0.361 would not have been found. "
        "To say that none is shown would take at least 44."
    )


@pytest.mark.parametrize(
    ("left_out", "words"),
    [(0, "Nobody"), (None, "Some partnerships"), (12, "12 partnerships without a figure")],
)
def test_how_many_are_left_out_is_said_where_that_is_nobody_or_enough(
    questionnaire: Questionnaire, left_out: int | None, words: str
) -> None:
    view = make_money_view(make_content(questionnaire, compare(40, 5), left_out), questionnaire)
    facts = {fact.label: fact.text for fact in view.facts}
    assert facts["Left out"].startswith(words)
    assert facts["Groups"] == (
        "1, least spent: under about £1,500; 2: about £1,500 to £1,600; 3, most spent: over about £1,600"
    )


def test_a_group_that_is_withheld_has_no_dot(questionnaire: Questionnaire) -> None:
    view = make_money_view(make_content(questionnaire, compare(40, 5)), questionnaire)
    steps = view.enablers[0].steps
    assert [(step.group, step.mean, step.x, step.y) for step in steps] == [
        ("1, least spent", "44", "16.67", "56"),
        ("2", "Not shown", "", ""),
        ("3, most spent", "61", "83.33", "39"),
    ]
    assert view.why_not_shown
    assert view.picture_table
    assert view.picture_table.rows[0][1:] == ("44 (13)", "Not shown", "61 (13)")


def test_without_groups_there_is_no_picture_and_it_says_why(questionnaire: Questionnaire) -> None:
    view = make_money_view(make_content(questionnaire, Refusal.TOO_FEW, None, ()), questionnaire)
    assert view.picture_table is None
    assert "too few partnerships" in view.why_no_picture
    nothing = replace(make_content(questionnaire, Refusal.TOO_FEW, None, ()), money=Money(None, None, (), {}))
    assert make_money_view(nothing, questionnaire).facts[0].text == "Not known of any partnership"


@pytest.mark.parametrize("found", [compare(40, -45), Refusal.WITHHELD])
def test_files_have_the_same_numbers(questionnaire: Questionnaire, found: Comparison | Refusal) -> None:
    content = make_content(questionnaire, found)
    view = make_release_view(content, questionnaire, None, "Spring")
    (sheet,) = (each for each in make_sheets(content, questionnaire, view) if each.name == SheetName.MONEY)
    assert len(sheet.rows) == len(questionnaire.framework.enablers)
    row = dict(zip((column.id for column in MONEY), sheet.rows[0], strict=True))
    if isinstance(found, Comparison):
        numbers = [row[each] for each in ("partnerships", "rho", "interval_low", "interval_high", "detectable")]
        assert [float(str(number)) if isinstance(number, int) else number for number in numbers] == pytest.approx(
            [found.count, found.rho, found.low, found.high, found.detectable]
        )
        assert row["says"] == "Association shown"
    else:
        assert row["rho"] is None
        assert str(row["says"]).startswith("Not shown")
    written = render_json(content, questionnaire, view)["money"]["enablers"][questionnaire.framework.enabler_ids[0]]
    assert written.get("rho") == (found.rho if isinstance(found, Comparison) else None)


@pytest.mark.parametrize(("number", "words"), [(0.2, "+0.20"), (-0.17, "−0.17"), (0.0, "0.00"), (1.0, "+1.00")])
def test_a_correlation_has_its_sign(number: float, words: str) -> None:
    assert signed(number) == words
