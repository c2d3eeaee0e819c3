"""How figures are written for programs: exact strings and JSON documents on one line."""

import json
from decimal import Decimal
from typing import Any

from strategy.price import CENT, plain, round_half_up

Document = dict[str, Any]


def exact(value: Decimal) -> str:
    """Write a Decimal whole, without exponent and needless zeros."""
    return f"{plain(value):f}"


def cents(value: Decimal | None) -> str | None:
    """Write a price or a unit (USD) with two decimals; None stays None."""
    return None if value is None else f"{round_half_up(value, CENT):f}"


def one_line(document: Document) -> str:
    """Write a JSON document on one line."""
    return json.dumps(document, ensure_ascii=False)
