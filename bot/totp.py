"""The secret of the owner's authenticator app: a file of its own in MUHAN_HOME, for nobody else.

Codes are TOTP (RFC 6238): six digits, of the machine's clock, new every half minute.
"""

import os
import stat
from datetime import datetime
from pathlib import Path

import pyotp

from bot.errors import MuhanError
from bot.redaction import register_secret

FILE_NAME = "totp"
DIGITS = 6
STEP = 30
"""Seconds that a code is shown for."""

_DRIFT = (0, -1, 1)


class SecretUnreadable(MuhanError):
    """The secret is there and cannot be used."""


def new_secret() -> str:
    """Make a secret (160 bits, base32)."""
    return pyotp.random_base32()


def uri(secret: str, account: str) -> str:
    """Write a secret as an authenticator app reads it from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="Muhan")


def keep(home: Path, secret: str) -> None:
    """Write a secret (0600), in place of the one before it."""
    path = home / FILE_NAME
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def kept(home: Path) -> str:
    """Read the secret; "" when none was made. Raises SecretUnreadable when others may read it."""
    path = home / FILE_NAME
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise _unreadable(path) from None
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO) or not _is_base32(secret):
        raise _unreadable(path)
    register_secret(secret)
    return secret


def mask(home: Path) -> None:
    """Have the secret masked from now on, where there is one, usable or not."""
    try:
        register_secret((home / FILE_NAME).read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError):
        return


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Find the half minute whose code this is, one before or after now included; None for none."""
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP
    for drift in _DRIFT:
        if pyotp.utils.strings_equal(totp.generate_otp(now + drift), code):
            return now + drift
    return None


def _is_base32(secret: str) -> bool:
    return len(secret) >= 16 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _unreadable(path: Path) -> SecretUnreadable:
    return SecretUnreadable(
        f"인증 앱의 열쇠 파일({path})을 쓸 수 없습니다: chmod 600 {path} 뒤에 다시 하거나, "
        "컴퓨터에서 muhan totp 로 다시 만들어 주세요.",
        f"The authenticator's secret ({path}) cannot be used: run chmod 600 {path}, or make it "
        "anew with muhan totp.",
    )
