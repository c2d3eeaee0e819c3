"""The day's commands as a person reads them: real trading room, real chat server, by buttons."""

import re
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.commands import Pause, SetUnattended
from bot.events import OrderSent, RoundApproved
from bot.storage.people import LANGUAGE, Role
from bot.telegram.asked import Asked
from bot.telegram.handlers.orders import orders
from bot.trading.model import Approval, OrderState, RoundState, Unattended
from strategy.model import Side
from tests.bot.telegram.conftest import OWNER, Chat, captions, key
from tests.bot.telegram.room import Room, room_on, shown
from tests.bot.trading.counter import Say
from tests.bot.trading.floor import ALICE, DAY, NEXT, holding, table_of

TABLE = table_of(DAY)
MINUTE = timedelta(minutes=1)
HANGUL = re.compile(r"[가-힣]")


@pytest.fixture
async def room(chat: Chat, tmp_path: Path) -> AsyncIterator[Room]:
    async with room_on(chat, tmp_path / "muhan.db") as opened:
        yield opened


async def out(room: Room) -> None:
    """Let the evening's round go out."""
    await room.floor.begin()
    await room.floor.live(TABLE.send_from + MINUTE)
    await room.settle()


async def waits(room: Room) -> None:
    """Have the evening's round wait for a tap."""
    await room.floor.begin(approval=Approval.CONFIRM)
    await room.floor.look(TABLE.propose_at)
    await room.settle()


async def latest(room: Room) -> dict[str, Any]:
    return await room.chat.last()


async def press(room: Room, caption: str) -> str:
    """Press the latest button of a caption; give the bot's last message then."""
    await room.press(caption)
    return shown(await latest(room))


async def forged(room: Room, message_id: int, data: str) -> None:
    """Bring a press that the page would not make: of a button that stands there no more."""
    person = {"id": OWNER, "is_bot": False, "first_name": "주인"}
    chat = {"id": OWNER, "type": "private", "first_name": "주인"}
    message = {"message_id": message_id, "date": 1_795_489_200, "chat": chat, "text": "?"}
    query = {"id": "9", "from": person, "chat_instance": "1", "data": data, "message": message}
    await room.chat.update({"callback_query": query})
    await room.settle()


async def test_the_card_of_a_round_that_is_out_offers_what_may_still_be_done(room: Room) -> None:
    await out(room)
    await room.say("/오늘")
    assert shown(await room.chat.having("새로고침")) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 20분할 · 전반전 · T 4.00
별% +9.00 · 별지점 $54.50 · 1회 $500.00
매도 목표    30주 $57.50 접수 18:30:00
매도 쿼터LOC 10주 $54.50 접수 18:30:00
매수 별LOC    4주 $54.49 접수 18:30:00
매수 평단LOC  6주 $50.00 접수 18:30:00
급락 대비 2건 $45.45~$41.66 접수 18:30:00
접수 6/6
마감 05:00 이후 이 메시지가 결과로 바뀝니다.
[한 건 취소] [오늘 건너뛰기]
[새로고침] [왜 이렇게?]\
""")


async def test_open_orders_and_a_cancel_of_one_in_two_steps(room: Room) -> None:
    await out(room)
    assert shown(await room.say("/orders")) == snapshot("""\
미체결 주문 6건
TQQQ 매도 목표    30주 $57.50 접수
TQQQ 매도 쿼터LOC 10주 $54.50 접수
TQQQ 매수 별LOC    4주 $54.49 접수
TQQQ 매수 평단LOC  6주 $50.00 접수
TQQQ 급락 대비     1주 $45.45 접수
TQQQ 급락 대비     1주 $41.66 접수
[한 건 취소] [모두 취소]
[새로고침] [체결 내역]
[오늘 주문] [정지하기]\
""")
    await room.press("한 건 취소")
    assert shown(await latest(room)) == snapshot("""\
