"""What may be spent over all cycles, and what a price must look like before an order goes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.events import BrokerTroubled, OrderRefused, OrderSent, OrderWithheld, UsdShort
from bot.setting_values import UsdShort as WhenShort
from bot.timetable import timetable
from bot.trading.limits import Dated, Limits, worst_outlay
from bot.trading.model import OrderState, RestingOrder, RoundState, Slot
from bot.trading.risk import Standing, refusals
from strategy.model import Leg, OrderType, Side
from tests.bot.trading.counter import Say
from tests.bot.trading.floor import CALENDAR, DAY, Floor, holding, table_of

TABLE = table_of(DAY)
S = OrderState
SYMBOLS = ("TQQQ", "SOXL")


def order(
    price: str | Decimal,
    quantity: int = 1,
    *,
    side: Side = Side.BUY,
    kind: OrderType = OrderType.LOC,
    symbol: str = "TQQQ",
) -> Slot:
    return Slot(
        key=f"{symbol}.{price}.{quantity}",
        round_id="2026-10-07.1",
        index=0,
        attempt=1,
        symbol=symbol,
        side=side,
        type=kind,
        price=Decimal(price),
        quantity=quantity,
        leg=Leg.STAR,
    )


def standing(slot: Slot, **changes: object) -> Standing:
    session = CALENDAR.session(DAY)
    assert session is not None
    table = timetable(session)
    figures: dict[str, object] = {
        "trading": "running",
        "held": False,
        "round_state": RoundState.APPROVED,
        "now": table.send_from,
        "timetable": table,
        "last_price": Decimal(100),
        "previous_close": Decimal(100),
        "cap": Decimal(1_000_000),
        "round_buys": (slot,) if slot.side is Side.BUY else (),
        "live": (),
    }
    return Standing(**(figures | changes))  # type: ignore[arg-type]  # fields by name


def codes(slot: Slot, **changes: object) -> list[str]:
    return [reason.split()[0] for reason in refusals(slot, standing(slot, **changes))]


# -- the price band ---------------------------------------------------------------------------


@pytest.mark.fault(46)
@pytest.mark.parametrize("last", ["0", "-1", "NaN", "Infinity"])
def test_a_price_that_is_none_lets_nothing_out(last: str) -> None:
    assert codes(order("100.00"), last_price=Decimal(last)) == ["no_price"]
    sale = order("100.00", side=Side.SELL)
    assert codes(sale, last_price=Decimal(last)) == ["no_price"]


@pytest.mark.fault(46)
@pytest.mark.parametrize("last", ["1000", "200", "50", "10", "6.67"])
def test_a_quote_at_twice_or_half_of_the_last_close_is_not_believed(last: str) -> None:
    # 2:1 gives half, 15:1 a fifteenth, a lost decimal point ten times.
    for side in Side:
        assert codes(order("100.00", side=side), last_price=Decimal(last)) == ["quote"]


@pytest.mark.fault(46)
def test_a_stale_quote_widens_no_bound_that_the_last_close_sets() -> None:
    # Yesterday's quote of 150 beside a close of 100: the buy is bound by the close.
    assert codes(order("131.00"), last_price=Decimal(150)) == ["band"]
    assert codes(order("131.00"), last_price=Decimal(99)) == ["band"]
    assert codes(order("130.00"), last_price=Decimal(150)) == []
    # A sale is bound by the higher of the two.
    assert codes(order("60.00", side=Side.SELL), last_price=Decimal(150)) == ["band"]


@pytest.mark.fault(46)
async def test_a_quote_ten_times_the_close_is_told_and_asked_for_again(floor: Floor) -> None:
    await floor.begin()
    floor.counter.prices["TQQQ"] = Decimal(500)
    await floor.live(TABLE.send_from + timedelta(minutes=3))
    assert floor.counter.placed == []
    assert "not believed" in (await floor.all(BrokerTroubled))[0].reason
    floor.counter.prices["TQQQ"] = Decimal(51)
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    assert set(await floor.states()) == {S.OPEN}


@pytest.mark.fault(45, 46)
@pytest.mark.parametrize("price", [None, Decimal(0), Decimal("NaN")])
async def test_a_halted_symbol_without_a_price_orders_nothing_and_says_why(
    floor: Floor, price: Decimal | None
) -> None:
    await floor.begin()
    floor.counter.prices["TQQQ"] = price
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert len(await floor.all(BrokerTroubled)) == 1
    withheld = await floor.all(OrderWithheld)
    assert withheld
    assert all(event.reasons[0] == "outside_window" for event in withheld)
    assert all(event.reasons[1].startswith("broker ") for event in withheld)


@pytest.mark.fault(46)
async def test_bars_that_are_a_day_old_plan_nothing(floor: Floor) -> None:
    await floor.begin()
    floor.counter.bars_known = False
    await floor.live(TABLE.send_from)
    assert floor.counter.placed == []
    assert "no official close" in (await floor.all(BrokerTroubled))[0].reason


# -- wash trades ------------------------------------------------------------------------------


@pytest.mark.fault(38)
def test_an_order_that_could_trade_with_somebody_elses_is_withheld() -> None:
    def theirs(side: Side, price: str) -> RestingOrder:
        return RestingOrder(
            number="9",
            symbol="TQQQ",
            side=side,
            quantity=1,
            price=Decimal(price),
            reservation=False,
        )

    buy, sale = order("100.00"), order("100.00", side=Side.SELL)
    assert codes(buy, foreign=(theirs(Side.SELL, "100.00"),)) == ["crossing_foreign"]
    assert codes(buy, foreign=(theirs(Side.SELL, "0"),)) == ["crossing_foreign"]
    assert codes(buy, foreign=(theirs(Side.SELL, "100.01"),)) == []
    assert codes(buy, foreign=(theirs(Side.BUY, "100.00"),)) == []
    assert codes(sale, foreign=(theirs(Side.BUY, "100.00"),)) == ["crossing_foreign"]


@pytest.mark.fault(38)
async def test_a_hand_order_on_the_other_side_keeps_only_what_crosses_it(floor: Floor) -> None:
    await floor.begin()
    floor.counter.post(order("45.00", side=Side.SELL), session=DAY, by_api=False)
    await floor.live(TABLE.send_from)
    held = await floor.all(OrderWithheld)
    assert held
    assert all(event.reasons[0].startswith("crossing_foreign") for event in held)
    for slot in floor.counter.placed:
        assert slot.side is Side.SELL or (slot.price is not None and slot.price < 45)


# -- limits over all cycles -------------------------------------------------------------------

amounts = st.integers(min_value=1, max_value=3_000_000).map(lambda n: Decimal(n) / 100)
cents = st.integers(min_value=6_000, max_value=13_000).map(lambda n: Decimal(n) / 100)
planned = st.tuples(
    st.integers(min_value=1, max_value=2),
    st.sampled_from([DAY, date(2026, 10, 8)]),
    st.builds(
        order,
        cents,
        st.integers(min_value=1, max_value=60),
        kind=st.sampled_from([OrderType.LOC, OrderType.LIMIT]),
        symbol=st.sampled_from(SYMBOLS),
    ),
)
Planned = tuple[int, date, Slot]


def let_out(plans: list[Planned], cap: Decimal, limits: Limits, shares: Decimal) -> list[Planned]:
    """Send orders of several cycles, symbols and sessions one after another, where they may go."""
    out: list[Planned] = []
    for cycle, session, slot in plans:
        this: Dated = (session, slot)
        mine = [s for c, d, s in out if (c, d, s.symbol) == (cycle, session, slot.symbol)]
        today = [(d, s) for _, d, s in out if d == session]
        fits = refusals(
            slot,
            standing(
                slot,
                cap=cap,
                round_buys=(*mine, slot),
                limits=limits,
                day_spend=worst_outlay([*today, this]),
                total_spend=shares + worst_outlay([*((d, s) for _, d, s in out), this]),
            ),
        )
        if not fits:
            out.append((cycle, session, slot))
    return out


def cost(orders: list[Planned], closes: dict[tuple[date, str], Decimal]) -> Decimal:
    """What orders cost once the closes are known: a LOC pays the close, a limit at most itself."""
    spent = Decimal(0)
    for _, session, slot in orders:
        assert slot.price is not None
        close = closes[session, slot.symbol]
        if slot.type is OrderType.LIMIT:
            spent += slot.price * slot.quantity
        elif close <= slot.price:
            spent += close * slot.quantity
    return spent


@settings(max_examples=400, deadline=None)
@given(plans=st.lists(planned, max_size=14), cap=amounts, shares=amounts, data=st.data())
def test_what_goes_out_costs_no_more_than_cap_and_limits_at_any_close(
    plans: list[Planned], cap: Decimal, shares: Decimal, data: st.DataObject
) -> None:
    daily, total = data.draw(st.none() | amounts), data.draw(st.none() | amounts)
    out = let_out(plans, cap, Limits(daily=daily, total=total), shares)
    closes = {key: data.draw(cents) for key in sorted({(d, s.symbol) for _, d, s in out})}
    for key in {(c, d, s.symbol) for c, d, s in out}:
        assert (
            cost([each for each in out if (each[0], each[1], each[2].symbol) == key], closes) <= cap
        )
    for session in {d for _, d, _ in out}:
        spent = cost([each for each in out if each[1] == session], closes)
        assert daily is None or spent <= daily
    if total is not None and out:
        assert shares + cost(out, closes) <= total


async def test_the_daily_limit_counts_the_buys_of_every_cycle(floor: Floor) -> None:
    floor.trading.desk.limits = Limits(daily=Decimal(700))
    await floor.begin(holding(symbol="TQQQ"), cycle_id=1)
    await floor.begin(holding(symbol="SOXL"), cycle_id=2)
    await floor.live(TABLE.send_from)
    bought = [(DAY, slot) for slot in floor.counter.placed if slot.side is Side.BUY]
    assert 0 < worst_outlay(bought) <= 700
    held = [event.reasons for event in await floor.all(OrderWithheld)]
    assert held
    assert all(reason.startswith("daily") for reasons in held for reason in reasons)
    assert {slot.symbol for slot in floor.counter.placed if slot.side is Side.SELL} == {
        "TQQQ",
        "SOXL",
    }


async def test_the_total_limit_counts_the_shares_that_all_cycles_hold(floor: Floor) -> None:
    # 40 shares at 50.00 are 2000 already: nothing may be bought, everything sold.
    floor.trading.desk.limits = Limits(total=Decimal(2000))
    await floor.begin()
    await floor.live(TABLE.send_from)
    assert {slot.side for slot in floor.counter.placed} == {Side.SELL}
    assert {event.reasons[0].split()[0] for event in await floor.all(OrderWithheld)} == {"total"}


# -- USD short, too few shares ----------------------------------------------------------------


@pytest.mark.fault(36)
async def test_with_usd_short_all_is_tried_in_order_and_told_once(floor: Floor) -> None:
    floor.counter.usd = Decimal(300)
    await floor.begin()
    await floor.live(TABLE.send_from)
    assert len(floor.counter.placed) == len(await floor.orders())
    (told,) = await floor.all(UsdShort)
    assert (told.orderable, told.dropped) == (Decimal(300), False)
    assert told.needed > 300
    buys = [slot.key for slot in floor.counter.placed if slot.side is Side.BUY]
    assert list(told.slots) == buys[len(buys) - len(told.slots) :]


@pytest.mark.fault(36)
async def test_with_usd_short_the_lowest_rungs_are_left_out_when_the_owner_chose_that(
    floor: Floor,
) -> None:
    floor.trading.desk.limits = Limits(usd_short=WhenShort.DROP)
    floor.counter.usd = Decimal(450)
    await floor.begin(holding(ladder=4))
    await floor.live(TABLE.send_from)
    buys = [slot for slot in floor.counter.placed if slot.side is Side.BUY]
    assert 0 < sum((slot.price or 0) * slot.quantity for slot in buys) <= 450
    dropped = [each for each in await floor.orders() if each.state is S.WITHHELD]
    assert all(each.detail.startswith("usd_short") for each in dropped)
    lowest = min(slot.price for slot in buys if slot.price is not None)
    assert all(each.slot.price is not None and each.slot.price < lowest for each in dropped)
    assert len(await floor.all(UsdShort)) == 1


@pytest.mark.fault(36)
async def test_a_refusal_for_want_of_usd_that_was_not_foreseen_is_told_once(floor: Floor) -> None:
    floor.counter.usd = None  # the figure is not to be had: the broker's refusal tells
    await floor.begin()
    floor.counter.script.extend([Say.ACCEPT, Say.ACCEPT, *[Say.NO_USD] * 20])
    await floor.live(TABLE.send_from)
    refused = await floor.all(OrderRefused)
    assert len(refused) > 1
    assert {event.lacks for event in refused} == {"usd"}
    (told,) = await floor.all(UsdShort)
    assert told.orderable is None


@pytest.mark.fault(37)
async def test_a_sale_of_more_than_can_be_sold_is_told_as_such(floor: Floor) -> None:
    await floor.begin()
    floor.counter.script.append(Say.NO_USD)
    await floor.live(TABLE.send_from)
    (refused,) = await floor.all(OrderRefused)
    assert refused.lacks == "shares"
    assert await floor.all(UsdShort) == []
    assert len(floor.counter.placed) == len(await floor.orders())


# -- the cut-off ------------------------------------------------------------------------------


@pytest.mark.fault(52)
async def test_a_wait_over_the_deadline_between_decision_and_sending_sends_nothing(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.send_from - timedelta(minutes=1))
    floor.clock.at = TABLE.deadline - timedelta(seconds=2)
    floor.counter.call_takes = timedelta(seconds=3)  # the list before the order takes its time
    await floor.look()
    assert floor.counter.placed == []
    assert await floor.all(OrderSent) == []
    await floor.look()
    assert {each.reasons[0] for each in await floor.all(OrderWithheld)} == {"outside_window"}
