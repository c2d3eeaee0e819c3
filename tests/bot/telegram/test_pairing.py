"""`muhan pair`, `muhan totp`, `muhan unlock`: the console against the chat server."""

import asyncio
import stat
from pathlib import Path

import pyotp
import pytest
from typer.testing import CliRunner, Result

from bot import cli_pair, totp
from bot.cli import app
from bot.clock import SystemClock
from bot.commands import Kill
from bot.console import room
from bot.events import PersonJoined, TradingUnlocked
from bot.instance import only_instance
from bot.settings import load
from bot.storage.chat import ChatStore
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.pairing import use_code
from bot.trading.model import CONSOLE
from tests.bot.telegram.conftest import FRIEND, OWNER, TOKEN, Chat

RUNNER = CliRunner()
CODE = "2346789A"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _known_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_pair, "new_code", lambda: CODE)
    monkeypatch.setattr(totp, "new_secret", lambda: SECRET)


@pytest.fixture
def env(tmp_path: Path, chat: Chat) -> Path:
    return written(tmp_path, chat.address)


def written(folder: Path, address: str, *more: str) -> Path:
    """Write a complete .env but for its people."""
    path = folder / ".env"
    lines = [
        f"TELEGRAM_BOT_TOKEN={TOKEN}",
        f"TELEGRAM_API_URL={address}",
        f"KIS_APP_KEY={'k' * 36}",
        f"KIS_APP_SECRET={'s' * 180}",
        "KIS_ACCOUNT=12345678-01",
        "MUHAN_VENUE=mock",
        f"MUHAN_HOME={folder / 'home'}",
        *more,
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    (folder / "home").mkdir(mode=0o700, exist_ok=True)
    return path


def with_owner(env: Path) -> Path:
    env.write_text(f"{env.read_text()}TELEGRAM_OWNER_ID={OWNER}\n", encoding="utf-8")
    return env


async def muhan(*words: str, env: Path, typed: str = "") -> Result:
    """Run a console command beside this event loop."""
    call = [*words, "--env", str(env)]
    return await asyncio.to_thread(
        RUNNER.invoke, app, call, input=typed, env={"MUHAN_LANGUAGE": "ko"}
    )


async def test_the_first_who_sends_the_code_is_the_owner(env: Path, chat: Chat) -> None:
    await chat.send("/start")
    await chat.send("2346-789b")
    await chat.send("2346-789a")
    done = await muhan("pair", env=env)
    assert done.exit_code == 0, done.output
    assert "2346-789A" in done.output
    assert "█" in done.output or "▀" in done.output
    assert env.read_text().splitlines()[-1] == f"TELEGRAM_OWNER_ID={OWNER}"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert await chat.said() == ["들어오셨습니다. 봇이 켜지면 /start 로 시작하세요."]
    assert await chat.pending() == 0
    again = await muhan("pair", "--role", "owner", env=env)
    assert again.exit_code == 3
    assert again.stderr.startswith("주인은 이미 정해져 있습니다")


async def test_another_is_let_in_while_no_bot_runs_and_what_waits_still_waits(
    env: Path, chat: Chat
) -> None:
    with_owner(env)
    await chat.send("/stop")
    await chat.send(CODE, **{"as": {"id": FRIEND, "name": "친구"}})
    done = await muhan("pair", "--role", "operator", env=env)
    assert done.exit_code == 0, done.output
    assert f"친구 ({FRIEND})" in done.output
    assert await chat.pending() == 2
    async with opened(env.parent / "home" / DATABASE_NAME) as database:
        assert await Journal(database).last(PersonJoined) == PersonJoined(
            user_id=FRIEND, role="OPERATOR", name="친구"
        )
        seen = await database.all("SELECT update_id FROM chat_update")
        assert len(seen) == 1
        assert await ChatStore(database).seen(seen[0]["update_id"])


async def test_a_running_bot_hears_the_code_itself(env: Path) -> None:
    with_owner(env)
    home = env.parent / "home"
    with only_instance(home):
        async with opened(home / DATABASE_NAME) as database, asyncio.TaskGroup() as group:
            asked = group.create_task(muhan("pair", env=env))
            role = None
            while role is None:
                await asyncio.sleep(0)
                async with database.transaction() as tx:
                    now = SystemClock().now()
                    role = await use_code(tx, CODE, FRIEND, "친구", now)
    assert role.name == "VIEWER"
    assert asked.result().exit_code == 0, asked.result().output
    assert f"친구 ({FRIEND})" in asked.result().output


async def test_there_is_an_owner_before_anybody_else(env: Path) -> None:
    done = await muhan("pair", "--role", "viewer", env=env)
    assert done.exit_code == 3
    assert done.stderr.startswith("아직 주인이 없습니다")


async def test_a_token_that_telegram_does_not_know_is_told(env: Path) -> None:
    wrong = "654321:AAEhBP0av28abcdefghijklmnopqrstuvwx"
    env.write_text(env.read_text().replace(TOKEN, wrong), encoding="utf-8")
    done = await muhan("pair", env=env)
    assert done.exit_code == 3
    assert wrong not in done.output + done.stderr
    assert "토큰" in done.stderr


async def test_the_secret_is_kept_once_the_app_shows_the_right_code(env: Path) -> None:
    with_owner(env)
    code = pyotp.TOTP(SECRET).at(SystemClock().now())
    done = await muhan("totp", env=env, typed=f"nonsense\n{code}\n")
    assert done.exit_code == 0, done.output
    assert "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP" in done.output
    path = env.parent / "home" / "totp"
    assert path.read_text() == f"{SECRET}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = await muhan("totp", env=env)
    assert again.exit_code == 3
    assert again.stderr.startswith("인증 앱이 이미 연결되어 있습니다")
    assert (await muhan("totp", "--new", env=env, typed=f"{code}\n")).exit_code == 0


async def test_a_secret_that_no_code_came_of_is_not_kept(env: Path) -> None:
    with_owner(env)
    done = await muhan("totp", env=env, typed="1\n2\n3\n")
    assert done.exit_code == 3
    assert not (env.parent / "home" / "totp").exists()


async def test_a_secret_that_others_may_read_is_refused(env: Path) -> None:
    with_owner(env)
    path = env.parent / "home" / "totp"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o644)
    done = await muhan("totp", env=env)
    assert done.exit_code == 3
    assert "chmod 600" in done.stderr


async def test_the_console_lifts_an_emergency_stop(env: Path) -> None:
    settings = load(with_owner(env), {})
    async with room(settings) as desk:
        await desk.bus.ask(Kill(cancel=False, by=CONSOLE))
    assert (await muhan("unlock", env=env, typed="n\n")).exit_code == 0
    assert (await muhan("unlock", "--yes", env=env)).exit_code == 0
    async with room(settings) as desk:
        assert await desk.views.trading() == "stopped"
        assert await desk.desk.journal.last(TradingUnlocked) == TradingUnlocked(by=CONSOLE)
    again = await muhan("unlock", "--yes", env=env)
    assert again.exit_code == 3
    assert again.stderr.startswith("비상정지가 켜져 있지 않습니다")
