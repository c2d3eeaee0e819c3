"""What `muhan plan` refuses: wrong words with 2, a state or agreement that cannot be with 3."""

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli_plan import plan

APP = typer.Typer()
APP.command()(plan)
APP.command("nothing")(lambda: None)
RUNNER = CliRunner()
BEGIN = "plan --method 4.0 --symbol TQQQ --splits 40 --principal 20000"


def _call(line: str, *more: str) -> Result:
    return RUNNER.invoke(APP, [*line.split(), *more])


def _refused(result: Result) -> str:
    assert result.exit_code == 3, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize(
    "more",
    [
        "--cash abc",
        "--cash nan",
        "--cash 1e999999",
        "--quantity 5 --cash 100 --turn 1 --average 1e-99999",
        "--quantity -1 --cash 100",
        "--quantity 1.5 --cash 100",
        "--cash 100 --previous-close 30 --closes 31,32",
        "--cash 100 --closes 31,x",
        "--cash 100 --closes 31,,32",
        "--cash 100 --reverse-day 2",
        "--cash 100 --reverse-day -1 --phase reverse",
        "--cash 100 --quarter-round 2",
        "--cash 100 --quarter-unit 2",
        "--cash 100 --unit 50",
        "--cash 100 --phase sideways",
        "--cash 100 --ladder many",
        "--cash 100 --target-percent ten",
        "--cash 100 --compounding sometimes",
        "--cash 100 --quarter-rounding up",
        "--cash 100 --colour green",
    ],
)
def test_a_call_whose_words_are_wrong_ends_with_two(more: str) -> None:
    result = _call(f"plan --method 4.0 --symbol TQQQ --splits 40 {more}")
    assert result.exit_code == 2
    assert result.stdout == ""