어느 주문을 취소할까요? 한 번 더 여쭤 봅니다.
[TQQQ 매도 목표 30주 $57.50]
[TQQQ 매도 쿼터LOC 10주 $54.50]
[TQQQ 매수 별LOC 4주 $54.49]
[TQQQ 매수 평단LOC 6주 $50.00]
[TQQQ 급락 대비 1주 $45.45]
[TQQQ 급락 대비 1주 $41.66]
[6건 모두]
[그만두기]\
""")
    buy = next(c for c in captions(await latest(room)) if "별LOC" in c)
    await room.press(buy)
    assert shown(await latest(room)) == snapshot("""\
이 주문 1건을 취소할까요?
TQQQ 매수 별LOC 4주 $54.49
취소한 주문은 오늘 다시 내지 않습니다. 먼저 체결되면 체결이 남습니다. (60초 안에 눌러 주세요)
[취소하기] [그만두기]\
""")
    receipt = await room.press("취소하기")
    assert shown(receipt) == snapshot("""\
취소 1/1건 확인 · 18:31:00
[미체결 보기] [오늘 주문]\
""")
    assert len(room.floor.counter.cancelled) == 1


async def test_all_orders_are_cancelled_in_two_steps(room: Room) -> None:
    await out(room)
    await room.say("주문")
    await room.press("모두 취소")
    receipt = await room.press("취소하기")
    assert shown(receipt) == snapshot("""\
취소 6/6건 확인 · 18:31:00
[미체결 보기] [오늘 주문]\
""")
    assert set(await room.floor.states()) == {OrderState.CANCELLED}


async def test_an_order_that_nobody_ever_saw_is_listed_with_the_open_ones(room: Room) -> None:
    await room.floor.begin()
    await room.floor.look(TABLE.propose_at)
    room.floor.counter.script = deque([Say.UNKNOWN_LOST])
    await room.floor.look(TABLE.deadline - 5 * MINUTE)
    await room.floor.live(TABLE.deadline + timedelta(minutes=10))
    assert shown(await room.say("/orders")) == snapshot("""\
미체결 주문 0건

⚠️ 끝내 확인하지 못한 주문 1건: 한투에 걸려 있을 수 있으니 앱에서 봐 주세요.
TQQQ 매도 목표 30주 $57.50 확인 못 함
[새로고침] [체결 내역]
[오늘 주문] [정지하기]\
""")


async def test_a_round_that_waits_is_skipped_and_that_is_undone(room: Room) -> None:
    await waits(room)
    assert shown(await room.say("/skip")) == snapshot("""\
10월 7일(수) TQQQ: 아직 보내지 않은 회차입니다.
[건너뛰기]\
""")
    assert await press(room, "건너뛰기") == snapshot("""\
이 회차를 건너뛸까요? 오늘은 주문이 나가지 않고 T는 그대로입니다. (60초 안에 눌러 주세요)
[건너뛰기] [그만두기]\
""")
    receipt = await room.press("건너뛰기")
    assert shown(receipt) == snapshot("""\
건너뛰었습니다. 오늘은 주문하지 않습니다.
[되돌리기] [오늘 주문]\
""")
    assert (await room.floor.round()).state is RoundState.SKIPPED
    await room.press("되돌리기")
    assert shown(await latest(room)) == snapshot("""\
건너뛴 회차를 되돌릴까요? 지금 시세로 새로 계획하고 승인을 여쭤 봅니다. (60초 안에 눌러 주세요)
[되돌리기] [그만두기]\
""")
    receipt = await room.press("되돌리기")
    assert shown(receipt) == snapshot("""\
되돌렸습니다. 새로 계획한 회차가 승인을 기다립니다.
[오늘 주문]\
""")
    assert (await room.floor.round()).state is RoundState.PROPOSED
    await room.floor.live(TABLE.send_from + MINUTE)
    assert room.floor.counter.placed == []


async def test_a_round_that_is_out_is_called_back_and_sent_anew(room: Room) -> None:
    await out(room)
    await room.say("/skip tqqq")
    await room.press("오늘 건너뛰기")
    assert shown(await latest(room)) == snapshot("""\
