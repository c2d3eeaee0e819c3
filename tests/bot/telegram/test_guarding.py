"""Emergency stop, modes, people and pairing in the chat, by buttons and by what is typed."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from inline_snapshot import snapshot

from bot.commands import GiveConsent
from bot.events import OrderAccepted, RoundApproved
from bot.sessions import Calendar
from bot.storage.journal import Journal
from bot.storage.people import LANGUAGE, Role
from bot.storage.views import Views
from bot.telegram.catalogue import ENGLISH
from bot.trading.codes import Codes
from bot.trading.consent import EDITION
from bot.trading.desk import Desk
from bot.trading.lock import Lock
from bot.trading.model import Actor, Approval
from bot.trading.safeguards import Safeguards
from bot.trading.service import Trading
from tests.bot.telegram.conftest import FRIEND, MARKET_WALL, OWNER, Chat, House
from tests.bot.telegram.room import room_on, shown
from tests.bot.telegram.samples import ROUND, SETTLED, SLOTS, proposed, started
from tests.bot.trading.counter import Counter, WorldClock
from tests.bot.trading.floor import DAY, table_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BY = Actor(kind="owner", user_id=OWNER)
CODE = "2346-789A"


@dataclass
class Room:
    """A house whose safeguards are the real ones; `secret` is the authenticator's."""

    house: House
    desk: Desk
    secret: str = SECRET

    @property
    def code(self) -> str:
        return pyotp.TOTP(SECRET).at(self.house.wall.now())

    async def say(self, text: str) -> str:
        """Say something and give the last answer with its buttons."""
        await self.house.chat.send(text)
        return await self.heard()

    async def press(self, caption: str) -> str:
        await self.house.chat.press(caption)
        return await self.heard()

    async def heard(self) -> str:
        await self.house.settle()
        return shown(await self.house.chat.last())

    async def approval(self) -> Approval:
        view = await self.desk.views.cycle(1)
        assert view is not None
        return view.approval


@pytest.fixture
async def room(house: House) -> Room:
    clock = WorldClock(house.market.now().astimezone(UTC))
    desk = Desk(
        clock=clock,
        journal=Journal(house.database),
        views=Views(house.database),
        broker=Counter(clock=clock, calendar=Calendar()),
        bus=house.service.bus,
        calendar=Calendar(),
        started=clock.now(),
    )
    made = Room(house=house, desk=desk)
    guards = Safeguards(Trading(desk), wall=house.wall, secret=lambda: made.secret)
    guards.register(house.service.bus)
    await house.service.record(started())
    await house.settle()
    return made


async def test_the_emergency_stop_goes_on_by_two_taps_and_off_by_a_code(room: Room) -> None:
    assert await room.say("/비상정지") == snapshot("""\
🛑 비상정지를 켭니다. 새 주문이 모두 막힙니다.
풀 때는 인증 앱의 코드가 필요합니다.
지금 봇이 낸 미체결 주문은 없습니다. (60초 안에 눌러 주세요)
[비상정지 켜기]
[그만두기]\
""")
    assert await room.press("비상정지 켜기") == snapshot("""\
🛑 비상정지 켜짐 · 18:20:00 · 미체결은 그대로 둡니다.
풀 때는 인증 앱의 코드가 필요합니다.
[비상정지 풀기] [미체결 보기]\
""")
    assert await room.desk.views.trading() == "killed"
    assert await room.say("/resume") == snapshot("""\
비상정지 중이라 다시 시작할 수 없습니다. 먼저 비상정지를 풀어 주세요.
[비상정지 풀기] [상태]\
""")
    assert await room.press("비상정지 풀기") == snapshot("""\
비상정지를 풉니다.
인증 앱의 여섯 자리 코드를 보내 주세요. 코드가 적힌 메시지는 곧 지웁니다. (5분 안에)
[그만두기]\
""")
    code = room.code
    assert await room.say(f"{code[:3]} {code[3:]}") == snapshot("""\
비상정지를 풀었습니다 · 18:20:00
지금은 정지 상태입니다. 주문은 [다시 시작]을 눌러야 나갑니다.
[다시 시작] [상태]\
""")
    assert await room.desk.views.trading() == "stopped"
    assert not [text for text in await texts(room) if code[:3] in text]


