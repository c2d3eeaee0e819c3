"""The counter at KIS that the settings name: built here, for the daemon and for the console."""

import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from bot.addresses import Venue, on_this_machine
from bot.errors import MuhanError
from bot.laboratory.price_source import Fetched, OnPage
from bot.settings import Settings
from bot.trading.broker_rows import bar_of
from kis.client import Kis
from kis.environment import MOCK, REAL, Environment, at
from kis.errors import KisAuthError, KisUnknownSymbol, ReadError
from kis.models import Credentials, Exchange, RightKind
from strategy.bookkeeping import MOST_PARTS
from strategy.corporate_actions import SplitOn
from strategy.model import Bar

TOKEN_NAME = "kis-token.json"  # noqa: S105 - a file's name
SOCKETS = Path("~/.local/share/muhan-sockets")
# A unix socket's path is short: 108 bytes with the name of the socket behind the folder.
LONGEST_FOLDER = 70
ROOM_TOKEN_NAME = "paper-token.json"  # noqa: S105 - KIS's own token beside it is the price feed's


class CounterClosed(MuhanError):
    """The simulator of the demo, or of a rehearsal's prices, does not answer at its address."""


class SymbolNotListed(MuhanError):
    """KIS lists no such symbol in the US."""


class CounterSilent(MuhanError):
    """KIS does not answer a question, or not so that it can be believed."""


class OpenCounter(Protocol):
    """Make the client of the settings' account; entering it opens it."""

    async def __call__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> Kis: ...


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
        token_file=_token_file(settings),
    )


async def examined(
    settings: Settings,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
) -> Kis:
    """Make the client that prices and the doctor go by: the account's, or a rehearsal's prices'."""
    if settings.muhan_venue is not Venue.PAPER:
        return await counter(settings, now=now, sleep=sleep)
    environment = REAL
    if urlsplit(settings.kis_rest_url).hostname != urlsplit(REAL.rest_url).hostname:
        calls = await simulator_limit(settings.kis_rest_url)
        environment = at(settings.kis_rest_url, settings.kis_websocket_url, calls_per_second=calls)
    token_file = settings.muhan_home / TOKEN_NAME
    return Kis(environment, _credentials(settings), now=now, sleep=sleep, token_file=token_file)


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
        token_file=_token_file(settings),
    )


