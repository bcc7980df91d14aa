"""How witnesses are made: what moves, and what stays."""

import numpy as np

from app.disclosure.witness import make_up_for, project

ROWS = np.array(
    [
        [1, 1, 1, 1, 1, 1, 0],
        [1, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 1, 1, 1, 0],  # with the one above, the first again
        [1, 1, 1, 1, 1, 1, 0],
        [0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1],
    ]
).astype(float)
ROOM = np.array([10.0, 8, 5, 20, 1, 12, 0])


def test_a_unit_moves_by_one_and_no_sum_changes_though_sums_depend_on_one_another() -> None:
    directions, can_move = project(ROWS, np.arange(6), ROOM)
    assert can_move.all()
    for unit in range(6):
        assert directions[unit, unit] == 1
        assert np.abs(ROWS @ directions[unit]).max() < 1e-6


def test_only_those_with_room_move_and_those_with_more_move_more() -> None:
    directions, _ = project(ROWS, np.array([1]), np.array([10.0, 0, 0, 20, 1, 12, 0]))
    assert directions[0, [1, 2, 6]].tolist() == [1, 0, 0]
    assert abs(directions[0, 0] + 1) < 1e-6
    apart, _ = project(ROWS[:1], np.array([1]), np.array([10.0, 0, 0, 20, 0, 0, 0]))
    assert np.allclose(apart[0], [-0.2, 1, 0, -0.8, 0, 0, 0])


def test_nobody_can_make_up_where_nobody_has_room() -> None:
    """The sums change then, by which the world is told apart."""
    directions, _ = project(ROWS, np.array([6]), ROOM)
    assert directions.tolist() == [[0] * 6 + [1]]
    assert not make_up_for(ROWS, np.zeros(7), ROWS[:, :3].T).any()
