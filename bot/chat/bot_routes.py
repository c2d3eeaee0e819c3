"""The bot's side over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import re
from typing import Any

from aiohttp import web

from bot.chat.arguments import Arguments, read_arguments
from bot.chat.errors import Refusal
from bot.chat.faults import Fault
from bot.chat.methods import by_name
from bot.chat.polling import Polling
from bot.chat.room import Room

TOKEN = re.compile(r"\d+:[\w-]+")


class BotRoutes:
    """Answer Bot API calls."""

    def __init__(self, room: Room, polling: Polling) -> None:
        self._room = room
        self._polling = polling

    def add_to(self, app: web.Application) -> None:
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/files/{file_id}", self._download)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
            method = request.match_info["method"].lower()
            fault = self._room.faults.take(method)
            if fault is not None and fault.drop != "after":
                return self._broken(request, fault)
            args = await read_arguments(request)
            result = await self._answer(method, request.match_info["method"], args)
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=refusal.code)
        if fault is not None:
            return self._broken(request, fault)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if token != self._room.config.token:
            raise (
                Refusal(401, "Unauthorized")
                if TOKEN.fullmatch(token)
                else Refusal(404, "Not Found")
            )

    @staticmethod
    def _broken(request: web.Request, fault: Fault) -> web.StreamResponse:
        if not fault.drop:
            raise fault.refusal()
        if isinstance(request.transport, asyncio.Transport):
            request.transport.abort()
        return web.Response()

    async def _answer(self, method: str, name: str, args: Arguments) -> Any:
        if method == "getupdates":
            return await self._polling.get_updates(args)
        if method not in by_name:
            raise Refusal(404, "Not Found: method not found")
        room = self._room
        try:
            with room.state.transaction():
                result = by_name[method](room, args)
                room.record("bot", name, args.values, {"ok": True, "result": result})
        except Refusal as refusal:
            with room.state.transaction():
                room.record("bot", name, args.values, refusal.answer())
            raise
        return result

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=refusal.code)
        found = self._room.state.file(request.match_info["file_id"])
        if found is None:
            return web.json_response(Refusal(404, "Not Found").answer(), status=404)
        return web.Response(body=found[2], content_type="application/octet-stream")
