import pytest

from strategy.fees import charges, fee, sec_fee
from strategy.model import Side
from tests.strategy.states import D, fresh


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


def test_a_sale_pays_its_commission_and_the_sec_fee_each_rounded_on_its_own() -> None:
    rules = fresh(fee_percent=D("0.25"), sec_fee_percent=D("0.25")).rules
    assert charges(rules, Side.BUY, D(1002)) == D("2.51")
    assert sec_fee(rules, D(1002)) == D("2.51")
    assert charges(rules, Side.SELL, D(1002)) == D("5.02")
    assert fee(D(1002), D("0.5")) == D("5.01")


def test_sales_pay_the_rate_of_buys_unless_another_is_named() -> None:
    both = fresh(fee_percent=D("0.25")).rules
    assert charges(both, Side.SELL, D(1000)) == charges(both, Side.BUY, D(1000)) == D("2.50")
    other = fresh(fee_percent=D("0.25"), sell_fee_percent=D("0.07")).rules
    assert charges(other, Side.SELL, D(1000)) == D("0.70")
    free = fresh(fee_percent=D("0.25"), sell_fee_percent=D(0)).rules
    assert charges(free, Side.SELL, D(1000)) == 0
    only = fresh(sell_fee_percent=D("0.07")).rules
    assert charges(only, Side.BUY, D(1000)) == 0