V4 = "--method 4.0 --symbol TQQQ --splits 40"
V4_HELD = f"{V4} --previous-close 40 --cash 100 --quantity 5 --average 9"
V2 = "--method 2.2 --symbol TQQQ --splits 40 --previous-close 40"
REFUSED_STATES = {
    f"{V4_HELD} --turn 50": "T must lie between 0 and 40, not at 50",
    f"{V4_HELD} --turn -1": "T must lie between 0 and 40, not at -1",
    f"{V4_HELD}": "--turn must be given: 4.0 counts T by events",
    f"{V4} --cash -1": "the --cash must be 0 or more, not -1",
    f"{V4} --principal 0": "the --principal must be above 0, not 0",
    f"{V4} --principal -5": "the --principal must be above 0, not -5",
    f"{V4}": "give --cash, or --principal at the start",
    f"{V4} --quantity 5 --average 9 --turn 1": "the --cash that is left must be given too",
    f"{V4} --cash 1 --quantity 5 --turn 1": "their --average must be given and above 0",
    f"{V4} --cash 1 --quantity 5 --turn 1 --average 0": "must be given and above 0",
    f"{V4} --cash 1 --quantity 5 --turn 1 --average -9": "must be given and above 0",
    f"{V4} --cash 1 --quantity 5 --turn 1 --average 0.001 --previous-close 1": "a cent at least",
    f"{V4} --cash 1 --average 9 --previous-close 9": "nothing is held, so T and the average must",
    f"{V4} --cash 1 --turn 9 --previous-close 9": "nothing is held, so T and the average must be",
    f"{V4} --cash 1 --previous-close 0": "a close must be a price above 0, not 0",
    f"{V4} --cash 1 --closes 9,-1": "a close must be a price above 0, not -1",
    f"{V4} --cash 9 --quantity 5 --average 9 --turn 30 --phase reverse --closes 5,5,5,5": (
        "day 2 of the reverse phase needs the last 5 closes, but only 4 are known"
    ),
    f"{V4_HELD} --turn 3 --phase reverse --reverse-day 0": "count from 1, the day of the MOC",
    f"{V4_HELD} --turn 3 --phase quarter": "no quarter phase: give normal or reverse",
    f"{V4} --cash 1 --quantity 2000000000 --average 9 --turn 1 --previous-close 9": (
        "the quantity held must be 0 to 1000000000"
    ),
    f"{V2}": "give --cash, or --principal or --unit at the start",
    f"{V2} --unit 0": "the unit must be above 0, not 0: give --unit or --principal",
    f"{V2} --unit -3": "the unit must be above 0, not -3",
    f"{V2} --unit 100 --quantity 500 --average 39": (
        "T must lie between 0 and 40, not at 195 (quantity x average / unit 100)"
    ),
    f"{V2} --unit 0.01 --quantity 1000000000 --average 999999999": "beyond any count of units",
    f"{V2} --unit 1000 --quantity 5 --average 39 --phase reverse": (
        "version 2.2 has no reverse phase: give normal or quarter"
    ),
    f"{V2} --unit 1000 --quantity 5 --average 39 --phase quarter --quarter-round 13": (
        "the rounds of the quarter phase are 1 to 10 (0 and 11 are its days at the close), not 13"
    ),
    f"{V2} --unit 1000 --quantity 5 --average 39 --phase quarter --quarter-unit -1": (
        "the unit cannot be below 0"
    ),
    "--method 1.0 --symbol TQQQ --splits 40 --principal 9 --previous-close 4 --phase reverse": (
        "version 1.0 has the normal phase only"
    ),
}
REFUSED_AGREEMENTS = {
    "--method 9 --symbol TQQQ --splits 40 --cash 1": (
        "no version 9 of the method: 1.0, 2.1, 2.2, 3.0, 4.0 exist"
    ),
    "--method 4.0 --symbol UPRO --splits 40 --cash 1": "UPRO needs --unofficial and a --target",
    "--method 4.0 --symbol TQQQ --splits 30 --cash 1": "30 splits: this choice needs --unofficial",
    "--method 4.0 --symbol TQQQ --splits 35 --cash 1": "takes 20, 30 or 40 splits, not 35",
    "--method 2.2 --symbol TQQQ --splits 5 --cash 1": "takes 10 to 100 splits, not 5",
    f"{V4} --cash 1 --target-percent 0": "target percent must lie between 0.1 and 100, not at 0",
    f"{V4} --cash 1 --target-percent 101": "target percent must lie between 0.1 and 100",
    f"{V4} --cash 1 --reverse-exit-percent 100": "must lie between 0.1 and 99, not at 100",
    f"{V4} --cash 1 --first-buy-percent -1": "first buy percent must lie between 0 and 100",
    f"{V4} --cash 1 --fee-percent 11": "the fee percent must lie between 0 and 10, not at 11",
    f"{V4} --cash 1 --ladder 16": "the ladder must lie between 0 and 15, not at 16",
    f"{V4} --cash 1 --turn-decimals 3": "the turn decimals must lie between 1 and 2, not at 3",
    "--method 2.1 --symbol TQQQ --splits 40 --cash 1 --near-target-percent 11": (
        "near target percent, 11, must not be above the target percent, 10"
    ),
}


@pytest.mark.parametrize("line", REFUSED_STATES)
def test_a_state_that_cannot_be_is_refused_with_one_line_that_says_what_is_expected(
    line: str,
) -> None:
    for more in ((), ("--json",), ("--what-if",)):
        refused = _refused(_call(f"plan {line}", *more))
        assert refused.startswith("No plan: ")
        assert REFUSED_STATES[line] in refused


@pytest.mark.parametrize("line", REFUSED_AGREEMENTS)
def test_an_agreement_that_cannot_be_is_refused_with_one_line(line: str) -> None:
    refused = _refused(_call(f"plan {line}", "--json"))
    assert REFUSED_AGREEMENTS[line] in refused
    assert refused.endswith(".\n")


def test_what_if_without_a_last_close_is_refused() -> None:
    assert "what would be needs the previous close" in _refused(_call(BEGIN, "--what-if"))
