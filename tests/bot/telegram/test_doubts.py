"""What is told of orders that nobody can be sure of, and what their buttons ask for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.commands import CorrectRound, DeclineResend, ResolveAmbiguous
from bot.events import (
    Event,
    LateFillSeen,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderRecognised,
    OrderReleased,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    ResendDeclined,
    RoundApproved,
    RoundCorrected,
)
from bot.trading.model import SCHEDULE, Actor, OrderState
from tests.bot.telegram.conftest import OWNER, House, captions
from tests.bot.telegram.samples import (
    AFTER,
    CYCLE,
    ROUND,
    SESSION,
    SETTLED,
    SLOTS,
    proposed,
    slots_of,
    started,
)

SLOT = SLOTS[2].key
AT = datetime(2026, 10, 7, 9, 30, 12, tzinfo=UTC)
ASKED = OrderAmbiguous(
    slot=SLOT, candidates=("101", "102"), ordered_at=(AT, AT + timedelta(seconds=50))
)
LOST = (OrderSent(slot=SLOT, tries=1, baseline=()), OrderUnknown(slot=SLOT, reason="no answer"))


async def out(house: House, *events: Event) -> None:
    slots = slots_of(proposed().plan, ROUND)
    approved = RoundApproved(round_id=ROUND, slots=slots, by=SCHEDULE)
    await house.service.record(started(), proposed(), approved, *events)
    await house.settle()


def answer(house: House, kind: type[Any], make: Any) -> None:
    """Carry a command out as the trading room does: its event and its tap at once."""

    async def handle(command: Any) -> None:
        await house.service._effect(command, make(command))

    house.service.bus.handle(kind, handle)


def recognised(command: ResolveAmbiguous) -> OrderRecognised:
    return OrderRecognised(
        slot=command.slot, order_number=command.order_number, others=(), by=command.by
    )


async def test_each_candidate_has_a_button_with_its_number_and_time(house: House) -> None:
    answer(house, ResolveAmbiguous, recognised)
    await out(house, *LOST, ASKED)
    told = await house.chat.last()
    assert "똑같은 주문이 한투에 2건 있습니다" in told["text"]
    assert captions(told) == [
        "이게 봇 주문: 101 18:30:12",
        "이게 봇 주문: 102 18:31:02",
        "모두 아님",
    ]
    await house.chat.press("이게 봇 주문: 102 18:31:02")
    await house.settle()
    (asked,) = house.service.asked
    assert (asked.slot, asked.order_number) == (SLOT, "102")
    assert "주문번호 102를 봇의 주문으로 넣었습니다." in await house.chat.said()
    order = await house.service.views.order(SLOT)
    assert order is not None
    assert (order.state, order.order_number) == (OrderState.OPEN, "102")


async def test_none_of_them_is_a_button_too(house: House) -> None:
    answer(house, ResolveAmbiguous, recognised)
    await out(house, *LOST, ASKED)
    await house.chat.press("모두 아님")
    await house.settle()
    assert [asked.order_number for asked in house.service.asked] == [None]
    assert any("모두 봇의 주문이 아닌" in said for said in await house.chat.said())


async def test_a_question_that_was_decided_before_it_was_read_asks_nothing_more(
    house: House,
) -> None:
    by = Actor(kind="owner", user_id=OWNER)
    none = OrderRecognised(slot=SLOT, order_number=None, others=("101", "102"), by=by)
    await out(house, *LOST, ASKED, none)
    told = [m for m in await house.chat.messages() if "똑같은 주문이" in m["text"]]
    assert [captions(message) for message in told] == [["오늘", "상태"]]


async def test_at_the_settlement_the_question_is_told_again_with_its_buttons(
    house: House,
) -> None:
    await out(house, *LOST, ASKED, OrderLeftUnknown(slot=SLOT, why="ambiguous"))
    told = await house.chat.last()
    assert "정산 때까지 가리지 못했습니다" in told["text"]
    assert captions(told) == ["이게 봇 주문: 101", "이게 봇 주문: 102", "모두 아님"]


@pytest.mark.parametrize(
    ("why", "words"),
    [("not_seen", "주문 목록에도 보이지 않습니다"), ("no_verdict", "끝까지 읽지 못했습니다")],
)
async def test_an_order_left_unknown_says_what_to_look_for_and_asks_nothing(
    house: House, why: str, words: str
) -> None:
    await out(house, *LOST, OrderLeftUnknown(slot=SLOT, why=why))
    told = await house.chat.last()
    assert words in told["text"]
    assert "다시 보내지 않습니다" in told["text"]
    assert "TQQQ 매수 1주를 찾아봐 주세요" in told["text"]
    assert captions(told) == ["오늘", "상태"]


async def test_an_absent_order_can_be_left_as_it_is(house: House) -> None:
    answer(house, DeclineResend, lambda c: ResendDeclined(slot=c.slot, by=c.by))
    await out(house, *LOST, OrderAbsent(slot=SLOT, may_resend=True))
    assert captions(await house.chat.last()) == ["다시 보내기", "그만두기"]
    await house.chat.press("그만두기")
    await house.settle()
    order = await house.service.views.order(SLOT)
    assert order is not None
    assert (order.state, order.may_resend) == (OrderState.ABSENT, False)


async def test_late_evidence_is_an_apology_and_says_when_there_are_two(house: House) -> None:
    absent = OrderAbsent(slot=SLOT, may_resend=True)
    found = OrderAccepted(slot=SLOT, order_number="103", adopted=True, given_up=OrderState.ABSENT)
    await out(house, *LOST, absent, found)
    told = await house.chat.last()
    assert (
        "아까 안 보인다고 했던 TQQQ 매수 별LOC 1주 $113.87 주문이 한투에 있습니다" in told["text"]
    )
    assert "죄송합니다" in told["text"]
    assert "두 건입니다" not in told["text"]


async def test_orders_let_go_after_a_pause_are_told_in_one_message(house: House) -> None:
    held = [OrderWithheld(slot=slot.key, reasons=("paused",)) for slot in SLOTS[2:4]]
    free = [OrderReleased(slot=slot.key) for slot in SLOTS[2:4]]
    await out(house, *held, *free)
    said = [text for text in await house.chat.said() if "일시정지가 끝나" in text]
    assert said == ["▶️ 일시정지가 끝나, 보류했던 TQQQ 주문을 이제 보냅니다."]


def corrected(**over: Any) -> RoundCorrected:
    event = RoundCorrected(
        round_id=ROUND,
        cycle_id=1,
        session=SESSION,
        before=CYCLE,
        after=AFTER,
        ledger_before=CYCLE,
        bought=2,
        sold=0,
        realized=SETTLED.realized,
        fees=SETTLED.fees,
        finished=None,
        notes=(),
    )
    return replace(event, **over)


async def test_a_corrected_settlement_shows_its_effect_on_t(house: House) -> None:
    await out(house, SETTLED, corrected())
    told = (await house.chat.said())[-1]
    assert "정산을 고쳤습니다" in told
    assert "보유 37→39주 · T 7.50→8.50" in told


async def test_a_correction_that_changes_nothing_is_not_told(house: House) -> None:
    await out(house, SETTLED, corrected(ledger_before=AFTER))
    assert not any("정산을 고쳤습니다" in text for text in await house.chat.said())


async def test_a_late_fill_that_waits_has_a_button(house: House) -> None:
    answer(house, CorrectRound, lambda _c: corrected())
    seen = LateFillSeen(round_id=ROUND, cycle_id=1, session=SESSION, bought=2, sold=0)
    await out(house, SETTLED, seen)
    assert "체결이 정산 뒤에 더 보입니다 (매수 2주 · 매도 0주)" in (await house.chat.last())["text"]
    await house.chat.press("장부에 넣기")
    await house.settle()
    assert [asked.round_id for asked in house.service.asked] == [ROUND]
