"""An answer that comes one byte at a time has no more time than any other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import stamina

from kis.errors import KisUnavailable, OrderUnknown
from kis.http_wire import HttpWire
from kis.models import Exchange
from tests.kis.counter import LOC_BUY, kis_at, open_counter

LIMIT, PAUSE = 0.4, 0.02
ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 400\r\n\r\n"
    b'{"rt_cd":"0","msg_cd":"APBK0013","output":{"ODNO":"0000000077"}}'
).ljust(480)


@asynccontextmanager
async def drip(written: list[int]) -> AsyncIterator[str]:
    """Serve answers a byte at a time; `written` counts each connection's bytes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        written.append(0)
        mine = len(written) - 1
        try:
            for byte in ANSWER:
                writer.write(bytes((byte,)))
                await writer.drain()
                written[mine] += 1
                await asyncio.sleep(PAUSE)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.fault(21)
async def test_an_order_whose_answer_drips_in_is_unknown_when_its_time_is_up(
    tmp_path: Path,
) -> None:
    written: list[int] = []
    async with open_counter() as counter, drip(written) as url:
        token = tmp_path / "token"
        async with kis_at(counter, token, order_timeout=LIMIT) as kis:
            await kis.ensure_token(timedelta(hours=1))
            wire = kis._line._wire
            assert isinstance(wire, HttpWire)
            wire._url = url
            began = asyncio.get_running_loop().time()
            with pytest.raises(OrderUnknown):
                await kis.orders.place(LOC_BUY)
            took = asyncio.get_running_loop().time() - began
    assert LIMIT <= took < LIMIT + 1, "no byte buys the answer more time"
    assert len(written) == 1, "it was asked once"
    assert 0 < written[0] < len(ANSWER)


@pytest.mark.fault(21)
async def test_a_question_whose_answer_drips_in_ends_as_not_answered(tmp_path: Path) -> None:
    written: list[int] = []
    async with open_counter() as counter, drip(written) as url:
        token = tmp_path / "token"
        async with kis_at(counter, token, read_timeout=LIMIT) as kis:
            await kis.ensure_token(timedelta(hours=1))
            wire = kis._line._wire
            assert isinstance(wire, HttpWire)
            wire._url = url
            began = asyncio.get_running_loop().time()
            with stamina.set_testing(testing=True, attempts=2), pytest.raises(KisUnavailable):
                await kis.prices.quote("TQQQ", Exchange.NASDAQ)
            took = asyncio.get_running_loop().time() - began
    assert took < 2 * LIMIT + 1
    assert len(written) == 2
