"""The main messages, word for word."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from inline_snapshot import snapshot
from structlog.testing import capture_logs

from bot.commands import PlanPreview
from bot.events import (
    FillBooked,
    LedgerMismatched,
    OrderAccepted,
    OrderClosed,
    OrderDeferred,
    OrderRefused,
    OrderSent,
    OrderUnknown,
    RoundApproved,
    RoundSettled,
    RoundSubmitted,
)
from bot.trading.model import SCHEDULE, Approval, OrderState
from strategy.cycle import FinishedCycle
from strategy.model import Phase
from tests.bot.telegram.conftest import House, captions
from tests.bot.telegram.samples import (
    AFTER,
    CLOSE,
    CYCLE,
    PLAN,
    ROUND,
    SETTLED,
    SKIPPING,
    SLOTS,
    proposed,
    started,
)

APPROVED = RoundApproved(round_id=ROUND, slots=SLOTS, by=SCHEDULE)


async def told(house: House, command: str) -> str:
    await house.chat.send(command)
    await house.settle()
    return str((await house.chat.last())["text"])


async def card(house: House) -> str:
    await house.settle()
    return next(text for text in await house.chat.said() if "미국장" in text)


async def test_the_home_card(house: House) -> None:
    await house.service.record(started())
    assert await told(house, "/start") == snapshot("""\
안녕하세요, 무한입니다.
상태: 가동 중 · 데모 · ****-01 · 다음 주문 10월 7일(수) 18:30
TQQQ T 7.50/40 소진율 18.8% 확인\
""")
    offered = ["오늘 주문", "상태", "손익", "일시정지", "도움말", "새로고침"]
    assert captions(await house.chat.last()) == offered


async def test_the_status(house: House) -> None:
    await house.service.record(
        started(),
        LedgerMismatched(cycle_id=1, symbol="TQQQ", ledger_quantity=37, broker_quantity=25),
    )
    await house.settle()
    asked = await told(house, "/status")
    *_, status, count, _ = await house.chat.said()
    assert asked.startswith("⚠️ TQQQ 장부 37주 ≠ 잔고 25주"), "the question, with its buttons"
    assert count == "아직 정하지 않은 것이 1건 있습니다. 아래에서 정해 주세요."
    assert status == snapshot("""\
상태: 가동 중

TQQQ · V4.0 40분할 · 승인 방식 확인
T      7.50/40
소진율 18.8%
보유   37주 · 평단 $101.23
잔금   $6,250.11
원금   $10,000.00
실현   $0.00 · 수수료 $0.00
사이클 2번째 · 11일째
⚠️ 장부 37주 ≠ 잔고 25주라 멈춰 있습니다.\
""")


async def test_the_proposed_card(house: House) -> None:
    await house.service.record(started(), proposed())
    assert await card(house) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표    28주 $121.48
매도 쿼터LOC  9주 $113.88
매수 별LOC    1주 $113.87
매수 평단LOC  2주 $101.23
급락 대비 2건 $76.92~$61.53
승인 마감 04:30 (한국 시각). 누르지 않으면 아무것도 보내지 않습니다.\
""")


async def test_a_card_with_a_leg_left_out(house: House) -> None:
    await house.service.record(started(), proposed(Approval.AUTO, SKIPPING))
    assert await card(house) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표 28주 $121.48
매수 별LOC 생략: 1회매수금 92.31: 113.87에 1주를 살 수 없어 매수와 급락 대비 주문이 없습니다.
주문 시간이 되면 자동으로 보냅니다. 마감 04:30 (한국 시각)\
""")


async def test_the_card_while_orders_go_out_with_one_refused_and_one_put_off(
    house: House,
) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    for number, slot in enumerate(SLOTS[:4]):
        await house.service.record(
            OrderSent(slot=slot.key, tries=1, baseline=()),
            OrderAccepted(slot=slot.key, order_number=str(number)),
        )
    await house.service.record(
        OrderRefused(slot=SLOTS[4].key, code="APBK0952", message="주문가능금액을 초과했습니다"),
        OrderDeferred(
            slot=SLOTS[5].key, code="APBK1663", message="장 시작 전입니다", retry_at=CLOSE
        ),
        RoundSubmitted(round_id=ROUND),
    )
    assert await card(house) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표    28주 $121.48 접수 18:20:00
매도 쿼터LOC  9주 $113.88 접수 18:20:00
매수 별LOC    1주 $113.87 접수 18:20:00
매수 평단LOC  2주 $101.23 접수 18:20:00
급락 대비 2건 $76.92~$61.53
  대기 1 · 거부 1
급락 대비 거부: APBK0952 주문가능금액을 초과했습니다
급락 대비 대기 05:00: APBK1663 장 시작 전입니다
접수 4/6
마감 05:00 이후 이 메시지가 결과로 바뀝니다.\
""")
    assert [text for text in await house.chat.said() if "거부했습니다" in text] == snapshot(
        [
            """\
⚠️ TQQQ 급락 대비 1주 $76.92 주문을 한투가 거부했습니다.
왜: 주문가능금액을 초과했습니다 (APBK0952)
지금: 이 주문은 오늘 다시 보내지 않습니다. 나머지 주문은 그대로 갑니다.\
"""
        ]
    )


