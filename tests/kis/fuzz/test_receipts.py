"""Broken answers to orders: a receipt literally stands there, or the order is unknown or refused.

What is no JSON, or says success without a number, is never a refusal: the order may stand.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kis.errors import OrderError, OrderGatewayRefused, OrderRefused, OrderUnknown
from kis.models import Exchange, OrderKind, OrderReceipt, OrderRequest, ReservationRequest, Side
from tests.kis.fuzz.calls import Desks
from tests.kis.fuzz.mutation import NASTY, Mutator, share
from tests.kis.fuzz.oracle import says

BUY = OrderRequest(
    symbol="TQQQ",
    exchange=Exchange.NASDAQ,
    side=Side.BUY,
    kind=OrderKind.LOC,
    quantity=5,
    price=Decimal("77.03"),
)
RESERVE = ReservationRequest(
    symbol="TQQQ", exchange=Exchange.NASDAQ, side=Side.BUY, quantity=5, price=Decimal("77.03")
)
SENDS: dict[str, Callable[[Desks], Awaitable[OrderReceipt]]] = {
    "place": lambda desks: desks.orders.place(BUY),
    "cancel": lambda desks: desks.orders.cancel("4711", "TQQQ", Exchange.NASDAQ, 5),
    "reserve": lambda desks: desks.orders.reserve(RESERVE),
    "cancel_reservation": lambda desks: desks.orders.cancel_reservation(date(2026, 10, 7), "812"),
}
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "rt_cd": "0",
        "msg_cd": "APBK0013",
        "msg1": "주문 전송 완료 되었습니다.",
        "output": {"ODNO": "0000004711", "OVRS_RSVN_ODNO": "0000004712", "ORD_TMD": "183107"},
    },
    {"rt_cd": "7", "msg_cd": "APBK0952", "msg1": "주문가능금액을 초과 했습니다"},
    {"rt_cd": "1", "msg_cd": "EGW00201", "msg1": "초당 거래건수를 초과하였습니다."},
    {"rt_cd": "1", "msg_cd": "EGW00302", "msg1": "거래시간 초과. 직전 거래를 반드시 확인하세요"},
)
TIMES = share(40_000, of=len(SENDS))
SEED = 5


@pytest.mark.parametrize("name", SENDS)
async def test_a_broken_answer_to_an_order_is_never_taken_for_another(name: str) -> None:
    desks, mutator = Desks(), Mutator(SEED)
    seen: set[str] = set()
    for turn in range(TIMES):
        raw = NASTY[turn] if turn < len(NASTY) else mutator.body(mutator.rng.choice(ANSWERS))
        desks.line.raw, desks.line.status = raw, mutator.rng.choice((200, 200, 200, 500, 502))
        body = _object(raw)
        try:
            receipt = await SENDS[name](desks)
        except OrderError as error:
            seen.add(type(error).__name__)
            assert _may_be(error, body), (raw, desks.line.status)  # noqa: PT017  # told by its kind
        else:
            seen.add("receipt")
            words = (body or {}).get("output", {}).values()
            assert (desks.line.status, _word(body, "rt_cd")) == (200, "0"), raw
            assert any(says(word, receipt.order_number) for word in words), raw
    assert seen == {"receipt", "OrderRefused", "OrderGatewayRefused", "OrderUnknown"}


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _word(body: dict[str, Any] | None, name: str) -> str:
    value = (body or {}).get(name)
    return value.strip() if isinstance(value, str) else ""


def _may_be(error: OrderError, body: dict[str, Any] | None) -> bool:
    """A definite refusal needs an answer that says no and gives its code; all else is unknown."""
    if isinstance(error, OrderUnknown):
        return True
    definite = isinstance(error, OrderRefused | OrderGatewayRefused)
    return definite and bool(_word(body, "msg_cd")) and _word(body, "rt_cd") != "0"
