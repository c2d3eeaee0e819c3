"""Make the files of released schemas from what old programs left (see the package)."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.storage.database import _scripts
from tests.bot.storage.released import kept

LAST = 14


def main(folder: Path) -> None:
    scripts = _scripts()
    with TemporaryDirectory() as place:
        path = Path(place, "state.sqlite3")
        for number in range(1, LAST + 1):
            own = folder / f"v{number}" / "state" / "bot" / "muhan.sqlite3"
            if own.exists():
                shutil.copyfile(own, path)
            with closing(sqlite3.connect(path)) as file:
                have = int(file.execute("PRAGMA user_version").fetchone()[0])
                if have != number:
                    file.executescript(f"{scripts[number - 1]}; PRAGMA user_version = {number}")
            kept(number, path)


main(Path(sys.argv[1]))
