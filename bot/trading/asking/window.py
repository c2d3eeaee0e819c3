"""The window for questions: balance, rate, price. No order waits here, and none is held up.

KIS answers so many calls a second, orders among them: each question is a few calls at the most.
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.bus import Bus
from bot.commands import AskBalance, AskPrice, AskRate, Balance, Price, Rate
from bot.commands.asking import MINUTES
from bot.trading.asking.fees import Fees
from bot.trading.asking.rates import Rates
from bot.trading.ports import BrokerSilent
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
        # The fees of the last session are booked before the next is planned from the ledger.
        self._trading.before.append(self._fees.look)
        self._trading.after.append(self._rates.look)

    async def balance(self, command: AskBalance) -> Balance:
        """Say what money the account has."""
        del command
        purse = await _heard(self._teller.purse(await self._symbol()))
        await self._rates.note(purse.rate)
        return Balance(at=self._desk.clock.now(), purse=purse)

    async def rate(self, command: AskRate) -> Rate:
        """Say how the won stands: price-detail's rate, else the one that money is told with."""
        del command
        symbol = await self._symbol()
        rate = (await _heard(self._teller.quoted(symbol))).rate
        if rate is None:
            rate = (await _heard(self._teller.purse(symbol))).rate
        await self._rates.note(rate)
        return Rate(at=self._desk.clock.now(), rate=rate)

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
    except BrokerSilent as silence:
        raise Refusal(Why.BROKER_SILENT) from silence
