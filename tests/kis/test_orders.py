import asyncio
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kis.client import Kis
from kis.errors import (
    OrderNotSent,
    OrderRefused,
    OrderUnknown,
)
from kis.models import Exchange, OrderKind, Side
from kis.wire import codes as wire
from tests.kis.counter import (
    LOC_BUY,
    TOKEN_PATH,
    Answer,
    Counter,
    kis_at,
    ok,
    refused,
)

RECEIPT = ok(output={"KRX_FWDG_ORD_ORGNO": "01790", "ODNO": "0030138295", "ORD_TMD": "183005"})


async def test_a_refusal_carries_the_code_and_the_stripped_words(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.ORDER, refused("APBK0952", "주문가능금액을 초과 했습니다     "))
    with pytest.raises(OrderRefused) as caught:
        await kis.orders.place(LOC_BUY)
    assert caught.value.code == "APBK0952"
    assert caught.value.message == "주문가능금액을 초과 했습니다"


async def test_a_gateway_refusal_is_unknown_when_its_meaning_is_not_trusted(
    counter: Counter, token_file: Path
) -> None:
    counter.plays(wire.ORDER, refused("EGW00201", status=500))
    async with kis_at(counter, token_file, gateway_refusals_are_definite=False) as kis:
        with pytest.raises(OrderUnknown):
            await kis.orders.place(LOC_BUY)


async def test_without_a_token_an_order_is_not_sent(kis: Kis, counter: Counter) -> None:
    counter.plays(TOKEN_PATH, Answer(status=503, raw=b"maintenance"))
    with pytest.raises(OrderNotSent):
        await kis.orders.place(LOC_BUY)
    assert counter.to(wire.ORDER) == []


async def test_an_order_goes_out_now_or_not_at_all_and_never_when_a_token_is_there_again(
    kis: Kis, counter: Counter
) -> None:
    """The bot has it down as sent: a minute later /stop, or the close, may have come between."""
    counter.plays(wire.ORDER, RECEIPT)
    await kis.ensure_token(timedelta(hours=1))
    kis._tokens.drop("CANARYtoken-1")  # another question met a token that was revoked
    with pytest.raises(OrderNotSent, match="within the minute"):
        await kis.orders.place(LOC_BUY)
    assert counter.clock.slept == []
    counter.clock.time += timedelta(minutes=1)
    counter.plays(TOKEN_PATH, Answer(status=403, body={"error_code": "EGW00133"}))
    with pytest.raises(OrderNotSent, match="EGW00133"):
        await kis.orders.place(LOC_BUY)
    assert counter.clock.slept == []
    assert counter.to(wire.ORDER) == []


async def test_a_receipt_has_the_number_without_zeros_and_the_seoul_time(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.ORDER, RECEIPT)
    receipt = await kis.orders.place(LOC_BUY)
    assert receipt.order_number == "30138295"
    assert receipt.accepted_time == time(18, 30, 5)


async def test_an_unpadded_order_number_is_a_receipt_too(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.ORDER, ok(output={"ODNO": "47589", "ORD_TMD": ""}))
    receipt = await kis.orders.place(LOC_BUY)
    assert receipt.order_number == "47589"
    assert receipt.accepted_time is None


@pytest.mark.fault(19)
async def test_every_order_takes_a_fresh_connection(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.ORDER, RECEIPT)
    await kis.orders.place(LOC_BUY)
    await kis.orders.place(LOC_BUY)
    sent = counter.to(wire.ORDER)
    assert len({asked.connection for asked in counter.asked}) >= 3
    assert sent[0].connection != sent[1].connection
    assert all(asked.headers["connection"].lower() == "close" for asked in sent)


async def test_orders_go_out_one_at_a_time(kis: Kis, counter: Counter) -> None:
    gate = asyncio.Event()
    counter.plays(wire.ORDER, replace(RECEIPT, gate=gate))
    counter.plays(wire.PRICE, ok(output={"last": "1", "base": "1", "tvol": "0"}))
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(kis.orders.place(LOC_BUY))
        while not counter.to(wire.ORDER):
            await kis.prices.quote("TQQQ", Exchange.NASDAQ)
        for _ in range(3):
            await kis.prices.quote("TQQQ", Exchange.NASDAQ)
        assert len(counter.to(wire.ORDER)) == 1
        gate.set()
    assert len(counter.to(wire.ORDER)) == 3


