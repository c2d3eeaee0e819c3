"""Every secret of a bot with a value that stands nowhere else, and where each may lie in clear."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.demo.stage import BOT_TOKEN
from kis.simulator.config import APP_KEY, APP_SECRET
from tests.faults.processes.broker import ACCOUNT, HTS_ID

TOTP = "CANARYTOTPSECRET2345ABCDEFGHIJKL"
PASSPHRASE = "canary passphrase nobody else has"
BEAT = "canary-heartbeat-key-0123456789"

GIVEN: Mapping[str, str] = {
    "bot token": BOT_TOKEN,
    "app key": APP_KEY,
    "app secret": APP_SECRET,
    "account": ACCOUNT.partition("-")[0],
    "HTS id": HTS_ID,
    "authenticator": TOTP,
    "passphrase": PASSPHRASE,
    "heartbeat": BEAT,
}
"""What the owner gives. KIS gives an access token (read where it is kept) and a websocket key."""

OWN_FILES: Mapping[str, frozenset[str]] = {
    "totp": frozenset({"authenticator"}),
    "kis-token.json": frozenset({"access token"}),
}
"""The files that hold a secret because that is what they are for; nobody else may read them."""


def leaks(texts: Mapping[str, bytes], secrets: Mapping[str, str]) -> list[str]:
    """Name each place with each secret that stands there, zip files looked into."""
    return sorted(
        f"{secret} in {place}"
        for place, data in _opened(texts)
        for secret, value in secrets.items()
        if value.encode() in data and secret not in OWN_FILES.get(Path(place).name, ())
    )


def _opened(texts: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for place, data in texts.items():
        yield place, data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as bundle:
                for name in bundle.namelist():
                    yield f"{place}/{name}", bundle.read(name)


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
