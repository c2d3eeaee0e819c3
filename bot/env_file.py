"""Write settings into `.env`, and leave every other line as it is."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

_PLAIN = re.compile(r"[\w@%+=:,./~-]*", re.ASCII)
_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")


def write(path: Path, name: str, value: str) -> None:
    """Set `name` to `value`: in its own line where there is one, else in a new last one."""
    write_all(path, {name: value})


def write_all(path: Path, values: Mapping[str, str]) -> None:
    """Set several names at once: a power cut leaves all of them or none (0600).

    Raises ValueError for a value that `.env` cannot carry as it is, OSError where the file cannot
    be written; what was there stays then.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for name, value in values.items():
        mine = f"{name}={_quoted(value)}"
        places = [at for at, line in enumerate(lines) if _names(line) == name]
        if places:
            lines[places[-1]] = mine  # the last of two is the one that is read
        else:
            lines.append(mine)
    _put(path, "\n".join(lines) + "\n")


def _names(line: str) -> str:
    found = _NAME.match(line)
    return found[1] if found else ""


def _quoted(value: str) -> str:
    """Spell a value so that it is read as it is: bare where nothing in it means something else."""
    if not value.isprintable() or "${" in value:
        raise ValueError("a setting is one line of printable characters without ${")
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _put(path: Path, text: str) -> None:
    """Replace the file at once; the folder is synced too, or a power cut could undo the rename."""
    place = path.resolve()
    draft = place.with_name(f"{place.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
