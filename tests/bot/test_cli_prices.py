"""`muhan prices` beside a `muhan simulator` in a process of its own, and the backtest after it."""

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import stamina
from typer.testing import CliRunner, Result

from bot.bus import Bus
from bot.cli import app
from bot.clock import NEW_YORK, SystemClock
from bot.commands import FetchPrices
from bot.counter import SymbolNotListed, counter, prices_at
from bot.instance import only_instance
from bot.laboratory.bars import read_bars
from bot.nursery import Nursery
from bot.price_room import PriceRoom
from bot.sessions import Calendar
from bot.settings import load
from kis.simulator.config import APP_KEY, APP_SECRET
from tests.stage import environment

RUNNER = CliRunner()
# The market has one bar before its first day.
FIRST, BEFORE, LAST = date(2026, 1, 5), date(2026, 1, 2), date(2026, 10, 6)
SPLIT = date(2026, 9, 15)
DAILY = "/uapi/overseas-price/v1/quotations/dailyprice"
SESSIONS = [each.day for each in Calendar().between(BEFORE, LAST)]


@dataclass
class Simulator:
    """A simulator's process; its market time is moved on so that every test has a token."""

    url: str
    now: datetime

    def control(self, method: str, path: str, body: object = None) -> Any:
        host = urlsplit(self.url)
        line = http.client.HTTPConnection(host.hostname or "", host.port or 0, timeout=20)
        try:
            text = json.dumps(body) if body is not None else None
            line.request(method, f"/simulator/{path}", text, {"content-type": "application/json"})
            answer = line.getresponse()
            assert answer.status in {200, 201}, answer.read()
            return json.loads(answer.read())
        finally:
            line.close()

    def a_token_later(self) -> None:
        self.now += timedelta(minutes=2)
        self.control("POST", "clock", {"to": self.now.isoformat()})


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    words = [
        *("--port", "0", "--symbol", "TQQQ", "--start", str(FIRST), "--seed", "7"),
        *("--split", f"TQQQ:{SPLIT}:15:1", "--at", "2026-10-07T04:30-04:00"),
        *("--calls-per-second", "2000"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "simulator", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["listening"]
        yield Simulator(url=url, now=datetime(2026, 10, 7, 4, 30, tzinfo=NEW_YORK))
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=2, cap=True):
        yield


@dataclass
class Seat:
    """The owner at a computer with an empty store."""

    simulator: Simulator
    env: Path
    home: Path

    def say(self, line: str) -> Result:
        return RUNNER.invoke(app, [*line.split(), "--env", str(self.env)])

    def document(self, line: str, *, status: int = 0) -> dict[str, Any]:
        result = self.say(f"{line} --json")
        assert result.exit_code == status, result.output
        assert result.stdout.count("\n") == 1
        document: dict[str, Any] = json.loads(result.stdout)
        return document

    def refused(self, line: str) -> str:
        result = self.say(line)
        assert result.exit_code == 3, result.output
        assert result.stdout == ""
        return result.stderr

    def settings(self, **other: str) -> None:
        with self.env.open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in other.items())

    @property
    def csv(self) -> Path:
        return self.home / "prices" / "TQQQ.csv"


@pytest.fixture
def seat(simulator: Simulator, tmp_path: Path) -> Iterator[Seat]:
    simulator.a_token_later()
    env, home = tmp_path / ".env", tmp_path / "home"
    env.touch(mode=0o600)
    found = Seat(simulator=simulator, env=env, home=home)
    found.settings(
        TELEGRAM_BOT_TOKEN="123456789:AAcanary-token_of_a_bot_0123456789abc",
        TELEGRAM_OWNER_ID="42",
        KIS_APP_KEY=APP_KEY,
        KIS_APP_SECRET=APP_SECRET,
        KIS_ACCOUNT="81000000-01",
        KIS_REST_URL=simulator.url,
        MUHAN_VENUE="demo",
        MUHAN_HOME=str(home),
    )
    yield found
    simulator.control("DELETE", "faults")


