"""USD that move without a trade: told after two looks, booked by a tap only; no false alarm."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import AdoptMoney, PreviewChange
from bot.events import CycleChanged, MoneyCounted, MoneyDecided, MoneyMoved, RoundProposed
from bot.trading.account.money import unexplained
from bot.trading.model import Approval, Fate
from bot.trading.ports import Announced
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from strategy.changes import CycleChange, Dividend, SeedChange
from strategy.model import Side
from tests.bot.trading.by_hand import place, trade
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, table_of

TABLE = table_of(DAY)
THIRD = date(2026, 10, 9)
D = Decimal


async def adopt(
    floor: Floor, moved: MoneyMoved, fate: Fate, change: CycleChange | None = None
) -> date | None:
    digest = ""
    if change is not None:
        digest = (await floor.bus.ask(PreviewChange(cycle_id=1, change=change))).digest
    return await floor.bus.ask(
        AdoptMoney(
            move_id=moved.move_id,
            fate=fate,
            cycle_id=None if change is None else 1,
            digest=digest,
            by=ALICE,
        )
    )


@pytest.mark.fault(44)
async def test_a_deposit_is_told_once_and_raises_no_cap(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.settle_again_at)
    before = await floor.cycle()
    floor.counter.deposits += 3000
    await floor.live(table_of(NEXT).settle_again_at)
    (moved,) = await floor.all(MoneyMoved)
    assert (moved.session, moved.amount) == (NEXT, D(3000))
    (_, second) = await floor.all(RoundProposed)
    assert second.plan.cycle.cash == before.cash, "the cap is the ledger's"
    assert await floor.all(CycleChanged) == []
    await floor.live(table_of(THIRD).send_from)
    assert len(await floor.all(MoneyMoved)) == 1


@pytest.mark.fault(44)
async def test_a_withdrawal_is_told_and_may_be_taken_from_the_seed(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.live(TABLE.deadline)
    floor.counter.deposits -= 500
    await floor.live(table_of(NEXT).deadline)
    (moved,) = await floor.all(MoneyMoved)
    assert (moved.amount, moved.dividend) == (D(-500), "")
    assert await adopt(floor, moved, Fate.SEED, SeedChange(amount=D(-500))) == THIRD
    assert (await floor.cycle()).cash == 7500
    (decided,) = await floor.all(MoneyDecided)
    assert (decided.fate, decided.amount) == (Fate.SEED, D(-500))
    assert await floor.views.account.moves() == ()
    await check_ledger(floor.journal, floor.views)
    with pytest.raises(Refusal) as refused:
        await adopt(floor, moved, Fate.LEFT)
    assert refused.value.why is Why.MONEY_DECIDED


@pytest.mark.fault(44)
async def test_an_announced_dividend_is_named_and_booked_as_one(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.live(TABLE.deadline)
    floor.counter.rights.append(
        Announced(symbol="TQQQ", day=date(2026, 9, 24), split=None, cash=D("0.50"))
    )
    floor.counter.deposits += 17
    await floor.live(table_of(NEXT).deadline)
    (moved,) = await floor.all(MoneyMoved)
    assert (moved.amount, moved.dividend) == (D(17), "TQQQ"), "40 x 0.50, less 15 % of tax"
    await adopt(floor, moved, Fate.DIVIDEND, Dividend(amount=D(17)))
    after = await floor.cycle()
    assert (after.cash, after.realized, after.principal) == (D(8017), D(17), D(10000))


async def test_money_that_is_left_alone_is_asked_about_no_more(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.live(TABLE.deadline)
    floor.counter.deposits += 100
    await floor.live(table_of(NEXT).deadline)
    (moved,) = await floor.all(MoneyMoved)
    assert await adopt(floor, moved, Fate.LEFT) is None
    await floor.live(table_of(THIRD).deadline)
    assert len(await floor.all(MoneyMoved)) == 1
    assert await floor.cycle() == holding()


async def test_an_adoption_waits_while_a_round_is_out(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.settle_again_at)
    floor.counter.deposits += 1600
    await floor.live(table_of(NEXT).send_from)
    (moved,) = await floor.all(MoneyMoved)
    assert await adopt(floor, moved, Fate.SEED, SeedChange(amount=D(1600))) == THIRD
    assert await floor.all(CycleChanged) == []
    await floor.live(table_of(NEXT).settle_again_at)
    (changed,) = await floor.all(CycleChanged)
    assert changed.after.cash == changed.before.cash + 1600


@pytest.mark.fault(44)
@pytest.mark.parametrize("fee", ["0", "0.25"])
async def test_days_of_trading_raise_no_alarm(floor: Floor, fee: str) -> None:
    """Buys, sales, fees that nobody listed, and hand trades: all of it is explained."""
    floor.counter.fee_percent = D(fee)
    await floor.begin()
    closes = ["49", "52", "47", "46", "55", "51"]
    days = [date(2026, 10, day) for day in (7, 8, 9, 12, 13, 14)]
    for day, close in zip(days, closes, strict=True):
        floor.counter.closes[day] = D(close)
        floor.counter.prices["TQQQ"] = D(close)
        await floor.live(table_of(day).send_from - timedelta(minutes=1))
        if day == days[2]:
            trade(floor, Side.BUY, 3, "47.5", day=day)
        await floor.live(table_of(day).settle_again_at)
    assert len(await floor.all(MoneyCounted)) >= 5
    assert await floor.all(MoneyMoved) == []


async def test_trades_that_a_count_had_already_are_not_counted_again(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    trade(floor, Side.BUY, 30, "50")
    await floor.live(TABLE.deadline)
    (counted_once,) = await floor.all(MoneyCounted)
    assert (counted_once.net, counted_once.gross) == (D(-1500), D(1500))
    trade(floor, Side.SELL, 10, "60")
    await floor.live(table_of(NEXT).deadline)
    (_, second) = await floor.all(MoneyCounted)
    assert (second.before, second.turnover) == (D(600), D(600))
    assert await floor.all(MoneyMoved) == []


async def test_a_figure_that_moves_for_a_minute_is_not_believed(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.live(TABLE.deadline)
    floor.counter.deposits += 3000
    wake = await floor.look(table_of(NEXT).propose_at)
    assert wake.at == table_of(NEXT).propose_at + timedelta(minutes=1)
    floor.counter.deposits -= 3000
    await floor.live(table_of(NEXT).deadline)
    assert await floor.all(MoneyMoved) == []


@pytest.mark.parametrize("state", ["hand order", "won stand in"])
async def test_nothing_is_concluded_where_nothing_can_be(floor: Floor, state: str) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.live(TABLE.deadline)
    floor.counter.deposits += 3000
    if state == "hand order":
        place(floor, Side.BUY, 5, "40", day=NEXT)
    else:
        floor.counter.counts_money = False
    await floor.live(table_of(NEXT).deadline)
    assert await floor.all(MoneyMoved) == []


def counted(
    money: str, *, before: str = "0", turnover: str = "0", late: bool = False
) -> MoneyCounted:
    return MoneyCounted(
        session=DAY,
        money=D(money),
        net=D(0),
        gross=D(0),
        before=D(before),
        turnover=D(turnover),
        late=late,
    )


cents = st.decimals(D(-3000), D(3000), places=2)


@given(flows=st.lists(cents, min_size=2, max_size=8), late=st.booleans())
def test_trades_explain_themselves_at_once_or_a_day_late(flows: list[D], late: bool) -> None:
    money, last = D(10000), counted("10000")
    for number, flow in enumerate(flows):
        money += (flows[number - 1] if number else D(0)) if late else flow
        now = counted(str(money), before=str(flow), turnover=str(abs(flow)))
        rest = unexplained(last, now)
        assert rest.moved == 0
        last = counted(str(money), before=str(flow), turnover=str(abs(flow)), late=rest.late)


@given(flows=st.tuples(cents, cents), deposit=st.decimals(D(50), D(9000), places=2))
def test_a_deposit_is_told_with_its_own_amount(flows: tuple[D, D], deposit: D) -> None:
    gross = sum(map(abs, flows), D(0))
    last = counted("10000", before=str(flows[0]), turnover=str(abs(flows[0])))
    money = 10000 + flows[1] + deposit
    now = counted(str(money), before=str(flows[1]), turnover=str(abs(flows[1])))
    moved = unexplained(last, now).moved
    hidden = abs(flows[1] + deposit - flows[0]) <= max(D(1), gross * D("0.006"))
    assert moved == (0 if hidden or deposit <= gross * D("0.006") else deposit)
