"""What libraries import on the side, and this program never uses.

* structlog takes rich (4 MiB, 40 ms) and greenlet along for tracebacks that `bot.logs` does not
  draw; tenacity takes tornado along.
* pydantic reads every installed package's metadata for plugins that nobody asked for.
* holidays imports 250 countries, 30 exchanges and 20 ways to count years (11 MiB, 70 ms) for the
  first calendar that is asked for. Its packages do nothing but import all that is in them, so they
  are put in place without doing that; a name that is asked of one is imported from where it is.

Tests and whoever imports a room by itself get the libraries as they come.
"""

import ast
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

TAKEN_ALONG = {"structlog": ("greenlet", "rich"), "tenacity": ("tornado",)}
CROWDED = ("holidays.calendars", "holidays.countries", "holidays.financial", "holidays.groups")


def without_what_nobody_uses(*, logs: bool = True) -> None:
    """Keep them out of this process; whoever imports one of them by itself later gets it.

    The libraries that take others along are imported here, unless the process has no `logs`.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for library, others in TAKEN_ALONG.items() if logs else ():
        _import_without(library, others)
    for package in CROWDED:
        put_in_place(package)


def _import_without(library: str, others: tuple[str, ...]) -> None:
    missing = [name for name in others if name not in sys.modules]
    for name in missing:
        # None makes an import fail as if the package were not installed.
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own mark
    try:
        import_module(library)
    finally:
        for name in missing:
            del sys.modules[name]


def put_in_place(name: str) -> None:
    """Have a package whose file only imports from its modules, without running that file.

    Does nothing when the package is imported already or not found.
    """
    above = find_spec(name.partition(".")[0])
    if name in sys.modules or above is None:
        return
    spec = PathFinder.find_spec(name, above.submodule_search_locations)
    if spec is not None and spec.origin is not None:
        package = module_from_spec(spec)
        vars(package)["__getattr__"] = _named_in(package, Path(spec.origin))
        sys.modules[name] = package


def _named_in(package: ModuleType, source: Path) -> Callable[[str], Any]:
    def attribute(name: str) -> Any:
        for line in ast.parse(source.read_bytes()).body:
            if isinstance(line, ast.ImportFrom) and name in {each.name for each in line.names}:
                return getattr(import_module(f"{line.module}"), name)
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")

    return attribute
