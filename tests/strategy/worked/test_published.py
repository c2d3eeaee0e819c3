"""The published worked examples that lie beside the project, where they are there."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from strategy import legs, reverse, turn, v4_0, versions
from strategy.cycle import settle
from strategy.legs import Star
from strategy.model import Leg, Market, Order, Plan, Rules
from strategy.price import round12, round_half_up
from tests.strategy.states import TUESDAY, fresh, full, holding, in_reverse, leg, owning

PUBLISHED = Path(__file__).parents[3] / ".." / "shared" / "data" / "method" / "published.json"
Given = Mapping[str, Any]


def _vectors() -> list[Any]:
    if not PUBLISHED.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="no published.json beside us"))]
    document = json.loads(PUBLISHED.read_text(encoding="utf-8"), parse_float=Decimal)
    return [pytest.param(vector, id=vector["id"]) for vector in document["vectors"]]


@pytest.mark.parametrize("vector", _vectors())
def test_a_published_example_comes_out_as_published(vector: Given) -> None:
    expected = vector["expected"]
    if isinstance(expected, list):
        expected = [(line["leg"], line["price"], line["qty"]) for line in expected]
    assert ANSWERS[vector["kind"]](vector["input"], vector["version"]) == expected


def _rules(given: Given, version: str, **over: Any) -> Rules:
    splits = given.get("splits", 40)
    return fresh(given.get("symbol", "TQQQ"), splits, method=version, **over).rules


def _lines(orders: list[Order]) -> list[tuple[str, Decimal | None, int]]:
    names = {"average": "avg"}
    return [(names.get(o.leg.value, o.leg.value), o.price, o.quantity) for o in orders]


def _first_buy(given: Given, version: str) -> object:
    own = {"first_buy_percent": given["big"] * 100, "ladder": given["ladder"]}
    principal = str(given["unit"] * given["splits"])
    state = fresh(given["symbol"], given["splits"], principal, method=version, **own)
    return _lines(list(versions.plan(state, Market(closes=(given["prev_close"],))).orders))


def _star_of(given: Given) -> Star:
    return Star(given["star"], given["avg"], given["star"] / given["avg"])


def _buys(given: Given, version: str) -> object:
    unit, rules = Decimal(given["unit"]), _rules(given, version, ladder=given["ladder"])
    main = legs.first_half(rules, unit, _star_of(given))
    return _lines([*main, *legs.ladder(rules, unit, main)])


def _sells(given: Given, version: str) -> object:
    return _lines(legs.sells(_rules(given, version), given["qty"], _star_of(given)))


def _star_percent(given: Given, version: str) -> object:
    percent = round12(legs.star_percent(_rules(given, version), Decimal(given["T"])))
    return round_half_up(percent) if given["splits"] == 35 else percent


def _star(given: Given, version: str) -> object:
    star = legs.star(_rules(given, version), Decimal(given["avg"]), Decimal(given["T"]))
    return {"star_pct": _star_percent(given, version), "star": star.price}


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


def _reverse_quantity(given: Given, version: str) -> object:
    return reverse.quantity_sold(_rules(given, version), given["qty"])


def _first_price(given: Given, version: str) -> object:
    rules = _rules(given, version)
    assert rules.first_buy_percent == given["big"] * 100
    return legs.first_price(rules, given["prev_close"])


def _turn_from_cost(given: Given, version: str) -> object:
    rules = _rules(given, version, turn_decimals=given["places"])
    return turn.from_cost(rules, Decimal(given["unit"]), 1, Decimal(given["cost"]))


def _grown_unit(given: Given, version: str) -> object:
    splits = given["splits"]
    base = fresh("TQQQ", splits, str(given["unit"] * splits), method=version)
    state = owning(base, 80, "50")
    plan = versions.plan(state, Market(closes=(Decimal(50),)))
    quarter = leg(plan, Leg.QUARTER)
    price = 50 + Decimal(given["profit"]) / quarter.quantity
    done = settle(plan, [full(quarter, str(price))], TUESDAY)
    assert done.realized == given["profit"]
    return done.cycle.unit


ANSWERS: Mapping[str, Callable[[Given, str], object]] = {
    "first_buy": _first_buy,
    "buys": _buys,
    "sells": _sells,
    "star": _star,
    "star_pct": _star_percent,
    "unit": _unit,
    "T": _turn,
    "reverse_sell_qty": _reverse_quantity,
    "reverse_unit": _reverse_unit,
    "reverse_exit": _reverse_exit,
    "mode": _mode,
    "first_price": _first_price,
    "T_cost": _turn_from_cost,
    "compound_unit": _grown_unit,
}
