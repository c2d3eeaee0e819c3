"""Reservation orders as they are handed in and taken back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kis.client import Kis
from kis.models import Exchange, ReservationRequest, Side
from kis.wire import codes as wire
from tests.kis.counter import Counter, ok

BUY = ReservationRequest(
    symbol="TQQQ", exchange=Exchange.NASDAQ, side=Side.BUY, quantity=3, price=Decimal("77.03")
)
DAY = date(2026, 11, 20)


async def test_a_reservation_is_written_as_kis_asks_and_answered_with_its_number(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.RESERVE, ok(output={"ODNO": "0030138295"}))
    receipt = await kis.orders.reserve(BUY)
    (asked,) = counter.to(wire.RESERVE)
    assert (receipt.order_number, receipt.accepted_time) == ("30138295", None)
    assert asked.headers["tr_id"] == "TTTT3014U"
    assert asked.body == {
        "CANO": "81000000",
        "ACNT_PRDT_CD": "01",
        "PDNO": "TQQQ",
        "OVRS_EXCG_CD": "NASD",
        "FT_ORD_QTY": "3",
        "FT_ORD_UNPR3": "77.03",
        "ORD_SVR_DVSN_CD": "0",
        "ORD_DVSN": "00",
    }


async def test_a_sell_without_a_price_is_reserved_for_the_open(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.RESERVE, ok(output={"ODNO": "0030138295"}))
    await kis.orders.reserve(replace(BUY, side=Side.SELL, price=None))
    (asked,) = counter.to(wire.RESERVE)
    assert asked.headers["tr_id"] == "TTTT3016U"
    assert (asked.body["ORD_DVSN"], asked.body["FT_ORD_UNPR3"]) == ("31", "0")


async def test_mock_reserves_limits_and_nothing_else(mock_kis: Kis, counter: Counter) -> None:
    with pytest.raises(ValueError, match="limit"):
        await mock_kis.orders.reserve(replace(BUY, side=Side.SELL, price=None))
    assert counter.asked == []
    counter.plays(wire.RESERVE, ok(output={"ODNO": "7"}))
    await mock_kis.orders.reserve(replace(BUY, side=Side.SELL))
    assert counter.to(wire.RESERVE)[0].headers["tr_id"] == "VTTT3016U"


@pytest.mark.parametrize("mock", [False, True])
async def test_a_reservation_is_taken_back_by_its_date_and_number(
    mock: bool, kis: Kis, mock_kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.CANCEL_RESERVATION, ok(output={"OVRS_RSVN_ODNO": "0030138295"}))
    receipt = await (mock_kis if mock else kis).orders.cancel_reservation(DAY, "30138295")
    (asked,) = counter.to(wire.CANCEL_RESERVATION)
    assert receipt.order_number == "30138295"
    assert asked.headers["tr_id"] == ("VTTT3017U" if mock else "TTTT3017U")
    assert asked.body["OVRS_RSVN_ODNO"] == "0030138295"
    assert asked.body["RSVN_ORD_RCIT_DT"] == asked.body["RSYN_ORD_RCIT_DT"] == "20261120"


@pytest.mark.parametrize("number", ["", "12a", "١٢٣", "-1"])
async def test_taking_back_no_number_writes_nothing(
    number: str, kis: Kis, counter: Counter
) -> None:
    with pytest.raises(ValueError, match="reservation number"):
        await kis.orders.cancel_reservation(DAY, number)
    assert counter.asked == []


@pytest.mark.parametrize(
    "change",
    [
        {"symbol": "tqqq"},
        {"quantity": 0},
        {"quantity": True},
        {"price": None},
        {"price": Decimal(0)},
        {"price": Decimal("NaN")},
    ],
)
def test_what_is_no_reservation_is_refused_before_it_is_one(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"symbol|shares|price"):
        replace(BUY, **change)


async def test_a_price_off_the_tick_writes_nothing(kis: Kis, counter: Counter) -> None:
    with pytest.raises(ValueError, match="tick"):
        await kis.orders.reserve(replace(BUY, price=Decimal("77.031")))
    assert counter.asked == []
