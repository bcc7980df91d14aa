"""Long computations, shared among the processors of the machine."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, Final

MUCH: Final = 100
"""From so many partnerships on, starting other processes takes less time than it saves."""
MOST: Final = 4


@contextmanager
def shared(partnerships: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """Give what does as `map` does: in this process, or in several where there is much to do and where they can run."""
    processors = min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    if partnerships < MUCH or processors == 1:
        yield map
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each would use all processors, and wait for the others
    # Started afresh, as a copy of a process with threads may hang.
    with ProcessPoolExecutor(processors, mp_context=get_context("spawn")) as pool:
        yield pool.map
