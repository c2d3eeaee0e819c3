import asyncio
import socket
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest

from kis.client import Kis
from kis.errors import (
    OrderError,
    OrderGatewayRefused,
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

# safety.md section 2, row by row, and what else a server can do to an order.
TABLE: dict[str, tuple[Answer, type[OrderError]]] = {
    "a business code": (refused("APBK0918", "장운영시간이 아닙니다.", rt_cd="7"), OrderRefused),
    "rt_cd 7": (refused("APBK0952", "주문가능금액을 초과 했습니다", rt_cd="7"), OrderRefused),
    "a numeric code of mock's": (refused("40100000"), OrderRefused),
    "not a mock TR, HTTP 200": (refused("EGW00213"), OrderRefused),
    "not a mock TR, HTTP 500": (refused("EGW00213", status=500), OrderRefused),
    "wrong account": (refused("OPSQ2000"), OrderRefused),
    "invalid token, HTTP 200": (refused("EGW00121"), OrderGatewayRefused),
    "rate, HTTP 500": (refused("EGW00201", status=500), OrderGatewayRefused),
    "rate, HTTP 200": (refused("EGW00201"), OrderGatewayRefused),
    "rate, HTTP 429": (refused("EGW00201", status=429), OrderGatewayRefused),
    "token ended, HTTP 500": (refused("EGW00123", status=500), OrderGatewayRefused),
    "token ended, HTTP 200": (refused("EGW00123"), OrderGatewayRefused),
    "token ended, HTTP 401": (refused("EGW00123", status=401), OrderGatewayRefused),
    "routing error": (refused("EGW00202"), OrderUnknown),
    "routing error, HTTP 500": (refused("EGW00202", status=500), OrderUnknown),
    "OPS routing": (refused("EGW00203"), OrderUnknown),
    "server error code": (refused("EGW00002"), OrderUnknown),
    "look at the last trade 300": (refused("EGW00300"), OrderUnknown),
    "look at the last trade 301": (refused("EGW00301"), OrderUnknown),
    "look at the last trade 302": (refused("EGW00302", status=500), OrderUnknown),
    "a gateway code nobody knows": (refused("EGW00999"), OrderUnknown),
    "session error": (refused("OPSQ1002"), OrderUnknown),
    "a business code, HTTP 500": (refused("APBK0918", status=500), OrderUnknown),
    "a business code, HTTP 403": (refused("APBK0918", status=403), OrderUnknown),
    "invalid token, HTTP 500": (refused("EGW00121", status=500), OrderGatewayRefused),
    "no code": (refused(""), OrderUnknown),
    "a code that is none": (refused("시스템 점검"), OrderUnknown),
    "refused, with an order number": (
        Answer(body={"rt_cd": "1", "msg_cd": "APBK0918", "output": {"ODNO": "1"}}),
        OrderUnknown,
    ),
    "no rt_cd": (Answer(body={"msg_cd": "APBK0918"}), OrderUnknown),
    "HTML 502": (Answer(status=502, raw=b"<html>Bad Gateway</html>"), OrderUnknown),
    "HTML 200": (Answer(raw=b"<html>maintenance</html>"), OrderUnknown),
    "empty 200": (Answer(raw=b""), OrderUnknown),
    "empty 500": (Answer(status=500, raw=b""), OrderUnknown),
    "JSON cut short": (Answer(raw=b'{"rt_cd":"0","output":{"ODNO":"0030'), OrderUnknown),
    "half the promised bytes": (Answer(raw=b'{"rt_cd":"0"}', promised=999), OrderUnknown),
    "a JSON list": (Answer(body=[]), OrderUnknown),
    "nested too deep": (Answer(raw=b"[" * 100_000), OrderUnknown),
    "not UTF-8": (Answer(raw=b"\xff\xfe"), OrderUnknown),
    "rt_cd 0 without ODNO": (ok(output={"ORD_TMD": "183005"}), OrderUnknown),
    "rt_cd 0 with a blank ODNO": (ok(output={"ODNO": "   "}), OrderUnknown),
    "rt_cd 0 with ODNO of zeros": (ok(output={"ODNO": "0000000000"}), OrderUnknown),
    "rt_cd 0 without output": (ok(), OrderUnknown),
    "rt_cd 0 with HTTP 500": (Answer(status=500, body=RECEIPT.body), OrderUnknown),
    "rt_cd 0 with a gateway code": (refused("EGW00201", rt_cd="0"), OrderUnknown),
    "redirect": (Answer(status=302, headers={"location": "/elsewhere"}, raw=b""), OrderUnknown),
    "reset": (Answer(reset=True), OrderUnknown),
    "silence": (Answer(silent=True), OrderUnknown),
}


@pytest.mark.parametrize("row", TABLE)
async def test_an_order_answer_is_classed_as_the_table_says(
    row: str, counter: Counter, token_file: Path
) -> None:
    answer, expected = TABLE[row]
    counter.plays(wire.ORDER, answer)
    async with kis_at(counter, token_file, order_timeout=0.5 if answer.silent else 15) as kis:
        with pytest.raises(OrderError) as caught:
            await kis.orders.place(LOC_BUY)
    assert type(caught.value) is expected
    assert len(counter.to(wire.ORDER)) == 1, "an order goes out once, whatever the answer"
    assert counter.to("/elsewhere") == []


@pytest.mark.parametrize("row", TABLE)
async def test_a_cancel_answer_is_classed_by_the_same_table(
    row: str, counter: Counter, token_file: Path
) -> None:
    answer, expected = TABLE[row]
    counter.plays(wire.CANCEL, answer)
    async with kis_at(counter, token_file, order_timeout=0.5 if answer.silent else 15) as kis:
        with pytest.raises(OrderError) as caught:
            await kis.orders.cancel("30138295", "TQQQ", Exchange.NASDAQ, 5)
    assert type(caught.value) is expected
    assert len(counter.to(wire.CANCEL)) == 1


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


async def test_a_refused_connection_is_an_order_not_sent(
    counter: Counter, token_file: Path
) -> None:
    async with kis_at(counter, token_file) as kis:
        await kis.ensure_token(timedelta(hours=1))
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            kis._line._url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(OrderNotSent):
            await kis.orders.place(LOC_BUY)
    assert counter.to(wire.ORDER) == []


async def test_a_failed_tls_handshake_is_an_order_not_sent(
    counter: Counter, token_file: Path
) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server, kis_at(counter, token_file) as kis:
        await kis.ensure_token(timedelta(hours=1))
        kis._line._url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(OrderNotSent):
            await kis.orders.place(LOC_BUY)


def test_a_name_that_does_not_resolve_counts_as_no_connection() -> None:
    assert issubclass(aiohttp.ClientConnectorDNSError, aiohttp.ClientConnectorError)


async def test_without_a_token_an_order_is_not_sent(kis: Kis, counter: Counter) -> None:
    counter.plays(TOKEN_PATH, Answer(status=503, raw=b"maintenance"))
    with pytest.raises(OrderNotSent):
        await kis.orders.place(LOC_BUY)
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


async def test_an_order_whose_token_had_ended_gets_a_new_one_next_time(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.ORDER, refused("EGW00123", status=500), RECEIPT)
    with pytest.raises(OrderGatewayRefused):
        await kis.orders.place(LOC_BUY)
    await kis.orders.place(LOC_BUY)
    used = [asked.headers["authorization"] for asked in counter.to(wire.ORDER)]
    assert used == ["Bearer CANARYtoken-1", "Bearer CANARYtoken-2"]
