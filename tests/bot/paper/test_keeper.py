"""The bot's side of the room: its keys, its form, and what a room that does not open says."""

import asyncio
import json
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import NEW_YORK, SystemClock
from bot.paper import order_form
from bot.paper.errors import RoomClosed, RoomFailed
from bot.paper.keeper import Keeper, in_the_room
from bot.paper.keys import room_keys
from bot.paper.order_form import OrderForm
from bot.paper.room import Ready
from bot.settings import Settings, load
from kis.simulator.store import Store
from tests.kis.simulator.desk import quick, running, week


def form_of(home: Path) -> OrderForm:
    return OrderForm(
        app_key="app-key-of-the-owner",
        app_secret="app-secret-of-the-owner",
        rest_url="http://127.0.0.1:1",
        websocket_url="ws://127.0.0.1:1",
        clock_url="",
        calls_per_second=None,
        home=str(home),
        sockets="",
        cash="100000",
        port=0,
        symbols=("TQQQ",),
        room=room_keys(home),
        wait_for_past=0.2,
    )


def settings_of(home: Path) -> Settings:
    words = {
        "TELEGRAM_BOT_TOKEN": "1:abc",
        "TELEGRAM_OWNER_ID": "1",
        "KIS_APP_KEY": "app-key-of-the-owner",
        "KIS_APP_SECRET": "app-secret-of-the-owner",
        "KIS_ACCOUNT": "12345678-01",
        "MUHAN_VENUE": "paper",
        "MUHAN_HOME": str(home),
    }
    return load(None, words)


def test_the_rooms_keys_are_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    keys = room_keys(tmp_path)
    assert room_keys(tmp_path) == keys
    assert (tmp_path / "paper-keys.json").stat().st_mode & 0o777 == 0o600
    assert (len(keys.account), len(keys.app_secret)) == (11, 180)
    assert keys.app_secret not in repr(keys)
    (tmp_path / "other").mkdir()
    assert room_keys(tmp_path / "other") != keys


def test_keys_that_cannot_be_read_are_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "paper-keys.json").write_text("{}")
    with pytest.raises(RoomFailed, match=r"paper-keys\.json를 읽을 수 없습니다"):
        room_keys(tmp_path)


def test_a_form_is_read_as_it_was_written_and_shows_no_key(tmp_path: Path) -> None:
    form = form_of(tmp_path)
    assert order_form.read(form.on(8443).line()) == replace(form, port=8443)
    assert "of-the-owner" not in repr(form)


def test_the_bot_finds_the_room_by_the_rooms_own_keys(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with pytest.raises(RoomClosed):
        in_the_room(settings)
    found = in_the_room(settings, "http://127.0.0.1:4242")
    keys = room_keys(tmp_path)
    assert found.kis_app_key.get_secret_value() == keys.app_key
    assert (found.kis_account, found.kis_websocket_url) == (keys.account, "ws://127.0.0.1:4242")
    assert "of-the-owner" not in found.kis_app_secret.get_secret_value()


async def test_a_room_on_another_accounts_file_does_not_open_and_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "paper.sqlite3")
    store.set_meta("account", "81000000-01")
    store.close()
    keeper = Keeper(form_of(tmp_path), tmp_path)
    with pytest.raises(RoomFailed, match="81000000-01"):
        await keeper.start()
    await keeper.stop()


async def test_a_room_without_its_prices_opens_late_and_ends_when_told(tmp_path: Path) -> None:
    """KIS is not there: the bot must run all the same, to say so."""
    keeper = Keeper(form_of(tmp_path), tmp_path)
    await keeper.start()
    assert keeper.address.startswith("http://127.0.0.1:")
    noted = json.loads((tmp_path / "paper-room.json").read_text())
    assert noted["listening"] == keeper.address
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name
    pid = keeper.pid
    await keeper.stop()
    assert not Path(f"/proc/{pid}").exists()


async def test_in_real_time_the_feed_comes_over_the_machines_shared_socket(
    tmp_path: Path,
) -> None:
    """The wall clock of this machine, and a stand-in that stands at the same instant."""
    now = SystemClock().now()
    today = now.astimezone(NEW_YORK).date()
    sessions = week(count=20, start=today - timedelta(days=10))
    sockets = tmp_path / "s"
    config = quick(at=now, calls_per_second=100)
    async with running(config, sessions=sessions, with_token=False) as desk:
        form = replace(
            form_of(tmp_path),
            app_key=config.app_key,
            app_secret=config.app_secret,
            rest_url=desk.url,
            websocket_url=desk.url.replace("http", "ws"),
            sockets=str(sockets),
            wait_for_past=20.0,
        )
        keeper = Keeper(form, tmp_path)
        await keeper.start()
        try:
            async with asyncio.timeout(60), aiohttp.ClientSession() as http:
                covered = False
                while not covered:
                    async with http.get(f"{keeper.address}/simulator/market") as answer:
                        seen = (await answer.json())["symbols"]["TQQQ"]
                    covered = seen["covered"]
                    await asyncio.sleep(0.05)
            assert seen["last"] is not None
            assert sorted(path.suffix for path in sockets.iterdir()) == [".lock", ".sock"]
        finally:
            await keeper.stop()


async def test_a_room_that_dies_while_the_bot_leaves_is_not_said_to_be_back(
    tmp_path: Path,
) -> None:
    """The bot ends while the room is being opened again: nothing came back."""
    said: list[str] = []
    keeper = Keeper(form_of(tmp_path), tmp_path)

    async def troubled(reason: str) -> None:
        said.append(reason)
        keeper.leave()

    async def returned() -> None:
        said.append("returned")

    keeper.troubled, keeper.returned = troubled, returned
    await keeper.start()
    assert keeper.pid is not None
    os.kill(keeper.pid, signal.SIGKILL)
    async with asyncio.timeout(60):
        await keeper.run()
    await keeper.stop()
    assert said == ["the rehearsal room ended (-9); it is opened again"]


def test_the_room_says_once_that_it_is_open() -> None:
    said: list[dict[str, str]] = []
    ready = Ready(said.append)
    ready.loaded()
    assert said == []
    ready.listening({"listening": "http://127.0.0.1:1", "app_key": "k"})
    ready.loaded()
    assert said == [{"listening": "http://127.0.0.1:1"}]
