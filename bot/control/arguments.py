"""What a preview was given, read strictly: one sentence for whatever cannot be used."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from bot.control.errors import ControlRefused

Choice = TypeVar("Choice", bound=StrEnum)

_LONGEST = 200
_LARGEST = Decimal("1E12")


class Given:
    """The arguments of one call. Every method raises ControlRefused for what it cannot use."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._arguments = arguments

    def only(self, names: Collection[str]) -> None:
        """Refuse an argument that the command does not have: it would be passed over in silence."""
        for name in self._arguments:
            if name not in names:
                raise wrong(name)

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Read a yes or no; a missing one without a default is no answer, and is refused."""
        value = self._arguments.get(name, default)
        if not isinstance(value, bool):
            raise wrong(name)
        return value

    def text(self, name: str, default: str = "", *, optional: bool = False) -> str:
        """Read a short text; a missing one without a default is refused, unless it is optional."""
        value = self._arguments.get(name, default)
        if not isinstance(value, str) or len(value) > _LONGEST or not _whole(value):
            raise wrong(name)
        if not value.strip() and not optional:
            raise wrong(name)
        return value.strip()

    def nested(self, name: str) -> "Given":
        """Read arguments within arguments; none where there are none."""
        value = self._arguments.get(name, {})
        if not isinstance(value, dict):
            raise wrong(name)
        return Given(value)

    def number(self, name: str, default: int | None = None) -> int:
        """Read a whole number of 0 or more."""
        found = self.maybe_number(name)
        found = default if found is None else found
        if found is None:
            raise wrong(name)
        return found

    def maybe_number(self, name: str) -> int | None:
        """Read a whole number of 0 or more; None where it was not given."""
        value = self._arguments.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LARGEST:
            raise wrong(name)
        return value

    def decimal(self, name: str) -> Decimal:
        """Read an exact number: written as a string, never a float."""
        found = self.maybe_decimal(name)
        if found is None:
            raise wrong(name)
        return found

    def maybe_decimal(self, name: str) -> Decimal | None:
        """Read an exact number; None where it was not given."""
        value = self._arguments.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 40:
            raise wrong(name)
        try:
            found = Decimal(value)
        except InvalidOperation:
            raise wrong(name) from None
        if not found.is_finite() or abs(found) >= _LARGEST:
            raise wrong(name)
        return found

    def choice(self, kind: type[Choice], name: str, default: Choice | None = None) -> Choice:
        """Read one of a few words."""
        try:
            return kind(self._arguments.get(name, default))
        except ValueError:
            raise wrong(name) from None


def _whole(text: str) -> bool:
    """Tell whether a text can be written down: JSON may bring half of a character."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def wrong(name: str) -> ControlRefused:
    """Say that a value cannot be used, by its name alone: what was typed is not repeated."""
    shown = name[:30] if name.isascii() and name.isidentifier() else "?"
    return ControlRefused(
        "argument",
        f"{shown} 값을 쓸 수 없습니다: 다시 적어 주세요.",
        f"The value of {shown} cannot be used: write it again.",
    )
