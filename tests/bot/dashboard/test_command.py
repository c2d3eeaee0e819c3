"""`muhan dashboard` refuses what it should not serve, in one sentence; its pages are all there."""

import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot import cli_dashboard
from bot.dashboard.pages import PAGES
from bot.errors import MuhanError
from tests.stage import environment

REFUSED = 3


def command(home: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "dashboard", *options, "--env", str(home / "no.env")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment() | {"MUHAN_HOME": str(home), "TELEGRAM_OWNER_ID": "7"} | settings,
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.0.7", "::", "8.8.8.8"])  # noqa: S104 - refused
def test_other_machines_are_let_near_only_by_a_flag(address: str) -> None:
    with pytest.raises(MuhanError, match="--expose"):
        cli_dashboard.refuse_exposure(address, expose=False)
    cli_dashboard.refuse_exposure(address, expose=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machines_own_addresses_are_served(address: str) -> None:
    cli_dashboard.refuse_exposure(address, expose=False)


def test_an_address_that_is_none_and_a_port_that_is_taken_are_one_sentence_each(
    tmp_path: Path,
) -> None:
    told = command(tmp_path, "--address", "everywhere")
    assert (told.returncode, told.stdout) == (REFUSED, "")
    assert told.stderr.count("\n") == 1
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = command(tmp_path, "--port", str(taken.getsockname()[1]))
    assert (told.returncode, told.stdout) == (REFUSED, "")
    assert "--port" in told.stderr
    assert told.stderr.count("\n") == 1


def test_an_address_for_people_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    told = command(tmp_path, MUHAN_DASHBOARD_URL="http://[")
    assert (told.returncode, told.stdout) == (REFUSED, "")
    assert "MUHAN_DASHBOARD_URL" in told.stderr
    assert told.stderr.count("\n") == 1


def test_without_its_packages_it_says_how_to_get_them() -> None:
    with pytest.raises(MuhanError, match="make dashboard"):
        cli_dashboard.refuse_without(("streamlit_of_another_world",))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_of_the_navigation_is_a_module_with_both_captions(page: object) -> None:
    assert page in PAGES
    found = next(each for each in PAGES if each is page)
    spec = find_spec(f"bot.dashboard.pages.{found.name}")
    assert spec is not None
    assert spec.origin is not None
    assert "\ndef show(room: Room) -> None:" in Path(spec.origin).read_text(encoding="utf-8")
    assert all(found.caption)
