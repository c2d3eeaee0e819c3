"""One attempt at everything: what is broken stays broken when it is asked again."""

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def _no_second_attempt() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=1, cap=False):
        yield
