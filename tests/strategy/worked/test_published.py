"""The worked examples of version 4.0 that lie beside the project, where they are there."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from strategy import legs, v4_0, versions
from strategy.cycle import settle
from strategy.model import Leg, Market, Order, Plan, Rules
from strategy.price import raised, round12, round_half_up
from tests.strategy.states import TUESDAY, fresh, full, holding, in_reverse

PUBLISHED = Path(__file__).parents[3] / ".." / "shared" / "data" / "method" / "published.json"
SHARED_RULES = {"star", "star_pct", "buys", "first_price"}

Given = Mapping[str, Any]


def _vectors() -> list[Any]:
    if not PUBLISHED.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="no published.json beside us"))]
    document = json.loads(PUBLISHED.read_text(encoding="utf-8"), parse_float=Decimal)
    return [
        pytest.param(vector, id=vector["id"])
        for vector in document["vectors"]
        if vector["version"] == "4.0" or vector["kind"] in SHARED_RULES
    ]


@pytest.mark.parametrize("vector", _vectors())
def test_a_published_example_comes_out_as_published(vector: Given) -> None:
    expected = vector["expected"]
    if isinstance(expected, list):
        expected = [(line["leg"], line["price"], line["qty"]) for line in expected]
    assert ANSWERS[vector["kind"]](vector["input"], vector["version"]) == expected


def _rules(given: Given, version: str = "4.0") -> Rules:
    symbol = given.get("symbol", "TQQQ")
    base = fresh(symbol, given.get("splits", 40) if version == "4.0" else 40).rules
    own = {
        "splits": given.get("splits", 40),
        "target_percent": versions.METHODS[version].targets[symbol],
    }
    return Rules(**{name: getattr(base, name) for name in Rules.__dataclass_fields__} | own)


def _lines(orders: list[Order]) -> list[tuple[str, Decimal | None, int]]:
    names = {"average": "avg"}
    return [(names.get(o.leg.value, o.leg.value), o.price, o.quantity) for o in orders]


def _first_buy(given: Given, _: str) -> object:
    percent = given["big"] * 100
    base = fresh(
        given["symbol"], given["splits"], first_buy_percent=percent, ladder=given["ladder"]
    )
    state = holding(0, "0", "0", str(given["unit"] * given["splits"]), base)
    return _lines(list(versions.plan(state, Market(closes=(given["prev_close"],))).orders))


def _buys(given: Given, _: str) -> object:
    unit, star = Decimal(given["unit"]), given["star"]
    main = legs.first_half(unit, given["avg"], star)
    return _lines([*main, *legs.ladder(unit, main, given["ladder"])])


def _sells(given: Given, _: str) -> object:
    return _lines(legs.sells(_rules(given), given["qty"], given["avg"], given["star"]))


def _star_percent(given: Given, version: str) -> object:
    percent = round12(legs.star_percent(_rules(given, version), Decimal(given["T"])))
    return round_half_up(percent) if given["splits"] == 35 else percent


def _star(given: Given, version: str) -> object:
    turn = Decimal(given["T"])
    star = legs.star_price(_rules(given), Decimal(given["avg"]), turn)
    return {"star_pct": _star_percent(given, version), "star": star}


def _unit(given: Given, _: str) -> object:
    held = given["T"] > 0
    base = fresh(splits=given["splits"])
    state = holding(int(held), str(int(held)), str(given["T"]), str(given["cash"]), base)
    return v4_0.unit(state).quantize(Decimal("1E-9")).normalize()


def _turn(given: Given, _: str) -> object:
    plan = _plan_for(given)
    names = {
        "buy_full": [Leg.STAR, Leg.AVERAGE],
        "buy_half": [Leg.STAR],
        "quarter": [Leg.QUARTER],
        "target": [Leg.TARGET],
        "rev_buy": [Leg.REVERSE_BUY],
    }
    wanted = [leg for event in given["events"] for leg in names[event]]
    filled = [full(order) for order in plan.orders if order.leg in wanted]
    assert len(filled) == len(wanted)
    return settle(plan, filled, TUESDAY).cycle.turn


def _plan_for(given: Given) -> Plan:
    base = fresh(splits=given["splits"])
    if given["mode"] == "reverse":
        state = in_reverse(100, "98", str(given["T"]), "7000", base)
    else:
        state = holding(100, "40", str(given["T"]), "30000", base)
    return versions.plan(state, Market(closes=(Decimal(40),) * 5))


def _reverse_exit(given: Given, _: str) -> object:
    state = in_reverse(100, str(given["avg"]), "30", "7000", fresh(given["symbol"]))
    closes = (Decimal(30),) * 4 + (given["close"],)
    return versions.plan(state, Market(closes=closes)).cycle.phase.name


def _mode(given: Given, _: str) -> object:
    state = holding(100, "40", str(given["T"]), "5000", fresh(splits=given["splits"]))
    return versions.plan(state, Market(closes=(Decimal(40),))).cycle.phase.value


def _reverse_unit(given: Given, _: str) -> object:
    return v4_0.unit(in_reverse(100, "40", "30", str(given["cash"])))


def _first_price(given: Given, _: str) -> object:
    return round_half_up(raised(given["prev_close"], given["big"] * 100))


ANSWERS: Mapping[str, Callable[[Given, str], object]] = {
    "first_buy": _first_buy,
    "buys": _buys,
    "sells": _sells,
    "star": _star,
    "star_pct": _star_percent,
    "unit": _unit,
    "T": _turn,
    "reverse_sell_qty": lambda given, _: v4_0.reverse_quantity(_rules(given), given["qty"]),
    "reverse_unit": _reverse_unit,
    "reverse_exit": _reverse_exit,
    "mode": _mode,
    "first_price": _first_price,
}
