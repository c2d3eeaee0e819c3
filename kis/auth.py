"""The access token, cached in a private file, and the websocket's approval key.

KIS issues one token a minute and key (EGW00133), gives the same token again within six hours, and
tells the owner of every issue through KakaoTalk: so it is kept over restarts and shared.
Source: domain/kis.md section 2.
"""

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from kis import codes
from kis.environment import Environment
from kis.errors import KisAuthError, KisBadAnswer, KisUnavailable
from kis.models import SEOUL, Credentials
from kis.transport import Line, Reply

ISSUE_INTERVAL = timedelta(seconds=60)
RENEW_BEFORE = timedelta(minutes=10)
_TRIES = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An access token and the instant at which it ends (aware, Seoul)."""

    value: str = field(repr=False)
    expires_at: datetime


class Tokens:
    """The one place that gives out the access token; it fetches one at a time."""

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        line: Line,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        file: Path,
    ) -> None:
        self._credentials = credentials
        self._line = line
        self._now = now
        self._sleep = sleep
        self._file = file
        # Two keys, or one key at two servers, may share the file without sharing a token.
        mark = f"{environment.rest_url}\n{credentials.app_key}"
        self._fingerprint = hashlib.sha256(mark.encode()).hexdigest()
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._refused: set[str] = set()
        self._asked_at: datetime | None = None
        self._pausing = False

    @property
    def expires_at(self) -> datetime | None:
        """When the token in hand ends; None when there is none."""
        return None if self._token is None else self._token.expires_at

    async def get(self, valid_for: timedelta = RENEW_BEFORE, *, wait: bool = True) -> str:
        """Give a token that lives at least so long, from memory, from the file or from KIS.

        Without `wait` KIS is asked when it would answer now, and nobody sleeps: an order that has
        been written down as sent must not go out minutes later. Raises KisAuthError,
        KisUnavailable or KisBadAnswer when none can be had.
        """
        if not wait and self._pausing:
            raise KisUnavailable("a new token is not to be had within the minute")
        async with self._lock:
            if self._token is not None and self._lives(self._token, valid_for):
                return self._token.value
            left = self._load()
            if left is not None and self._lives(left, valid_for):
                self._keep(left)
                return left.value
            token = await self._issue(valid_for, wait=wait)
            self._keep(token)
            return token.value

    def drop(self, refused: str) -> None:
        """Forget a token that KIS refused, unless another has taken its place already."""
        self._refused.add(refused)
        if self._token is not None and self._token.value == refused:
            self._token = None

    async def approval_key(self) -> str:
        """Ask for the key of one websocket connection.

        Raises KisAuthError, KisUnavailable or KisBadAnswer.
        """
        reply = await self._ask(
            "/oauth2/Approval",
            {
                "grant_type": "client_credentials",
                "appkey": self._credentials.app_key,
                "secretkey": self._credentials.app_secret,
            },
        )
        self._raise_for(reply, "approval_key")
        key = reply.text("approval_key")
        self._line.hide(key)
        return key

    def _lives(self, token: Token, valid_for: timedelta) -> bool:
        if token.value in self._refused:
            return False
        left = token.expires_at - self._now()
        # Asked again within the minute, KIS could only give the same one.
        just_asked = self._asked_at is not None and self._now() - self._asked_at < ISSUE_INTERVAL
        return left >= valid_for or (just_asked and token == self._token and left > timedelta())

    def _keep(self, token: Token) -> None:
        self._line.hide(token.value)
        self._token = token

    async def _issue(self, valid_for: timedelta, *, wait: bool) -> Token:
        for _ in range(_TRIES):
            if not wait and self._turn_in() > timedelta():
                raise KisUnavailable("a new token is not to be had within the minute")
            await self._pause(self._turn_in())
            self._asked_at = self._now()
            reply = await self._ask(
                "/oauth2/tokenP",
                {
                    "grant_type": "client_credentials",
                    "appkey": self._credentials.app_key,
                    "appsecret": self._credentials.app_secret,
                },
            )
            if reply.code in codes.TOKEN_TOO_OFTEN and wait:
                _log.warning("KIS issues one token a minute: waiting")
                await self._pause(ISSUE_INTERVAL)
                self._asked_at = None
                # Another process of ours was faster, and may have left its token in the file.
                other = self._load()
                if other is not None and self._lives(other, valid_for):
                    return other
                continue
            self._raise_for(reply, "access_token")
            token = self._token_of(reply)
            # KIS gives the same token again for six hours: whatever it now says is the truth.
            self._refused.discard(token.value)
            self._save(token)
            return token
        raise KisUnavailable(f"{reply.code} KIS issues one token a minute and still refuses")

    def _turn_in(self) -> timedelta:
        if self._asked_at is None:
            return timedelta()
        return self._asked_at + ISSUE_INTERVAL - self._now()

    async def _pause(self, length: timedelta) -> None:
        if length > timedelta():
            self._pausing = True
            try:
                await self._sleep(length.total_seconds())
            finally:
                self._pausing = False

    async def _ask(self, path: str, body: dict[str, str]) -> Reply:
        outcome = await self._line.exchange("POST", path, headers={}, body=body)
        if not isinstance(outcome, Reply):
            raise KisUnavailable(f"{path.rpartition('/')[2]}: {outcome.reason}")
        return outcome

    def _raise_for(self, reply: Reply, wanted: str) -> None:
        if reply.status == 200 and reply.text(wanted):
            return
        if reply.status == 200 and not reply.code and not reply.page:
            raise KisBadAnswer(f"{wanted} was asked for and none came")
        words = self._line.clean(f"HTTP {reply.status} {reply.code} {reply.message}".strip())
        about_keys = reply.code in codes.KEYS | codes.PERMISSION
        passing = reply.code in codes.RATE | codes.TOKEN_TOO_OFTEN or not reply.code
        if about_keys or (reply.status in {401, 403} and not passing):
            raise KisAuthError(f"no {wanted} ({words})")
        raise KisUnavailable(f"no {wanted} ({words})")

    def _token_of(self, reply: Reply) -> Token:
        value = reply.text("access_token")
        self._line.hide(value)
        expires_at = _seoul(reply.text("access_token_token_expired"))
        if expires_at is None:
            seconds = (reply.body or {}).get("expires_in")
            if isinstance(seconds, bool) or not isinstance(seconds, int | Decimal):
                raise KisBadAnswer("a token came without its end")
            expires_at = self._now() + timedelta(seconds=float(seconds))
        if expires_at <= self._now():
            raise KisBadAnswer("a token came that has ended already")
        return Token(value=value, expires_at=expires_at)

    def _load(self) -> Token | None:
        try:
            entry = _entries(self._file)[self._fingerprint]
            expires_at = datetime.fromisoformat(entry["expires_at"])
            value = entry["token"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(value, str) or not value or expires_at.tzinfo is None:
            return None
        return Token(value=value, expires_at=expires_at)

    def _save(self, token: Token) -> None:
        try:
            entries = _entries(self._file)
        except (OSError, ValueError, KeyError, TypeError):
            entries = {}
        entries[self._fingerprint] = {
            "token": token.value,
            "expires_at": token.expires_at.astimezone(SEOUL).isoformat(),
        }
        try:
            _replace(self._file, json.dumps({"tokens": entries}).encode())
        except OSError as error:
            _log.warning("the token could not be kept in its file (%s)", type(error).__name__)


def _seoul(text: str) -> datetime | None:
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        return None
    return naive.replace(tzinfo=SEOUL)


def _entries(file: Path) -> dict[str, Any]:
    entries = json.loads(file.read_bytes())["tokens"]
    if not isinstance(entries, dict):
        raise TypeError
    return entries


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        # One os.write may write a part and call that a success; this writes all or raises.
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
