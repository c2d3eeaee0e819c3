"""Events and values as JSON text and back: Decimals as strings, instants with their offset.

Every kind is frozen through and through, so one text of a kind may be one value.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.events import JOURNALLED, Event

Value = TypeVar("Value")

_BY_NAME = {kind.__name__: kind for kind in JOURNALLED}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


_adapter_of: Callable[[Any], TypeAdapter[Any]] = _adapter


def dumps(value: object) -> str:
    return _adapter_of(type(value)).dump_json(value).decode()


def loads(kind: type[Value], text: str) -> Value:
    """Read a value of a frozen kind. Raises ValueError for text that is none."""
    loaded: Value = _loaded(kind, text)
    return loaded


@lru_cache(maxsize=1024)
def _read(kind: Any, text: str) -> Any:
    return _adapter_of(kind).validate_json(text)


_loaded: Callable[[Any, str], Any] = _read


def event_of(name: str, text: str) -> Event:
    return loads(_BY_NAME[name], text)
