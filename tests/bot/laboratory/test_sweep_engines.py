from decimal import Decimal
from importlib.util import find_spec

import pytest

from bot.laboratory.sweeps import engines
from bot.laboratory.sweeps.engines import Wanted, chosen
from bot.laboratory.sweeps.errors import SweepRefused
from strategy import versions

RULES = [versions.rules("4.0", "TQQQ", 40)]
needs_numba = pytest.mark.skipif(
    find_spec("numba") is None, reason="the extra sweep is not installed"
)


def test_the_reference_is_there_for_whoever_asks_for_it() -> None:
    assert chosen(Wanted.REFERENCE, RULES) == ("reference", "")


@needs_numba
def test_the_kernel_plays_where_it_can_and_the_reference_where_it_cannot() -> None:
    assert chosen(Wanted.AUTO, RULES) == chosen(Wanted.KERNEL, RULES) == ("kernel", "")
    odd = [*RULES, versions.rules("4.0", "TQQQ", 40, target_percent=Decimal("7.123456789"))]
    name, why = chosen(Wanted.AUTO, odd)
    assert name == "reference"
    assert "7.123456789" in why
    with pytest.raises(SweepRefused, match=r"7.123456789.*--engine reference"):
        chosen(Wanted.KERNEL, odd)


def test_without_the_extra_the_reference_plays_and_the_kernel_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    assert chosen(Wanted.AUTO, RULES) == ("reference", "")
    with pytest.raises(SweepRefused, match="numba"):
        chosen(Wanted.KERNEL, RULES)
