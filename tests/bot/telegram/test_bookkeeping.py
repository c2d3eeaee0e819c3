"""What the chat says of the owner's bookkeeping: one message each, and loud only where it hurts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.events import (
    JOURNALLED,
    ChangeAgreed,
    ChangeDropped,
    CycleChanged,
    CycleStarted,
    Event,
    LedgerMismatched,
    RestingOrdersGone,
    RestingOrdersSeen,
    SharesSetAside,
    SplitAgreed,
)
from bot.storage.journal import QUIET
from bot.telegram.alarms import mismatched
from bot.telegram.bookkeeping import change_name, told
from bot.telegram.catalogue import Words
from bot.trading.model import CONSOLE, Approval, RestingOrder
from strategy.changes import (
    Change,
    CompoundingChange,
    Dividend,
    SeedChange,
    ShareSplit,
    TurnCorrection,
)
from strategy.model import Compounding, Side
from tests.bot.telegram.conftest import House
from tests.bot.telegram.samples import CYCLE, started

D = Decimal
DAY = date(2026, 10, 8)
AFTER = replace(CYCLE, cash=CYCLE.cash + 3000, principal=CYCLE.principal + 3000)
CHANGED = CycleChanged(
    cycle_id=1,
    change=SeedChange(amount=D(3000)),
    from_session=DAY,
    before=CYCLE,
    after=AFTER,
    by=CONSOLE,
)
BY_HAND = RestingOrder(
    number="12", symbol="TQQQ", side=Side.SELL, quantity=10, price=D("60"), reservation=False
)
RESERVED = replace(BY_HAND, number="3", side=Side.BUY, price=D(0), reservation=True)


def said(event: Event, language: str = "ko") -> str:
    words = Words(language)
    html = told(words, event)
    assert html is not None
    return (
        str(html)
        .replace("<code>", "")
        .replace("</code>", "")
        .replace("<pre>", "")
        .replace("</pre>", "")
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (SeedChange(amount=D(3000)), "시드 +$3,000.00"),
        (SeedChange(amount=D(-500)), "시드 -$500.00"),
        (TurnCorrection(turn=D("15.5")), "T 정정 15.50"),
        (CompoundingChange(compounding=Compounding.YEARLY), "이자 방식 연 단위 복리"),
        (ShareSplit(new=2, old=1), "2:1 분할"),
        (ShareSplit(new=1, old=5), "1:5 병합"),
        (Dividend(amount=D("12.34")), "배당 $12.34"),
    ],
)
def test_every_change_has_a_name(change: Change, name: str) -> None:
    assert change_name(Words(), change) == name
    assert change_name(Words("en"), change) != name


def test_a_booked_change_shows_what_it_did() -> None:
    assert said(CHANGED) == snapshot("""\
TQQQ 시드 +$3,000.00 반영했습니다. 10월 8일(목) 회차부터 적용합니다.
1회  $192.31→$284.62
T    7.50
수량 37
평단 $101.23
잔금 $6,250.11→$9,250.11
원금 $10,000.00→$13,000.00\
""")


def test_a_change_that_waits_says_from_when_and_why() -> None:
    waiting = ChangeAgreed(
        change_id=7,
        cycle_id=1,
        symbol="TQQQ",
        change=TurnCorrection(turn=D(10)),
        from_session=DAY,
        by=CONSOLE,
    )
    assert said(waiting) == snapshot("""\
TQQQ T 정정 10.00: 10월 8일(목) 회차부터 적용합니다.
왜: 이미 나간 회차는 고치지 않습니다. 정산한 뒤 장부에 반영하고 알려 드립니다.\
""")
    split = SplitAgreed(
        change_id=8, symbol="TQQQ", split=ShareSplit(new=2, old=1), from_session=DAY, by=CONSOLE
    )
    assert said(split, "en").startswith("TQQQ 2:1 split: from the round of Thu 8 Oct on.")


def test_a_change_that_could_not_be_booked_says_why_and_what_now() -> None:
    dropped = ChangeDropped(
        change_id=7,
        symbol="TQQQ",
        change=SeedChange(amount=D(-8000)),
        korean="뺄 수 있는 현금은 7000까지입니다",
        english="at most 7000 of cash is free",
    )
    assert said(dropped) == snapshot("""\
