"""A person at the simulated KIS's counter: the real client over a small wire, for tests of it."""

import asyncio
import tempfile
from collections.abc import Coroutine, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.clock import NEW_YORK
from bot.sessions import Calendar
from kis.client import Kis
from kis.environment import at
from kis.models import (
    Credentials,
    Exchange,
    Listing,
    OrderKind,
    OrderReceipt,
    OrderRequest,
    OrderRow,
    Side,
)
from kis.transport import Outcome
from tests.simulation.faults import Fault, Swarm
from tests.simulation.kis.broker import SimulatedKis
from tests.simulation.kis.request import Request
from tests.simulation.loop import VirtualLoop
from tests.simulation.world import World

T = TypeVar("T")

WEDNESDAY = date(2026, 3, 18)
BEFORE = datetime(2026, 3, 18, 3, 0, tzinfo=NEW_YORK)


class Wire:
    """Carries a client's requests to the simulated broker."""

    def __init__(self, broker: SimulatedKis) -> None:
        self._broker = broker
        self._numbers = count(1)
        self.sent: list[Request] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
        body: Mapping[str, str] | None,
        fresh: bool,
        timeout: float,  # noqa: ASYNC109 - the wire's own signature
    ) -> Outcome:
        del fresh
        request = Request(
            id=next(self._numbers),
            process=1,
            method=method,
            path=path,
            headers=headers,
            query=query or {},
            body=body or {},
            timeout=timeout,
        )
        self.sent.append(request)
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._broker.carry(request, answered.set_result)
        return await answered


class Counter:
    """One world with a broker in it and a client before it."""

    def __init__(
        self,
        seed: int = 1,
        *,
        rates: Mapping[Fault, float] | None = None,
        start: datetime = BEFORE,
        cash: str = "20000",
        shares: Mapping[str, tuple[int, Decimal]] | None = None,
    ) -> None:
        self.world = World(seed, start.astimezone(UTC), Swarm(rates=dict(rates or {})))
        self.broker = SimulatedKis(self.world, Calendar(), cash=Decimal(cash), shares=shares)
        self.wire = Wire(self.broker)
        self.loop = VirtualLoop(self.world)
        self._folder = tempfile.TemporaryDirectory()
        self.kis = Kis(
            at("http://kis.invalid", "ws://kis.invalid", calls_per_second=5),
            Credentials(
                app_key="k" * 36, app_secret="s" * 180, account="12345678-01", hts_id="owner"
            ),
            now=lambda: self.world.now,
            sleep=asyncio.sleep,
            token_file=Path(self._folder.name) / "token.json",
            wire=self.wire,
        )

    def close(self) -> None:
        self.loop.close()
        self._folder.cleanup()

    def ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Run a call of the client's to its end, in the world's time."""
        return self.loop.run_until_complete(question)

    def until(self, hour: int, minute: int = 0, *, day: date = WEDNESDAY) -> None:
        """Let the world go on until a time in New York."""
        instant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=NEW_YORK)
        self.world.advance(instant.astimezone(UTC))

    def wait(self, seconds: float) -> None:
        self.world.advance(self.world.now + timedelta(seconds=seconds))

    def place(
        self,
        side: Side = Side.BUY,
        kind: OrderKind = OrderKind.LIMIT,
        quantity: int = 3,
        price: str | Decimal | None = "10.00",
        symbol: str = "TQQQ",
    ) -> OrderReceipt:
        """Log in and place an order."""
        order = OrderRequest(
            symbol=symbol,
            exchange={"TQQQ": Exchange.NASDAQ, "SOXL": Exchange.AMEX}[symbol],
            side=side,
            kind=kind,
            quantity=quantity,
            price=None if price is None else Decimal(price),
        )

        async def posting() -> OrderReceipt:
            await self.kis.ensure_token(timedelta(minutes=30))
            return await self.kis.orders.place(order)

        return self.ask(posting())

    def listed(self, day: date = WEDNESDAY) -> Listing[OrderRow]:
        """Ask for the orders of a session."""
        return self.ask(self.kis.orders.executions(day, day))

    def hits(self, fault: Fault) -> int:
        return self.world.swarm.hits[fault]
