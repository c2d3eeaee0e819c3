import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.chat import ChatConfig
from tests.bot.chat.conftest import OWNER, TOKEN, Chat

ARGUMENTS = ["-m", "bot.chat", "--token", TOKEN, "--owner-id", str(OWNER), "--state"]


@asynccontextmanager
async def process(state: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, *ARGUMENTS, str(state), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    ready: dict[str, Any] = json.loads(await child.stdout.readline())
    try:
        yield child, ready["listening"]
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def ask(http: aiohttp.ClientSession, url: str, body: Any = None) -> Any:
    async with http.post(url, json=body or {}) as answer:
        return await answer.json()


async def test_a_kill_9_loses_nothing(tmp_path: Path) -> None:
    state = tmp_path / "chat.sqlite3"
    async with aiohttp.ClientSession() as http:
        async with process(state) as (child, address):
            body = {"chat_id": OWNER, "text": "살아남기"}
            sent = await ask(http, f"{address}/bot{TOKEN}/sendMessage", body)
            said = await ask(http, f"{address}/chat/send", {"text": "/today"})
            child.kill()
            await child.wait()
        async with process(state) as (_, address):
            async with http.get(f"{address}/chat/messages") as answer:
                texts = [m["text"] for m in (await answer.json())["messages"]]
            assert texts == ["살아남기", "/today"]
            updates = (await ask(http, f"{address}/bot{TOKEN}/getUpdates"))["result"]
            assert [update["update_id"] for update in updates] == [said["update_id"]]
            again = await ask(http, f"{address}/bot{TOKEN}/sendMessage", body)
            assert again["result"]["message_id"] > sent["result"]["message_id"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_within_two_seconds_while_polls_wait(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with aiohttp.ClientSession() as http, process(tmp_path / "s") as (child, address):
        async with asyncio.TaskGroup() as group:
            bot = group.create_task(ask(http, f"{address}/bot{TOKEN}/getUpdates?timeout=50"))
            rev = (await look(http, address, after=-1, online=0, timeout=10))["rev"]
            seen = await look(http, address, after=rev, online=0, timeout=10)
            assert seen["online"]
            page = group.create_task(look(http, address, after=rev, online=1, timeout=50))
            async with aiohttp.ClientSession() as later:
                await look(later, address, after=-1)  # the page's poll arrived before this
            child.send_signal(number)
            async with asyncio.timeout(2):
                assert await child.wait() == 0
        assert (await bot)["result"] == []
        assert (await page)["messages"] == []


async def look(http: aiohttp.ClientSession, address: str, **query: int) -> Any:
    async with http.get(f"{address}/chat/messages", params=query) as answer:
        return await answer.json()


async def test_a_host_that_is_not_this_machine_is_turned_away(chat: Chat) -> None:
    for host, status in [
        ("evil.example:80", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost:1", 200),
        ("[::1]:80", 200),
    ]:
        async with chat.http.get(chat.address, headers={"Host": host}) as answer:
            assert answer.status == status


async def test_a_page_of_another_origin_may_not_act(chat: Chat) -> None:
    url = f"{chat.address}/chat/send"
    for origin, status in [
        ("https://evil.example", 403),
        ("null", 403),
        (chat.address, 200),
        (None, 200),
    ]:
        headers = {} if origin is None else {"Origin": origin}
        async with chat.http.post(url, json={"text": "x"}, headers=headers) as answer:
            assert answer.status == status


async def test_every_answer_of_the_page_forbids_what_is_from_elsewhere(chat: Chat) -> None:
    for path in ("/", "/page/chat.js", "/page/chat.css", "/chat/config"):
        async with chat.http.get(chat.address + path) as answer:
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'")
            assert "unsafe" not in policy
            assert "http" not in policy
    async with chat.http.get(f"{chat.address}/page/..%2fserver.py") as answer:
        assert answer.status == 404


async def test_strings_that_are_half_a_character_are_refused(chat: Chat) -> None:
    url = f"{chat.address}/bot{TOKEN}/sendMessage"
    async with chat.http.post(url, json={"chat_id": OWNER, "text": "\ud800"}) as answer:
        description = (await answer.json())["description"]
    assert description == "Bad Request: strings must be encoded in UTF-8"
    assert await chat.post("send", {"text": "\ud800"}) == {"error": "the body has half a character"}


def test_it_listens_on_loopback_only(configure: Callable[..., ChatConfig]) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        configure(host="0.0.0.0")  # noqa: S104 - the address that must be refused
    with pytest.raises(ValueError, match="a bot token looks like"):
        configure(token="odd")


def test_the_token_stays_out_of_the_repr(configure: Callable[..., ChatConfig]) -> None:
    assert TOKEN not in repr(configure())
