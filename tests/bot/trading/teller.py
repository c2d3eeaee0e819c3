"""A `ports_money.Teller` whose every answer the test decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.trading.ports import BrokerSilent, NotListed
from bot.trading.ports_money import Charge, Charges, MinuteSeen, Purse, Quoted

PURSE = Purse(
    orderable=Decimal("6035.01"),
    integrated=Decimal("6035.01"),
    cash=Decimal("6250.11"),
    rate=Decimal("1390.50"),
    withdrawable=Decimal("6000.00"),
    won=Decimal(8_690_000),
    assets=Decimal(14_000_000),
    unsettled_buys=Decimal(0),
    unsettled_sells=Decimal(417_150),
)
QUOTED = Quoted(
    symbol="TQQQ",
    last=Decimal("99.10"),
    previous_close=Decimal("96.86"),
    volume=12_345_678,
    open=Decimal("97.00"),
    high=Decimal("99.90"),
    low=Decimal("96.20"),
    year_high=Decimal("110.22"),
    year_low=Decimal("20.10"),
    rate=Decimal("1390.50"),
)


@dataclass
class FixedTeller:
    """Answers as told; `asked` counts the questions that go to the broker."""

    money: Purse = PURSE
    quotes: dict[str, Quoted] = field(default_factory=lambda: {"TQQQ": QUOTED})
    bars: Sequence[MinuteSeen] | None = ()
    taken: Charges | None = field(default_factory=lambda: Charges(rows=(), complete=True))
    heard: Decimal | None = None
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.silent:
            raise BrokerSilent("the counter says nothing")

    async def purse(self, symbol: str) -> Purse:
        self._ask(f"purse {symbol}")
        return self.money

    async def quoted(self, symbol: str) -> Quoted:
        self._ask(f"quoted {symbol}")
        if symbol not in self.quotes:
            raise NotListed(symbol)
        return self.quotes[symbol]

    async def minutes(
        self, symbol: str, *, minutes: int, since: datetime
    ) -> Sequence[MinuteSeen] | None:
        del minutes, since
        self._ask(f"minutes {symbol}")
        return self.bars

    async def charges(self, start: date, end: date) -> Charges | None:
        self._ask(f"charges {start} {end}")
        return self.taken

    def rate_heard(self) -> Decimal | None:
        rate, self.heard = self.heard, None
        return rate

    def took(self, *rows: Charge) -> None:
        self.taken = Charges(rows=rows, complete=True)
