"""Every threat has tests that exist, and the pages say so in both languages."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.security import table
from tests.security.threats import THREATS, Threat

ROOT = Path(__file__).resolve().parents[2]


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.threat[0][:40])
def test_a_threat_is_proved_by_tests_that_there_are(threat: Threat) -> None:
    assert len(threat.tests) >= 2
    for test in threat.tests:
        path, _, name = test.partition("::")
        assert name.startswith("test_"), test
        assert name in names_in(ROOT / path), test


def test_the_pages_say_what_the_threats_and_the_tests_say() -> None:
    written = tuple(path.read_text(encoding="utf-8") for path in table.PAGES)
    assert written == table.pages(), "run python -m tests.security.table"


def test_a_test_that_is_not_there_would_be_missed() -> None:
    here = names_in(Path(__file__))
    assert "test_a_test_that_is_not_there_would_be_missed" in here
    assert "test_that_nobody_wrote" not in here
