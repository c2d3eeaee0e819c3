"""KIS as one process reaches it: the real client over a wire that ends in the simulated broker."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import count
from types import TracebackType
from typing import Any, Self

from kis.client import Kis
from kis.models import Exchange, StreamState, StreamStateKind
from kis.transport import Outcome
from tests.simulation.disk import Disk
from tests.simulation.facts import OrderPosted
from tests.simulation.kis.broker import SimulatedKis
from tests.simulation.kis.desk_orders import BUY, SELL
from tests.simulation.kis.request import Request
from tests.simulation.process import Process

ORDERS = {BUY: "buy", SELL: "sell"}
KINDS = {"00": "limit", "34": "loc", "33": "moc"}


class SimWire:
    """A `kis.transport.Wire`; what leaves here lands whether or not the process lives."""

    def __init__(
        self, process: Process, broker: SimulatedKis, disk: Disk, numbers: "count[int]"
    ) -> None:
        self._process = process
        self._broker = broker
        self._disk = disk
        self._numbers = numbers

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
        name = headers.get("tr_id") or path.rpartition("/")[2]
        self._process.point(f"kis.up {name}")
        request = Request(
            id=next(self._numbers),
            process=self._process.number,
            method=method,
            path=path,
            headers=headers,
            query=query or {},
            body=body or {},
            timeout=timeout,
        )
        if name in ORDERS:
            self._note(request, ORDERS[name])
        answered: asyncio.Future[Outcome] = self._process.loop.create_future()

        def answer(outcome: Outcome) -> None:
            if not answered.done():
                answered.set_result(outcome)

        self._broker.carry(request, answer)
        outcome = await answered
        self._process.point(f"kis.down {name}")
        return outcome

    def _note(self, request: Request, side: str) -> None:
        world, body = self._process.world, request.body
        world.note(
            OrderPosted(
                at=world.now,
                process=self._process.number,
                request=request.id,
                sent=self._disk.sent(),
                symbol=body["PDNO"],
                side=side,
                kind=KINDS.get(body["ORD_DVSN"], body["ORD_DVSN"]),
                quantity=int(body["ORD_QTY"]),
                price=Decimal(body["OVRS_ORD_UNPR"]),
            )
        )


class SimKis(Kis):
    """The real client, but for its websocket: what the world pushes comes in as it is."""

    def __init__(self, *args: Any, broker: SimulatedKis, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._broker = broker
        self._process = process

    @asynccontextmanager
    async def stream(  # type: ignore[override]  # stands in for a Stream: it is only iterated
        self, *, symbols: Iterable[tuple[str, Exchange | None]] = (), **_: Any
    ) -> AsyncIterator["_Pushed"]:
        pushed = _Pushed()
        watched = [symbol for symbol, _ in symbols]
        undo = self._broker.pushes.listen(watched, pushed.items.put_nowait)
        self._process.at_death(undo)
        try:
            yield pushed
        finally:
            undo()


class _Pushed:
    """What came over the websocket, in order; it never ends by itself."""

    def __init__(self) -> None:
        self.items: asyncio.Queue[object] = asyncio.Queue()
        self.items.put_nowait(StreamState(kind=StreamStateKind.CONNECTED))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> object:
        return await self.items.get()
