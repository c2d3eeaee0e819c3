"""What the dashboard's pages about the past are made of: cycles, years, rivals, the rate apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.reports import currency
from bot.reports.alone import alone, plain_rivals
from bot.reports.by_year import by_year
from bot.reports.record import Record, record
from bot.reports.rivals import RivalKind, RivalsAsked, rivals
from bot.reports.runs import lived
from bot.reports.worth import drawdown_percent
from bot.tax import Books, Gain, Lot
from strategy.changes import ShareSplit
from strategy.cycle import start
from strategy.model import ZERO
from tests.bot.reports.history import bars, played, rules
from tests.bot.reports.test_record import UP

D = Decimal
closes = st.lists(
    st.integers(min_value=2000, max_value=20000).map(lambda cents: f"{cents / 100:.2f}"),
    min_size=4,
    max_size=25,
)


def two_runs() -> Record:
    other = start(rules("SOXL", splits=40), D(20000))
    return record((*played(UP), *played(UP[:6], cycle_id=2, cycle=other)), ())


def test_running_cycles_stand_before_finished_ones_and_the_last_that_ended_first() -> None:
    found = lived(two_runs())
    assert [(each.cycle_id, each.done is None) for each in found[:2]] == [(1, True), (2, True)]
    places = [each.done.place for each in found if each.done]
    assert places == sorted(places, reverse=True)
    assert places
    sessions = [one for one in found if one.cycle_id == 1]
    assert sum(each.sessions for each in sessions) == len(UP) - 1
    newest = next(each for each in found if each.done)
    assert newest.done is not None
    assert newest.number == newest.done.cycle.number
    assert newest.last == newest.done.cycle.ended


def test_no_settled_session_is_no_cycle() -> None:
    assert lived(record((), ())) == ()


@given(closes)
def test_years_add_up_to_everything_and_no_year_falls_deeper_than_all(prices: list[str]) -> None:
    whole = record(played(prices, first=date(2026, 12, 28)), ())
    years = by_year(whole)
    realized = sum((amount for _, amount in whole.realized_by_day()), ZERO)
    assert sum((each.earned.realized for each in years), ZERO) == realized
    assert [each.year for each in years] == sorted({one.session.year for one in whole.settlements})
    assert max(each.fall_percent for each in years) <= drawdown_percent(whole.curve)


def test_a_year_falls_from_a_high_of_the_year_before_it() -> None:
    whole = record(
        played(["100", "100", "101", "102", "103", "80", "79"], first=date(2026, 12, 25)), ()
    )
    old, new = by_year(whole)
    assert old.fall_percent < new.fall_percent
    peak = max(worth.index for worth in whole.curve if worth.day.year == 2026)
    last = min(worth.index for worth in whole.curve)
    assert whole.curve[3].index == peak
    assert abs(new.fall_percent - (peak - last) / peak * 100) < D("0.0001")


@given(closes)
def test_a_runs_rivals_are_those_of_compare_on_the_same_bars(prices: list[str]) -> None:
    rounds = played(prices)
    whole = record((*rounds, *played(UP, cycle_id=2)), ())
    own = alone(whole, (), 1)
    assert own.curve == record(rounds, ()).curve
    found = plain_rivals(own, D(prices[0]), ())
    laid = bars(prices)
    asked = RivalsAsked(
        rules=own.settlements[0].before.rules,
        principal=D(10000),
        history=laid[:1],
        bars=laid[1:],
    )
    compared = [each for each in rivals(asked) if each.kind is not RivalKind.VERSION]
    assert list(found) == compared


def test_a_share_split_is_no_loss_of_holding() -> None:
    plain = plain_rivals(record(played(["100", "90", "80", "88"]), ()), D(100), ())
    rounds = played(["100", "90", "80", "88"])
    halved = [
        replace(each, settlement=replace(each.settlement, close=D(close)))
        for each, close in zip(rounds, ("90", "40", "44"), strict=True)
        if each.settlement
    ]
    split = ((rounds[1].session, ShareSplit(new=2, old=1)),)
    assert plain_rivals(record(halved, ()), D(100), split) == plain


def test_one_session_or_one_without_a_close_is_not_compared() -> None:
    assert plain_rivals(record(played(["100", "90"]), ()), D(100), ()) == ()
    rounds = played(["100", "90", "80"])
    assert rounds[1].settlement is not None
    unknown = replace(rounds[1], settlement=replace(rounds[1].settlement, close=None))
    assert plain_rivals(record((rounds[0], unknown), ()), D(100), ()) == ()


def test_the_rates_part_is_what_the_dollars_would_not_have_brought_at_the_rate_of_buying() -> None:
    lots = (Lot(quantity=10, cost=D(1000), cost_krw=D(1_300_000)),)
    held = currency.of_held(Books(gains=(), lots={"TQQQ": lots}), {"TQQQ": D(110)}, D(1400))
    assert held == currency.Parts(price=D(130_000), rate=D(110_000))
    assert held.price + held.rate == D(1100) * 1400 - 1_300_000
    assert currency.of_held(Books(gains=(), lots={"TQQQ": lots}), {}, D(1400)) is None
    assert currency.of_held(Books(gains=(), lots={"TQQQ": ()}), {"TQQQ": D(1)}, D(1400)) is None


def test_sales_are_parted_too() -> None:
    gain = Gain(
        session=date(2026, 10, 1),
        settled=date(2026, 10, 5),
        symbol="TQQQ",
        quantity=1,
        proceeds=D(110),
        cost=D(100),
        fee=D(0),
        rate=D(1400),
        proceeds_krw=D(154_000),
        cost_krw=D(130_000),
        fee_krw=D(0),
    )
    assert currency.of_sold([gain, gain]) == currency.Parts(price=D(28_000), rate=D(20_000))
    assert currency.of_sold(()) is None