이미 나간 회차입니다. 미체결 매수 4건, 매도 2건이 걸려 있습니다.
매수만 접으면 매도는 그대로 둡니다. 먼저 체결된 것은 남고 T에 들어갑니다. (60초 안에 눌러 주세요)
[매수만 취소] [매도까지 취소]
[그만두기]\
""")
    receipt = await room.press("매수만 취소")
    assert shown(receipt) == snapshot("""\
오늘 매수를 접었습니다. 매도는 그대로 둡니다.
취소 4/4건 확인 · 18:31:00
[되돌리기] [오늘 주문]\
""")
    live = [o for o in await room.floor.orders() if o.state is OrderState.OPEN]
    assert {order.slot.side for order in live} == {Side.SELL}
    await room.press("되돌리기")
    assert shown(await latest(room)) == snapshot("""\
취소한 TQQQ 주문 4건을 새 주문으로 다시 낼까요?
매수 별LOC   4주 $54.49
매수 평단LOC 6주 $50.00
급락 대비    1주 $45.45
급락 대비    1주 $41.66
취소된 주문을 되살리지 않고 새로 냅니다. (60초 안에 눌러 주세요)
[새로 내기] [그만두기]\
""")
    receipt = await room.press("새로 내기")
    assert shown(receipt) == snapshot("""\
되돌렸습니다. 새 주문 4건을 보냅니다. 결과는 회차 메시지에 나옵니다.
[오늘 주문] [미체결 보기]\
""")
    await room.floor.live(TABLE.verify_at)
    live = [o for o in await room.floor.orders() if o.state is OrderState.OPEN]
    assert {order.slot.side for order in live} == {Side.SELL, Side.BUY}


async def test_there_is_nothing_to_skip_before_the_plan(room: Room) -> None:
    await room.floor.begin()
    assert shown(await room.say("건너뛰기")) == snapshot("""\
지금 건너뛸 회차가 없습니다. 계획은 저녁 6시 20분에 서고, 마감 30분 전부터는 건너뛸 수 없습니다.
[오늘 주문] [미리보기]\
""")


async def test_a_skipped_round_is_ordered_now_in_two_steps(room: Room) -> None:
    await waits(room)
    await room.say("/skip")
    await room.press("건너뛰기")
    await room.press("건너뛰기")
    assert shown(await room.say("/지금주문")) == snapshot("""\
지금 주문할까요? 아직 나간 주문은 없습니다.
10월 7일(수) 미국장 · TQQQ
V4.0 20분할 · 전반전 · T 4.00
별% +9.00 · 별지점 $54.50 · 1회 $500.00
매도 목표    30주 $57.50
매도 쿼터LOC 10주 $54.50
매수 별LOC    4주 $54.49
매수 평단LOC  6주 $50.00
급락 대비 2건 $45.45~$41.66
누르면 이 표 그대로 나갑니다. (60초 안에 눌러 주세요)
[지금 주문] [그만두기]\
""")
    receipt = await room.press("지금 주문")
    assert shown(receipt) == snapshot("""\
주문합니다. 접수는 회차 메시지에서 볼 수 있습니다.
[오늘 주문] [미체결 보기]\
""")
    await room.floor.live(TABLE.send_from + MINUTE)
    assert room.floor.counter.placed != []


async def test_a_round_that_waits_is_not_ordered_past_its_own_button(room: Room) -> None:
    await waits(room)
    assert shown(await room.say("/buynow")) == snapshot("""\
