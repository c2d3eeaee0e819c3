"""How figures are written."""

import pytest

from bot.amounts import counted


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 orders"), (1, "1 order"), (2, "2 orders"), (1234, "1,234 orders")]
)
def test_one_thing_is_written_in_the_singular_and_any_other_number_in_the_plural(
    count: int, written: str
) -> None:
    assert counted(count, "order") == written
