"""What the watching tells, in both languages: what happened, why, and what to do now."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.events import (
    BotStarted,
    CalendarEnding,
    Event,
    LawBroken,
    OrderRefused,
    OrdersFreed,
    OrdersHeld,
    UsdShort,
)
from bot.storage.failing import _REASONS
from bot.telegram import texts, watched
from bot.telegram.catalogue import Words
from bot.trading.holds import Hold
from tests.bot.telegram.conftest import OWNER, House
from tests.bot.telegram.samples import HOME

HELD = [
    OrdersHeld(why="disk", detail="full"),
    OrdersHeld(why="clock", detail="-75"),
    OrdersHeld(why="restarts", detail="5"),
    LawBroken(law="one_sent", subject="2026-10-07.1.0.1", detail="2026-10-07.1.1.1"),
    CalendarEnding(last_day=date(2027, 12, 31), days=14),
    CalendarEnding(last_day=date(2027, 12, 31), days=0),
    UsdShort(
        session=date(2026, 10, 7),
        needed=Decimal("812.50"),
        orderable=Decimal(300),
        slots=("a", "b"),
        dropped=True,
    ),
    UsdShort(session=date(2026, 10, 7), needed=Decimal(50), orderable=None, slots=("a",)),
]


@pytest.mark.parametrize("event", HELD, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize(("language", "now"), [("ko", "지금: "), ("en", "Now: ")])
def test_every_alarm_says_what_to_do_now(event: Event, language: str, now: str) -> None:
    said = watched.told(Words(language), event)
    assert said is not None
    assert now in said


def test_figures_stand_in_the_sentence() -> None:
    words = Words("ko")
    assert "-75초" in str(watched.told(words, OrdersHeld(why="clock", detail="-75")))
    assert "디스크가 가득 찼습니다" in watched.held(words, "disk", "full")
    short = str(watched.told(words, HELD[6]))
    assert "$812.50" in short
    assert "$300.00" in short
    assert "2건" in short
    assert "(14일 안)" in str(watched.told(words, HELD[4])), "said at 10 days too, after an absence"


def test_every_hold_and_every_reason_of_the_disk_has_a_word() -> None:
    assert {reason for reason, _ in _REASONS} == set(watched.DISK)
    codes = {hold.value for hold in Hold}
    assert codes <= set(texts.LATE)
    assert codes <= set(watched.BEATS)


def test_what_another_message_told_is_not_told_again() -> None:
    refused = OrderRefused(slot="s", code="APBK0952", message="부족", lacks="usd")
    assert watched.told_elsewhere(refused)
    assert watched.told_elsewhere(BotStarted(version="1", unresolved=0, again=True))
    assert not watched.told_elsewhere(OrderRefused(slot="s", code="1", message="x", lacks="shares"))
    assert watched.told(Words(), OrdersFreed(why="disk")) is not None


def test_the_brokers_own_words_stand_beside_why_a_round_is_late() -> None:
    words = Words("ko")
    assert "제때 답이 오지 않았습니다" in texts.late(words, "broker no answer in time")
    assert texts.withheld(words, "clock -75") == "이 컴퓨터의 시계가 한투와 다릅니다"


async def test_a_full_disk_is_said_though_nothing_can_be_written(house: House) -> None:
    await house.settle()
    before = await house.outbox.unsent()
    await house.database._writer.execute("PRAGMA query_only = ON")
    await house.front.direct.held(Hold.DISK, "full")
    await house.database._writer.execute("PRAGMA query_only = OFF")
    assert "디스크가 가득 찼습니다" in (await house.chat.said())[-1]
    assert await house.outbox.unsent() == before


async def test_the_sign_of_life_is_one_message_that_is_edited_and_loud_at_a_turn(
    house: House,
) -> None:
    beat, at = house.front.direct.beat, HOME
    await house.settle()
    shown = len(await house.chat.said())
    for minutes in (0, 5, 10):
        await beat(OWNER, at + timedelta(minutes=minutes), ())
    texts_ = await house.chat.said()
    assert len(texts_) == shown + 1
    assert "12:10" in texts_[-1]
    await beat(OWNER, at + timedelta(minutes=15), ("broker", "letters"))
    await beat(OWNER, at + timedelta(minutes=20), ("broker",))
    texts_ = await house.chat.said()
    assert len(texts_) == shown + 2
    assert "한투 응답" in texts_[-1]
    await beat(OWNER, at + timedelta(minutes=25), ())
    assert "살아 있습니다" in (await house.chat.said())[-1]
