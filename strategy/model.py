"""The vocabulary of the method: frozen values that the book, the ledger and the backtest share.

Money and prices are USD, quantities are whole shares, percentages are percent (19 is 19 %),
dates are New York session dates.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from strategy.reasons import NO_REASON, Reason

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
    BIG = "big"
    MERGED = "merged"
    LADDER = "ladder"
    FOLDED = "folded"
    QUARTER = "quarter"
    TARGET = "target"
    NEAR_TARGET = "near_target"
    SELL_OUT = "sell_out"
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
    """What becomes of a finished cycle's profit: see `compounding.next_cycle`."""

    FULL = "full"
    NONE = "none"
    HALF = "half"
    YEARLY = "yearly"


class Counting(StrEnum):
    """Where T comes from: the day's events (1.0, 4.0), or the cost of what is held (the others)."""

    EVENTS = "events"
    COST = "cost"


class Sizing(StrEnum):
    """How large a unit is: cash / (a - T) anew every day, principal / a, or that and growing."""

    DAILY = "daily"
    FIXED = "fixed"
    GROWING = "growing"


class QuarterRounding(StrEnum):
    """What a quarter of the shares is when they do not divide by four."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    AT_LEAST_ONE = "at_least_one"


class QuarterBudget(StrEnum):
    """The unit of the quarter phase: cash shared over its rounds, or the same unit as before."""

    SHARED = "shared"
    SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The agreement a cycle runs under: version, symbol, splits and every disputed option.

    `counting` and `sizing` belong to the version; what each of the others decides, and whose rule
    it is, stands in `options.OPTIONS`.
    """

    method: str
    symbol: str
    splits: int
    target_percent: Decimal
    reverse_exit_percent: Decimal
    counting: Counting = Counting.EVENTS
    sizing: Sizing = Sizing.DAILY
    near_target_percent: Decimal = Decimal(5)
    first_buy_percent: Decimal = Decimal(12)
    ladder: int = 8
    ladder_floor_percent: Decimal | None = None
    band_percent: Decimal = Decimal(20)
    cap_percent: Decimal = Decimal(10)
    turn_decimals: int = 2
    turn_half_up: bool = False
    two_floors: bool = False
    quarter_rounding: QuarterRounding = QuarterRounding.FLOOR
    average_less_cent: bool = False
    exhausted_at_last_unit: bool = False
    exhausted_without_share: bool = True
    moc_without_share: bool = True
    sell_one_in_reverse: bool = True
    exit_on_old_average: bool = False
    reverse_factor: Decimal | None = None
    target_on_moc_day: bool = True
    quarter_budget: QuarterBudget = QuarterBudget.SHARED
    grow_at_cycle_end: bool = False
    target_by_ratio: bool = False
    prorata_credit: bool = False
    sell_out_percent: Decimal | None = None
    compounding: Compounding = Compounding.FULL
    fee_percent: Decimal = ZERO
    sell_fee_percent: Decimal | None = None
    sec_fee_percent: Decimal = ZERO
    fee_in_sizing: bool = False


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
    interest), which a unit sized by cash never touches. `turn` is T, `average` the ledger's own
    average cost; both carry 12 decimals, and `average_before` is the average before the last
    session's fills. `unit` is the fixed or growing unit (USD) of the versions that have one, else
    0. `reverse_day` is the number of the day to be planned in the reverse phase (1 is the day of
    the MOC), 0 outside it; `quarter_round` is the step to be planned in the quarter phase (see
    `quarter`), and `quarter_unit` the unit (USD) of its rounds. `realized` is this cycle's profit
    net of fees, dividends included. `next_rules` is the agreement that the next cycle begins under,
    None for the same.
    """

    rules: Rules
    number: int
    seed: Decimal
    principal: Decimal
    cash: Decimal
    reserve: Decimal = ZERO
    quantity: int = 0
    average: Decimal = ZERO
    average_before: Decimal = ZERO
    turn: Decimal = ZERO
    unit: Decimal = ZERO
    phase: Phase = Phase.NORMAL
    reverse_day: int = 0
    quarter_round: int = 0
    quarter_unit: Decimal = ZERO
    realized: Decimal = ZERO
    fees: Decimal = ZERO
    max_turn: Decimal = ZERO
    exhausted: bool = False
    started: date | None = None
    sessions: int = 0
    next_rules: Rules | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One leg of a plan. `price` is None for MOC only; `credit` is the T a filled buy adds.

    `reverse_credit` marks a buy whose credit is a quarter of the rest, (a - T) x 0.25. Where T
    comes from the cost, a credit only marks the legs that count.
    """

    side: Side
    type: OrderType
    price: Decimal | None
    quantity: int
    leg: Leg
    credit: Decimal = ZERO
    reverse_credit: bool = False
    why: Reason = NO_REASON


@dataclass(frozen=True, kw_only=True, slots=True)
class Skip:
    """A leg the method would have, and why tonight it has not."""

    leg: Leg
    why: Reason = NO_REASON


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One evening's orders and the figures they come from.

    `cycle` is the state the orders were made from, with tonight's phase already decided; it is the
    state that `cycle.settle` applies the day's fills to. `star_price` is None where there is none
    (nothing held, or a day of MOC only). `unit` is exact; a fixed one may be more than the cash.
    """

    cycle: Cycle
    orders: tuple[Order, ...]
    unit: Decimal
    half: Half | None
    star_percent: Decimal | None
    star_price: Decimal | None
    skips: tuple[Skip, ...] = ()

    @property
    def used_up(self) -> bool:
        """Tell whether less than one unit was left when the plan was made.

        That is any phase but normal, or, in the versions that only wait then, T above a - 1.
        """
        cycle = self.cycle
        return cycle.phase is not Phase.NORMAL or cycle.turn > cycle.rules.splits - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Fill:
    """What became of one order of a plan over its day: total shares and their mean price (USD)."""

    order: Order
    quantity: int
    price: Decimal
