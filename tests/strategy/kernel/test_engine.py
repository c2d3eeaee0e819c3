"""The kernel as a sweep's engine, and what it leaves to the reference by name."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from types import FunctionType

import pytest
from numba import njit

from strategy import kernel, sweep, versions
from strategy.kernel import Run, Unsupported, prices_of, refusal, run_days, run_many
from strategy.kernel.compiling import fingerprint, kept
from strategy.model import Bar, Compounding, Rules
from strategy.sweep import Job
from tests.strategy.kernel import wild

D = Decimal
RULES = versions.rules("4.0", "TQQQ", 40)


@pytest.fixture(scope="module")
def bars() -> Sequence[Bar]:
    return wild.market(Random(3))


def jobs(bars: Sequence[Bar], *agreements: Rules, principal: str = "20000") -> list[Job]:
    return [
        Job(rules, D(principal), first, len(bars)) for rules in agreements for first in (1, 6, 17)
    ]


def test_a_sweep_by_the_kernel_is_the_sweep_by_the_reference(bars: Sequence[Bar]) -> None:
    chance = Random(5)
    asked = jobs(bars, *(wild.rules(chance, version) for version in wild.VERSIONS))
    assert kernel.play(bars, asked) == list(sweep.reference(bars, asked))


def test_runs_may_begin_and_end_anywhere_and_differ_in_their_principal(bars: Sequence[Bar]) -> None:
    asked = [Job(RULES, D(1000 + first), first, first + 10) for first in range(1, len(bars) - 10)]
    assert kernel.play(bars, asked) == list(sweep.reference(bars, asked))


def test_every_session_of_many_runs_is_the_references(bars: Sequence[Bar]) -> None:
    chance = Random(7)
    asked = jobs(bars, *(wild.rules(chance, version) for version in wild.VERSIONS))
    found, known = kernel.follow(bars, asked), sweep.followed(bars, asked)
    assert [(each.principal, [*each.equities], each.exhausted_sessions) for each in found] == [
        (each.principal, [*each.equities], each.exhausted_sessions) for each in known
    ]
    fine = [*asked, *jobs(bars, replace(RULES, target_percent=D("15.1234567")))]
    assert kernel.follow(bars, fine) == sweep.followed(bars, fine)


def test_an_agreement_too_fine_for_64_bits_is_refused_by_name_and_played_by_the_reference(
    bars: Sequence[Bar],
) -> None:
    fine = replace(RULES, target_percent=D("15.1234567"))
    assert refusal(RULES) is None
    assert "target percent of 15.1234567" in (refusal(fine) or "")
    with pytest.raises(Unsupported, match="target percent"):
        run_many([fine], prices_of(bars), [Run(0, 1, 9, D(20000))])
    asked = jobs(bars, RULES, fine)
    assert kernel.play(bars, asked) == list(sweep.reference(bars, asked))


def test_a_version_that_the_kernel_does_not_have_is_refused_by_name() -> None:
    assert refusal(replace(RULES, method="5.0")) == "the kernel has no version 5.0"


@pytest.mark.parametrize(
    ("principal", "word"), [("0.005", "whole cents"), ("0", "0"), ("2E9", "whole cents")]
)
def test_a_principal_that_is_not_whole_cents_is_refused(
    bars: Sequence[Bar], principal: str, word: str
) -> None:
    with pytest.raises(Unsupported, match=word):
        run_many([RULES], prices_of(bars), [Run(0, 1, 9, D(principal))])


@pytest.mark.parametrize("price", ["10.005", "0", "100000.01"])
def test_prices_that_are_not_whole_cents_are_refused(bars: Sequence[Bar], price: str) -> None:
    with pytest.raises(Unsupported, match="whole cents"):
        prices_of([replace(bars[0], close=D(price))])


def test_a_run_outside_the_prices_is_refused(bars: Sequence[Bar]) -> None:
    with pytest.raises(Unsupported, match="does not lie"):
        run_many([RULES], prices_of(bars), [Run(0, 0, 9, D(20000))])
    with pytest.raises(Unsupported, match="does not lie"):
        run_days(RULES, prices_of(bars), Run(0, 1, len(bars) + 1, D(20000)))


def test_a_sum_that_outgrows_64_bits_is_marked_and_its_run_played_by_the_reference(
    bars: Sequence[Bar],
) -> None:
    halved = versions.rules("4.0", "TQQQ", 40, compounding=Compounding.HALF)
    growing = versions.rules("3.0", "TQQQ", 20)
    runs = [Run(place, 1, 9, D(10**7)) for place in range(3)]
    ends = run_many([RULES, halved, growing], prices_of(bars), runs)
    assert ends.trouble(0) == ""
    assert "64-bit" in ends.trouble(1)
    assert "64-bit" in ends.trouble(2)
    asked = jobs(bars, RULES, halved, growing, principal="10000000")
    assert kernel.play(bars, asked) == list(sweep.reference(bars, asked))


def test_another_build_is_told_by_code_and_by_numbers() -> None:
    def one(value: int) -> int:
        return value + 1

    def two(value: int) -> int:
        return value + 2

    class Compiled:
        def __init__(self, py_func: object) -> None:
            self.py_func = py_func

    first, second = ({"step": Compiled(function)} for function in (one, two))
    assert fingerprint(first) == fingerprint(first)
    assert fingerprint(first) != fingerprint(second)
    assert fingerprint({"STEP": 1}) != fingerprint({"STEP": 2})


def test_where_no_folder_can_be_written_it_is_compiled_for_the_process_alone() -> None:
    def half(value: int) -> float:
        return value / 2

    nowhere = FunctionType(half.__code__.replace(co_filename="<nowhere>"), {})
    with pytest.raises(RuntimeError, match="cannot cache"):
        njit(cache=True)(nowhere)
    assert kept(nowhere) is not None
