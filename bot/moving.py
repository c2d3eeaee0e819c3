"""A machine that is given up for another: everything in one sealed file, and the old one shut.

Two machines with one account would order twice. So the export needs the bot to be off and leaves a
mark that keeps it from starting here again, before the file is there to be taken anywhere; and what
is imported does not trade until its owner held it against the broker and said /resume.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import env_file
from bot.archive import SETTINGS_NAME as SETTINGS_FILE
from bot.archive import Archive, BackupRefused, Kind, packed
from bot.backup import Restored, restore, state_of
from bot.clock import SEOUL
from bot.errors import MuhanError, SettingsError
from bot.instance import only_instance
from bot.settings import DEFAULT_HOME, NAMES
from bot.totp import FILE_NAME as TOTP_NAME

MARK_NAME = "moved.json"
OF_THE_MACHINE = frozenset({"MUHAN_HOME", "MUHAN_BACKUP_FOLDER"})
"""Places on one machine mean nothing on another."""
OPEN = frozenset(
    {
        "TELEGRAM_API_URL",
        "KIS_REST_URL",
        "KIS_WEBSOCKET_URL",
        "MUHAN_VENUE",
        "MUHAN_PAPER_CASH",
        "MUHAN_DAILY_LIMIT",
        "MUHAN_TOTAL_LIMIT",
        "MUHAN_USD_SHORT",
        "MUHAN_BLOCKED",
        "MUHAN_BACKUP_KEEP",
        "MUHAN_PICTURES",
        "MUHAN_UPDATE_URL",
        "MUHAN_LANGUAGE",
    }
)
"""Settings that are no key and name nobody; a new one is taken for a key until it stands here."""


class MovedAway(MuhanError):
    """This MUHAN_HOME was exported to another machine: no bot starts on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an import did; `written` and `lacking` are settings, `env_left`: there were some."""

    restored: Restored
    written: tuple[str, ...]
    lacking: tuple[str, ...]
    env_left: bool


def refuse_moved(home: Path) -> None:
    """Raise MovedAway where the state was exported to another machine."""
    path = home / MARK_NAME
    if not path.exists():
        return
    raise MovedAway(
        f"이 기록은 {_moment(path)}에 다른 컴퓨터로 옮기려고 내보냈습니다. 두 곳에서 주문하지 "
        f"않도록 여기서는 시작하지 않습니다. 그쪽 봇이 꺼져 있고 여기서 계속하려면 {path} 파일을 "
        "지우고 다시 시작해 주세요.",
        f"This state was exported to another machine at {_moment(path)}. So that two do not order, "
        f"nothing starts here. To go on here all the same, see that the other bot is off, delete "
        f"{path} and start again.",
    )


def _moment(path: Path) -> str:
    try:
        at = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["at"])
    except (OSError, ValueError, LookupError, TypeError):
        return "?"
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def exported(
    home: Path,
    words: Mapping[str, str],
    *,
    keys: bool,
    passphrase: str,
    now: datetime,
    version: str,
    venue: str,
    keep: Callable[[bytes], None],
) -> None:
    """Pack the machine, mark MUHAN_HOME as moved away, and hand the sealed file to `keep`.

    `words` are the settings as they are written; those that are keys go along only with `keys`,
    and the secret of the one-time codes with them. Raises AnotherInstance while a bot runs,
    MovedAway, BackupRefused; when `keep` fails the mark is taken back.
    """
    with only_instance(home):
        refuse_moved(home)
        contents = state_of(home)
        contents[SETTINGS_FILE] = _settings(words, keys=keys)
        if keys and (home / TOTP_NAME).exists():
            contents[TOTP_NAME] = (home / TOTP_NAME).read_bytes()
        data = packed(
            contents,
            kind=Kind.MOVE,
            now=now,
            version=version,
            venue=venue,
            passphrase=passphrase,
        )
        mark = home / MARK_NAME
        _mark(mark, now)
        try:
            keep(data)
        except BaseException:
            mark.unlink()
            raise


def _settings(words: Mapping[str, str], *, keys: bool) -> bytes:
    kept = {
        name: words[name]
        for name in NAMES
        if words.get(name) and name not in OF_THE_MACHINE and (keys or name in OPEN)
    }
    return json.dumps(kept, ensure_ascii=False).encode()


def _mark(path: Path, now: datetime) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps({"at": now.isoformat()}))
        file.flush()
        os.fsync(file.fileno())


def settings_of(archive: Archive) -> dict[str, str]:
    """Read the settings that came along. Raises BackupRefused for a file that moves no machine."""
    if archive.manifest.kind is not Kind.MOVE:
        raise BackupRefused(
            f"{archive.path}은 백업입니다: muhan restore {archive.path} 로 되돌려 주세요.",
            f"{archive.path} is a backup: go back to it with muhan restore {archive.path}.",
        )
    try:
        told = json.loads(archive.contents[SETTINGS_FILE])
        return {name: str(told[name]) for name in NAMES if name in told}
    except (ValueError, LookupError, TypeError):
        raise BackupRefused(
            f"{archive.path} 안의 설정을 읽을 수 없습니다: 옛 컴퓨터에서 다시 내보내 주세요.",
            f"The settings in {archive.path} cannot be read: export it again on the old machine.",
        ) from None


def imported(
    archive: Archive,
    env: Path,
    home: Path,
    *,
    there: Mapping[str, str],
    now: Callable[[], datetime],
) -> Imported:
    """Take a machine in: its state, stopped, and its settings where there are none yet.

    `there` are the words of this machine's settings; a `.env` that is there, and settings that need
    none (a service's), are left as they are. Raises AnotherInstance, BackupRefused, DatabaseError,
    SettingsError when the settings cannot be written.
    """
    words = settings_of(archive)
    settled = env.exists() or all(there.get(name) for name in _NEEDED)
    restored = restore(home, archive, venue=archive.manifest.venue, now=now)
    (home / MARK_NAME).unlink(missing_ok=True)  # its own export, taken back
    if settled:
        return Imported(restored=restored, written=(), lacking=(), env_left=True)
    lacking = tuple(name for name in _NEEDED if name not in words)
    if home != DEFAULT_HOME.expanduser().absolute():
        words["MUHAN_HOME"] = str(home)  # where the state is now, whoever starts it
    try:
        env_file.write_all(env, {**dict.fromkeys(lacking, ""), **words})
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SettingsError(
            f"{env}에 쓸 수 없습니다 ({reason}): 기록은 들였습니다. 설정은 muhan setup으로 적어 "
            "주세요.",
            f"{env} cannot be written ({reason}). The state was taken in: write the settings with "
            "muhan setup.",
        ) from error
    return Imported(restored=restored, written=tuple(words), lacking=lacking, env_left=False)


_NEEDED = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_OWNER_ID",
    "KIS_APP_KEY",
    "KIS_APP_SECRET",
    "KIS_ACCOUNT",
)
