"""What the simulator's tests share."""

import timeit
from collections.abc import Callable

import pytest


@pytest.fixture
def benchmark_timer() -> Callable[[Callable[[], object]], float]:
    """Give the wall seconds of one call."""
    return lambda work: timeit.timeit(work, number=1)
