"""Every benchmark hands its rows in here; the end of a run prints and keeps them as one table."""

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

    return take


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table of this run and keep its rows."""
    rows = config.stash.get(_ROWS, list[Row]())
    if not rows:
        return
    keep(rows)
    table = here()
    terminalreporter.section("ratios: times as good as the baseline, above 1 is better")
    terminalreporter.write_line(f"{table.machine}; {table.versions}")
    terminalreporter.write_line(HEAD)
    for row in rows:
        terminalreporter.write_line(str(row))