async def test_the_result_and_the_days_report(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    fills = [FillBooked(slot=SLOTS[3].key, quantity=2, price=Decimal("99.10"))]
    ends = [
        OrderClosed(
            slot=slot.key,
            state=OrderState.FILLED if slot is SLOTS[3] else OrderState.EXPIRED,
            reason="",
        )
        for slot in SLOTS
    ]
    settled = replace(SETTLED, notes=("star partial_without_credit",), provisional=True)
    await house.service.record(*fills, *ends, settled, at=CLOSE)
    assert await card(house) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표    28주 $121.48 미체결
매도 쿼터LOC  9주 $113.88 미체결
매수 별LOC    1주 $113.87 미체결
매수 평단LOC  2주 $101.23 체결 2주 $99.10
급락 대비 2건 $76.92~$61.53 미체결
결과: 매수 2주 $99.10 체결 · 매도 없음 (종가 $99.10)
보유 39주 · 평단 $101.12 · T 7.50→8.50 · 소진율 21.3%
수수료 $0.14 · 실현 -$0.14 · 사이클 12일째 · 평가 -2.00%
매수 별LOC: 절반 미만 체결이라 T에 더하지 않았습니다.
종가는 잠정입니다. 한투가 낮 12시까지 고칠 수 있습니다.\
""")
    assert (await house.chat.said())[-1] == snapshot("""\
10월 7일(수) 결과 · TQQQ
종가        $99.10
평가        -$78.81 (-2.00%)
체결        매수 2주 · 매도 0주
보유        39주 · 평단 $101.12
T           7.50→8.50
소진율      21.3%
잔금        $6,051.77
다음 별지점 $109.84
남은 회차   31회
실현        -$0.14 · 수수료 $0.14\
""")
    assert await told(house, "/report") == snapshot("""\
10월 7일(수) 미국장 결과
매수 2주 · 매도 0주 · 실현 -$0.14 · 수수료 $0.14

TQQQ 2번째 사이클 · 12일째
T      8.50/40
소진율 21.3% · 최대 T 8.50
보유   39주 · 평단 $101.12
잔금   $6,051.77
실현   -$0.14 · 수수료 $0.14
평가   -2.00%

누적 1거래일 · 실현 -$0.14 · 수수료 $0.14
아직 졸업한 사이클이 없습니다.\
""")


async def test_a_finished_cycle(house: House) -> None:
    finished = FinishedCycle(
        number=2,
        started=date(2026, 9, 21),
        ended=date(2026, 10, 7),
        sessions=12,
        principal=Decimal(10000),
        realized=Decimal("412.55"),
        fees=Decimal("6.20"),
        max_turn=Decimal("11.5"),
        exhausted=False,
    )
    following = replace(CYCLE, number=3, principal=Decimal("10412.55"), quantity=0)
    settled: RoundSettled = replace(SETTLED, finished=finished, after=following)
    await house.service.record(started(), proposed(), settled)
    await house.settle()
    assert (await house.chat.said())[-1] == snapshot("""\
🎓 TQQQ 2번째 사이클 졸업
12거래일 · 최대 T 11.50 · 수수료 $6.20
실현 +$412.55 (+4.13%)
매수 $0.00 · 매도 $0.00 (#1)
이어받은 주식의 원가 $3,745.51
다음 사이클 원금 $10,412.55 (복리), 다음 거래일부터 시작합니다.
아무것도 누르지 않으면 그대로 시작합니다.\
""")


async def test_an_unknown_order_says_what_why_and_what_now(house: House) -> None:
    await house.service.record(
        started(), proposed(), APPROVED, OrderUnknown(slot=SLOTS[2].key, reason="no answer in time")
    )
    await house.settle()
    alarm = await house.chat.last()
    assert alarm["text"] == snapshot("""\
⚠️ TQQQ 매수 별LOC 1주 $113.87 주문이 확인되지 않습니다.
왜: 한투의 응답을 받지 못했습니다 (제때 답이 오지 않았습니다). 다시 보내지 않았습니다.
지금: 한투의 주문 목록을 계속 확인합니다. 앱에서 직접 다시 주문하지 말고 기다려 주세요.\
""")
    assert alarm["reply"]["text"].startswith("10월 7일(수) 미국장")


async def test_entering_the_reverse_phase_is_told_with_the_plan(house: House) -> None:
    await house.service.record(started(), proposed(), SETTLED)
    spent = replace(AFTER, phase=Phase.REVERSE, reverse_day=1, turn=Decimal("39.5"))
    tomorrow = replace(
        proposed(plan=replace(PLAN, cycle=spent, half=None, star_percent=None)),
        round_id="2026-10-08.1",
        session=date(2026, 10, 8),
    )
    await house.service.record(tomorrow)
    await house.settle()
    assert (await house.chat.said())[-1] == snapshot("""\
⚠️ TQQQ는 원금이 소진되어 리버스 모드에 들어갑니다 (V4.0, T 39.50).
첫날은 종가에 팔기만 하고, 다음 날부터 5일 평균을 별지점으로 씁니다.\
""")
    assert "리버스 1일째" in (await house.chat.said())[-2]


async def test_the_preview_and_the_open_orders(house: House) -> None:
    house.service.previews = (
        PlanPreview(cycle_id=1, session="2026-10-08", plan=SKIPPING, reason=""),
        PlanPreview(cycle_id=1, session="2026-10-08", plan=None, reason="<b>종가</b> 없음"),
    )
    await house.service.record(
        started(), proposed(), APPROVED, OrderAccepted(slot=SLOTS[0].key, order_number="1")
    )
    await house.settle()
    assert await told(house, "/plan") == snapshot("""\
다음 회차 미리보기입니다. 아무것도 보내지 않습니다.

10월 8일(목) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표 28주 $121.48
전반전: T 7.5 < 40 / 2 = 20
1회매수금 192.31 = 잔금 6250.11 / (40 - 7.5)
별지점 113.88 = 평단 101.23 x 1.125
매수 별LOC 생략: 1회매수금 92.31: 113.87에 1주를 살 수 없어 매수와 급락 대비 주문이 없습니다.

10월 8일(목) · TQQQ: 계획할 수 없습니다.
이유: <b>종가</b> 없음\
""")
    assert await told(house, "/orders") == snapshot("""\
미체결 주문 1건
TQQQ 매도 목표 28주 $121.48 접수

보낼 때를 기다리는 주문 5건
TQQQ 매도 쿼터LOC 9주 $113.88 대기
TQQQ 매수 별LOC   1주 $113.87 대기
TQQQ 매수 평단LOC 2주 $101.23 대기
TQQQ 급락 대비    1주  $76.92 대기
TQQQ 급락 대비    1주  $61.53 대기\
""")


async def test_today_points_at_a_fresh_card_and_moves_an_old_one_down(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    first = await house.chat.having("승인")
    assert (await told(house, "/today")).startswith("오늘 회차는 이 메시지에 있습니다")
    assert (await house.chat.last())["reply"]["id"] == first["id"]
    await house.restart()
    assert "미국장" in await told(house, "/today")
    said = {message["id"]: message["text"] for message in await house.chat.messages()}
    assert said[first["id"]] == "이 회차의 메시지는 아래로 옮겼습니다."
    await house.chat.press("승인")
    await house.settle()
    assert "승인됨" in (await house.chat.last())["text"]


async def test_what_is_no_command_gets_one_sentence(house: House) -> None:
    assert await told(house, "다 팔아줘") == (
        "말로 하는 지시는 받지 않습니다. 아래 버튼을 눌러 주세요."
    )
    assert await told(house, "/sellall") == "모르는 명령입니다. 아래에서 골라 주세요."


async def test_a_button_of_the_home_card_opens_its_page_every_time(house: House) -> None:
    await house.service.record(started())
    await told(house, "/start")
    home = await house.chat.last()
    for _ in range(2):
        await house.chat.press("상태", message=home)
        await house.settle()
    assert sum("2번째 · 11일째" in text for text in await house.chat.said()) == 2


async def test_an_unforeseen_error_is_a_sentence_for_whoever_asked(house: House) -> None:
    house.service.previews = (None,)  # type: ignore[assignment]  # what a broken service might say
    with capture_logs() as logged:
        assert (await told(house, "/plan")).startswith("처리하지 못했습니다")
    assert "a handler failed" in [line["event"] for line in logged]
