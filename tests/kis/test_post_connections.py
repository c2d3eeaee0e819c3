"""What a connection can do to a POST, over real sockets: not sent, or unknown (safety.md 2)."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kis.client import Kis
from kis.errors import OrderError, OrderNotSent, OrderUnknown
from kis.http_wire import HttpWire
from tests.kis.counter import Counter, kis_at
from tests.kis.posts import Post, every_post

# What can become of a connection: a server's way with it, and what is known of the order then.
Way = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _reset_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _close_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _reset_after_the_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def _close_after_the_order(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await reader.readuntil(b"}")
    writer.close()


async def _no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"}")
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    writer.close()


async def _half_a_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"}")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-le")
    writer.close()


WAYS: dict[str, Way] = {
    "reset before a byte is read": _reset_at_once,
    "closed before a byte is read": _close_at_once,
    "reset after the head": _reset_after_the_head,
    "closed after the whole order": _close_after_the_order,
    "an answer that is no HTTP": _no_http,
    "half a head": _half_a_head,
}


@asynccontextmanager
async def _elsewhere(counter: Counter, token_file: Path, url: str) -> AsyncIterator[Kis]:
    """Give a client that has its token and then finds another server at KIS's address."""
    async with kis_at(counter, token_file) as kis:
        await kis.ensure_token(timedelta(hours=1))
        wire = kis._line._wire
        assert isinstance(wire, HttpWire)
        wire._url = url
        yield kis


@every_post
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.fault(19)
async def test_a_connection_that_breaks_once_it_stood_leaves_the_order_unknown(
    way: str, post: Post, counter: Counter, token_file: Path
) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await WAYS[way](reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, _elsewhere(counter, token_file, url) as kis:
        with pytest.raises(OrderError) as caught:
            await post.make(kis)
    assert type(caught.value) is OrderUnknown
    assert connections == 1, "a POST is not repeated below us either"


@every_post
async def test_a_refused_connection_means_not_sent(
    post: Post, counter: Counter, token_file: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        async with _elsewhere(counter, token_file, url) as kis:
            with pytest.raises(OrderNotSent):
                await post.make(kis)


@every_post
async def test_a_name_that_does_not_resolve_means_not_sent(
    post: Post, counter: Counter, token_file: Path
) -> None:
    async with _elsewhere(counter, token_file, "http://no-such-host.invalid:9443") as kis:
        with pytest.raises(OrderNotSent):
            await post.make(kis)


@every_post
async def test_a_failed_tls_handshake_means_not_sent(
    post: Post, counter: Counter, token_file: Path
) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, _elsewhere(counter, token_file, url) as kis:
        with pytest.raises(OrderNotSent):
            await post.make(kis)
