"""The keystone: backtest and whole bot agree to the cent on orders, fills, T and cash.

The same bars go through `strategy.backtest` in this process, and through simulator, chat server and
bot in three others, over sockets. `strategy/matching.py` and the simulator's exchange were written
apart; their agreement is the proof that backtest, rehearsal and live are one machine.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory.bars import read_bars
from strategy import versions
from strategy.backtest import Result, run
from strategy.cycle import start
from strategy.model import Bar, Fill, Leg, Phase, Side
from tests.markets import wild_bars, write_csv
from tests.stage import SHARED, Run, booked, headless

PRINCIPAL = Decimal(20000)
HALF_DAY = date(2026, 11, 27)
# Seeds and sessions, found by searching: between them these markets meet every event of EVENTS.
MARKETS = ((48, 54), (5, 15))
EVENTS = (
    "target and buy on one day",
    "quarter sell",
    "reverse entry",
    "reverse day 1",
    "reverse exit",
    "fold",
    "half day",
    "first buy that does not fill",
)


def backtest(
    bars: Sequence[Bar], symbol: str, splits: int, fee: str = "0", method: str = "4.0"
) -> Result:
    rules = versions.rules(method, symbol, splits, fee_percent=Decimal(fee))
    return run(start(rules, PRINCIPAL), bars)


def in_order(fills: Sequence[Fill]) -> list[Fill]:
    return sorted(fills, key=lambda fill: (fill.order.side, fill.order.leg, fill.order.price or 0))


def assert_agree(played: Run, expected: Result) -> None:
    """Every session: same plan, same fills, same ledger afterwards; and the totals of the run."""
    assert [each.session for each in played.rounds] == [each.day for each in expected.sessions]
    for ours, theirs in zip(played.rounds, expected.sessions, strict=True):
        assert ours.plan == theirs.plan, f"{ours.session}: another plan"
        assert in_order(booked(ours)) == in_order(theirs.fills), f"{ours.session}: other fills"
        assert ours.settlement is not None, f"{ours.session}: not settled"
        after = ours.settlement.after
        assert (after.turn, after.quantity, after.average, after.cash) == (
            theirs.turn,
            theirs.quantity,
            theirs.average,
            theirs.cash,
        ), ours.session
        assert ours.settlement.realized == theirs.realized, ours.session
        assert ours.settlement.fees == theirs.fees, ours.session
    last = expected.sessions[-1]
    assert Decimal(played.answer["turn"]) == last.turn
    assert played.answer["quantity"] == last.quantity
    assert Decimal(played.answer["average"]) == last.average
    assert Decimal(played.answer["cash"]) == last.cash
    assert Decimal(played.answer["equity"]) == last.equity
    assert played.answer["duplicates"] == 0
    assert played.answer["unresolved"] == 0


def events(played: Run) -> Counter[str]:
    """Count, from the bot's own journal, the days that must not be missing from the proof."""
    met: Counter[str] = Counter()
    before = Phase.NORMAL
    for each in played.rounds:
        assert each.plan is not None
        filled = {fill.order.leg for fill in booked(each)}
        bought = any(fill.order.side is Side.BUY for fill in booked(each))
        phase = each.plan.cycle.phase
        asked = {order.leg for order in each.plan.orders}
        met["target and buy on one day"] += Leg.TARGET in filled and bought
        met["quarter sell"] += Leg.QUARTER in filled
        met["reverse entry"] += phase is Phase.REVERSE and before is Phase.NORMAL
        met["reverse day 1"] += Leg.REVERSE_MOC in filled and each.plan.cycle.reverse_day == 1
        met["reverse exit"] += phase is Phase.NORMAL and before is Phase.REVERSE
        met["fold"] += Leg.FOLDED in filled
        met["half day"] += each.session == HALF_DAY
        met["first buy that does not fill"] += Leg.FIRST in asked and not bought
        before = phase
    return met


async def test_backtest_and_whole_bot_agree_to_the_cent_over_seeded_markets(
    tmp_path: Path,
) -> None:
    met: Counter[str] = Counter()
    for seed, days in MARKETS:
        bars = wild_bars(seed, days + 1)
        prices = tmp_path / f"{seed}.csv"
        write_csv(bars, prices)
        played = await headless(
            tmp_path / str(seed),
            *("--prices", str(prices), "--symbol", "SOXL", "--splits", "20"),
            *("--days", str(days), "--auto"),
        )
        assert_agree(played, backtest(bars, "SOXL", 20))
        met += events(played)
    print({name: met[name] for name in EVENTS})
    assert all(met[name] > 0 for name in EVENTS), met


