"""What docs/plan.md says of the action plan is what the code does."""

from app.domain.action_changes import TOO_LITTLE
from app.domain.action_reminders import FROM_HOUR
from app.domain.actions import Kind, draw_steps
from tests.house.documents import list_fences, read

DOCUMENT = "docs/plan.md"


def test_the_diagrams_are_drawn_from_the_table_of_steps() -> None:
    diagrams = [fence.text.strip() for fence in list_fences(DOCUMENT) if fence.kind == "mermaid"]
    assert diagrams == [draw_steps(Kind.ACTION), draw_steps(Kind.ASK)]


def test_the_numbers_are_those_of_the_rule() -> None:
    text = " ".join(read(DOCUMENT).split())
    assert f"Less than {TOO_LITTLE} points is too little to call" in text
    assert f"from {FROM_HOUR}am UK time" in text
