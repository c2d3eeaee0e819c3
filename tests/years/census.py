"""What the program itself holds in memory: its own objects by type, and what their boxes hold.

The simulated world lives in the same process and is not counted: an object is the program's when
its class stands in bot/, kis/ or strategy/, a box (list, dict, set, deque) when such an object
holds it in an attribute.
"""

import gc
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from typing import Any

OURS = ("bot.", "kis.", "strategy.")
BOXES = (list, dict, set, deque, OrderedDict, frozenset)


def objects() -> Counter[str]:
    """Count the program's living objects by type, after a collection of garbage."""
    gc.collect()
    return Counter(_name(one) for one in gc.get_objects() if _is_ours(one))


def boxes() -> Counter[str]:
    """Add up what the program's own boxes hold, by the attribute that holds them.

    A function's cache counts where it has no bound of its own.
    """
    gc.collect()
    found: Counter[str] = Counter()
    for one in gc.get_objects():
        if _is_ours(one):
            for name, value in _attributes(one):
                if isinstance(value, BOXES):
                    found[f"{_name(one)}.{name}"] += len(value)
        elif _is_endless(one):
            found[f"{one.__module__}.{one.__name__}()"] += one.cache_info().currsize
    return found


def _is_endless(one: object) -> bool:
    """Tell whether something is a cache of the program's that has no bound."""
    if not isinstance(one, _lru_cache_wrapper) or not one.__module__.startswith(OURS):
        return False
    return one.cache_info().maxsize is None


def _is_ours(one: object) -> bool:
    module = getattr(type(one), "__module__", None)
    return isinstance(module, str) and f"{module}.".startswith(OURS)


def _name(one: object) -> str:
    return f"{type(one).__module__}.{type(one).__qualname__}"


def _attributes(one: object) -> Iterator[tuple[str, Any]]:
    yield from getattr(one, "__dict__", {}).items()
    for kind in type(one).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(one, name):
                yield name, getattr(one, name)
