"""What a backup and a moved machine are packed in: a zip with a manifest, sealed or plain.

The manifest names every file with its SHA-256. Reading one checks all of it before anything is
believed: the seal, the format, the names, the digests.
"""

import hashlib
import json
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from bot.clock import SEOUL
from bot.errors import MuhanError
from bot.paper.keys import KEYS_NAME, STATE_NAME
from bot.sealing import Unopened, is_sealed, sealed, unsealed
from bot.sessions import OVERRIDES_NAME
from bot.storage.database import DATABASE_NAME
from bot.totp import FILE_NAME as TOTP_NAME

FORMAT = 1
MANIFEST = "manifest.json"
SETTINGS_NAME = "settings.env"
_NO_ZIP = (
    BadZipFile,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,  # under a password of zip's own, in a way that zipfile does not know, too deep
    # What the ways of packing say of a broken stream, and zipfile lets through.
    EOFError,
    OSError,
    lzma.LZMAError,
    zlib.error,
)
LARGEST = 2**30
"""Bytes that an archive may unpack to: far above any journal, and it is unpacked in memory."""
KNOWN = frozenset({DATABASE_NAME, OVERRIDES_NAME, STATE_NAME, KEYS_NAME, SETTINGS_NAME, TOTP_NAME})


class BackupRefused(MuhanError):
    """There is nothing to back up, or what was named is no backup that can be restored here."""


class PassphraseNeeded(BackupRefused):
    """The archive is sealed, and no passphrase was given."""


class Kind(StrEnum):
    """What an archive is for: a backup of the state, or a whole machine to be moved."""

    BACKUP = "backup"
    MOVE = "move"


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What an archive says of itself; `made_at` is aware, `files` are names with their SHA-256."""

    made_at: datetime
    version: str
    venue: str
    files: dict[str, str]
    kind: Kind = Kind.BACKUP


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """One that was read and is whole; `contents` are the files by their names."""

    path: Path
    manifest: Manifest
    contents: Mapping[str, bytes]


def archive_name(kind: str, now: datetime, *, secret: bool) -> str:
    """Name an archive by its moment in Seoul: muhan-backup-20261127-203000.muhan, plain .zip."""
    return f"muhan-{kind}-{stamp(now)}.{'muhan' if secret else 'zip'}"


def stamp(now: datetime) -> str:
    """Write a moment in Seoul as it stands in the names of files."""
    return f"{now.astimezone(SEOUL):%Y%m%d-%H%M%S}"


def packed(
    contents: Mapping[str, bytes],
    *,
    kind: Kind,
    now: datetime,
    version: str,
    venue: str,
    passphrase: str = "",
) -> bytes:
    """Pack files with their manifest; sealed when there is a passphrase."""
    manifest = {
        "backup": FORMAT,
        "kind": kind.value,
        "made_at": now.astimezone(UTC).isoformat(),
        "version": version,
        "venue": venue,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    }
    told = json.dumps(manifest, indent=1).encode()
    file = BytesIO()
    with ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {MANIFEST: told, **contents}.items():
            archive.writestr(name, data)
    return sealed(file.getvalue(), passphrase) if passphrase else file.getvalue()


def read(path: Path, passphrase: str = "") -> Archive:
    """Read an archive whole. Raises BackupRefused, PassphraseNeeded, WrongPassphrase."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise no_backup(path, error.strerror or "?") from error
    if is_sealed(data):
        data = _unsealed(path, data, passphrase)
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise no_backup(path, "too large")
            manifest = _manifest(path, archive)
            contents = {name: archive.read(name) for name in manifest.files}
    except _NO_ZIP as error:
        raise no_backup(path, " ".join(str(error).split()) or type(error).__name__) from error
    for name, digest in manifest.files.items():
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise no_backup(path, f"{name} is not what was packed")
    return Archive(path=path, manifest=manifest, contents=contents)


def _unsealed(path: Path, data: bytes, passphrase: str) -> bytes:
    if not passphrase:
        raise PassphraseNeeded(
            f"{path}은 암호화되어 있습니다: MUHAN_BACKUP_PASSPHRASE를 적거나 터미널에서 실행해 "
            "암호를 넣어 주세요.",
            f"{path} is encrypted: set MUHAN_BACKUP_PASSPHRASE, or run this in a terminal and "
            "type the passphrase.",
        )
    try:
        return unsealed(data, passphrase)
    except Unopened as error:
        raise type(error)(f"{path}: {error.korean}", f"{path}: {error.english}") from None


def _manifest(path: Path, archive: ZipFile) -> Manifest:
    told = json.loads(archive.read(MANIFEST))
    files = {str(name): str(digest) for name, digest in told["files"].items()}
    if told.get("backup") != FORMAT or DATABASE_NAME not in files or not set(files) <= KNOWN:
        raise no_backup(path, "another program's, or a later one's")
    made_at = datetime.fromisoformat(told["made_at"])
    if made_at.tzinfo is None:
        raise no_backup(path, "its moment has no zone")
    return Manifest(
        made_at=made_at,
        version=str(told["version"]),
        venue=str(told["venue"]),
        files=files,
        kind=Kind(told.get("kind", Kind.BACKUP)),
    )


def no_backup(path: Path, why: str) -> BackupRefused:
    """Say that a file is none that can be restored, and why as far as a machine can tell."""
    return BackupRefused(
        f"{path}: 되돌릴 수 있는 백업이 아닙니다 ({why}). 바뀐 것은 없습니다: muhan backup이나 "
        "/backup 으로 만든 파일을 적어 주세요.",
        f"{path} is no backup that can be restored ({why}). Nothing was changed: name a file that "
        "muhan backup or /backup made.",
    )
