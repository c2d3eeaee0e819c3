import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.chat import ChatConfig
from tests.bot.chat.conftest import Chat, Clock, running

NOW = {"now": "2026-10-07T09:30:00-04:00", "phase": "regular", "last_session_over": False}


@asynccontextmanager
async def market(
    asked: list[object], arrived: asyncio.Event, gate: asyncio.Event
) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            asked.append(await request.json())
            arrived.set()
            await gate.wait()
        return web.json_response(NOW)

    app = web.Application()
    app.router.add_route("*", "/simulator/clock", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/simulator/clock"
    finally:
        await runner.cleanup()


async def test_the_page_reads_and_moves_the_market_through_this_server(
    configure: Callable[..., ChatConfig],
) -> None:
    asked: list[object] = []
    arrived, gate = asyncio.Event(), asyncio.Event()
    async with (
        market(asked, arrived, gate) as url,
        running(configure(links={"clock": url}), Clock()) as chat,
    ):
        async with chat.http.get(f"{chat.address}/chat/clock") as answer:
            assert await answer.json() == NOW
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            first = group.create_task(chat.post("next-day", {}))
            await arrived.wait()
            second = await chat.post("next-day", {"to": "session"})
            gate.set()
            assert await first == NOW
        assert second == {"error": "the market is on its way already"}
        assert asked == [{"to": "session"}]
        assert "error" in await chat.post("next-day", {"to": "2026-10-09T09:30:00-04:00"})


async def test_without_a_market_the_answer_says_so(
    chat: Chat, configure: Callable[..., ChatConfig]
) -> None:
    async with chat.http.get(f"{chat.address}/chat/clock") as answer:
        assert (answer.status, await answer.json()) == (404, {"error": "no market is connected"})
    links = {"clock": "http://127.0.0.1:1/simulator/clock"}
    async with (
        running(configure(links=links), Clock()) as other,
        other.http.get(f"{other.address}/chat/clock") as answer,
    ):
        assert answer.status == 502
