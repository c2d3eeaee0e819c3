"""Play N sessions as fast as the machine can, through the same processes and sockets as always."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo.children import ChildFailed
from bot.demo.owner import TappingOwner
from bot.demo.stage import Stage
from bot.demo.summary import document, market_state, read_run
from bot.demo.world import World
from bot.errors import MuhanError
from bot.nursery import Nursery
from bot.sessions import Session
from bot.storage.database import opened
from bot.storage.outbox import Outbox
from bot.trading.model import Approval

AFTER_THE_CLOSE = timedelta(minutes=45)
RESTARTS = 200


class HeadlessFailed(MuhanError):
    """The run could not be played to its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Playing:
    """What is played: the sessions, on which market, and whether the owner taps approvals."""

    world: World
    sessions: tuple[Session, ...]
    symbol: str
    approval: Approval


async def play(
    stage: Stage,
    playing: Playing,
    *,
    tell: Callable[[int], None],
    transcript: Path | None = None,
) -> dict[str, Any]:
    """Play every session; answer the JSON document. `tell` hears how many are done.

    The chat is written to `transcript` as JSON lines.

    A bot that dies is started again on its state, as its service manager would. Raises
    HeadlessFailed when that happens too often.
    """
    await stage.prepare(playing.world)
    async with Nursery() as nursery:
        try:
            market_url = await stage.open_simulator()
            conductor = _Conductor(market_url)
            await conductor.register(playing.sessions[0].open - timedelta(hours=10))
            chat_url = await stage.open_chat()
            owner = TappingOwner(chat_url, approves=playing.approval is Approval.CONFIRM)
            nursery.start(owner.play(), name="owner")
            await stage.open_bot()
            async with minded(stage, nursery):
                for number, session in enumerate(playing.sessions, start=1):
                    if nursery.failed.is_set():
                        raise HeadlessFailed(
                            f"데모가 끝까지 가지 못했습니다. 기록: {stage.home / 'bot.log'}",
                            f"The run did not reach its end; a log is {stage.home / 'bot.log'}.",
                        )
                    await conductor.reach(session.close + AFTER_THE_CLOSE, nursery)
                    tell(number)
                await _letters_read(stage)
            market = await market_state(market_url)
            if transcript is not None:
                transcript.write_text(await _chat_so_far(chat_url), encoding="utf-8")
        finally:
            await stage.close()
    bars = {bar.day: bar.close for bar in playing.world.bars[playing.symbol]}
    close = bars.get(playing.sessions[-1].day, Decimal(0))
    return document(await read_run(stage.database), market, close)


class _Conductor:
    """The demo's own party at the simulator's clock: time never runs past what is to be played."""

    def __init__(self, simulator_url: str) -> None:
        self._url = f"{simulator_url}/simulator/clock/wait"

    async def register(self, until: datetime) -> None:
        """Become a party before anybody else lets time run; answers at once."""
        body = {"party": "demo", "until": until.isoformat(), "timeout": 0}
        async with aiohttp.ClientSession() as http, http.post(self._url, json=body) as answer:
            await answer.read()

    async def reach(self, until: datetime, nursery: Nursery) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
            while not nursery.failed.is_set():
                body = {"party": "demo", "until": until.isoformat(), "timeout": 25}
                async with http.post(self._url, json=body) as answer:
                    told = await answer.json()
                if datetime.fromisoformat(told["now"]) >= until:
                    return


@asynccontextmanager
async def minded(stage: Stage, nursery: Nursery) -> AsyncIterator[None]:
    """Keep the bot alive inside; whatever ends this, nobody starts a bot after it."""
    minder = nursery.start(mind_the_bot(stage), name="bot")
    try:
        yield
    finally:
        minder.cancel()
        await asyncio.wait([minder])


async def mind_the_bot(stage: Stage) -> None:
    """Start the bot again whenever it ends by itself."""
    for _ in range(RESTARTS):
        if stage.bot is not None:
            await stage.bot.ended()
        try:
            await stage.open_bot()
        except ChildFailed:
            stage.bot = None
    raise HeadlessFailed(
        f"봇이 {RESTARTS}번 넘게 멈췄습니다.", f"The bot ended more than {RESTARTS} times."
    )


async def _letters_read(stage: Stage) -> None:
    """Wait until the chat has every letter: the last report belongs to the run."""
    async with opened(stage.database) as database:
        outbox = Outbox(database)
        async with asyncio.timeout(60):
            while await outbox.unsent():  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.05)


async def _chat_so_far(chat_url: str) -> str:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{chat_url}/chat/transcript") as answer,
    ):
        return await answer.text()
