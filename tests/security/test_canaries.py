"""A bot whose every way of failing is pushed tells none of its secrets, wherever one looks."""

import json
import re
import signal
import stat
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import totp
from bot.demo.stage import OWNER
from tests.faults.processes.program import Stage, open_stage
from tests.faults.processes.trader import TABLE
from tests.security.canaries import BEAT, GIVEN, OWN_FILES, PASSPHRASE, TOTP, files_of, leaks

MINUTE = timedelta(minutes=1)
ASKED = (
    "/logs",
    "/diag",
    "/health",
    "/backup",
    "/version",
    "/chart",
    "/panel",
    "/unlock",
    "/status",
)
KIS_FAULTS = (
    {"name": "call_fails"},
    {"name": "html_instead_of_json"},
    {"name": "truncated_json"},
    {"name": "token_expired"},
    {"name": "connection_dropped"},
    {"name": "error_500_before_accept"},
    {"name": "cut_off_after_accept"},
)
CHAT_FAULTS: tuple[dict[str, Any], ...] = (
    {"method": "sendMessage", "drop": "before"},
    {"method": "editMessageText", "status": 500},
    {"method": "getUpdates", "status": 409, "count": 2},
    {"method": "sendDocument", "status": 502},
)


def ask(stage: Stage, method: str, path: str, body: object = None) -> bytes:
    request = urllib.request.Request(  # noqa: S310 - our own server on loopback
        f"{stage.chat_url}/chat/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        data: bytes = answer.read()
    return data


def documents(stage: Stage) -> dict[str, bytes]:
    """Fetch every file that the bot sent into the chat."""
    ids = sorted(set(re.findall(r'"file_id": "([0-9a-f]{32})"', stage.chat())))
    return {f"document {each}": ask(stage, "GET", f"file/{each}") for each in ids}


def echoing(secrets: Mapping[str, str]) -> dict[str, Any]:
    """Describe a refusal of Telegram's that repeats all it should not know."""
    words = " ".join([f"/bot{secrets['bot token']}/sendMessage", *secrets.values()])
    return {"method": "sendMessage", "status": 400, "description": f"Bad Request: {words}"}


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, bytes]]]:
    """Let a bot go through all of it, killed at the end; where it lived, and what the chat saw."""
    folder = tmp_path_factory.mktemp("canaries")
    home, elsewhere = folder / "home", folder / "chat"
    elsewhere.mkdir()
    with open_stage(home, chat_state=elsewhere) as stage:
        totp.keep(home, TOTP)
        stage.environment.update(
            {
                "MUHAN_BACKUP_PASSPHRASE": PASSPHRASE,
                "MUHAN_HEARTBEAT_URL": f"http://127.0.0.1:9/{BEAT}",
            }
        )
        with stage.running() as bot:
            for fault in KIS_FAULTS:
                stage.kis.ask("POST", "faults", fault)
            for meant in (echoing(GIVEN), *CHAT_FAULTS):
                ask(stage, "POST", "faults", meant)
            stage.kis.go(TABLE.propose_at + MINUTE)
            for word in ASKED:
                ask(stage, "POST", "send", {"text": word})
            for said in (TOTP, PASSPHRASE, *GIVEN.values()):
                ask(stage, "POST", "send", {"text": f"/alerts {said}"})
            stage.until(lambda: len(documents(stage)) >= 2, "the log and the diagnosis")
            stage.kis.go(TABLE.send_from + 2 * MINUTE)
            stage.until(lambda: stage.evidence.told("OrderSent"), "orders")
            bot.signal(signal.SIGABRT)  # as a fault in a library's own code ends a process
            assert bot.ended() == -signal.SIGABRT
        seen = {"chat": bot_words(stage), **documents(stage)}
        yield home, seen


def bot_words(stage: Stage) -> bytes:
    """Give what the bot asked of Telegram; what others said and answered is not its doing."""
    lines = [json.loads(line) for line in stage.chat().splitlines()]
    asked = [line["request"] for line in lines if line["from"] == "bot"]
    assert len(asked) > len(ASKED)
    return json.dumps(asked, ensure_ascii=False).encode()


def secrets_of(home: Path) -> dict[str, str]:
    """Give every secret by its name, the ones that KIS gave included."""
    kept = json.loads((home / "kis-token.json").read_text(encoding="utf-8"))
    return {**GIVEN, "access token": _longest(kept)}


def _longest(value: object) -> str:
    parts = value.values() if isinstance(value, dict) else [value]
    words = [_longest(part) if isinstance(part, dict) else str(part) for part in parts]
    return max(words, key=len)


def test_no_file_of_the_home_tells_a_secret(aftermath: tuple[Path, dict[str, bytes]]) -> None:
    home, _ = aftermath
    found = files_of(home)
    assert {"muhan.sqlite3", "bot-1.log", "totp", "kis-token.json"} <= set(found)
    assert leaks(found, secrets_of(home)) == []


def test_no_message_and_no_document_tells_a_secret(
    aftermath: tuple[Path, dict[str, bytes]],
) -> None:
    home, seen = aftermath
    assert len(seen) > 2
    assert leaks(seen, secrets_of(home)) == []


def test_what_failed_is_told_all_the_same(aftermath: tuple[Path, dict[str, bytes]]) -> None:
    home, _ = aftermath
    log = (home / "bot-1.log").read_text(encoding="utf-8")
    assert "Bad Request: /bot***/sendMessage" in log


def test_the_files_that_hold_secrets_are_their_owners_alone(
    aftermath: tuple[Path, dict[str, bytes]],
) -> None:
    home, _ = aftermath
    for name in (*OWN_FILES, "muhan.sqlite3"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_secret_that_lay_about_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "bot.log").write_text(f"GET http://x/{BEAT}", encoding="utf-8")
    assert leaks(files_of(tmp_path), GIVEN) == ["heartbeat in bot.log"]
    assert str(OWNER) not in GIVEN.values()
