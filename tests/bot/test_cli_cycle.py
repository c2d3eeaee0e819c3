"""`muhan cycle ...`: the owner's bookkeeping at the console, beside a simulator of KIS."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stamina
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.commands import RunDue
from bot.console import room
from bot.console_words import REFUSALS, Words
from bot.events import (
    ChangeAgreed,
    CycleChanged,
    CycleStarted,
    RestingOrdersGone,
    RestingOrdersSeen,
    SplitAgreed,
)
from bot.settings import load
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading
from strategy.changes import SeedChange, ShareSplit
from tests.bot.trading.counter import WorldClock
from tests.kis.simulator.desk import Desk, running

RUNNER = CliRunner()
DAY = date(2026, 10, 7)
START = "cycle start --symbol TQQQ --splits 20 --principal 10000"
IMPORT = (
    "cycle import --symbol TQQQ --splits 20 --ladder 2 --quantity 40 --average 50.004 --cash 8000"
)


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=10, cap=True):
        yield


@dataclass
class Seat:
    """The owner at a computer whose demo stands at five in the morning in New York."""

    desk: Desk
    env: Path
    home: Path

    async def say(self, line: str, *, answer: str = "") -> Result:
        words = [*line.split(), "--env", str(self.env)]
        return await asyncio.to_thread(RUNNER.invoke, app, words, input=answer)

    async def done(self, line: str, *, answer: str = "") -> str:
        result = await self.say(line, answer=answer)
        assert result.exit_code == 0, result.output
        return result.stdout

    async def refused(self, line: str) -> str:
        result = await self.say(line)
        assert result.exit_code == 3, result.output
        assert result.stderr.count("\n") == 1
        return result.stderr

    async def json(self, line: str) -> Any:
        return json.loads(await self.done(f"{line} --json"))

    async def events(self) -> list[Any]:
        async with opened(self.home / DATABASE_NAME) as database:
            return [entry.event for entry in await Journal(database).entries()]

    async def hold(self, quantity: int = 40, average: str = "50.004") -> None:
        await self.desk.control("PUT", "holdings/TQQQ", {"quantity": quantity, "average": average})


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[Seat]:
    async with running(with_token=False) as desk:
        home = tmp_path / "home"
        words = {
            "TELEGRAM_BOT_TOKEN": "123456789:AAcanary-token_of_a_bot_0123456789abc",
            "TELEGRAM_OWNER_ID": "42",
            "KIS_APP_KEY": desk.config.app_key,
            "KIS_APP_SECRET": desk.config.app_secret,
            "KIS_ACCOUNT": desk.config.account,
            "KIS_REST_URL": desk.url,
            "MUHAN_VENUE": "demo",
            "MUHAN_HOME": str(home),
        }
        env = tmp_path / ".env"
        env.write_text("".join(f"{name}={value}\n" for name, value in words.items()))
        env.chmod(0o600)
        yield Seat(desk=desk, env=env, home=home)


def english(seat: Seat) -> None:
    seat.env.write_text(seat.env.read_text() + "MUHAN_LANGUAGE=en\n")


async def test_a_cycle_begins_and_is_listed(seat: Seat) -> None:
    assert "1번 사이클을 시작했습니다. 첫 주문은 다음 거래일" in await seat.done(START)
    (cycle,) = await seat.json("cycle list")
    assert (cycle["cycle"], cycle["symbol"], cycle["principal"]) == (1, "TQQQ", "10000")
    assert (cycle["approval"], cycle["held"], cycle["first_session"]) == ("confirm", False, None)
    assert "TQQQ" in await seat.done("cycle list")
    (started,) = await seat.events()
    assert started.by.kind == "console"


async def test_a_second_cycle_on_the_symbol_and_a_later_start_are_explicit(seat: Seat) -> None:
    await seat.done(START)
    assert "--second" in await seat.refused(START)
    await seat.done(f"{START} --second --from 2026-10-12")
    cycles = await seat.json("cycle list")
    assert [cycle["first_session"] for cycle in cycles] == [None, "2026-10-12"]
    assert "지난 날짜" in await seat.refused(f"{START} --second --from 2026-10-06")


async def test_seed_shows_its_effect_asks_and_is_in_the_ledger(seat: Seat) -> None:
    await seat.done(START)
    shown = await seat.done("cycle seed --add 2000", answer="y\n")
    assert re.search(r"1회매수금\*\s+500.00\s+600.00", shown)
    assert "2026-10-07 미국장 회차부터 적용합니다." in shown
    assert "장부에 반영했습니다." in shown
    changed = (await seat.events())[-1]
    assert isinstance(changed, CycleChanged)
    assert changed.change == SeedChange(amount=Decimal(2000))
    assert (await seat.json("cycle list"))[0]["cash"] == "12000"


async def test_a_change_that_is_not_confirmed_changes_nothing(seat: Seat) -> None:
    await seat.done(START)
    assert "아무것도 바꾸지 않았습니다" in await seat.done("cycle seed --withdraw 5", answer="n\n")
    assert len(await seat.events()) == 1


async def test_every_change_goes_through_with_yes(seat: Seat) -> None:
    await seat.hold()
    await seat.done(f"{IMPORT} --turn 4.25 --yes")
    await seat.done("cycle seed --withdraw 500 --yes")
    await seat.done("cycle turn 5.5 --symbol TQQQ --yes")
    await seat.done("cycle compounding yearly --cycle 1 --yes")
    await seat.done("cycle dividend 12.34 --yes")
    await seat.done("cycle split 2:1 --symbol TQQQ --yes")
    (cycle,) = await seat.json("cycle list")
    assert {name: cycle[name] for name in ("turn", "cash", "quantity", "average")} == {
        "turn": "5.5",
        "cash": "7512.34",
        "quantity": 80,
        "average": "25.002",
    }
    assert cycle["compounding"] == "yearly"
    async with room(load(seat.env, {})) as desk:
        await check_ledger(desk.desk.journal, desk.views)


async def test_what_cannot_be_changed_is_one_sentence_in_the_owners_language(seat: Seat) -> None:
    await seat.done(START)
    assert "보유 주식이 없으면 T는 0입니다" in await seat.refused("cycle turn 5 --yes")
    assert "뺄 수 있는 현금은 10000까지" in await seat.refused("cycle seed --withdraw 10001 --yes")
    english(seat)
    assert await seat.refused("cycle turn 5 --yes") == (
        "nothing is held, so T is 0: correct it after the first buy.\n"
    )
    assert "There is no such cycle" in await seat.refused("cycle turn 5 --symbol SOXL --yes")
    assert "no cycle" not in await seat.done("cycle list")
    assert "No cycle runs on SOXL" in await seat.refused("cycle split 2:1 --symbol SOXL --yes")


async def test_among_several_cycles_the_owner_says_which(seat: Seat) -> None:
    await seat.done(START)
    await seat.done(f"{START} --second")
    assert "--cycle로 번호를" in await seat.refused("cycle seed --add 5 --yes")
    await seat.done("cycle seed --add 5 --cycle 2 --yes")
    assert [cycle["cash"] for cycle in await seat.json("cycle list")] == ["10000", "10005"]


@pytest.mark.parametrize(
    "line",
    [
        "cycle seed --yes",
        "cycle seed --add 5 --withdraw 5 --yes",
        "cycle turn many --yes",
        "cycle split 2 --symbol TQQQ --yes",
        "cycle split two:one --symbol TQQQ --yes",
        "cycle compounding often --yes",
        "cycle why yesterday",
    ],
)
async def test_wrong_words_are_exit_status_2(seat: Seat, line: str) -> None:
    assert (await seat.say(line)).exit_code == 2


async def test_a_split_is_shown_for_every_cycle_of_the_symbol(seat: Seat) -> None:
    await seat.hold(52)
    await seat.done(f"{IMPORT} --turn 4.25 --not-ours 12 --yes")
    await seat.done(f"{START} --second")
    shown = await seat.done("cycle split 1:5 --symbol TQQQ --from 2026-10-12", answer="y\n")
    assert shown.count("번 사이클") == 2
    assert re.search(r"수량\*\s+40\s+8\b", shown)
    assert "봇의 것이 아닌 주식: 12주 -> 2주" in shown
    assert "2026-10-12 미국장 회차부터 적용합니다. 앞선 회차가 정산되면" in shown
    agreed = (await seat.events())[-1]
    assert isinstance(agreed, SplitAgreed)
    assert agreed.split == ShareSplit(new=1, old=5)
    assert "두 번 반영하지 않습니다" in await seat.refused("cycle split 1:5 --symbol TQQQ --yes")


async def test_an_import_asks_for_the_owners_own_turn(seat: Seat) -> None:
    await seat.hold()
    shown = await seat.done(IMPORT, answer="4.5\ny\n")
    assert "원가로 계산: 4.01" in shown
    assert "1번 사이클을 이어받았습니다. 첫 회차는 2026-10-07입니다." in shown
    (started,) = await seat.events()
    assert isinstance(started, CycleStarted)
    assert (started.cycle.turn, started.waits_for_resting) == (Decimal("4.5"), True)


async def test_an_import_that_kis_contradicts_is_refused(seat: Seat) -> None:
    await seat.hold(41)
    assert "한투 잔고 41주와 다릅니다" in await seat.refused(f"{IMPORT} --turn 4 --yes")
    assert "한투 잔고 41주와 다릅니다" in await seat.refused(IMPORT), "before T is asked for"
    await seat.hold(40, "50.0100")
    assert "0.5센트 넘게" in await seat.refused(f"{IMPORT} --turn 4 --yes")
    await seat.hold()
    assert "원가로 계산하면 4.01" in await seat.refused(f"{IMPORT} --yes")
    assert await seat.events() == []


async def test_a_list_can_be_held_against_kis(seat: Seat) -> None:
    await seat.hold()
    await seat.done(f"{IMPORT} --turn 4 --yes")
    for symbol in ("TQQQ", "SOXL"):
        order = {"symbol": symbol, "side": "buy", "quantity": 10, "price": "40.00"}
        placed = await seat.desk.control("POST", "orders", order)
        assert placed["symbol"] == symbol
    (cycle,) = await seat.json("cycle list --check")
    assert cycle["check"] == {
        "broker_quantity": 40,
        "broker_average": "50.004",
        "ledger_quantity": 40,
        "not_ours": 0,
        "agrees": True,
        "resting": 1,
        "resting_known": True,
    }
    assert "40 같음" in await seat.done("cycle list --check")
    await seat.hold(52, "50.00")
    await seat.done(f"{START} --second --not-ours 12")
    checks = [each["check"] for each in await seat.json("cycle list --check")]
    assert [(each["not_ours"], each["agrees"]) for each in checks] == [(12, True)] * 2
    await seat.hold(39)
    assert "39 다름" in await seat.done("cycle list --check")


async def test_kis_is_needed_for_an_import_only(seat: Seat) -> None:
    text = seat.env.read_text().replace(seat.desk.url, "http://127.0.0.1:9")
    seat.env.write_text(text)
    await seat.done(START)
    assert "muhan simulator를 먼저" in await seat.refused(f"{IMPORT} --turn 4 --yes")


async def test_a_past_evening_is_explained_order_by_order_and_planned_again(seat: Seat) -> None:
    await seat.hold()
    await seat.done(f"{IMPORT} --turn 4.25 --yes")
    async with bot(seat) as running_bot:
        await running_bot.look("18:20")
    told = await seat.done("cycle why 2026-10-07")
    assert "2026-10-07 TQQQ 1번: V4.0 20분할, T 4.25, 종가 51" in told
    assert "매도 LIMIT 30 @ 57.50: 목표 57.5" in told
    assert "다시 계산해도 같습니다." in told
    english(seat)
    assert "sell LIMIT 30 @ 57.50: target 57.5" in await seat.done("cycle why 2026-10-07")
    (document,) = await seat.json("cycle why 2026-10-07")
    assert (document["differences"], document["closes"]) == ([], ["51.0000"])
    assert "no plan for 2026-10-08" in await seat.refused("cycle why 2026-10-08")
    assert "no plan" in await seat.refused("cycle why 2026-10-07 --symbol SOXL")


@dataclass
class RunningBot:
    """The bot without a chat: its trading over KIS's client and the simulator, woken by hand."""

    seat: Seat
    trading: Trading
    clock: WorldClock

    async def look(self, seoul: str, day: date = DAY) -> None:
        at = datetime.fromisoformat(f"{day}T{seoul}+09:00")
        await self.seat.desk.go(at.isoformat())
        self.clock.at = at
        await self.trading.run_due(RunDue())

    async def ours(self) -> list[dict[str, Any]]:
        """The orders that the broker has from a program."""
        rows = await self.seat.desk.control("GET", "state")
        return [row for row in rows["orders"] if row["medium"] == "OpenAPI"]


