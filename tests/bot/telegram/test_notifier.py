"""Letters: in order, once if all goes well, again rather than never."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.events import (
    BotStarted,
    BrokerTroubled,
    FillBooked,
    OrderAccepted,
    OrderWithheld,
    ReminderDue,
    RoundApproved,
    RoundLapsed,
    RoundSubmitted,
    TradingStopped,
)
from bot.trading.model import SCHEDULE, Actor, Approval
from strategy.model import OrderType
from tests.bot.telegram.conftest import FRIEND, OWNER, House, captions
from tests.bot.telegram.samples import CLOSE, ROUND, SETTLED, SLOTS, proposed, started

FILLING = (OrderType.LIMIT, OrderType.LOC)
APPROVED = RoundApproved(round_id=ROUND, slots=SLOTS, by=SCHEDULE)


async def test_a_burst_of_letters_about_one_card_is_one_edit(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    before = len(await house.chat.calls("editMessageText"))
    accepted = [OrderAccepted(slot=slot.key, order_number=slot.key) for slot in SLOTS]
    await house.service.record(APPROVED, *accepted, RoundSubmitted(round_id=ROUND))
    await house.settle()
    assert len(await house.chat.calls("editMessageText")) == before + 1
    assert "접수 6/6" in "\n".join(await house.chat.said())
    assert await house.outbox.unsent() == 0


@pytest.mark.fault(68)
async def test_retry_after_is_waited_out_exactly_and_nothing_is_lost(house: House) -> None:
    await house.chat.fault(method="sendMessage", status=429, retry_after=17)
    await house.service.record(BotStarted(version="1", unresolved=0), started())
    await house.settle()
    assert 17 in [round(slept) for slept in house.wall.slept]
    said = await house.chat.said()
    assert [text.split()[0] for text in said] == ["무한이", "TQQQ"]


@pytest.mark.fault(67)
async def test_network_trouble_is_tried_again_after_a_growing_wait(house: House) -> None:
    await house.chat.fault(method="sendMessage", drop="before", count=3)
    house.wall.slept.clear()
    await house.service.record(BotStarted(version="1", unresolved=0))
    await house.settle()
    waits = [round(slept) for slept in house.wall.slept if slept > 0.5]
    assert waits == [1, 2, 4]
    assert len(await house.chat.said()) == 1


@pytest.mark.fault(71)
async def test_a_crash_between_sending_and_marking_repeats_a_letter_and_loses_none(
    house: House,
) -> None:
    await house.chat.fault(method="sendMessage", drop="after")
    await house.service.record(BotStarted(version="1", unresolved=0), started())
    await house.settle()
    letters = [m for m in await house.chat.messages() if m["from"] == "bot"]
    assert [letter["text"].split()[0] for letter in letters] == ["무한이", "무한이", "TQQQ"]
    first, again, other = [letter["number"] for letter in letters]
    assert first == again != other


async def test_letters_that_wait_at_a_stop_go_out_after_the_next_start(house: House) -> None:
    await house.front.stop()
    await house.service.record(BotStarted(version="1", unresolved=0))
    assert await house.chat.said() == []
    await house.restart()
    await house.settle()
    assert len(await house.chat.said()) == 1


async def test_a_card_that_the_owner_deleted_is_sent_anew(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    await house.chat.fault(
        method="editMessageText", status=400, description="Bad Request: message to edit not found"
    )
    await house.service.record(APPROVED)
    await house.settle()
    cards = [text for text in await house.chat.said() if "미국장" in text]
    assert len(cards) == 2
    assert "승인됨" in cards[-1]


async def test_an_unchanged_card_counts_as_delivered(house: House) -> None:
    await house.service.record(started(Approval.ALERT), proposed(Approval.ALERT))
    await house.settle()
    await house.service.record(proposed(Approval.ALERT))
    await house.settle()
    row = await house.database.one("SELECT count(*) AS n FROM outbox WHERE state = 'sent'")
    assert row is not None
    assert row["n"] == 3


@pytest.mark.fault(69)
async def test_a_letter_that_a_blocked_chat_refuses_is_buried_and_the_next_one_goes(
    house: House,
) -> None:
    await house.chat.fault(method="sendMessage", status=403)
    await house.service.record(BotStarted(version="1", unresolved=0), started())
    await house.settle()
    said = await house.chat.said()
    assert said[0].startswith("TQQQ 사이클을")
    assert "· 무한이 시작되었습니다" in said[1]  # in short, as the chat is back


@pytest.mark.fault(70)
async def test_refused_markup_is_sent_as_plain_text(house: House) -> None:
    await house.chat.fault(
        method="sendMessage", status=400, description="Bad Request: can't parse entities: x"
    )
    await house.service.record(BrokerTroubled(reason="가 < 나"))
    await house.settle()
    (call,) = await house.chat.calls("sendMessage")
    assert "parse_mode" not in call
    assert "가 < 나" in call["text"]


async def test_held_back_orders_are_told_in_one_message(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    held = [OrderWithheld(slot=slot.key, reasons=("cap 300 200", "band 1 2")) for slot in SLOTS[3:]]
    for event in held:
        await house.service.record(event)
        await house.settle()
    await house.service.record(RoundSubmitted(round_id=ROUND))
    await house.settle()
    alarms = [text for text in await house.chat.said() if "보내지 않은 주문" in text]
    assert alarms == [
        (
            "⚠️ 보내지 않은 주문이 3건 있습니다.\n매수 평단LOC, 급락 대비 3건: "
            "하루 매수 한도를 넘습니다, 현재가에서 너무 먼 가격입니다."
        )
    ]


@pytest.mark.parametrize(("minutes", "told"), [(-1, 1), (0, 0)])
async def test_a_fill_is_told_at_once_only_before_the_close(
    house: House, minutes: int, told: int
) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    fill = FillBooked(slot=SLOTS[0].key, quantity=28, price=Decimal("121.48"))
    await house.service.record(fill, at=CLOSE + timedelta(minutes=minutes))
    await house.settle()
    said = [text for text in await house.chat.said() if text.startswith("체결:")]
    assert len(said) == told


async def test_a_fill_of_the_closing_auction_is_told_by_the_result_alone(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    target, loc = (next(slot for slot in SLOTS if slot.type is kind) for kind in FILLING)
    before_close = CLOSE - timedelta(seconds=1)
    price = Decimal("121.48")
    await house.service.record(
        FillBooked(slot=loc.key, quantity=loc.quantity, price=price),
        FillBooked(slot=target.key, quantity=10, price=price),
        at=before_close,
    )
    await house.settle()
    said = [text for text in await house.chat.said() if text.startswith("체결:")]
    assert said == ["체결: TQQQ 매도 목표 28주 중 10주 $121.48"]


def sounds(call: dict[str, object]) -> bool:
    return str(call.get("disable_notification")).lower() != "true"


async def test_alarms_sound_and_what_went_as_planned_does_not(house: House) -> None:
    await house.service.record(
        started(),
        proposed(),
        ReminderDue(round_id=ROUND, minutes=20),  # too late to be of use: the day is over
        BrokerTroubled(reason="점검"),
        SETTLED,
    )
    await house.settle()
    sent = [
        (call["text"].replace("\n", " ")[:9].strip(), sounds(call))
        for call in await house.chat.calls("sendMessage")
    ]
    assert sent == [
        ("TQQQ 사이클을", False),
        ("10월 7일(수)", True),
        ("⚠️ 한투에 물어", True),
        ("10월 7일(수)", False),
    ]


@pytest.mark.parametrize(
    ("approval", "sound"),
    [(Approval.CONFIRM, True), (Approval.ALERT, True), (Approval.AUTO, False)],
)
async def test_a_card_sounds_when_something_is_expected_of_the_owner(
    house: House, approval: Approval, *, sound: bool
) -> None:
    await house.service.record(started(approval), proposed(approval))
    await house.settle()
    assert sounds((await house.chat.calls("sendMessage"))[-1]) is sound


async def test_a_reminder_hangs_on_the_card_and_has_its_buttons(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    await house.service.record(ReminderDue(round_id=ROUND, minutes=20))
    await house.settle()
    reminder = await house.chat.last()
    assert captions(reminder) == ["승인", "건너뛰기"]
    assert reminder["reply"]["text"].startswith("10월 7일(수) 미국장")


async def test_a_lapsed_round_is_told_but_not_when_it_was_only_an_alert(house: House) -> None:
    await house.service.record(started(Approval.ALERT), proposed(Approval.ALERT))
    await house.service.record(RoundLapsed(round_id=ROUND, reason="alert"))
    await house.settle()
    assert not any("지나갔습니다" in text for text in await house.chat.said())


async def test_whoever_stopped_has_the_receipt_and_is_not_told_twice(house: House) -> None:
    await house.service.record(TradingStopped(cancel=False, by=Actor(kind="owner", user_id=OWNER)))
    await house.service.record(TradingStopped(cancel=False, by=Actor(kind="owner", user_id=FRIEND)))
    await house.settle()
    assert await house.chat.said() == ["주문 상태가 바뀌었습니다: 정지"]


async def test_a_letter_costs_few_milliseconds(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    await house.settle()
    begun = time.perf_counter()
    for number in range(50):
        price = Decimal(60) + number
        for slot in SLOTS:
            await house.service.record(FillBooked(slot=slot.key, quantity=1, price=price))
    await house.settle()
    assert (time.perf_counter() - begun) / 300 < 0.05


async def test_a_chat_that_cannot_be_reached_does_not_keep_letters_from_the_others(
    house: House,
) -> None:
    await house.front.stop()
    house.front = house.build(house.service.bus, frozenset({OWNER, FRIEND}))
    await house.front.start()
    await house.service.record(started(), proposed(), BrokerTroubled(reason="점검"))
    await house.settle()
    assert len(await house.chat.said()) == 3
    row = await house.database.one("SELECT count(*) AS n FROM outbox WHERE state != 'sent'")
    assert row is not None
    assert row["n"] == 0


async def test_what_one_chat_has_is_not_repeated_because_another_must_wait(
    house: House,
) -> None:
    await house.front.stop()
    await house.chat.send("안녕", **{"as": {"id": FRIEND, "name": "친구"}})
    house.front = house.build(house.service.bus, frozenset({OWNER, FRIEND}))
    await house.front.start()
    await house.settle()
    await house.chat.fault(method="sendMessage", status=429, retry_after=3)
    await house.service.record(BrokerTroubled(reason="점검"))
    await house.settle()
    for chat_id in (OWNER, FRIEND):
        assert sum("점검" in text for text in await house.chat.said(chat_id)) == 1


@pytest.mark.fault(57)
async def test_a_bot_that_started_over_and_over_says_so_once(house: House) -> None:
    await house.front.stop()
    for number in range(30):
        await house.service.record(BotStarted(version="1", unresolved=number))
    await house.restart()
    await house.settle()
    (said,) = await house.chat.said()
    assert "29건" in said
