"""/settings and /seed: what they say, what they preview, and that nothing moves before the tap."""

# ruff: noqa: E501 - a message's lines are as long as they are

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.events import AfterwardsSet, CycleChanged, UnattendedSet
from strategy.changes import RulesChange, SeedChange
from tests.bot.telegram.conftest import MARKET_WALL, Chat, key
from tests.bot.telegram.room import Room, room_on, shown
from tests.bot.telegram.samples import HOME
from tests.bot.trading.floor import DAY, holding, table_of

D = Decimal
TABLE = table_of(DAY)


@pytest.fixture
async def room(chat: Chat, tmp_path: Path) -> AsyncIterator[Room]:
    MARKET_WALL.at, MARKET_WALL.slept, MARKET_WALL.gate = HOME, [], None
    async with room_on(chat, tmp_path / "state") as opened:
        yield opened


async def test_the_settings_of_the_only_cycle(room: Room) -> None:
    await room.floor.begin()
    assert shown(await room.say("/settings")) == snapshot("""\
TQQQ 1번 사이클 설정
버전        V4.0
분할        20
목표        15%
이자 방식   복리
급락 대비   2단
큰수 매수   +12%
수수료      0%
승인 방식   자동
승인 없으면 아무것도 안 냄
졸업한 뒤   그대로 이어서
원금        $10,000.00
바꿀 것을 눌러 주세요. 바꾸기 전에 미리 보여 드립니다.
[분할] [버전] [목표]
[이자 방식] [급락 대비] [큰수 매수]
[수수료] [T 정정]
[시드] [승인 방식]
[승인 없으면] [졸업한 뒤]
[첫 화면]\
""")