def test_the_store_is_filled_with_splits_repaired_and_a_backtest_reads_it(seat: Seat) -> None:
    result = seat.say("prices TQQQ --json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["symbol"], told["exchange"], told["source"]) == ("TQQQ", "NASDAQ", "simulator")
    assert (told["first"], told["last"]) == (SESSIONS[0].isoformat(), LAST.isoformat())
    assert (told["bars"], told["added"], told["gaps"]) == (len(SESSIONS), len(SESSIONS), [])
    assert (told["complete"], told["earliest"], told["reason"]) == (True, True, "")
    assert told["splits"] == told["new_splits"]
    assert told["splits"] == [
        {"day": SPLIT.isoformat(), "new": 15, "old": 1, "evidence": "announced"}
    ]
    assert told["file"] == str(seat.csv)
    assert f"{SPLIT} 15:1" in result.stderr
    bars = {bar.day: bar for bar in read_bars(seat.csv, allow_penny=True)}
    assert list(bars) == SESSIONS
    at_seam = SESSIONS.index(SPLIT)
    assert 0.7 < bars[SPLIT].open / bars[SESSIONS[at_seam - 1]].close < 1.4
    run = "backtest --symbol TQQQ --method 4.0 --splits 40 --principal 20000 --allow-penny"
    tested = seat.document(run)
    assert tested["data_sha256"] == told["sha256"]
    assert tested["sessions"] == len(SESSIONS) - 1
    same = seat.document(f"{run} --prices {seat.csv}")
    assert same == tested


def test_a_second_run_adds_nothing(seat: Seat) -> None:
    seat.document("prices TQQQ")
    before = seat.csv.read_bytes()
    again = seat.document("prices TQQQ")
    assert (again["added"], again["changed"], again["new_splits"]) == (0, [], [])
    assert seat.csv.read_bytes() == before


def test_days_can_be_chosen_and_a_copy_written(seat: Seat, tmp_path: Path) -> None:
    out = tmp_path / "copy.csv"
    told = seat.document(f"prices tqqq --start 2026-08-03 --end 2026-09-30 --out {out}")
    assert (told["first"], told["last"], told["earliest"]) == ("2026-08-03", "2026-09-30", False)
    assert out.read_bytes() == seat.csv.read_bytes()
    part = tmp_path / "part.csv"
    told = seat.document(f"prices TQQQ --start 2026-09-14 --end 2026-09-16 --out {part}")
    assert told["last"] == LAST.isoformat()
    assert [line[:10] for line in part.read_text().splitlines()] == [
        "date,open,",
        "2026-09-14",
        "2026-09-15",
        "2026-09-16",
    ]


def test_what_is_stored_is_shown_in_a_table_in_the_owners_language(seat: Seat) -> None:
    shown = seat.say("prices TQQQ")
    assert shown.exit_code == 0
    assert "반영한 분할" in shown.stdout
    assert "한투 공시" in shown.stderr
    seat.settings(MUHAN_LANGUAGE="en")
    seat.csv.write_bytes(b"")
    shown = seat.say("prices TQQQ")
    assert "splits repaired" in shown.stdout
    assert "fetched anew" in shown.stderr
    assert "announced at KIS" in shown.stderr


def test_an_asking_that_is_cut_short_is_said_and_nothing_is_lost(seat: Seat) -> None:
    second_page = SESSIONS[-100].strftime("%Y%m%d")
    match = {"path": DAILY, "BYMD": second_page}
    seat.simulator.control("POST", "faults", {"name": "call_fails", "count": 50, "match": match})
    result = seat.say("prices TQQQ --json")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert not told["complete"]
    assert "page 2 failed" in told["reason"]
    assert "다시 실행하면" in result.stderr
    assert told["bars"] == 100
    assert (told["first"], told["earliest"]) == (SESSIONS[-100].isoformat(), False)
    run = "backtest --symbol TQQQ --method 4.0 --splits 40 --principal 20000 --allow-penny"
    assert "run muhan prices TQQQ again" in seat.say(run).stderr
    seat.simulator.control("DELETE", "faults")
    whole = seat.document("prices TQQQ")
    assert (whole["bars"], whole["added"], whole["complete"]) == (
        len(SESSIONS),
        len(SESSIONS) - 100,
        True,
    )


def test_kis_being_down_changes_nothing(seat: Seat) -> None:
    seat.document("prices TQQQ")
    before = seat.csv.read_bytes()
    seat.simulator.control("POST", "faults", {"name": "call_fails", "count": 50})
    assert "그대로입니다" in seat.refused("prices TQQQ")
    assert seat.csv.read_bytes() == before


def test_an_unknown_symbol_is_one_sentence_and_stores_nothing(seat: Seat) -> None:
    told = seat.refused("prices NOPE")
    assert told == (
        "한투의 나스닥·뉴욕·아멕스에 NOPE 종목이 없습니다: 종목 코드를 확인해 주세요.\n"
    )
    assert not any((seat.home / "prices").glob("NOPE*"))


def test_a_simulator_that_is_not_up_is_one_sentence(seat: Seat) -> None:
    seat.settings(KIS_REST_URL="http://127.0.0.1:9")
    assert "muhan simulator를 먼저 켜" in seat.refused("prices TQQQ")


def test_wrong_keys_are_one_sentence(seat: Seat) -> None:
    seat.settings(KIS_APP_SECRET="w" * 180)
    assert "KIS_APP_SECRET을 확인" in seat.refused("prices TQQQ").splitlines()[-1]


def test_two_at_once_do_not_write_over_each_other(seat: Seat) -> None:
    folder = seat.home / "prices"
    folder.mkdir(parents=True)
    with only_instance(folder):
        said = seat.refused("prices TQQQ")
    assert "다른 muhan prices" in said
    assert "MUHAN_HOME" not in said


def test_a_copy_that_cannot_be_written_is_one_sentence(seat: Seat, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "copy.csv"
    assert str(out) in seat.refused(f"prices TQQQ --out {out}").splitlines()[-1]


@pytest.mark.parametrize("line", ["prices", "prices TQQQ --start 2026-02-30", "prices T/Q"])
def test_wrong_words_are_a_wrong_call(line: str, seat: Seat) -> None:
    assert seat.say(line).exit_code == 2


def test_days_the_wrong_way_round_are_a_wrong_call(seat: Seat) -> None:
    assert seat.say("prices TQQQ --start 2026-09-02 --end 2026-09-01").exit_code == 2


def test_without_a_store_a_backtest_says_what_to_do(seat: Seat) -> None:
    run = "backtest --symbol TQQQ --method 4.0 --splits 40 --principal 20000"
    assert seat.refused(run) == (
        "저장된 TQQQ 시세가 없습니다: muhan prices TQQQ로 먼저 받거나 --prices로 CSV 파일을 "
        "지정해 주세요.\n"
    )


def test_a_store_that_another_hand_changed_is_not_tested(seat: Seat) -> None:
    seat.document("prices TQQQ")
    seat.csv.write_bytes(seat.csv.read_bytes() + b"2026-12-01,1,1,1,1,1\n")
    run = "backtest --symbol TQQQ --method 4.0 --splits 40 --principal 20000"
    assert "muhan prices TQQQ로 다시 받아" in seat.refused(run)


async def test_the_running_bots_own_client_fills_the_same_store(seat: Seat) -> None:
    settings = load(seat.env, {})

    class Market(SystemClock):
        def now(self) -> datetime:
            return seat.simulator.now

    clock = Market()
    kis = await counter(settings, now=clock.now, sleep=asyncio.sleep)
    async with Nursery() as nursery, kis:
        bus = Bus(nursery)
        source = partial(prices_at, kis, settings)
        PriceRoom(seat.home, source, clock, Calendar()).register(bus)
        told = await bus.ask(FetchPrices(symbol="TQQQ"))
        with pytest.raises(SymbolNotListed):
            await bus.ask(FetchPrices(symbol="ZZZZ"))
    assert (told.first, told.last, told.days) == (BEFORE, LAST, len(SESSIONS))
    assert seat.csv.exists()
