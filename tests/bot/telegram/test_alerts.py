"""How loud the bot is: classes, quiet hours, the morning's digest, and each reader's language."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.clock import SEOUL
from bot.events import (
    BotStarted,
    BrokerTroubled,
    OrderAbsent,
    OrderUnknown,
    ReminderDue,
    RoundApproved,
)
from bot.storage.people import LANGUAGE, Role
from bot.telegram.classes import AlertClass, Way
from bot.telegram.pacing import Pace
from bot.telegram.preferences import (
    DEFAULT_DIGEST,
    DIGEST,
    NEVER,
    QUIET,
    Preferences,
    Sound,
    way_name,
)
from bot.trading.model import SCHEDULE, Approval
from tests.bot.telegram.conftest import FRIEND, OWNER, House, StandingClock, captions
from tests.bot.telegram.samples import ROUND, SETTLED, SLOTS, proposed, started

NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # three in the morning in Seoul
TROUBLE = BrokerTroubled(reason="점검")
UNKNOWN = OrderUnknown(slot=SLOTS[0].key, reason="timeout")
APPROVED = RoundApproved(round_id=ROUND, slots=SLOTS, by=SCHEDULE)


def sounds(call: dict[str, Any]) -> bool:
    return str(call.get("disable_notification")).lower() != "true"


async def chosen(house: House, name: str, value: str, user_id: int = OWNER) -> None:
    await house.front.desk.people.set(user_id, name, value)


def at_night(house: House) -> None:
    """Make it night, with a morning that comes only when the test says so."""
    house.wall.at, house.wall.gate = NIGHT, asyncio.Event()


async def morning(house: House) -> None:
    """Let the night pass."""
    assert house.wall.gate is not None
    house.wall.gate.set()
    async with asyncio.timeout(60):
        while await house.outbox.digests():  # noqa: ASYNC110 - as a person would, looking again
            await asyncio.sleep(0.01)


def digests(said: list[str]) -> list[str]:
    return [text for text in said if text.startswith(("아침 요약: 밤사이", "Morning digest:"))]


# -- what is chosen, as a pure rule ----------------------------------------------------------------


@given(
    alert=st.sampled_from(AlertClass),
    way=st.sampled_from(Way),
    hour=st.integers(0, 23),
    quiet=st.none() | st.tuples(st.times(), st.times()),
    asks=st.booleans(),
)
def test_the_urgent_always_rings_and_a_question_always_comes(
    alert: AlertClass, way: Way, hour: int, quiet: tuple[time, time] | None, *, asks: bool
) -> None:
    mine = Preferences(ways=dict.fromkeys(AlertClass, way), quiet=quiet)
    sound = mine.sound(alert, datetime(2026, 11, 24, hour, tzinfo=UTC), asks=asks)
    if alert is AlertClass.URGENT:
        assert sound is Sound.RING
    elif asks:
        assert sound is not Sound.HELD
    elif way is Way.OFF:
        assert sound is Sound.HELD


@given(
    at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(SEOUL)),  # noqa: DTZ001 - naive bound
    digest=st.times(),
)
def test_the_morning_comes_within_a_day_at_the_chosen_time(at: datetime, digest: time) -> None:
    due = Preferences(digest=digest).morning_after(at)
    assert timedelta() < due - at <= timedelta(days=1)
    assert due.astimezone(SEOUL).time() == digest


@pytest.mark.parametrize(
    ("span", "quiet", "loud"),
    [
        ((time(0, 0), time(7, 0)), [0, 3, 6], [7, 12, 23]),
        ((time(23, 0), time(7, 0)), [23, 0, 6], [7, 12, 22]),
        (None, [], [0, 3, 12]),
    ],
)
def test_quiet_hours_may_go_over_midnight(
    span: tuple[time, time] | None, quiet: list[int], loud: list[int]
) -> None:
    mine = Preferences(quiet=span)
    for hours, expected in ((quiet, True), (loud, False)):
        for hour in hours:
            at = datetime(2026, 11, 24, hour, 30, tzinfo=SEOUL)
            assert mine.is_quiet(at) is expected


# -- /alerts ---------------------------------------------------------------------------------------


async def test_alerts_shows_what_is_chosen(house: House) -> None:
    await house.chat.send("/alerts")
    await house.settle()
    message = await house.chat.last()
    assert message["text"] == snapshot("""\
