"""Broken rows for every parser of kis.answers: refused by field, or read as they literally stand.

A tenth of 100,000 rows in the ordinary run; all of them with KIS_FUZZ=full. The seed is fixed, so
what fails fails again.
"""

import inspect
import pkgutil
from importlib import import_module

import pytest

import kis.answers
from kis.errors import KisBadAnswer
from tests.kis.fuzz.fields import FIELDS, declared
from tests.kis.fuzz.mutation import Mutator, share
from tests.kis.fuzz.oracle import lost, wrong
from tests.kis.fuzz.rows import CASES

ROWS = share(100_000, of=len(CASES))
SEED = 20261127
# `fields` reads single words for the others; these tell rows apart and read nothing.
PREDICATES = ("blank", "untraded")


def parsers() -> set[str]:
    """Name every public parser of every room of kis.answers."""
    found = set()
    for room in pkgutil.iter_modules(kis.answers.__path__):
        module = import_module(f"kis.answers.{room.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and room.name != "fields" and not name.startswith(PREDICATES):
                found.add(f"{room.name}.{name}")
    return found


def test_every_parser_has_a_sample_to_be_broken() -> None:
    assert parsers() == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_each_part_of_a_sample_comes_from_the_field_that_kis_has_for_it(name: str) -> None:
    origins = CASES[name].origins()
    assert origins == declared(FIELDS[name])
    assert wrong(CASES[name], origins, CASES[name].sample) == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.fault(26)
def test_a_broken_row_is_refused_by_field_or_read_as_it_stands(name: str) -> None:
    case = CASES[name]
    origins = case.origins()
    mutator = Mutator(SEED)
    read, refused = 0, []
    for _ in range(ROWS):
        row = mutator.row(case.sample)
        try:
            assert wrong(case, origins, row) == [], row
            assert lost(case, origins, row) == [], row
        except KisBadAnswer as error:
            refused.append(str(error))
        else:
            read += 1
    assert read > 0
    assert all(refused)
    assert refused or name == "orders.receipt"  # a receipt without a number is None