async def texts(room: Room) -> list[str]:
    return [str(message["text"]) for message in await room.house.chat.messages()]


async def test_open_orders_are_asked_about(room: Room) -> None:
    await room.house.service.record(
        proposed(),
        RoundApproved(round_id=ROUND, slots=SLOTS, by=BY),
        *(OrderAccepted(slot=slot.key, order_number=slot.key) for slot in SLOTS[:2]),
    )
    await room.house.settle()
    assert await room.say("/kill") == snapshot("""\
🛑 비상정지를 켭니다. 새 주문이 모두 막힙니다.
풀 때는 인증 앱의 코드가 필요합니다.
봇이 낸 미체결 2건은 그대로 둘까요? (60초 안에 눌러 주세요)
[미체결도 취소하고 비상정지]
[그대로 두고 비상정지]
[그만두기]\
""")
    assert await room.press("그대로 두고 비상정지") == snapshot("""\
🛑 비상정지 켜짐 · 18:20:00 · 미체결은 그대로 둡니다.
풀 때는 인증 앱의 코드가 필요합니다.
[비상정지 풀기] [미체결 보기]\
""")


async def test_open_orders_are_cancelled_when_asked(chat: Chat, tmp_path: Path) -> None:
    async with room_on(chat, tmp_path / "muhan.sqlite3") as room:
        Lock(
            room.floor.trading, Codes(room.floor.trading.desk, MARKET_WALL, lambda: SECRET)
        ).register(room.floor.bus)
        await room.floor.begin()
        await room.floor.live(table_of(DAY).verify_at)
        await room.say("/kill")
        assert shown(await room.press("미체결도 취소하고 비상정지")) == snapshot("""\
🛑 비상정지 켜짐 · 22:35:00 · 취소 6/6건 확인
풀 때는 인증 앱의 코드가 필요합니다.
[비상정지 풀기] [미체결 보기]\
""")


@pytest.mark.parametrize("typed", ["12345", "백만", "1,234.5", "😀", "0" * 400, "2만"])
async def test_what_is_no_code_is_answered_and_changes_nothing(room: Room, typed: str) -> None:
    await room.say("/kill")
    await room.press("비상정지 켜기")
    await room.say("/unlock")
    answer = await room.say(typed)
    assert answer.startswith("인증 코드는 여섯 자리 숫자입니다.")
    assert await room.desk.views.trading() == "killed"


async def test_a_wrong_code_is_told_and_the_next_right_one_is_taken(room: Room) -> None:
    await room.say("/kill")
    await room.press("비상정지 켜기")
    await room.say("/unlock")
    wrong = "000000" if room.code != "000000" else "111111"
    assert await room.say(wrong) == snapshot("""\
인증 코드가 맞지 않아 아무것도 바꾸지 않았습니다. 앱에 새 코드가 뜨면 다시 보내 주세요.
[비상정지 풀기] [첫 화면]\
""")
    await room.say(room.code)
    assert await room.desk.views.trading() == "stopped"


async def test_without_an_app_a_second_tap_lifts_it_where_no_money_is_real(room: Room) -> None:
    room.secret = ""
    assert await room.say("/kill") == snapshot("""\
🛑 비상정지를 켭니다. 새 주문이 모두 막힙니다.
풀 때는 한 번 더 확인합니다.
지금 봇이 낸 미체결 주문은 없습니다. (60초 안에 눌러 주세요)
[비상정지 켜기]
[그만두기]\
""")
    await room.press("비상정지 켜기")
    assert await room.say("/unlock") == snapshot("""\
비상정지를 풀까요? (60초 안에 눌러 주세요)
풀면 정지 상태가 되고, 주문은 [다시 시작]을 눌러야 나갑니다.
[비상정지 풀기] [그만두기]\
""")
    assert await room.press("비상정지 풀기") == snapshot("""\
비상정지를 풀었습니다 · 18:20:00
지금은 정지 상태입니다. 주문은 [다시 시작]을 눌러야 나갑니다.
[다시 시작] [상태]\
""")


