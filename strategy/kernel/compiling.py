"""How the kernel is compiled, and what tells one build of it from another."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from types import CodeType
from typing import Any, TypeVar, cast

from numba import njit

OPTIONS: dict[str, Any] = {
    "error_model": "numpy",
    "nogil": True,
    "forceinline": True,
    # Nothing is allocated inside, so that no array's references have to be counted.
    "_nrt": False,
}
_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a function of whole numbers, floats and arrays of them when it is first called."""
    return cast(_Function, njit(**OPTIONS)(function))


def kept(function: _Function) -> _Function:
    """Compile a function that spreads over all cores, and keep it where the next process looks.

    Where numba finds no folder that it may write to, each process compiles it for itself.
    """
    options: dict[str, Any] = {"parallel": True, "error_model": "numpy", "nogil": True}
    try:
        return cast(_Function, njit(cache=True, **options)(function))
    except RuntimeError:
        return cast(_Function, njit(**options)(function))


def fingerprint(*rooms: Mapping[str, object]) -> str:
    """Name the code and the numbers of modules' compiled functions.

    numba's cache looks at one file alone; a figure that every function goes into makes it compile
    anew when any of them changed.
    """
    digest = sha256(repr(OPTIONS).encode())
    for names in rooms:
        for name, value in sorted(names.items()):
            plain = getattr(value, "py_func", None)
            if plain is not None:
                digest.update(name.encode())
                _add(digest.update, plain.__code__)
            elif isinstance(value, int | float):
                digest.update(f"{name}={value!r};".encode())
    return digest.hexdigest()


def _add(update: Callable[[bytes], object], code: CodeType) -> None:
    update(code.co_code)
    update(repr(code.co_names).encode())
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _add(update, constant)
        else:
            update(repr(constant).encode())
