"""Who may import whom: the contracts of pyproject.toml hold, and each of them can fail."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

BREACHES = {
    "book": ("strategy/price.py", "import asyncio"),
    "kernel": ("strategy/price.py", "import numpy"),
    "engine": ("bot/trading/service.py", "import strategy.kernel"),
    "counter": ("kis/models/orders.py", "import strategy.model"),
    "simulator": ("kis/simulator/market.py", "import kis.wire"),
    "client": ("kis/transport.py", "import kis.simulator.market"),
    "visits": ("bot/trading/service.py", "import kis.client"),
    "feed": ("kis/quotations.py", "import kis.orders"),
    "edges": ("bot/schedule.py", "import bot.telegram.menu"),
    "inner": ("bot/trading/service.py", "import bot.telegram.menu"),
    "watching": ("bot/trading/service.py", "import bot.watching.tally"),
    "edge-roofs": ("bot/telegram/menu.py", "import bot.app"),
    "control": ("bot/control/facts.py", "import bot.telegram.menu"),
    "dashboard": ("bot/dashboard/words.py", "import bot.trading.service"),
    "chat": ("bot/chat/state.py", "import bot.clock"),
    "vocabulary": ("bot/storage/journal.py", "import strategy.cycle"),
    "aiogram": ("bot/reports/standing.py", "import aiogram.types"),
    "aiosqlite": ("bot/trading/service.py", "import aiosqlite"),
    "streamlit": ("bot/reports/standing.py", "import streamlit"),
    "pictures": ("bot/telegram/menu.py", "import matplotlib"),
}


def lint(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter over a tree, as `make check` does over the repository."""
    options = [word for contract in contracts for word in ("--contract", contract)]
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", *options],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("house")
    for package in ("bot", "kis", "strategy"):
        shutil.copytree(
            ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_contract_has_a_breach_to_try() -> None:
    assert sorted(BREACHES) == sorted(contract["id"] for contract in CONTRACTS)


def test_every_room_of_the_bot_stands_in_the_contracts() -> None:
    (inner,) = (contract for contract in CONTRACTS if contract["id"] == "inner")
    placed = {*inner["source_modules"], *inner["forbidden_modules"]}
    rooms = {
        f"bot.{entry.stem}"
        for entry in (ROOT / "bot").iterdir()
        if (entry.suffix == ".py" or (entry / "__init__.py").exists())
        and not entry.name.startswith("__")
    }
    # What the console's commands are written with; they stand beside app as those do.
    assert rooms - placed <= {
        "bot.backtest_answers",
        "bot.cli_options",
        "bot.figures",
        "bot.plan_answers",
        "bot.price_answers",
    }


@pytest.mark.parametrize("contract", BREACHES)
def test_a_contract_breaks_when_it_is_breached(copy: Path, contract: str) -> None:
    path, line = BREACHES[contract]
    room = copy / path
    before = room.read_text()
    room.write_text(f"{before}\n{line}\n")
    try:
        result = lint(copy, contract)
    finally:
        room.write_text(before)
    assert result.returncode == 1
    assert "0 kept, 1 broken" in result.stdout


def test_the_book_but_its_kernel_is_written_with_the_standard_library_alone() -> None:
    kernel = set((ROOT / "strategy" / "kernel").rglob("*.py"))
    book = set((ROOT / "strategy").rglob("*.py")) - kernel
    assert imported_by(book) - {"strategy"} <= sys.stdlib_module_names
    assert imported_by(kernel) - {"strategy", "numba", "numpy"} <= sys.stdlib_module_names


def imported_by(sources: Iterable[Path]) -> set[str]:
    return {
        name.split(".")[0]
        for source in sources
        for node in ast.walk(ast.parse(source.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
