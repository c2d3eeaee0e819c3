"""The feed against a stand-in on loopback: trades, bars, prices and splits reach the exchange."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from bot.nursery import Nursery
from bot.paper.feed import Feed, named_in
from bot.paper.rights import splits_of
from kis.environment import at
from kis.models import Right, RightKind
from kis.quotations import Quotations
from kis.simulator.model import OrderType, Side, Split
from tests.kis.simulator.desk import WEDNESDAY, Desk, quick, running
from tests.kis.simulator.live import LiveDay

PATIENCE = 20.0
TUESDAY = WEDNESDAY - timedelta(days=1)


class HandClock:
    """A clock that stands at the live day's wall; sleepers wake when the test says so."""

    def __init__(self, day: LiveDay) -> None:
        self._day = day
        self._woken = asyncio.Event()

    def now(self) -> datetime:
        return self._day.wall

    async def sleep(self, seconds: float) -> None:
        if seconds >= 1:
            await self._woken.wait()

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        del hold, nudge
        await self.sleep((at - self.now()).total_seconds())

    @contextmanager
    def working(self) -> Iterator[None]:
        yield

    def wake(self) -> None:
        woken, self._woken = self._woken, asyncio.Event()
        woken.set()


class Following:
    """A feed that follows a stand-in, and what the test may move."""

    def __init__(self, desk: Desk, day: LiveDay, clock: HandClock) -> None:
        self.desk = desk
        self.day = day
        self.clock = clock
        self.told: list[tuple[str, str]] = []
        self.loaded = asyncio.Event()

    async def to(self, moment: str) -> None:
        """Move the stand-in's market and the exchange's wall together."""
        told = await self.desk.go(moment)
        self.day.wall = datetime.fromisoformat(told["now"])

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                self.clock.wake()
                await asyncio.sleep(0.01)


@asynccontextmanager
async def following(tmp_path: Path) -> AsyncIterator[Following]:
    async with running(quick(), with_token=False) as desk:
        # The stand-in's market runs ahead of the hand that moves the wall.
        day = LiveDay(await _now(desk), stale=timedelta(days=1))
        clock = HandClock(day)
        playing = Following(desk, day, clock)
        quotations = Quotations(
            at(desk.url, desk.url.replace("http", "ws"), calls_per_second=1000),
            app_key=desk.config.app_key,
            app_secret=desk.config.app_secret,
            now=clock.now,
            sleep=clock.sleep,
            token_file=tmp_path / "token.json",
        )
        async with quotations, Nursery() as nursery:
            feed = Feed(
                quotations,
                day.exchange,
                day.symbols,
                clock=clock,
                beat=timedelta(seconds=30),
                tell=lambda state, reason: playing.told.append((state, reason)),
            )
            nursery.start(feed.run(playing.loaded.set), name="feed")
            async with asyncio.timeout(PATIENCE):
                await playing.loaded.wait()
            try:
                yield playing
            finally:
                assert not nursery.failed.is_set()


async def _now(desk: Desk) -> datetime:
    return datetime.fromisoformat((await desk.control("GET", "clock"))["now"])


async def test_the_past_is_there_before_the_room_opens_and_trades_fill_orders(
    tmp_path: Path,
) -> None:
    async with following(tmp_path) as playing:
        day = playing.day
        assert day.exchange.market.days_until("TQQQ", WEDNESDAY) == [WEDNESDAY - timedelta(days=1)]
        await playing.until(lambda: day.exchange.coverage.covered("TQQQ"))
        order = day.order(Side.BUY, OrderType.LIMIT, 5, "49.00")
        await playing.to("2026-10-07T16:00-04:00")
        await playing.until(lambda: day.now(order).filled == 5)
        assert day.now(order).amount == Decimal("245.00")


async def test_the_official_close_is_asked_for_after_noon_and_decides(tmp_path: Path) -> None:
    async with following(tmp_path) as playing:
        day = playing.day
        order = day.order(Side.BUY, OrderType.LOC, 5, "51.00")
        await playing.to("2026-10-07T17:00-04:00")
        market = day.exchange.market
        await playing.until(lambda: market.days_until("TQQQ", WEDNESDAY)[-1] == WEDNESDAY)
        assert day.now(order).filled == 0
        await playing.to("2026-10-08T12:03+09:00")
        await playing.until(lambda: day.now(order).filled)
        assert (day.now(order).filled, day.now(order).amount) == (5, Decimal(255))