알림 설정
급한 일        울림 (끌 수 없음)
거래와 물음    울림
계획·접수·결과 무음
그 밖의 소식   무음
방해금지 00:00–07:00 · 아침 요약 07:30 · 언어 한국어
급한 일은 밤에도 울리고 끌 수 없습니다.
밤사이 온 것과 끈 종류는 아침 요약에 한 줄씩 나옵니다.
답을 기다리는 것은 꺼 두어도 소리 없이 옵니다.\
""")
    assert captions(message) == snapshot(
        [
            "거래와 물음: 무음으로 바꾸기",
            "계획·접수·결과: 끔으로 바꾸기",
            "그 밖의 소식: 끔으로 바꾸기",
            "방해금지 시간",
            "아침 요약 시간",
            "English",
            "첫 화면",
        ]
    )


async def test_every_choice_is_made_by_buttons_in_the_same_message(house: House) -> None:
    await house.chat.send("/알림")
    await house.settle()
    before = len(await house.chat.said())
    for caption in (
        "거래와 물음: 무음으로 바꾸기",
        "그 밖의 소식: 끔으로 바꾸기",
        "방해금지 시간",
        "23:00–07:00",
        "아침 요약 시간",
        "08:00",
    ):
        await house.chat.press(caption)
        await house.settle()
    assert len(await house.chat.said()) == before
    assert (await house.chat.last())["text"] == snapshot("""\
알림 설정
급한 일        울림 (끌 수 없음)
거래와 물음    무음
계획·접수·결과 무음
그 밖의 소식   끔
방해금지 23:00–07:00 · 아침 요약 08:00 · 언어 한국어
급한 일은 밤에도 울리고 끌 수 없습니다.
밤사이 온 것과 끈 종류는 아침 요약에 한 줄씩 나옵니다.
답을 기다리는 것은 꺼 두어도 소리 없이 옵니다.\
""")


async def test_the_language_is_each_persons_own(house: House) -> None:
    await house.pair(FRIEND, Role.OPERATOR)
    await house.chat.send("/alerts")
    await house.settle()
    await house.chat.press("English")
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot("""\
Alerts
Urgent                 rings (always)
Trades and questions   rings
Plans, orders, results silent
Other news             silent
Quiet 00:00–07:00 · digest 07:30 · language English
Urgent things ring at night too and cannot be switched off.
What came in the night and what is off is in the morning's digest, a line each.
What waits for your answer comes without a sound even when it is off.\
""")
    await house.chat.send("/alerts", **{"as": {"id": FRIEND, "name": "친구"}})
    await house.settle()
    assert (await house.chat.said(FRIEND))[-1].startswith("알림 설정")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("23:00-07:00", "방해금지 23:00–07:00"),
        ("9:30 ~ 10:00", "방해금지 09:30–10:00"),
        ("06:15", "아침 요약 06:15"),
        ("english", "language English"),
    ],
)
async def test_hours_and_language_may_be_typed(house: House, typed: str, shown: str) -> None:
    await house.chat.send(f"/alerts {typed}")
    await house.settle()
    assert shown in (await house.chat.last())["text"]


@pytest.mark.parametrize("typed", ["25:00", "밤", "😴", "1,234.5", "2만", "x" * 300, "07:00-"])
async def test_what_is_no_alert_setting_is_answered_by_a_sentence(house: House, typed: str) -> None:
    await house.chat.send(f"/alerts {typed}")
    await house.settle()
    assert (await house.chat.last())["text"].startswith("알림 설정으로 읽을 수 없는 말이라")
    row = await house.database.one("SELECT count(*) AS n FROM person_setting")
    assert row is not None
    assert row["n"] == 0


# -- letters ---------------------------------------------------------------------------------------


async def test_at_night_only_what_is_urgent_rings(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    await house.settle()
    at_night(house)
    before = len(await house.chat.calls("sendMessage"))
    await house.service.record(TROUBLE, UNKNOWN, SETTLED)
    await house.settle()
    calls = (await house.chat.calls("sendMessage"))[before:]
    assert [(call["text"].split()[1], sounds(call)) for call in calls] == snapshot(
        [("한투에", False), ("TQQQ", True), ("7일(수)", False)]
    )
    assert house.wall.gate is not None
    house.wall.gate.set()


async def test_in_the_morning_one_digest_names_what_came_in_the_night(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    await house.settle()
    at_night(house)
    await house.service.record(TROUBLE, UNKNOWN, SETTLED)
    await house.settle()
    assert digests(await house.chat.said()) == []
    await morning(house)
    assert digests(await house.chat.said()) == snapshot(
        [
            """\
