"""Every inquiry of the client, its whole answer as KIS would give it, and what its rows feed.

The client's own desks ask over a line that answers what it is told; nothing of theirs is replaced.
"""

import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from kis import tr_ids
from kis.account import Account
from kis.announcements import Announcements
from kis.auth import Tokens
from kis.calendar import Calendar
from kis.http_wire import _json_object
from kis.models import Exchange
from kis.orders import Orders
from kis.prices import Prices
from kis.reads import Reader
from kis.symbols import Symbols
from kis.transport import Line, Reply
from tests.kis.counter import CREDENTIALS
from tests.kis.fuzz.rows import BOOK, CASES, NOW, RIGHT

DAY, NEXT = date(2026, 10, 7), date(2026, 10, 8)
TQQQ = ("TQQQ", Exchange.NASDAQ)


class ScriptedLine:
    """A line that answers the same bytes to everything, as a time would over HTTP."""

    def __init__(self) -> None:
        self.raw = b""
        self.status = 200
        self.tr_cont = ""
        self.asked: set[str] = set()

    async def exchange(self, _: str, path: str, **__: object) -> Reply:
        self.asked.add(path)
        headers = {"tr_id": "", "tr_cont": self.tr_cont}
        return Reply(status=self.status, headers=headers, body=_json_object(self.raw))

    @staticmethod
    def clean(text: str) -> str:
        return text[:200]


class Keys:
    """A token that lasts."""

    @staticmethod
    async def get(*_: object, **__: object) -> str:
        return "token"

    @staticmethod
    def drop(_: str) -> None:
        return None


class Desks:
    """The desks of a real account, over a scripted line."""

    def __init__(self, *, mock: bool = False) -> None:
        self.line = ScriptedLine()
        line, keys = cast("Line", self.line), cast("Tokens", Keys())
        ids = tr_ids.of(mock=mock)
        reader = Reader(line, keys, CREDENTIALS)
        self.account = Account(reader, CREDENTIALS, ids, mock=mock)
        self.prices = Prices(reader, ids, now=lambda: datetime(2026, 10, 9, tzinfo=UTC))
        self.symbols = Symbols(reader, ids)
        self.calendar = Calendar(reader, ids)
        self.announcements = Announcements(reader, ids)
        self.orders = Orders(
            line,
            keys,
            reader,
            CREDENTIALS,
            ids,
            now=lambda: NOW,
            mock=mock,
            gateway_refusals_are_definite=True,
        )


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """One call: how it is asked, its answer, and the parser of each of its tables."""

    ask: Callable[[Desks], Awaitable[object]]
    tables: Mapping[str, str]
    answer: dict[str, Any] = field(default_factory=dict)
    mock: bool = False

    def body(self) -> dict[str, Any]:
        """Give a whole answer, anew each time."""
        told = {"rt_cd": "0", "msg_cd": "MCA00000", "msg1": "정상처리 되었습니다.".ljust(80)}
        return copy.deepcopy({**told, **self.answer})


def rows(name: str, **other: str) -> list[dict[str, Any]]:
    """Give two rows of a parser: its sample, and the sample with other words."""
    return [{**CASES[name].sample}, {**CASES[name].sample, **other}]


def one(name: str) -> dict[str, Any]:
    return {**CASES[name].sample}


