"""Importing aiogram without building the validators of 590 models that nobody may ever use.

aiogram builds every type and method of the Bot API when it is imported: two seconds and 100 MiB for
a daemon that needs a dozen. pydantic can build a model at its first use, and knows how to wait: so
during the import every model is told to (`defer_build`), and aiogram's calls of `model_rebuild` are
only noted. A model that is built later gets the names that aiogram would have handed it.

This leans on how aiogram's import goes: it is done for versions that it was tried with, what is not
as expected is made good by the calls that were noted, and `load(lazy=False)` imports as anybody
would. What it saves: docs/small.md.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pydantic
import structlog

# The series that both ways were tried with: tests/bot/telegram/test_lazy_aiogram.py.
TRIED = {"aiogram": "3.31.", "pydantic": "2.13."}

Model = type[pydantic.BaseModel]
Names = Mapping[str, Any]
Rebuild = Callable[..., bool | None]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Noted:
    """The calls of `model_rebuild` that aiogram made: which model, with which names."""

    calls: list[tuple[Model, Names]] = field(default_factory=list)

    @property
    def names(self) -> Names:
        """The names that all calls share; none when they differ."""
        found: Names = self.calls[-1][1] if self.calls else {}
        return found if all(names is found for _, names in self.calls) else {}


def load(*, lazy: bool) -> bool:
    """Import aiogram; answer whether its models are built at their first use.

    Does nothing when aiogram is imported already: whoever was first has decided.
    """
    if "aiogram" in sys.modules:
        return False
    if not lazy or not _tried():
        import_module("aiogram")
        return False
    with _deferring() as noted:
        import_module("aiogram")
    if _hand_over(noted.names):
        return True
    log.warning("aiogram is not as expected; its models are built now")
    for model, names in noted.calls:
        model.model_rebuild(_types_namespace=names)
    return False


def build_for_taps() -> None:
    """Build what the first tap needs to be read and answered; nothing where that is built already.

    Takes 0.15 s and 5 MiB, once, which the first tap after a start would else wait for.
    """
    types, methods = import_module("aiogram.types"), import_module("aiogram.methods")
    answers = (methods.AnswerCallbackQuery, methods.EditMessageText)
    for model in (types.Update, types.InlineKeyboardButton, types.InlineKeyboardMarkup, *answers):
        model.model_rebuild()


def _tried() -> bool:
    return all(version(name).startswith(series) for name, series in TRIED.items())


@contextmanager
def _deferring() -> Iterator[_Noted]:
    """Have every model that is made inside wait for its first use."""
    noted = _Noted()
    rebuild, configured = pydantic.BaseModel.__dict__["model_rebuild"], pydantic.ConfigDict

    def note(model: Model, /, *, _types_namespace: Names | None = None, **_: Any) -> None:
        # pydantic's own calls, for the parameters of a generic model, name nothing.
        if _types_namespace:
            noted.calls.append((model, _types_namespace))

    def waiting(**options: Any) -> Any:
        return configured(**{"defer_build": True, **options})

    pydantic.BaseModel.model_rebuild = classmethod(note)  # type: ignore[assignment, method-assign]  # given back below
    pydantic.ConfigDict = waiting  # type: ignore[assignment, misc]  # given back below
    try:
        yield noted
    finally:
        pydantic.BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]  # as it was
        pydantic.ConfigDict = configured  # type: ignore[misc]  # as it was


def _hand_over(names: Names) -> bool:
    """Give the roots of aiogram's models the names to build with; False when they are not known."""
    if "Update" not in names:
        return False
    build: Rebuild = pydantic.BaseModel.__dict__["model_rebuild"].__func__

    def model_rebuild(
        cls: Model,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Names | None = None,
    ) -> bool | None:
        namespace = {**names, **(_types_namespace or {})}
        return build(cls, force=force, raise_errors=raise_errors, _types_namespace=namespace)

    methods, types = import_module("aiogram.methods.base"), import_module("aiogram.types.base")
    for root in (types.TelegramObject, methods.TelegramMethod, methods.Response):
        root.model_rebuild = classmethod(model_rebuild)
    return True
