"""The counter over KIS: what its answers to an order become in trading's words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.trading.broker import KisBroker
from bot.trading.model import Slot
from bot.trading.ports import NotSent, Refused
from kis.wire import codes as wire
from strategy.changes import ShareSplit
from strategy.model import Leg, OrderType, Side
from tests.kis.counter import Counter, kis_at, ok, open_counter, refused

STAR = Slot(
    key="2026-10-07.1.0.1",
    round_id="2026-10-07.1",
    index=0,
    attempt=1,
    symbol="TQQQ",
    side=Side.BUY,
    type=OrderType.LOC,
    price=Decimal("54.49"),
    quantity=4,
    leg=Leg.STAR,
)


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    async with open_counter() as counter:
        yield counter


@pytest.fixture
async def broker(counter: Counter, tmp_path: Path) -> AsyncIterator[KisBroker]:
    async with kis_at(counter, tmp_path / "token.json") as kis:
        yield KisBroker(kis)


@pytest.mark.parametrize(
    ("kind", "words", "waits"),
    [
        (OrderType.LOC, ("APBK0918", "장운영시간이 아닙니다."), True),
        (OrderType.LOC, ("APBK1269", "주문구분을 확인하여 주십시오"), True),
        (OrderType.LIMIT, ("APBK1269", "주문구분을 확인하여 주십시오"), False),
        (OrderType.LOC, ("APBK0952", "주문가능금액을 초과 했습니다"), False),
    ],
)
async def test_an_order_of_the_close_that_is_not_taken_yet_waits_for_the_open(
    kind: OrderType, words: tuple[str, str], waits: bool, broker: KisBroker, counter: Counter
) -> None:
    code, message = words
    counter.plays(wire.ORDER, refused(code, message, rt_cd="7"))
    answer = await broker.place(replace(STAR, type=kind))
    assert isinstance(answer, Refused)
    assert (answer.code, answer.message, answer.outside_hours) == (code, message, waits)


@pytest.mark.parametrize(
    "slot",
    [
        replace(STAR, type=OrderType.MOC, price=None),
        replace(STAR, price=None),
        replace(STAR, price=Decimal("54.491")),
        replace(STAR, quantity=0),
    ],
)
async def test_what_is_no_order_is_refused_before_a_byte_is_written(
    slot: Slot, broker: KisBroker, counter: Counter
) -> None:
    answer = await broker.place(slot)
    assert isinstance(answer, Refused)
    assert answer.code == ""
    assert counter.to(wire.ORDER) == []


async def test_an_order_that_is_down_as_sent_waits_for_no_question_about_its_symbol(
    broker: KisBroker, counter: Counter
) -> None:
    """The price that is read before it has found the exchange; without that nothing goes."""
    answer = await broker.place(replace(STAR, symbol="SPXL"))
    assert isinstance(answer, NotSent)
    assert counter.asked == []


POWER = {
    "tr_crcy_cd": "USD",
    "ord_psbl_frcr_amt": "9000.00",
    "sll_ruse_psbl_amt": "1000.00",
    "ovrs_ord_psbl_amt": "10000.00",
    "max_ord_psbl_qty": "0",
    "exrt": "1390.5",
}


@pytest.mark.parametrize(
    ("integrated", "money"), [("10000.000000", Decimal(10000)), ("15000.000000", None)]
)
async def test_dollars_are_counted_unless_won_stand_in_for_them(
    integrated: str, money: Decimal | None, broker: KisBroker, counter: Counter
) -> None:
    counter.plays(wire.BUYING_POWER, ok(output=POWER | {"frcr_ord_psbl_amt1": integrated}))
    assert await broker.money("TQQQ") == money
    (asked,) = counter.to(wire.BUYING_POWER)
    assert asked.query["OVRS_ORD_UNPR"] == "0"


def right(kind: str, ratio: str, cash: str) -> dict[str, str]:
    """A row as KIS's portal shows one (기간별권리)."""
    return {
        "bass_dt": "20261007",
        "rght_type_cd": kind,
        "pdno": "TQQQ",
        "prdt_name": "PROSHARES ULTRAPRO QQQ",
        "prdt_type_cd": "512",
        "std_pdno": "US74347X8314",
        "acpl_bass_dt": "20261006",
        "sbsc_strt_dt": "",
        "sbsc_end_dt": "",
        "cash_alct_rt": "0.0000000000",
        "stck_alct_rt": ratio,
        "crcy_cd": "USD",
        "crcy_cd2": "",
        "crcy_cd3": "",
        "crcy_cd4": "",
        "alct_frcr_unpr": cash,
        "stkp_dvdn_frcr_amt2": "0.00000",
        "stkp_dvdn_frcr_amt3": "0.00000",
        "stkp_dvdn_frcr_amt4": "0.00000",
        "dfnt_yn": "Y",
    }


async def test_announced_splits_and_dividends_are_put_into_tradings_words(
    broker: KisBroker, counter: Counter
) -> None:
    rows = [
        right("14", "200.000000000000", "0.00000"),
        right("15", "20.000000000000", "0.00000"),
        right("03", "0.000000000000", "0.31000"),
    ]
    counter.plays(wire.RIGHTS, ok(output=rows, ctx_area_fk50="", ctx_area_nk50=""))
    found = await broker.announced("TQQQ", date(2026, 10, 1), date(2026, 10, 14))
    splits = [each.split for each in found if each.split is not None]
    assert splits == [ShareSplit(new=2, old=1), ShareSplit(new=1, old=5)]
    assert [each.cash for each in found if each.split is None] == [Decimal("0.31")]
    assert {each.day for each in found} == {date(2026, 10, 7)}


async def test_practice_accounts_announce_nothing(counter: Counter, tmp_path: Path) -> None:
    async with kis_at(counter, tmp_path / "token.json", mock=True) as kis:
        found = await KisBroker(kis).announced("TQQQ", date(2026, 10, 1), date(2026, 10, 14))
    assert found == ()
