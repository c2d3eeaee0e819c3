"""What a round's card says in a rehearsal, word for word, from the plan to the official close."""

from dataclasses import replace
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.events import (
    FillBooked,
    OrderAccepted,
    OrderClosed,
    OrderSent,
    RoundApproved,
    RoundForeseen,
    RoundSubmitted,
)
from bot.telegram.card import round_card
from bot.telegram.catalogue import Words
from bot.trading.model import SCHEDULE, OrderState
from tests.bot.telegram.conftest import House
from tests.bot.telegram.samples import (
    AFTER,
    CLOSE,
    ROUND,
    SESSION,
    SETTLED,
    SLOTS,
    proposed,
    started,
)

APPROVED = RoundApproved(round_id=ROUND, slots=SLOTS, by=SCHEDULE)
FORESEEN = RoundForeseen(
    round_id=ROUND,
    session=SESSION,
    close=Decimal("99.30"),
    bought=2,
    sold=0,
    realized=SETTLED.realized,
    turn=AFTER.turn,
    quantity=AFTER.quantity,
)


@pytest.fixture
async def paper(house: House) -> House:
    """The house in venue paper."""
    await house.front.stop()
    house.front = house.build(house.service.bus, venue="paper")
    await house.front.start()
    await house.front.first_poll_done.wait()
    return house


async def card(house: House) -> str:
    await house.settle()
    return next(text for text in await house.chat.said() if text.startswith("리허설 · 실제"))


async def english(house: House) -> str:
    view = await house.service.views.round(ROUND)
    assert view is not None
    return round_card(Words("en"), view, venue="paper")


async def out(house: House) -> None:
    await house.service.record(started(), proposed(), APPROVED)
    for number, slot in enumerate(SLOTS):
        await house.service.record(
            OrderSent(slot=slot.key, tries=1, baseline=()),
            OrderAccepted(slot=slot.key, order_number=str(number)),
        )
    await house.service.record(RoundSubmitted(round_id=ROUND))


async def test_a_plan_says_that_it_is_a_rehearsal_and_when_loc_and_moc_are_decided(
    paper: House,
) -> None:
    await paper.service.record(started(), proposed())
    assert await card(paper) == snapshot("""\
리허설 · 실제 계좌에는 주문하지 않습니다.
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표    28주 $121.48
매도 쿼터LOC  9주 $113.88
매수 별LOC    1주 $113.87
매수 평단LOC  2주 $101.23
급락 대비 2건 $76.92~$61.53
LOC·MOC 결과는 10월 8일(목) 낮 12시(한국 시각) 공식 종가로 나옵니다.
승인 마감 04:30 (한국 시각). 누르지 않으면 아무것도 보내지 않습니다.\
""")
    assert (await english(paper)).splitlines()[:1] == snapshot(
        ["Rehearsal · nothing is ordered on a real account."]
    )
    assert (await english(paper)).splitlines()[-2:] == snapshot(
        [
            "LOC and MOC results come with the official close, Thu 8 Oct at noon in Seoul.",
            "Approve by 04:30 (Seoul). Without a tap nothing is sent.",
        ]
    )


async def test_an_approved_round_says_it_too(paper: House) -> None:
    await paper.service.record(started(), proposed(), APPROVED)
    assert (await card(paper)).splitlines()[-3:] == snapshot(
        [
            "접수 0/6",
            "승인됨 · 주문을 보내는 중입니다.",
            "LOC·MOC 결과는 10월 8일(목) 낮 12시(한국 시각) 공식 종가로 나옵니다.",
        ]
    )


async def test_before_the_close_a_round_that_is_out_says_what_comes_when(paper: House) -> None:
    await out(paper)
    assert (await card(paper)).splitlines()[-3:] == snapshot(
        [
            "접수 6/6",
            "마감 05:00 뒤에 잠정 결과를 보여 드리고,",
            "10월 8일(목) 낮 12시(한국 시각) 뒤에 공식 종가로 확정합니다.",
        ]
    )
    assert (await english(paper)).splitlines()[-3:] == snapshot(
        [
            "Accepted 6/6",
            "A provisional result is shown after the close at 05:00;",
            "it is final by the official close, Thu 8 Oct after noon in Seoul.",
        ]
    )


