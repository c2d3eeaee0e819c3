"""The door: every request is looked at before Streamlit sees it.

Only names of ours are answered (DNS rebinding), only our own pages may write (Origin), and without
a session there is a login page and nothing else. A session is a cookie that scripts cannot read and
other sites cannot send; the key of /panel that it is got for is never part of a request's address.
"""

import asyncio
import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.dashboard.doorkeeper import COOKIE, Doorkeeper
from bot.dashboard.login_page import login_page

OPEN = frozenset({"/login", "/session", "/_stcore/health"})
READING = frozenset({"GET", "HEAD"})
POLICY_VIOLATION = 1008
SECRET = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""What a key or a session may be made of: whatever else is sent is none, and is asked nowhere."""

GUARDS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Door:
    """ASGI middleware round the whole application; `hosts` are the names it answers to."""

    def __init__(self, app: ASGIApp, *, doorkeeper: Doorkeeper, hosts: frozenset[str]) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._strange(scope) or await self._unknown(scope)
        if refusal is None:
            await self._app(scope, receive, _guarded(send))
        elif scope["type"] == "http":
            await refusal(scope, receive, _guarded(send))
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    def _strange(self, scope: Scope) -> Response | None:
        """Refuse what another site's page could have sent."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if hostname(f"//{host}") not in self._hosts:
            return PlainTextResponse("this name is not answered to", status_code=421)
        origin = headers.get("origin")
        writes = scope["type"] == "websocket" or scope["method"] not in READING
        if origin is None:
            return PlainTextResponse("no origin", status_code=403) if writes else None
        if _place(origin) != host.lower():
            return PlainTextResponse("another site's page", status_code=403)
        return None

    async def _unknown(self, scope: Scope) -> Response | None:
        """Refuse who has no session; a page is answered with the way to one."""
        if scope["path"] in OPEN:
            return None
        session = session_of(Headers(scope=scope))
        login = await asyncio.to_thread(self._doorkeeper.known, session)
        if login is not None:
            return None
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")
        return login_page(401) if wants_page else PlainTextResponse("log in", status_code=401)


def _place(origin: str) -> str:
    """Read the name and port in an origin, "" where there is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def hostname(address: str) -> str:
    """Read the name in an address, "" where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def session_of(headers: Headers) -> str:
    """Read the session's cookie, "" where there is none."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    session = cookies[COOKIE].value if COOKIE in cookies else ""
    return session if SECRET.fullmatch(session) else ""


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in GUARDS.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded
