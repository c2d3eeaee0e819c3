"""A venue under test: a client, a clock that may or may not move, and what may be done there."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

import aiohttp
import pytest

from kis.client import Kis
from kis.environment import MOCK, REAL, Environment, at
from kis.models import (
    NEW_YORK,
    Credentials,
    Exchange,
    ExecutionNotice,
    OrderKind,
    OrderReceipt,
    OrderRequest,
    OrderRow,
    Side,
    StreamState,
    StreamStateKind,
)
from kis.simulator.config import APP_KEY, APP_SECRET
from kis.stream import Stream
from tests.kis.contract.clocks import Remote, WallClock
from tests.kis.simulator.desk import quick, running
from tests.peers import ROOT

CENT = Decimal("0.01")
FAR = Decimal("0.70")
PATIENCE = 20.0
LAST = time(15, 30)
SIMULATOR = Credentials(
    app_key=APP_KEY, app_secret=APP_SECRET, account="81000000-01", hts_id="SIMUSER1"
)
FAST = 100_000


@dataclass(kw_only=True)
class Venue:
    """Somewhere orders are taken. `remote` is None where nothing but the counter is ours."""

    kis: Kis
    mock: bool
    remote: Remote | None
    token_file: Path
    symbol: str = "TQQQ"
    exchange: Exchange = Exchange.NASDAQ
    may_order: bool = True

    @property
    def live(self) -> bool:
        return self.remote is None

    async def at(self, phase: str) -> None:
        """Stand where orders are "taken", or at the "open" or the "close" of a session.

        A real account is taken from half an hour into the pre-market on, since KIS's gateway needs
        its first minutes; 모의투자 takes orders of the regular session only.
        """
        if self.remote is not None:
            if phase != "close":
                await self.remote.move("session")
            if phase == "taken" and not self.mock:
                await self.remote.sleep(1800)
            else:
                await self.remote.move("open" if phase == "taken" else phase)
            return
        now = WallClock.now()
        first = time(9, 35) if self.mock or phase != "taken" else time(4, 30)
        if now.weekday() > 4 or not first <= now.time() < LAST:
            pytest.skip(f"it is {now:%a %H:%M} in New York: come back {first:%H:%M}-{LAST:%H:%M}")

    async def early(self) -> None:
        """Stand before the session, when reservations are taken."""
        if self.remote is not None:
            await self.remote.move("session")
            await self.remote.sleep(1800)

    async def fault(self, name: str, count: int = 1, **match: str) -> None:
        """Have something go wrong on purpose."""
        remote = self.simulator("faults happen on purpose at the simulator only")
        await remote.ask("POST", "faults", {"name": name, "count": count, "match": match})

    def simulator(self, why: str) -> Remote:
        if self.remote is None:
            pytest.skip(f"not at an account of yours: {why}")
        return self.remote

    def orders_are_allowed(self) -> None:
        if not self.may_order:
            pytest.skip(
                "a real account takes orders of this suite with KIS_CONTRACT_ORDERS=yes only"
            )

    def only_real(self) -> None:
        if self.mock:
            pytest.skip("모의투자 has no such thing")

    async def last(self) -> Decimal:
        return (await self.kis.prices.quote(self.symbol, self.exchange)).last

    async def far(self) -> Decimal:
        """Give a price inside KIS's collar at which nobody sells."""
        return (await self.last() * FAR).quantize(CENT, ROUND_DOWN)

    def order(
        self,
        side: Side,
        quantity: int,
        price: Decimal | None,
        kind: OrderKind = OrderKind.LIMIT,
    ) -> OrderRequest:
        return OrderRequest(
            symbol=self.symbol,
            exchange=self.exchange,
            side=side,
            kind=kind,
            quantity=quantity,
            price=price,
        )

    @asynccontextmanager
    async def resting(self, kind: OrderKind = OrderKind.LIMIT) -> AsyncIterator[OrderReceipt]:
        """Place one share far from the market; cancel what is left of it, and see it gone."""
        self.orders_are_allowed()
        receipt = await self.kis.orders.place(self.order(Side.BUY, 1, await self.far(), kind))
        try:
            yield receipt
        finally:
            left = [one for one in await self.open() if one == receipt.order_number]
            if left:
                await self.cancel(receipt.order_number, 1)
            await self.until_gone(receipt.order_number)

    async def cancel(self, order_number: str, quantity: int) -> OrderReceipt:
        return await self.kis.orders.cancel(order_number, self.symbol, self.exchange, quantity)

    async def open(self) -> list[str]:
        listing = await self.kis.orders.open()
        assert listing.complete, listing.reason
        return [order.order_number for order in listing.rows]

    async def until_gone(self, order_number: str) -> None:
        """Look until an order is open no more; listings lag. Fails after a patient while."""
        for _ in range(int(PATIENCE)):
            if order_number not in await self.open():
                return
            await asyncio.sleep(0 if self.remote else 1)
        raise AssertionError(f"{order_number} is still open: cancel it by hand")

    def now(self) -> datetime:
        return (self.remote or WallClock()).now()

    def kis_today(self) -> date:
        """Give the US date, by which KIS lists orders."""
        return self.now().astimezone(NEW_YORK).date()

    async def row(self, order_number: str) -> OrderRow:
        """Give today's row of an order, from a listing that is whole."""
        today = self.kis_today()
        listing = await self.kis.orders.executions(today, today)
        assert listing.complete, listing.reason
        [row] = [one for one in listing.rows if one.order_number == order_number]
        return row

    async def held(self) -> int:
        listing = await self.kis.account.holdings()
        assert listing.complete, listing.reason
        return sum(one.quantity for one in listing.rows if one.symbol == self.symbol)

    async def power(self) -> Decimal:
        price = await self.far()
        return (await self.kis.account.buying_power(self.symbol, self.exchange, price)).orderable

    @staticmethod
    async def connected(stream: Stream) -> None:
        """Wait until the websocket is there: what happens before it is not pushed."""
        async with asyncio.timeout(PATIENCE):
            async for item in stream:
                if isinstance(item, StreamState) and item.kind is StreamStateKind.CONNECTED:
                    return

    async def notice(self, stream: Stream, order_number: str) -> ExecutionNotice:
        """Wait for the next notice about an order or about a request to change it."""
        async with asyncio.timeout(PATIENCE):
            async for item in stream:
                mine = isinstance(item, ExecutionNotice) and order_number in {
                    item.order_number,
                    item.original_number,
                }
                if mine and isinstance(item, ExecutionNotice):
                    return item
        raise AssertionError("the stream ended without the notice")


