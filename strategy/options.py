"""The options of an agreement: what each disputed point of the method decides, and who says so.

One table serves the command line (`--name` with dashes), the range checks and docs/options.md.
Sources are the points D1 to D20 of method.md section 10 and the paragraphs that they refer to.
"""

from dataclasses import dataclass
from decimal import Decimal

from strategy.errors import StrategyError
from strategy.model import Rules

ALL = ("1.0", "2.1", "2.2", "3.0", "4.0")
STARRED = ("2.2", "3.0", "4.0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A field of Rules that the owner may choose.

    `default` is the recommended answer in words (a version's own table may differ), `least` and
    `most` bound numbers, `unit` names what they count, `versions` are those it bears upon.
    """

    name: str
    summary: str
    default: str
    source: str
    versions: tuple[str, ...] = ALL
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None


def _percent(
    name: str,
    summary: str,
    default: str,
    source: str,
    *,
    least: str = "0",
    most: str = "100",
    versions: tuple[str, ...] = ALL,
) -> Option:
    return Option(
        name=name,
        summary=summary,
        default=default,
        source=source,
        versions=versions,
        unit="PERCENT",
        least=Decimal(least),
        most=Decimal(most),
    )


def _choice(
    name: str, summary: str, default: str, source: str, versions: tuple[str, ...] = ALL
) -> Option:
    return Option(name=name, summary=summary, default=default, source=source, versions=versions)


OPTIONS: tuple[Option, ...] = (
    _percent(
        "target_percent",
        "How far over the average the target stands; needed for what a version does not name.",
        "1.0, 2.1: 10; 2.2: TQQQ 10, SOXL 12; 3.0, 4.0: TQQQ 15, SOXL 20",
        "section 1; D16: 10 for SOXL in 2.2 gives 10 - T/2",
        least="0.1",
    ),
    _percent(
        "near_target_percent",
        "The nearer target of 2.1, and how far over the average its dearer buy stands.",
        "5",
        "section 4",
        least="0.1",
        versions=("2.1",),
    ),
    _percent(
        "reverse_exit_percent",
        "How far under the average the reverse phase ends, and the quarter phase's line lies.",
        "2.2: TQQQ 10, SOXL 12; 3.0, 4.0: TQQQ 15, SOXL 20; else the target percent",
        "7.3, 5, 6",
        least="0.1",
        most="99",
        versions=STARRED,
    ),
    _percent(
        "first_buy_percent",
        "How far over the previous close a big-number buy may go (the first; 1.0's every day).",
        "12; 2.2 TQQQ 10",
        "2.5, D6",
    ),
    Option(
        name="ladder",
        summary="Rungs for sharp drops.",
        default="8; 1.0, 2.1: 0",
        source="2.3, D5",
        unit="RUNGS",
        least=Decimal(0),
        most=Decimal(15),
    ),
    _percent(
        "ladder_floor_percent",
        "Leave out rungs further than this under the previous close.",
        "none is left out",
        "D5",
        least="0.1",
        most="99",
    ),
    _percent(
        "band_percent",
        "Buys further than this above the last close are folded at the cap.",
        "20",
        "2.6, D7: the same as cap-percent folds always",
        most="1000",
    ),
    _percent(
        "cap_percent",
        "Where folded buys stand above the last close.",
        "10",
        "2.6, D7",
        most="1000",
    ),
    Option(
        name="turn_decimals",
        summary="Decimals of a T from cost: 2, or 1 as before 2024-09-05.",
        default="2",
        source="5, D1",
        versions=("2.1", "2.2", "3.0"),
        unit="DECIMALS",
        least=Decimal(1),
        most=Decimal(2),
    ),
    _choice(
        "turn_half_up",
        "Round a T from cost half-up instead of up.",
        "up",
        "D1",
        ("2.1", "2.2", "3.0"),
    ),
    _choice(
        "two_floors",
        "Cut each half of the unit to whole shares on its own.",
        "the average leg takes the whole unit's shares less the star leg's",
        "2.2, D2",
    ),
    _choice(
        "quarter_rounding",
        "What a quarter of the shares is where they do not divide by four.",
        "floor",
        "2.4, D3",
        ("2.1", *STARRED),
    ),
    _choice(
        "average_less_cent",
        "Put the average leg one cent under the average.",
        "at the average, never above the star leg",
        "2.2, D4",
        ("2.1", *STARRED),
    ),
    _choice(
        "exhausted_at_last_unit",
        "Call the units used up at T = a - 1 already.",
        "strictly above",
        "7.1, D8",
        ("2.1", *STARRED),
    ),
    _choice(
        "exhausted_without_share",
        "Enter reverse when a second-half unit buys no share.",
        "enter",
        "2.2, D20",
        ("4.0",),
    ),
    _choice(
        "moc_without_share",
        "Sell at the close only while a quarter of the cash buys no share.",
        "at the close only",
        "7.3 (2026-08-02)",
        ("4.0",),
    ),
    _choice(
        "sell_one_in_reverse",
        "Sell one share where a reverse day's part is less than one.",
        "sell one",
        "7.3, D10",
        ("4.0",),
    ),
    _choice(
        "exit_on_old_average",
        "Compare reverse's exit with the average before the day's fills.",
        "the average after them",
        "7.3, D11",
        ("4.0",),
    ),
    Option(
        name="reverse_factor",
        summary="What a whole reverse sale leaves of T.",
        default="1 - 2/a",
        source="7.3, D18: 0.925 at 30 splits is one program's",
        versions=("4.0",),
        unit="FACTOR",
        least=Decimal("0.5"),
        most=Decimal(1),
    ),
    _choice(
        "target_on_moc_day",
        "Keep the target sale on the quarter phase's days at the close.",
        "keep it",
        "5, D12",
        ("2.2", "3.0"),
    ),
    _choice(
        "quarter_budget",
        "The unit of the quarter phase's rounds: cash shared over them, or the same unit.",
        "2.2: shared; 3.0: same",
        "5, 6",
        ("2.2", "3.0"),
    ),
    _choice(
        "grow_at_cycle_end",
        "Let 3.0's unit grow when a cycle ends instead of at each sale.",
        "at each profitable sale",
        "6, D13",
        ("3.0",),
    ),
    _choice(
        "target_by_ratio",
        "After a target sale without a buy, T falls as the quantity does.",
        "T x 0.25",
        "7.2, D14",
        ("4.0",),
    ),
    _choice(
        "prorata_credit",
        "Credit a partly filled buy in proportion.",
        "whole from half of it on, else nothing",
        "7.2, D15",
        ("1.0", "4.0"),
    ),
    _percent(
        "sell_out_percent",
        "With the units used up, sell all at a close within this many percent under the average.",
        "wait for the target",
        "3",
        versions=("1.0",),
        most="99",
    ),
    _choice(
        "compounding",
        "What becomes of a finished cycle's profit.",
        "1.0, 2.1, 2.2: none; 3.0: half; 4.0: full",
        "2.8, 5, 6",
    ),
    _percent("fee_percent", "Commission on an order's filled total.", "0", "2.9", most="10"),
    _percent(
        "sell_fee_percent", "Commission on sales, where it differs.", "as fee-percent", "2.9",
        most="10",
    ),
    _percent(
        "sec_fee_percent", "The SEC's fee on sales, such as 0.00278.", "0", "2.9", most="10"
    ),
    _choice("fee_in_sizing", "Take the commission off a unit before shares are counted.",
            "units are gross", "2.9, D17"),
)  # fmt: skip


def check(rules: Rules) -> None:
    """Refuse numbers out of range or at odds; raises StrategyError with one sentence."""
    for option in OPTIONS:
        value = getattr(rules, option.name)
        if value is None or option.least is None or option.most is None:
            continue
        number = Decimal(value)
        if not number.is_finite() or not option.least <= number <= option.most:
            name = option.name.replace("_", " ")
            raise StrategyError(
                f"the {name} must lie between {option.least} and {option.most}, not at {value}"
            )
    if rules.method == "2.1" and rules.near_target_percent > rules.target_percent:
        raise StrategyError(
            f"2.1's near target percent, {rules.near_target_percent}, must not be above the "
            f"target percent, {rules.target_percent}: its dearer buy would pass the target"
        )