10월 7일(수) TQQQ: 회차가 승인을 기다립니다.
[승인] [건너뛰기]
[오늘 주문] [미체결 보기]\
""")
    await room.press("승인")
    assert len(await room.floor.all(RoundApproved)) == 1


async def test_an_order_now_says_why_it_cannot(room: Room) -> None:
    await room.floor.begin(approval=Approval.CONFIRM)
    assert shown(await room.say("/buynow")) == snapshot("""\
아직 계획할 시간이 아닙니다. 저녁 6시 20분에 계획하고 알려 드립니다.
[상태] [미리보기]\
""")
    room.floor.counter.bars_known = False
    await room.floor.look(TABLE.propose_at)
    assert shown(await room.say("/buynow")) == snapshot("""\
10월 7일(수) TQQQ: 지금 주문할 수 없습니다.
왜: 한투가 응답하지 않습니다 (TQQQ의 2026-10-06 공식 종가가 아직 없습니다).
[상태] [미리보기]\
""")
    assert shown(await room.say("/buynow soxl")) == snapshot("""\
주문할 사이클이 없습니다. 바뀐 것은 없습니다.
[상태] [미리보기]\
""")
    assert await room.floor.all(OrderSent) == []


async def test_a_session_without_a_round_is_told_before_its_cut_off(room: Room) -> None:
    await room.floor.begin(approval=Approval.CONFIRM)
    room.floor.counter.bars_known = False
    await room.floor.live(TABLE.reminders[1])
    await room.settle()
    assert shown(await latest(room)) == snapshot("""\
⚠️ 마감 20분 전인데 TQQQ 회차가 없습니다.
왜: 한투가 응답하지 않습니다 (TQQQ의 2026-10-06 공식 종가가 아직 없습니다).
지금: 까닭이 풀렸으면 아래에서 바로 주문할 수 있습니다. 그대로 두면 오늘은 쉬고 T는 그대로입니다.
[지금 주문] [오늘 건너뛰기]\
""")
    room.floor.counter.bars_known = True
    assert await press(room, "지금 주문") == snapshot("""\
지금 주문할까요? 아직 나간 주문은 없습니다.
10월 7일(수) 미국장 · TQQQ
V4.0 20분할 · 전반전 · T 4.00
별% +9.00 · 별지점 $54.50 · 1회 $500.00
매도 목표    30주 $57.50
매도 쿼터LOC 10주 $54.50
매수 별LOC    4주 $54.49
매수 평단LOC  6주 $50.00
급락 대비 2건 $45.45~$41.66
누르면 이 표 그대로 나갑니다. (60초 안에 눌러 주세요)
[지금 주문] [그만두기]\
""")


async def test_the_plan_of_an_alert_only_cycle_is_a_table_to_type(room: Room) -> None:
    await room.floor.begin(approval=Approval.ALERT)
    await room.floor.look(TABLE.propose_at)
    await room.settle()
    assert shown(await room.say("/plan TQQQ")) == snapshot("""\
다음 회차 미리보기입니다. 아무것도 보내지 않습니다.

10월 7일(수) 미국장 · TQQQ
V4.0 20분할 · 전반전 · T 4.00
별% +9.00 · 별지점 $54.50 · 1회 $500.00
한투 앱에 그대로 옮겨 적을 표입니다 (해외주식 주문, 당일).
1. 매도 지정가 30주 $57.50
2. 매도 LOC    10주 $54.50
3. 매수 LOC     4주 $54.49
4. 매수 LOC     6주 $50.00
5. 매수 LOC     1주 $45.45
6. 매수 LOC     1주 $41.66
전반전: T 4 < 20 / 2 = 10
1회매수금 500.00 = 잔금 8000.00 / (20 - 4)
매도 목표: 목표 57.50 = 평단 50 x 1.15; 보유 40주 - 10주 = 30주
매도 쿼터LOC: 별지점 54.50 = 평단 50 x 1.09; 보유 40주의 1/4 = 10주
매수 별LOC: 별지점 54.50 = 평단 50 x 1.09, 매수는 0.01 아래; 1회매수금 500.00의 절반 / 54.49 = 4주
매수 평단LOC: 평단 50; 1회매수금 500.00 / 50.00 = 10주 - 위 주문 4주 = 6주
급락 대비 2건: 1주씩; 1회매수금 500.00 / 11주 = 45.45부터 / 12주 = 41.66까지
[새로고침] [이 종가라면?]
[오늘 주문] [상태]\
""")


async def test_a_symbol_without_a_cycle_is_said_to_have_none(room: Room) -> None:
    await room.floor.begin()
    assert shown(await room.say("/plan soxl")) == snapshot("""\