async def test_a_price_is_asked_for_where_no_trade_came(tmp_path: Path) -> None:
    async with following(tmp_path) as playing:
        exchange = playing.day.exchange
        await playing.until(lambda: exchange.market.tape("TQQQ", WEDNESDAY).polled)
        tape = exchange.market.tape("TQQQ", WEDNESDAY)
        assert tape.latest is None
        assert exchange.last_trade("TQQQ") == (WEDNESDAY, tape.polled and tape.polled.price)


async def test_a_key_in_use_is_told_and_not_hammered(tmp_path: Path) -> None:
    async with running(quick(), with_token=False) as desk:
        key = await desk.approval()
        url = desk.url.replace("http", "ws")
        async with connect(url, proxy=None) as socket:
            await socket.send(_registration(key))
            await socket.recv()
            day = LiveDay(await _now(desk))
            clock = HandClock(day)
            told: list[tuple[str, str]] = []
            quotations = Quotations(
                at(desk.url, url, calls_per_second=1000),
                app_key=desk.config.app_key,
                app_secret=desk.config.app_secret,
                now=clock.now,
                sleep=clock.sleep,
                token_file=tmp_path / "token.json",
            )
            async with quotations, Nursery() as nursery:
                feed = Feed(
                    quotations,
                    day.exchange,
                    day.symbols,
                    clock=clock,
                    beat=timedelta(seconds=30),
                    tell=lambda state, reason: told.append((state, reason)),
                )
                nursery.start(feed.run(lambda: None), name="feed")
                async with asyncio.timeout(PATIENCE):
                    while not told:
                        clock.wake()
                        await asyncio.sleep(0.01)
            assert told[0][0] == "troubled"
            assert "OPSP8996" in told[0][1]
            assert not day.exchange.coverage.covered("TQQQ")


def _registration(key: str) -> str:
    return (
        f'{{"header": {{"approval_key": "{key}", "custtype": "P", "tr_type": "1",'
        ' "content-type": "utf-8"}, "body": {"input": {"tr_id": "HDFSCNT0",'
        ' "tr_key": "DNASTQQQ"}}}'
    )


def right(day: date, ratio: str, kind: RightKind = RightKind.SPLIT, **words: object) -> Right:
    given: dict[str, object] = {
        "symbol": "TQQQ",
        "name": "",
        "kind": kind,
        "code": "",
        "local_day": day,
        "seoul_day": day,
        "ratio": Decimal(ratio),
        "cash": None,
        "currency": "USD",
        "confirmed": True,
    }
    return Right(**given | words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rights", "splits"),
    [
        ((right(WEDNESDAY, "2"),), [Split("TQQQ", WEDNESDAY, 2, 1)]),
        (
            (right(WEDNESDAY, "2"), right(WEDNESDAY + timedelta(days=1), "2")),
            [Split("TQQQ", WEDNESDAY + timedelta(days=1), 2, 1)],
        ),
        (
            (right(WEDNESDAY, "0.125", RightKind.REVERSE_SPLIT),),
            [Split("TQQQ", WEDNESDAY, 1, 8)],
        ),
        ((right(WEDNESDAY, "1.5"),), [Split("TQQQ", WEDNESDAY, 3, 2)]),
        ((right(WEDNESDAY, "2", confirmed=False),), []),
        ((right(TUESDAY, "2", confirmed=False),), [Split("TQQQ", TUESDAY, 2, 1)]),
        ((right(WEDNESDAY, "0.1", RightKind.DIVIDEND),), []),
        ((right(WEDNESDAY, "1"),), []),
    ],
)
def test_splits_are_read_off_announcements(rights: tuple[Right, ...], splits: list[Split]) -> None:
    assert splits_of(rights, TUESDAY) == splits


def test_a_refusal_names_its_symbol_and_not_one_whose_name_ends_alike() -> None:
    reason = "HDFSCNT0 DAMSSOXL: OPSP8992 SUBSCRIBE ERROR : invalid tr_key"
    assert named_in(reason, ["TQQQ", "OXL", "SOXL", "XL"]) == ["SOXL"]
    assert named_in("too many registrations", ["TQQQ"]) == []
