import pytest

from strategy.fees import fee
from tests.strategy.states import D


@pytest.mark.parametrize(
    ("amount", "percent", "expected"),
    [
        ("1000", "0.25", "2.50"),
        ("1002", "0.25", "2.51"),
        ("101", "0.25", "0.25"),
        ("500", "0", "0"),
    ],
)
def test_a_fee_is_a_rate_of_the_filled_total_half_up_to_the_cent(
    amount: str, percent: str, expected: str
) -> None:
    assert fee(D(amount), D(percent)) == D(expected)