async def test_other_splits_by_buttons_alone(room: Room) -> None:
    await room.floor.begin()
    await room.say("/settings")
    assert shown(await room.press("분할")) == snapshot("""\
TQQQ 분할
원금을 몇 번에 나누어 살지입니다. 많을수록 하루에 적게 사고 오래 버팁니다.
무엇으로 할까요? 누르면 바뀌는 것을 먼저 보여 드립니다.
[✓ 20분할] [40분할]
[30분할 (비공식)]
[뒤로]\
""")
    assert shown(await room.press("40분할")) == snapshot("""\
TQQQ 1번 사이클 · 설정을 이렇게 바꿉니다.
               지금 바뀐 뒤
분할             20      40
1회매수금   $500.00 $250.00
소진까지       20회    40회
과거 소진율      0%      0%
과거 소진율은 2023-10-11부터 749거래일을 같은 규칙으로 돌려 본 사이클 가운데 소진된 비율입니다. 앞날의 약속은 아닙니다.
지금 사이클은 V4.0 20분할 그대로 갑니다. 금액은 지금 원금 $10,000.00 기준입니다.
다음 사이클부터 적용합니다. (60초 안에 눌러 주세요)
[이대로 바꾸기] [그만두기]
[다른 값] [뒤로]\
""")
    assert await room.floor.all(CycleChanged) == []
    assert shown(await room.press("이대로 바꾸기")) == snapshot("""\
받았습니다. 다음 사이클부터 적용합니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")
    (changed,) = await room.floor.all(CycleChanged)
    assert changed.change == RulesChange(splits=40)
    assert shown(await room.say("/설정")) == snapshot("""\
TQQQ 1번 사이클 설정
버전        V4.0
분할        20
목표        15%
이자 방식   복리
급락 대비   2단
큰수 매수   +12%
수수료      0%
승인 방식   자동
승인 없으면 아무것도 안 냄
졸업한 뒤   그대로 이어서
원금        $10,000.00
다음 사이클부터: 분할 20→40
바꿀 것을 눌러 주세요. 바꾸기 전에 미리 보여 드립니다.
[분할] [버전] [목표]
[이자 방식] [급락 대비] [큰수 매수]
[수수료] [T 정정]
[시드] [승인 방식]
[승인 없으면] [졸업한 뒤]
[첫 화면]\
""")


async def test_a_typed_setting_in_any_order_is_the_same_preview(room: Room) -> None:
    await room.floor.begin()
    one = shown(await room.say("/settings 분할 40"))
    assert one == shown(await room.say("설정 40 tqqq 분할"))


async def test_a_seed_by_words_with_commas_and_sign(room: Room) -> None:
    await room.floor.begin()
    assert shown(await room.say("/seed TQQQ +1,600")) == snapshot("""\
TQQQ 1번 사이클 · 설정을 이렇게 바꿉니다.
                지금    바뀐 뒤
시드      $10,000.00 $11,600.00
잔금       $8,000.00  $9,600.00
1회매수금    $500.00    $600.00
T               4.00       4.00
소진까지        16회       16회
봇은 환전하거나 돈을 옮기지 않습니다. 그만큼의 달러가 계좌에 있어야 합니다.
10월 7일(수) 회차부터 적용합니다. (60초 안에 눌러 주세요)
[이대로 바꾸기] [그만두기]
[다른 값] [뒤로]\
""")
    receipt = await room.press("이대로 바꾸기")
    assert shown(receipt) == snapshot("""\
받았습니다. 10월 7일(수) 회차부터 적용합니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")
    (changed,) = await room.floor.all(CycleChanged)
    assert changed.change == SeedChange(amount=D(1600))
    assert len(await room.floor.all(CycleChanged)) == 1


async def test_a_change_that_waits_for_the_settlement_is_listed_until_it_is_booked(
    room: Room,
) -> None:
    await room.floor.begin()
    await room.floor.look(TABLE.send_from)  # a round is out: nothing of it is changed
    await room.say("/seed TQQQ +1,600")
    await room.press("이대로 바꾸기")
    waiting = "정산을 기다리는 변경: 시드 +$1,600.00 (10월 8일(목) 회차부터)"
    assert waiting in shown(await room.say("/settings"))
    await room.floor.live(TABLE.settle_again_at)
    page = shown(await room.say("/settings"))
    assert "기다리는" not in page
    assert "$11,600.00" in page


async def test_a_seed_by_buttons_or_typed_after_the_question(room: Room) -> None:
    await room.floor.begin()
    assert shown(await room.say("/시드")) == snapshot("""\
TQQQ 시드 $10,000.00 · 잔금 $8,000.00
뺄 수 있는 돈은 $8,000.00까지입니다.
얼마를 넣거나 뺄까요? 누르거나 금액만 적어 주세요 (예: 1,234.5 또는 -500).
적은 뒤에 미리 보여 드립니다.
[+$500] [+$1,000] [+$5,000]
[-$500] [-$1,000] [-$5,000]
[설정 보기]\
""")
    assert shown(await room.say("2만")) == snapshot("""\
TQQQ 1번 사이클 · 설정을 이렇게 바꿉니다.
                지금    바뀐 뒤
시드      $10,000.00 $30,000.00
잔금       $8,000.00 $28,000.00
1회매수금    $500.00  $1,750.00
T               4.00       4.00
소진까지        16회       16회
봇은 환전하거나 돈을 옮기지 않습니다. 그만큼의 달러가 계좌에 있어야 합니다.
10월 7일(수) 회차부터 적용합니다. (60초 안에 눌러 주세요)
[이대로 바꾸기] [그만두기]
[다른 값] [뒤로]\
""")
    assert shown(await room.press("다른 값")) == snapshot("""\
TQQQ 시드 $10,000.00 · 잔금 $8,000.00
뺄 수 있는 돈은 $8,000.00까지입니다.
얼마를 넣거나 뺄까요? 누르거나 금액만 적어 주세요 (예: 1,234.5 또는 -500).
적은 뒤에 미리 보여 드립니다.
[+$500] [+$1,000] [+$5,000]
[-$500] [-$1,000] [-$5,000]
[설정 보기]\
""")


@pytest.mark.parametrize(
    "text",
    ["1,23,4", "🙂", "₩500,000", "1.234", "0", "-9999999", "9" * 40, "12주", "3월 99일"],
)
async def test_what_is_no_amount_is_answered_by_a_sentence(room: Room, text: str) -> None:
    await room.floor.begin()
    await room.say("/seed")
    answer = await room.say(text)
    assert answer["text"]
    assert (answer.get("reply_markup") or {}).get("inline_keyboard"), shown(answer)
    assert await room.floor.all(CycleChanged) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("이만", "넣거나 뺄 달러 금액만 적어 주세요"),
        ("0", "0은 안 됩니다"),
        ("-8,000.01", "뺄 수 있는 돈은 $8,000.00까지입니다. 그 안에서"),
    ],
)
async def test_a_wrong_seed_is_told_why_and_may_be_typed_anew(
    room: Room, text: str, told: str
) -> None:
    await room.floor.begin()
    await room.say("/seed")
    assert told in shown(await room.say(text))
    assert "$11,234.50" in shown(await room.say("1,234.5"))


