"""The demo's stage: which processes play, on which state, with which made-up keys."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.commands import StartCycle
from bot.demo.children import Child, start
from bot.demo.world import World, write_overrides
from bot.setting_values import Pictures
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.trading.begin import begin_cycle
from bot.trading.model import CONSOLE, Approval
from kis.simulator.config import APP_SECRET
from strategy.model import Rules

OWNER = 1000001
BOT_TOKEN = "7000001:demo-token-of-this-machine-only-000"  # noqa: S105 - a made-up key
HTS_ID = "DEMOUSER"
ACCOUNT = "81000000-01"
STAGE_NAME = "stage.json"
# The account holds more than the seed, so that rungs are never short of money to reserve.
ACCOUNT_OVER_SEED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What is played: the market, the agreement, the seed money and the first day (inclusive).

    `market_options` are further words for `muhan simulator`.
    """

    prices: Path | None
    seed: int
    rules: Rules
    principal: Decimal
    approval: Approval
    first_day: datetime
    seconds_per_day: float
    calls_per_second: int
    chat_port: int = 0
    pictures: Pictures = Pictures.ON
    market_options: tuple[str, ...] = ()


class Stage:
    """Start and stop the three children on a state folder; a second start continues there."""

    def __init__(self, home: Path, script: Script) -> None:
        self.home = home
        self._script = script
        self.simulator: Child | None = None
        self.chat: Child | None = None
        self.dashboard: Child | None = None
        self.bot: Child | None = None

    @property
    def database(self) -> Path:
        return self.home / "bot" / DATABASE_NAME

    async def prepare(self, world: World) -> None:
        """Lay out the state folder; begin the cycle in the journal unless it has begun."""
        (self.home / "bot").mkdir(mode=0o700, parents=True, exist_ok=True)
        write_overrides(self.home / "bot", world.sessions)
        async with opened(self.database) as database:
            begun = await database.one("SELECT count(*) AS n FROM cycle")
            if begun is not None and begun["n"]:
                return
            command = StartCycle(
                rules=self._script.rules,
                principal=self._script.principal,
                approval=self._script.approval,
                by=CONSOLE,
            )
            async with Journal(database).recording(self._script.first_day) as recording:
                await begin_cycle(recording, command)

    async def open_simulator(self, port: int = 0) -> str:
        """Start the market; answer its address."""
        script = self._script
        arguments = [
            "bot",
            "simulator",
            "--port",
            str(port),
            "--account",
            ACCOUNT,
            "--hts-id",
            HTS_ID,
            "--cash",
            str(script.principal * ACCOUNT_OVER_SEED),
            "--fee-percent",
            str(script.rules.fee_percent),
            "--symbol",
            script.rules.symbol,
            "--state",
            str(self.home / "simulator.sqlite3"),
            "--at",
            script.first_day.isoformat(),
            "--seconds-per-day",
            str(script.seconds_per_day),
            "--calls-per-second",
            str(script.calls_per_second),
            "--seed",
            str(script.seed),
        ]
        if script.prices is not None:
            arguments += ["--prices", str(script.prices)]
        else:
            arguments += ["--start", script.first_day.date().isoformat()]
        arguments += script.market_options
        self.simulator = await start("simulator", arguments, log=self.home / "simulator.log")
        self._note()
        return str(self.simulator.told["listening"])

    async def open_chat(self) -> str:
        """Start the chat server; answer its address, which is the page's too."""
        clock = f"{self.simulator.told['listening']}/simulator/clock" if self.simulator else ""
        self.chat = await start(
            "chat",
            [
                "bot.chat",
                "--port",
                str(self._script.chat_port),
                "--token",
                BOT_TOKEN,
                "--owner-id",
                str(OWNER),
                "--state",
                str(self.home / "chat.sqlite3"),
                "--links",
                json.dumps({"clock": clock}),
            ],
            log=self.home / "chat.log",
        )
        self._note()
        return str(self.chat.told["listening"])

    async def open_dashboard(self) -> str:
        """Start the dashboard, before the bot that is to tell of it; answer its address."""
        self.dashboard = await start(
            "dashboard",
            ["bot", "dashboard", "--port", "0", "--json", "--env", str(self.home / "no.env")],
            log=self.home / "dashboard.log",
            environment=self._told_to_all(),
        )
        self._note()
        return str(self.dashboard.told["listening"])

    async def open_bot(self) -> None:
        """Start the bot; it is ready when this returns. Raises ChildFailed."""
        self.bot = await start(
            "bot",
            ["bot", "run", "--json", "--env", str(self.home / "no.env")],
            log=self.home / "bot.log",
            environment=self.bot_environment(),
        )
        self._note()

    def _note(self) -> None:
        """Write down which process plays what, for whoever looks at a run from outside."""
        players = {
            "simulator": self.simulator,
            "chat": self.chat,
            "dashboard": self.dashboard,
            "bot": self.bot,
        }
        noted = {
            name: {"pid": child.pid, **child.told}
            for name, child in players.items()
            if child is not None
        }
        unfinished = self.home / "stage.json.new"
        unfinished.write_text(json.dumps(noted), encoding="utf-8")
        unfinished.replace(self.home / STAGE_NAME)

    def bot_environment(self) -> dict[str, str]:
        """Name the settings that a bot on this stage runs with."""
        if self.simulator is None or self.chat is None:
            raise RuntimeError("the simulator and the chat come first")
        told: dict[str, Any] = self.simulator.told
        told_of = {}
        if self.dashboard is not None:
            told_of["MUHAN_DASHBOARD_URL"] = str(self.dashboard.told["listening"])
        return {
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_API_URL": str(self.chat.told["listening"]),
            "KIS_APP_KEY": str(told["app_key"]),
            "KIS_APP_SECRET": APP_SECRET,
            "KIS_ACCOUNT": ACCOUNT,
            "KIS_HTS_ID": HTS_ID,
            "KIS_REST_URL": str(told["listening"]),
            "KIS_WEBSOCKET_URL": str(told["listening"]).replace("http", "ws", 1),
            "MUHAN_PICTURES": self._script.pictures.value,
            **self._told_to_all(),
            **told_of,
        }

    def _told_to_all(self) -> dict[str, str]:
        """Name the settings that bot and dashboard share; no key is among them."""
        return {
            "TELEGRAM_OWNER_ID": str(OWNER),
            "MUHAN_VENUE": "demo",
            "MUHAN_HOME": str(self.home / "bot"),
            "MUHAN_LANGUAGE": "ko",
        }

    async def close(self) -> None:
        """End the children, the bot first, so that its last words are heard."""
        for child in (self.bot, self.dashboard, self.chat, self.simulator):
            if child is not None:
                await child.end()