async def test_after_the_close_the_card_is_provisional_until_noon(paper: House) -> None:
    await out(paper)
    await paper.service.record(FORESEEN, at=CLOSE)
    assert await card(paper) == snapshot("""\
리허설 · 실제 계좌에는 주문하지 않습니다.
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표    28주 $121.48 접수 18:20:00
매도 쿼터LOC  9주 $113.88 접수 18:20:00
매수 별LOC    1주 $113.87 접수 18:20:00
매수 평단LOC  2주 $101.23 접수 18:20:00
급락 대비 2건 $76.92~$61.53 접수 18:20:00
접수 6/6
잠정 (마지막 시세 $99.30) · 매수 2주 · 매도 0주
보유 39주 · T 8.50 · 실현 -$0.14
10월 8일(목) 낮 12시(한국 시각) 뒤에 공식 종가로 확정합니다.\
""")
    assert (await english(paper)).splitlines()[-3:] == snapshot(
        [
            "Provisional (last price $99.30) · bought 2 · sold 0",
            "Holding 39 · T 8.50 · realized -$0.14",
            "Final by the official close, Thu 8 Oct after noon in Seoul.",
        ]
    )
    assert (await paper.chat.said())[-1] == snapshot("""\
10월 7일(수) 리허설 잠정 · TQQQ · 마지막 시세 $99.30
매수 2주 · 매도 0주 · 보유 39주 · T 8.50 · 실현 -$0.14
공식 종가는 낮 12시 뒤에 옵니다. 그때 확정해 알려 드립니다.\
""")


async def test_the_result_says_by_which_close_it_is(paper: House) -> None:
    await out(paper)
    average = SLOTS[3].key
    await paper.service.record(
        FORESEEN,
        FillBooked(slot=average, quantity=2, price=Decimal("99.10")),
        OrderClosed(slot=average, state=OrderState.FILLED, reason=""),
        SETTLED,
        at=CLOSE,
    )
    told = await card(paper)
    assert told.splitlines()[0] == snapshot("리허설 · 실제 계좌에는 주문하지 않습니다.")
    assert told.splitlines()[-4:] == snapshot(
        [
            "결과: 매수 2주 $99.10 체결 · 매도 없음 (종가 $99.10)",
            "보유 39주 · 평단 $101.12 · T 7.50→8.50 · 소진율 21.3%",
            "수수료 $0.14 · 실현 -$0.14 · 사이클 12일째 · 평가 -2.00%",
            "리허설 결과 · 공식 종가로 확정했습니다.",
        ]
    )
    assert (await paper.chat.said())[-1].splitlines()[-1] == snapshot(
        "리허설 결과 · 공식 종가로 확정했습니다."
    )
    assert (await english(paper)).splitlines()[-1] == snapshot(
        "Rehearsed · final, by the official close."
    )


async def test_a_close_that_did_not_come_is_not_called_correctable_until_a_noon_that_is_past(
    paper: House,
) -> None:
    await out(paper)
    await paper.service.record(replace(SETTLED, provisional=True), at=CLOSE)
    assert (await card(paper)).splitlines()[-1] == snapshot(
        "리허설 결과 · 공식 종가가 오지 않아 종가는 마지막 시세입니다."
    )
    assert (await english(paper)).splitlines()[-1] == snapshot(
        "Rehearsed · the official close did not come: the close shown is the last price."
    )


@pytest.mark.parametrize("venue", ["demo", "mock", "real"])
async def test_no_other_venue_speaks_of_a_rehearsal(house: House, venue: str) -> None:
    await out(house)
    view = await house.service.views.round(ROUND)
    assert view is not None
    assert "리허설" not in round_card(Words(), view, venue=venue)
    assert "이 메시지가 결과로 바뀝니다" in round_card(Words(), view, venue=venue)


async def test_orders_whose_end_was_not_seen_are_told_once_and_not_as_refused(paper: House) -> None:
    await out(paper)
    why = "시세 끊김, feed gap 23:41-23:49"
    target, quarter = SLOTS[:2]
    await paper.service.record(
        OrderClosed(slot=target.key, state=OrderState.EXPIRED, reason=why),
        OrderClosed(slot=quarter.key, state=OrderState.EXPIRED, reason=why),
    )
    await paper.settle()
    told = [text for text in await paper.chat.said() if text.startswith("⚠️")]
    assert told == snapshot(
        [
            """\
⚠️ 리허설에서 알 수 없어 미체결로 끝낸 주문 2건
TQQQ 매도 목표 28주 $121.48
TQQQ 매도 쿼터LOC 9주 $113.88
왜: 시세 끊김 23:41-23:49
지금: 할 일은 없습니다. 본 체결만 장부에 남고, 나머지는 짐작하지 않습니다.\
"""
        ]
    )
    assert (await card(paper)).splitlines()[4:6] == snapshot(
        ["매도 목표    28주 $121.48 미체결", "매도 쿼터LOC  9주 $113.88 미체결"]
    )
