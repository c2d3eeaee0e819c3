"""Write one setting into `.env`, and leave every other line as it is."""

import os
from pathlib import Path


def write(path: Path, name: str, value: str) -> None:
    """Set `name` to `value` (0600): in its own line where there is one, else in a new last one."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    mine = f"{name}={value}"
    places = [at for at, line in enumerate(lines) if line.split("=")[0].strip() == name]
    if places:
        lines[places[-1]] = mine
    else:
        lines.append(mine)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
