"""State files as they were left by each released schema, and the way they were made.

The programs of schemas 1, 2, 3, 4, 5, 8 and 14 played four sessions of their own demo, and what
they wrote stands here. For a schema that no program of its own was released with, the scripts that
lie between were run on the file of the nearest one before it.

    python -m tests.bot.storage.released FOLDER     # FOLDER/v1/state/bot/muhan.sqlite3, v2, ...
"""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
NUMBERS = tuple(sorted(int(path.name[:4]) for path in HERE.glob("*.sql.gz")))


def written(number: int, to: Path) -> Path:
    """Write the state file of a released schema anew."""
    script = gzip.decompress((HERE / f"{number:04}.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(to)) as file:
        file.executescript(script)
        file.execute(f"PRAGMA user_version = {number}")
        file.commit()
    return to


def kept(number: int, path: Path) -> None:
    """Keep what stands in a state file as that of a released schema."""
    with closing(sqlite3.connect(path)) as file:
        script = "\n".join(file.iterdump())
    (HERE / f"{number:04}.sql.gz").write_bytes(gzip.compress(script.encode(), mtime=0))
