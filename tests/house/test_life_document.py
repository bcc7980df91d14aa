"""What docs/life.md says of an assessment's life is what the code does."""

from app.domain.access import MAY, Deed, Role
from app.domain.assessment import MOVES, Move, draw_moves
from app.domain.rounds import LATE_ENTRY_BEFORE
from tests.house.documents import list_fences, list_table, read

DOCUMENT = "docs/life.md"
NEEDS = {
    Move.ANSWER: Deed.ANSWER_GIVEN,
    Move.SUBMIT: Deed.SUBMIT,
    Move.REQUEST_CHANGES: Deed.SIGN_OFF,
    Move.SIGN_OFF: Deed.SIGN_OFF,
    Move.REOPEN: Deed.REOPEN,
}


def test_the_diagram_is_drawn_from_the_table_of_moves() -> None:
    (diagram,) = (fence.text for fence in list_fences(DOCUMENT) if fence.kind == "mermaid")
    assert diagram.strip() == draw_moves()


def test_the_table_says_who_may_make_each_move() -> None:
    _, *rows = list_table(DOCUMENT, "Who may do what")
    told = {move: set(who.split(", ")) for move, who, _ in rows}
    assert told == {
        move.value.replace("-", " "): {role.value for role in Role if NEEDS[move] in MAY[role]} for move in MOVES
    }


def test_the_days_are_those_of_the_rule() -> None:
    assert f"From {LATE_ENTRY_BEFORE.days} days before a round closes" in " ".join(read(DOCUMENT).split())