# Markets (found by searching) that lead the quarter phase through each of its steps.
QUARTERS = (("3.0", 20, 46, 31), ("2.2", 20, 1263, 32))
STEPS = ("first moc day", "round", "round bought", "moc day after the rounds", "exit by the line")


def quarter_steps(played: Run) -> Counter[str]:
    met: Counter[str] = Counter()
    for each in played.rounds:
        if each.plan is None or each.plan.cycle.phase is not Phase.QUARTER:
            continue
        cycle, filled = each.plan.cycle, {fill.order.leg for fill in booked(each)}
        last = cycle.rules.splits // 4
        in_rounds = 1 <= cycle.quarter_round <= last
        met["first moc day"] += cycle.quarter_round == 0 and Leg.QUARTER_MOC in filled
        met["round"] += in_rounds
        met["round bought"] += in_rounds and bool(filled & {Leg.QUARTER_BUY, Leg.FOLDED})
        met["moc day after the rounds"] += cycle.quarter_round > last
        met["exit by the line"] += in_rounds and Leg.QUARTER in filled
    return met


@pytest.mark.parametrize(("method", "splits", "seed", "days"), QUARTERS)
async def test_backtest_and_whole_bot_agree_through_the_quarter_phase(
    tmp_path: Path, method: str, splits: int, seed: int, days: int
) -> None:
    bars = wild_bars(seed, days + 1)
    prices = tmp_path / "wild.csv"
    write_csv(bars, prices)
    played = await headless(
        tmp_path / "run",
        *("--prices", str(prices), "--symbol", "SOXL", "--splits", str(splits)),
        *("--method", method, "--days", str(days), "--auto"),
    )
    assert_agree(played, backtest(bars, "SOXL", splits, method=method))
    met = quarter_steps(played)
    assert all(met[step] > 0 for step in STEPS), met


@pytest.mark.parametrize("method", ["1.0", "2.1"])
async def test_backtest_and_whole_bot_agree_under_the_old_versions(
    tmp_path: Path, method: str
) -> None:
    bars = wild_bars(170, 31)
    prices = tmp_path / "wild.csv"
    write_csv(bars, prices)
    played = await headless(
        tmp_path / "run",
        *("--prices", str(prices), "--symbol", "TQQQ", "--splits", "40"),
        *("--method", method, "--days", "30", "--auto", "--fee-percent", "0.25"),
    )
    assert_agree(played, backtest(bars, "TQQQ", 40, fee="0.25", method=method))
    assert played.answer["fills"] > 10


async def test_a_run_that_the_owner_taps_agrees_too_with_fees(tmp_path: Path) -> None:
    bars = wild_bars(48, 16)
    prices = tmp_path / "tapped.csv"
    write_csv(bars, prices)
    played = await headless(
        tmp_path / "tapped",
        *("--prices", str(prices), "--symbol", "TQQQ", "--splits", "40"),
        *("--days", "15", "--confirm", "--fee-percent", "0.25"),
    )
    assert_agree(played, backtest(bars, "TQQQ", 40, fee="0.25"))
    assert played.answer["fills"] > 0


@pytest.mark.parametrize(
    ("symbol", "splits", "first", "days"),
    [("TQQQ", 40, date(2021, 6, 1), 40), ("SOXL", 20, date(2022, 4, 1), 60)],
)
async def test_backtest_and_whole_bot_agree_to_the_cent_over_real_prices(
    tmp_path: Path, symbol: str, splits: int, first: date, days: int
) -> None:
    prices = SHARED / "data" / "prices" / f"{symbol}.csv"
    if not prices.exists():
        pytest.skip("the folder with real prices is not beside the repository")
    bars = read_bars(prices, allow_penny=True)
    begin = next(index for index, bar in enumerate(bars) if bar.day >= first)
    played = await headless(
        tmp_path / "real",
        *("--prices", str(prices), "--symbol", symbol, "--splits", str(splits)),
        *("--start", first.isoformat(), "--days", str(days), "--auto"),
    )
    assert_agree(played, backtest(bars[begin - 1 : begin + days], symbol, splits))
