"""The counter at KIS that the settings name: built here, for the daemon and for the console."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp

from bot.addresses import Venue
from bot.errors import MuhanError
from bot.settings import Settings
from kis.client import Kis
from kis.environment import MOCK, REAL, Environment, at
from kis.models import Credentials

TOKEN_NAME = "kis-token.json"  # noqa: S105 - a file's name


class CounterClosed(MuhanError):
    """The demo's simulator does not answer at its address."""


async def counter(
    settings: Settings,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
) -> Kis:
    """Make the client of the settings' account; entering it opens it.

    In the demo the simulator is asked how often it may be called.
    """
    return Kis(
        await _environment(settings),
        _credentials(settings),
        now=now,
        sleep=sleep,
        token_file=settings.muhan_home / TOKEN_NAME,
    )


def closed_counter(settings: Settings, *, now: Callable[[], datetime]) -> Kis:
    """Make a client that nobody is going to ask anything; nothing is asked to make it."""

    async def never(seconds: float) -> None:
        raise AssertionError(f"a closed counter waits for nothing ({seconds} s)")

    environment = at(settings.kis_rest_url, settings.kis_websocket_url, calls_per_second=1)
    return Kis(
        environment,
        _credentials(settings),
        now=now,
        sleep=never,
        token_file=settings.muhan_home / TOKEN_NAME,
    )


def simulator_closed(settings: Settings) -> CounterClosed:
    """Say that the demo's simulator does not answer."""
    return CounterClosed(
        f"시뮬레이터({settings.kis_rest_url})가 대답하지 않습니다: muhan simulator를 먼저 켜 "
        "주세요.",
        f"The simulator at {settings.kis_rest_url} does not answer: start `muhan simulator` first.",
    )


async def _environment(settings: Settings) -> Environment:
    host = urlsplit(settings.kis_rest_url).hostname
    mock = settings.muhan_venue is Venue.MOCK
    if settings.muhan_venue is Venue.REAL:
        return REAL
    if mock and host == urlsplit(MOCK.rest_url).hostname:
        return MOCK
    calls = MOCK.calls_per_second if mock else REAL.calls_per_second
    if settings.muhan_venue is Venue.DEMO:
        calls = await _simulator_limit(settings.kis_rest_url, calls)
    return at(settings.kis_rest_url, settings.kis_websocket_url, calls_per_second=calls, mock=mock)


async def _simulator_limit(url: str, calls: float) -> float:
    """Ask the simulator how often it may be called: a demo raises the limit and says so there."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/simulator/") as answer:
        told = await answer.json()
    limit = float(told.get("calls_per_second", 0))
    return limit * 0.9 if limit > 100 else calls


def _credentials(settings: Settings) -> Credentials:
    return Credentials(
        app_key=settings.kis_app_key.get_secret_value(),
        app_secret=settings.kis_app_secret.get_secret_value(),
        account=settings.kis_account,
        hts_id=settings.kis_hts_id,
    )
