"""What the owner did beside the bot, in the chat: told, shown with its effect, booked by a tap."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.events import (
    CycleChanged,
    CycleStarted,
    Event,
    ForeignFillDecided,
    ForeignFillSeen,
    ForeignOrderSeen,
    LedgerMismatched,
    MoneyDecided,
    MoneyMoved,
    OrderClosed,
    RoundApproved,
    RoundMissed,
    SharesSetAside,
    SplitAnnounced,
    SplitDismissed,
)
from bot.sessions import Calendar
from bot.telegram.by_hand import fill, told
from bot.telegram.catalogue import Words
from bot.trading.account.acceptance import Acceptance
from bot.trading.account.adopting import Adopting
from bot.trading.changes import Books
from bot.trading.desk import Desk
from bot.trading.fills import BY_HAND, NOT_LISTED
from bot.trading.model import STARTUP, Approval, Fate, OrderState
from strategy.changes import HandTrade, ShareSplit
from strategy.model import Cycle, Side
from tests.bot.telegram.conftest import House, captions
from tests.bot.telegram.samples import (
    CYCLE,
    MARKET_NOW,
    ROUND,
    SESSION,
    SLOTS,
    proposed,
    started,
)
from tests.bot.trading.counter import Counter, WorldClock

D = Decimal
BOUGHT = ForeignFillSeen(
    session=SESSION,
    number="77",
    symbol="TQQQ",
    side=Side.BUY,
    quantity=5,
    price=D("99.50"),
    by_api=False,
)
MOVED = MoneyMoved(move_id=1, session=SESSION, amount=D(3000), before=D(10000), after=D(13000))


def at_the_counter(house: House, *, shares: int = 37) -> Counter:
    """Let the real rooms of the ledger answer the taps, over a counter of the test's own."""
    calendar = Calendar()
    counter = Counter(clock=WorldClock(MARKET_NOW), calendar=calendar)
    counter.holdings["TQQQ"] = shares
    counter.default_close = D(100)
    desk = Desk(
        clock=house.market,
        journal=house.service.journal,
        views=house.service.views,
        broker=counter,
        bus=house.service.bus,
        calendar=calendar,
        started=MARKET_NOW,
    )
    books = Books(desk)
    books.register(house.service.bus)
    Adopting(desk, books).register(house.service.bus)
    Acceptance(desk, books).register(house.service.bus)
    return counter


async def begin(house: House, *events: Event, cycle: Cycle = CYCLE) -> None:
    begun = CycleStarted(cycle_id=1, cycle=cycle, approval=Approval.AUTO, by=STARTUP)
    await house.service.record(begun, *events)
    await house.settle()


async def tap(house: House, caption: str) -> None:
    await house.chat.press(caption)
    await house.settle()


async def last_of(house: House, kind: type[Event]) -> Event:
    found = await house.service.journal.last(kind)
    assert found is not None
    return found


async def cycle(house: House) -> Cycle:
    view = await house.service.views.cycle(1)
    assert view is not None
    return view.cycle


@pytest.mark.fault(39)
async def test_a_hand_buy_is_shown_with_its_effect_edited_and_adopted(house: House) -> None:
    at_the_counter(house)
    await begin(house, BOUGHT)
    asked = await house.chat.last()
    assert "직접 매매: TQQQ 매수 5주 $99.50" in asked["text"]
    assert "T 7.50→10.09 · 37→42주" in asked["text"]
    assert captions(asked) == ["장부에 넣기", "내 것으로 따로 두기 (봇 몫 아님)", "나중에"]
    await tap(house, "장부에 넣기")
    preview = await house.chat.last()
    assert "T는 아래 버튼으로 고칠 수 있습니다." in preview["text"]
    await tap(house, "T -1")
    assert "7.50→9.09" in (await house.chat.last())["text"]
    await tap(house, "이대로 넣기")
    after = await cycle(house)
    assert (after.quantity, after.turn.quantize(D("0.01"))) == (42, D("9.09"))
    decided = await last_of(house, ForeignFillDecided)
    assert isinstance(decided, ForeignFillDecided)
    assert decided.fate is Fate.CYCLE
    assert any(text.startswith("받았습니다. 10월 7일(수)") for text in await house.chat.said())
    await house.chat.press("이대로 넣기", message=preview)
    await house.settle()
    assert (await cycle(house)).quantity == 42


