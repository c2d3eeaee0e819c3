"""The worked examples come out to the cent, from the book and through `muhan plan`."""

import json
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.cli_plan import plan as plan_command
from strategy import versions
from strategy.compounding import fixed_unit
from strategy.model import Counting, Cycle, Market, Phase, Plan
from strategy.price import round_half_up
from strategy.turn import from_cost
from tests.strategy.worked.example import Example
from tests.strategy.worked.examples_2_2 import EXAMPLES_OF_2_2
from tests.strategy.worked.examples_3_0 import EXAMPLES_OF_3_0
from tests.strategy.worked.examples_4_0 import NORMAL_DAYS_OF_4_0, REVERSE_DAYS_OF_4_0
from tests.strategy.worked.examples_early import EXAMPLES_OF_1_0, EXAMPLES_OF_2_1

APP = typer.Typer()
APP.command()(plan_command)
RUNNER = CliRunner()
EXAMPLES = (
    *NORMAL_DAYS_OF_4_0,
    *REVERSE_DAYS_OF_4_0,
    *EXAMPLES_OF_2_2,
    *EXAMPLES_OF_3_0,
    *EXAMPLES_OF_2_1,
    *EXAMPLES_OF_1_0,
)
CASES = [pytest.param(example, id=example.name) for example in EXAMPLES]
STATE = (
    *("principal", "cash", "quantity", "average", "turn", "unit", "phase", "previous_close"),
    *("closes", "reverse_day", "quarter_round", "quarter_unit"),
)
KINDS: dict[str, Any] = {"ladder": int, "turn_decimals": int}


def _words(example: Example) -> dict[str, str]:
    words = example.given.replace("--unofficial ", "").split()
    names = [word.removeprefix("--").replace("-", "_") for word in words[::2]]
    return dict(zip(names, words[1::2], strict=True))


def _evening(example: Example) -> tuple[Cycle, Market]:
    words = _words(example)
    state = {name: words.pop(name) for name in STATE if name in words}
    method, symbol, splits = words.pop("method"), words.pop("symbol"), int(words.pop("splits"))
    chosen = {name: KINDS.get(name, Decimal)(value) for name, value in words.items()}
    unofficial = "--unofficial" in example.given
    rules = versions.rules(method, symbol, splits, unofficial=unofficial, **chosen)
    given = {name: Decimal(state.get(name, "0")) for name in ("average", "quarter_unit")}
    quantity = int(state.get("quantity", "0"))
    cost = quantity * given["average"]
    unit = Decimal(state.get("unit", "0"))
    cash = Decimal(state["cash"]) if "cash" in state else None
    principal = Decimal(state.get("principal") or unit * splits or cash or 0)
    unit = unit or fixed_unit(rules, principal)
    turn = Decimal(state.get("turn", "0"))
    if rules.counting is Counting.COST:
        turn = from_cost(rules, unit, quantity, given["average"])
    closes = state.get("closes") or state["previous_close"]
    cycle = Cycle(
        rules=rules,
        number=1,
        seed=principal,
        principal=principal,
        cash=principal - cost if cash is None else cash,
        quantity=quantity,
        average=given["average"],
        turn=turn,
        unit=unit,
        phase=Phase(state.get("phase", "normal")),
        reverse_day=int(state.get("reverse_day", "2" if "reverse" in state.values() else "0")),
        quarter_round=int(state.get("quarter_round", "0")),
        quarter_unit=given["quarter_unit"],
    )
    return cycle, Market(closes=tuple(map(Decimal, closes.split(","))))


def _written(orders: Sequence[tuple[str, str | None, int]]) -> str:
    parts: list[str] = []
    for leg, group in groupby(orders, key=lambda order: order[0]):
        lines = list(group)
        if leg == "ladder":
            assert {shares for _, _, shares in lines} == {1}
            parts.append(" ".join(["ladder", *(str(price) for _, price, _ in lines)]))
        else:
            parts += [f"{leg} {price or '-'} x {shares}" for _, price, shares in lines]
    return ", ".join(parts)


def _orders(plan: Plan) -> str:
    return _written(
        [(o.leg.value, None if o.price is None else str(o.price), o.quantity) for o in plan.orders]
    )


@pytest.mark.parametrize("example", CASES)
def test_a_worked_example_comes_out_to_the_cent(example: Example) -> None:
    plan = versions.plan(*_evening(example))
    assert _orders(plan) == example.orders
    assert round_half_up(plan.unit) == Decimal(example.unit)
    assert plan.cycle.turn == Decimal(example.turn)
    assert (plan.cycle.phase.value, plan.half) == (example.phase, example.half)
    percent, star = example.percent, example.star
    assert plan.star_percent == (None if percent is None else Decimal(percent))
    assert plan.star_price == (None if star is None else Decimal(star))


@pytest.mark.parametrize("example", CASES)
def test_a_worked_example_comes_out_of_the_command_line(example: Example) -> None:
    result = RUNNER.invoke(APP, [*example.given.split(), "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    orders = [(each["leg"], each["price"], each["quantity"]) for each in document["orders"]]
    assert _written(orders) == example.orders
    assert document["unit"] == example.unit
    assert (document["turn"], document["phase"]) == (example.turn, example.phase)
    assert (document["half"], document["star_price"]) == (example.half, example.star)
    assert document["star_percent"] == example.percent


def test_there_are_examples_of_every_version_and_phase() -> None:
    met = {(_words(example)["method"], example.phase) for example in EXAMPLES}
    assert met == {
        *((method, "normal") for method in versions.METHODS),
        *(("2.2", "quarter"), ("3.0", "quarter"), ("4.0", "reverse")),
    }
    assert len(EXAMPLES) >= 50
