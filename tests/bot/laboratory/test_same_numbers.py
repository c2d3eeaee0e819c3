"""Whoever plays, the numbers are the same to the byte.

The children are real: one has no numba, one may make no machine code.
"""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.backtest_answers import backtest_document
from bot.laboratory.engines import WORTH_IT, Wanted
from bot.laboratory.errand import Errand
from bot.laboratory.grid_errand import GridErrand
from bot.laboratory.question import Drawing, Question, Starting
from bot.laboratory.study import study
from bot.laboratory.window import stored_window
from strategy import versions
from strategy.model import Rules
from tests.bot.laboratory import confined
from tests.bot.laboratory.stored import keep
from tests.bot.laboratory.studies import quiet

D = Decimal
GRIDS, RUNS = "bot.laboratory.grid_worker", "bot.laboratory.worker"
RULES = versions.rules("4.0", "SOXL", 20, fee_percent=D("0.25"), ladder=3)
pytestmark = [
    pytest.mark.skipif(find_spec("numba") is None, reason="the extra sweep is not installed"),
    pytest.mark.skipif(not confined.known(), reason="needs Linux 6.3"),
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    keep(tmp_path, count=700)
    return tmp_path


def question(home: Path, rules: Rules = RULES, **over: Any) -> Question:
    window = stored_window(home, "SOXL", None)
    return Question(
        rules=rules, principal=D(20001), bars=window.traded, history=window.history, **over
    )


@pytest.mark.parametrize(
    "rules",
    [
        RULES,
        versions.rules("3.0", "SOXL", 20, sec_fee_percent=D("0.00278")),
        versions.rules("2.2", "SOXL", 40),
        versions.rules("1.0", "SOXL", 40),
    ],
    ids=lambda rules: str(rules.method),
)
def test_start_dates_and_odds_are_the_same_by_both(home: Path, rules: Rules) -> None:
    beside = question(
        home,
        rules,
        cycles=3,
        stagger=7,
        drawing=Drawing(runs=60, horizon=60, block=5, seed=7),
        starting=Starting(every=60, horizon=100),
    )
    by_reference = study(replace(beside, engine=Wanted.REFERENCE), quiet)
    by_kernel = study(replace(beside, engine=Wanted.KERNEL), quiet)
    assert (by_reference.playing.engine, by_kernel.playing.engine) == ("reference", "kernel")
    assert by_reference.odds is not None
    assert 0 < by_reference.odds.exhausted < 60
    documents = [backtest_document(each) for each in (by_reference, by_kernel)]
    assert [each.pop("engine") for each in documents] == ["reference", "kernel"]
    assert json.dumps(documents[0]) == json.dumps(documents[1])
    assert len(documents[0]["start_dates"]) == 10


def test_a_future_is_played_alike_by_both(home: Path) -> None:
    # One at a time: of two that are told wrongly, one each way, a count would not know.
    for seed in range(6):
        drawing = Drawing(runs=1, horizon=30, block=3, seed=seed)
        asked = question(home, drawing=drawing)
        found = {
            engine: study(replace(asked, engine=engine), quiet).odds
            for engine in (Wanted.REFERENCE, Wanted.KERNEL)
        }
        assert found[Wanted.REFERENCE] == found[Wanted.KERNEL]


def outcome(home: Path, lack: str, module: str, asked: bytes, days: int) -> dict[str, Any]:
    """Run a worker that lacks something in a home of its own, and give what it says and leaves."""
    folder = home / lack
    folder.mkdir()
    keep(folder, count=days)
    lines = confined.run(lack, module, str(folder), str(folder), asked=asked).splitlines()
    told: dict[str, Any] = json.loads(lines[-1])["outcome"]
    left = [*folder.glob("days.csv"), *folder.glob("laboratory/*")]
    return told | {"left": [path.read_bytes() for path in left]}


def test_a_grid_is_the_same_with_the_kernel_without_numba_and_without_leave_for_code(
    tmp_path: Path,
) -> None:
    errand = GridErrand(
        rules=RULES,
        principal=D(10000),
        start=date(2024, 8, 1),
        splits=(20, 30, 40),
        targets=tuple(map(D, range(5, 11))),
    )
    asked = TypeAdapter(GridErrand).dump_json(errand)
    found = {
        lack: outcome(tmp_path, lack, GRIDS, asked, days=700)
        for lack in ("nothing", "extra", "code")
    }
    assert found["nothing"]["sessions"] * len(found["nothing"]["cells"]) >= WORTH_IT
    engines = {lack: told.pop("engine") for lack, told in found.items()}
    assert engines == {"nothing": "kernel", "extra": "reference", "code": "reference"}
    assert found["nothing"]["left"]
    assert found["nothing"] == found["extra"] == found["code"]


@pytest.mark.parametrize(
    ("lack", "why"),
    [("extra", "make kernel"), ("code", "MemoryDenyWriteExecute")],
)
def test_where_a_grid_is_too_large_it_is_said_why_the_kernel_does_not_play(
    tmp_path: Path, lack: str, why: str
) -> None:
    keep(tmp_path, count=3000)
    errand = GridErrand(
        rules=RULES,
        principal=D(10000),
        start=None,
        splits=(20, 30, 40),
        targets=tuple(map(D, range(3, 49))),
    )
    asked = TypeAdapter(GridErrand).dump_json(errand)
    home = str(tmp_path)
    told = json.loads(confined.run(lack, GRIDS, home, home, asked=asked, ends=3))
    assert "138칸 x 2999거래일" in told["refused"][0]
    assert all(why in sentence for sentence in told["refused"])


def test_a_backtest_from_the_chat_is_the_same_by_the_kernel_and_under_the_services_ban(
    tmp_path: Path,
) -> None:
    errand = Errand(rules=RULES, principal=D(10000), start=None, language="ko", drawn=False)
    asked = TypeAdapter(Errand).dump_json(errand)
    found = {lack: outcome(tmp_path, lack, RUNS, asked, days=1150) for lack in ("nothing", "code")}
    engines = {lack: told.pop("engine") for lack, told in found.items()}
    assert engines == {"nothing": "kernel", "code": "reference"}
    assert found["nothing"]["left"]
    assert found["nothing"] == found["code"]
    assert found["nothing"]["started"]["count"] == 43