async def test_a_tap_on_an_old_question_says_that_it_was_decided(house: House) -> None:
    at_the_counter(house)
    await begin(house, BOUGHT)
    asked = await house.chat.last()
    await tap(house, "내 것으로 따로 두기 (봇 몫 아님)")
    assert await house.service.views.set_aside("TQQQ") == 5
    assert isinstance(await last_of(house, SharesSetAside), SharesSetAside)
    await house.service.record(replace(BOUGHT, number="78"))
    await house.settle()
    again = await house.chat.last()
    assert again["id"] != asked["id"]
    await tap(house, "나중에")
    assert any("/status 에서 다시 물어봅니다" in text for text in await house.chat.said())
    await house.chat.send("/status")
    await house.settle()
    assert "(주문번호 78)" in (await house.chat.last())["text"]
    assert captions(await house.chat.last())[0] == "장부에 넣기"


@pytest.mark.fault(42)
async def test_a_sale_of_everything_asks_whether_the_cycle_is_over(house: House) -> None:
    at_the_counter(house, shares=0)
    sold = replace(BOUGHT, side=Side.SELL, quantity=37)
    await begin(house, SharesSetAside(symbol="TQQQ", quantity=40, by=STARTUP), sold)
    asked = await house.chat.last()
    assert "새 회차를 쉽니다" in asked["text"]
    assert captions(asked) == ["끝난 것으로 정리", "따로 둔 주식에서 판 것", "나중에"]
    await tap(house, "끝난 것으로 정리")
    assert "T -1" not in captions(await house.chat.last())
    await tap(house, "이대로 넣기")
    after = await cycle(house)
    assert (after.number, after.quantity) == (CYCLE.number + 1, 0)


@pytest.mark.fault(42)
async def test_a_sale_of_more_than_the_cycle_has_is_taken_in_parts(house: House) -> None:
    at_the_counter(house, shares=0)
    sold = replace(BOUGHT, side=Side.SELL, quantity=40)
    await begin(house, SharesSetAside(symbol="TQQQ", quantity=3, by=STARTUP), sold)
    asked = await house.chat.last()
    assert "넣을 수 없습니다" not in asked["text"]
    first, second = "끝난 것으로 정리 (37주만)", "따로 둔 주식에서 판 것 (3주만)"
    assert captions(asked) == [first, second, "나중에"]
    await tap(house, first)
    await tap(house, "이대로 넣기")
    rest = await house.chat.last()
    assert "TQQQ 매도 3주" in rest["text"]
    await tap(house, "따로 둔 주식에서 판 것")
    assert await house.service.views.account.undecided() == ()
    assert await house.service.views.set_aside("TQQQ") == 0


@pytest.mark.fault(44)
@pytest.mark.parametrize(
    ("caption", "fate"), [("시드에 더하기", Fate.SEED), ("배당으로 넣기", Fate.DIVIDEND)]
)
async def test_money_that_came_in_is_adopted_as_the_owner_says(
    house: House, caption: str, fate: Fate
) -> None:
    at_the_counter(house)
    await begin(house, MOVED)
    asked = await house.chat.last()
    assert "USD $3,000.00가 거래 없이 들어왔습니다." in asked["text"]
    assert "하루 한도는 그대로입니다" in asked["text"]
    assert captions(asked) == ["시드에 더하기", "배당으로 넣기", "그대로 두기"]
    await tap(house, caption)
    await tap(house, "이대로 넣기")
    assert (await cycle(house)).cash == CYCLE.cash + 3000
    decided = await last_of(house, MoneyDecided)
    assert isinstance(decided, MoneyDecided)
    assert decided.fate is fate
    await house.chat.press(caption, message=asked)
    await house.settle()
    assert "두 번 넣지 않았습니다" in (await house.chat.said())[-1]


@pytest.mark.fault(44)
async def test_money_that_left_offers_no_dividend_and_may_be_left_alone(house: House) -> None:
    at_the_counter(house)
    await begin(house, replace(MOVED, amount=D(-200)))
    asked = await house.chat.last()
    assert "USD $200.00가 거래 없이 나갔습니다." in asked["text"]
    assert captions(asked) == ["시드에서 빼기", "그대로 두기"]
    await tap(house, "그대로 두기")
    assert await cycle(house) == CYCLE
    assert await house.service.views.account.moves() == ()


