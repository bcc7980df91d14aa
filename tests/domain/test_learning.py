"""The learning library: which points a question leads to, and which resource took the place of which."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.learning import LearningLibrary, find_learning


def make_resource(resource_id: str, **values: object) -> dict[str, Any]:
    return {
        "id": resource_id,
        "name": "N",
        "link": "https://example.org",
        "run_by": "R",
        "helps_with": "H",
        "enablers": ["one"],
        "status": "current",
        "last_checked": "2026-11-30",
        **values,
    }


def make_point(point_id: str, enabler: str, bands: list[str], **values: object) -> dict[str, Any]:
    return {"id": point_id, "enabler": enabler, "bands": bands, "text": "T", **values}


def make_library(points: list[dict[str, Any]], *resources: dict[str, Any]) -> LearningLibrary:
    return LearningLibrary.model_validate(
        {"schema": 1, "framework": "f", "points": points, "resources": list(resources)}
    )


LIBRARY = make_library(
    [
        make_point("general", "one", ["low", "middle"]),
        make_point("other-enabler", "two", ["low"]),
        make_point("for-a", "one", ["low"], questions=["a"], resources=["new", "old"]),
        make_point("for-b", "one", ["low"], questions=["b"]),
        make_point("high", "one", ["high"]),
    ],
    make_resource("old", status="ended", note="Gone", successor="newer"),
    make_resource("newer", status="ended", note="Gone too", successor="new"),
    make_resource("new"),
)


@pytest.mark.parametrize(
    ("question", "enabler", "band", "points"),
    [
        ("a", "one", "low", ["for-a", "general"]),
        ("b", "one", "low", ["for-b", "general"]),
        ("c", "one", "low", ["general"]),
        ("a", "one", "middle", ["general"]),
        ("a", "one", "high", ["high"]),
        ("a", "two", "low", ["other-enabler"]),
        ("a", "two", "high", []),
    ],
)
def test_a_question_leads_to_its_own_points_then_to_general_ones(
    question: str, enabler: str, band: str, points: list[str]
) -> None:
    assert [point.id for point in find_learning(LIBRARY, question, enabler, band)] == points


def test_a_point_names_its_resources_in_order() -> None:
    (point, _) = find_learning(LIBRARY, "a", "one", "low")
    assert [resource.id for resource in LIBRARY.resources_of(point)] == ["new", "old"]


def test_the_successor_is_the_last_of_the_line() -> None:
    by_id = LIBRARY.resources_by_id
    assert LIBRARY.successor_of(by_id["old"]) == by_id["new"]
    assert LIBRARY.successor_of(by_id["new"]) is None


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-29",
        "2026-1-1",
        "20261130",
        "30.11.2026",
        "2026-11-30T00:00",
        20261130,
        None,
        "2026-11-3\N{ARABIC-INDIC DIGIT ZERO}",
    ],
)
def test_a_date_is_a_real_day(day: object) -> None:
    with pytest.raises(ValidationError, match="must be a real date in the form 2026-11-30"):
        make_library([make_point("p", "one", ["low"])], make_resource("r", last_checked=day))


def test_a_library_survives_its_own_json() -> None:
    written = LIBRARY.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert written["resources"][0]["last_checked"] == "2026-11-30"
    assert LearningLibrary.model_validate(written) == LIBRARY
    assert LIBRARY.resources[0].last_checked == date(2026, 11, 30)


@pytest.mark.parametrize(
    "link", ["example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https://a b", ""]
)
def test_a_link_is_a_web_address(link: str) -> None:
    with pytest.raises(ValidationError):
        make_library([make_point("p", "one", ["low"])], make_resource("r", link=link))