다음 회차 미리보기입니다. 아무것도 보내지 않습니다.
SOXL 종목으로 도는 사이클이 없습니다.
[새로고침] [이 종가라면?]
[오늘 주문] [상태]\
""")
    assert shown(await room.say("/whatif soxl 20")) == snapshot("""\
SOXL 종목으로 도는 사이클이 없습니다. 아래에서 골라 주세요.
[TQQQ]
[미리보기] [오늘 주문]\
""")


async def test_a_supposed_close_moves_by_buttons_in_its_own_message(room: Room) -> None:
    await room.floor.begin()
    await room.floor.look(TABLE.propose_at)
    await room.settle()
    assert shown(await room.say("/whatif 47.5 tqqq")) == snapshot("""\
10월 7일(수) TQQQ 종가가 $47.50이면 (-5.00%, 가정)
체결:
매수 별LOC   4주 $47.50
매수 평단LOC 6주 $47.50
보유 50주 · 평단 $49.50 · T 4.00→5.00 · 소진율 25.0%
실현 $0.00
그다음 회차:
매도 목표    38주 $56.93
매도 쿼터LOC 12주 $53.21
매수 별LOC    4주 $53.20
매수 평단LOC  6주 $49.50
급락 대비 2건 $45.60~$41.80
아무것도 보내지 않습니다. 장중 고가·저가는 두 종가 사이로 봅니다.
[-5%] [-3%] [0%] [+3%] [+5%]
[미리보기] [오늘 주문]\
""")
    moved = await room.press("+5%")
    assert shown(moved) == snapshot("""\
10월 7일(수) TQQQ 종가가 $52.50이면 (+5.00%, 가정)
체결:
매수 별LOC 4주 $52.50
보유 44주 · 평단 $50.23 · T 4.00→4.50 · 소진율 22.5%
실현 $0.00
그다음 회차:
매도 목표    33주 $57.76
매도 쿼터LOC 11주 $54.37
매수 별LOC    4주 $54.36
매수 평단LOC  6주 $50.23
급락 대비 2건 $45.68~$41.88
아무것도 보내지 않습니다. 장중 고가·저가는 두 종가 사이로 봅니다.
[-5%] [-3%] [0%] [+3%] [+5%]
[미리보기] [오늘 주문]\
""")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("0", snapshot("종가는 0.01달러 이상의 숫자로 적어 주세요 (예: 92.50).")),
        (
            "1,23",
            snapshot("'1,23'은 읽을 수 없는 숫자나 날짜입니다. 예: 1,234.5 · 2만 · 5% · 11/3"),
        ),
        (
            "2만",
            snapshot("하루에 그만큼 움직이지 않습니다. -90%에서 90% 사이로 적어 주세요."),
        ),
        ("₩92", snapshot("종가는 달러로 적어 주세요. 예: soxl 92.50")),
        ("-99%", snapshot("하루에 그만큼 움직이지 않습니다. -90%에서 90% 사이로 적어 주세요.")),
        (
            "🚀",
            snapshot(
                "'🚀'는 알아듣지 못했습니다. 아래 버튼을 쓰거나 종목, 날짜, 숫자만 적어 주세요."
            ),
        ),
        ("9" * 400, snapshot("글이 너무 깁니다(200자까지). 종목, 날짜, 금액만 적어 주세요.")),
    ],
)
async def test_a_close_that_is_none_is_answered_by_a_sentence(
    room: Room, typed: str, answer: str
) -> None:
    await room.floor.begin()
    await room.floor.look(TABLE.propose_at)
    await room.settle()
    said = await room.say(f"/whatif {typed}")
    assert said["text"] == answer


async def test_a_day_is_explained_and_worked_out_again(room: Room) -> None:
    await room.floor.begin()
    room.floor.counter.closes[DAY] = Decimal("49.10")
    await room.floor.live(TABLE.settle_again_at)
    await room.settle()
    assert shown(await room.say("/why 10/7")) == snapshot("""\
