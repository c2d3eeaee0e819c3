"""The broker's book: every order with what became of it, and the account. This is the truth.

`Order.row` is what KIS's lists show of an order, None until they show it at all; it follows the
truth when the lists catch up with it, which the exchange arranges.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from tests.simulation.market import Listed

SEOUL = ZoneInfo("Asia/Seoul")
ZERO = Decimal(0)

Side = Literal["buy", "sell"]
Kind = Literal["limit", "loc", "moc"]
State = Literal["open", "filled", "cancelled", "expired", "rejected"]

Row = dict[str, str]

FEE = Decimal("0.0025")
"""What KIS keeps back of the money for its commission when it takes a buy in, and charges."""

PROGRAM = "OpenAPI"
PHONE = "모바일"
_NAMES = {"buy": "매수", "sell": "매도"}
_CODES = {"buy": "02", "sell": "01"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One session as it truly is (UTC); `closed` for one that the exchange called off."""

    day: date
    pre: datetime
    opens: datetime
    closes: datetime
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an order says, whoever gives it."""

    symbol: str
    side: Side
    kind: Kind
    quantity: int
    price: Decimal
    request: int | None
    media: str


@dataclass(slots=True, kw_only=True)
class Order:
    """One order, or the request to cancel one (`original` is that one's number).

    `request` is the world's number of the request that brought it, None when it is not the
    program's. `left` are the shares that still work.
    """

    session: date
    number: int
    listed: Listed
    side: Side
    kind: Kind
    quantity: int
    price: Decimal
    request: int | None
    media: str
    at: datetime
    original: int | None = None
    left: int = 0
    filled: int = 0
    amount: Decimal = ZERO
    state: State = "open"
    refusal: str = ""
    row: Row | None = None
    hidden_until: datetime | None = None
    _fixed: Row = field(default_factory=dict)

    def __post_init__(self) -> None:
        seoul = self.at.astimezone(SEOUL)
        cancel = self.original is not None
        self._fixed = {
            "ord_dt": f"{self.session:%Y%m%d}",
            "ord_gno_brno": "01790",
            "odno": self.odno,
            "orgn_odno": f"{self.original:010d}" if cancel else "",
            "sll_buy_dvsn_cd": _CODES[self.side],
            "sll_buy_dvsn_cd_name": _NAMES[self.side],
            "rvse_cncl_dvsn": "02" if cancel else "00",
            "rvse_cncl_dvsn_name": "취소" if cancel else "",
            "rvse_cncl_dvsn_cd": "02" if cancel else "00",
            "pdno": self.symbol,
            "prdt_name": self.symbol,
            "ft_ord_qty": str(self.quantity),
            "ft_ord_unpr3": f"{self.price:.8f}",
            "ord_tmd": f"{seoul:%H%M%S}",
            "dmst_ord_dt": f"{seoul:%Y%m%d}",
            "thco_ord_tmd": f"{seoul:%H%M%S}",
            "tr_crcy_cd": "USD",
            "tr_natn": "840",
            "ovrs_excg_cd": self.listed.order_code,
            "mdia_dvsn_name": self.media,
            "usa_amk_exts_rqst_yn": "N",
        }

    @property
    def symbol(self) -> str:
        return self.listed.symbol

    @property
    def odno(self) -> str:
        return f"{self.number:010d}"

    @property
    def by_hand(self) -> bool:
        return self.request is None

    def entry(self) -> Entry:
        """Give what the order said."""
        return Entry(
            symbol=self.symbol,
            side=self.side,
            kind=self.kind,
            quantity=self.quantity,
            price=self.price,
            request=self.request,
            media=self.media,
        )

    def seen(self, filled: int | None = None, *, dead: bool = False, why: str = "") -> Row:
        """Write the order as KIS's lists do: as it is, with fewer of its fills, or dead of them."""
        shown = self.filled if filled is None else filled
        left = 0 if dead else self.left + self.filled - shown
        mean = self.amount / self.filled if shown else ZERO
        amount = self.amount if shown == self.filled else mean * shown
        return {
            **self._fixed,
            "ft_ccld_qty": str(shown),
            "ft_ccld_unpr3": f"{mean:.8f}",
            "ft_ccld_amt3": f"{amount:.5f}",
            "nccs_qty": str(left),
            "prcs_stat_name": self._status(left),
            "rjct_rson": "",
            "rjct_rson_name": why or self.refusal,
        }

    def _status(self, left: int) -> str:
        if self.state == "rejected":
            return "거부"
        return "전송" if left else "완료"


@dataclass(slots=True)
class Position:
    """Shares of a symbol and what they cost (USD, without commission)."""

    quantity: int = 0
    cost: Decimal = ZERO

    @property
    def average(self) -> Decimal:
        return self.cost / self.quantity if self.quantity else ZERO


@dataclass(slots=True)
class Account:
    """What the account truly holds. `shown` is what KIS's balance says of it, which may lag."""

    cash: Decimal
    positions: dict[str, Position] = field(default_factory=dict)
    shown: dict[str, Position] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    bought: dict[str, int] = field(default_factory=dict)
    sold: dict[str, int] = field(default_factory=dict)

    def quantity(self, symbol: str) -> int:
        position = self.positions.get(symbol)
        return position.quantity if position else 0

    def trade(self, symbol: str, side: Side, quantity: int, price: Decimal) -> None:
        """Move shares and money by one execution."""
        position = self.positions.setdefault(symbol, Position())
        amount = price * quantity
        if side == "buy":
            position.quantity += quantity
            position.cost += amount
            self.cash -= amount + amount * FEE
            self.bought[symbol] = self.bought.get(symbol, 0) + quantity
        else:
            position.cost -= position.average * quantity
            position.quantity -= quantity
            self.cash += amount - amount * FEE
            self.sold[symbol] = self.sold.get(symbol, 0) + quantity

    def show(self, symbol: str) -> None:
        """Let the balance catch up with a symbol."""
        position = self.positions.get(symbol, Position())
        self.shown[symbol] = Position(position.quantity, position.cost)

    def settle(self) -> None:
        """Begin a day: what was traded before is settled by now."""
        self.settled = {symbol: each.quantity for symbol, each in self.positions.items()}
        self.bought.clear()
        self.sold.clear()
