"""/setup: from the account to the start by buttons alone, and everything that can go wrong."""

# ruff: noqa: E501 - a message's lines are as long as they are

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyotp
import pytest
from inline_snapshot import snapshot

from bot.commands import GiveConsent
from bot.events import CycleStarted, SharesSetAside, UnattendedSet
from bot.trading.codes import Codes
from bot.trading.model import Approval, Unattended
from tests.bot.telegram.conftest import MARKET_WALL, Chat, key
from tests.bot.telegram.room import Room, room_on, shown
from tests.bot.telegram.samples import HOME
from tests.bot.trading.floor import ALICE, holding, world

D = Decimal
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SELLS = Unattended.SELLS
TO_SEED = ("이 계좌로", "SOXL", "V4.0", "40분할")


@pytest.fixture
async def room(chat: Chat, tmp_path: Path) -> AsyncIterator[Room]:
    MARKET_WALL.at, MARKET_WALL.slept, MARKET_WALL.gate = HOME, [], None
    async with room_on(chat, tmp_path / "state") as opened:
        yield opened


async def through(room: Room, *captions: str) -> str:
    """Press one button after the other; give the page that stands there then."""
    message = await room.say("/setup")
    for caption in captions:
        message = await room.press(caption)
    return shown(message)


async def test_a_cycle_begins_by_buttons_alone(room: Room) -> None:
    assert shown(await room.say("/setup")) == snapshot("""\
사이클 시작 1/8 · 계좌 확인
데모 · 계좌 ****-01 · 가동 중
주문가능 $20,000.00
실제 돈은 움직이지 않습니다. 마음 놓고 해 보세요.
이 계좌로 시작할까요?
[이 계좌로] [그만두기]\
""")
    assert shown(await room.press("이 계좌로")) == snapshot("""\
사이클 시작 2/8 · 종목
SOXL: 반도체 지수의 3배. 크게 오르내립니다.
TQQQ: 나스닥100의 3배. SOXL보다는 덜 움직입니다.
어느 종목으로 할까요?
[SOXL] [TQQQ]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("SOXL")) == snapshot("""\
사이클 시작 4/8 · 버전
V4.0: 40분할, 소진되면 리버스 모드. 남은 잔금으로 매일 1회매수금을 다시 정합니다.
V3.0: 20분할, 소진되면 쿼터손절. 이익이 날 때마다 1회매수금이 커집니다.
V2.2: 40분할, 소진되면 쿼터손절. 1회매수금이 늘 같습니다.
어느 버전으로 할까요? 처음이면 V4.0입니다.
[V4.0] [V3.0] [V2.2]
[옛 버전]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("V4.0")) == snapshot("""\
사이클 시작 5/8 · 분할
원금을 몇 번에 나누어 살지입니다. 많을수록 하루에 적게 사고 오래 버팁니다.
V4.0의 저자는 20 · 40분할을 씁니다.
[20분할] [40분할]
[30분할 (비공식)]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("40분할")) == snapshot("""\
사이클 시작 6/8 · 시드
주문가능 $20,000.00
이 사이클에 얼마를 쓸까요? 없어도 되는 돈으로만 정해 주세요.
40분할이니 하루에 그 40분의 1씩 삽니다.
누르거나 달러 금액만 적어 주세요 (예: 10,000 또는 1만).
[$20,000.00] [$10,000.00] [$5,000.00]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("$10,000.00")) == snapshot("""\
사이클 시작 7/8 · 규칙
버전        V4.0
분할        40
목표        20%
이자 방식   복리
급락 대비   8단
큰수 매수   +12%
수수료      0%
승인 방식   확인
승인 없으면 아무것도 안 냄
복리: 이익과 손실이 모두 다음 원금이 됩니다.
마감까지 승인이 없으면 그날은 쉽니다. T는 그대로입니다.
누를 때마다 다음 값으로 바뀝니다. 다 되었으면 [미리보기]를 누르세요.
[이자 방식] [급락 대비]
[큰수 매수] [수수료]
[승인 방식] [승인 없으면]
[미리보기]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("승인 없으면")) == snapshot("""\
사이클 시작 7/8 · 규칙
버전        V4.0
분할        40
목표        20%
이자 방식   복리
급락 대비   8단
큰수 매수   +12%
수수료      0%
승인 방식   확인
승인 없으면 매도만 냄
복리: 이익과 손실이 모두 다음 원금이 됩니다.
마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다.
누를 때마다 다음 값으로 바뀝니다. 다 되었으면 [미리보기]를 누르세요.
[이자 방식] [급락 대비]
[큰수 매수] [수수료]
[승인 방식] [승인 없으면]
[미리보기]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("미리보기")) == snapshot("""\
사이클 시작 8/8 · 미리보기
첫 회차는 이렇게 나갑니다. 아직 아무것도 시작하지 않았습니다.
10월 7일(수) 미국장 · SOXL
V4.0 40분할 · 첫 매수 · T 0.00
1회 $250.00
매수 첫LOC 4주 $56.00
급락 대비 8건 $50.00~$20.83
전반전: T 0 < 40 / 2 = 20
1회매수금 250.00 = 잔금 10000.00 / (40 - 0)
매수 첫LOC: 첫 매수 56.00 = 전일 종가 50 x 1.12; 1회매수금 250.00 / 56.00 = 4주
급락 대비 8건: 1주씩; 1회매수금 250.00 / 5주 = 50.00부터 / 12주 = 20.83까지
과거 749거래일에 같은 규칙이면 사이클 1개 가운데 0개가 소진되었습니다. 앞날의 약속은 아닙니다.
[-5%] [0%] [+5%]
[시작하기]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("-5%")) == snapshot("""\
사이클 시작 8/8 · 미리보기
첫 회차는 이렇게 나갑니다. 아직 아무것도 시작하지 않았습니다.
10월 7일(수) 미국장 · SOXL
V4.0 40분할 · 첫 매수 · T 0.00
1회 $250.00
매수 첫LOC 4주 $56.00
급락 대비 8건 $50.00~$20.83
전반전: T 0 < 40 / 2 = 20
1회매수금 250.00 = 잔금 10000.00 / (40 - 0)
매수 첫LOC: 첫 매수 56.00 = 전일 종가 50 x 1.12; 1회매수금 250.00 / 56.00 = 4주
급락 대비 8건: 1주씩; 1회매수금 250.00 / 5주 = 50.00부터 / 12주 = 20.83까지
종가가 $47.50이면 (가정): 5주 매수 · T 1.00 · 잔금 $9,762.50
과거 749거래일에 같은 규칙이면 사이클 1개 가운데 0개가 소진되었습니다. 앞날의 약속은 아닙니다.
[-5%] [0%] [+5%]
[시작하기]
[뒤로] [그만두기]\
""")
    assert shown(await room.press("시작하기")) == snapshot("""\
SOXL V4.0 40분할 · 시드 $10,000.00 · 확인. 시작할까요? (60초 안에 눌러 주세요)
[지금 시작]
[뒤로] [그만두기]\
""")
    assert await room.floor.entries() == []
    assert shown(await room.press("지금 시작")) == snapshot("""\
SOXL 1번 사이클을 시작했습니다. 저녁에 첫 회차의 계획이 서면 알려 드립니다.
[미리보기] [설정 보기]
[첫 화면]\
""")
    (started,) = await room.floor.all(CycleStarted)
    assert (started.cycle.rules.symbol, started.cycle.principal) == ("SOXL", D(10000))
    assert (started.approval, started.unattended) == (Approval.CONFIRM, Unattended.SELLS)
    assert started.by == ALICE


async def test_the_seed_may_be_typed_in_korean_units_and_the_setup_goes_on(room: Room) -> None:
    await through(room, *TO_SEED)
    page = await room.say("1만 2천")
    assert "사이클 시작 7/8 · 규칙" in page["text"]
    await room.press("미리보기")
    await room.press("시작하기")
    await room.press("지금 시작")
    (started,) = await room.floor.all(CycleStarted)
    assert started.cycle.principal == D(12000)


@pytest.mark.parametrize("text", ["0", "-5", "🙂", "1,2,3", "₩1000", "abc def ghi", "1e5"])
async def test_a_seed_that_is_none_is_answered_and_asked_again(room: Room, text: str) -> None:
    await through(room, *TO_SEED)
    answer = await room.say(text)
    assert shown(answer).endswith("[뒤로] [그만두기]"), shown(answer)
    page = await room.say("10,000")
    assert "사이클 시작 7/8" in page["text"]
    assert await room.floor.entries() == []


async def test_every_page_leads_back_and_out(room: Room) -> None:
    await through(room, *TO_SEED, "$10,000.00")
    for title in ("시드", "분할", "버전", "종목", "계좌 확인"):
        page = await room.press("뒤로")
        assert title in page["text"].splitlines()[0]
    await room.press("그만두기")
    assert await room.floor.entries() == []


async def test_a_restart_in_mid_setup_loses_nothing(chat: Chat, tmp_path: Path) -> None:
    MARKET_WALL.at = HOME
    counter = world()
    async with room_on(chat, tmp_path / "state", counter) as room:
        await through(room, *TO_SEED)
    async with room_on(chat, tmp_path / "state", counter) as room:
        assert "7/8" in (await room.say("8,000"))["text"]
    async with room_on(chat, tmp_path / "state", counter) as room:
        await room.press("미리보기")
        await room.press("시작하기")
        await room.press("지금 시작")
        (started,) = await room.floor.all(CycleStarted)
        assert started.cycle.principal == D(8000)


async def test_the_start_is_pressed_once_and_within_a_minute(room: Room) -> None:
    await through(room, *TO_SEED, "$10,000.00", "미리보기", "시작하기")
    MARKET_WALL.at += timedelta(seconds=61)
    await room.press("지금 시작")
    assert "만료" in (await room.chat.last())["text"]
    assert await room.floor.entries() == []


async def test_a_symbol_that_runs_already_may_have_a_second_cycle(room: Room) -> None:
    await room.floor.begin(holding(symbol="SOXL", quantity=0))
    assert await through(room, "이 계좌로", "SOXL") == snapshot("""\
사이클 시작 2/8 · 종목
SOXL에는 이미 사이클이 돌고 있습니다.
옆에 하나 더 돌릴 수 있지만, 한투의 잔고는 하나로 섞여 봇의 장부로만 나뉩니다. 시드만 늘리려면 [시드]를 누르세요.
[옆에 하나 더]
[시드]
[뒤로] [그만두기]\
""")
    page = shown(await room.press("옆에 하나 더"))
    assert "버전" in page


async def test_shares_that_are_held_already_may_be_set_aside(room: Room) -> None:
    room.floor.counter.holdings["SOXL"] = 12
    assert await through(room, "이 계좌로", "SOXL") == snapshot("""\
사이클 시작 3/8 · 들고 있는 주식
계좌에 SOXL 12주가 있습니다 (평단 $50.00).
이어받으면 이 주식으로 사이클을 중간부터 시작합니다. 따로 두면 봇은 이 주식을 세지도 팔지도 않습니다.
[이어받기]
[따로 두기]
[뒤로] [그만두기]\
""")
    for caption in ("따로 두기", "V4.0", "40분할", "$10,000.00", "미리보기", "시작하기"):
        await room.press(caption)
    await room.press("지금 시작")
    (aside,) = await room.floor.all(SharesSetAside)
    assert aside.quantity == 12


async def test_a_running_position_is_taken_over_with_its_own_t(room: Room) -> None:
    room.floor.counter.holdings["SOXL"] = 40
    await through(room, "이 계좌로", "SOXL", "이어받기", "V4.0", "40분할")
    assert shown(await room.say("8,000")) == snapshot("""\
사이클 시작 6/8 · 시드
지금까지의 T는 몇인가요? 원가로 계산하면 8.00입니다.
누르거나 숫자만 적어 주세요 (예: 7.5).
[T 8.00]
[뒤로] [그만두기]\
""")
    page = await room.say("7.5")
    assert "규칙" in page["text"]
    assert shown(await room.press("미리보기")) == snapshot("""\
사이클 시작 8/8 · 미리보기
SOXL V4.0 40분할: 이렇게 이어받습니다.
수량      40
평단      $50.00
T         7.50
잔금      $8,000.00
원금      $10,000.00
1회매수금 $246.15
첫 회차는 10월 7일(수)입니다. (60초 안에 눌러 주세요)
[이어받기 시작]
[뒤로] [그만두기]\
""")
    await room.press("이어받기 시작")
    (started,) = await room.floor.all(CycleStarted)
    assert started.waits_for_resting
    assert (started.cycle.quantity, started.cycle.turn) == (40, D("7.5"))


async def test_real_money_waits_for_the_risks_and_never_begins_by_itself(
    chat: Chat, tmp_path: Path
) -> None:
    MARKET_WALL.at = HOME
    async with room_on(chat, tmp_path / "state", venue="real") as room:
        assert shown(await room.say("/setup")) == snapshot("""\
실전은 위험 안내를 읽고 동의한 뒤에 시작합니다. 다섯 장과 질문 세 개, 2분이면 됩니다.
[위험 안내 읽기]
[첫 화면]\
""")
        await room.floor.bus.ask(GiveConsent(edition="1", method="4.0", by=ALICE))
        page = await through(room, *TO_SEED, "$10,000.00", "승인 방식")
        assert "알림만" in page
        assert "0.25%" in page
        assert "확인" in shown(await room.press("승인 방식"))


async def test_real_money_goes_out_without_a_tap_only_by_a_code_once_the_cycle_runs(
    chat: Chat, tmp_path: Path
) -> None:
    MARKET_WALL.at = HOME
    async with room_on(chat, tmp_path / "state", venue="real") as room:
        room.floor.trading.silence.codes = Codes(
            room.floor.trading.desk, MARKET_WALL, lambda: SECRET
        )
        await room.floor.bus.ask(GiveConsent(edition="1", method="4.0", by=ALICE))
        rules = await through(room, *TO_SEED, "$10,000.00")
        assert "시작한 뒤 인증 코드로 켭니다" in rules
        assert "[승인 없으면]" not in rules
        for caption in ("미리보기", "시작하기", "지금 시작"):
            message = await room.press(caption)
        assert shown(message) == snapshot("""\
SOXL 1번 사이클을 시작했습니다. 저녁에 첫 회차의 계획이 서면 알려 드립니다.
[미리보기] [설정 보기]
[승인 없으면]
[첫 화면]\
""")
        assert shown(await room.press("승인 없으면")) == snapshot("""\
SOXL: 확인 방식에서 마감까지 승인이 없으면 어떻게 할까요?
아무것도 안 냄: 마감까지 승인이 없으면 그날은 쉽니다. T는 그대로입니다.
매도만 냄: 마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다.
모두 냄: 마감까지 승인이 없으면 계획대로 모두 나갑니다.
[매도만 냄] [모두 냄]
[뒤로]\
""")
        await room.press("매도만 냄")
        assert shown(await room.chat.last()) == snapshot("""\
SOXL: 마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다.
실전에서 승인 없이 더 내려면 점검표를 보고 인증 코드를 받습니다.
인증 앱의 여섯 자리 코드를 보내 주세요. 코드가 적힌 메시지는 곧 지웁니다. (5분 안에)
[그만두기]\
""")
        assert shown(await room.say("000000")) == snapshot("""\
인증 코드가 맞지 않아 아무것도 바꾸지 않았습니다. 앱에 새 코드가 뜨면 다시 보내 주세요.
[설정 보기] [첫 화면]\
""")
        await room.say("/settings")
        await room.press("승인 없으면")
        await room.press("매도만 냄")
        assert shown(await room.say(pyotp.TOTP(SECRET).at(MARKET_WALL.now()))) == snapshot("""\
SOXL: 마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다.
[설정 보기] [첫 화면]\
""")
        assert [event.choice for event in await room.floor.all(UnattendedSet)] == [SELLS]
        await room.say("/settings")
        await room.press("승인 없으면")
        assert shown(await room.press("아무것도 안 냄")) == snapshot("""\
SOXL: 마감까지 승인이 없으면 그날은 쉽니다. T는 그대로입니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")


async def test_a_silent_broker_is_told_and_asked_again(room: Room) -> None:
    room.floor.counter.bars_known = False
    page = await through(room, "이 계좌로", "SOXL")
    assert page == snapshot("""\
한투가 응답하지 않아 처리하지 못했습니다. 잠시 뒤 다시 눌러 주세요.
[다시 확인]
[뒤로] [그만두기]\
""")
    room.floor.counter.bars_known = True
    assert "버전" in shown(await room.press("다시 확인"))


async def test_a_start_that_is_pressed_twice_begins_one_cycle(room: Room) -> None:
    """Beside a cycle that runs already nothing but the key of the button tells two from one."""
    await room.floor.begin(holding(symbol="SOXL", quantity=0))
    captions = (*TO_SEED[:2], "옆에 하나 더", *TO_SEED[2:], "$10,000.00", "미리보기")
    await through(room, *captions)
    question = await room.press("시작하기")
    data = key(question, "지금 시작")
    await asyncio.gather(*(room.chat.raw_press(question["id"], data) for _ in range(2)))
    await room.settle()
    assert len(await room.floor.all(CycleStarted)) == 2


async def test_a_start_that_is_refused_says_why_in_its_place(room: Room) -> None:
    await through(room, *TO_SEED, "$10,000.00", "미리보기", "시작하기")
    await room.floor.begin(holding(symbol="SOXL", quantity=0))
    await room.settle()
    assert shown(await room.press("지금 시작")) == snapshot("""\
이 종목은 이미 사이클이 돌고 있습니다.
[다시 확인]
[상태] [첫 화면]\
""")
    assert len(await room.floor.all(CycleStarted)) == 1


async def test_a_seed_above_what_can_be_ordered_is_pointed_out(room: Room) -> None:
    await through(room, *TO_SEED)
    await room.say("99999999")
    preview = shown(await room.press("미리보기"))
    assert "⚠️ 시드 $99,999,999.00가 주문가능 $20,000.00보다 큽니다." in preview
    assert await room.floor.entries() == []