async def test_the_body_of_a_loc_buy_is_written_as_kis_asks(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.ORDER, RECEIPT)
    await kis.orders.place(LOC_BUY)
    asked = counter.to(wire.ORDER)[0]
    assert asked.headers["tr_id"] == "TTTT1002U"
    assert asked.body == {
        "CANO": "81000000",
        "ACNT_PRDT_CD": "01",
        "OVRS_EXCG_CD": "NASD",
        "PDNO": "TQQQ",
        "ORD_QTY": "5",
        "OVRS_ORD_UNPR": "77.03",
        "CTAC_TLNO": "",
        "MGCO_APTM_ODNO": "",
        "SLL_TYPE": "",
        "ORD_SVR_DVSN_CD": "0",
        "ORD_DVSN": "34",
    }


async def test_a_moc_sell_goes_out_at_price_zero_as_division_33(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.ORDER, RECEIPT)
    await kis.orders.place(replace(LOC_BUY, side=Side.SELL, kind=OrderKind.MOC, price=None))
    asked = counter.to(wire.ORDER)[0]
    assert asked.headers["tr_id"] == "TTTT1006U"
    assert asked.body["OVRS_ORD_UNPR"] == "0"
    assert asked.body["ORD_DVSN"] == "33"
    assert asked.body["SLL_TYPE"] == "00"


async def test_a_limit_sell_on_arca_at_mock_uses_amex_and_the_mock_id(
    mock_kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.ORDER, RECEIPT)
    sell = replace(
        LOC_BUY,
        symbol="SOXL",
        exchange=Exchange.AMEX,
        side=Side.SELL,
        kind=OrderKind.LIMIT,
        price=Decimal(145),
    )
    await mock_kis.orders.place(sell)
    asked = counter.to(wire.ORDER)[0]
    assert asked.headers["tr_id"] == "VTTT1001U"
    assert asked.body["OVRS_EXCG_CD"] == "AMEX"
    assert asked.body["OVRS_ORD_UNPR"] == "145.00"
    assert asked.body["ORD_DVSN"] == "00"


@pytest.mark.parametrize("kind", [OrderKind.LOC, OrderKind.MOC])
async def test_mock_takes_limit_orders_only(
    kind: OrderKind, mock_kis: Kis, counter: Counter
) -> None:
    price = None if kind is OrderKind.MOC else Decimal("77.03")
    order = replace(LOC_BUY, side=Side.SELL, kind=kind, price=price)
    with pytest.raises(ValueError, match="limit"):
        await mock_kis.orders.place(order)
    assert counter.asked == []


async def test_a_cancel_names_the_padded_original_and_what_is_left(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.CANCEL, ok(output={"ODNO": "0030138400", "ORD_TMD": "224501"}))
    receipt = await kis.orders.cancel("30138295", "TQQQ", Exchange.NASDAQ, 5)
    asked = counter.to(wire.CANCEL)[0]
    assert receipt.order_number == "30138400"
    assert asked.headers["tr_id"] == "TTTT1004U"
    assert asked.body["ORGN_ODNO"] == "0030138295"
    assert asked.body["RVSE_CNCL_DVSN_CD"] == "02"
    assert asked.body["ORD_QTY"] == "5"
    assert asked.body["OVRS_ORD_UNPR"] == "0"
    assert "KRX_FWDG_ORD_ORGNO" not in asked.body


@pytest.mark.parametrize("number", ["", "12a", "١٢٣", "-1"])
async def test_a_cancel_of_no_order_number_writes_nothing(
    number: str, kis: Kis, counter: Counter
) -> None:
    with pytest.raises(ValueError, match="order number"):
        await kis.orders.cancel(number, "TQQQ", Exchange.NASDAQ, 5)
    assert counter.asked == []
