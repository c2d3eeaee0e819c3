"""Other rules for a run: what counts at once, what the next cycle begins under, what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import backtest, versions
from strategy.bookkeeping import apply
from strategy.changes import ChangeRefused, CompoundingChange, RulesChange, SeedChange
from strategy.compounding import next_cycle
from strategy.cycle import settle, start
from strategy.matching import fills
from strategy.model import Bar, Compounding, Cycle, Market, Sizing

D = Decimal
DAY = date(2026, 10, 7)


def held(method: str = "4.0", symbol: str = "SOXL", splits: int = 40) -> Cycle:
    """A cycle in mid-run with shares."""
    begun = start(versions.rules(method, symbol, splits), D(10000))
    return replace(begun, quantity=40, average=D(50), turn=D(8), cash=D(8000), started=DAY)


def test_splits_wait_for_the_next_cycle_while_shares_are_held() -> None:
    before = held()
    after = apply(before, RulesChange(splits=20))
    assert after.rules == before.rules
    assert after.next_rules == versions.rules("4.0", "SOXL", 20)
    following = next_cycle(replace(after, quantity=0, turn=D(0), cash=D(10400)), DAY)
    assert (following.rules.splits, following.next_rules) == (20, None)
    assert following.principal == D(10400)


def test_splits_count_at_once_while_nothing_is_held() -> None:
    begun = start(versions.rules("2.2", "TQQQ", 40), D(10000))
    after = apply(begun, RulesChange(splits=20))
    assert (after.rules.splits, after.next_rules, after.unit) == (20, None, D(500))


def test_the_change_counts_when_the_last_share_is_sold_by_the_same_booking_as_live() -> None:
    cycle = apply(held(), RulesChange(splits=20))
    plan = versions.plan(cycle, Market(closes=(D(50),)))
    high = Bar(day=DAY, open=D(70), high=D(90), low=D(60), close=D(80))
    settled = settle(plan, fills(plan, high), DAY)
    assert settled.finished is not None
    assert settled.cycle.rules.splits == 20
    assert versions.plan(settled.cycle, Market(closes=(D(80),))).unit == settled.cycle.cash / 20


@pytest.mark.parametrize(
    "change",
    [
        RulesChange(fee_percent=D("0.25")),
        RulesChange(ladder=0),
        RulesChange(first_buy_percent=D(10)),
        RulesChange(band_percent=D(10)),
        RulesChange(cap_percent=D(5)),
    ],
)
def test_what_is_of_one_evening_counts_at_once(change: RulesChange) -> None:
    after = apply(held(), change)
    assert after.next_rules is None
    assert after.rules != held().rules
    assert (after.turn, after.unit, after.cash) == (D(8), D(0), D(8000))


def test_a_fee_reaches_the_cycle_and_the_one_that_waits() -> None:
    after = apply(apply(held(), RulesChange(splits=20)), RulesChange(fee_percent=D("0.25")))
    assert after.rules.fee_percent == D("0.25")
    assert after.next_rules is not None
    assert (after.next_rules.splits, after.next_rules.fee_percent) == (20, D("0.25"))


def test_going_back_to_what_runs_takes_the_waiting_change_away() -> None:
    waiting = apply(held(), RulesChange(splits=20))
    assert apply(waiting, RulesChange(splits=40)) == held()


def test_another_version_brings_its_own_options_and_keeps_the_fees() -> None:
    paying = apply(held(), RulesChange(fee_percent=D("0.07"), ladder=3))
    following = apply(paying, RulesChange(method="3.0", splits=20)).next_rules
    assert following == versions.rules("3.0", "SOXL", 20, fee_percent=D("0.07"))
    assert following.sizing is Sizing.GROWING


@pytest.mark.parametrize(("old", "new"), [("4.0", "2.2"), ("2.2", "4.0"), ("4.0", "3.0")])
def test_another_version_begins_with_its_own_unit(old: str, new: str) -> None:
    waiting = apply(held(old), RulesChange(method=new))
    ended = replace(waiting, quantity=0, turn=D(0), average=D(0), cash=D(10400))
    following = next_cycle(ended, DAY)
    unit = D(0) if new == "4.0" else following.principal / 40
    assert (following.rules.method, following.unit) == (new, unit)


def test_compounding_reaches_both_agreements() -> None:
    waiting = apply(held(), RulesChange(splits=20))
    after = apply(waiting, CompoundingChange(compounding=Compounding.NONE))
    assert after.rules.compounding is Compounding.NONE
    assert after.next_rules is not None
    assert after.next_rules.compounding is Compounding.NONE


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (RulesChange(splits=40), "이미"),
        (RulesChange(), "이미"),
        (RulesChange(splits=7), "분할"),
        (RulesChange(splits=30), "분할"),
        (RulesChange(fee_percent=D(11)), "범위"),
        (RulesChange(fee_percent=D("NaN")), "범위"),
        (RulesChange(target_percent=D(0)), "범위"),
        (RulesChange(ladder=16), "범위"),
        (RulesChange(method="9.9"), "V9.9"),
    ],
)
def test_what_the_version_does_not_take_is_refused_in_both_languages(
    change: RulesChange, says: str
) -> None:
    with pytest.raises(ChangeRefused) as refused:
        apply(held(), change)
    assert says in refused.value.sentence("ko")
    assert refused.value.sentence("en")


def test_thirty_splits_need_the_owners_word() -> None:
    after = apply(held(), RulesChange(splits=30, unofficial=True))
    assert after.next_rules is not None
    assert (after.next_rules.splits, after.next_rules.target_percent) == (30, D(20))


@given(st.decimals(1, 100_000, places=2), st.sampled_from([20, 40]))
def test_no_change_of_rules_moves_money_or_shares(amount: Decimal, splits: int) -> None:
    before = apply(held(splits=60 - splits), SeedChange(amount=amount))
    after = apply(before, RulesChange(splits=splits))
    kept = ("cash", "quantity", "average", "principal", "reserve", "turn", "unit", "realized")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_a_backtest_goes_on_with_the_version_that_the_next_cycle_begins_under() -> None:
    """Bars that sell everything, then bars that the other version trades by its own rules."""
    waiting = apply(held(), RulesChange(method="2.2"))
    days = [date(2026, 10, day) for day in (6, 7, 8, 9, 12)]
    prices = [D(50), D(90), D(88), D(87), D(86)]
    bars = [
        Bar(day=day, open=price, high=price + 1, low=price - 1, close=price)
        for day, price in zip(days, prices, strict=True)
    ]
    played = backtest.run(waiting, bars)
    assert len(played.finished) == 1
    assert played.cycle.rules == versions.rules("2.2", "SOXL", 40)
    assert played.cycle.quantity > 0
    later = played.sessions[-1].plan
    assert later == versions.plan(later.cycle, Market(closes=tuple(prices[:-1])))
