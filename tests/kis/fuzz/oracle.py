"""Says where each figure of a result comes from, and whether it literally stands there.

A sample's fields all hold different words, so reading the sample tells which field feeds which part
of the result. After a mutation every part must still be what its own field says, read here in
another way than the parsers do: no default, no neighbour's figure, no zero for something.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

Source = Callable[[Mapping[str, Any]], object]
_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.][0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A parser, a sample for it, and what of its result is not a field's own word.

    `made` gives the parts that are worked out, or given by the caller; `also` adds fields that a
    part may come from too.
    """

    read: Callable[[dict[str, Any]], object]
    sample: dict[str, Any]
    made: Mapping[str, Source] = field(default_factory=dict)
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def origins(self) -> dict[str, frozenset[str]]:
        """Tell which fields feed which part. Raises AssertionError for a figure from nowhere."""
        found: dict[str, frozenset[str]] = {}
        for path, value in parts(self.read(dict(self.sample))):
            if path in self.made:
                continue
            names = {name for name, word in self.sample.items() if says(word, value)}
            names |= self.also.get(path, frozenset())
            assert names or isinstance(value, str), f"{path} = {value} comes from no field"
            found[path] = found.get(path, frozenset()) | names
        return {path: names for path, names in found.items() if names}


def parts(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walk a result down to its words, numbers and days; flags and names of kinds are left out."""
    if is_dataclass(value):
        for each in fields(value):
            yield from parts(getattr(value, each.name), f"{path}.{each.name}".strip("."))
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for name in value._fields:
            yield from parts(getattr(value, name), f"{path}.{name}".strip("."))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from parts(one, path)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from parts(one, path)
    elif not isinstance(value, bool | Enum) and value is not None:
        yield path, value


def literal(word: object) -> Decimal | None:
    """Read a number as it literally stands, or None."""
    if isinstance(word, bool):
        return None
    if isinstance(word, int | Decimal):
        return Decimal(word)
    if isinstance(word, str) and _PLAIN.fullmatch(word.strip()):
        return Decimal(word.strip())
    return None


def says(word: object, value: object) -> bool:
    """Tell whether a field's word is what a part of a result says."""
    text = str(word).strip() if isinstance(word, str | int | Decimal) else ""
    if isinstance(value, datetime):
        return bool(text) and text in {
            f"{value:%Y%m%d}",
            f"{value:%H%M%S}",
            f"{value:%Y%m%d%H%M%S}",
        }
    if isinstance(value, date):
        return text == f"{value:%Y%m%d}"
    if isinstance(value, time):
        return text == f"{value:%H%M%S}"
    if isinstance(value, str):
        return bool(value) and (text == value or (value.isdigit() and text.lstrip("0") == value))
    return isinstance(value, int | Decimal) and literal(word) == value


def wrong(case: Case, origins: Mapping[str, frozenset[str]], row: Mapping[str, Any]) -> list[str]:
    """Read a mutated row, and list each part of the result that its own field does not say."""
    return list(strangers(case, origins, case.read(dict(row)), [row]))


def strangers(
    case: Case,
    origins: Mapping[str, frozenset[str]],
    result: object,
    rows: Iterable[Mapping[str, Any]],
) -> Iterator[str]:
    """List the parts of a result that stand in none of the rows it may have come from."""
    known = list(rows)
    for path, value in parts(result):
        if path in case.made:
            if not any(_made(case.made[path], row) == value for row in known):
                yield f"{path} = {value!r}, which is not made so"
        elif path in origins:
            names = origins[path]
            if value != "" and not any(
                says(row.get(name), value) for row in known for name in names
            ):
                yield f"{path} = {value!r} stands in none of {sorted(names)}"


def _made(source: Source, row: Mapping[str, Any]) -> object:
    try:
        return source(row)
    except (ArithmeticError, TypeError, ValueError, KeyError):
        return None


def lost(case: Case, origins: Mapping[str, frozenset[str]], row: Mapping[str, Any]) -> list[str]:
    """List the numbers that a result leaves out though their field says something but zero.

    A clock may be left out: an order's row is worth more than its minute.
    """
    result, whole = case.read(dict(row)), case.read(dict(case.sample))
    if not is_dataclass(result):
        return []
    missing = []
    for each in fields(result):
        left_out = getattr(result, each.name) is None and each.name not in case.made
        if left_out and not isinstance(getattr(whole, each.name), time | datetime):
            words = [str(row.get(name, "")) for name in origins.get(each.name, ())]
            if words and all(re.search("[1-9]", word) for word in words):
                missing.append(f"{each.name} is None, though {words}")
    return missing
