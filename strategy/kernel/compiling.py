"""How the kernel is compiled, and what tells one build of it from another."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from types import CodeType
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

from strategy.kernel.rows import Row

OPTIONS: dict[str, Any] = {
    "error_model": "numpy",
    "nogil": True,
    "forceinline": True,
    # Nothing is allocated inside, so that no array's references have to be counted.
    "_nrt": False,
}
# numba tells no types of its own.
_arrays: Any = arrayobj
_building: Any = cgutils
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


def local_row(size: int) -> Callable[[], Row]:
    """Give a compiled function that makes a row which is no array in memory.

    Its places are the calling function's own variables once everything is inlined: LLVM holds them
    in registers, and knows that writing one changes neither another nor the prices. The row must
    not outlive its function; what stands in it at first is undefined.
    """

    # Neither function runs where numba finds in its cache what they help to compile.
    def generate(context: Any, builder: Any, signature: Any, _: Any) -> Any:  # pragma: no cover
        made = _arrays.make_array(signature.return_type)(context, builder)
        places, width = (context.get_constant(types.intp, each) for each in (size, 8))
        word = context.get_value_type(types.int64)
        _arrays.populate_array(
            made,
            data=_building.alloca_once(builder, word, size=places),
            shape=[places],
            strides=[width],
            itemsize=width,
            meminfo=None,
        )
        return made._getvalue()  # noqa: SLF001 - the only way that llvmlite's structures have

    @intrinsic
    def row(_: Any) -> tuple[Any, Any]:  # pragma: no cover
        return types.Array(types.int64, 1, "C")(), generate

    return cast("Callable[[], Row]", row)


def fingerprint(*rooms: Mapping[str, object]) -> str:
    """Name the code and the numbers of modules' compiled functions.

    numba's cache looks at one file alone; a figure that every function goes into makes it compile
    anew when any of them changed.
    """
    digest = sha256(repr(OPTIONS).encode())
    _add(digest.update, local_row.__code__)
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