async def test_without_an_app_real_money_is_unlocked_at_the_computer(room: Room) -> None:
    room.secret, room.desk.real = "", True
    await room.say("/kill")
    await room.press("비상정지 켜기")
    assert await room.say("/unlock") == snapshot("""\
여기서는 풀 수 없습니다. 인증 앱을 연결하지 않아 코드를 확인할 수 없습니다.
지금: 컴퓨터에서 muhan unlock 을 해 주세요.
다음을 위해 muhan totp 로 인증 앱을 연결해 두면 좋습니다.
[상태] [첫 화면]\
""")
    assert await room.desk.views.trading() == "killed"


async def test_unlocking_what_is_not_locked_says_so(room: Room) -> None:
    assert await room.say("/unlock 123456") == snapshot("""\
비상정지가 켜져 있지 않습니다. 바뀐 것은 없습니다.
[상태] [첫 화면]\
""")


async def test_the_ladder_is_shown_with_its_steps_as_buttons(room: Room) -> None:
    assert await room.say("모드") == snapshot("""\
승인 방식 · 데모
TQQQ #1 확인
알림만: 주문표만 알려 드립니다. 주문은 직접 냅니다.
확인: 회차마다 [승인]을 눌러야 나갑니다. 마감까지 답이 없으면 정해 둔 대로 합니다.
자동: 정해진 시간에 스스로 나갑니다.
올릴 때는 점검표를 보고, 실전이면 인증 코드도 받습니다. 내릴 때는 바로 됩니다.
[TQQQ #1 → 알림만] [TQQQ #1 → 자동]
[첫 화면]\
""")
    assert await room.press("TQQQ #1 → 자동") == snapshot("""\
TQQQ 승인 방식: 확인 → 자동
자동: 정해진 시간에 스스로 나갑니다.
✓ 정지나 비상정지 중이 아님
✓ 한투가 응답함
✓ 장부와 잔고가 같음
✓ 확인되지 않은 주문이 없음
✗ 정산된 회차가 하나는 있음
이미 보여 드린 회차는 그대로이고, 다음 회차부터입니다.
아직 올릴 수 없습니다. ✗ 표시된 것을 먼저 해 주세요.
[오늘 주문]
[방식 보기] [첫 화면]\
""")
    assert await room.approval() is Approval.CONFIRM


async def test_a_step_down_takes_two_taps_and_nothing_else(room: Room) -> None:
    room.desk.real = True
    assert await room.say("/mode tqqq 알림만") == snapshot("""\
TQQQ 승인 방식: 확인 → 알림만
알림만: 주문표만 알려 드립니다. 주문은 직접 냅니다.
아직 나가지 않은 오늘 회차부터 바로입니다.
바꿀까요? (60초 안에 눌러 주세요)
[내리기] [그만두기]\
""")
    assert await room.press("내리기") == snapshot("""\
TQQQ #1 승인 방식을 바꿨습니다 · 18:20:00
확인 → 알림만
알림만: 주문표만 알려 드립니다. 주문은 직접 냅니다.
다시 올리려면 점검표를 다시 봅니다.
[방식 보기] [오늘 주문]\
""")
    assert await room.approval() is Approval.ALERT


