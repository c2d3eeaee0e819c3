"""What mutants are written in: a replacement, and the memory of one process."""

from asyncio import AbstractEventLoop
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Value = TypeVar("Value")

Patch = tuple[object, str, Any]
"""What is replaced: its owner, its name, and what stands there instead."""

State = WeakKeyDictionary[AbstractEventLoop, Value]
"""What a process remembers, by its loop: gone with it."""
