"""What a sweep varies, and by which values, in the owner's words."""

from decimal import Decimal
from enum import Enum
from typing import Any

from bot.figures import exact
from bot.laboratory.sweeps.sweeping import HORIZON, Swept
from bot.laboratory.words import Language, known, word

_OF_OPTIONS = {"method": "version"}
"""Where the word for an option has another name: a method is a version here."""


def name_of(option: str, language: Language) -> str:
    """Name what is varied; a disputed option by its own name, as it is written."""
    name = _OF_OPTIONS.get(option, option)
    return word(language, name) if known(name) else "--" + option.replace("_", "-")


def shown(option: str, value: Any, language: Language) -> str:
    """Show a value of what is varied, short enough for a table or an axis."""
    if option == HORIZON:
        return (
            word(language, "horizon_end")
            if value is None
            else word(language, "horizon_short", sessions=value)
        )
    if option == "method":
        return f"V{value}"
    if option == "splits":
        return str(value) if language is Language.EN else f"{value}분할"
    if isinstance(value, Decimal):
        return f"{exact(value)} %"
    if isinstance(value, Enum):
        return str(value.value)
    return "-" if value is None else str(value)


def title(swept: Swept, language: Language) -> str:
    """Name a sweep by its symbols and the number of its runs."""
    symbols = ", ".join(swept.question.prices)
    return word(language, "sweep_title", symbol=symbols, runs=f"{len(swept.outcomes):,}")
