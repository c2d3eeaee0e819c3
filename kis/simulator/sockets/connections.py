"""The open websockets: what each has registered, what waits to be sent, and who reads what."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kis.simulator.sockets.columns import NOTICES
from kis.simulator.sockets.frames import Keys

Registration = tuple[str, str]
FLUSH_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Connection:
    """One websocket: its registrations (TR id, key) with their keys, and its outbox.

    `bound` once it has registered with a good approval key; `mock` on 모의투자's socket. A
    `silent` one stays open and says nothing more; without `pings` only the PINGPONG is missing.
    `writing` while the last text waits for the reader to take it.
    """

    transport: asyncio.Transport | None
    limit: int
    mock: bool
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    subscriptions: dict[Registration, Keys] = field(default_factory=dict)
    bound: bool = False
    silent: bool = False
    pings: bool = True
    dropped: bool = False
    writing: bool = False
    sent: int = 0
    on_drop: Callable[[], None] = field(default=lambda: None)

    def put(self, text: str) -> None:
        """Queue a text; a reader that does not read while its outbox is full is dropped."""
        if self.silent or self.dropped:
            return
        if self.writing and self.outbox.qsize() >= self.limit:
            self.drop()
            return
        self.outbox.put_nowait(text)

    def drop(self) -> None:
        """Cut the connection without a close frame, and forget what waits."""
        self.dropped = True
        self.on_drop()
        if self.transport is not None:
            self.transport.abort()
        while not self.outbox.empty():
            self.outbox.get_nowait()
            self.outbox.task_done()


class Connections:
    """All of them in the order they came, with an index by registration."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._open: list[Connection] = []
        self._index: dict[Registration, list[tuple[Connection, Keys]]] | None = None

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._open))

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: Connection) -> None:
        connection.on_drop = self.changed
        self._open.append(connection)

    def discard(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.remove(connection)
        self.changed()

    def changed(self) -> None:
        """Forget the index: a registration came or went."""
        self._index = None
        self.on_change()

    def in_use(self, connection: Connection) -> bool:
        """Tell whether another connection holds the session of the same socket's app key."""
        return any(
            other.bound and other is not connection and other.mock == connection.mock
            for other in self._open
            if not other.dropped
        )

    def readers(self, tr_id: str, tr_key: str) -> Sequence[tuple[Connection, Keys]]:
        return self._indexed().get((tr_id, tr_key), ())

    def heard(self, tr_key: str, *tr_ids: str) -> bool:
        """Tell whether anybody has registered a key under one of these TR ids."""
        index = self._indexed()
        return any((tr_id, tr_key) in index for tr_id in tr_ids)

    def asked_for(self, *tr_ids: str) -> bool:
        """Tell whether anybody has registered anything under one of these TR ids."""
        return any(tr_id in tr_ids for tr_id, _ in self._indexed())

    def quotes(self) -> list[Registration]:
        """Give every registration of trades and books, in the order they were first asked for."""
        return [wanted for wanted in self._indexed() if wanted[0] not in NOTICES]

    async def flush(self) -> None:
        """Wait until everything queued so far has been written, one second at most."""
        for connection in self:
            try:
                async with asyncio.timeout(FLUSH_SECONDS):
                    await connection.outbox.join()
            except TimeoutError:
                continue

    def _indexed(self) -> dict[Registration, list[tuple[Connection, Keys]]]:
        if self._index is None:
            self._index = {}
            for connection in self._open:
                if connection.dropped:
                    continue
                for wanted, keys in connection.subscriptions.items():
                    self._index.setdefault(wanted, []).append((connection, keys))
        return self._index
