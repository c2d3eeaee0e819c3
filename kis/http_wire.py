"""The wire in production: HTTP with aiohttp. JSON is parsed here, numbers as Decimal."""

import json
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import aiohttp

from kis.transport import Broken, Outcome, Reply, Unreached

# KIS support told users of dropped connections to look like a browser (python-kis issue 62).
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) muhan"
_KEPT = ("tr_id", "tr_cont", "date")


class HttpWire:
    """KIS's REST server at `url`; a pool of connections, and one apart for each fresh request."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pooled: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"User-Agent": USER_AGENT}
        self._pooled = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())
        self._fresh = aiohttp.ClientSession(
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(force_close=True),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in (self._pooled, self._fresh):
            if session is not None:
                await session.close()

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
        body: Mapping[str, str] | None,
        fresh: bool,
        timeout: float,  # noqa: ASYNC109 - aiohttp's own limit tells where it struck
    ) -> Outcome:
        """Send one request; redirects are not followed."""
        session = self._fresh if fresh else self._pooled
        if session is None:
            raise RuntimeError("Kis is used outside its `async with`")
        sent = {"content-type": "application/json; charset=utf-8", **headers}
        if fresh:
            sent["Connection"] = "close"
        try:
            async with session.request(
                method,
                self._url + path,
                params=query,
                data=None if body is None else json.dumps(body).encode(),
                headers=sent,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout),
            ) as response:
                raw = await response.read()
                kept = {name: response.headers.get(name, "").strip() for name in _KEPT}
                return Reply(
                    status=response.status,
                    headers=kept,
                    body=_json_object(raw),
                    page=raw.lstrip().startswith(b"<"),
                )
        except TimeoutError:
            return Broken(reason="no answer in time")
        except aiohttp.ClientConnectorError as error:
            return Unreached(reason=f"no connection ({type(error).__name__})")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Broken(reason=f"the connection broke ({type(error).__name__})")


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _no_number(word: str) -> Any:
    raise ValueError(word)