⚠️ TQQQ 시드 -$8,000.00: 반영하지 못했습니다.
왜: 뺄 수 있는 현금은 7000까지입니다.
지금: 장부는 그대로입니다. 컴퓨터에서 muhan cycle 로 다시 해 주세요.\
""")
    assert "Why: at most 7000 of cash is free." in said(dropped, "en")


def test_orders_that_keep_a_cycle_waiting_are_listed() -> None:
    seen = RestingOrdersSeen(cycle_id=1, symbol="TQQQ", orders=(BY_HAND, RESERVED), known=True)
    assert said(seen) == snapshot("""\
⚠️ TQQQ에 봇이 내지 않은 주문이 2건 걸려 있습니다.
매도 10주 $60.00
매수 10주 시장가 예약
왜: 이어받은 사이클은 남의 주문이 없는 것을 확인한 뒤에 첫 주문을 냅니다.
지금: 한투 앱에서 걸린 주문을 취소해 주세요. 없어지면 저절로 이어집니다.\
""")
    unknown = replace(seen, orders=(), known=False)
    assert said(unknown).startswith("⚠️ TQQQ에 걸린 주문과 예약 주문을 한투에서 다 확인하지")
    assert "이제 없습니다" in said(RestingOrdersGone(cycle_id=1, symbol="TQQQ"))


def test_a_position_taken_over_is_shown_with_what_it_holds() -> None:
    event = CycleStarted(
        cycle_id=1, cycle=CYCLE, approval=Approval.AUTO, by=CONSOLE, first_session=DAY
    )
    assert said(event) == snapshot("""\
TQQQ 사이클을 이어받습니다: V4.0 40분할
T 7.50 · 37주 · 평단 $101.23
잔금 $6,250.11 · 원금 $10,000.00 · 승인 방식 자동
첫 회차는 10월 8일(목)입니다.\
""")
    new = replace(event, cycle=replace(CYCLE, quantity=0, average=D(0), turn=D(0)))
    assert said(new).startswith("TQQQ 사이클을 시작합니다: V4.0 40분할")
    assert said(new).endswith("첫 회차는 10월 8일(목)입니다.")


def test_shares_set_aside_and_a_likely_split_are_said() -> None:
    aside = SharesSetAside(symbol="TQQQ", quantity=12, by=CONSOLE)
    assert said(aside) == "TQQQ 12주는 봇의 것이 아닙니다. 잔고와 대조할 때 빼고 봅니다."
    event = LedgerMismatched(
        cycle_id=1, symbol="TQQQ", ledger_quantity=40, broker_quantity=80, likely_split="2:1"
    )
    assert "2:1 분할·병합으로 보입니다" in str(mismatched(Words(), event))
    assert "분할" not in str(mismatched(Words(), replace(event, likely_split="")))


async def test_only_what_asks_for_the_owner_is_loud(house: House) -> None:
    seen = RestingOrdersSeen(cycle_id=1, symbol="TQQQ", orders=(BY_HAND,), known=True)
    dropped = ChangeDropped(
        change_id=7, symbol="TQQQ", change=CHANGED.change, korean="왜", english="why"
    )
    gone = RestingOrdersGone(cycle_id=1, symbol="TQQQ")
    events = (started(), CHANGED, seen, gone, dropped)
    await house.service.record(*events)
    await house.settle()
    assert len(await house.chat.said()) == len(events)
    calls = (await house.chat.calls("sendMessage"))[-len(events) :]
    silent = [str(call.get("disable_notification")).lower() == "true" for call in calls]
    assert silent == [True, True, False, True, False]


def test_none_of_the_bookkeeping_is_the_journals_own_business() -> None:
    ours = {kind for kind in JOURNALLED if kind.__name__.startswith(("Change", "Cycle", "Split"))}
    assert len(ours) >= 5
    assert not ours & set(QUIET)
