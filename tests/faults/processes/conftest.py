"""One evening, traded to its end by a process that was then killed; and a disk that fills soon."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes.broker import open_kis
from tests.faults.processes.children import ended, started
from tests.faults.processes.evening import AVERAGE, SHARES, evening, steps_of_an_evening
from tests.faults.processes.leftovers import Leftovers, left_in
from tests.faults.processes.trader import live

SIZE = "8m"


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Name every step of an evening that nobody disturbs."""
    return steps_of_an_evening(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="session")
def leftovers(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> Leftovers:
    """Give the files of a process that was killed after its last step of the evening."""
    home = tmp_path_factory.mktemp("killed")
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        assert ended(started(live, evening(home, kis, len(steps)))) == -9
    return left_in(home)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here; the limit on files is tried all the same")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
