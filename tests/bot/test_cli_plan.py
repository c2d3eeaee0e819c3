"""`muhan plan`: the state it takes, what it answers, and what it refuses."""

import json
from typing import Any

import typer
from typer.testing import CliRunner, Result

from bot.cli_plan import plan
from strategy.model import Leg
from strategy.options import OPTIONS
from strategy.reasons import ReasonCode

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
FIXED = "plan --method 2.2 --symbol TQQQ --splits 40"
HELD = f"{FIXED} --unit 1000 --quantity 500 --average 39.32 --previous-close 38"
ROUND = (
    f"{FIXED} --unit 500 --quantity 300 --average 49 --cash 3900 --phase quarter "
    "--previous-close 40"
)
BEGIN = "plan --method 4.0 --symbol TQQQ --splits 40 --principal 20000"


def _call(line: str, *more: str) -> Result:
    return RUNNER.invoke(APP, [*line.split(), *more], env={"COLUMNS": "200"})


def _document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    document: dict[str, Any] = json.loads(result.stdout)
    return document


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
    assert (document["splits"], document["official"]) == (40, True)
    first, last = dict(document["orders"][0]), dict(document["orders"][-1])
    assert "star price 47.40" in first.pop("reason")
    assert "별지점 47.40" in first.pop("reason_ko")
    assert first.pop("reason_code") == "star_half"
    assert "target 47.80" in last.pop("reason")
    assert "목표 47.80" in last.pop("reason_ko")
    assert last.pop("reason_code") == "target_sale"
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
    assert (document["star_price"], document["star_percent"]) == ("30.32", None)
    assert document["reverse_day"] == 2
    legs = [order["leg"] for order in document["orders"]]
    assert legs == ["reverse_buy", *["ladder"] * 8, "reverse_sell"]
    first = _document(_call(REVERSE, "--reverse-day", "1", "--json"))
    (order,) = first["orders"]
    assert (order["leg"], order["type"], order["price"]) == ("reverse_moc", "MOC", None)
    (skip,) = first["skips"]
    assert (skip["leg"], skip["code"]) == ("reverse_buy", "reverse_first_day")
    assert "리버스 첫날" in skip["reason_ko"]


def test_options_of_the_method_reach_the_plan() -> None:
    options = "--ladder 2 --target-percent 10 --cap-percent 5 --band-percent 1 --compounding none"
    document = _document(_call(f"{SOXL} {options}", "--json"))
    assert document["star_percent"] == "9.5"
    assert [order["leg"] for order in document["orders"]].count("folded") == 1
    document = _document(
        _call(f"{BEGIN} --previous-close 40 --first-buy-percent 15", "--json"),
    )
    assert document["orders"][0]["price"] == "46.00"
    assert _document(_call(f"{SOXL} --two-floors", "--json"))["orders"][1]["quantity"] == 6
    assert _document(_call(f"{SOXL} --no-two-floors", "--json"))["orders"][1]["quantity"] == 7


def test_every_option_of_the_method_is_an_option_of_the_command() -> None:
    help_ = RUNNER.invoke(APP, ["plan", "--help"], env={"COLUMNS": "300", "TERM": "dumb"}).stdout
    for option in OPTIONS:
        assert f"--{option.name.replace('_', '-')}" in help_


def test_without_json_a_plan_is_a_table_for_people() -> None:
    result = _call(SOXL)
    assert result.exit_code == 0
    assert "47.39" in result.stdout
    assert "first half" in result.stdout
    assert "unofficial" not in result.stdout


def test_an_unofficial_choice_says_so_and_needs_the_flag_and_a_target() -> None:
    line = "plan --method 4.0 --symbol UPRO --splits 30 --principal 30000 --previous-close 40"
    chosen = f"{line} --unofficial --target-percent 12"
    assert _document(_call(chosen, "--json"))["official"] is False
    assert "(unofficial)" in _call(chosen).stdout
    for more in ("", "--unofficial", "--target-percent 12"):
        refused = _call(f"{line} {more}")
        assert refused.exit_code == 3
        assert "--unofficial" in refused.stderr
        assert "--target-percent" in refused.stderr


def test_cash_follows_from_the_principal_where_a_unit_is_fixed() -> None:
    line = f"{FIXED} --principal 20000 --previous-close 50 --quantity 10 --average 50"
    assert _document(_call(line, "--json"))["unit"] == "500.00"
    assert _document(_call(f"{line} --cash 300", "--json"))["orders"][0]["quantity"] == 2


def test_the_unit_makes_the_principal_and_t_comes_from_the_cost() -> None:
    document = _document(_call(HELD, "--json"))
    assert (document["unit"], document["turn"], document["half"]) == ("1000.00", "19.66", "first")
    told = _document(_call(f"{HELD} --turn 20", "--json"))
    assert (told["turn"], told["half"]) == ("20", "second")


def test_the_principal_follows_from_cash_and_cost_where_neither_is_told() -> None:
    line = f"{FIXED} --cash 15000 --quantity 100 --average 50 --previous-close 40"
    assert _document(_call(line, "--json"))["unit"] == "500.00"


