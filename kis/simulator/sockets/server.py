"""The websocket side: sockets come, are read, pinged and written to, and go."""

import asyncio
from collections.abc import Mapping

from aiohttp import WSMsgType, web

from kis.simulator.config import SimulatorConfig
from kis.simulator.desks.quotes import Quotes
from kis.simulator.domestic import Domestic
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.sockets import frames
from kis.simulator.sockets.connections import Connection, Connections
from kis.simulator.sockets.faults import StreamFaults
from kis.simulator.sockets.load import Load
from kis.simulator.sockets.publisher import Publisher
from kis.simulator.sockets.registration import IN_USE, DroppedError, Registrar
from kis.simulator.tokens import Tokens

PATHS = ("/", "/tryitout", "/tryitout/{tr}")
# 모의투자's websocket, which KIS has on another port: notices only.
MOCK_PATHS = ("/mock", "/mock/tryitout", "/mock/tryitout/{tr}")
LARGEST_MESSAGE = 1 << 20


class Streams:
    """All open websockets of the simulator."""

    def __init__(
        self,
        *,
        config: SimulatorConfig,
        symbols: Mapping[str, str],
        exchange: Exchange,
        tokens: Tokens,
        quotes: Quotes,
        domestic: Domestic,
        faults: Faults,
    ) -> None:
        self._config = config
        self._exchange = exchange
        self._connections = Connections()
        self._sockets: set[web.WebSocketResponse] = set()
        self._faults = StreamFaults(faults, config.seed)
        self._registrar = Registrar(
            seed=config.seed,
            hts_id=config.hts_id,
            app_key=config.app_key,
            symbols=symbols,
            krx=domestic.codes,
            approved=tokens.approved,
            connections=self._connections,
        )
        publisher = Publisher(
            config=config,
            exchange=exchange,
            quotes=quotes,
            domestic=domestic,
            connections=self._connections,
            faults=self._faults,
        )
        self.load = Load(config.seed, self._connections, publisher, config.ticks_per_second)

    def routes(self) -> list[web.RouteDef]:
        return [web.get(path, self._serve) for path in (*PATHS, *MOCK_PATHS)]

    async def close(self) -> None:
        """Say goodbye to every websocket."""
        for socket in list(self._sockets):
            await socket.close()

    async def flush(self) -> None:
        """Wait until everything pushed so far has been written, one second at most."""
        await self._connections.flush()

    # -- one connection ---------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until either side ends it."""
        socket = web.WebSocketResponse(autoping=True, compress=False, max_msg_size=LARGEST_MESSAGE)
        await socket.prepare(request)
        connection = Connection(
            transport=request.transport,
            limit=self._config.outbox_frames,
            mock=request.path.startswith(MOCK_PATHS[0]),
        )
        self._connections.add(connection)
        self._sockets.add(socket)
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [
                    group.create_task(_send(socket, connection)),
                    group.create_task(self._ping(connection)),
                ]
                try:
                    await self._read(socket, connection)
                except DroppedError:
                    connection.drop()
                for helper in helpers:
                    helper.cancel()
        finally:
            self._connections.discard(connection)
            self._faults.forget(connection)
            self._sockets.discard(socket)
        return socket

    async def _read(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            text = str(message.data)
            answer = self._registrar.answer(text, connection, self._faults.registration)
            if answer is None:
                continue
            self._faults.deliver(connection, answer, "REGISTRATION")
            if IN_USE[0] in answer:
                await connection.outbox.join()
                await socket.close()

    async def _ping(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(self._config.pingpong_seconds)
            if connection.pings and self._faults.ping_stops():
                connection.pings = False
            if connection.pings:
                text = frames.ping(self._exchange.now)
                self._faults.deliver(connection, text, "PINGPONG")


async def _send(socket: web.WebSocketResponse, connection: Connection) -> None:
    while True:
        text = await connection.outbox.get()
        connection.writing = True
        try:
            await socket.send_str(text)
            connection.sent += 1
        except ConnectionError:
            connection.dropped = True
        finally:
            connection.writing = False
            connection.outbox.task_done()
