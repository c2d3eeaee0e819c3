"""Keep the outcome of every test that stands for a row of the fault catalogue."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.faults import results
from tests.faults.catalogue import MARKER
from tests.own_process import as_it_was

# What numba compiles once (20 s) is found by the next run, and by the processes that tests start.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / "build" / "numba"))


@pytest.fixture(autouse=True)
def _process_as_it_was() -> Iterator[None]:
    with as_it_was():
        yield


class Keeper:
    """Listens to one run of pytest; build/faults.json has the outcomes afterwards."""

    def __init__(self) -> None:
        self._marked: set[str] = set()
        self._outcomes: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        marked = (item.nodeid for item in session.items if item.get_closest_marker(MARKER))
        self._marked.update(marked)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid in self._marked and (report.when == "call" or not report.passed):
            test = report.nodeid.partition("[")[0]
            before = self._outcomes.get(test, "passed")
            self._outcomes[test] = results.worse(before, report.outcome)

    def pytest_sessionfinish(self) -> None:
        results.keep(self._outcomes)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Keeper())
    # The default draws every frame's locals in boxes, which takes seconds where errors are chained.
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    *processors, _ = structlog.get_config()["processors"]
    structlog.configure(processors=[*processors, plain])
