"""A whole front end against the local chat server: real sockets, a real file, a fake service."""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.bus import Bus
from bot.charts.model import Picture
from bot.charts.wire import packed, unpacked
from bot.chat import ChatConfig, serve
from bot.commands import (
    ApproveRound,
    FreeOrders,
    HoldOrders,
    NoteWebhook,
    Pause,
    PlanPreview,
    PreviewPlan,
    ResendOrder,
    Resume,
    SkipAnswer,
    SkipRound,
    Stop,
    StopAnswer,
)
from bot.events import (
    Event,
    FillBooked,
    OrderAccepted,
    OrderClosed,
    OrderDeferred,
    OrderNotSent,
    OrderRefused,
    OrderResent,
    OrderSent,
    OrdersFreed,
    OrdersHeld,
    OrderUnknown,
    RoundApproved,
    RoundSkipped,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    WebhookFound,
)
from bot.laboratory.workshop import Workshop
from bot.nursery import Nursery
from bot.storage.chat import ChatStore, use_tap
from bot.storage.database import Database, opened
from bot.storage.forum_store import ForumStore
from bot.storage.journal import Journal, Recording
from bot.storage.outbox import Outbox
from bot.storage.people import People, Role
from bot.storage.views import Views
from bot.telegram.front import TelegramFront
from bot.trading.holds import Hold
from bot.trading.model import OrderState, RoundState
from bot.trading.refusal import Refusal, Why
from tests.bot.telegram.samples import HOME, MARKET_NOW, slots_of

TOKEN = "123456:AAEhBP0av28abcdefghijklmnopqrstuvwx"
OWNER = 4242
FRIEND = 5151


SMALLEST = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


async def sketch(picture: Picture) -> bytes:
    """Give the smallest PNG for a picture that a child could draw: here pictures only travel.

    tests/bot/charts draws them.
    """
    assert unpacked(packed(picture)) == picture
    return SMALLEST


class StandingClock:
    """A clock that the test moves; sleeping takes no time and is written down.

    With `gate`, a sleep of an hour or more waits until that is set.
    """

    def __init__(self, now: datetime) -> None:
        self.at = now
        self.slept: list[float] = []
        self.gate: asyncio.Event | None = None

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.gate is not None and seconds >= 3600:
            await self.gate.wait()
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        del hold
        seconds = max(0.0, (at - self.at).total_seconds())
        if nudge is not None and self.gate is not None and seconds >= 3600:
            while not (nudge.is_set() or self.gate.is_set()):  # noqa: ASYNC110 - whichever is first
                await asyncio.sleep(0.001)
            if nudge.is_set():
                return
        await self.sleep(seconds)

    def working(self) -> Any:
        raise NotImplementedError