10월 7일(수) TQQQ: 정산까지 끝났습니다
매도 목표    30주 $57.50 미체결
매도 쿼터LOC 10주 $54.50 미체결
매수 별LOC    4주 $54.49 체결 4주 $49.10
매수 평단LOC  6주 $50.00 체결 6주 $49.10
급락 대비 2건 $45.45~$41.66 미체결
전반전: T 4 < 20 / 2 = 10
1회매수금 500.00 = 잔금 8000.00 / (20 - 4)
매도 목표: 목표 57.50 = 평단 50 x 1.15; 보유 40주 - 10주 = 30주
매도 쿼터LOC: 별지점 54.50 = 평단 50 x 1.09; 보유 40주의 1/4 = 10주
매수 별LOC: 별지점 54.50 = 평단 50 x 1.09, 매수는 0.01 아래; 1회매수금 500.00의 절반 / 54.49 = 4주
매수 평단LOC: 평단 50; 1회매수금 500.00 / 50.00 = 10주 - 위 주문 4주 = 6주
급락 대비 2건: 1주씩; 1회매수금 500.00 / 11주 = 45.45부터 / 12주 = 41.66까지
입력 (기록 그대로):
종가 $50.00 · $50.00 · $50.00
수량 40주
평단 $50.00
T    4.00
잔금 $8,000.00
룰   V4.0 20분할
✅ 같은 입력으로 다시 계산해 같은 주문이 나왔습니다.
[10월 6일(화)] [10월 8일(목)]
[오늘 주문] [체결 내역]\
""")
    before = await room.press("10월 6일(화)")
    assert shown(before) == snapshot("""\
10월 6일(화): 회차가 없습니다. 미국장이 쉬었거나, 그날 도는 사이클이 없었습니다.
[10월 5일(월)] [10월 7일(수)]
[오늘 주문] [체결 내역]\
""")


async def test_the_fills_of_a_day(room: Room) -> None:
    await room.floor.begin()
    room.floor.counter.closes[DAY] = Decimal("49.10")
    await room.floor.live(TABLE.settle_again_at)
    await room.settle()
    assert shown(await room.say("체결")) == snapshot("""\
10월 7일(수) 미국장 체결 2건
TQQQ 매수 별LOC   4주 $49.10
TQQQ 매수 평단LOC 6주 $49.10
매수 합계 $491.00
[10월 6일(화)] [10월 8일(목)]
[오늘 주문] [미체결 보기]\
""")
    assert shown(await room.say("/fills 2026-10-06")) == snapshot("""\
10월 6일(화) 미국장 체결 0건
봇의 주문은 체결된 것이 없습니다.
[10월 5일(월)] [10월 7일(수)]
[오늘 주문] [미체결 보기]\
""")
    assert (await room.say("/fills 13/45"))["text"] == snapshot(
        "'13/45'는 읽을 수 없는 숫자나 날짜입니다. 예: 1,234.5 · 2만 · 5% · 11/3"
    )


async def test_the_account_is_looked_at_first_and_booked_by_a_second_press(room: Room) -> None:
    await out(room)
    buy = next(o for o in await room.floor.orders() if o.slot.side is Side.BUY)
    room.floor.counter.fill(buy.order_number or "", 1, "49.00")
    assert shown(await room.say("/sync")) == snapshot("""\
