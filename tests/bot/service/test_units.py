"""The units as systemd reads them; nothing of systemd is started."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.counter import sockets_folder
from bot.service.errors import ServiceRefused
from bot.service.units import DASHBOARD, NAME, dashboard_unit, system_unit, user_unit

SETTINGS = Path("/etc/muhan/muhan.env")
PROGRAM = Path(sys.executable)
EXPOSURE = 15
"""Tenths: the unit may be exposed by 1.5 at most."""

analysed = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine"
)
Maker = Callable[..., str]


def written(folder: Path, name: str, make: Maker, *, systemd: int = 252) -> Path:
    path = folder / name
    path.write_text(make(program=PROGRAM, settings=SETTINGS, systemd=systemd), encoding="utf-8")
    return path


def analyse(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(folder)},
    )


@analysed
@pytest.mark.parametrize(
    ("name", "make", "scope"),
    [(NAME, system_unit, ()), (DASHBOARD, dashboard_unit, ()), (NAME, user_unit, ("--user",))],
    ids=["system", "dashboard", "user"],
)
def test_systemd_finds_nothing_to_say_about_a_unit(
    tmp_path: Path, name: str, make: Maker, scope: tuple[str, ...]
) -> None:
    done = analyse(tmp_path, *scope, "verify", str(written(tmp_path, name, make)))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@analysed
@pytest.mark.parametrize(("name", "make"), [(NAME, system_unit), (DASHBOARD, dashboard_unit)])
def test_a_unit_is_hardly_exposed(tmp_path: Path, name: str, make: Maker) -> None:
    path = written(tmp_path, name, make)
    words = ["security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", str(path)]
    done = analyse(tmp_path, *words)
    assert done.returncode == 0, done.stdout
    assert re.search(rf"exposure level for {name}: [01]\.\d OK", done.stdout)


@analysed
def test_an_open_unit_would_be_told_from_a_closed_one(tmp_path: Path) -> None:
    path = written(tmp_path, NAME, system_unit)
    closed = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^(Protect|Private|SystemCall|Restrict).*\n", "", closed))
    words = ["security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", str(path)]
    assert analyse(tmp_path, *words).returncode == 1


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "NotifyAccess=main",
        "WatchdogSec=60",
        "Restart=on-failure",
        "StartLimitBurst=20",
        "Wants=network-online.target time-sync.target",
        "After=network-online.target time-sync.target",
        "DynamicUser=yes",
        "StateDirectory=muhan",
        "StateDirectoryMode=0700",
        "LoadCredential=muhan.env:/etc/muhan/muhan.env",
        "MemoryHigh=320M",
        "MemoryMax=448M",
        "CPUQuota=90%",
        "IOWeight=50",
        "TasksMax=64",
        "MemoryDenyWriteExecute=yes",
        "ProtectHome=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
    ],
)
def test_the_systems_unit_says(line: str) -> None:
    unit = system_unit(program=PROGRAM, settings=SETTINGS, systemd=252)
    assert line in unit.splitlines()


def test_the_pause_before_a_restart_grows_where_systemd_knows_how() -> None:
    old = system_unit(program=PROGRAM, settings=SETTINGS, systemd=253)
    new = system_unit(program=PROGRAM, settings=SETTINGS, systemd=254)
    assert "RestartSteps" not in old
    assert "RestartSteps=5\nRestartMaxDelaySec=10min" in new


@pytest.mark.parametrize("make", [system_unit, dashboard_unit, user_unit])
def test_no_place_of_a_template_is_left_open(make: Maker) -> None:
    unit = make(program=PROGRAM, settings=SETTINGS, systemd=252)
    assert "\n@" not in unit
    assert not re.search(r"@[A-Z]+@", unit)


def test_the_dashboard_is_handed_no_key_and_reaches_this_machine_alone() -> None:
    path = Path("/etc/muhan/dashboard.env")
    unit = dashboard_unit(program=PROGRAM, settings=path, systemd=252)
    assert "LoadCredential=muhan.env:/etc/muhan/dashboard.env" in unit.splitlines()
    assert "IPAddressDeny=any\nIPAddressAllow=localhost" in unit


@pytest.mark.parametrize("path", ["/opt/with a space/muhan", "/opt/%h/muhan", "/opt/$X", "muhan"])
def test_a_path_that_a_unit_would_read_otherwise_is_refused(path: str) -> None:
    with pytest.raises(ServiceRefused, match=re.escape(path)):
        system_unit(program=Path(path), settings=SETTINGS, systemd=252)


@pytest.mark.parametrize("make", [system_unit, dashboard_unit])
def test_a_home_folder_is_one_that_may_be_written_to(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = make(program=PROGRAM, settings=SETTINGS, systemd=252)
    lines = re.findall(r"^Environment=(.*)$", unit, re.MULTILINE)
    given = dict(word.split("=", 1) for line in lines for word in line.split())
    state = given["MUHAN_HOME"].replace("%S", "/var/lib")
    monkeypatch.setenv("HOME", given["HOME"].replace("%S", "/var/lib"))
    assert "StateDirectory=muhan" in unit.splitlines()
    assert state == "/var/lib/muhan"
    assert sockets_folder().is_relative_to(state)


@pytest.mark.parametrize("document", ["service.md", "service.ko.md"])
def test_the_page_says_of_the_unit_what_stands_in_it(document: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / document).read_text(encoding="utf-8")
    table = page.partition("service print")[2].partition("make exposure")[0]
    named = set(re.findall(r"`([A-Z]\w+=\w+%?)`", table))
    unit = system_unit(program=PROGRAM, settings=SETTINGS, systemd=252)
    assert len(named) >= 10
    assert named <= set(unit.splitlines())
