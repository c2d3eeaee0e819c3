"""Every call of the client, held against KIS's own list of required headers, names and TR ids."""

import json
import re
from collections.abc import Awaitable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from kis.client import Kis
from kis.errors import KisNotOffered
from kis.models import SEOUL, Exchange, OrderKind, OrderRequest, ReservationRequest, Side
from kis.wire import codes as wire
from tests.kis.counter import SHARED, Answer, Asked, Counter, kis_at, ok, page
from tests.kis.floor import ack
from tests.kis.test_price_details import BOOK, DETAIL, DOMESTIC, HEAD
from tests.kis.test_symbols import INFO

CONTRACT = SHARED / "kis-contract" / "endpoints.json"
pytestmark = pytest.mark.skipif(
    not CONTRACT.is_file(), reason="the shared contract is not beside the repository"
)

DAY = date(2026, 11, 20)
MONEY = ("ord_psbl_frcr_amt", "ovrs_ord_psbl_amt", "frcr_ord_psbl_amt1", "max_ord_psbl_qty")
POWER = dict.fromkeys(MONEY, "1")
TOTALS = dict.fromkeys(
    (
        "tot_asst_amt",
        "evlu_amt_smtl",
        "tot_evlu_pfls_amt",
        "tot_dncl_amt",
        "ustl_buy_amt_smtl",
        "ustl_sll_amt_smtl",
    ),
    "0",
)
RESERVED = [
    ReservationRequest(
        symbol="TQQQ", exchange=Exchange.NASDAQ, side=side, quantity=1, price=Decimal(148)
    )
    for side in Side
]
# What KIS lists as required of a reservation and itself says is for Asian markets alone.
OTHER_COUNTRIES = {"PRDT_TYPE_CD", "RVSE_CNCL_DVSN_CD"}
MINUTE = {
    "xymd": "20261120",
    "xhms": "155900",
    "open": "77.6",
    "high": "77.7",
    "low": "77.5",
    "last": "77.6",
    "evol": "5",
}


def _endpoints() -> dict[str, dict[str, Any]]:
    return {entry["path"]: entry for entry in json.loads(CONTRACT.read_text())["endpoints"]}


def _required() -> dict[str, set[str]]:
    """Give what KIS requires of the calls, for those without a sample."""
    held = {path: set(entry["required_body"]) for path, entry in _endpoints().items()}
    return held | {wire.DOMESTIC_PRICE: {"FID_COND_MRKT_DIV_CODE", "FID_INPUT_ISCD"}}


def _play(counter: Counter) -> None:
    receipt = ok(output={"ODNO": "0030138295", "ORD_TMD": "183005"})
    counter.plays(wire.ORDER, receipt)
    counter.plays(wire.CANCEL, receipt)
    counter.plays(wire.OPEN_ORDERS, page("D", output=[]))
    counter.plays(wire.RESERVE, receipt)
    counter.plays(wire.CANCEL_RESERVATION, ok(output={"OVRS_RSVN_ODNO": "0030138295"}))
    counter.plays(wire.RESERVATIONS, page("F", "next", output=[]), page("D", output=[]))
    counter.plays(wire.EXECUTIONS, page("M", "next", output=[]), page("D", output=[]))
    counter.plays(wire.BALANCE, page("D", output1=[]))
    counter.plays(wire.BUYING_POWER, ok(output=POWER))
    counter.plays(wire.PRESENT, page("D", output1=[], output2=[], output3=TOTALS))
    counter.plays(wire.SETTLED, page("D", output1=[]))
    counter.plays(wire.PROFITS, page("D", output1=[], output2={}))
    counter.plays(wire.TRANSACTIONS, page("D", output1=[]))
    counter.plays(wire.MARGINS, page("D", output=[]))
    counter.plays(wire.PRICE, ok(output={"last": "1", "base": "1", "tvol": "0"}))
    counter.plays(wire.DAILY, ok(output2=[]))
    counter.plays(wire.DETAIL, ok(output=DETAIL))
    counter.plays(wire.BOOK, ok(output1=HEAD, output2=BOOK))
    counter.plays(wire.MINUTES, ok(output2=[MINUTE]), ok(output2=[]))
    counter.plays(wire.DOMESTIC_PRICE, ok(output=DOMESTIC))
    counter.plays(wire.SETTLEMENTS, page("F", output=[]))
    counter.plays(wire.SYMBOL_INFO, ok(output=INFO))
    counter.plays(wire.RIGHTS, page("D", output=[]))


async def _call_everything(kis: Kis, *, mock: bool) -> None:
    kinds = [OrderKind.LIMIT] if mock else list(OrderKind)
    for kind in kinds:
        for side in Side:
            if kind is OrderKind.MOC and side is Side.BUY:
                continue
            for exchange in Exchange:
                await kis.orders.place(
                    OrderRequest(
                        symbol="TQQQ",
                        exchange=exchange,
                        side=side,
                        kind=kind,
                        quantity=5,
                        price=None if kind is OrderKind.MOC else Decimal("77.03"),
                    )
                )
    await kis.orders.cancel("30138295", "TQQQ", Exchange.NASDAQ, 5)
    for request in RESERVED:
        await kis.orders.reserve(request)
    await kis.orders.cancel_reservation(DAY, "30138295")
    await kis.orders.open()
    if mock:
        with pytest.raises(KisNotOffered):
            await kis.orders.reservations(DAY, DAY)
    else:
        await kis.orders.reservations(DAY, DAY)
    await kis.orders.executions(DAY, DAY)
    await kis.account.holdings()
    await kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal("77.03"))
    await kis.account.present()
    await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    await kis.prices.daily("TQQQ", Exchange.NASDAQ, until=DAY)
    await kis.prices.history("TQQQ", Exchange.NASDAQ, DAY, DAY)
    await kis.prices.domestic_quote("005930")
    for question in _real_only(kis):
        if mock:
            with pytest.raises(KisNotOffered):
                await question
        else:
            await question
    async with kis.stream() as stream:
        await anext(stream)