async def test_a_step_up_for_real_money_asks_for_a_code(room: Room) -> None:
    room.desk.real = True
    await room.house.service.record(
        proposed(), RoundApproved(round_id=ROUND, slots=(), by=BY), SETTLED
    )
    await room.house.settle()
    await room.house.service.bus.ask(GiveConsent(edition=EDITION, method="4.0", by=BY))
    assert await room.say("/mode auto") == snapshot("""\
TQQQ 승인 방식: 확인 → 자동
자동: 정해진 시간에 스스로 나갑니다.
✓ 정지나 비상정지 중이 아님
✓ 한투가 응답함
✓ 장부와 잔고가 같음
✓ 확인되지 않은 주문이 없음
✓ 실전 위험 안내에 동의함
✓ 인증 앱을 연결함 (muhan totp)
✓ 정산된 회차가 하나는 있음
이미 보여 드린 회차는 그대로이고, 다음 회차부터입니다.
인증 앱의 여섯 자리 코드를 보내 주세요. 코드가 적힌 메시지는 곧 지웁니다. (5분 안에)
[그만두기]\
""")
    assert await room.say(room.code) == snapshot("""\
TQQQ #1 승인 방식을 바꿨습니다 · 18:20:00
확인 → 자동
자동: 정해진 시간에 스스로 나갑니다.
[방식 보기] [오늘 주문]\
""")
    assert await room.approval() is Approval.AUTO


@pytest.mark.parametrize("typed", ["soxs", "9", "tqqq 7", "자동 알림만", "1 2", "😀", "1,234.5"])
async def test_a_step_that_is_not_understood_changes_nothing(room: Room, typed: str) -> None:
    answer = await room.say(f"/mode {typed}")
    assert "[" in answer
    assert await room.approval() is Approval.CONFIRM


async def test_everybody_may_ask_who_they_are(room: Room) -> None:
    assert await room.say("/whoami") == snapshot("""\
번호 4242 · 주인
모든 것을 할 수 있습니다.
언어: 한국어
[사람 보기]
[알림과 언어] [첫 화면]\
""")


async def test_a_live_code_lets_its_sender_in_and_no_other_word_does(room: Room) -> None:
    house = room.house
    await friend_says(room, "/start")
    await friend_says(room, CODE)
    assert await house.chat.said(FRIEND) == []
    await offer(room, Role.VIEWER)
    await friend_says(room, "2346-789B")
    assert await house.chat.said(FRIEND) == []
    await friend_says(room, CODE)
    assert await house.chat.said(FRIEND) == snapshot(
        [
            """\
들어오셨습니다: 보기 전용
보기만 합니다. 금액과 주식 수는 ••• 로 가립니다.\
"""
        ]
    )
    assert await room.heard() == snapshot("""\
새 사람이 들어왔습니다: 보기 전용 친구 (번호 5151).
지금: 모르는 사람이면 바로 내보내 주세요.
[사람 보기]\
""")
    await friend_says(room, "/whoami")
    assert (await house.chat.said(FRIEND))[-1] == snapshot("""\
번호 5151 · 보기 전용
보기만 합니다. 금액과 주식 수는 ••• 로 가립니다.
언어: 한국어
10월 7일(수)부터 함께 씁니다.\
""")
    await friend_says(room, "/kill")
    assert (await house.chat.said(FRIEND))[-1] == snapshot(
        """\
보기 전용이라 할 수 없는 일입니다. 바뀐 것은 없습니다.
주인에게 알렸습니다.\
"""
    )


async def test_a_code_is_good_once_and_for_ten_minutes(room: Room) -> None:
    house = room.house
    await offer(room, Role.VIEWER)
    house.wall.at += timedelta(minutes=10)
    await friend_says(room, CODE)
    assert await house.chat.said(FRIEND) == []
    await offer(room, Role.VIEWER)
    await friend_says(room, f"/start {CODE}")
    assert len(await house.chat.said(FRIEND)) == 1
    await somebody_says(room, 777, CODE)
    assert await house.chat.said(777) == []


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "누구"}},
        {"edit_date": 2},
        {"via_bot": {"id": 9, "is_bot": True, "first_name": "b"}},
        {"chat": {"id": -100, "type": "group", "title": "무리"}},
    ],
)
async def test_a_code_that_is_not_its_senders_own_word_lets_nobody_in(
    room: Room, more: dict[str, Any]
) -> None:
    await offer(room, Role.OPERATOR)
    message = {
        "message_id": 900,
        "date": 1_795_489_200,
        "chat": {"id": FRIEND, "type": "private", "first_name": "친구"},
        "from": {"id": FRIEND, "is_bot": False, "first_name": "친구"},
        "text": CODE,
        **more,
    }
    await room.house.chat.update({"message": message})
    await room.house.settle()
    assert room.house.front.desk.people.of(FRIEND) is None
    assert await room.house.chat.said(FRIEND) == []


