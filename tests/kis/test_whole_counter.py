"""The whole counter: what the reference names for this strategy is offered and served, or left out.

The reference is ../shared/domain/kis.md, KIS's own list of calls ../shared/data/kis-contract; a new
name in either shows up here.
"""

import json
import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kis import frames
from kis.errors import OrderError, ReadError
from kis.models import Exchange, OrderKind, OrderRequest, ReservationRequest, Side
from tests.kis.counter import SHARED, kis_at, open_counter
from tests.kis.fuzz.calls import INQUIRIES, Desks
from tests.kis.peers.test_official_websocket import message, told
from tests.kis.simulator.desk import Desk, quick, running

CONTRACT = SHARED / "kis-contract" / "endpoints.json"
REFERENCE = SHARED.parent / "domain" / "kis.md"
pytestmark = pytest.mark.skipif(
    not CONTRACT.is_file(), reason="the shared contract is not beside the repository"
)

NOT_BY_THE_CLIENT = {
    "/oauth2/revokeP": "a token is shared by all processes of the machine and dies by itself",
    "/uapi/overseas-stock/v1/trading/daytime-order": "LOC and MOC belong to the regular session",
    "/uapi/overseas-stock/v1/trading/daytime-order-rvsecncl": "as above",
    "/uapi/overseas-price/v1/quotations/inquire-daily-chartprice": "indices and currencies only",
    "/tryitout/H0UNCNT0": "KRX symbols are shown, not traded: the price of KRX is enough",
    "/tryitout/H0NXCNT0": "as above",
}
NOT_BY_THE_SIMULATOR = {
    "/tryitout/H0UNCNT0": "the made-up KRX has one venue, which H0STCNT0 tells of",
    "/tryitout/H0NXCNT0": "as above",
}
UNKNOWN_SERVICE = {"OPSQ0002", "OPSP8991"}
NAME = re.compile(r"[A-Z0-9]{8,13}")
BUY = OrderRequest(
    symbol="TQQQ",
    exchange=Exchange.NASDAQ,
    side=Side.BUY,
    kind=OrderKind.LIMIT,
    quantity=1,
    price=Decimal("1.00"),
)
RESERVE = ReservationRequest(
    symbol="TQQQ", exchange=Exchange.NASDAQ, side=Side.BUY, quantity=1, price=Decimal("1.00")
)


def named() -> dict[str, dict[str, Any]]:
    """Give the calls of KIS's list that the reference names by TR id, or by path without one."""
    words = REFERENCE.read_text(encoding="utf-8")
    found = {}
    for entry in json.loads(CONTRACT.read_text(encoding="utf-8"))["endpoints"]:
        ids = NAME.findall(f"{entry['real_tr_id']} {entry['virtual_tr_id']}")
        if any(one in words for one in ids) or (not ids and entry["path"] in words):
            found[entry["path"]] = entry
    return found


async def asked_by_the_client(token_file: Path) -> set[str]:
    """Ask everything there is to ask and order, and give the paths and streams it took."""
    desks = Desks()
    desks.line.raw = b"{}"
    orders = desks.orders
    for inquiry in INQUIRIES.values():
        with suppress(ReadError):  # an empty answer suits nobody
            await inquiry.ask(desks)
    for send in (
        orders.place(BUY),
        orders.cancel("1", "TQQQ", Exchange.NASDAQ, 1),
        orders.reserve(RESERVE),
        orders.cancel_reservation(date(2026, 10, 7), "1"),
    ):
        with pytest.raises(OrderError):
            await send
    streams = {f"/tryitout/{tr_id}" for tr_id in (*frames._READERS, frames._DOMESTIC_BOOKS)}
    async with open_counter() as counter, kis_at(counter, token_file) as kis:
        await kis.ensure_token(timedelta(hours=1))
        await kis.check_keys()
        return desks.line.asked | streams | {asked.path for asked in counter.asked}


async def test_the_client_offers_what_the_reference_names(token_file: Path) -> None:
    offered = await asked_by_the_client(token_file)
    assert set(named()) - offered == set(NOT_BY_THE_CLIENT)


async def test_the_simulator_serves_what_the_reference_names() -> None:
    async with running(quick(pingpong_seconds=60)) as desk:
        missing = {path for path, entry in named().items() if not await _served(desk, entry)}
    assert missing == set(NOT_BY_THE_SIMULATOR)


async def _served(desk: Desk, entry: dict[str, Any]) -> bool:
    path, ids = entry["path"], NAME.findall(f"{entry['real_tr_id']} {entry['virtual_tr_id']}")
    if path.startswith("/tryitout/"):
        return all([await _streamed(desk, tr_id) for tr_id in ids])
    return all([await _answered(desk, entry["method"], path, tr_id) for tr_id in ids or [""]])


async def _answered(desk: Desk, method: str, path: str, tr_id: str) -> bool:
    if tr_id and not _american(tr_id):
        return True
    kind: dict[str, Any] = {"json": {}} if method == "POST" else {}
    async with desk.http.request(
        method, desk.url + path, headers=desk.headers(tr_id), **kind
    ) as response:
        body = await response.json()
        return response.status != 404 and body.get("msg_cd") not in UNKNOWN_SERVICE


def _american(tr_id: str) -> bool:
    """Leave out what KIS names beside for the markets of Asia."""
    return tr_id not in {"TTTS3013U", "VTTS3013U"}


async def _streamed(desk: Desk, tr_id: str) -> bool:
    notices = tr_id in {"H0GSCNI0", "H0GSCNI9", "H0STCNI0", "H0STCNI9"}
    symbol = "DNASTQQQ" if tr_id.startswith("HDFS") else "005930"
    key = desk.config.hts_id if notices else symbol
    async with desk.http.ws_connect(f"{desk.url}/tryitout") as socket:
        await socket.send_str(message(await desk.approval(), tr_id, key))
        said = await told(socket)
    return said["body"]["msg_cd"] not in UNKNOWN_SERVICE
