"""Work that is shared among processes comes out as it would in one."""

import os

import pytest

from app.services.processes import MUCH, shared


def test_little_is_done_here() -> None:
    with shared(MUCH - 1) as run:
        assert run is map


@pytest.mark.skipif(os.cpu_count() == 1, reason="one processor shares nothing")
def test_much_is_done_elsewhere_in_the_same_order() -> None:
    with shared(MUCH) as run:
        assert list(run(divmod, [7, 8, 9], [2, 3, 4])) == [(3, 1), (2, 2), (2, 1)]
