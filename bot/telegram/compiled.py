"""gettext catalogues compiled where Python keeps its own: a clean clone needs no build step.

Reading the English texts with Babel is 70 ms and 4 MiB at every start. What comes of it is kept in
`__pycache__` under the name of what it was made from, with its own digest before it: a file that is
damaged, missing or not to be written is made anew, in memory if need be.
"""

import gettext
import hashlib
import os
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

KEPT = Path(__file__).parent / "__pycache__"
_DIGEST = hashlib.sha256().digest_size


def compiled(folder: Path, kept: Path | None = None) -> gettext.GNUTranslations:
    """Give a language's catalogue: the `.po` files of a folder, taken as one.

    What was made is kept beside Python's bytecode, where that is kept, or in the folder `kept`.
    """
    made_from = hashlib.sha256()
    for source in sorted(folder.glob("*.po")):
        made_from.update(source.read_bytes())
    file = (kept or KEPT) / f"words-{folder.parent.name}-{made_from.hexdigest()[:16]}.mo"
    found = _read(file)
    if found is None:
        made = _made(folder)
        if kept is not None or not sys.dont_write_bytecode:
            _keep(file, made)
        found = gettext.GNUTranslations(BytesIO(made))
    return found


def catalogue(folder: Path) -> "Catalog":
    """Read a language's catalogue with Babel: a file for each family of commands, taken as one."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - only where nothing is kept yet
    from babel.messages.pofile import read_po  # noqa: PLC0415 - the same

    whole = Catalog(locale=folder.parent.name)
    for source in sorted(folder.glob("*.po")):
        with source.open("rb") as lines:
            for message in read_po(lines, locale=folder.parent.name):
                if message.id:
                    whole[message.id] = message
    return whole


def _made(folder: Path) -> bytes:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only where nothing is kept yet

    made = BytesIO()
    write_mo(made, catalogue(folder))
    return made.getvalue()


def _read(file: Path) -> gettext.GNUTranslations | None:
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, made = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(made).digest() != digest:
        return None
    return gettext.GNUTranslations(BytesIO(made))


def _keep(file: Path, made: bytes) -> None:
    """Write what was made, and take away what was made of older texts."""
    try:
        file.parent.mkdir(exist_ok=True)
        for old in file.parent.glob(f"{file.name.rpartition('-')[0]}-*"):
            old.unlink(missing_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(hashlib.sha256(made).digest() + made)
        unfinished.replace(file)
    except OSError:
        # A folder that may not be written to, or two at once: what is in memory serves as well.
        return
