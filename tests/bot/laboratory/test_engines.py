"""Who plays many runs: the engine that was asked for, or the quicker one that can."""

from decimal import Decimal
from importlib.util import find_spec

import pytest

from bot.laboratory.engines import WORTH_IT, Chosen, EngineRefused, Wanted, chosen
from strategy import versions

RULES = [versions.rules("4.0", "TQQQ", 40)]
needs_numba = pytest.mark.skipif(
    find_spec("numba") is None, reason="the extra sweep is not installed"
)


def test_the_reference_is_there_for_whoever_asks_for_it() -> None:
    assert chosen(Wanted.REFERENCE, RULES) == Chosen("reference")


@needs_numba
def test_the_kernel_plays_where_it_can_and_the_reference_where_it_cannot() -> None:
    assert chosen(Wanted.AUTO, RULES) == chosen(Wanted.KERNEL, RULES) == Chosen("kernel")
    odd = [*RULES, versions.rules("4.0", "TQQQ", 40, target_percent=Decimal("7.123456789"))]
    name, why = chosen(Wanted.AUTO, odd)
    assert name == "reference"
    assert why is not None
    assert "7.123456789" in why.english
    with pytest.raises(EngineRefused, match=r"7.123456789.*--engine kernel 없이"):
        chosen(Wanted.KERNEL, odd)


@needs_numba
def test_the_kernel_is_loaded_for_many_sessions_only_unless_it_is_asked_for() -> None:
    assert chosen(Wanted.AUTO, RULES, WORTH_IT - 1) == Chosen("reference")
    assert chosen(Wanted.AUTO, RULES, WORTH_IT) == Chosen("kernel")
    assert chosen(Wanted.KERNEL, RULES, 1) == Chosen("kernel")
