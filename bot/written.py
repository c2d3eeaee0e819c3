"""The settings' words as they stand: in `.env`, among systemd's credentials, in the environment.

The environment wins over the credentials, and these over the file. A credential is a file in
$CREDENTIALS_DIRECTORY: `muhan.env` with lines as in `.env`, or one named like the setting.
"""

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, DotEnvSettingsSource

from bot.errors import SettingsError

FOLDER = "CREDENTIALS_DIRECTORY"
SHEET = "muhan.env"


def words(
    names: Iterable[str], env_file: Path | None, environ: Mapping[str, str]
) -> dict[str, str]:
    """Read the words of all named settings that are written anywhere. Raises `SettingsError`."""
    found = _own(env_file) | _credentials(names, environ)
    found |= {name: environ[name].strip() for name in names if name in environ}
    return {name: found[name] for name in names if name in found}


def _own(path: Path | None) -> dict[str, str]:
    """Read the owner's file, which nobody else may read."""
    if path is None or not path.exists():
        return {}
    if not path.is_file():
        raise _unreadable(path)
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(
            f"{path} 파일을 다른 사용자도 읽을 수 있습니다. 열쇠가 들어 있으니 "
            f"chmod 600 {path} 뒤에 다시 시작해 주세요.",
            f"{path} can be read by other users. It holds keys: run chmod 600 {path} "
            "and start again.",
        )
    return _lines(path)


def _credentials(names: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Read what systemd handed to this service alone.

    Who may read that is systemd's business: it lets a dynamic user in by an access list, which
    looks like a group's right here.
    """
    if not environ.get(FOLDER):
        return {}
    folder = Path(environ[FOLDER])
    sheet = folder / SHEET
    found = _lines(sheet) if sheet.exists() else {}
    for path in (folder / name for name in names):
        if path.exists():
            found[path.name] = _text(path).strip()
    return found


def _lines(path: Path) -> dict[str, str]:
    try:
        lines = DotEnvSettingsSource(BaseSettings, env_file=path).env_vars
    except (OSError, UnicodeDecodeError):
        raise _unreadable(path) from None
    return {name.upper(): value.strip() for name, value in lines.items() if value is not None}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> SettingsError:
    return SettingsError(
        f"{path} 파일을 읽을 수 없습니다: UTF-8 텍스트 파일인지, 읽을 권한이 있는지 봐 주세요.",
        f"{path} cannot be read: see that it is a UTF-8 text file and that you may read it.",
    )
