"""The four calls that change something at the broker, for the tests of their answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from kis.client import Kis
from kis.models import Exchange, OrderReceipt, ReservationRequest, Side
from kis.wire import codes as wire
from tests.kis.counter import LOC_BUY

RESERVATION = ReservationRequest(
    symbol="TQQQ", exchange=Exchange.NASDAQ, side=Side.BUY, quantity=5, price=Decimal("77.03")
)
NUMBERS = {"KRX_FWDG_ORD_ORGNO": "01790", "ODNO": "0030138295", "OVRS_RSVN_ODNO": "0030138295"}
RECEIPT = {"rt_cd": "0", "msg_cd": "APBK0013", "msg1": "주문 전송 완료", "output": NUMBERS}


@dataclass(frozen=True, kw_only=True)
class Post:
    """One of the calls: its path, how it is made, and the field its number comes in."""

    path: str
    make: Callable[[Kis], Awaitable[OrderReceipt]]
    number: str = "ODNO"


POSTS = {
    "order": Post(path=wire.ORDER, make=lambda kis: kis.orders.place(LOC_BUY)),
    "cancel": Post(
        path=wire.CANCEL,
        make=lambda kis: kis.orders.cancel("30138295", "TQQQ", Exchange.NASDAQ, 5),
    ),
    "reservation": Post(path=wire.RESERVE, make=lambda kis: kis.orders.reserve(RESERVATION)),
    "cancel of a reservation": Post(
        path=wire.CANCEL_RESERVATION,
        make=lambda kis: kis.orders.cancel_reservation(date(2026, 11, 20), "30138295"),
        number="OVRS_RSVN_ODNO",
    ),
}
every_post = pytest.mark.parametrize("post", POSTS.values(), ids=POSTS)
