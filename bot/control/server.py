"""The control socket: HTTP and JSON for processes of the same user, and nobody else."""

import socket
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.control.arguments import Given, wrong
from bot.control.confirming import Confirming
from bot.control.desk import ControlDesk
from bot.control.errors import ControlRefused
from bot.control.listening import same_user
from bot.control.logins import Logins, not_allowed, session_over
from bot.control.model import Login
from bot.control.refusals import told
from bot.errors import MuhanError
from bot.storage import codec
from bot.storage.people import Role
from bot.trading.refusal import Refusal

LARGEST = 64 * 1024
"""Bytes of a question."""
LAST_ANSWERS = 3.0
"""Seconds that an answer on its way has when the bot stops."""
_LARGEST_NUMBER = 1e15

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


class ControlServer:
    """Answer on the socket until it is stopped."""

    def __init__(self, desk: ControlDesk, logins: Logins, confirming: Confirming) -> None:
        self._desk = desk
        self._logins = logins
        self._confirming = confirming
        application = web.Application(middlewares=[_guarded], client_max_size=LARGEST)
        application.add_routes(
            [
                web.get("/status", self._status),
                web.post("/login", self._login),
                web.get("/session", self._session),
                web.post("/logout", self._logout),
                web.get("/events", self._events),
                web.get("/health", self._health),
                web.get("/logs", self._logs),
                web.post("/preview", self._preview),
                web.post("/confirm", self._confirm),
            ]
        )
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=LAST_ANSWERS, handle_signals=False
        )

    async def start(self, bound: socket.socket) -> None:
        """Begin to answer on a bound socket."""
        await self._runner.setup()
        await web.SockSite(self._runner, bound).start()

    async def stop(self) -> None:
        """Let answers on their way be given; take no more questions."""
        self._desk.happenings.close()
        await self._runner.cleanup()

    async def _status(self, _request: web.Request) -> web.Response:
        return _answer(await self._desk.status())

    async def _login(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return _answer(await self._logins.login(body.text("key")))

    async def _session(self, request: web.Request) -> web.Response:
        return _answer(await self._who(request))

    async def _logout(self, request: web.Request) -> web.Response:
        await self._logins.logout(_token(request))
        return web.json_response({})

    async def _events(self, request: web.Request) -> web.Response:
        login = await self._who(request)
        after, wait = _number(request, "after"), _number(request, "wait")
        found = await self._desk.happenings.after(
            int(after), wait=wait, veiled=login.role is Role.VIEWER
        )
        return _answer(found)

    async def _health(self, request: web.Request) -> web.Response:
        await self._who(request)
        return _answer(await self._desk.health())

    async def _logs(self, request: web.Request) -> web.Response:
        login = await self._who(request)
        if login.role < Role.OWNER:
            raise not_allowed(Role.OWNER)
        return web.json_response(self._desk.logs())

    async def _preview(self, request: web.Request) -> web.Response:
        login, body = await self._who(request), await _body(request)
        shown = await self._confirming.preview(login, body.text("name"), body.nested("arguments"))
        return _answer(shown)

    async def _confirm(self, request: web.Request) -> web.Response:
        login, body = await self._who(request), await _body(request)
        done = await self._confirming.confirm(
            login, body.text("key"), body.text("code", optional=True)
        )
        return _answer(done)

    async def _who(self, request: web.Request) -> Login:
        return await self._logins.whose(_token(request))


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in processes of our own user alone, and say every refusal in both languages."""
    transport = request.transport
    peer = transport.get_extra_info("socket") if transport is not None else None
    if peer is None or not same_user(peer):
        log.warning("another user's process was turned away at the control socket")
        raise web.HTTPForbidden
    try:
        return await handler(request)
    except Refusal as refusal:
        korean, english = told(refusal)
        return _refused(web.HTTPConflict.status_code, refusal.why.value, korean, english)
    except ControlRefused as refused:
        return _refused(
            web.HTTPForbidden.status_code, refused.code, refused.korean, refused.english
        )
    except MuhanError as error:
        return _refused(
            web.HTTPServiceUnavailable.status_code,
            type(error).__name__,
            error.korean,
            error.english,
        )


def _token(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not token or not token.isascii():
        raise session_over()
    return token


async def _body(request: web.Request) -> Given:
    """Read a JSON object; whatever else comes is refused, and not repeated."""
    try:
        found = await request.json()
    except (ValueError, RecursionError):
        raise wrong("body") from None
    if not isinstance(found, dict):
        raise wrong("body")
    return Given(found)


def _number(request: web.Request, name: str) -> float:
    """Read a number of 0 or more of the query; 0 where there is none."""
    try:
        found = float(request.query.get(name, "0"))
    except ValueError:
        raise wrong(name) from None
    if not 0 <= found < _LARGEST_NUMBER:
        raise wrong(name)
    return found


def _answer(value: object) -> web.Response:
    return web.Response(text=codec.dumps(value), content_type="application/json")


def _refused(status: int, code: str, korean: str, english: str) -> web.Response:
    return web.json_response({"code": code, "korean": korean, "english": english}, status=status)
