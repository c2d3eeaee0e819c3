"""Holidays of the New York exchange and of banks, without those of every country on earth.

For the first calendar that is asked for, `holidays` imports all 250 countries and 30 exchanges:
9 MiB and 60 ms for one. The two packages are put in place without running the file that does so;
whoever asks them for a name of that file has it run then.
"""

import sys
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec
from typing import Any

from holidays import HolidayBase, country_holidays, financial_holidays

_PACKAGES = ("holidays.countries", "holidays.financial")


def exchange_holidays(*categories: str) -> HolidayBase:
    """Give the New York exchange's holidays of these categories; public ones when none is named."""
    return financial_holidays("NYSE", categories=categories or None)


def bank_holidays(country: str) -> HolidayBase:
    """Give a country's public holidays, by its two letters."""
    return country_holidays(country)


def _put_in_place(name: str) -> None:
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:
        return
    package = module_from_spec(spec)
    vars(package)["__getattr__"] = _whole(package, spec.loader.exec_module)
    sys.modules[name] = package


def _whole(package: Any, run: Callable[[Any], None]) -> Callable[[str], Any]:
    def attribute(name: str) -> Any:
        if not name.startswith("__") and vars(package).pop("__getattr__", None) is not None:
            run(package)
            return getattr(package, name)
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")

    return attribute


for _package in _PACKAGES:
    _put_in_place(_package)
