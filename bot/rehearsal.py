"""Venue paper joined to the bot: its room is opened first, and kept open while the bot runs."""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
import structlog

from bot.addresses import Venue, on_this_machine
from bot.counter import simulator_closed, simulator_limit, sockets_folder
from bot.events import RehearsalReturned, RehearsalTroubled
from bot.nursery import Nursery
from bot.paper.keeper import Keeper, in_the_room
from bot.paper.keys import room_keys
from bot.paper.order_form import OrderForm
from bot.settings import Settings
from bot.storage.views import Views
from bot.trading.desk import Desk

log = structlog.get_logger(__name__)

LOOK_AGAIN = 30.0
ANSWERED_WITHIN = 10.0


def on_simulated_time(settings: Settings) -> bool:
    """Tell whether market time is a simulator's: the demo's, or that of a rehearsal's prices."""
    if settings.muhan_venue is Venue.DEMO:
        return True
    return settings.muhan_venue is Venue.PAPER and on_this_machine(settings.kis_rest_url)


class Rehearsal:
    """The room of a bot in venue paper; `settings` are those by which the bot finds it."""

    def __init__(self, keeper: Keeper, settings: Settings) -> None:
        self._keeper = keeper
        self.settings = settings

    def tell(self, desk: Desk) -> None:
        """Have what the room says recorded, and so told to the owner."""

        async def troubled(reason: str) -> None:
            async with desk.recording() as recording:
                await recording.record(RehearsalTroubled(reason=reason))

        async def returned() -> None:
            async with desk.recording() as recording:
                await recording.record(RehearsalReturned())

        self._keeper.troubled, self._keeper.returned = troubled, returned

    def leave(self) -> None:
        """Say that the bot is about to end."""
        self._keeper.leave()

    async def follow_cycles(self, views: Views) -> None:
        """Ask the room for the symbols of the running cycles."""
        url = f"{self._keeper.address}/simulator/market/symbols"
        timeout = aiohttp.ClientTimeout(total=ANSWERED_WITHIN)
        asked: set[str] = set()
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                for symbol in {view.symbol for view in await views.cycles()} - asked:
                    try:
                        async with http.post(url, json={"symbol": symbol}) as answer:
                            answer.raise_for_status()
                        asked.add(symbol)
                    except (aiohttp.ClientError, TimeoutError) as error:
                        log.warning("the room was not asked", symbol=symbol, reason=repr(error))
                await asyncio.sleep(LOOK_AGAIN)


async def open_rehearsal(
    settings: Settings, views: Views, stack: AsyncExitStack, nursery: Nursery
) -> Rehearsal:
    """Open the room and keep it until the stack ends. Raises RoomFailed or CounterClosed."""
    simulated = on_simulated_time(settings)
    try:
        calls = await simulator_limit(settings.kis_rest_url) if simulated else None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise simulator_closed(settings) from error
    form = OrderForm(
        app_key=settings.kis_app_key.get_secret_value(),
        app_secret=settings.kis_app_secret.get_secret_value(),
        rest_url=settings.kis_rest_url,
        websocket_url=settings.kis_websocket_url,
        clock_url=settings.kis_rest_url if simulated else "",
        calls_per_second=calls,
        home=str(settings.muhan_home),
        sockets="" if simulated else str(sockets_folder()),
        cash=str(settings.muhan_paper_cash),
        port=0,
        symbols=tuple(sorted({view.symbol for view in await views.cycles()})),
        room=room_keys(settings.muhan_home),
    )
    keeper = Keeper(form, settings.muhan_home)
    stack.push_async_callback(keeper.stop)
    await keeper.start()
    nursery.start(keeper.run(), name="rehearsal room")
    return Rehearsal(keeper, in_the_room(settings, keeper.address))
