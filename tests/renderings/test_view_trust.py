"""What partners see of trust, in words, as a page part; and that it says nothing more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.catalogue import Catalogue
from app.domain.assessment import AssessmentStatus
from app.domain.rounds import SignOff
from app.domain.together import Partner, Together
from app.domain.trust import Rating
from app.domain.trust_question import TrustQuestion
from app.renderings.view_trust import TrustView, make_trust_view
from app.web.templating import get_environment
from tests.web.pages import parse, words

CLOSES = datetime(2026, 11, 30, 17, tzinfo=UTC)
AFTER = CLOSES + timedelta(days=1)
HOSTILE = "Body 0 <script>alert(1)</script>\n{{ 7 * 7 }}"


@pytest.fixture
def question(questionnaires: Catalogue) -> TrustQuestion:
    found = questionnaires.trust_of("reform-enablers")
    assert found is not None
    return found


def make_together(number: int) -> Together:
    return Together(
        partnership_id=UUID(int=100),
        partnership="Vale",
        round_id=UUID(int=101),
        round="Autumn",
        opens_at=CLOSES - timedelta(days=30),
        closes_at=CLOSES,
        sign_off=SignOff.NOBODY,
        questionnaire_hash="",
        targets={},
        partners=tuple(
            Partner(
                organisation_id=UUID(int=place + 1),
                name=HOSTILE if place == 0 else f"Body {place}",
                assessment_id=UUID(int=place + 200),
                status=AssessmentStatus.SUBMITTED,
                submission=1,
                submitted_at=CLOSES - timedelta(days=1),
                answers={},
            )
            for place in range(number)
        ),
        agreed={},
    )


def all_say(number: int, relies: Callable[[int, int | str], bool], subjects: tuple[str, ...] = ()) -> list[Rating]:
    return [
        Rating(
            UUID(int=rater + 1),
            subject if isinstance(subject, str) else str(UUID(int=subject + 1)),
            "in-most-things" if relies(rater, subject) else "not-at-all",
            CLOSES - timedelta(days=1),
        )
        for rater in range(number)
        for subject in (*range(number), *subjects)
        if rater != subject
    ]


def rows(view: TrustView) -> dict[str, str]:
    return {} if view.table is None else {row[0]: row[1] for row in view.table.rows}


def test_before_the_closing_it_says_when_it_will_be_there(question: TrustQuestion) -> None:
    view = make_trust_view(make_together(9), all_say(9, lambda *_: True), question, CLOSES - timedelta(seconds=1))
    assert view.table is None
    assert view.lead == ("This is shown once the round has closed, from 5:15pm on 30 November 2026.",)
    assert view.withheld == ()


def test_each_partner_has_a_word_and_who_stands_alone_is_named(question: TrustQuestion) -> None:
    ratings = all_say(9, lambda _, to: to not in {3, "central-government"}, ("communities", "central-government"))
    view = make_trust_view(make_together(9), ratings, question, AFTER)
    assert rows(view)["Body 1"] == "Most that rated it rely on it"
    assert rows(view)["Body 3"] == rows(view)["Central government"] == "Most that rated it do not rely on it"
    assert "Stands alone: Body 3. Most that rated it do not rely on it." in view.lead
    assert "Not relied on by most: Central government. Most that rated it do not rely on it." in view.lead
    assert view.lead[-1].startswith("Trust is mostly returned")
    assert view.withheld == ()


def test_what_is_withheld_says_why(question: TrustQuestion) -> None:
    ratings = [each for each in all_say(6, lambda *_: True, ("communities",)) if each.subject != str(UUID(int=3))]
    ratings = [each for each in ratings if each.subject != "communities" or each.rater.int <= 4]
    view = make_trust_view(make_together(7), ratings, question, AFTER)
    assert rows(view)["Body 2"] == rows(view)["The communities of this place"] == "Too few to show"
    assert "Body 6" not in rows(view)
    few, returned = view.withheld
    assert few.startswith("Fewer than five others rated Body 2 and The communities of this place.")
    assert "at least eight organisations all rated one another" in returned


def test_without_ratings_it_says_so(question: TrustQuestion) -> None:
    view = make_trust_view(make_together(7), [], question, AFTER)
    assert view.table is None
    assert view.lead == ("No organisation that submitted before the round closed said how far it can rely on others.",)


def test_it_is_printed_as_sound_html_with_names_made_harmless(question: TrustQuestion) -> None:
    view = make_trust_view(make_together(8), all_say(8, lambda a, b: (a, b) != (1, 2)), question, AFTER)
    macro = get_environment().get_template("report/trust.html").module.trust_section  # type: ignore[attr-defined]
    html = f"<!DOCTYPE html><html lang='en'><head><title>x</title></head><body>{macro(view)}</body></html>"
    parse(html)
    assert "<script>alert" not in html
    assert "Body 0 <script>alert(1)</script> {{ 7 * 7 }}" in words(html)
    for level in question.labels.values():
        assert level not in words(html)
