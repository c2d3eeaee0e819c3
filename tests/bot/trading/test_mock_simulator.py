"""Evenings of 한투 모의 against the simulator: mock TR ids over HTTP, limit orders only."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.commands import Stop
from bot.comparison import compare
from bot.events import (
    CloseConfirmed,
    OrderAccepted,
    OrderSent,
    OrderUnknown,
    RoundSettled,
)
from bot.trading.model import OrderState
from bot.trading.ports import Refused
from strategy.cycle import settle
from strategy.model import Leg, OrderType, Side
from tests.bot.trading.floor import (
    ALICE,
    DAY,
    HALF_DAY,
    Killed,
    table_of,
)
from tests.bot.trading.mock_room import evening, fault, room
from tests.bot.trading.practice import reverse

TABLE = table_of(DAY)
S = OrderState
D = Decimal
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def test_a_whole_evening_is_imitated_by_limit_orders_and_t_comes_from_real_fills(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.session.open - SECOND)
        assert await bot.all(OrderSent) == [], "모의투자 takes nothing in the pre-market"
        await bot.live(TABLE.emulate_from - SECOND)
        assert [order["type"] for order in (await bot.truth())["orders"]] == ["LIMIT"]
        assert len(await bot.all(OrderSent)) == 1, "none was turned away first"
        await bot.live(TABLE.settle_at)
        truth = await bot.truth()
        assert {order["type"] for order in truth["orders"]} == {"LIMIT"}
        star = await bot.order(Leg.STAR)
        assert star.emulated is not None
        assert star.emulated.traded, "모의투자 shows no book"
        assert star.slot.type is OrderType.LOC
        assert (star.state, star.fill_price) == (S.FILLED, star.emulated.ask)
        round_ = await bot.round()
        (settled,) = await bot.all(RoundSettled)
        assert settled.provisional
        assert truth["holdings"][0]["quantity"] == settled.after.quantity
        assert settled.after.turn > settled.before.turn
        assert settled.before == round_.plan.cycle if round_.plan else False
        await bot.live(TABLE.closes_final_at)
        (confirmed,) = await bot.all(CloseConfirmed)
        assert confirmed.close == D(51)
        found = compare(await bot.round())
        assert found is not None
        assert not found.provisional


async def test_the_simulator_and_the_client_both_refuse_a_loc_on_the_practice_account(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - SECOND)
        star = await bot.order(Leg.STAR)
        answer = await bot.broker.place(star.slot)
        assert isinstance(answer, Refused)
        assert len((await bot.truth())["orders"]) == 1
        await bot.customer.ask_token()
        raw = await bot.customer.order("buy", "34", 1, "50.00", tr_id="VTTT1002U")
        assert raw["msg_cd"] == "APBK1269"


async def test_an_order_before_the_open_is_turned_away_for_the_hour_alone(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.send_from)
        target = await bot.order(Leg.TARGET)
        answer = await bot.broker.place(target.slot)
        assert isinstance(answer, Refused)
        assert (answer.code, answer.outside_hours) == ("40570000", True)


async def test_a_moc_sale_of_the_reverse_phase_is_filled_and_booked(tmp_path: Path) -> None:
    async with evening(tmp_path, reverse()) as bot:
        await bot.live(TABLE.settle_at)
        moc = await bot.order(Leg.REVERSE_MOC)
        assert moc.emulated is not None
        assert moc.emulated.price < moc.emulated.bid
        assert (moc.state, moc.fill_price) == (S.FILLED, moc.emulated.bid)
        (settled,) = await bot.all(RoundSettled)
        assert settled.sold == moc.slot.quantity
        assert (await bot.truth())["holdings"][0]["quantity"] == settled.after.quantity


async def test_a_quarter_sale_is_imitated_where_the_market_is_above_it(tmp_path: Path) -> None:
    async with evening(tmp_path, prices="56 57 55.9 56.50") as bot:
        await bot.live(TABLE.settle_at)
        quarter = await bot.order(Leg.QUARTER)
        assert quarter.emulated is not None
        assert quarter.state is S.FILLED
        assert (await bot.order(Leg.STAR)).detail.startswith("not_crossed")
        (settled,) = await bot.all(RoundSettled)
        assert (settled.bought, settled.sold) == (0, quarter.slot.quantity)


async def test_what_fills_in_part_is_cancelled_before_the_close_and_counted_as_what_it_is(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - SECOND)
        await fault(bot, "partial_fill", percent=50)
        await bot.live(TABLE.emulate_until)
        star = await bot.order(Leg.STAR)
        assert star.state is S.CLOSED_PARTIAL
        assert 0 < star.filled < star.slot.quantity
        assert (await bot.order(Leg.TARGET)).state is S.OPEN
        await bot.live(TABLE.settle_at)
        (settled,) = await bot.all(RoundSettled)
        assert (await bot.truth())["holdings"][0]["quantity"] == settled.after.quantity


async def test_what_does_not_fill_is_cancelled_though_the_last_trade_would_have_filled_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - SECOND)
        await fault(bot, "partial_fill", percent=0)
        await bot.live(TABLE.settle_at)
        for leg in (Leg.STAR, Leg.AVERAGE):
            order = await bot.order(leg)
            if order.emulated:
                assert (order.state, order.filled) == (S.CANCELLED, 0)
        (settled,) = await bot.all(RoundSettled)
        assert settled.after.quantity == 40
        assert settled.after.turn == settled.before.turn


async def test_a_time_out_on_an_imitation_is_unknown_and_adopted_by_the_price_it_was_sent_with(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - SECOND)
        await fault(bot, "timeout_after_accept", count=1)
        await bot.live(TABLE.emulate_until)
        (unknown,) = await bot.all(OrderUnknown)
        adopted = [event.slot for event in await bot.all(OrderAccepted) if event.adopted]
        assert adopted == [unknown.slot]
        orders = (await bot.truth())["orders"]
        assert len(orders) == len(await bot.all(OrderSent)), "none was sent twice"
        await bot.live(TABLE.settle_at)
        assert len(await bot.all(RoundSettled)) == 1


async def test_a_process_that_dies_with_the_answer_in_its_hand_finds_the_imitation_again(
    tmp_path: Path,
) -> None:
    died = False
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - SECOND)
        bot.broker.dies_at = 1
        try:
            await bot.live(TABLE.emulate_from)
        except Killed:
            died = True
        assert died
        async with room(tmp_path, bot.customer, bot.clock) as again:
            await again.live(TABLE.settle_at)
            (adopted,) = [event for event in await again.all(OrderAccepted) if event.adopted]
            order = await again.views.order(adopted.slot)
            assert order is not None
            assert order.emulated is not None
            assert order.state is S.FILLED
            (settled,) = await again.all(RoundSettled)
            truth = await again.truth()
            assert truth["holdings"][0]["quantity"] == settled.after.quantity


async def test_a_stop_inside_the_window_cancels_the_imitations_and_lets_none_follow(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - SECOND)
        await fault(bot, "partial_fill", percent=0)
        await bot.live(TABLE.emulate_from + MINUTE)
        answer = await bot.owner.stop(Stop(cancel=True, by=ALICE))
        assert answer.asked == answer.confirmed > 1
        posts = len(await bot.all(OrderSent))
        await bot.live(TABLE.settle_at)
        assert len(await bot.all(OrderSent)) == posts
        assert len(await bot.all(RoundSettled)) == 1


async def test_an_early_close_moves_the_window(tmp_path: Path) -> None:
    table = table_of(HALF_DAY)
    async with evening(tmp_path, half_day=True) as bot:
        await bot.live(table.session.close - 5 * MINUTE - SECOND)
        assert len((await bot.truth())["orders"]) == 1
        await bot.live(table.settle_again_at)
        star = await bot.order(Leg.STAR, HALF_DAY)
        assert star.emulated is not None
        assert star.sent_at is not None
        assert table.session.close - star.sent_at == 5 * MINUTE
        assert len(await bot.all(RoundSettled)) == 1


async def test_the_comparison_is_the_plan_settled_at_the_official_close(tmp_path: Path) -> None:
    async with evening(tmp_path, prices="50 52 48 49") as bot:
        await bot.live(TABLE.closes_final_at)
        round_ = await bot.round()
        found = compare(round_)
        assert found is not None
        assert round_.plan is not None
        buys = [o for o in round_.plan.orders if o.side is Side.BUY and (o.price or 0) >= 49]
        assert found.after.quantity == 40 + sum(order.quantity for order in buys)
        assert found.after != settle(round_.plan, (), DAY).cycle
