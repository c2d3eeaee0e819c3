"""The threats that Muhan is held to, each with its defence and the tests that prove it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

SHEET = Path(__file__).with_name("threats.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Threat:
    """One row: what may happen, what is done about it (English, Korean), and by what it is proved.

    `tests` are node ids without their parameters.
    """

    threat: tuple[str, str]
    defence: tuple[str, str]
    tests: tuple[str, ...]


def _read() -> tuple[Threat, ...]:
    rows = tomllib.loads(SHEET.read_text(encoding="utf-8"))["threat"]
    return tuple(
        Threat(
            threat=(row["en"], row["ko"]),
            defence=(row["defence_en"].strip(), row["defence_ko"].strip()),
            tests=tuple(row["tests"]),
        )
        for row in rows
    )


THREATS = _read()