def _real_only(kis: Kis) -> Iterator[Awaitable[object]]:
    since = datetime(2026, 10, 1, tzinfo=SEOUL)
    yield kis.account.settled(DAY)
    yield kis.account.profits(DAY, DAY, "TQQQ")
    yield kis.account.transactions(DAY, DAY, "TQQQ")
    yield kis.account.margins()
    yield kis.prices.detail("TQQQ", Exchange.NASDAQ)
    yield kis.prices.book("TQQQ", Exchange.NASDAQ)
    yield kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=1, since=since)
    yield kis.calendar.settlements(DAY)
    yield kis.symbols.info("TQQQ")
    yield kis.announcements.rights(DAY, DAY, "TQQQ")


def _hold(asked: Asked, entry: dict[str, Any], *, mock: bool) -> None:
    assert asked.method == entry["method"], asked.path
    assert set(entry["required_headers"]) <= set(asked.headers), asked.path
    given = asked.query if asked.method == "GET" else asked.body
    foreign = OTHER_COUNTRIES if asked.path == wire.RESERVE else set()
    assert set(entry["required_body"]) - foreign <= set(given), asked.path
    assert set(entry["required_query"]) <= set(asked.query), asked.path
    assert all(isinstance(value, str) for value in given.values()), asked.path
    known = entry["virtual_tr_id" if mock else "real_tr_id"]
    if known:
        assert asked.headers["tr_id"] in re.findall(r"[A-Z0-9]{9,13}", known), asked.path
        assert asked.headers["custtype"] == "P"
        assert asked.headers["content-type"] == "application/json; charset=utf-8"
        assert asked.headers["authorization"].startswith("Bearer ")
        upper = {name for name in given if name != name.upper()}
        assert not upper, asked.path
    assert "Mozilla" in asked.headers["user-agent"]


@pytest.mark.parametrize("mock", [False, True])
async def test_every_request_of_the_client_keeps_the_contract(
    mock: bool, counter: Counter, token_file: Path
) -> None:
    registered: list[dict[str, Any]] = []

    async def handler(socket: ServerConnection) -> None:
        registered.append(json.loads(await socket.recv()))
        await socket.send(ack("H0GSCNI9" if mock else "H0GSCNI0", "HTSID001"))
        await socket.wait_closed()

    _play(counter)
    async with serve(handler, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        environment = counter.environment(mock=mock, websocket_url=url)
        async with kis_at(counter, token_file, environment=environment) as kis:
            await _call_everything(kis, mock=mock)
    endpoints = _endpoints()
    for asked in counter.asked:
        # KIS's list is of the US calls; the one domestic call is held by its own test.
        if asked.path != wire.DOMESTIC_PRICE:
            _hold(asked, endpoints[asked.path], mock=mock)
    paths = {asked.path for asked in counter.asked}
    expected = {
        "/oauth2/tokenP",
        "/oauth2/Approval",
        wire.ORDER,
        wire.CANCEL,
        wire.EXECUTIONS,
        wire.BALANCE,
        wire.BUYING_POWER,
        wire.PRESENT,
        wire.RESERVE,
        wire.CANCEL_RESERVATION,
        wire.PRICE,
        wire.DAILY,
        wire.DOMESTIC_PRICE,
    }
    real_only = {
        wire.OPEN_ORDERS,
        wire.RESERVATIONS,
        wire.SETTLED,
        wire.PROFITS,
        wire.TRANSACTIONS,
        wire.MARGINS,
        wire.DETAIL,
        wire.BOOK,
        wire.MINUTES,
        wire.SETTLEMENTS,
        wire.SYMBOL_INFO,
        wire.RIGHTS,
    }
    assert paths == (expected if mock else expected | real_only)
    notice = endpoints["/tryitout/H0GSCNI0"]
    assert set(notice["required_headers"]) <= set(registered[0]["header"])
    assert set(notice["required_body"]) <= set(registered[0]["body"]["input"])
    known = notice["virtual_tr_id" if mock else "real_tr_id"]
    assert registered[0]["body"]["input"]["tr_id"] == known


async def test_nothing_but_what_the_sample_requests_hold_is_sent(
    kis: Kis, counter: Counter
) -> None:
    _play(counter)
    counter.plays("/oauth2/Approval", Answer(status=403, body={"error_code": "EGW00103"}))
    await _call_everything(kis, mock=False)
    names: dict[str, set[str]] = {}
    for file in (SHARED / "kis-samples").glob("*.json"):
        request = json.loads(file.read_text()).get("request")
        if request:
            held = request.get("body") or request.get("query") or {}
            names.setdefault(request["path"], set()).update(held)
    for path, held in _required().items():
        names.setdefault(path, held)
    names[wire.CANCEL_RESERVATION].add("RSYN_ORD_RCIT_DT")  # KIS's table spells it so
    for asked in counter.asked:
        given = asked.query if asked.method == "GET" else asked.body
        assert set(given) <= names[asked.path], asked.path