INQUIRIES: dict[str, Inquiry] = {
    "orders.open": Inquiry(
        ask=lambda desks: desks.orders.open(),
        tables={"output": "orders.open_order"},
        answer={"output": rows("orders.open_order", odno="0000004712")},
    ),
    "orders.open at 모의투자": Inquiry(
        ask=lambda desks: desks.orders.open(),
        tables={"output": "orders.order_row"},
        answer={"output": rows("orders.order_row", odno="0000004712")},
        mock=True,
    ),
    "orders.executions": Inquiry(
        ask=lambda desks: desks.orders.executions(DAY, NEXT),
        tables={"output": "orders.order_row"},
        answer={"output": rows("orders.order_row", odno="0000004712")},
    ),
    "orders.reservations": Inquiry(
        ask=lambda desks: desks.orders.reservations(DAY, NEXT),
        tables={"output": "orders.reservation"},
        answer={"output": rows("orders.reservation", ovrs_rsvn_odno="0000000813")},
    ),
    "account.holdings": Inquiry(
        ask=lambda desks: desks.account.holdings(),
        tables={"output1": "account.holding"},
        answer={"output1": rows("account.holding", ovrs_pdno="SOXL"), "output2": {}},
    ),
    "account.buying_power": Inquiry(
        ask=lambda desks: desks.account.buying_power(*TQQQ, Decimal("77.03")),
        tables={"output": "account.buying_power"},
        answer={"output": one("account.buying_power")},
    ),
    "account.present": Inquiry(
        ask=lambda desks: desks.account.present(),
        tables={
            "output1": "account.present_holding",
            "output2": "account.currency_cash",
            "output3": "account.krw_totals",
        },
        answer={
            "output1": rows("account.present_holding", pdno="SOXL"),
            "output2": rows("account.currency_cash", crcy_cd="JPY"),
            "output3": one("account.krw_totals"),
        },
    ),
    "account.settled": Inquiry(
        ask=lambda desks: desks.account.settled(DAY),
        tables={"output1": "account.settled_holding"},
        answer={"output1": rows("account.settled_holding", pdno="TQQQ")},
    ),
    "account.profits": Inquiry(
        ask=lambda desks: desks.account.profits(DAY, NEXT),
        tables={"output1": "account.realized_profit", "output2": "account.profit_totals"},
        answer={
            "output1": rows("account.realized_profit", ovrs_pdno="SOXL"),
            "output2": one("account.profit_totals"),
        },
    ),
    "account.transactions": Inquiry(
        ask=lambda desks: desks.account.transactions(DAY, NEXT),
        tables={"output1": "account.transaction"},
        answer={"output1": rows("account.transaction", pdno="SOXL"), "output2": {}},
    ),
    "account.margins": Inquiry(
        ask=lambda desks: desks.account.margins(),
        tables={"output": "account.margin"},
        answer={"output": rows("account.margin", crcy_cd="JPY")},
    ),
    "prices.quote": Inquiry(
        ask=lambda desks: desks.prices.quote(*TQQQ),
        tables={"output": "prices.quote"},
        answer={"output": one("prices.quote")},
    ),
    "prices.detail": Inquiry(
        ask=lambda desks: desks.prices.detail(*TQQQ),
        tables={"output": "prices.detail"},
        answer={"output": one("prices.detail")},
    ),
    "prices.book": Inquiry(
        ask=lambda desks: desks.prices.book(*TQQQ),
        tables={"output1": "prices.book", "output2": "prices.book"},
        answer={"output1": {"dymd": BOOK["dymd"], "dhms": BOOK["dhms"]}, "output2": [BOOK]},
    ),
    "prices.domestic_quote": Inquiry(
        ask=lambda desks: desks.prices.domestic_quote("005930"),
        tables={"output": "prices.domestic_quote"},
        answer={"output": one("prices.domestic_quote")},
    ),
    "prices.daily": Inquiry(
        ask=lambda desks: desks.prices.daily(*TQQQ),
        tables={"output2": "prices.daily_bar"},
        answer={"output1": {}, "output2": rows("prices.daily_bar", xymd="20261006")},
    ),
    "prices.history": Inquiry(
        ask=lambda desks: desks.prices.history(*TQQQ, date(2026, 10, 6), DAY),
        tables={"output2": "prices.daily_bar"},
        answer={"output1": {}, "output2": rows("prices.daily_bar", xymd="20261006")},
    ),
    "prices.minutes": Inquiry(
        ask=lambda desks: desks.prices.minutes(
            *TQQQ, minutes=5, since=datetime(2026, 10, 7, 13, 30, tzinfo=UTC)
        ),
        tables={"output2": "prices.minute_bar"},
        answer={"output1": {}, "output2": rows("prices.minute_bar", xhms="093000")},
    ),
    "symbols.info": Inquiry(
        ask=lambda desks: desks.symbols.info("TQQQ"),
        tables={"output": "listings.symbol_info"},
        answer={"output": one("listings.symbol_info")},
    ),
    "symbols.exchange": Inquiry(
        ask=lambda desks: desks.symbols.exchange("TQQQ"),
        tables={"output": "listings.symbol_info"},
        answer={"output": one("listings.symbol_info")},
    ),
    "calendar.settlements": Inquiry(
        ask=lambda desks: desks.calendar.settlements(DAY),
        tables={"output": "listings.settlement"},
        answer={"output": rows("listings.settlement", prdt_type_cd="529")},
    ),
    "announcements.rights": Inquiry(
        ask=lambda desks: desks.announcements.rights(DAY, NEXT),
        tables={"output": "listings.right"},
        answer={"output": [RIGHT, RIGHT | {"pdno": "TQQQ"}]},
    ),
}
