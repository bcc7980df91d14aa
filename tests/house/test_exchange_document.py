"""What docs/exchange.md says of learning from others is what the code does."""

from app.domain.access import MAY, Deed, Role
from app.domain.exchange import ANSWER_WITHIN, KINDS, MOST_AT_A_TIME, REST, draw_steps
from app.domain.learning_marks import SHOWN_FROM
from app.domain.matching import MOST_PROPOSALS, POINTS
from tests.house.documents import list_fences, list_table, read

DOCUMENT = "docs/exchange.md"


def test_the_diagram_is_drawn_from_the_table_of_steps() -> None:
    assert [fence.text.strip() for fence in list_fences(DOCUMENT) if fence.kind == "mermaid"] == [draw_steps()]


def test_the_points_are_those_of_the_table() -> None:
    _, *rows = list_table(DOCUMENT, "How they are brought together")
    assert [int(points) for _, points in rows] == [*POINTS.values()]


def test_the_numbers_and_kinds_are_those_of_the_rule() -> None:
    text = " ".join(read(DOCUMENT).split())
    assert f"from 1 to {MOST_AT_A_TIME}, and in words" in text
    assert f"no ask in more than {MOST_PROPOSALS}." in text
    assert f"counts as declined after {ANSWER_WITHIN.days} days" in text
    assert f"about the enabler for {REST.days} days" in text
    assert f"Numbers are shown from {SHOWN_FROM} organisations" in text
    assert f"({', '.join(words.name.lower() for words in KINDS.values())})" in text


def test_coordinators_act_and_leads_read() -> None:
    assert {role for role in Role if Deed.EXCHANGE in MAY[role]} == {Role.COORDINATOR}
    assert {role for role in Role if Deed.SEE_EXCHANGE in MAY[role]} == {Role.COORDINATOR, Role.LEAD}
