"""Korea's tax on gains from foreign shares (양도소득세), estimated: pure functions over trades.

A year holds the sales that settle in it. Each side of a sale is turned into won at the rate of its
own settlement day; the gains and losses of a year are netted, ₩2,500,000 are free, and 20 % with a
tenth of that for the municipality are due. USD unless a name says KRW. Sources: settled.md ("Money
beside the orders"); 소득세법 118조의2 이하, 시행령 162조 5항 (first in, first out).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from strategy.model import ZERO, Side

DEDUCTION = Decimal(2_500_000)
"""Free of tax in a year (KRW), over all foreign and taxable domestic shares of a person."""
NATIONAL = Decimal("0.20")
LOCAL = Decimal("0.10")
"""The municipality's part of what the nation takes."""
TEN_WON = Decimal(10)
WON = Decimal(1)


class CostMethod(StrEnum):
    """Which shares a sale sells: the oldest (선입선출), or of each a part (이동평균)."""

    FIFO = "fifo"
    MOVING = "moving"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trade:
    """The fills of a symbol on one side of a session; `amount` (USD) is gross of `fee`.

    `settled` is the settlement day in Seoul, `rate` KRW a dollar for it. `assumed`: the rate is
    another day's, as that day's is not known (or, of a position taken over, the day itself).
    """

    session: date
    settled: date
    symbol: str
    side: Side
    quantity: int
    amount: Decimal
    fee: Decimal
    rate: Decimal
    assumed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """`old` shares became `new` before the session named."""

    first_session: date
    symbol: str
    new: int
    old: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """One sale as it is taxed; won are whole. `profit_krw` is net of the fees of both sides.

    `uncovered` shares were sold of which no purchase is known: their cost counts as nothing.
    """

    session: date
    settled: date
    symbol: str
    quantity: int
    proceeds: Decimal
    cost: Decimal
    fee: Decimal
    rate: Decimal
    proceeds_krw: Decimal
    cost_krw: Decimal
    fee_krw: Decimal
    assumed: bool = False
    uncovered: int = 0

    @property
    def profit_krw(self) -> Decimal:
        return self.proceeds_krw - self.cost_krw - self.fee_krw

    @property
    def profit(self) -> Decimal:
        """The same in USD, as if no rate had moved."""
        return self.proceeds - self.cost - self.fee

    @property
    def currency_krw(self) -> Decimal:
        """How much of the won came from the rate and not from the price."""
        return self.profit_krw - _won(self.profit * self.rate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lot:
    """Shares still held, with what they cost (fees of buying included)."""

    quantity: int
    cost: Decimal
    cost_krw: Decimal
    assumed: bool = False

    def part(self, quantity: int) -> "Lot":
        """Give what so many of its shares cost."""
        if quantity == self.quantity:
            return self
        return replace(
            self,
            quantity=quantity,
            cost=self.cost * quantity / self.quantity,
            cost_krw=self.cost_krw * quantity / self.quantity,
        )

    def without(self, part: "Lot") -> "Lot":
        """Give what is left: to the last digit, so that nothing is taxed twice."""
        return replace(
            self,
            quantity=self.quantity - part.quantity,
            cost=self.cost - part.cost,
            cost_krw=self.cost_krw - part.cost_krw,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """What a year's profit is taxed with (KRW). Of a loss nothing is due, nothing is carried."""

    profit: Decimal
    deducted: Decimal
    base: Decimal
    national: Decimal
    local: Decimal

    @property
    def total(self) -> Decimal:
        return self.national + self.local

    @property
    def free(self) -> Decimal:
        """What may still be earned this year without tax."""
        return max(DEDUCTION - self.profit, ZERO)


@dataclass(frozen=True, kw_only=True, slots=True)
class Books:
    """Every sale as it is taxed, oldest first, and the lots that are left by symbol."""

    gains: tuple[Gain, ...]
    lots: dict[str, tuple[Lot, ...]] = field(default_factory=dict)

    def of(self, year: int) -> tuple[Gain, ...]:
        """Give the sales that settle in a year."""
        return tuple(gain for gain in self.gains if gain.settled.year == year)

    def bill(self, year: int) -> Bill:
        return bill(sum((gain.profit_krw for gain in self.of(year)), ZERO))


def bill(profit: Decimal) -> Bill:
    """Compute the tax on a year's netted profit (KRW): each part is cut to ten won."""
    deducted = min(max(profit, ZERO), DEDUCTION)
    base = max(profit - DEDUCTION, ZERO)
    national = _cut(base * NATIONAL)
    return Bill(
        profit=profit,
        deducted=deducted,
        base=base,
        national=national,
        local=_cut(national * LOCAL),
    )


def walk(
    trades: Iterable[Trade], splits: Iterable[Split] = (), method: CostMethod = CostMethod.FIFO
) -> Books:
    """Match every sale with what its shares cost. Within a session sales come before buys.

    A sale of more shares than were bought has those `uncovered`. A split keeps the cost of a lot
    and multiplies its shares; a part of a share that is left over is paid out and not taxed here.
    """
    heaps: dict[str, deque[Lot]] = {}
    gains: list[Gain] = []
    waiting = deque(sorted(splits, key=lambda split: split.first_session))
    for trade in sorted(trades, key=lambda trade: (trade.session, trade.side is Side.BUY)):
        while waiting and waiting[0].first_session <= trade.session:
            split = waiting.popleft()
            heaps[split.symbol] = _split(heaps.get(split.symbol, deque()), split)
        heap = heaps.setdefault(trade.symbol, deque())
        if trade.side is Side.BUY:
            _put(heap, _lot_of(trade), method)
        else:
            gains.append(_gain(trade, _take(heap, trade.quantity)))
    for split in waiting:
        heaps[split.symbol] = _split(heaps.get(split.symbol, deque()), split)
    return Books(gains=tuple(gains), lots={name: tuple(heap) for name, heap in heaps.items()})


def if_sold(lots: Sequence[Lot], trade: Trade) -> Gain:
    """Say what a sale would be taxed on, from the lots that are held."""
    return _gain(trade, _take(deque(lots), trade.quantity))


def held(lots: Sequence[Lot]) -> int:
    return sum(lot.quantity for lot in lots)


def _lot_of(trade: Trade) -> Lot:
    cost = trade.amount + trade.fee
    return Lot(
        quantity=trade.quantity, cost=cost, cost_krw=cost * trade.rate, assumed=trade.assumed
    )


def _put(heap: deque[Lot], lot: Lot, method: CostMethod) -> None:
    if method is CostMethod.MOVING and heap:
        known = heap.pop()
        lot = Lot(
            quantity=known.quantity + lot.quantity,
            cost=known.cost + lot.cost,
            cost_krw=known.cost_krw + lot.cost_krw,
            assumed=known.assumed or lot.assumed,
        )
    heap.append(lot)


def _take(heap: deque[Lot], quantity: int) -> list[Lot]:
    """Take shares off a heap, the oldest first; fewer where it has no more."""
    taken: list[Lot] = []
    while quantity and heap:
        lot = heap.popleft()
        part = lot.part(min(quantity, lot.quantity))
        quantity -= part.quantity
        taken.append(part)
        if part.quantity < lot.quantity:
            heap.appendleft(lot.without(part))
    return taken


def _gain(trade: Trade, taken: Sequence[Lot]) -> Gain:
    return Gain(
        session=trade.session,
        settled=trade.settled,
        symbol=trade.symbol,
        quantity=trade.quantity,
        proceeds=trade.amount,
        cost=sum((lot.cost for lot in taken), ZERO),
        fee=trade.fee,
        rate=trade.rate,
        proceeds_krw=_won(trade.amount * trade.rate),
        cost_krw=_won(sum((lot.cost_krw for lot in taken), ZERO)),
        fee_krw=_won(trade.fee * trade.rate),
        assumed=trade.assumed or any(lot.assumed for lot in taken),
        uncovered=trade.quantity - held(taken),
    )


def _split(heap: deque[Lot], split: Split) -> deque[Lot]:
    """Multiply the shares of a heap as a whole: what is left over is lost once, not in each lot."""
    scaled: deque[Lot] = deque()
    before = after = 0
    for lot in heap:
        before += lot.quantity
        quantity = before * split.new // split.old - after
        after += quantity
        if quantity:
            scaled.append(replace(lot, quantity=quantity))
        elif scaled:
            last = scaled.pop()
            scaled.append(
                replace(last, cost=last.cost + lot.cost, cost_krw=last.cost_krw + lot.cost_krw)
            )
    return scaled


def _won(amount: Decimal) -> Decimal:
    return amount.quantize(WON, ROUND_HALF_UP)


def _cut(amount: Decimal) -> Decimal:
    return (amount / TEN_WON).quantize(WON, ROUND_DOWN) * TEN_WON
