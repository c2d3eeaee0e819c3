"""What libraries would import on the side, and this program never uses.

structlog imports rich (4 MiB, 40 ms) and greenlet for tracebacks that `bot.logs` does not draw, and
pydantic reads every installed package's metadata to look for plugins that nobody asked for.
"""

import os
import sys
from importlib import import_module

_ON_THE_SIDE = ("greenlet", "rich", "tornado")


def without_what_nobody_uses() -> None:
    """Keep them out of this process; whoever imports one of them by itself later gets it."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    missing = [name for name in _ON_THE_SIDE if name not in sys.modules]
    for name in missing:
        # None makes an import fail as if the package were not installed.
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own mark
    try:
        import_module("structlog")
        import_module("tenacity")
    finally:
        for name in missing:
            del sys.modules[name]
