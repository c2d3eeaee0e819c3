"""A second Bot API server, made from https://core.telegram.org/bots/api alone.

It shares no line with `bot.chat`: everything in memory, its own reading of HTML, its own numbers,
fields that ours does not send and none that the page calls optional. What the program says to one
it must be able to say to the other. By itself: `python -m tests.bot.telegram.other_server`.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.bot.telegram.other_calls import Call, Json, Refused, arguments, markup, words


class OtherServer:
    """One bot and the people who write to it; `say` and `press` are those people's phones."""

    def __init__(self, token: str, owner_id: int) -> None:
        self.token = token
        self.owner_id = owner_id
        self.messages: dict[int, Json] = {}
        self.author: dict[int, str] = {}
        self.files: dict[str, bytes] = {}
        self.calls: list[tuple[str, Call]] = []
        self.pinned: list[int] = []
        self._updates: list[Json] = []
        self._came = asyncio.Event()
        self._next_update = 31
        self._next_message = 70_001
        self._queries: set[str] = set()
        self._poll = 0
        self._methods: dict[str, Callable[[Call], Any]] = {
            "getme": self._me,
            "getwebhookinfo": lambda _: {
                "url": "",
                "has_custom_certificate": False,
                "pending_update_count": len(self._updates),
            },
            "deletewebhook": lambda _: True,
            "setmycommands": lambda _: True,
            "sendchataction": lambda _: True,
            "sendmessage": self._send_text,
            "sendphoto": lambda call: self._send_file(call, "photo"),
            "senddocument": lambda call: self._send_file(call, "document"),
            "editmessagetext": self._edit_text,
            "editmessagecaption": self._edit_caption,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete,
            "pinchatmessage": self._pin,
            "unpinchatmessage": self._unpin,
            "answercallbackquery": self._answer,
        }

    # -- people ----------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Write a message from the owner's phone."""
        message = {**self._new(self.owner_id), "from": self._person(), "text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._keep(message, "owner")
        self._tell({"message": message})

    def press(self, message_id: int, data: str) -> None:
        """Press a button that the message has."""
        message = self.messages[message_id]
        assert data in [button.get("callback_data") for button in buttons(message)]
        query_id = str(10**18 + len(self._queries))
        self._queries.add(query_id)
        query = {
            "id": query_id,
            "from": self._person(),
            "message": message,
            "chat_instance": "-812",
            "data": data,
        }
        self._tell({"callback_query": query})

    def pending(self) -> int:
        return len(self._updates)

    def _person(self) -> Json:
        return {
            "id": self.owner_id,
            "is_bot": False,
            "first_name": "Someone",
            "is_premium": True,
            "language_code": "ko",
        }

    def _tell(self, update: Json) -> None:
        self._updates.append({"update_id": self._next_update, **update})
        self._next_update += 1
        self._came.set()

    # -- the bot ---------------------------------------------------------------------------------

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call: https://core.telegram.org/bots/api#making-requests."""
        try:
            result = await self._result(request)
        except Refused as refused:
            body = {"ok": False, "error_code": refused.code, "description": str(refused)}
            return web.json_response(body, status=refused.code)
        return web.json_response({"ok": True, "result": result})

    async def _result(self, request: web.Request) -> Any:
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")
        name = request.match_info["method"].lower()
        call = await arguments(request)
        if name == "getupdates":
            return await self._get_updates(call)
        if name not in self._methods:
            raise Refused(404, "Not Found: method not found")
        self.calls.append((name, call))
        return self._methods[name](call)

    async def _get_updates(self, call: Call) -> list[Json]:
        offset = int(call.get("offset") or 0)
        self._updates = [each for each in self._updates if each["update_id"] >= offset]
        self._poll += 1
        mine = self._poll
        until = asyncio.get_running_loop().time() + float(call.get("timeout") or 0)
        while not self._updates and (left := until - asyncio.get_running_loop().time()) > 0:
            self._came.clear()
            try:
                async with asyncio.timeout(left):
                    await self._came.wait()
            except TimeoutError:
                break
            if mine != self._poll:
                raise Refused(409, "Conflict: terminated by other getUpdates request")
        return self._updates[: int(call.get("limit") or 100)]

    def _me(self, _call: Call) -> Json:
        return {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "Another"}

    def _send_text(self, call: Call) -> Json:
        message = {**self._sent(call), **words(call, "text", 4096)}
        return self._keep(message, "bot")

    def _send_file(self, call: Call, kind: str) -> Json:
        name, data = call.get(kind) or ("", b"")
        if not data:
            raise Refused(400, f"Bad Request: there is no {kind} in the request")
        file_id = f"AgAC-{len(self.files)}_{kind}"
        self.files[file_id] = data
        about: Json = {"file_id": file_id, "file_unique_id": f"u{len(self.files)}"}
        told: Any = {**about, "file_name": name}
        if kind == "photo":
            if not data.startswith((b"\x89PNG", b"\xff\xd8")):
                raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
            sizes = ((90, 60), (320, 213), (1280, 853))
            told = [{**about, "width": width, "height": height} for width, height in sizes]
        return self._keep({**self._sent(call), kind: told, **words(call, "caption", 1024)}, "bot")

    def _edit_text(self, call: Call) -> Json:
        old = self._editable(call)
        if "text" not in old:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        return self._edit(old, words(call, "text", 4096), call)

    def _edit_caption(self, call: Call) -> Json:
        old = self._editable(call)
        if "text" in old:
            raise Refused(400, "Bad Request: there is no caption in the message to edit")
        return self._edit(old, words(call, "caption", 1024), call)

    def _edit_markup(self, call: Call) -> Json:
        return self._edit(self._editable(call), {}, call)

    def _edit(self, old: Json, said: Json, call: Call) -> Json:
        new = {**old, **said}
        new.pop("reply_markup", None)
        new |= markup(call)
        if new == old:
            raise Refused(400, "Bad Request: message is not modified: it is exactly the same")
        return self._keep({**new, "edit_date": old["date"] + 1}, "bot")

    def _editable(self, call: Call) -> Json:
        found = self._found(call, "edit")
        if self.author[found["message_id"]] != "bot":
            raise Refused(400, "Bad Request: message can't be edited")
        return found

    def _found(self, call: Call, what: str) -> Json:
        found = self.messages.get(int(call.get("message_id") or 0))
        if found is None or str(found["chat"]["id"]) != str(call.get("chat_id")):
            raise Refused(400, f"Bad Request: message to {what} not found")
        return found

    def _delete(self, call: Call) -> bool:
        del self.messages[self._found(call, "delete")["message_id"]]
        return True

    def _pin(self, call: Call) -> bool:
        message = self._found(call, "pin")
        if message["message_id"] in self.pinned:
            raise Refused(400, "Bad Request: CHAT_NOT_MODIFIED")
        self.pinned.append(message["message_id"])
        service = {**self._new(self.owner_id), "from": self._me({}), "pinned_message": message}
        self._tell({"message": service})
        return True

    def _unpin(self, call: Call) -> bool:
        named = int(call.get("message_id") or max(self.pinned, default=0))
        if named not in self.pinned:
            raise Refused(400, "Bad Request: message to unpin not found")
        self.pinned.remove(named)
        return True

    def _answer(self, call: Call) -> bool:
        if call.get("callback_query_id") not in self._queries:
            raise Refused(400, "Bad Request: query is too old and response timeout expired")
        self._queries.remove(call["callback_query_id"])
        return True

    def _sent(self, call: Call) -> Json:
        if str(call.get("chat_id")) != str(self.owner_id):
            raise Refused(400, "Bad Request: chat not found")
        message = {**self._new(self.owner_id), "from": self._me({}), **markup(call)}
        reply = call.get("reply_parameters")
        if reply:
            target = self.messages.get(int(reply["message_id"]))
            if target is not None:
                message["reply_to_message"] = target
            elif not reply.get("allow_sending_without_reply"):
                raise Refused(400, "Bad Request: message to be replied not found")
        return message

    def _new(self, chat_id: int) -> Json:
        self._next_message += 3
        return {
            "message_id": self._next_message,
            "date": 1_791_365_400,
            "chat": {"id": chat_id, "type": "private", "first_name": "Someone"},
        }

    def _keep(self, message: Json, author: str) -> Json:
        self.messages[message["message_id"]] = message
        self.author[message["message_id"]] = author
        return message


def buttons(message: Json) -> list[Json]:
    """List a message's inline buttons in reading order."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


@asynccontextmanager
async def serving(server: OtherServer, port: int = 0) -> AsyncIterator[str]:
    """Serve on loopback; give the address that stands where api.telegram.org would."""
    app = web.Application(client_max_size=50 * 1024 * 1024)
    app.router.add_route("*", "/bot{token}/{method}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.5, handler_cancellation=True, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, taken = runner.addresses[0][:2]
        yield f"http://{host}:{taken}"
    finally:
        await runner.cleanup()


async def _by_itself(token: str, owner_id: int, port: int) -> None:
    async with serving(OtherServer(token, owner_id), port) as address:
        print(json.dumps({"listening": address}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_by_itself(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
