"""One conversation before our chat server and before another Bot API server: the same words."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.chat import ChatConfig, serve
from bot.commands import ApproveRound, Pause
from bot.telegram.asked import Asked
from bot.telegram.markup import Html
from tests.bot.reports.history import played
from tests.bot.telegram.conftest import (
    MARKET_WALL,
    OWNER,
    TOKEN,
    Chat,
    House,
    captions,
    housed,
    untagged,
)
from tests.bot.telegram.other_server import OtherServer, buttons, serving
from tests.bot.telegram.past import journalled
from tests.bot.telegram.samples import proposed

CLOSES = ("100", "98", "97", "99", "125")


class OtherChat(Chat):
    """The owner's side of the other server, asked in the words of the tests' own chat."""

    def __init__(self, address: str, http: aiohttp.ClientSession, server: OtherServer) -> None:
        super().__init__(address, http)
        self.server = server

    async def send(self, text: str, **_more: Any) -> dict[str, Any]:
        self.server.say(text)
        return {}

    async def press(self, caption: str, *, message: dict[str, Any] | None = None) -> None:
        found = message or await self.having(caption)
        real = self.server.messages[found["id"]]
        data = next(b["callback_data"] for b in buttons(real) if b["text"] == caption)
        self.server.press(found["id"], data)

    async def messages(self, chat_id: int = OWNER) -> list[dict[str, Any]]:
        del chat_id
        return [untagged(self._told(message)) for message in self.server.messages.values()]

    def _told(self, message: dict[str, Any]) -> dict[str, Any]:
        number = message["message_id"]
        return {
            "id": number,
            "from": self.server.author[number],
            "text": message.get("text") or message.get("caption") or "",
            "reply_markup": message.get("reply_markup"),
            "photo": message.get("photo"),
            "document": message.get("document"),
        }

    async def pending(self) -> int:
        return self.server.pending()


@asynccontextmanager
async def ours(path: Path, http: aiohttp.ClientSession) -> AsyncIterator[Chat]:
    ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    config = ChatConfig(token=TOKEN, owner_id=OWNER, state=path / "chat.db")
    async with asyncio.TaskGroup() as group:
        server = group.create_task(serve(config, now=MARKET_WALL.now, on_ready=ready.set_result))
        yield Chat((await ready)["listening"], http)
        server.cancel()


@asynccontextmanager
async def another(_path: Path, http: aiohttp.ClientSession) -> AsyncIterator[Chat]:
    server = OtherServer(TOKEN, OWNER)
    async with serving(server) as address:
        yield OtherChat(address, http, server)


Server = Callable[[Path, aiohttp.ClientSession], AbstractAsyncContextManager[Chat]]
BOTH = pytest.mark.parametrize("server", [ours, another])


async def test_a_conversation_is_the_same_before_both_servers(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "another").mkdir()
    async with aiohttp.ClientSession() as http:
        before_ours = await told(ours, tmp_path / "ours", http)
        before_another = await told(another, tmp_path / "another", http)
    assert any(line.startswith("bot photo") for line in before_ours)
    assert any(line.startswith("bot document: 거래 12건") for line in before_ours)
    assert before_another == before_ours


async def told(server: Server, path: Path, http: aiohttp.ClientSession) -> list[str]:
    """Hold the conversation before a server; answer with all that its chat has in the end."""
    async with server(path, http) as chat, housed(chat, path) as house:
        await talk(house)
        assert [type(command) for command in house.service.asked] == [ApproveRound, Pause]
        return [_as_seen(message) for message in await chat.messages()]


async def talk(house: House) -> None:
    """Ask, type nonsense, approve a round, pause, see a picture, get a file, have one erased."""
    chat = house.chat
    await journalled(house, played(CLOSES))
    for text in ("/start", "도움말", "/status", "/nonsense", "<b>매수 10주</b>", "😀" * 300):
        await chat.send(text)
        await house.settle()
    await house.service.record(proposed())
    await house.settle()
    await chat.press("승인")
    await house.settle()
    await chat.send("/pause")
    await house.settle()
    await chat.press("매수만")
    await house.settle()
    await chat.send("/chart")
    await house.settle()
    desk = house.front.desk.of(OWNER)
    words = Html("<b>거래</b> 12건")
    await desk.file(Asked(user_id=OWNER), "거래.csv", b"a,b\n1,2\n", words)
    typed = await desk.say(OWNER, Html("지울 말"))
    assert await desk.erase(OWNER, typed)


def _as_seen(message: dict[str, Any]) -> str:
    kind = next((kind for kind in ("photo", "document") if message.get(kind)), "text")
    keys = " ".join(f"[{caption}]" for caption in captions(message))
    return f"{message['from']} {kind}: {message['text']} {keys}"


@BOTH
async def test_both_refuse_what_the_program_relies_on(server: Server, tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as http, server(tmp_path, http) as chat:

        async def call(method: str, token: str = TOKEN, **values: Any) -> tuple[int, str]:
            address = f"{chat.address}/bot{token}/{method}"
            async with http.post(address, json={"chat_id": OWNER, **values}) as answer:
                return answer.status, str((await answer.json()).get("description"))[:40]

        assert await call("getMe", "1:wrong") == (401, "Unauthorized")
        broken = await call("sendMessage", text="<b>x", parse_mode="HTML")
        assert broken[0] == 400
        assert "can't parse entities" in broken[1]
        assert await call("sendMessage", text="") == (400, "Bad Request: message text is empty")
        gone = await call("editMessageText", message_id=5, text="x")
        assert gone == (400, "Bad Request: message to edit not found")
        assert (await call("deleteMessage", message_id=5))[0] == 400
        assert (await call("answerCallbackQuery", callback_query_id="5"))[0] == 400
        assert (await call("sendMessage", text="x" * 4097))[0] == 400
        assert (await call("sendMessage", text="x", chat_id=77))[0] == 400
