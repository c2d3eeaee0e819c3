import asyncio
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory import workshop
from bot.laboratory.errand import Errand, ErrandFailed, Step
from bot.laboratory.price_store import NothingStored, PriceStore
from bot.laboratory.question import Question
from bot.laboratory.study import study
from bot.laboratory.window import window
from bot.laboratory.workshop import StoredPrices, Workshop
from strategy import versions
from strategy.model import Bar
from tests.bot.laboratory.stored import keep
from tests.bot.laboratory.studies import quiet

D = Decimal
RULES = versions.rules("4.0", "SOXL", 20, fee_percent=D("0.25"))
ERRAND = Errand(rules=RULES, principal=D(10000), start=None, language="en")


async def _unheard(_: Step) -> None:
    return


def sleeper(folder: Path) -> Path:
    """Make a program that sleeps for a minute, whatever it is told."""
    path = folder / "sleeper"
    path.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    path.chmod(0o700)
    return path


def _workers() -> set[str]:
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return set(own.read_text(encoding="ascii").split())


@pytest.fixture
def others() -> set[str]:
    """The children that other tests of this process left: multiprocessing keeps one."""
    return _workers()


async def test_a_run_in_the_worker_is_the_run_of_the_command(
    tmp_path: Path, others: set[str]
) -> None:
    keep(tmp_path, count=300)
    steps: list[Step] = []

    async def heard(step: Step) -> None:
        steps.append(step)

    brought = await Workshop(tmp_path).run(ERRAND, heard)
    stored = PriceStore(tmp_path).read("SOXL")
    assert stored is not None
    question = Question(
        rules=RULES, principal=D(10000), bars=stored.bars[1:], history=stored.bars[:1]
    )
    here = study(question, quiet)
    assert brought.outcome.final_equity == here.ledgers.final_equity
    assert brought.outcome.ours.return_percent == here.ledgers.return_percent
    assert brought.outcome.hold.return_percent == here.hold.return_percent
    assert brought.outcome.finished == len(here.finished)
    assert brought.outcome.exhausted_sessions == here.exhausted_sessions
    assert (steps[0].name, steps[-1].name) == ("backtest", "draw")
    assert brought.picture.startswith(b"\x89PNG")
    assert b"SOXL V4.0" in brought.page
    assert len(brought.days.splitlines()) == here.sessions + 1
    assert _workers() <= others


async def test_a_run_may_begin_later(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    errand = Errand(rules=RULES, principal=D(10000), start=date(2026, 10, 1), language="ko")
    outcome = (await Workshop(tmp_path).run(errand, _unheard)).outcome
    assert outcome.first == date(2026, 10, 1)
    assert outcome.last == date(2026, 11, 20)


async def test_too_few_prices_are_refused_by_a_sentence(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    errand = Errand(rules=RULES, principal=D(10000), start=date(2026, 11, 19), language="ko")
    with pytest.raises(ErrandFailed, match="너무 적습니다"):
        await Workshop(tmp_path).run(errand, _unheard)


async def test_what_the_book_refuses_is_refused_by_a_sentence(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    errand = Errand(rules=RULES, principal=D(0), start=None, language="ko")
    with pytest.raises(ErrandFailed, match="이 조건으로는 돌릴 수 없습니다"):
        await Workshop(tmp_path).run(errand, _unheard)


async def test_prices_that_are_gone_are_told(tmp_path: Path) -> None:
    with pytest.raises(ErrandFailed, match="저장된 SOXL 시세가 없습니다"):
        await Workshop(tmp_path).run(ERRAND, _unheard)
    with pytest.raises(NothingStored):
        PriceStore(tmp_path).content("SOXL")


async def test_a_worker_that_dies_is_told_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, count=300)
    monkeypatch.setattr(workshop, "environment", lambda _: {"PYTHONPATH": "", "PATH": ""})
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ErrandFailed, match="끝내지 못했습니다"):
        await Workshop(tmp_path).run(ERRAND, _unheard)


async def test_a_worker_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: set[str]
) -> None:
    monkeypatch.setattr("sys.executable", str(sleeper(tmp_path)))
    monkeypatch.setattr(workshop, "PATIENCE", 0.05)
    with pytest.raises(ErrandFailed, match="끝내지 못했습니다"):
        async with asyncio.timeout(60):
            await Workshop(tmp_path).run(ERRAND, _unheard)
    assert _workers() <= others


def test_the_store_says_from_when_to_when_its_prices_go(tmp_path: Path) -> None:
    assert Workshop(tmp_path).stored("SOXL") is None
    keep(tmp_path, count=300)
    assert Workshop(tmp_path).stored("SOXL") == StoredPrices(
        first=date(2025, 9, 29), last=date(2026, 11, 20), days=300
    )
    PriceStore(tmp_path).path("SOXL").write_text("date,open\n", encoding="utf-8")
    assert Workshop(tmp_path).stored("SOXL") is None


def _bar(day: int, low: str) -> Bar:
    price = D(low)
    return Bar(day=date(2026, 10, day), open=price, high=price, low=price, close=price)


def test_trading_begins_after_the_last_price_under_a_dollar() -> None:
    bars = [_bar(1, "2"), _bar(2, "0.99"), _bar(5, "1.01"), _bar(6, "1.2"), _bar(7, "1.3")]
    history, traded, left_out = window(bars, None)
    # The previous close is looked at too: the first session traded comes after one over a dollar.
    assert [bar.day.day for bar in traded] == [6, 7]
    assert history[-1].day.day == 5
    assert left_out == 2
    _, traded, left_out = window(bars, date(2026, 10, 7))
    assert [bar.day.day for bar in traded] == [7]
    assert left_out == 0


def test_the_first_stored_bar_is_only_the_close_before() -> None:
    bars = [_bar(1, "2"), _bar(2, "3"), _bar(5, "4")]
    history, traded, left_out = window(bars, None)
    assert (len(history), len(traded), left_out) == (1, 2, 0)
    _, nothing, _ = window(bars, date(2027, 1, 1))
    assert nothing == []