아침 요약: 밤사이와 꺼 둔 알림 2건
· 한투에 물어볼 수 없습니다.
· 10월 7일(수) TQQQ 결과: 매수 2주 · 매도 0주 · T 7.50→8.50\
"""
        ]
    )
    assert captions(await house.chat.last()) == ["오늘", "알림 설정"]
    local = house.wall.now().astimezone(SEOUL)
    assert local.time() >= DEFAULT_DIGEST


async def test_a_digest_that_names_a_trade_rings_and_one_of_routine_does_not(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    await house.settle()
    for event, rings in ((TROUBLE, True), (SETTLED, False)):
        at_night(house)
        await house.service.record(event)
        await house.settle()
        await morning(house)
        assert sounds((await house.chat.calls("sendMessage"))[-1]) is rings


async def test_after_a_quiet_night_there_is_no_digest(house: House) -> None:
    at_night(house)
    await house.settle()
    assert await house.outbox.digests() == {}


async def test_a_class_that_is_off_comes_in_the_digest_alone_and_is_done(house: House) -> None:
    await chosen(house, way_name(AlertClass.TRADES), Way.OFF.value)
    house.wall.gate = asyncio.Event()
    await house.service.record(TROUBLE)
    await house.settle()
    assert await house.chat.said() == []
    assert await house.outbox.unsent() == 0
    await morning(house)
    assert digests(await house.chat.said()) == snapshot(
        [
            """\