장부와 계좌를 견주었습니다. 아직 아무것도 바꾸지 않았습니다.

TQQQ
장부   40주
계좌   41주
미체결  6건
아직 장부에 없는 체결 1주
⚠️ 다릅니다.
[체결 반영하기]
[새로고침] [상태]\
""")
    await room.press("체결 반영하기")
    assert shown(await latest(room)) == snapshot("""\
한투 목록의 체결과 주문 상태를 장부에 넣을까요? 새 주문은 나가지 않습니다. (60초 안에 눌러 주세요)
[반영하기] [그만두기]\
""")
    receipt = await room.press("반영하기")
    assert shown(receipt) == snapshot("""\
반영했습니다: 주문 1건이 새로 고쳐졌습니다.
[다시 견주기] [미체결 보기]\
""")
    assert shown(await room.say("맞추기")) == snapshot("""\
장부와 계좌를 견주었습니다. 아직 아무것도 바꾸지 않았습니다.

TQQQ
장부   41주
계좌   41주
미체결  6건
✅ 맞습니다.
[새로고침] [상태]\
""")


async def test_what_silence_means_stands_on_the_card_and_is_told_when_it_happens(
    room: Room,
) -> None:
    await room.floor.begin(approval=Approval.CONFIRM)
    choice = SetUnattended(cycle_id=1, choice=Unattended.SELLS, by=ALICE)
    await room.floor.bus.ask(choice)
    await room.floor.look(TABLE.propose_at)
    await room.settle()
    card = shown(await room.chat.having("승인")).splitlines()
    assert [line for line in card if "누르지 않으면" in line] == snapshot(
        ["승인 마감 04:30 (한국 시각). 누르지 않으면 마감 10분 전에 매도만 보냅니다."]
    )
    await room.floor.live(TABLE.deadline - timedelta(minutes=8))
    await room.settle()
    said = [m["text"] for m in await room.chat.messages() if "승인이 없어" in m["text"]]
    assert said == snapshot(
        [
            """\
10월 7일(수) 미국장 · TQQQ
V4.0 20분할 · 전반전 · T 4.00
별% +9.00 · 별지점 $54.50 · 1회 $500.00
매도 목표    30주 $57.50 접수 04:20:00
매도 쿼터LOC 10주 $54.50 접수 04:20:00
승인이 없어, 정해 두신 대로 매도만 보냈습니다.
접수 2/2
마감 05:00 이후 이 메시지가 결과로 바뀝니다.\
""",
            """\
