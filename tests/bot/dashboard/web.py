"""The dashboard's door over the real control socket, asked as a web server does; no Streamlit."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from bot.clock import Clock
from bot.control.client import ControlClient
from bot.dashboard.door import Door
from bot.dashboard.doorkeeper import COOKIE, Doorkeeper, Named
from bot.dashboard.entrance import Entrance
from bot.dashboard.reading import Reading

HOST = "127.0.0.1:8501"
ORIGIN = f"http://{HOST}"
HOSTS = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back: status (1008 for a websocket that was turned away), headers, body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def cookie(self) -> str:
        jar = SimpleCookie(self.headers.get("set-cookie", ""))
        return jar[COOKIE].value if COOKIE in jar else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Web:
    """The application behind its door; `reached` counts what came through to the pages."""

    app: Starlette
    keeper: Doorkeeper
    reached: list[str]

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, headers)

    async def post(self, path: str, body: bytes, **headers: str) -> Answer:
        sent = {"origin": ORIGIN, "content_type": "application/json"} | headers
        return await self.ask("POST", path, sent, body)

    async def connect(self, **headers: str) -> Answer:
        """Open the pages' websocket."""
        return await self.ask("GET", "/stream", headers, kind="websocket")

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b"", kind: str = "http"
    ) -> Answer:
        told = {"host": HOST} | {name.replace("_", "-"): text for name, text in headers.items()}
        scope: dict[str, Any] = {
            "type": kind,
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(name.encode(), text.encode()) for name, text in told.items()],
        }
        sent: list[Message] = []
        first = {"type": "websocket.connect"} if kind == "websocket" else None

        async def receive() -> Message:
            return first or {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return _answer(sent)


def _answer(sent: list[Message]) -> Answer:
    start = sent[0]
    if start["type"] == "websocket.accept":
        return Answer(status=101)
    if start["type"] == "websocket.close":
        return Answer(status=start["code"])
    headers = {name.decode().lower(): text.decode() for name, text in start["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(status=start["status"], headers=headers, body=body)


def web(
    control: ControlClient, reading: Reading, wall: Clock, *, owner_id: int, secure: bool = False
) -> Web:
    """Put a page and a websocket behind the door."""
    reached: list[str] = []

    async def page(request: Request) -> PlainTextResponse:
        reached.append(request.url.path)
        return PlainTextResponse("a page")

    async def stream(socket: WebSocket) -> None:
        reached.append("stream")
        await socket.accept()

    named = Named(owner_id=owner_id, operators=frozenset(), language="ko")
    keeper = Doorkeeper(control, reading, wall, named)
    routes = [
        *Entrance(control, keeper, wall, secure=secure).routes(),
        WebSocketRoute("/stream", stream),
        Route("/{path:path}", page, methods=["GET", "POST"]),
    ]
    door = Middleware(Door, doorkeeper=keeper, hosts=HOSTS)
    return Web(app=Starlette(routes=routes, middleware=[door]), keeper=keeper, reached=reached)
