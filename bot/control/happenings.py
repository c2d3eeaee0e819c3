"""The last things that happened, kept in memory for whoever looks on and asked to hear of them."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from bot.amounts import gain, money, turn
from bot.bus import Bus
from bot.clock import Clock
from bot.control.event_words import SENTENCES, WHYS, Sentence
from bot.control.model import Events, Shown
from bot.events import AfterwardsSet, Event, Priority
from bot.redaction import masked
from bot.storage.views import Views
from bot.trading.model import Afterwards
from strategy.model import Side

KEPT = 500
LONGEST_WAIT = 25.0
"""Seconds: no question is kept waiting longer."""

HIDDEN = "•••"
_HIDDEN = frozenset({"shares", "money"})
_SIDES = {Side.BUY: ("매수", "buy"), Side.SELL: ("매도", "sell")}
_AFTERWARDS = {
    Afterwards.GO_ON: ("다음 사이클을 이어 갑니다", "goes on with the next cycle"),
    Afterwards.REST: ("쉽니다", "rests"),
    Afterwards.END: ("끝냅니다", "ends"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    number: int
    at: datetime
    kind: str
    sentence: Sentence
    figures: dict[str, str]

    def shown(self, *, veiled: bool) -> Shown:
        said = {
            name: HIDDEN if veiled and name in _HIDDEN else value
            for name, value in self.figures.items()
        }
        return Shown(
            number=self.number,
            at=self.at,
            kind=self.kind,
            level=self.sentence.level,
            symbol=self.figures["symbol"],
            words_ko=masked(self.sentence.korean.format(**said)).strip(),
            words_en=masked(self.sentence.english.format(**said)).strip(),
        )


class Happenings:
    """Hear the bus and keep what is worth showing.

    Numbers begin at the machine's milliseconds, so that they rise over restarts too: whoever asks
    by an old number hears of everything since.
    """

    def __init__(self, views: Views, clock: Clock, wall: Clock) -> None:
        self._views = views
        self._clock = clock
        self._kept: deque[_Kept] = deque(maxlen=KEPT)
        self._number = int(wall.now().timestamp() * 1000)
        self._first = self._number
        self._news = asyncio.Event()
        self._closing = False

    def subscribe(self, bus: Bus) -> None:
        """Hear of every event that has a sentence."""
        bus.subscribe(*SENTENCES, to=self.hear, name="control", lowest=Priority.NORMAL)

    async def hear(self, event: Event) -> None:
        """Keep an event and wake whoever waits for one."""
        figures = await self._figures(event)
        self._number += 1
        self._kept.append(
            _Kept(
                number=self._number,
                at=self._clock.now(),
                kind=type(event).__name__,
                sentence=SENTENCES[type(event)],
                figures=figures,
            )
        )
        self._wake()

    async def after(self, number: int, *, wait: float, veiled: bool) -> Events:
        """Give what happened after a number; waits for some where there is none."""
        if number >= self._number and wait > 0 and not self._closing:
            news = self._news
            try:
                async with asyncio.timeout(min(wait, LONGEST_WAIT)):
                    await news.wait()
            except TimeoutError:
                pass  # nothing happened: that is the answer
        found = tuple(each.shown(veiled=veiled) for each in self._kept if each.number > number)
        oldest = self._kept[0].number if len(self._kept) == KEPT else self._first
        return Events(events=found, last=self._number, missed=number < oldest - 1)

    def close(self) -> None:
        """Answer whoever waits, and let nobody wait any more."""
        self._closing = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _figures(self, event: Event) -> dict[str, str]:
        found = await self._of_the_order(event) or {"symbol": await self._symbol(event)}
        why = str(getattr(event, "why", getattr(event, "law", "")))
        korean, english = WHYS.get(why, (why, why))
        own = {
            "why_ko": korean,
            "why_en": english,
            "count": str(getattr(event, "minutes", "")),
            **_amounts(event),
        }
        return own | found

    async def _of_the_order(self, event: Event) -> dict[str, str]:
        slot = getattr(event, "slot", None)
        order = await self._views.order(slot) if isinstance(slot, str) else None
        if order is None:
            return {}
        korean, english = _SIDES[order.slot.side]
        quantity = getattr(event, "quantity", order.slot.quantity)
        price = getattr(event, "price", None)
        return {
            "symbol": order.slot.symbol,
            "side_ko": korean,
            "side_en": english,
            "shares": str(quantity),
            **({"money": money(price)} if price is not None else {}),
        }

    async def _symbol(self, event: Event) -> str:
        symbol = getattr(event, "symbol", None)
        if isinstance(symbol, str):
            return symbol
        cycle = getattr(event, "cycle_id", None)
        if cycle is None:
            cycle = str(getattr(event, "round_id", "")).rpartition(".")[2]
        if not str(cycle).isdigit():
            return ""
        view = await self._views.cycle(int(cycle))
        return view.symbol if view else ""


def _amounts(event: Event) -> dict[str, str]:
    """Read an event's own figures, whatever they are called in it."""
    found = {"shares": "", "money": "", "turn": "", "side_ko": "", "side_en": ""}
    for name, write in (("realized", gain), ("needed", money), ("amount", gain)):
        if (value := getattr(event, name, None)) is not None:
            found["money"] = write(value)
    if (quantity := getattr(event, "quantity", None)) is not None:
        found["shares"] = str(quantity)
    if (state := getattr(event, "after", None)) is not None and hasattr(state, "turn"):
        found["turn"] = turn(state.turn)
    elif (value := getattr(event, "turn", None)) is not None:
        found["turn"] = turn(value)
    if (plan := getattr(event, "plan", None)) is not None:
        found["count"] = str(len(plan.orders))
    if isinstance(event, AfterwardsSet):
        found["afterwards_ko"], found["afterwards_en"] = _AFTERWARDS[event.afterwards]
    return found