def test_the_rounds_of_the_quarter_phase_take_their_step_and_unit() -> None:
    first = _document(_call(ROUND, "--json"))
    assert (first["phase"], first["quarter_round"], first["unit"]) == ("quarter", 1, "390.00")
    third = _document(_call(f"{ROUND} --quarter-round 3", "--json"))
    assert (third["quarter_round"], third["unit"]) == (3, "487.50")
    own = _document(_call(f"{ROUND} --quarter-round 3 --quarter-unit 390", "--json"))
    assert (own["unit"], own["orders"][0]["leg"]) == ("390.00", "quarter_buy")
    moc = _document(_call(f"{ROUND} --quarter-round 0", "--json"))
    assert [order["leg"] for order in moc["orders"]] == ["quarter_moc", "target"]
    last = _document(_call(f"{ROUND} --quarter-round 11", "--json"))
    assert [order["leg"] for order in last["orders"]] == ["quarter_moc", "target"]


def test_the_rounds_of_3_0_have_the_cycles_unit() -> None:
    line = (
        "plan --method 3.0 --symbol TQQQ --splits 20 --unit 1000 --quantity 375 --average 39 "
        "--cash 5000 --phase quarter --quarter-round 4 --previous-close 33"
    )
    assert _document(_call(line, "--json"))["unit"] == "1000.00"
    shared = _document(_call(f"{line} --quarter-budget shared", "--json"))
    assert shared["unit"] == "1000.00"
    poor = line.replace("--cash 5000", "--cash 1500")
    assert _document(_call(f"{poor} --quarter-budget shared", "--json"))["unit"] == "750.00"


def test_an_unknown_previous_close_is_a_plan_without_orders() -> None:
    document = _document(_call(BEGIN, "--json"))
    assert document["orders"] == []
    assert document["skips"][0]["code"] == "previous_close_unknown"
    assert "no first: the previous close is unknown" in _call(BEGIN).stdout


def test_explain_says_how_every_figure_came_in_both_languages() -> None:
    basis = _document(_call(SOXL, "--explain", "--json"))["basis"]
    assert basis["en"] == [
        "first half: T 1 < 40 / 2 = 20",
        "unit 500.56 = cash 19522.00 / (40 - 1)",
        "star price 47.40 = average 39.83 x 1.19",
    ]
    assert basis["ko"][1] == "1회매수금 500.56 = 잔금 19522.00 / (40 - 1)"
    assert "basis" not in _document(_call(SOXL, "--json"))
    people = _call(SOXL, "--explain").stdout
    for sentence in (*basis["en"], *basis["ko"]):
        assert sentence in people
    assert f"buy LOC 47.39 x 5  [{Leg.STAR}, {ReasonCode.STAR_HALF}]" in people
    assert "목표 47.80 = 평단 39.83 x 1.2; 보유 12주 - 3주 = 9주" in people


def test_explain_says_why_a_leg_is_not_there() -> None:
    line = "plan --method 4.0 --symbol TQQQ --splits 40 --cash 700 --quantity 3 --average 40"
    people = _call(f"{line} --turn 5 --previous-close 40", "--explain").stdout
    assert "no star  [star, unit_under_one_share]" not in people
    assert "no star  [unit_under_one_share]" in people
    assert "보유 3주의 1/4은 1주가 안 되어 모두 목표가에 둡니다" in people


def test_what_if_plans_tomorrow_for_eleven_closes() -> None:
    outcomes = _document(_call(SOXL, "--what-if", "--json"))["what_if"]
    assert [each["close"] for each in outcomes][:2] == ["36.00", "37.20"]
    assert [each["percent"] for each in outcomes][-2:] == ["7", "10"]
    low = outcomes[0]
    assert (low["bought"], low["sold"], low["quantity"]) == (13, 0, 25)
    assert (low["cash"], low["realized"], low["cycle_ends"]) == ("19054", "0", False)
    assert low["plan"]["turn"] == "2"
    assert low["plan"]["orders"][0]["leg"] in {"star", "folded"}
    people = _call(SOXL, "--what-if").stdout
    assert "36.00" in people
    assert "straight from the last close" in people


def test_what_if_says_where_a_cycle_ends_and_a_phase_begins() -> None:
    line = (
        "plan --method 4.0 --symbol TQQQ --splits 40 --cash 19000 --quantity 12 --average 36 "
        "--turn 1 --previous-close 40"
    )
    ends = _document(_call(line, "--what-if", "--json"))["what_if"]
    assert [each["cycle_ends"] for each in ends] == [False] * 8 + [True] * 3
    assert "cycle ends" in _call(line, "--what-if").stdout
    late = (
        "plan --method 4.0 --symbol TQQQ --splits 40 --cash 500 --quantity 400 --average 49 "
        "--turn 39 --previous-close 40"
    )
    phases = [
        each["plan"]["phase"] for each in _document(_call(late, "--what-if", "--json"))["what_if"]
    ]
    assert phases[:2] == ["reverse", "reverse"]
    assert "reverse" in _call(late, "--what-if").stdout