async def test_a_preview_that_is_older_than_a_minute_is_void(room: Room) -> None:
    await room.floor.begin()
    await room.say("/seed 500")
    MARKET_WALL.at += timedelta(seconds=61)
    await room.press("이대로 바꾸기")
    assert "만료" in (await room.chat.last())["text"]
    assert await room.floor.all(CycleChanged) == []


async def test_a_tap_that_comes_twice_changes_once(room: Room) -> None:
    await room.floor.begin()
    preview = await room.say("/seed 500")
    data = key(preview, "이대로 바꾸기")
    await asyncio.gather(*(room.chat.raw_press(preview["id"], data) for _ in range(2)))
    await room.settle()
    assert len(await room.floor.all(CycleChanged)) == 1
    assert "이미 누른 버튼" in (await room.chat.last())["text"]


async def test_what_becomes_of_rounds_without_a_tap_and_of_an_empty_run(room: Room) -> None:
    await room.floor.begin()
    await room.say("/settings")
    assert shown(await room.press("승인 없으면")) == snapshot("""\
TQQQ: 확인 방식에서 마감까지 승인이 없으면 어떻게 할까요?
아무것도 안 냄: 마감까지 승인이 없으면 그날은 쉽니다. T는 그대로입니다.
매도만 냄: 마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다.
모두 냄: 마감까지 승인이 없으면 계획대로 모두 나갑니다.
[매도만 냄] [모두 냄]
[뒤로]\
""")
    assert shown(await room.press("매도만 냄")) == snapshot("""\
TQQQ: 마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")
    await room.say("/settings")
    assert shown(await room.press("졸업한 뒤")) == snapshot("""\
TQQQ: 사이클이 끝나 주식이 없으면 어떻게 할까요?
그대로 이어서: 졸업하면 다음 거래일에 새 사이클을 바로 시작합니다.
쉬기: 졸업하면 쉬다가, 다시 시작하라고 하실 때 이어 갑니다.
끝내기: 졸업하면 이 종목을 끝냅니다. 기록은 남습니다.
[쉬기] [끝내기]
[뒤로]\
""")
    assert shown(await room.press("쉬기")) == snapshot("""\
TQQQ: 졸업하면 쉬다가, 다시 시작하라고 하실 때 이어 갑니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")
    assert len(await room.floor.all(UnattendedSet)) == 1
    assert len(await room.floor.all(AfterwardsSet)) == 1


async def test_several_cycles_are_chosen_by_button(room: Room) -> None:
    await room.floor.begin()
    await room.floor.begin(holding(symbol="SOXL", quantity=0), cycle_id=2)
    assert shown(await room.say("/settings")) == snapshot("""\
어느 사이클을 말씀하시나요? 아래에서 골라 주세요.
[TQQQ 1번 (T 4.00)]
[SOXL 2번 (T 0.00)]
[첫 화면]\
""")
    assert shown(await room.say("/seed xyz 500")) == snapshot("""\
XYZ로 도는 사이클이 없습니다. 아래에서 골라 주세요.
[TQQQ 1번 (T 4.00)]
[SOXL 2번 (T 0.00)]
[첫 화면]\
""")
    assert shown(await room.press("SOXL 2번 (T 0.00)")) == snapshot("""\
SOXL 2번 사이클 · 설정을 이렇게 바꿉니다.
                지금    바뀐 뒤
시드      $10,000.00 $10,500.00
잔금      $10,000.00 $10,500.00
1회매수금    $500.00    $525.00
T               0.00       0.00
소진까지        20회       20회
봇은 환전하거나 돈을 옮기지 않습니다. 그만큼의 달러가 계좌에 있어야 합니다.
10월 7일(수) 회차부터 적용합니다. (60초 안에 눌러 주세요)
[이대로 바꾸기] [그만두기]
[다른 값] [뒤로]\
""")


async def test_t_is_corrected_by_a_typed_number(room: Room) -> None:
    await room.floor.begin()
    await room.say("/settings")
    await room.press("T 정정")
    assert shown(await room.chat.last()) == snapshot("""\
TQQQ의 T를 몇으로 고칠까요? 지금 4.00, 원가로 계산하면 4.00입니다.
숫자만 적어 주세요 (예: 7.5). 적은 뒤에 미리 보여 드립니다.
[뒤로]\
""")
    assert shown(await room.say("5.5")) == snapshot("""\
TQQQ 1번 사이클 · 설정을 이렇게 바꿉니다.
             지금 바뀐 뒤
1회매수금 $500.00 $551.72
T            4.00    5.50
소진까지     16회    14회
10월 7일(수) 회차부터 적용합니다. (60초 안에 눌러 주세요)
[이대로 바꾸기] [그만두기]
[다른 값] [뒤로]\
""")


async def test_without_a_cycle_the_way_leads_to_the_beginning(room: Room) -> None:
    assert shown(await room.say("/settings")) == snapshot("""\
아직 시작한 사이클이 없습니다. 먼저 사이클을 시작해 주세요.
[사이클 시작]
[첫 화면]\
""")


async def test_it_is_all_there_in_english(chat: Chat, tmp_path: Path) -> None:
    MARKET_WALL.at = HOME
    async with room_on(chat, tmp_path / "state", language="en") as room:
        await room.floor.begin()
        assert shown(await room.say("/settings")) == snapshot("""\
Settings of TQQQ, cycle 1
Version        V4.0
Splits         20
Target         15%
Compounding    full
Ladder         2 rungs
Big-number buy +12%
Fees           0%
Approval       auto
Without a tap  Send nothing
When finished  Go on
Principal      $10,000.00
Press what you want to change. You see it before it changes.
[Splits] [Version] [Target]
[Compounding] [Ladder] [Big-number buy]
[Fees] [Correct T]
[Seed] [Approval]
[Without a tap] [When finished]
[Home]\
""")
        await room.press("Splits")
        assert shown(await room.press("40 splits")) == snapshot("""\
TQQQ, cycle 1 · the settings would change like this.
                     Now    After
Splits                20       40
Unit             $500.00  $250.00
Units left      20 units 40 units
Past exhaustion       0%       0%
Past exhaustion: of the cycles that the same rules would have run over 749 sessions from 2023-10-11 on, the part whose units ran out. It promises nothing.
This cycle goes on with V4.0, 20 splits. The sums are of today's principal of $10,000.00.
It counts from the next cycle on. (Press within 60 seconds)
[Change it like this] [Never mind]
[Another value] [Back]\
""")
        await room.press("Change it like this")
        await room.say("/settings")
        assert shown(await room.press("When finished")) == snapshot("""\
TQQQ: what when the cycle is finished and nothing is held?
Go on: when it is finished, a new cycle begins with the next session.
Rest: when it is finished it rests, until you say that it goes on.
End: when it is finished, the symbol is over. The records stay.
[Rest] [End]
[Back]\
""")
