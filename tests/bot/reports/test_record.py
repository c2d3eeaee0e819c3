"""The laws of the history: trades, cycles, worth and periods are all of the same money."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.model import Period
from bot.events import CycleChanged
from bot.reports import periods
from bot.reports.record import Record, record
from bot.reports.trades import spent
from bot.reports.worth import drawdown_percent, fall_percent, gained_percent
from bot.trading.model import CONSOLE
from strategy.bookkeeping import apply
from strategy.changes import Change, Dividend, SeedChange
from strategy.cycle import start
from strategy.model import ZERO, Cycle, Side
from tests.bot.reports.history import BEGIN, corrected, played, rules, weekdays

UP = ["100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128", "130", "126", "131"]
closes = st.lists(
    st.integers(min_value=2000, max_value=20000).map(lambda cents: f"{cents / 100:.2f}"),
    min_size=2,
    max_size=25,
)


def changed(before: Cycle, change: Change, from_session: date, cycle_id: int = 1) -> CycleChanged:
    return CycleChanged(
        cycle_id=cycle_id,
        change=change,
        from_session=from_session,
        before=before,
        after=apply(before, change),
        by=CONSOLE,
    )


def history() -> Record:
    return record(played(UP), ())


def test_a_session_that_only_paid_the_fees_of_its_buys_is_neither_won_nor_lost() -> None:
    made = history()
    sold = {trade.session for trade in made.trades if trade.side is Side.SELL}
    assert len(sold) == 2
    assert sum(gain < 0 for _, gain in made.realized_by_day()) > len(sold)
    assert made.won_and_lost(BEGIN.year) == (2, 0)
    assert made.won_and_lost(BEGIN.year - 1) == (0, 0)
    turned = tuple(replace(one, realized=-one.realized) for one in made.settlements)
    assert replace(made, settlements=turned).won_and_lost(BEGIN.year) == (0, 2)


def test_a_dividend_makes_its_session_a_won_one() -> None:
    before = history().settlements[-1].after
    paid = changed(before, Dividend(amount=Decimal(12)), date(BEGIN.year, 12, 1))
    assert record(played(UP), [paid]).won_and_lost(BEGIN.year) == (3, 0)


@given(closes)
def test_the_trades_of_a_session_add_up_to_what_it_realized_and_paid(prices: list[str]) -> None:
    made = record(played(prices), ())
    for settled in made.settlements:
        mine = [trade for trade in made.trades if trade.session == settled.session]
        assert sum(trade.realized for trade in mine) == settled.realized
        assert sum(trade.fee for trade in mine) == settled.fees
        bought = sum(trade.quantity for trade in mine if trade.side is Side.BUY)
        assert bought == settled.bought


@given(closes, st.integers(0, 500), st.integers(0, 500))
def test_the_trades_add_up_by_the_brokers_own_fees_too(
    prices: list[str], bought: int, sold: int
) -> None:
    rounds = played(prices)
    fees = (Decimal(bought) / 100, Decimal(sold) / 100)
    last = rounds[-1]
    assert last.settlement is not None
    sides = {order.slot.side for order in last.orders}
    taken = (fees[0] if Side.BUY in sides else ZERO) + (fees[1] if Side.SELL in sides else ZERO)
    realized = last.settlement.realized - (taken - last.settlement.fees)
    shown = (*rounds[:-1], corrected(last, fees=taken, realized=realized))
    made = record(shown, (), {last.round_id: fees})
    mine = [trade for trade in made.trades if trade.session == last.session]
    assert all(trade.charged for trade in mine)
    assert sum(trade.fee for trade in mine) == taken
    assert sum(trade.realized for trade in mine) == realized
    whole = periods.earned(periods.span_of(Period.DAY, last.session), made)
    assert (whole.fees, whole.agreed, whole.realized) == (taken, ZERO, realized)


@given(closes, st.sampled_from(Period))
def test_the_periods_of_a_kind_add_up_to_everything(prices: list[str], period: Period) -> None:
    made = record(played(prices), ())
    total = sum((amount for _, amount in made.realized_by_day()), Decimal(0))
    found = periods.gains(period, made)
    assert sum((amount for _, amount in found), Decimal(0)) == total
    for span, amount in found:
        assert periods.earned(span, made).realized == amount


@given(closes)
def test_without_money_put_in_the_growth_is_the_worth_over_the_principal(prices: list[str]) -> None:
    made = record(played(prices), ())
    last = made.curve[-1]
    assert abs(last.index - last.value / 10000) < Decimal("1e-20")


@given(closes, st.integers(min_value=1, max_value=100000))
def test_money_put_in_is_no_gain(prices: list[str], more: int) -> None:
    rounds = played(prices)
    half = len(rounds) // 2
    if half == 0:
        return
    standing = rounds[half - 1].settlement
    assert standing is not None
    change = changed(standing.after, SeedChange(amount=Decimal(more)), rounds[half].session)
    raised = [
        corrected(one, after=replace(one.settlement.after, cash=one.settlement.after.cash + more))
        for one in rounds[half:]
        if one.settlement is not None
    ]
    made = record([*rounds[:half], *raised], [change])
    idle = record(rounds, ())
    assert made.curve[half].put_in == more
    # The money that came sits in cash: it dilutes what follows, and adds nothing by itself.
    there, here = idle.curve[half - 1], made.curve[half]
    grown = there.index * here.value / (there.value + more)
    assert abs(here.index - grown) < Decimal("1e-20")


def test_money_of_a_run_that_ended_is_not_counted_again_in_the_next() -> None:
    first = played(UP[:9])
    done = first[-1].settlement
    assert done is not None
    monday = date(2026, 10, 12)
    again = start(rules(), done.after.cash)
    second = played(["115", "115", "117", "120"], cycle_id=2, cycle=again, first=monday)
    curve = record((*first, *second), (), ended={1: monday}).curve
    last = second[-1].settlement
    assert last is not None
    assert last.close is not None
    worth = last.after.cash + last.after.quantity * last.close
    # By hand: the one run's growth times the other's, each over its own money.
    grown = done.after.cash / 10000 * (worth / done.after.cash)
    assert curve[-1].value == worth
    assert abs(curve[-1].index - grown) < Decimal("1e-20")


def test_a_finished_cycle_has_what_it_cost_brought_and_realized() -> None:
    made = history()
    first = made.completed[0]
    assert (first.place, first.cycle.number, first.symbol) == (1, 1, "TQQQ")
    fees = first.cycle.fees
    assert abs(first.sold - first.bought - fees - first.cycle.realized) < Decimal("1e-9")
    assert first.following.number == 2
    assert not first.left_normal
    assert first.return_percent == first.cycle.realized / 100


def test_cycles_are_numbered_over_all_symbols_in_the_order_of_their_ends() -> None:
    other = played(UP, cycle_id=2, cycle=start(rules("SOXL"), Decimal(5000)))
    made = record([*other, *played(UP)], ())
    assert [one.place for one in made.completed] == list(range(1, len(made.completed) + 1))
    assert [(one.cycle_id, one.place) for one in made.completed[:2]] == [(1, 1), (2, 2)]


def test_a_dividend_is_realized_in_its_period_and_is_no_deposit() -> None:
    rounds = played(UP)
    assert rounds[3].settlement is not None
    day = rounds[4].session
    paid = changed(rounds[3].settlement.after, Dividend(amount=Decimal("12.34")), day)
    made = record(rounds, [paid])
    plain = periods.earned(periods.span_of(Period.DAY, day), record(rounds, ()))
    mine = periods.earned(periods.span_of(Period.DAY, day), made)
    assert mine.realized - plain.realized == Decimal("12.34")
    assert mine.by_hand == Decimal("12.34")
    assert mine.put_in == 0
    assert mine.by_symbol == (("TQQQ", mine.realized),)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.DAY, date(2026, 10, 1), date(2026, 10, 1)),
        (Period.WEEK, date(2026, 9, 28), date(2026, 10, 4)),
        (Period.MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Period.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_span_begins_and_ends_with_its_period(period: Period, first: date, last: date) -> None:
    span = periods.span_of(period, date(2026, 10, 1))
    assert (span.first, span.last) == (first, last)
    assert periods.before(span).last < span.first


def test_december_ends_with_its_year() -> None:
    span = periods.span_of(Period.MONTH, date(2026, 12, 31))
    assert (span.first, span.last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert periods.before(periods.span_of(Period.MONTH, date(2027, 1, 4))) == span


def test_the_drawdown_is_the_deepest_fall_and_the_fall_is_the_present_one() -> None:
    made = history()
    assert drawdown_percent(made.curve) >= fall_percent(made.curve) >= 0
    assert gained_percent(made.curve, date(2020, 1, 1), date(2020, 1, 2)) is None
    days = weekdays(BEGIN, len(UP))
    whole = gained_percent(made.curve, days[1], days[-1])
    assert whole == round((made.curve[-1].index - 1) * 100, 4)


def test_nothing_settled_is_a_history_of_nothing() -> None:
    made = record((), ())
    assert (made.curve, made.completed, made.trades) == ((), (), ())
    empty = periods.earned(periods.span_of(Period.YEAR, date(2026, 1, 1)), made)
    assert (empty.sessions, empty.realized) == (0, Decimal(0))
    assert empty.growth_percent is None
    assert drawdown_percent(()) == 0
    assert spent((), Side.BUY) == 0
