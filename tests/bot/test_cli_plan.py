import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli_plan import plan

APP = typer.Typer()
APP.command()(plan)
APP.command("nothing")(lambda: None)
RUNNER = CliRunner()

SOXL = (
    "plan --method 4.0 --symbol SOXL --splits 40 --principal 20000 --cash 19522 --quantity 12 "
    "--average 39.83 --turn 1 --previous-close 40.00"
)
REVERSE = (
    "plan --method 4.0 --symbol TQQQ --splits 40 --phase reverse --cash 700 --quantity 190 "
    "--average 98 --turn 37.525 --closes 31,30.2,29.8,30.5,30.11"
)
HELD_IN_REVERSE = (
    "--method 4.0 --symbol TQQQ --splits 40 --cash 9 --quantity 5 --average 9 --turn 30 "
    "--phase reverse --closes 5"
)


def _call(line: str, *more: str) -> Result:
    return RUNNER.invoke(APP, [*line.split(), *more])


def _document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def _refused(result: Result) -> str:
    assert result.exit_code == 3, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_the_published_plan_comes_out_as_the_command_line_page_shows_it() -> None:
    document = _document(_call(SOXL, "--json"))
    shown = {key: document[key] for key in ("method", "symbol", "phase", "half", "unit", "turn")}
    assert shown == {
        "method": "4.0",
        "symbol": "SOXL",
        "phase": "normal",
        "half": "first",
        "unit": "500.56",
        "turn": "1",
    }
    assert (document["star_percent"], document["star_price"]) == ("19", "47.40")
    first, last = dict(document["orders"][0]), dict(document["orders"][-1])
    assert "star price 47.40" in first.pop("reason")
    assert last.pop("reason")
    assert first == {"side": "buy", "type": "LOC", "price": "47.39", "quantity": 5, "leg": "star"}
    assert last == {
        "side": "sell",
        "type": "LIMIT",
        "price": "47.80",
        "quantity": 9,
        "leg": "target",
    }


def test_reverse_is_day_two_unless_told_and_day_one_is_the_moc() -> None:
    document = _document(_call(REVERSE, "--json"))
    assert (document["phase"], document["half"], document["unit"]) == ("reverse", None, "175.00")
    assert document["star_price"] == "30.32"
    legs = [order["leg"] for order in document["orders"]]
    assert legs == ["reverse_buy", *["ladder"] * 8, "reverse_sell"]
    first = _document(_call(REVERSE, "--reverse-day", "1", "--json"))
    (order,) = first["orders"]
    assert (order["leg"], order["type"], order["price"]) == ("reverse_moc", "MOC", None)


def test_options_of_the_method_reach_the_plan() -> None:
    options = "--ladder 2 --target-percent 10 --cap-percent 5 --band-percent 1 --compounding none"
    document = _document(_call(f"{SOXL} {options}", "--json"))
    assert document["star_percent"] == "9.5"
    assert [order["leg"] for order in document["orders"]].count("folded") == 1
    first = "plan --method 4.0 --symbol TQQQ --splits 40 --principal 20000 --previous-close 40"
    document = _document(_call(f"{first} --first-buy-percent 15", "--json"))
    assert document["orders"][0]["price"] == "46.00"


def test_without_json_a_plan_is_a_table_for_people() -> None:
    result = _call(SOXL)
    assert result.exit_code == 0
    assert "47.39" in result.stdout
    assert "first half" in result.stdout


def test_cash_follows_from_the_principal_where_nothing_was_realized() -> None:
    line = "plan --method 4.0 --symbol TQQQ --splits 40 --principal 20000 --previous-close 40"
    held = f"{line} --quantity 10 --average 50 --turn 1"
    assert _document(_call(line, "--json"))["unit"] == "500.00"
    assert _document(_call(held, "--json"))["unit"] == "500.00"


def test_an_unknown_previous_close_is_a_plan_without_orders() -> None:
    line = "plan --method 4.0 --symbol TQQQ --splits 40 --principal 20000"
    document = _document(_call(line, "--json"))
    assert document["orders"] == []
    assert document["skips"][0]["code"] == "previous_close_unknown"


@pytest.mark.parametrize(
    "more",
    [
        "--cash abc",
        "--cash nan",
        "--cash 1e999999",
        "--quantity 5 --cash 100 --turn 1 --average 1e-99999",
        "--quantity 5 --cash 100",
        "--quantity 5 --cash 100 --turn 1",
        "",
        "--cash 100 --previous-close 30 --closes 31,32",
        "--cash 100 --closes 31,x",
        "--cash 100 --reverse-day 2",
        "--cash 100 --unit 50",
        "--cash 100 --phase sideways",
    ],
)
def test_a_call_whose_words_are_wrong_ends_with_two(more: str) -> None:
    result = _call(f"plan --method 4.0 --symbol TQQQ --splits 40 {more}")
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--method 2.2 --symbol TQQQ --splits 40 --cash 1", "version 2.2 of the method is not"),
        ("--method 9 --symbol TQQQ --splits 40 --cash 1", "no version 9"),
        ("--method 4.0 --symbol UPRO --splits 40 --cash 1", "UPRO needs a target percent"),
        ("--method 4.0 --symbol TQQQ --splits 35 --cash 1", "splits must be"),
        (
            "--method 4.0 --symbol TQQQ --splits 40 --cash 1 --quantity 5 --average 9 --turn 50",
            "T must lie between",
        ),
        (
            HELD_IN_REVERSE,
            "needs the last 5 closes",
        ),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused_with_one_line(line: str, sentence: str) -> None:
    assert sentence in _refused(_call(f"plan {line}", "--json"))
