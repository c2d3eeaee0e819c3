"""What the simulated KIS shows wrongly, late or twice, and what happens beside us."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kis.errors import KisBadAnswer, OrderRefused
from kis.models import Exchange, ExecutionNotice, NoticeKind, OrderKind, RightKind, Side
from tests.simulation.facts import OrderAccepted, OrderEnded, OrderFilled, SharesMoved
from tests.simulation.faults import Fault
from tests.simulation.kis.truth import worst_close
from tests.simulation.kis_counter import WEDNESDAY, Counter

Open = Callable[..., Counter]
THURSDAY = date(2026, 3, 19)
HELD = {"TQQQ": (20, Decimal(1000)), "SOXL": (21, Decimal(500))}


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[Counter] = []

    def open_(*faults: Fault, seed: int = 1, **more: object) -> Counter:
        rates = dict.fromkeys(faults, 1.0)
        counter = Counter(seed, rates=rates, shares=HELD, **more)  # type: ignore[arg-type]
        made.append(counter)
        return counter

    yield open_
    for each in made:
        each.close()


def facts(desk: Counter, kind: type) -> list[object]:
    return [each for each in desk.world.facts if isinstance(each, kind)]


def test_a_listing_may_lag_acceptance_by_up_to_20_seconds(opened: Open) -> None:
    desk = opened(Fault.LISTING_LAGS, seed=3)
    desk.until(10)
    desk.place()
    assert desk.listed().empty
    desk.wait(20)
    assert len(desk.listed().rows) == 1


def test_a_page_that_fails_makes_the_listing_incomplete(opened: Open) -> None:
    desk = opened(Fault.PAGE_FAILS)
    desk.until(10)
    for _ in range(9):
        desk.place()
    listed = desk.listed()
    assert not listed.complete
    assert len(listed.rows) < 9
    assert desk.hits(Fault.PAGE_FAILS) == 1


def test_small_pages_hold_every_order_once(opened: Open) -> None:
    desk = opened()
    desk.until(10)
    for _ in range(25):
        desk.place(quantity=1)
    listed = desk.listed()
    assert listed.complete
    assert len(listed.rows) == 25


def test_a_row_twice_and_one_of_another_day_come_with_the_first_page(opened: Open) -> None:
    desk = opened(Fault.ROW_TWICE, Fault.ROW_OF_ANOTHER_DAY)
    desk.until(10)
    yesterdays = desk.place(price="11.00").order_number
    desk.until(10, day=THURSDAY)
    desk.place()
    listed = desk.listed(THURSDAY)
    assert [row.order_number for row in listed.rows if row.order_date == WEDNESDAY] == [yesterdays]
    assert len([row for row in listed.rows if row.order_date == THURSDAY]) == 1
    assert desk.hits(Fault.ROW_TWICE) >= desk.hits(Fault.ROW_OF_ANOTHER_DAY) >= 1


def test_the_balance_may_lag_a_fill_by_ten_minutes(opened: Open) -> None:
    desk = opened(Fault.HOLDINGS_LAG)
    desk.until(10)
    desk.place(price="999.00", quantity=2)
    held = {row.symbol: row.quantity for row in desk.ask(desk.kis.account.holdings()).rows}
    assert held["TQQQ"] == 20
    assert desk.broker.truth.holdings["TQQQ"] == 22
    desk.wait(600)
    held = {row.symbol: row.quantity for row in desk.ask(desk.kis.account.holdings()).rows}
    assert held["TQQQ"] == 22


def test_settlement_differs_from_execution_until_the_next_day(opened: Open) -> None:
    desk = opened(Fault.SETTLED_HOLDINGS)
    desk.until(10)
    desk.place(price="999.00", quantity=2)

    def present() -> tuple[int, int]:
        holdings = desk.ask(desk.kis.account.present()).holdings
        assert holdings is not None
        row = next(each for each in holdings.rows if each.symbol == "TQQQ")
        return row.quantity, row.settled

    assert present() == (22, 20)
    desk.until(10, day=THURSDAY)
    assert present() == (22, 22)


def test_a_loc_may_fill_in_part_and_the_rest_dies(opened: Open) -> None:
    desk = opened(Fault.PARTIAL_AT_CLOSE)
    desk.until(10)
    desk.place(kind=OrderKind.LOC, price="150.00", quantity=9)
    desk.until(16, 10)
    (row,) = desk.listed().rows
    assert 0 < row.filled < 9
    assert row.open_quantity == 0
    assert desk.hits(Fault.PARTIAL_AT_CLOSE) == 1
    assert desk.broker.truth.holdings["TQQQ"] == 20 + row.filled


def test_two_executions_come_in_the_wrong_order_and_the_list_goes_back_once(opened: Open) -> None:
    desk = opened(Fault.FILLS_OUT_OF_ORDER)
    told: list[ExecutionNotice] = []
    desk.broker.pushes.listen([], told.append)  # type: ignore[arg-type]
    desk.until(10)
    desk.place(price="999.00", quantity=5)
    seen: list[int] = []
    for _ in range(40):
        filled = desk.listed().rows[0].filled
        if not seen or seen[-1] != filled:
            seen.append(filled)
        desk.wait(5)
    executed = [each.quantity for each in facts(desk, OrderFilled)]  # type: ignore[attr-defined]
    assert sum(executed) == 5
    assert len(executed) == 2
    assert seen == [5, executed[1], 5]
    fills = [each.quantity for each in told if each.kind is NoticeKind.FILLED]
    assert fills == executed[::-1]


def test_the_lists_may_have_the_fills_of_a_close_late_and_call_the_order_dead(opened: Open) -> None:
    for seed in range(1, 20):
        desk = opened(Fault.FILLS_OUT_OF_ORDER, seed=seed)
        desk.until(10)
        desk.place(kind=OrderKind.LOC, price="150.00", quantity=9)
        desk.until(16, 10)
        (row,) = desk.listed().rows
        if row.open_quantity == 0 and row.filled < 9:
            assert "장종료" in row.refusal
            assert desk.broker.truth.holdings["TQQQ"] == 29
            desk.until(16, 36)
            (row,) = desk.listed().rows
            assert (row.filled, row.refusal) == (9, "")
            return
    pytest.fail("no order was listed short")


def test_an_order_may_be_rejected_after_it_was_taken(opened: Open) -> None:
    desk = opened(Fault.LATE_REJECTION)
    desk.until(10)
    desk.place()
    desk.wait(60)
    (row,) = desk.listed().rows
    assert (row.status, row.open_quantity, row.filled) == ("거부", 0, 0)
    assert row.refusal
    assert [each.how for each in facts(desk, OrderEnded)] == ["rejected"]  # type: ignore[attr-defined]


def test_a_cancel_may_lose_the_race_against_a_fill(opened: Open) -> None:
    desk = opened(Fault.CANCEL_RACES_FILL)
    desk.until(10)
    limit = desk.place().order_number
    loc = desk.place(kind=OrderKind.LOC, price="12.00").order_number
    desk.ask(desk.kis.orders.cancel(limit, "TQQQ", Exchange.NASDAQ, 3))
    desk.ask(desk.kis.orders.cancel(loc, "TQQQ", Exchange.NASDAQ, 3))
    desk.wait(1_800)  # the lists may have the fill some minutes after the cancel
    rows = {row.order_number: row for row in desk.listed().rows if not row.cancel}
    assert rows[limit].filled > 0
    assert rows[limit].open_quantity == 0
    assert rows[loc].open_quantity == 3


def test_a_fill_notice_may_overtake_the_answer(opened: Open) -> None:
    desk = opened(Fault.NOTICE_FIRST)
    told: list[tuple[str, NoticeKind]] = []

    def hear(item: object) -> None:
        if isinstance(item, ExecutionNotice):
            told.append((item.order_number, item.kind))

    desk.broker.pushes.listen(["TQQQ"], hear)
    desk.until(10)
    last = desk.ask(desk.kis.prices.quote("TQQQ", Exchange.NASDAQ)).last
    told.clear()
    number = desk.place(price=(last * Decimal("0.9")).quantize(Decimal("0.01"))).order_number
    assert set(told) == {(number, NoticeKind.ACCEPTED), (number, NoticeKind.FILLED)}
    assert desk.hits(Fault.NOTICE_FIRST) == 1


@pytest.mark.parametrize(
    ("fault", "side", "code"),
    [
        (Fault.USD_SHORT, Side.BUY, "APBK0952"),
        (Fault.SELL_TOO_MANY, Side.SELL, "APBK0400"),
        (Fault.WASH_TRADE, Side.BUY, "APBK1672"),
    ],
)
def test_business_refusals_have_kis_words(
    opened: Open, fault: Fault, side: Side, code: str
) -> None:
    desk = opened(fault)
    desk.until(10)
    if fault is Fault.WASH_TRADE:
        desk.place(Side.SELL, price="990.00")
    with pytest.raises(OrderRefused) as refused:
        desk.place(side, price="300.00" if side is Side.BUY else "990.00", quantity=8)
    assert refused.value.code == code
    assert desk.hits(fault) == 1


def test_short_usd_shows_in_what_may_be_ordered_or_only_in_the_refusal(opened: Open) -> None:
    shown = set()
    for seed in range(8):
        desk = opened(Fault.USD_SHORT, seed=seed)
        desk.until(10)
        power = desk.ask(desk.kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal(0)))
        shown.add(power.orderable < 2000)
        with pytest.raises(OrderRefused):
            desk.place(price="300.00", quantity=8)
    assert shown == {True, False}


def test_a_refusal_out_of_the_blue_is_definite(opened: Open) -> None:
    desk = opened(Fault.REFUSED)
    desk.until(10)
    with pytest.raises(OrderRefused):
        desk.place()
    assert not facts(desk, OrderAccepted)


def test_the_owner_buys_cancels_and_sells_beside_us(opened: Open) -> None:
    desk = opened(Fault.HAND_BUY, Fault.HAND_CANCEL, Fault.HAND_SALE)
    desk.until(4, 15)
    for _ in range(5):
        desk.place()
    desk.until(16, 10)
    for fault in (Fault.HAND_BUY, Fault.HAND_CANCEL, Fault.HAND_SALE):
        assert desk.hits(fault) == 1
    by_hand = [each for each in desk.listed().rows if each.media == "모바일"]
    assert len(by_hand) >= 3


def test_a_twin_is_placed_just_before_or_after_ours(opened: Open) -> None:
    seen = set()
    for seed in range(8):
        desk = opened(Fault.HAND_TWIN, seed=seed)
        desk.until(10)
        number = int(desk.place().order_number)
        desk.wait(10)
        rows = desk.listed().rows
        assert len({(row.symbol, row.side, row.quantity, row.price) for row in rows}) == 1
        (twin,) = (int(row.order_number) for row in rows if int(row.order_number) != number)
        seen.add(twin < number)
        assert desk.hits(Fault.HAND_TWIN) == 1
    assert seen == {True, False}


def test_the_owner_may_repeat_yesterdays_order_before_the_round(opened: Open) -> None:
    desk = opened(Fault.HAND_TWIN)
    desk.until(10)
    desk.place()
    desk.until(4, 40, day=THURSDAY)
    (row,) = desk.listed(THURSDAY).rows
    assert (row.quantity, row.price) == (3, Decimal(10))


def test_a_split_multiplies_the_shares_and_divides_average_and_price(opened: Open) -> None:
    desk = opened(Fault.SPLIT, seed=2)
    desk.until(17, 30)
    rights = desk.ask(desk.kis.announcements.rights(WEDNESDAY, WEDNESDAY)).rows
    assert rights
    before = {row.symbol: row for row in desk.ask(desk.kis.account.holdings()).rows}
    desk.until(10, day=THURSDAY)
    after = {row.symbol: row for row in desk.ask(desk.kis.account.holdings()).rows}
    for right in rights:
        if right.symbol == "AAAA":
            continue
        ratio = right.ratio
        assert ratio is not None
        old, new = before[right.symbol], after[right.symbol]
        assert new.quantity == int(old.quantity * ratio)
        assert new.average == pytest.approx(old.average / ratio, rel=Decimal("0.001"))
        exchange = {"TQQQ": Exchange.NASDAQ, "SOXL": Exchange.AMEX}[right.symbol]
        raw = desk.ask(desk.kis.prices.daily(right.symbol, exchange, adjusted=False))
        adjusted = desk.ask(desk.kis.prices.daily(right.symbol, exchange, adjusted=True))
        assert adjusted[0].close == pytest.approx(raw[0].close / ratio, abs=Decimal("0.01"))
        assert adjusted[-1] == raw[-1]
    moved = facts(desk, SharesMoved)
    assert len(moved) == len([right for right in rights if right.symbol != "AAAA"])


def test_a_halted_symbol_has_no_price_and_no_auction(opened: Open) -> None:
    desk = opened(Fault.HALTED, seed=4)
    desk.until(4, 20)
    halted = sorted(desk.broker.exchange.halted)
    assert halted
    symbol = halted[0]
    listed = desk.broker.exchange.market.tapes[symbol].listed
    exchange = {"NASD": Exchange.NASDAQ, "AMEX": Exchange.AMEX, "NYSE": Exchange.NYSE}[
        listed.order_code
    ]
    with pytest.raises(KisBadAnswer):
        desk.ask(desk.kis.prices.quote(symbol, exchange))
    desk.until(17)
    bars = desk.ask(desk.kis.prices.daily(symbol, exchange))
    assert bars[-1].day < WEDNESDAY


def test_a_wild_quote_is_the_quotes_alone(opened: Open) -> None:
    desk = opened(Fault.WILD_PRICE)
    desk.until(10)
    for _ in range(6):
        true = desk.broker.exchange.market.last("TQQQ")
        try:
            shown = desk.ask(desk.kis.prices.quote("TQQQ", Exchange.NASDAQ)).last
        except KisBadAnswer:
            continue
        assert shown != true
    assert desk.hits(Fault.WILD_PRICE) == 6


def test_cash_moves_without_any_order(opened: Open) -> None:
    desk = opened(Fault.CASH_MOVES)
    before = desk.broker.exchange.account.cash
    desk.until(16, 10)
    assert desk.broker.exchange.account.cash != before
    assert not facts(desk, OrderAccepted)


def test_a_dividend_is_announced_and_paid_by_the_share(opened: Open) -> None:
    for seed in range(20):
        desk = opened(Fault.CASH_MOVES, seed=seed)
        before = desk.broker.exchange.account.cash
        desk.until(16, 10)
        rights = desk.ask(desk.kis.announcements.rights(WEDNESDAY, WEDNESDAY)).rows
        if not rights:
            continue
        (right,) = rights
        held = HELD.get(right.symbol, (0, None))[0]
        assert right.kind is RightKind.DIVIDEND
        assert right.cash is not None
        assert desk.broker.exchange.account.cash - before == right.cash * held
        if held:
            return
    pytest.fail("no seed of twenty paid a dividend on what is held")


def test_a_session_that_is_called_off_has_no_prices_and_takes_no_orders(opened: Open) -> None:
    desk = opened(Fault.CALENDAR)
    desk.until(10)
    with pytest.raises(Exception, match=r"APBK0918|EGW00202"):
        desk.place()
    desk.until(17)
    bars = desk.ask(desk.kis.prices.daily("TQQQ", Exchange.NASDAQ))
    assert bars[-1].day < WEDNESDAY


def test_an_orders_fate_is_told_by_request_and_worst_close_counts_what_may_be_spent(
    opened: Open,
) -> None:
    desk = opened()
    desk.until(10)
    desk.place(kind=OrderKind.LOC, price="12.00", quantity=10)
    desk.place(kind=OrderKind.LOC, price="10.00", quantity=10)
    desk.place(price="9.00", quantity=1)
    orders = [each for each in desk.wire.sent if each.path.endswith("/order")]
    truth = desk.broker.truth
    assert all(truth.reached(each.id) and truth.order_of(each.id) for each in orders)
    assert worst_close(truth.orders(WEDNESDAY)) == truth.accepted_usd(WEDNESDAY) == Decimal(209)


def test_seouls_midnight_is_counted_when_our_orders_stand_over_it(opened: Open) -> None:
    desk = opened()
    desk.until(9, 40)
    desk.place()
    desk.until(12)
    assert desk.hits(Fault.SEOUL_MIDNIGHT) == 1
    assert desk.world.now - desk.world.start < timedelta(days=1)
