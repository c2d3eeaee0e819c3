"""Broken answers through the client's own desks: a typed error that names the call, or what stands.

Nothing is lost quietly either: a listing that says it is whole holds every row that says something.
A tenth of 100,000 answers in the ordinary run; all of them with KIS_FUZZ=full.
"""

import inspect
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from kis.errors import KisBadAnswer, ReadError
from kis.models import Listing
from kis.reads import rows_of
from kis.transport import Reply
from tests.kis.fuzz.calls import INQUIRIES, Desks, Inquiry
from tests.kis.fuzz.mutation import Mutator, share
from tests.kis.fuzz.oracle import parts, strangers
from tests.kis.fuzz.rows import CASES

BODIES = share(100_000, of=len(INQUIRIES))
SEED = 42
ORIGINS = {name: case.origins() for name, case in CASES.items()}
# A bar without a price is no bar, whatever traded before the session.
VOLUMES = frozenset({"tvol", "evol"})
STATUSES = (200,) * 30 + (500, 500, 403, 404, 301)
MARKS = ("", "D", "E", "F", "M", "N", "x")


def figures(parser: str) -> frozenset[str]:
    """Name the fields of a parser's sample that hold its prices, shares and amounts."""
    case = CASES[parser]
    paths = {
        path
        for path, value in parts(case.read(dict(case.sample)))
        if isinstance(value, int | Decimal)
    }
    return frozenset(name for path in paths for name in ORIGINS[parser].get(path, ()))


def asked_by_the_desks() -> set[str]:
    """Name every public coroutine of the desks, those that send orders left out."""
    desks = Desks()
    found = set()
    for name in ("orders", "account", "prices", "symbols", "calendar", "announcements"):
        for method, _ in inspect.getmembers(getattr(desks, name), inspect.iscoroutinefunction):
            if not method.startswith("_"):
                found.add(f"{name}.{method}")
    return found - {
        f"orders.{verb}" for verb in ("place", "cancel", "reserve", "cancel_reservation")
    }


def test_every_inquiry_has_an_answer_to_be_broken() -> None:
    assert asked_by_the_desks() == {name.partition(" ")[0] for name in INQUIRIES}


@pytest.mark.parametrize("name", INQUIRIES)
@pytest.mark.fault(26)
async def test_a_broken_answer_is_refused_by_call_or_read_as_it_stands(name: str) -> None:
    inquiry = INQUIRIES[name]
    desks = Desks(mock=inquiry.mock)
    mutator = Mutator(SEED)
    desks.line.raw = json.dumps(inquiry.body()).encode()
    desks.line.tr_cont = "D"
    assert list(_wrong(inquiry, desks.line.raw, await inquiry.ask(desks))) == []
    read, refused = 0, []
    for _ in range(BODIES):
        raw = mutator.body(inquiry.body())
        desks.line.raw = raw
        desks.line.status = mutator.rng.choice(STATUSES)
        desks.line.tr_cont = mutator.rng.choice(MARKS) if mutator.rng.random() < 0.2 else "D"
        try:
            result = await inquiry.ask(desks)
        except ReadError as error:
            refused.append(error)
        else:
            read += 1
            assert list(_wrong(inquiry, raw, result)) == [], raw
    assert read > 0
    assert refused
    assert all(_names_a_call(error) for error in refused if isinstance(error, KisBadAnswer))


def _names_a_call(error: KisBadAnswer) -> bool:
    call, _, words = str(error).partition(": ")
    return "(" in call and bool(words)


def _wrong(inquiry: Inquiry, raw: bytes, result: object) -> Iterator[str]:
    """List what of a result the answer does not say, and what a whole listing leaves out."""
    body = json.loads(raw, parse_float=Decimal)
    for table, parser in inquiry.tables.items():
        case, origins = CASES[parser], ORIGINS[parser]
        rows = [row for row in _rows(body) if isinstance(row, dict)]
        mine = _of(result, parser)
        yield from strangers(case, origins, mine, rows)
        for listing in _listings(mine):
            yield from _left_out(parser, body, table, listing)


def _rows(value: Any) -> Iterator[Any]:
    """Give every object of an answer, wherever it is nested."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _rows(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _rows(inner)


def _of(result: object, parser: str) -> object:
    """Give the part of a result that a parser made, where one call has several tables."""
    part = {
        "account.present_holding": "holdings",
        "account.currency_cash": "cash",
        "account.krw_totals": "totals_krw",
        "account.realized_profit": "rows",
        "account.profit_totals": "totals",
    }.get(parser)
    return result if part is None else getattr(result, part)


def _listings(value: object) -> Iterator[Listing[Any]]:
    if isinstance(value, Listing):
        yield value


def _left_out(
    parser: str, body: Mapping[str, Any], table: str, listing: Listing[Any]
) -> Iterator[str]:
    """A row that says something and cannot be read makes a listing incomplete."""
    if not listing.complete:
        return
    try:
        rows = rows_of(Reply(status=200, headers={}, body=dict(body)), table)
    except KisBadAnswer:
        return
    names = figures(parser) - VOLUMES
    for row in rows:
        told = any(c in "123456789" for name in names for c in str(row.get(name) or ""))
        try:
            CASES[parser].read(row)
        except KisBadAnswer as error:
            if told:
                yield f"whole, without a row that cannot be read ({error}): {row}"
