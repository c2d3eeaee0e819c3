"""The price feed can never send an order: it has no code for one, no account, and no words."""

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FunctionType, ModuleType

from kis.account import Account
from kis.environment import at
from kis.orders import Orders
from kis.quotations import NOBODY, Quotations

from .rehearsal import SYMBOL, rehearsing

REPOSITORY = Path(__file__).parents[3]
# What would have to be there to speak to KIS about an order or an account.
FORBIDDEN = ("kis.orders", "kis.account", "kis.client", "bot.counter", "bot.trading", "bot.app")


def test_the_rooms_process_never_even_loads_the_code_that_could_order() -> None:
    script = "import bot.paper.__main__, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    loaded = json.loads(done.stdout)
    assert "bot.paper.feed" in loaded
    assert [name for name in loaded if name.startswith(FORBIDDEN)] == []


def test_no_order_or_account_desk_hangs_anywhere_on_the_feeds_counter(tmp_path: Path) -> None:
    async def never(seconds: float) -> None:
        raise AssertionError(seconds)

    quotations = Quotations(
        at("http://127.0.0.1:1", "ws://127.0.0.1:1"),
        app_key="key",
        app_secret="secret",
        now=lambda: datetime(2026, 10, 7, tzinfo=UTC),
        sleep=never,
        token_file=tmp_path / "token.json",
    )
    reached = list(_reachable(quotations))
    assert any(thing is quotations.prices for thing in reached)
    assert not [thing for thing in reached if isinstance(thing, Orders | Account)]
    assert NOBODY in reached


def _reachable(root: object) -> Iterator[object]:
    """Walk every object that hangs on one, through attributes, containers and bound methods."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, ModuleType | type | FunctionType):
            continue
        seen.add(id(thing))
        yield thing
        waiting.extend(gc.get_referents(thing))


async def test_the_room_is_told_neither_the_account_nor_the_chat(tmp_path: Path) -> None:
    """Its environment and command line hold no key; KIS sees prices asked for, and no order."""
    async with rehearsing(tmp_path) as playing:
        await playing.stage.open_bot()
        settings = playing.stage.bot_environment()
        process = Path(f"/proc/{playing.room_pid}")
        seen = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        for name in ("TELEGRAM_BOT_TOKEN", "KIS_ACCOUNT", "KIS_APP_KEY", "KIS_APP_SECRET"):
            assert name.encode() not in seen
            assert settings[name].encode() not in seen
        session = playing.sessions[0]
        await playing.reach(session.close + timedelta(hours=8))
        await playing.until("RoundSettled")
        orders = await playing.events("OrderAccepted")
        there = await playing.ask("GET", f"{playing.standin}/simulator/state")
        here = await playing.ask("GET", f"{playing.room}/simulator/state")
        assert (there["orders"], there["fills"]) == ([], [])
        assert len(here["orders"]) == len(orders) > 0
        assert {order["symbol"] for order in here["orders"]} == {SYMBOL}
        _private(tmp_path)


def _private(home: Path) -> None:
    """Keys and tokens lie in files for the owner alone, and stand in no log."""
    logs = "".join(log.read_text() for log in home.glob("*.log"))
    for name in ("paper-keys.json", "paper-token.json", "kis-token.json"):
        path = home / "bot" / name
        assert path.stat().st_mode & 0o777 == 0o600
        for secret in json.loads(path.read_text()).values():
            assert not (isinstance(secret, str) and len(secret) > 30 and secret in logs)
