"""The store of daily prices while the bot runs: brought up to date when somebody asks for it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path

from bot.bus import Bus
from bot.clock import Clock
from bot.commands import FetchPrices, PricesFetched
from bot.errors import AnotherInstance, MuhanError
from bot.instance import only_instance
from bot.laboratory.price_source import DailySource
from bot.laboratory.price_store import PriceStore
from bot.laboratory.price_update import Wanted, update
from bot.sessions import Calendar

OpenSource = Callable[[str], AbstractAsyncContextManager[DailySource]]
"""Open the way to a symbol's daily bars; raises MuhanError."""


class PricesUnwritten(MuhanError):
    """The disk does not take the prices; what was stored before is there still."""


class PriceRoom:
    """Answer `FetchPrices`; one asking at a time, in this process or beside it."""

    def __init__(self, home: Path, source: OpenSource, clock: Clock, calendar: Calendar) -> None:
        self._store = PriceStore(home)
        self._source = source
        self._clock = clock
        self._calendar = calendar

    def register(self, bus: Bus) -> None:
        bus.handle(FetchPrices, self._fetch)

    async def _fetch(self, command: FetchPrices) -> PricesFetched:
        try:
            self._store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with only_instance(self._store.folder):
                async with self._source(command.symbol) as source:
                    done = await update(
                        self._store,
                        source,
                        Wanted(symbol=command.symbol),
                        calendar=self._calendar,
                        now=self._clock.now(),
                        on_page=_unheard,
                    )
        except AnotherInstance as error:
            raise AnotherInstance(
                "지금 시세를 받는 중입니다. 끝난 뒤에 다시 눌러 주세요.",
                "The prices are being fetched right now. Press again once that is done.",
            ) from error
        except OSError as error:
            raise PricesUnwritten(
                f"시세를 저장하지 못했습니다 ({error.strerror}). 디스크 자리를 확인해 주세요. 전에 "
                "받은 시세는 그대로입니다.",
                f"The prices could not be stored ({error.strerror}). Look at the disk; what was "
                "stored before is there still.",
            ) from error
        stored = done.stored
        return PricesFetched(
            symbol=command.symbol,
            first=stored.first,
            last=stored.last,
            days=len(stored.bars),
            added=done.added,
            reason=stored.card.reason,
        )


def _unheard(_count: int, _oldest: date) -> None:
    """Nobody looks on."""