@asynccontextmanager
async def customer(url: str, token_file: Path, *, mock: bool) -> AsyncIterator[Venue]:
    """Be a customer of a simulator that runs at an address."""
    environment = at(url, url.replace("http", "ws"), calls_per_second=FAST, mock=mock)
    async with aiohttp.ClientSession() as http:
        remote = Remote(url=url, http=http)
        await remote.look()
        async with client(environment, SIMULATOR, remote, token_file) as kis:
            yield Venue(kis=kis, mock=mock, remote=remote, token_file=token_file)


def client(
    environment: Environment,
    credentials: Credentials,
    clock: Remote | WallClock,
    token_file: Path,
) -> Kis:
    return Kis(environment, credentials, now=clock.now, sleep=clock.sleep, token_file=token_file)


@asynccontextmanager
async def in_process(token_file: Path, *, mock: bool) -> AsyncIterator[Venue]:
    """Serve a simulator in this loop, with a market that says the same every day."""
    async with (
        running(quick(), with_token=False) as desk,
        customer(desk.url, token_file, mock=mock) as venue,
    ):
        yield venue


@contextmanager
def process() -> Iterator[str]:
    """Run `python -m kis.simulator` on a free port and give its address."""
    command = [sys.executable, "-m", "kis.simulator", "--port", "0", "--cash", "200000"]
    command += ["--calls-per-second", str(FAST), "--mock-calls-per-second", str(FAST)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running_:
        try:
            assert running_.stdout is not None
            yield str(json.loads(running_.stdout.readline())["listening"])
        finally:
            running_.terminate()


@asynccontextmanager
async def account(given: Mapping[str, str], token_file: Path) -> AsyncIterator[Venue]:
    """Be the customer of KIS that `given` names."""
    mock = given["KIS_CONTRACT_VENUE"] == "mock"
    credentials = Credentials(
        app_key=given["KIS_CONTRACT_APP_KEY"],
        app_secret=given["KIS_CONTRACT_APP_SECRET"],
        account=given["KIS_CONTRACT_ACCOUNT"],
        hts_id=given["KIS_CONTRACT_HTS_ID"],
    )
    kept = given.get("KIS_CONTRACT_TOKEN_FILE")
    file = Path(kept) if kept else token_file
    environment = MOCK if mock else REAL
    if "KIS_CONTRACT_URL" in given:
        url = given["KIS_CONTRACT_URL"]
        environment = replace(environment, rest_url=url, websocket_url=url.replace("http", "ws"))
    async with client(environment, credentials, WallClock(), file) as kis:
        yield Venue(
            kis=kis,
            mock=mock,
            remote=None,
            token_file=file,
            symbol=given.get("KIS_CONTRACT_SYMBOL", "TQQQ"),
            exchange=Exchange(given.get("KIS_CONTRACT_EXCHANGE", "NASDAQ")),
            may_order=mock or given.get("KIS_CONTRACT_ORDERS") == "yes",
        )