class Chat:
    """The owner's side of the chat server."""

    def __init__(self, address: str, http: aiohttp.ClientSession) -> None:
        self.address = address
        self._http = http

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._http.post(f"{self.address}{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            loaded: dict[str, Any] = await answer.json()
            return loaded

    async def send(self, text: str, **more: Any) -> dict[str, Any]:
        return await self._post("/chat/send", {"text": text, **more})

    async def press(self, caption: str, *, message: dict[str, Any] | None = None) -> None:
        found = message or await self.having(caption)
        await self._post("/chat/press", {"message_id": found["id"], "data": key(found, caption)})

    async def raw_press(self, message_id: int, data: str, **more: Any) -> None:
        await self._post("/chat/press", {"message_id": message_id, "data": data, **more})

    async def update(self, body: dict[str, Any]) -> None:
        await self._post("/chat/update", body)

    async def fault(self, **body: Any) -> None:
        async with self._http.post(f"{self.address}/chat/faults", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def messages(self, chat_id: int = OWNER) -> list[dict[str, Any]]:
        address = f"{self.address}/chat/messages?after=0&chat_id={chat_id}"
        async with self._http.get(address) as answer:
            found = (await answer.json())["messages"]
            return [untagged(message) for message in found if not message.get("deleted")]

    async def said(self, chat_id: int = OWNER) -> list[str]:
        return [m["text"] for m in await self.messages(chat_id) if m["from"] == "bot"]

    async def last(self) -> dict[str, Any]:
        return [m for m in await self.messages() if m["from"] == "bot"][-1]

    async def faults_left(self) -> int:
        async with self._http.get(f"{self.address}/chat/faults") as answer:
            return len(await answer.json())

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """List what the bot asked by a method, oldest first."""
        return [
            line["request"]
            for line in await self.lines()
            if line["from"] == "bot" and line["what"].lower() == method.lower()
        ]

    async def having(self, caption: str) -> dict[str, Any]:
        return [m for m in await self.messages() if caption in captions(m)][-1]

    async def lines(self) -> list[dict[str, Any]]:
        async with self._http.get(f"{self.address}/chat/transcript") as answer:
            return [json.loads(line) for line in (await answer.text()).splitlines()]

    async def pending(self) -> int:
        async with self._http.get(f"{self.address}/chat/state") as answer:
            return int((await answer.json())["pending_updates"])


def untagged(message: dict[str, Any]) -> dict[str, Any]:
    """Take a letter's number off its text and put it beside it."""
    text, _, number = message["text"].rpartition("\n#")
    is_letter = message["from"] == "bot" and re.fullmatch(r"\d+(-\d+)?", number)
    return {**message, "text": text, "number": number} if is_letter else message


def captions(message: dict[str, Any]) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def key(message: dict[str, Any], caption: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return str(next(b["callback_data"] for row in rows for b in row if b["text"] == caption))


@dataclass
class Service:
    """The trading service's seam: journals what was asked, and refuses as the real one does."""

    journal: Journal
    views: Views
    bus: Bus
    market: StandingClock
    asked: list[Any] = field(default_factory=list)
    held: list[Hold] = field(default_factory=list)
    previews: tuple[PlanPreview, ...] = ()
    stopped: StopAnswer = field(default_factory=lambda: StopAnswer(asked=4, confirmed=4))
    refuse: Why | None = None
    hold: asyncio.Event | None = None

    def attach(self) -> None:
        self.bus.handle(ApproveRound, self._approve)
        self.bus.handle(SkipRound, self._skip)
        self.bus.handle(ResendOrder, self._resend)
        self.bus.handle(Pause, self._pause)
        self.bus.handle(Resume, self._resume)
        self.bus.handle(Stop, self._stop)
        self.bus.handle(PreviewPlan, self._preview)
        self.bus.handle(HoldOrders, self._hold)
        self.bus.handle(FreeOrders, self._free)
        self.bus.handle(NoteWebhook, self._webhook)

    async def record(self, *events: Event, at: datetime | None = None) -> None:
        async with self.journal.recording(at or self.market.now()) as recording:
            for event in events:
                for step in await _way_to(event, recording):
                    await recording.record(step)
                await recording.record(event)
        for event in events:
            self.bus.publish(event)

    async def _effect(self, command: Any, event: Event) -> None:
        async with self.journal.recording(self.market.now()) as recording:
            await self._use(command, recording)
            await recording.record(event)
        self.asked.append(command)
        self.bus.publish(event)

    async def _use(self, command: Any, recording: Recording) -> None:
        if self.refuse is not None:
            raise Refusal(self.refuse)
        if not await use_tap(recording.transaction, command.tap, self.market.now()):
            raise Refusal(Why.TAP_USED)

    async def _approve(self, command: ApproveRound) -> None:
        view = await self.views.round(command.round_id)
        if view is None or view.plan is None:
            raise Refusal(Why.ROUND_UNKNOWN)
        if view.state is not RoundState.PROPOSED:
            raise Refusal(Why.ROUND_DECIDED)
        if view.digest != command.digest:
            raise Refusal(Why.ROUND_CHANGED)
        slots = slots_of(view.plan, view.round_id)
        await self._effect(
            command, RoundApproved(round_id=view.round_id, slots=slots, by=command.by)
        )

    async def _skip(self, command: SkipRound) -> SkipAnswer:
        await self._effect(command, RoundSkipped(round_id=command.round_id, by=command.by))
        return SkipAnswer(void=True)

    async def _resend(self, command: ResendOrder) -> None:
        order = await self.views.order(command.slot)
        assert order is not None
        again = replace(order.slot, key=f"{order.slot.key}x", attempt=2)
        await self._effect(command, OrderResent(slot=again, previous=command.slot, by=command.by))

    async def _pause(self, command: Pause) -> None:
        await self._effect(command, TradingPaused(everything=command.everything, by=command.by))

    async def _resume(self, command: Resume) -> None:
        await self._effect(command, TradingResumed(by=command.by))

    async def _stop(self, command: Stop) -> StopAnswer:
        await self._effect(command, TradingStopped(cancel=command.cancel, by=command.by))
        return self.stopped

    async def _hold(self, command: HoldOrders) -> None:
        if command.why not in self.held:
            self.held.append(command.why)
            await self.record(OrdersHeld(why=command.why.value, detail=command.detail))

    async def _free(self, command: FreeOrders) -> None:
        if command.why in self.held:
            self.held.remove(command.why)
            await self.record(OrdersFreed(why=command.why.value))

    async def _webhook(self, command: NoteWebhook) -> None:
        await self.record(WebhookFound(host=command.host))

    async def _preview(self, _command: PreviewPlan) -> tuple[PlanPreview, ...]:
        if self.hold is not None:
            await self.hold.wait()
        return self.previews


SENT_FIRST = (
    OrderAccepted,
    OrderClosed,
    OrderDeferred,
    OrderNotSent,
    OrderRefused,
    OrderUnknown,
    FillBooked,
)


async def _way_to(event: Event, recording: Recording) -> list[Event]:
    """Give what an order has behind it before an event can befall it: it was sent, and taken."""
    if not isinstance(event, SENT_FIRST):
        return []
    row = await recording.transaction.one(
        "SELECT state FROM broker_order WHERE slot = ?", (event.slot,)
    )
    if row is None or row["state"] != OrderState.PLANNED:
        return []
    steps: list[Event] = [OrderSent(slot=event.slot, tries=1, baseline=())]
    if isinstance(event, FillBooked | OrderClosed):
        number = event.slot.replace(".", "").replace("-", "")
        steps.append(OrderAccepted(slot=event.slot, order_number=number))
    return steps


@dataclass
class House:
    """Everything together; `front` is started anew by `restart`."""

    chat: Chat
    service: Service
    front: TelegramFront
    database: Database
    store: ChatStore
    outbox: Outbox
    wall: StandingClock
    market: StandingClock
    nursery: Nursery
    build: Any

    async def settle(self) -> None:
        """Wait until every update is handled and every letter is in the chat."""
        async with asyncio.timeout(60):
            while await self.chat.pending():  # noqa: ASYNC110 - the server is asked, as a page would
                await asyncio.sleep(0.005)
            await self.front.drained()

    async def pair(self, user_id: int, role: Role) -> None:
        """Let somebody in, as a used code would have."""
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO person VALUES (?, ?, '', ?)",
                (user_id, role.name, self.wall.now().isoformat()),
            )
        await self.front.desk.people.load()

    async def restart(self) -> None:
        await self.front.stop()
        self.front = self.build(self.service.bus)
        await self.front.desk.people.load()
        await self.front.start()
        await self.front.first_poll_done.wait()


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    config = ChatConfig(token=TOKEN, owner_id=OWNER, state=tmp_path / "chat.db")
    async with asyncio.TaskGroup() as group, aiohttp.ClientSession() as http:
        server = group.create_task(serve(config, now=MARKET_WALL.now, on_ready=ready.set_result))
        yield Chat((await ready)["listening"], http)
        server.cancel()


MARKET_WALL = StandingClock(HOME)


@pytest.fixture
async def house(chat: Chat, tmp_path: Path) -> AsyncIterator[House]:
    async with housed(chat, tmp_path) as house:
        yield house


@asynccontextmanager
async def housed(chat: Chat, tmp_path: Path) -> AsyncIterator[House]:
    """Open a house before a Bot API server, ours or another."""
    wall, market = MARKET_WALL, StandingClock(MARKET_NOW)
    wall.at, wall.slept, wall.gate = HOME, [], None
    async with opened(tmp_path / "muhan.db") as database, Nursery() as nursery:
        bus, views, store = Bus(nursery), Views(database), ChatStore(database)
        outbox = Outbox(database)
        service = Service(journal=Journal(database), views=views, bus=bus, market=market)
        service.attach()

        def build(
            bus: Bus,
            allowed: frozenset[int] = frozenset({OWNER}),
            venue: str = "demo",
            *,
            pause: bool = True,
            forum: ForumStore | None = None,
        ) -> TelegramFront:
            return TelegramFront(
                token=SecretStr(TOKEN),
                api_url=chat.address,
                people=People(database, owner_id=OWNER, operators=allowed, language="ko"),
                language="ko",
                bus=bus,
                views=views,
                outbox=outbox,
                chat_store=store,
                clock=market,
                wall=wall,
                nursery=nursery,
                venue=venue,
                account_hint="****-01",
                draw=sketch,
                workshop=Workshop(tmp_path),
                next_event=lambda: datetime(2026, 10, 7, 9, 30, tzinfo=UTC),
                pause_when_blocked=pause,
                forum=forum,
            )

        front = build(bus)
        await front.start()
        await front.first_poll_done.wait()
        house = House(
            chat=chat,
            service=service,
            front=front,
            database=database,
            store=store,
            outbox=outbox,
            wall=wall,
            market=market,
            nursery=nursery,
            build=build,
        )
        yield house
        await house.front.stop()


def instant(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
