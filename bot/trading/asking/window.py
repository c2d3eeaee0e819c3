"""The window for questions: balance, rate, price. No order waits here, and none is held up.

KIS answers so many calls a second, orders among them: each question is a few calls at the most.
"""

from collections.abc import Awaitable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from bot.bus import Bus
from bot.clock import SEOUL
from bot.commands import AskBalance, AskPrice, AskRate, Balance, Price, Rate
from bot.commands.asking import MINUTES, AskTax, Taxed
from bot.runway import Need, banks_next, need_of, runway, settled_in_seoul
from bot.tax_books import NoRate, tax_books
from bot.trading.asking.fees import Fees
from bot.trading.asking.rates import Rates
from bot.trading.ports import BrokerSilent, NotListed
from bot.trading.ports_money import Teller
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading

T = TypeVar("T")

USUAL = "TQQQ"
"""The symbol that money is asked with while no cycle runs: KIS wants one named."""


class Window:
    """Answer what is asked, and keep what the day's own questions told beside."""

    def __init__(self, trading: Trading, teller: Teller) -> None:
        self._trading = trading
        self._desk = trading.desk
        self._teller = teller
        self._rates = Rates(trading.desk, teller)
        self._fees = Fees(trading.desk, teller)

    def register(self, bus: Bus) -> None:
        bus.handle(AskBalance, self.balance)
        bus.handle(AskRate, self.rate)
        bus.handle(AskPrice, self.price)
        bus.handle(AskTax, self.tax)
        # The fees of the last session are booked before the next is planned from the ledger.
        self._trading.before.append(self._fees.look)
        self._trading.after.append(self._rates.look)

    async def balance(self, command: AskBalance) -> Balance:
        """Say what money the account has."""
        del command
        purse = await _heard(self._teller.purse(await self._symbol()))
        await self._rates.note(purse.rate)
        now, calendar = self._desk.clock.now(), self._desk.calendar
        usable = max(purse.orderable, purse.integrated)
        way = runway(usable, await self._needs(), calendar, calendar.current_or_next(now))
        return Balance(at=now, purse=purse, runway=way)

    async def _needs(self) -> list[Need]:
        """Say what each cycle's buys take of a session, by the unit of its last plan."""
        needs: list[Need] = []
        for view in await self._desk.views.cycles():
            round_ = await self._desk.views.latest_round(view.cycle_id)
            unit = round_.plan.unit if round_ is not None and round_.plan is not None else None
            needs.append(need_of(view.cycle_id, view.cycle, unit))
        return needs

    async def rate(self, command: AskRate) -> Rate:
        """Say how the won stands: price-detail's rate, else the one that money is told with."""
        del command
        symbol = await self._symbol()
        rate = (await _heard(self._teller.quoted(symbol))).rate
        if rate is None:
            rate = (await _heard(self._teller.purse(symbol))).rate
        await self._rates.note(rate)
        now = self._desk.clock.now()
        opens = banks_next(now)
        return Rate(at=now, rate=rate, banks_open=opens is None, banks_next=opens)

    async def price(self, command: AskPrice) -> Price:
        """Say what a symbol costs, with the session's minutes where they are wanted and offered."""
        quoted = await _heard(self._teller.quoted(command.symbol))
        await self._rates.note(quoted.rate)
        now = self._desk.clock.now()
        if not command.chart:
            return Price(at=now, quoted=quoted)
        try:
            minutes = await self._teller.minutes(
                command.symbol, minutes=MINUTES, since=self._opened(now)
            )
        except BrokerSilent:
            minutes = None  # the price alone is worth telling
        return Price(at=now, quoted=quoted, minutes=tuple(minutes or ()))

    async def tax(self, command: AskTax) -> Taxed:
        """Say how a year is taxed, by the rates that were kept, or by one asked for."""
        desk = self._desk
        today = desk.clock.now().astimezone(SEOUL).date()
        if await desk.views.money.latest_rate() is None:
            current = (await self.rate(AskRate())).rate
        else:
            current = None
        year = command.year or today.year
        try:
            books = await tax_books(
                desk.views, desk.calendar, today, method=command.method, current=current
            )
        except NoRate as error:
            raise Refusal(Why.NO_RATE) from error
        newest = await desk.views.money.latest_rate()
        day, rate = newest if newest is not None else (today, current or Decimal(0))
        coming = desk.calendar.current_or_next(desk.clock.now()).day
        return Taxed(
            year=year,
            books=books,
            last_session=self._last_session(year),
            day=day,
            rate=rate,
            settles=settled_in_seoul(coming, desk.calendar),
        )

    def _last_session(self, year: int) -> date:
        """Find the last session whose trades settle in a year."""
        days = [
            day.day for day in self._desk.calendar.between(date(year, 12, 20), date(year, 12, 31))
        ]
        calendar = self._desk.calendar
        return max(day for day in days if settled_in_seoul(day, calendar).year == year)

    def _opened(self, now: datetime) -> datetime:
        """Give the open of the session that runs, or of the last one."""
        calendar = self._desk.calendar
        session = calendar.current_or_next(now)
        if session.open > now - timedelta(minutes=MINUTES):
            session = calendar.previous(session.day)
        return session.open

    async def _symbol(self) -> str:
        views = await self._desk.views.cycles()
        return views[0].symbol if views else USUAL


async def _heard(question: Awaitable[T]) -> T:
    try:
        return await question
    except NotListed as missing:
        raise Refusal(Why.NOT_LISTED) from missing
    except BrokerSilent as silence:
        raise Refusal(Why.BROKER_SILENT) from silence
