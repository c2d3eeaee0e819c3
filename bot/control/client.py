"""Ask the running bot, from another process of the same user: the dashboard's and console's way.

Synchronous: each call is one connection, so a client may be used by several threads at once.
"""

import http.client
import json
import socket
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError

from bot.commands.upkeep import Condition
from bot.control.errors import BotDown, BotSilent, ControlRefused
from bot.control.model import BotStatus, Events, Login, Outcome, Preview
from bot.control.socket_path import reachable

Value = TypeVar("Value")
Argument = str | int | bool | Decimal | date | datetime | None

CONFIRM = "/confirm"
PATIENCE = 10.0
"""Seconds for an answer: a question is answered at once."""
GLANCE = 1.0
"""Seconds that a page waits before it shows what the state file has."""
ERRAND = 120.0
"""Seconds for what may ask the broker: a first evening's plan, the cancels of a stop."""


class ControlClient:
    """The running bot of a MUHAN_HOME.

    Every method raises `BotDown` when nobody listens (`BotSilent` when nobody answers), and
    `ControlRefused` with a sentence when the bot does not do it. `glance` is the patience, in
    seconds, of `status` and `whoami`, which every page asks.
    """

    def __init__(self, home: Path, *, patience: float = PATIENCE, glance: float = PATIENCE) -> None:
        self._home = home
        self._patience = patience
        self._glance = glance

    def status(self) -> BotStatus:
        """Say how the bot stands; needs no session: whoever may connect may read the state file."""
        return _read(BotStatus, self._call("GET", "/status", patience=self._glance))

    def login(self, key: str) -> Login:
        """Use up a one-time key of /panel; answers the new session."""
        return _read(Login, self._call("POST", "/login", body={"key": key}))

    def whoami(self, session: str) -> Login:
        """Say whose a session is, as what he may be let in now."""
        answer = self._call("GET", "/session", session=session, patience=self._glance)
        return _read(Login, answer)

    def logout(self, session: str) -> None:
        """End a session; one that is over already is no matter."""
        self._call("POST", "/logout", session=session)

    def events(self, session: str, after: int = 0, *, wait: float = 0) -> Events:
        """Give what happened after a number; waits up to `wait` seconds (25 at most) for some."""
        query = urlencode({"after": after, "wait": wait})
        answer = self._call(
            "GET", f"/events?{query}", session=session, patience=self._patience + wait
        )
        return _read(Events, answer)

    def health(self, session: str) -> Condition:
        """Say how the bot, its lines and its machine are."""
        return _read(Condition, self._call("GET", "/health", session=session))

    def logs(self, session: str) -> tuple[str, ...]:
        """Give the last lines of the log as JSON, masked, oldest first; the owner's alone."""
        return _read(tuple[str, ...], self._call("GET", "/logs", session=session))

    def preview(self, session: str, name: str, /, **arguments: Argument) -> Preview:
        """Show what a command would do; nothing is done before its key is confirmed.

        pause(everything), resume(), stop(cancel), kill(cancel), unlock(),
        start(symbol, method, splits, principal, approval, ...), afterwards(cycle_id, wanted) with
        go_on, rest or end, approve(round_id), skip(round_id, sells=False).
        """
        body = {"name": name, "arguments": arguments}
        answer = self._call("POST", "/preview", session=session, body=body, patience=ERRAND)
        return _read(Preview, answer)

    def confirm(self, session: str, key: str, *, code: str = "") -> Outcome:
        """Do what was previewed; `code` is the authenticator's where the preview needs one."""
        body = {"key": key, "code": code}
        answer = self._call("POST", CONFIRM, session=session, body=body, patience=ERRAND)
        return _read(Outcome, answer)

    def _call(
        self,
        method: str,
        path: str,
        *,
        session: str = "",
        body: dict[str, Any] | None = None,
        patience: float | None = None,
    ) -> bytes:
        headers = {"Content-Type": "application/json"}
        if session:
            headers["Authorization"] = f"Bearer {session}"
        data = None if body is None else json.dumps(body, default=str).encode()
        connection = _Connection(self._home, patience or self._patience)
        try:
            connection.connect()
        except (ConnectionError, FileNotFoundError) as error:
            connection.close()
            raise _down() from error
        except OSError as error:  # too slow, or too many wait before us
            connection.close()
            raise _silent() from error
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            if path == CONFIRM:
                raise _unknown() from error
            raise (_silent() if isinstance(error, TimeoutError) else _down()) from error
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise _refused(answer.status, content)
        return content


class _Connection(http.client.HTTPConnection):
    """HTTP over MUHAN_HOME's socket."""

    def __init__(self, home: Path, patience: float) -> None:
        super().__init__("localhost", timeout=patience)
        self._home = home
        self._patience = patience

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._patience)
        with reachable(self._home) as path:
            self.sock.connect(path)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


_adapter_of: Callable[[Any], TypeAdapter[Any]] = _adapter


def _read(kind: type[Value], content: bytes) -> Value:
    try:
        value: Value = _adapter_of(kind).validate_json(content)
    except ValidationError as error:
        raise _other_version() from error
    return value


def _refused(status: int, content: bytes) -> ControlRefused:
    if status == http.client.INTERNAL_SERVER_ERROR:
        return ControlRefused(
            "fault",
            "봇이 이 일을 하다가 오류가 났습니다: 상태를 확인하고 로그를 봐 주세요.",
            "The bot met an error while it did this: look at its status and its log.",
        )
    try:
        told = json.loads(content)
        return ControlRefused(str(told["code"]), str(told["korean"]), str(told["english"]))
    except (ValueError, KeyError, TypeError):
        return _other_version()


def _down() -> BotDown:
    return BotDown(
        "봇이 꺼져 있거나 답하지 않습니다: muhan run 으로 켜고(서비스라면 muhan service status) "
        "다시 해 주세요.",
        "The bot is off or does not answer: start it with muhan run (or look at muhan service "
        "status) and try again.",
    )


def _silent() -> BotSilent:
    return BotSilent(
        "봇이 켜져 있지만 답하지 않습니다: 잠시 뒤 다시 해 보고, 그래도 그러면 muhan service "
        "status 로 살펴본 뒤 봇을 다시 시작해 주세요.",
        "The bot is on but does not answer: try again in a while; if it stays so, look at muhan "
        "service status and restart the bot.",
    )


def _unknown() -> ControlRefused:
    """Say what is so when a confirmed command was sent and its answer did not come."""
    return ControlRefused(
        "unknown_outcome",
        "봇의 답이 오지 않아 됐는지 모릅니다: 다시 누르기 전에 상태와 미체결 주문을 확인해 주세요.",
        "The bot did not answer, so nobody knows whether it was done: look at status and open "
        "orders before you press again.",
    )


def _other_version() -> ControlRefused:
    return ControlRefused(
        "other_version",
        "켜져 있는 봇이 이 프로그램과 다른 판입니다: 봇을 다시 시작해 주세요.",
        "The running bot is of another version than this program: restart the bot.",
    )