10월 7일(수) TQQQ 회차에 승인이 없어 매도만 보냅니다.
왜: 응답이 없으면 그렇게 하도록 정해 두셨습니다.
지금: 원하지 않으면 마감 전에 오늘 건너뛰기를 눌러 취소할 수 있습니다.\
""",
        ]
    )


async def test_silence_promises_no_sells_where_none_is_planned(room: Room) -> None:
    await room.floor.begin(holding(quantity=0), approval=Approval.CONFIRM)
    choice = SetUnattended(cycle_id=1, choice=Unattended.SELLS, by=ALICE)
    await room.floor.bus.ask(choice)
    await room.floor.look(TABLE.propose_at)
    await room.settle()
    told = "오늘은 매도가 없어, 누르지 않으면 아무것도 보내지 않습니다."
    assert told in shown(await room.chat.having("승인"))
    await room.floor.live(TABLE.reminders[0])
    await room.settle()
    assert told in next(m["text"] for m in await room.chat.messages() if "60분 전" in m["text"])


async def test_the_last_reminder_promises_nothing_for_a_moment_gone_by(room: Room) -> None:
    await room.floor.begin(approval=Approval.CONFIRM)
    choice = SetUnattended(cycle_id=1, choice=Unattended.SELLS, by=ALICE)
    await room.floor.bus.ask(choice)
    await room.floor.look(TABLE.propose_at)
    await room.floor.bus.ask(Pause(everything=True, by=ALICE))
    for at in TABLE.reminders:
        await room.floor.live(at)
    await room.settle()
    said = [m["text"] for m in await room.chat.messages() if "분 전입니다" in m["text"]]
    assert [("5분 전입니다" in text, "10분 전에" in text) for text in said][-1] == (True, False)
    assert "10분 전에 매도만" in said[-2]


@pytest.mark.parametrize("command", ["/why 2027-01-01", "/fills 2027-01-01"])
async def test_a_day_to_come_is_not_told_as_one_without_rounds(room: Room, command: str) -> None:
    await room.floor.begin()
    assert "아직 오지 않은 날" in shown(await room.say(command))


async def test_a_button_acts_from_its_own_message_only(room: Room) -> None:
    await waits(room)
    await room.say("/skip")
    question = await latest(room)
    data = key(question, "건너뛰기")
    other = await room.say("/status")
    await forged(room, other["id"], data)
    assert (await latest(room))["text"] == snapshot(
        "이 버튼은 더 이상 쓸 수 없습니다. 첫 화면에서 다시 눌러 주세요."
    )
    assert (await room.floor.round()).state is RoundState.PROPOSED


async def test_a_button_of_yesterdays_plan_cannot_act(room: Room) -> None:
    await waits(room)
    await room.say("/skip")
    await room.press("건너뛰기")
    asked = await latest(room)
    await room.floor.live(table_of(NEXT).propose_at)
    await room.settle()
    await room.chat.press("건너뛰기", message=asked)
    await room.settle()
    assert (await latest(room))["text"] == snapshot(
        "이 회차는 이미 결정되었습니다. 더 할 일은 없습니다."
    )
    assert (await room.floor.round(NEXT)).state is RoundState.PROPOSED


async def test_a_card_is_brought_up_to_date_in_its_place(room: Room) -> None:
    await out(room)
    card = await room.chat.having("새로고침")
    again = await room.press("새로고침")
    assert again["id"] == card["id"]
    assert "접수" in again["text"]


async def test_the_second_press_of_a_cancel_cancels_nothing_more(room: Room) -> None:
    await out(room)
    await room.say("/orders")
    await room.press("모두 취소")
    asked = await latest(room)
    await room.chat.press("취소하기", message=asked)
    await room.settle()
    asked_for = len(room.floor.counter.cancelled)
    await forged(room, asked["id"], key(asked, "취소하기"))
    assert (await latest(room))["text"] == snapshot(
        "이미 누른 버튼입니다. 두 번 처리하지 않았습니다."
    )
    assert len(room.floor.counter.cancelled) == asked_for


async def test_the_day_is_spoken_in_english_without_a_korean_letter(room: Room) -> None:
    await room.front.desk.people.set(OWNER, LANGUAGE, "en")
    await out(room)
    for command in (
        "/orders",
        "/fills",
        "/why",
        "/sync",
        "/skip",
        "/buynow",
        "/plan",
        "/whatif -3%",
    ):
        answer = shown(await room.say(f"/{command}"))
        assert not HANGUL.search(answer), answer
    await room.press("Skip today")
    asked = shown(await latest(room))
    assert not HANGUL.search(asked), asked
    receipt = await room.press("Cancel buys only")
    assert not HANGUL.search(shown(receipt)), receipt


async def test_a_viewer_is_offered_nothing_that_would_be_refused(room: Room) -> None:
    await out(room)
    person = room.front.desk.people.of(OWNER)
    assert person is not None
    viewer = replace(room.front.desk, person=replace(person, role=Role.VIEWER))
    await orders(viewer, Asked(user_id=OWNER))
    assert captions(await latest(room)) == ["새로고침", "체결 내역", "오늘 주문"]
