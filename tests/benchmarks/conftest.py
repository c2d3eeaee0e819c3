"""Benchmarks hand their rows in here: each is kept, and the end of a run prints one table."""

from collections.abc import Callable

import pytest

from tests.benchmarks.table import HEAD, Row, here, keep

Tell = Callable[[Row], None]

_ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Give what takes a row of the table."""
    rows = request.config.stash.setdefault(_ROWS, [])

    def take(row: Row) -> None:
        rows.append(row)
        keep([row])  # at once: a run that is broken off has measured what it measured

    return take


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table of this run."""
    rows = config.stash.get(_ROWS, list[Row]())
    if not rows:
        return
    table = here()
    terminalreporter.section("ratios: times as good as the baseline, above 1 is better")
    terminalreporter.write_line(f"{table.machine}; {table.versions}")
    terminalreporter.write_line(HEAD)
    for row in rows:
        terminalreporter.write_line(str(row))
