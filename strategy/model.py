"""The vocabulary of the method: frozen values that the book, the ledger and the backtest share.

Money and prices are USD, quantities are whole shares, percentages are percent (19 is 19 %),
dates are New York session dates.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """How an order asks to be executed: at the closing auction (LOC, MOC) or at a limit."""

    LOC = "LOC"
    MOC = "MOC"
    LIMIT = "LIMIT"


class Leg(StrEnum):
    """What an order is for in the method; one leg of a plan is one order."""

    FIRST = "first"
    STAR = "star"
    AVERAGE = "average"
    MERGED = "merged"
    LADDER = "ladder"
    FOLDED = "folded"
    QUARTER = "quarter"
    TARGET = "target"
    REVERSE_BUY = "reverse_buy"
    REVERSE_SELL = "reverse_sell"
    REVERSE_MOC = "reverse_moc"
    QUARTER_BUY = "quarter_buy"
    QUARTER_MOC = "quarter_moc"


class Phase(StrEnum):
    NORMAL = "normal"
    REVERSE = "reverse"
    QUARTER = "quarter"


class Half(StrEnum):
    FIRST = "first"
    SECOND = "second"


class Compounding(StrEnum):
    """What becomes of a finished cycle's profit: see `cycle.next_cycle`."""

    FULL = "full"
    NONE = "none"
    HALF = "half"
    YEARLY = "yearly"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The agreement a cycle runs under: version, symbol, splits and every disputed option."""

    method: str
    symbol: str
    splits: int
    target_percent: Decimal
    reverse_exit_percent: Decimal
    first_buy_percent: Decimal = Decimal(12)
    ladder: int = 8
    band_percent: Decimal = Decimal(20)
    cap_percent: Decimal = Decimal(10)
    compounding: Compounding = Compounding.FULL
    fee_percent: Decimal = ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One session's prices of a symbol (USD) and its volume (shares)."""

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Market:
    """What is known when the evening's plan is made: official closes (USD), oldest first.

    The last close is the previous session's. Five are enough for every rule; an empty tuple means
    that the previous close is unknown, and then nothing is ordered.
    """

    closes: tuple[Decimal, ...] = ()

    @property
    def previous_close(self) -> Decimal | None:
        return self.closes[-1] if self.closes else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """The ledger's state of one run of the method: everything the next plan depends on.

    `cash` is all USD of the run; `reserve` is the part of it set aside (profit under simple
    interest), never used for sizing. `turn` is T, `average` the ledger's own average cost; both
    carry 12 decimals. `reverse_day` is the number of the day to be planned in the reverse phase
    (1 is the day of the MOC), 0 in the normal phase. `realized` is this cycle's profit net of fees.
    """

    rules: Rules
    number: int
    seed: Decimal
    principal: Decimal
    cash: Decimal
    reserve: Decimal = ZERO
    quantity: int = 0
    average: Decimal = ZERO
    turn: Decimal = ZERO
    phase: Phase = Phase.NORMAL
    reverse_day: int = 0
    realized: Decimal = ZERO
    fees: Decimal = ZERO
    max_turn: Decimal = ZERO
    exhausted: bool = False
    started: date | None = None
    sessions: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One leg of a plan. `price` is None for MOC only; `credit` is the T a filled buy adds.

    `reverse_credit` marks a buy whose credit is a quarter of the rest, (a - T) x 0.25.
    """

    side: Side
    type: OrderType
    price: Decimal | None
    quantity: int
    leg: Leg
    credit: Decimal = ZERO
    reverse_credit: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skip:
    """A leg the method would have, and why tonight it has not."""

    leg: Leg
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One evening's orders and the figures they come from.

    `cycle` is the state the orders were made from, with tonight's phase already decided; it is the
    state that `cycle.settle` applies the day's fills to. `star_price` is None where there is none
    (nothing held, or a day of MOC only). `unit` is exact.
    """

    cycle: Cycle
    orders: tuple[Order, ...]
    unit: Decimal
    half: Half | None
    star_percent: Decimal | None
    star_price: Decimal | None
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fill:
    """What became of one order of a plan over its day: total shares and their mean price (USD)."""

    order: Order
    quantity: int
    price: Decimal