@asynccontextmanager
async def bot(seat: Seat) -> AsyncIterator[RunningBot]:
    async with room(load(seat.env, {}), asks_kis=True) as entered:
        clock = WorldClock(entered.desk.clock.now())
        entered.desk.clock = clock
        entered.desk.gate_open = True
        yield RunningBot(seat=seat, trading=Trading(entered.desk), clock=clock)


async def test_a_position_taken_over_sends_nothing_until_the_hand_orders_are_gone(
    seat: Seat,
) -> None:
    """Over loopback: KIS's client, the simulator, an order and a reservation placed by hand."""
    sale = {"symbol": "TQQQ", "side": "sell", "quantity": 10, "price": "60.00"}
    await seat.hold()
    placed = await seat.desk.control("POST", "orders", sale)
    reserved = await seat.desk.control("POST", "reservations", sale | {"quantity": 30})
    shown = await seat.done(f"{IMPORT} --turn 4.25 --approval auto --yes")
    assert "봇이 내지 않은 주문 2건" in shown
    async with bot(seat) as running_bot:
        await running_bot.look("18:20")
        await running_bot.look("18:30")
        assert await running_bot.ours() == []
        seen = [one for one in await seat.events() if isinstance(one, RestingOrdersSeen)]
        assert [len(one.orders) for one in seen] == [2]
        await seat.desk.control("DELETE", f"orders/{placed['number']}")
        await running_bot.look("18:34")
        assert await running_bot.ours() == [], "the reservation waits still"
        day, number = reserved["day"], reserved["number"]
        await seat.desk.control("DELETE", f"reservations/{day}/{number}")
        await running_bot.look("18:38")
        assert len(await running_bot.ours()) >= 4
        events = await seat.events()
        assert any(isinstance(one, RestingOrdersGone) for one in events)


async def test_a_change_made_beside_the_running_bot_waits_for_the_settlement(seat: Seat) -> None:
    await seat.done(f"{START} --approval auto")
    async with bot(seat) as running_bot:
        await running_bot.look("18:20")
        await running_bot.look("18:30")
        shown = await seat.done("cycle seed --add 2000 --yes")
        assert "2026-10-08 미국장 회차부터 적용합니다. 앞선 회차가 정산되면" in shown
        assert "받아 두었습니다." in shown
        assert isinstance((await seat.events())[-1], ChangeAgreed)
        await running_bot.look("05:10", DAY + timedelta(days=1))
        assert any(isinstance(one, CycleChanged) for one in await seat.events())


def test_every_refusal_of_the_console_has_its_figures_in_both_languages() -> None:
    for why, (korean, english_) in REFUSALS.items():
        fields = set(re.findall(r"\{(\w+)\}", korean))
        assert fields == set(re.findall(r"\{(\w+)\}", english_)), why
        said = Refusal(why, **dict.fromkeys(fields, "7"))
        assert "{" not in Words("ko").error(said)
        assert Words("en").error(said) != Words("ko").error(said)
    assert Words("ko").error(Refusal(Why.TAP_USED)) == "tap used."