def simulator_closed(settings: Settings) -> CounterClosed:
    """Say that the demo's simulator does not answer."""
    return CounterClosed(
        f"시뮬레이터({settings.kis_rest_url})가 대답하지 않습니다: muhan simulator를 먼저 켜 "
        "주세요.",
        f"The simulator at {settings.kis_rest_url} does not answer: start `muhan simulator` first.",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class KisDailyPrices:
    """A `price_source.DailySource`: one symbol's daily bars at KIS."""

    kis: Kis
    symbol: str
    listed_on: Exchange
    name: str

    @property
    def exchange(self) -> str:
        return self.listed_on.value

    async def history(self, start: date, end: date, on_page: OnPage) -> Fetched:
        try:
            listing = await self.kis.prices.history(
                self.symbol, self.listed_on, start, end, on_page=on_page
            )
        except ReadError as error:
            raise _silent(error) from error
        return Fetched(bars=tuple(map(bar_of, listing.rows)), reason=listing.reason)

    async def adjusted(self, until: date) -> Mapping[date, Bar]:
        try:
            bars = await self.kis.prices.daily(self.symbol, self.listed_on, until=until)
        except ReadError:
            return {}
        return {bar.day: bar_of(bar) for bar in bars}

    async def announced(self, start: date, end: date) -> Sequence[SplitOn]:
        splits: list[SplitOn] = []
        for kind in (RightKind.SPLIT, RightKind.REVERSE_SPLIT):
            try:
                listing = await self.kis.announcements.rights(start, end, self.symbol, kind=kind)
            except ReadError:
                continue
            for right in listing.rows:
                # KIS writes a third as 33.333..., and dates a split in New York and in Seoul.
                ratio = Fraction(right.ratio or 1).limit_denominator(MOST_PARTS)
                if ratio != 1:
                    splits += [
                        SplitOn(day=day, new=ratio.numerator, old=ratio.denominator)
                        for day in (right.local_day, right.seoul_day)
                        if day is not None
                    ]
        return splits


@asynccontextmanager
async def daily_prices(
    settings: Settings,
    symbol: str,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
) -> AsyncIterator[KisDailyPrices]:
    """Open the counter for one symbol's daily bars, and find where the symbol is listed.

    Raises SymbolNotListed, CounterSilent and, in the demo, CounterClosed.
    """
    try:
        kis = await examined(settings, now=now, sleep=sleep)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise simulator_closed(settings) from error
    async with kis:
        yield await _prices_of(kis, settings, symbol)


@asynccontextmanager
async def prices_at(kis: Kis, settings: Settings, symbol: str) -> AsyncIterator[KisDailyPrices]:
    """Ask the running bot's own client for a symbol's daily bars, at its pace.

    In a rehearsal that is not where the prices come from. Raises SymbolNotListed, CounterSilent.
    """
    if settings.muhan_venue is Venue.PAPER:
        raise CounterSilent(
            "리허설에서는 봇이 긴 시세를 받지 않습니다: 콘솔에서 muhan prices 로 받아 주세요.",
            "In a rehearsal the bot fetches no long history: run muhan prices at the console.",
        )
    yield await _prices_of(kis, settings, symbol)


async def _prices_of(kis: Kis, settings: Settings, symbol: str) -> KisDailyPrices:
    try:
        listed_on = await kis.symbols.exchange(symbol)
    except KisUnknownSymbol as unknown:
        raise _not_listed(symbol) from unknown
    except ReadError as error:
        raise _silent(error) from error
    host = urlsplit(settings.kis_rest_url).hostname or ""
    name = "KIS" if host.endswith("koreainvestment.com") else "simulator"
    return KisDailyPrices(kis=kis, symbol=symbol, listed_on=listed_on, name=name)


def _not_listed(symbol: str) -> SymbolNotListed:
    return SymbolNotListed(
        f"한투의 나스닥·뉴욕·아멕스에 {symbol} 종목이 없습니다: 종목 코드를 확인해 주세요.",
        f"KIS lists no {symbol} on NASDAQ, NYSE or AMEX: look at the ticker.",
    )


def _silent(error: ReadError) -> CounterSilent:
    if isinstance(error, KisAuthError):
        return CounterSilent(
            f"한투가 열쇠를 받지 않습니다 ({error}): KIS_APP_KEY와 KIS_APP_SECRET을 확인해 주세요.",
            f"KIS does not take the keys ({error}): look at KIS_APP_KEY and KIS_APP_SECRET.",
        )
    return CounterSilent(
        f"한투에서 시세를 받지 못했습니다 ({error}): 잠시 뒤 다시 실행해 주세요. 저장된 시세는 "
        "그대로입니다.",
        f"KIS did not give the prices ({error}): run it again later. What is stored stays as it "
        "is.",
    )


def sockets_folder() -> Path:
    """Name the folder by which every bot of this user shares one websocket a key.

    It is the same for every MUHAN_HOME: KIS takes one session a key (kis.md section 3).
    """
    folder = SOCKETS.expanduser()
    if len(os.fsencode(folder)) <= LONGEST_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / f"muhan-sockets-{os.getuid()}"


def _token_file(settings: Settings) -> Path:
    in_the_room = settings.muhan_venue is Venue.PAPER and on_this_machine(settings.kis_rest_url)
    return settings.muhan_home / (ROOM_TOKEN_NAME if in_the_room else TOKEN_NAME)


async def _environment(settings: Settings) -> Environment:
    host = urlsplit(settings.kis_rest_url).hostname
    mock = settings.muhan_venue is Venue.MOCK
    if settings.muhan_venue is Venue.REAL or host == urlsplit(REAL.rest_url).hostname:
        return REAL
    if mock and host == urlsplit(MOCK.rest_url).hostname:
        return MOCK
    calls = MOCK.calls_per_second if mock else REAL.calls_per_second
    if settings.muhan_venue in {Venue.DEMO, Venue.PAPER}:
        calls = await simulator_limit(settings.kis_rest_url, calls)
    return at(settings.kis_rest_url, settings.kis_websocket_url, calls_per_second=calls, mock=mock)


async def simulator_limit(url: str, calls: float = REAL.calls_per_second) -> float:
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