@pytest.mark.fault(43)
async def test_an_announced_split_is_booked_or_dismissed_by_a_tap(house: House) -> None:
    at_the_counter(house)
    split = SplitAnnounced(symbol="TQQQ", split=ShareSplit(new=2, old=1), first_session=SESSION)
    await begin(house, split)
    asked = await house.chat.last()
    assert "TQQQ 2:1 분할 공시가 있습니다" in asked["text"]
    assert captions(asked) == ["2:1 분할 반영", "분할이 아님"]
    await tap(house, "2:1 분할 반영")
    preview = (await house.chat.last())["text"]
    assert "37→74" in preview
    assert "이미 반영했다면 누르지 마세요" in preview, "the account shows no new shares"
    await tap(house, "이대로 반영")
    assert (await cycle(house)).quantity == 74
    later = replace(split, first_session=SESSION + timedelta(days=30))
    await house.service.record(later)
    await house.settle()
    await tap(house, "분할이 아님")
    assert isinstance(await last_of(house, SplitDismissed), SplitDismissed)


@pytest.mark.fault(43)
async def test_a_reverse_split_that_leaves_a_part_over_is_booked_without_its_payment(
    house: House,
) -> None:
    at_the_counter(house, shares=7)
    mismatch = LedgerMismatched(
        cycle_id=1,
        symbol="TQQQ",
        ledger_quantity=37,
        broker_quantity=7,
        likely_split="1:5",
    )
    await begin(house, mismatch)
    asked = await house.chat.last()
    assert "1:5 분할·병합으로 보입니다" in asked["text"]
    assert captions(asked) == [
        "1:5 분할 반영",
        "분할이 아님: 장부를 계좌에 맞추기",
        "다시 시작",
    ]
    await tap(house, "1:5 분할 반영")
    assert "단주 대금은 들어온 뒤" in (await house.chat.last())["text"]
    await tap(house, "이대로 반영")
    assert (await cycle(house)).quantity == 7
    assert captions(await house.chat.last()) != []


@pytest.mark.fault(43)
async def test_a_difference_that_looks_like_a_split_is_not_bent_without_a_warning(
    house: House,
) -> None:
    counter = at_the_counter(house, shares=74)
    counter.prices["TQQQ"] = counter.close_of(SESSION) / 2
    await begin(
        house,
        LedgerMismatched(cycle_id=1, symbol="TQQQ", ledger_quantity=37, broker_quantity=74),
    )
    await tap(house, "장부를 계좌에 맞추기")
    preview = await house.chat.last()
    assert "2:1 분할로 보입니다" in preview["text"]
    assert captions(preview) == ["2:1 분할 반영", "이대로 맞추기", "그만두기"]
    await tap(house, "2:1 분할 반영")
    await tap(house, "이대로 반영")
    assert (await cycle(house)).quantity == 74


@pytest.mark.fault(42, 43)
@pytest.mark.parametrize(
    ("standing", "caption", "reason"),
    [
        (
            SplitAnnounced(symbol="TQQQ", split=ShareSplit(new=2, old=1), first_session=SESSION),
            "2:1 분할 반영",
            "split",
        ),
        (
            LedgerMismatched(cycle_id=1, symbol="TQQQ", ledger_quantity=37, broker_quantity=35),
            "장부를 계좌에 맞추기",
            "held",
        ),
    ],
)
async def test_what_keeps_a_symbol_still_is_asked_again_at_status(
    house: House, standing: Event, caption: str, reason: str
) -> None:
    await begin(house, standing)
    missed = RoundMissed(round_id="m", cycle_id=1, session=SESSION, reason=reason)
    await house.service.record(missed)
    await house.settle()
    assert "/status 를 보내 정해 주시면" in (await house.chat.last())["text"]
    await house.chat.send("/status")
    await house.settle()
    assert "아직 정하지 않은 것이 1건" in (await house.chat.said())[-2]
    assert captions(await house.chat.last())[0] == caption


async def test_a_difference_is_accepted_in_two_taps_and_trading_starts_again(
    house: House,
) -> None:
    at_the_counter(house, shares=35)
    mismatch = LedgerMismatched(
        cycle_id=1, symbol="TQQQ", ledger_quantity=37, broker_quantity=35, by_hand=5
    )
    await begin(house, mismatch)
    assert "직접 거래해 아직 장부에 넣지 않은 5주" in (await house.chat.last())["text"]
    await tap(house, "장부를 계좌에 맞추기")
    preview = await house.chat.last()
    assert "장부 37주를 계좌 35주에 맞추면: TQQQ 매도 2주 $100.00" in preview["text"]
    await tap(house, "이대로 맞추기")
    assert (await cycle(house)).quantity == 35
    assert "멈춘 종목이 있습니다" in "\n".join(await house.chat.said())
    await house.chat.press("다시 시작")
    await house.settle()
    assert "다시 시작할까요?" in (await house.chat.last())["text"]


