"""Hand trades in the ledger: the figures of settled.md, and what no ledger can have traded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from strategy.bookkeeping import apply, effect
from strategy.changes import ChangeRefused, HandTrade
from strategy.model import Cycle, Phase, Side
from tests.strategy.test_bookkeeping import running

D = Decimal
DAY = date(2026, 10, 7)


def trade(side: Side, quantity: int, price: str, turn: str | None = None) -> HandTrade:
    agreed = None if turn is None else D(turn)
    return HandTrade(side=side, quantity=quantity, price=D(price), day=DAY, turn=agreed)


def test_a_hand_buy_raises_t_by_its_cost_in_units() -> None:
    after = apply(running(), trade(Side.BUY, 20, "50"))
    assert (after.quantity, after.average, after.cash) == (120, D(50), D(14000))
    assert after.turn == 12, "15000 / 30 is a unit of 500, so 1000 are two"


def test_a_hand_sale_leaves_t_in_proportion_to_the_shares() -> None:
    before = running()
    after = apply(before, trade(Side.SELL, 25, "60"))
    assert (after.quantity, after.average, after.turn) == (75, D(50), D("7.5"))
    assert after.realized - before.realized == 250
    assert after.cash == 16500


def test_the_owner_may_say_another_t() -> None:
    assert apply(running(), trade(Side.BUY, 20, "50", "11.5")).turn == D("11.5")
    assert apply(running(), trade(Side.SELL, 25, "60", "9")).turn == 9
    for turn in ("0", "40.1", "NaN"):
        with pytest.raises(ChangeRefused):
            apply(running(), trade(Side.BUY, 1, "50", turn))


def test_where_t_comes_from_the_cost_it_follows_and_is_not_set() -> None:
    before = running("2.2")
    assert effect(before, trade(Side.BUY, 10, "50")).after.turn == D(11)
    with pytest.raises(ChangeRefused):
        apply(before, trade(Side.BUY, 10, "50", "12"))


@pytest.mark.parametrize("phase", list(Phase))
def test_a_sale_of_everything_ends_the_cycle_and_the_next_waits_for_its_first_buy(
    phase: Phase,
) -> None:
    before = replace(running(), phase=phase, reverse_day=2 if phase is Phase.REVERSE else 0)
    after = apply(before, trade(Side.SELL, 100, "60"))
    assert (after.number, after.quantity, after.turn, after.phase) == (4, 0, D(0), Phase.NORMAL)
    assert after.cash == after.principal == 21000


def test_a_first_buy_by_hand_begins_the_cycle_s_days() -> None:
    after = apply(running(quantity=0, cash="20000"), trade(Side.BUY, 10, "50"))
    assert (after.quantity, after.turn, after.started) == (10, D(1), DAY)


def test_the_agreed_fee_is_charged_as_on_any_fill() -> None:
    before = running()
    rules = replace(before.rules, fee_percent=D("0.25"))
    after = apply(replace(before, rules=rules), trade(Side.BUY, 20, "50"))
    assert (after.cash, after.fees, after.average) == (D("13997.50"), D("2.50"), D(50))


@pytest.mark.parametrize(
    ("cycle", "impossible", "words"),
    [
        (running(), trade(Side.SELL, 101, "60"), "100주뿐"),
        (running(), trade(Side.BUY, 301, "50"), "시드를 먼저"),
        (running(reserve="14500"), trade(Side.BUY, 20, "50"), "시드를 먼저"),
        (running(), trade(Side.BUY, 0, "50"), "1주 이상"),
        (running(), trade(Side.BUY, 1, "0"), "1주 이상"),
    ],
)
def test_a_trade_that_the_cycle_cannot_have_made_is_refused(
    cycle: Cycle, impossible: HandTrade, words: str
) -> None:
    with pytest.raises(ChangeRefused) as refused:
        apply(cycle, impossible)
    assert words in refused.value.korean
