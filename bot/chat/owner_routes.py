"""The owner's side over HTTP: what the page and programs that play the owner ask for."""

import asyncio
import json
from collections.abc import Callable
from urllib.parse import quote

from aiohttp import web

from bot.chat import owner, shown
from bot.chat.errors import OwnerMistake
from bot.chat.pictures import is_words, picture_type
from bot.chat.polling import Polling
from bot.chat.room import Room
from bot.chat.state import Json

LONGEST_POLL = 50


class OwnerRoutes:
    """Answer the page."""

    def __init__(self, room: Room, polling: Polling) -> None:
        self._room = room
        self._polling = polling

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/chat/config", self._config)
        app.router.add_get("/chat/messages", self._messages)
        app.router.add_get("/chat/transcript", self._transcript)
        app.router.add_get("/chat/state", self._state)
        app.router.add_get("/chat/file/{file_id}", self._file)
        app.router.add_post("/chat/send", self._send)
        app.router.add_post("/chat/press", self._press)
        app.router.add_post("/chat/groups", self._open_group)
        app.router.add_post("/chat/update", self._update)
        app.router.add_get("/chat/faults", self._faults)
        app.router.add_post("/chat/faults", self._add_fault)
        app.router.add_delete("/chat/faults", self._clear_faults)

    async def _config(self, _request: web.Request) -> web.Response:
        config = self._room.config
        return web.json_response(
            {
                "title": config.title,
                "username": config.bot_username,
                "owner": {"id": config.owner_id, "name": config.owner_name},
                "links": dict(config.links),
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        """Wait until something after `after` changed, the bot came or went, or time is up."""
        room = self._room
        after = _number(request, "after", -1)
        chat_id = _number(request, "chat_id", room.config.owner_id)
        was_online = request.query.get("online", "")
        loop = asyncio.get_running_loop()
        until = loop.time() + min(_number(request, "timeout", 0), LONGEST_POLL)
        after = -1 if after > room.state.rev else after  # the page outlived a deleted state file
        while True:
            online = self._polling.online
            left = until - loop.time()
            same = was_online in {"", str(int(online))}
            changed = room.state.rev > after
            if changed or not same or left <= 0 or room.changes_bell.silenced:
                seen = shown.changes(room, chat_id, after)
                return web.json_response({**seen, "online": online})
            await room.changes_bell.wait(left)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "pending_updates": self._room.state.pending_count(),
                "online": self._polling.online,
                "rev": self._room.state.rev,
            }
        )

    async def _transcript(self, _request: web.Request) -> web.Response:
        text = "".join(f"{line}\n" for line in self._room.state.lines())
        return web.Response(text=text, content_type="application/x-ndjson")

    async def _file(self, request: web.Request) -> web.Response:
        found = self._room.state.file(request.match_info["file_id"])
        if found is None:
            raise web.HTTPNotFound(text="no such file")
        name, _, data = found
        kind = picture_type(data)
        words = not kind and "view" in request.query and is_words(name)
        where = "inline" if kind or words else "attachment"
        return web.Response(
            body=data,
            content_type="text/plain" if words else kind or "application/octet-stream",
            charset="utf-8" if words else None,
            headers={"Content-Disposition": f"{where}; filename*=UTF-8''{quote(name)}"},
        )

    async def _send(self, request: web.Request) -> web.Response:
        return await self._act(request, "send", owner.send)

    async def _press(self, request: web.Request) -> web.Response:
        return await self._act(request, "press", owner.press)

    async def _open_group(self, request: web.Request) -> web.Response:
        return await self._act(request, "open group", owner.open_group)

    async def _update(self, request: web.Request) -> web.Response:
        return await self._act(
            request, "update", lambda room, body: {"update_id": room.queue_raw(body)}
        )

    async def _act(
        self, request: web.Request, what: str, action: Callable[[Room, Json], Json]
    ) -> web.Response:
        body = await read_object(request)
        with self._room.state.transaction():
            answer = action(self._room, body)
            self._room.record("owner", what, body, answer)
        return web.json_response(answer)

    async def _faults(self, _request: web.Request) -> web.Response:
        return web.json_response(self._room.faults.listing())

    async def _add_fault(self, request: web.Request) -> web.Response:
        self._room.faults.add(await read_object(request))
        return web.json_response(self._room.faults.listing())

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._room.faults.clear()
        return web.json_response([])


async def read_object(request: web.Request) -> Json:
    """Read a JSON object; raise OwnerMistake when it is none."""
    try:
        body = json.loads(await request.read() or b"{}")
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise OwnerMistake("the body has half a character") from None
    except ValueError:
        raise OwnerMistake("the body is not JSON") from None
    if not isinstance(body, dict):
        raise OwnerMistake("the body is not a JSON object")
    return body


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise OwnerMistake(f"{name} is a whole number") from None