아침 요약: 밤사이와 꺼 둔 알림 1건
· 한투에 물어볼 수 없습니다.\
"""
        ]
    )


async def test_letters_stay_in_order_around_one_that_is_held_back(house: House) -> None:
    await chosen(house, way_name(AlertClass.TRADES), Way.OFF.value)
    house.wall.gate = asyncio.Event()
    first, last = BotStarted(version="1", unresolved=1), BotStarted(version="2", unresolved=2)
    for event in (first, TROUBLE, last):
        await house.service.record(event)
        await house.settle()
    said = await house.chat.said()
    assert ["버전 1" in said[0], "버전 2" in said[1], len(said)] == [True, True, 2]
    house.wall.gate.set()


async def test_what_one_reader_switched_off_the_others_still_get(house: House) -> None:
    await house.pair(FRIEND, Role.OPERATOR)
    await house.chat.send("/start", **{"as": {"id": FRIEND, "name": "친구"}})
    await house.settle()
    await chosen(house, way_name(AlertClass.TRADES), Way.OFF.value, FRIEND)
    house.wall.gate = asyncio.Event()
    await house.service.record(TROUBLE)
    await house.settle()
    assert any("점검" in text for text in await house.chat.said())
    assert not any("점검" in text for text in await house.chat.said(FRIEND))
    assert list(await house.outbox.digests()) == [FRIEND]
    house.wall.gate.set()


async def test_a_round_that_waits_for_a_tap_is_shown_though_its_class_is_off(house: House) -> None:
    for alert in (AlertClass.TRADES, AlertClass.ROUTINE):
        await chosen(house, way_name(alert), Way.OFF.value)
    house.wall.gate = asyncio.Event()
    await house.service.record(started(), proposed())
    await house.settle()
    assert "승인" in captions(await house.chat.last())
    await house.service.record(ReminderDue(round_id=ROUND, minutes=60))
    await house.settle()
    assert "승인" in captions(await house.chat.last())
    assert not any(map(sounds, await house.chat.calls("sendMessage")))
    house.wall.gate.set()


async def test_a_card_that_asks_nothing_is_not_posted_when_its_class_is_off(house: House) -> None:
    await chosen(house, way_name(AlertClass.ROUTINE), Way.OFF.value)
    house.wall.gate = asyncio.Event()
    await house.service.record(started(Approval.AUTO), proposed(Approval.AUTO), APPROVED)
    await house.settle()
    assert await house.chat.said() == []
    await morning(house)
    (told,) = digests(await house.chat.said())
    assert "TQQQ 계획: 주문" in told


async def test_a_card_that_is_there_is_kept_up_to_date_whatever_is_off(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    await chosen(house, way_name(AlertClass.ROUTINE), Way.OFF.value)
    await house.service.record(APPROVED)
    await house.settle()
    assert any("승인됨" in text for text in await house.chat.said())


async def test_each_reader_gets_a_letter_in_his_own_language(house: House) -> None:
    await house.pair(FRIEND, Role.OPERATOR)
    await house.chat.send("/start", **{"as": {"id": FRIEND, "name": "친구"}})
    await chosen(house, LANGUAGE, "en", FRIEND)
    await house.service.record(started(), proposed(), SETTLED)
    await house.settle()
    assert "10월 7일(수) 결과 · TQQQ" in (await house.chat.said())[-1]
    assert "Wed 7 Oct result · TQQQ" in (await house.chat.said(FRIEND))[-1]


async def test_a_viewer_gets_letters_without_amounts(house: House) -> None:
    await house.pair(FRIEND, Role.VIEWER)
    await house.chat.send("/start", **{"as": {"id": FRIEND, "name": "친구"}})
    await house.service.record(started(), proposed(), APPROVED, UNKNOWN, SETTLED)
    await house.settle()
    told = (await house.chat.said(FRIEND))[-1]
    assert "$6,250" not in told
    assert "•••" in told


async def test_a_viewer_is_offered_no_button_that_decides(house: House) -> None:
    await house.pair(FRIEND, Role.VIEWER)
    await house.chat.send("/start", **{"as": {"id": FRIEND, "name": "친구"}})
    absent = OrderAbsent(slot=SLOTS[0].key, may_resend=True)
    await house.service.record(started(), proposed(), APPROVED, UNKNOWN, absent)
    await house.settle()

    def offered(messages: list[dict[str, Any]]) -> list[str]:
        (told,) = [m for m in messages if "한투에 보이지 않습니다" in m["text"]]
        return captions(told)

    assert len(offered(await house.chat.messages())) == 2
    assert offered(await house.chat.messages(FRIEND)) == []


async def test_a_digest_that_telegram_does_not_take_comes_later_and_holds_no_letter_up(
    house: House,
) -> None:
    await chosen(house, way_name(AlertClass.TRADES), Way.OFF.value)
    house.wall.gate = asyncio.Event()
    await house.service.record(TROUBLE)
    await house.settle()
    await house.chat.fault(method="sendMessage", status=429, retry_after=120)
    await morning(house)
    assert len(digests(await house.chat.said())) == 1


async def test_a_revoked_reader_is_owed_no_digest(house: House) -> None:
    await house.pair(FRIEND, Role.OPERATOR)
    await chosen(house, way_name(AlertClass.TRADES), Way.OFF.value, FRIEND)
    await chosen(house, QUIET, NEVER)
    await chosen(house, DIGEST, "09:00", FRIEND)
    house.wall.gate = asyncio.Event()
    await house.service.record(TROUBLE)
    await house.settle()
    async with house.database.transaction() as tx:
        await tx.execute("DELETE FROM person WHERE user_id = ?", (FRIEND,))
    house.front.desk.people._paired.clear()
    await morning(house)
    assert await house.chat.said(FRIEND) == []


# -- pace ------------------------------------------------------------------------------------------


async def test_a_chat_gets_a_message_a_second_and_a_group_twenty_a_minute() -> None:
    for chat_id, span in ((OWNER, 19), (-100123, 57)):
        wall = StandingClock(NIGHT)
        pace = Pace(wall, 1.0)
        for _ in range(20):
            await pace.turn(chat_id)
        assert wall.at - NIGHT == timedelta(seconds=span)


async def test_chats_do_not_wait_for_each_other() -> None:
    wall = StandingClock(NIGHT)
    pace = Pace(wall, 1.0)
    for chat_id in range(1, 20):
        await pace.turn(chat_id)
    assert wall.at == NIGHT


async def test_a_clock_that_was_set_back_makes_no_chat_wait() -> None:
    wall = StandingClock(NIGHT)
    pace = Pace(wall, 1.0)
    await pace.turn(OWNER)
    wall.at -= timedelta(hours=5)
    await pace.turn(OWNER)
    assert wall.slept == []
