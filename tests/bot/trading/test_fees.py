"""KIS's own fees take the agreed ones' place: in the ledger, once, and only where they are ours."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.commands import ChangeCycle, PreviewChange
from bot.events import FeesCharged, FeesDiffer, RateSeen, RoundCorrected, RoundProposed
from bot.trading.asking.fees import Fees, apportioned
from bot.trading.asking.window import Window
from bot.trading.ports_money import Charge, Charges
from bot.trading.recovery import check_ledger
from strategy.changes import SeedChange
from strategy.model import Side
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, table_of
from tests.bot.trading.teller import FixedTeller
from tests.bot.trading.test_late_fills import settled, show

TABLE, EVENING = table_of(DAY), table_of(NEXT).propose_at
D = Decimal
MINUTE = timedelta(minutes=1)


@pytest.fixture
def teller(floor: Floor) -> FixedTeller:
    teller = FixedTeller()
    Window(floor.trading, teller).register(floor.bus)
    return teller


async def traded(floor: Floor) -> dict[Side, tuple[int, Decimal]]:
    """Live a day whose close fills buys; answer its shares and USD by side."""
    await floor.begin()
    floor.counter.closes |= {DAY: D(49), NEXT: D(49)}
    floor.counter.prices["TQQQ"] = D(50)
    await floor.live(TABLE.settle_again_at + MINUTE)
    sums = dict.fromkeys(Side, (0, D(0)))
    for order in await floor.orders():
        if order.fill_price is not None:
            quantity, amount = sums[order.slot.side]
            sums[order.slot.side] = (
                quantity + order.filled,
                amount + order.filled * order.fill_price,
            )
    assert sums[Side.BUY][0]
    return sums


def charge(side: Side, quantity: int, amount: Decimal, fee: str, *, day: date = DAY) -> Charge:
    return Charge(
        session=day,
        settled=day + timedelta(days=1),
        symbol="TQQQ",
        side=side,
        quantity=quantity,
        amount=amount,
        fee=D(fee),
        rate=None,
    )


async def took(floor: Floor, teller: FixedTeller, fee: str) -> dict[Side, tuple[int, Decimal]]:
    sums = await traded(floor)
    teller.took(
        *(
            charge(side, quantity, amount, fee)
            for side, (quantity, amount) in sums.items()
            if quantity
        )
    )
    return sums


async def test_kis_fees_leave_the_ledger_before_the_next_round_is_planned_from_it(
    floor: Floor, teller: FixedTeller
) -> None:
    await took(floor, teller, "1.23")
    before = await floor.cycle()
    await floor.live(EVENING + MINUTE)
    after = await floor.cycle()
    (event,) = await floor.all(FeesCharged)
    assert (event.booked, event.charged) == (D(0), D("1.23"))
    assert after.cash == before.cash - D("1.23")
    assert after.realized == before.realized - D("1.23")
    assert after.fees == D("1.23")
    assert (after.turn, after.quantity, after.average) == (
        before.turn,
        before.quantity,
        before.average,
    )
    assert [event.plan.cycle.cash for event in await floor.all(RoundProposed)][-1] == after.cash
    (settlement,) = await floor.views.settlements()
    assert (settlement.fees, settlement.after) == (D("1.23"), after)
    await check_ledger(floor.journal, floor.views)


async def test_the_broker_is_asked_once_an_evening_and_only_while_figures_lack(
    floor: Floor, teller: FixedTeller
) -> None:
    await took(floor, teller, "1.23")
    assert teller.asked == []
    await floor.live(EVENING + MINUTE)
    assert teller.asked == [f"charges {DAY} {DAY}"]
    await floor.live(table_of(NEXT).deadline)
    assert teller.asked == [f"charges {DAY} {DAY}"]


@pytest.mark.parametrize("fee", ["-0.01", "1388.00"])
async def test_a_figure_that_can_be_no_fee_is_not_booked(
    floor: Floor, teller: FixedTeller, fee: str
) -> None:
    """In won, say, or of another column: the agreed rate stands."""
    await took(floor, teller, fee)
    before = await floor.cycle()
    await floor.live(EVENING + MINUTE)
    assert await floor.all(FeesCharged) == []
    assert await floor.cycle() == before


async def test_the_same_fee_changes_nothing_and_is_not_asked_for_again(
    floor: Floor, teller: FixedTeller
) -> None:
    await took(floor, teller, "0")
    before = await floor.cycle()
    await floor.live(EVENING + MINUTE)
    (event,) = await floor.all(FeesCharged)
    assert event.before == event.after == before
    assert await floor.all(FeesDiffer) == []
    assert await floor.views.money.uncharged(since=date.min) == ()


async def test_another_rate_is_told_once_and_not_again_while_it_stays(
    floor: Floor, teller: FixedTeller
) -> None:
    sums = await took(floor, teller, "5.00")
    await floor.live(EVENING + MINUTE)
    (differ,) = await floor.all(FeesDiffer)
    assert differ.fees == D("5.00")
    assert differ.amount == sums[Side.BUY][1]
    await floor.live(table_of(NEXT).settle_again_at + MINUTE)
    rows = []
    for order in await floor.orders(NEXT):
        if order.fill_price is not None:
            amount = order.filled * order.fill_price
            fee = amount * differ.percent / 100
            rows.append(charge(order.slot.side, order.filled, amount, f"{fee:.2f}", day=NEXT))
    assert rows
    teller.took(*rows)
    await floor.live(table_of(date(2026, 10, 9)).propose_at + MINUTE)
    assert len(await floor.all(FeesCharged)) == 2
    assert len(await floor.all(FeesDiffer)) == 1


async def test_fees_of_hand_trades_are_not_taken_for_ours(
    floor: Floor, teller: FixedTeller
) -> None:
    sums = await traded(floor)
    quantity, amount = sums[Side.BUY]
    teller.took(charge(Side.BUY, quantity + 1, amount + 49, "1.50"))
    before = await floor.cycle()
    await floor.live(EVENING + MINUTE)
    assert await floor.all(FeesCharged) == []
    assert await floor.cycle() == before


async def test_an_incomplete_list_concludes_nothing_and_is_read_the_next_evening(
    floor: Floor, teller: FixedTeller
) -> None:
    sums = await took(floor, teller, "1.23")
    whole = teller.taken
    assert whole is not None
    teller.taken = Charges(rows=whole.rows, complete=False)
    await floor.live(EVENING + MINUTE)
    assert await floor.all(FeesCharged) == []
    teller.taken = whole
    await floor.live(table_of(date(2026, 10, 9)).propose_at + MINUTE)
    assert [event.session for event in await floor.all(FeesCharged)] == [DAY]
    assert sums[Side.BUY][0]
    await check_ledger(floor.journal, floor.views)


async def test_silence_about_fees_is_no_trouble_and_holds_no_round_up(
    floor: Floor, teller: FixedTeller
) -> None:
    await took(floor, teller, "1.23")
    teller.silent = True
    await floor.live(EVENING + MINUTE)
    assert [event.session for event in await floor.all(RoundProposed)] == [DAY, NEXT]
    assert floor.trading.desk.trouble == ""


async def test_where_fees_are_not_told_nobody_asks_twice(floor: Floor, teller: FixedTeller) -> None:
    await traded(floor)
    teller.taken = None
    await floor.live(table_of(date(2026, 10, 9)).propose_at + MINUTE)
    assert len([asked for asked in teller.asked if asked.startswith("charges")]) == 1


async def test_what_was_booked_between_keeps_its_effect_beside_the_fees(
    floor: Floor, teller: FixedTeller
) -> None:
    await took(floor, teller, "1.23")
    shown = await floor.bus.ask(PreviewChange(cycle_id=1, change=SeedChange(amount=D(500))))
    await floor.bus.ask(
        ChangeCycle(cycle_id=1, change=SeedChange(amount=D(500)), digest=shown.digest, by=ALICE)
    )
    before = await floor.cycle()
    await floor.live(EVENING + MINUTE)
    after = await floor.cycle()
    assert after.cash == before.cash - D("1.23")
    assert after.principal == before.principal
    await check_ledger(floor.journal, floor.views)


async def test_a_round_that_is_out_is_never_planned_again_for_a_fee(
    floor: Floor, teller: FixedTeller
) -> None:
    await took(floor, teller, "1.23")
    whole, teller.taken = teller.taken, Charges(rows=(), complete=False)
    await floor.live(EVENING + MINUTE)
    ledger = await floor.cycle()
    teller.taken = whole
    # A new start of the program asks again that evening, with the next round out by now.
    again = FixedTeller(taken=whole)
    floor.trading.before.append(Fees(floor.trading.desk, again).look)
    await floor.look(EVENING + 5 * MINUTE)
    assert again.asked == [f"charges {DAY} {DAY}"]
    assert await floor.all(FeesCharged) == []
    assert await floor.cycle() == ledger


async def test_a_round_that_is_booked_again_has_its_fees_held_against_kis_again(
    floor: Floor, teller: FixedTeller
) -> None:
    star = await settled(floor)
    rows = [
        charge(order.slot.side, order.filled, order.filled * order.fill_price, "2.00")
        for order in await floor.orders()
        if order.fill_price is not None
    ]
    teller.took(*rows)
    await floor.live(EVENING - MINUTE)
    show(floor, star)
    await floor.live(EVENING + 2 * MINUTE)
    assert len(await floor.all(RoundCorrected)) == 1
    assert await floor.views.money.uncharged(since=date.min) == (f"{DAY}.1",)
    await check_ledger(floor.journal, floor.views)


async def test_two_cycles_of_a_symbol_share_a_fee_by_what_each_traded(
    floor: Floor,
) -> None:
    await traded(floor)
    round_ = await floor.round()
    quantity = sum(order.filled for order in round_.orders)
    amount = sum(
        (order.filled * order.fill_price for order in round_.orders if order.fill_price), D(0)
    )
    row = charge(Side.BUY, 2 * quantity, 2 * amount, "0.05")
    taken = apportioned([round_, round_], [row])
    assert [each.bought for each in taken] == [D("0.03"), D("0.02")]


async def test_the_rate_that_comes_with_money_is_kept_once_a_day(
    floor: Floor, teller: FixedTeller
) -> None:
    await floor.begin()
    teller.heard = D("1390.50")
    await floor.look(TABLE.propose_at)
    teller.heard = D("1399.00")
    await floor.look(TABLE.send_from)
    assert await floor.all(RateSeen) == [RateSeen(day=DAY, rate=D("1390.50"))]
    assert teller.asked == []


async def test_before_kis_has_the_days_rate_none_is_kept(floor: Floor, teller: FixedTeller) -> None:
    teller.heard = D("1390.50")
    await floor.look(TABLE.quiet_until)  # ten past midnight in Seoul
    assert await floor.all(RateSeen) == []