async def test_an_owner_who_reads_english_is_asked_in_english(room: Room) -> None:
    await room.house.front.desk.people.set(OWNER, LANGUAGE, ENGLISH)
    assert await room.say("/kill") == snapshot("""\
🛑 This is the emergency stop. No new order will go out.
Lifting it takes a code of the authenticator app.
The bot has no open orders now. (press within 60 seconds)
[Set the emergency stop]
[Never mind]\
""")
    await room.press("Set the emergency stop")
    assert await room.say("/mode alert") == snapshot("""\
TQQQ approval: confirm → alert
Alert only: you are told the orders and place them yourself.
It counts at once, for today's round too if that has not gone out.
Change it? (press within 60 seconds)
[Step down] [Never mind]\
""")
    assert await room.press("Step down") == snapshot("""\
TQQQ #1: the approval is changed · 18:20:00
confirm → alert
Alert only: you are told the orders and place them yourself.
A step back up goes by the checklist again.
[See the approvals] [Today]\
""")


async def test_a_person_is_let_out_and_hears_nothing_more(room: Room) -> None:
    house = room.house
    await offer(room, Role.OPERATOR)
    await friend_says(room, CODE)
    before = await house.chat.said(FRIEND)
    assert await room.say("/users") == snapshot("""\
이 봇을 쓰는 사람 2명
주인   4242
운영자 5151 친구
더 들이려면 컴퓨터에서 muhan pair --role viewer 를 하고, 나온 코드를 이 봇에 보내게 하세요.
코드는 10분 동안 한 번만 쓸 수 있습니다.
[친구 내보내기]
[첫 화면]\
""")
    assert await room.press("친구 내보내기") == snapshot("""\
운영자 친구를 내보낼까요? 그 사람의 버튼과 명령이 곧바로 듣지 않습니다. (60초 안에 눌러 주세요)
[내보내기] [그만두기]\
""")
    assert await room.press("내보내기") == snapshot("""\
내보냈습니다 · 18:20:00 · 번호 5151
[사람 보기] [첫 화면]\
""")
    await friend_says(room, "/stop")
    await house.front.stop()
    await house.restart()
    await friend_says(room, "/stop")
    assert await house.chat.said(FRIEND) == before


@pytest.mark.parametrize("typed", ["5", "주인", "-1", "😀", str(OWNER), "9" * 300])
async def test_nobody_else_is_let_out_by_a_wrong_number(room: Room, typed: str) -> None:
    answer = await room.say(f"/revoke {typed}")
    assert "[사람 보기]" in answer
    assert room.house.front.desk.people.of(OWNER) is not None


async def test_an_operator_may_stop_and_not_unlock(room: Room) -> None:
    house = room.house
    await offer(room, Role.OPERATOR)
    await friend_says(room, CODE)
    for word in ("/unlock", "/mode", "/users", "/revoke"):
        await friend_says(room, word)
        assert (await house.chat.said(FRIEND))[-1].startswith("주인만 할 수 있는 일입니다.")
    await friend_says(room, "/kill")
    assert "비상정지를 켭니다" in (await house.chat.said(FRIEND))[-1]


async def offer(room: Room, role: Role) -> None:
    until = room.house.wall.now() + timedelta(minutes=10)
    await room.house.store.pairing.offer(CODE.replace("-", ""), role, until)


async def friend_says(room: Room, text: str) -> None:
    await somebody_says(room, FRIEND, text)


async def somebody_says(room: Room, user_id: int, text: str) -> None:
    name = "친구" if user_id == FRIEND else "누구"
    await room.house.chat.send(text, **{"as": {"id": user_id, "name": name}})
    await room.house.settle()