@pytest.mark.fault(41)
async def test_orders_cancelled_by_hand_are_told_in_one_message(house: House) -> None:
    out = RoundApproved(round_id=ROUND, slots=SLOTS, by=STARTUP)
    await house.service.record(started(), proposed(), out)
    await house.service.record(
        *[
            OrderClosed(slot=slot.key, state=OrderState.CANCELLED, reason=BY_HAND)
            for slot in SLOTS[:2]
        ]
    )
    await house.settle()
    (text,) = [text for text in await house.chat.said() if "취소되었습니다" in text]
    assert "봇이 낸 주문 2건이 취소되었습니다" in text
    assert "다시 내지 않습니다" in text


async def test_orders_that_the_broker_never_listed_are_told_in_one_message(house: House) -> None:
    out = RoundApproved(round_id=ROUND, slots=SLOTS, by=STARTUP)
    await house.service.record(started(), proposed(), out)
    await house.service.record(
        *[
            OrderClosed(slot=slot.key, state=OrderState.EXPIRED, reason=NOT_LISTED)
            for slot in SLOTS[:2]
        ]
    )
    await house.settle()
    (text,) = [text for text in await house.chat.said() if "목록에 없습니다" in text]
    assert "주문 2건" in text
    assert "체결 내역과 보유 수량" in text


@pytest.mark.parametrize(("side", "may"), [(Side.BUY, "달러를"), (Side.SELL, "주식을")])
async def test_an_order_that_only_stands_is_told_with_what_it_may_do(
    house: House, side: Side, may: str
) -> None:
    seen = ForeignOrderSeen(
        session=SESSION,
        number="9",
        symbol="TQQQ",
        side=side,
        quantity=3,
        price=D(90),
        by_api=True,
    )
    await begin(house, seen)
    said = await house.chat.last()
    assert said["text"].startswith("다른 프로그램: TQQQ")
    assert may in said["text"]
    assert captions(said) == ["오늘", "상태"]


async def test_with_two_cycles_each_has_a_button_of_its_own(house: House) -> None:
    second = CycleStarted(cycle_id=2, cycle=CYCLE, approval=Approval.AUTO, by=STARTUP)
    await begin(house, second, BOUGHT)
    asked = captions(await house.chat.last())
    assert asked[:2] == ["장부에 넣기 · TQQQ 1번", "장부에 넣기 · TQQQ 2번"]


async def test_a_trade_that_grew_while_the_chat_was_away_is_one_question(house: House) -> None:
    grown = [replace(BOUGHT, quantity=quantity) for quantity in (1, 3, 5)]
    await begin(house, *grown, replace(BOUGHT, number="78"))
    asked = [text for text in await house.chat.said() if text.startswith("직접 매매")]
    assert [text.partition("\n")[0] for text in asked] == [
        "직접 매매: TQQQ 매수 5주 $99.50: 봇이 낸 주문이 아닙니다 (주문번호 77).",
        "직접 매매: TQQQ 매수 5주 $99.50: 봇이 낸 주문이 아닙니다 (주문번호 78).",
    ]


async def test_what_the_ledger_cannot_take_is_said_in_its_own_words(house: House) -> None:
    poor = replace(CYCLE, cash=D(10))
    await begin(house, BOUGHT, cycle=poor)
    assert "장부에 넣을 수 없습니다" in (await house.chat.last())["text"]
    assert "시드를 먼저 더하거나" in (await house.chat.last())["text"]


async def test_it_is_said_in_english_too(house: House) -> None:
    await begin(house, BOUGHT, MOVED)
    views, words = house.service.views, Words("en")
    order = await views.account.foreign_order(SESSION, "77")
    assert order is not None
    message = await fill(words, order, views)
    assert "not an order of the bot" in message.html
    assert [button.caption for button in message.buttons][:2] == [
        "Put into the ledger",
        "Set aside as mine (not the bot's)",
    ]
    money = await told(words, MOVED, views)
    assert money is not None
    assert "came in without a trade" in money.html


async def test_a_changed_ledger_tells_of_the_trade_that_changed_it(house: House) -> None:
    trade = HandTrade(side=Side.BUY, quantity=5, price=D("99.5"), day=date(2026, 10, 7))
    changed = CycleChanged(
        cycle_id=1,
        change=trade,
        from_session=SESSION,
        before=CYCLE,
        after=CYCLE,
        by=STARTUP,
    )
    await begin(house, changed)
    assert "직접 매수 5주 $99.50 반영했습니다" in (await house.chat.said())[-1]
