"""What is seen of each option: its default answer, and what another answer changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strategy.model import Compounding, Leg, QuarterBudget, QuarterRounding
from tests.strategy import looks
from tests.strategy.looks import FIVE, Look
from tests.strategy.states import D, holding, in_reverse, owning

EIGHT_RUNGS = ["41.66", "38.46", "35.71", "33.33", "31.25", "29.41", "27.77", "26.31"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """An option of one version: what is seen by default, and with each other answer."""

    method: str
    look: Look
    default: object
    others: Mapping[Any, object]


CASES: Mapping[str, Case] = {
    "target_percent": Case(
        method="2.2",
        look=looks.price(Leg.TARGET),
        default="44.00",
        others={D(12): "44.80", D("0.1"): "40.04"},
    ),
    "near_target_percent": Case(
        method="2.1",
        look=looks.price(Leg.NEAR_TARGET, quantity=300),
        default="42.00",
        others={D(3): "41.20"},
    ),
    "reverse_exit_percent": Case(
        method="2.2", look=looks.line, default="44.10", others={D(12): "43.12"}
    ),
    "first_buy_percent": Case(
        method="4.0",
        look=looks.first_buy,
        default=("44.80", 11),
        others={D(10): ("44.00", 11), D(15): ("46.00", 10)},
    ),
    "ladder": Case(
        method="4.0",
        look=looks.rungs,
        default=EIGHT_RUNGS,
        others={0: [], 2: EIGHT_RUNGS[:2]},
    ),
    "ladder_floor_percent": Case(
        method="4.0",
        look=looks.rungs,
        default=EIGHT_RUNGS,
        others={D(30): EIGHT_RUNGS[:6]},
    ),
    "band_percent": Case(
        method="4.0",
        look=looks.dearest_buy("36"),
        default=("star", "42.99"),
        others={D(10): ("folded", "39.60"), D(20): ("star", "42.99")},
    ),
    "cap_percent": Case(
        method="4.0",
        look=looks.dearest_buy("35"),
        default=("folded", "38.50"),
        others={D(15): ("folded", "40.25")},
    ),
    "turn_decimals": Case(
        method="2.2", look=looks.turn_at("40.01"), default=D("8.01"), others={1: D("8.1")}
    ),
    "turn_half_up": Case(
        method="2.2", look=looks.turn_at("40.01"), default=D("8.01"), others={True: D(8)}
    ),
    "two_floors": Case(
        method="4.0",
        look=looks.shares(Leg.STAR, Leg.AVERAGE),
        default=[5, 7],
        others={True: [5, 6]},
    ),
    "quarter_rounding": Case(
        method="4.0",
        look=looks.quarter_of(383),
        default=[95],
        others={QuarterRounding.HALF_UP: [96], QuarterRounding.AT_LEAST_ONE: [95]},
    ),
    "average_less_cent": Case(
        method="4.0", look=looks.price(Leg.AVERAGE), default="40.00", others={True: "39.99"}
    ),
    "exhausted_at_last_unit": Case(
        method="4.0",
        look=looks.phase_of(lambda base: holding(400, "40", "39", "5000", base)),
        default="normal",
        others={True: "reverse"},
    ),
    "exhausted_without_share": Case(
        method="4.0",
        look=looks.phase_of(lambda base: holding(400, "40", "30", "300", base)),
        default="reverse",
        others={False: "normal"},
    ),
    "moc_without_share": Case(
        method="4.0",
        look=looks.orders_of(lambda base: in_reverse(200, "98", "30", "100", base), FIVE),
        default=["reverse_moc"],
        others={False: ["reverse_sell"]},
    ),
    "sell_one_in_reverse": Case(
        method="4.0",
        look=looks.orders_of(lambda base: in_reverse(19, "98", "30", "100", base, day=1)),
        default=["reverse_moc"],
        others={False: []},
    ),
    "exit_on_old_average": Case(
        method="4.0",
        look=looks.phase_after_a_dearer_average,
        default="normal",
        others={True: "reverse"},
    ),
    "reverse_factor": Case(
        method="4.0",
        look=looks.turn_after(Leg.REVERSE_SELL, reverse=True),
        default=D("28.5"),
        others={D("0.925"): D("27.75")},
    ),
    "target_on_moc_day": Case(
        method="2.2",
        look=looks.orders_of(lambda base: owning(base, 400, "49")),
        default=["quarter_moc", "target"],
        others={False: ["quarter_moc"]},
    ),
    "quarter_budget": Case(
        method="2.2",
        look=looks.unit_of_rounds,
        default=390,
        others={QuarterBudget.SAME: 500, QuarterBudget.SHARED: 390},
    ),
    "grow_at_cycle_end": Case(
        method="3.0",
        look=looks.unit_at_a_sale,
        default=(1010, D("1021.25")),
        others={True: (1000, D("1021.25"))},
    ),
    "target_by_ratio": Case(
        method="4.0",
        look=looks.turn_after(Leg.TARGET),
        default=D("2.5"),
        others={True: D("2.450980392157")},
    ),
    "prorata_credit": Case(
        method="4.0",
        look=looks.turn_after(Leg.STAR, 2),
        default=10,
        others={True: D("10.2")},
    ),
    "sell_out_percent": Case(
        method="1.0",
        look=looks.orders_of(lambda base: holding(100, "40", "40", "15000", base)),
        default=["target"],
        others={D(10): ["sell_out"]},
    ),
    "compounding": Case(
        method="4.0",
        look=looks.next_principal,
        default=(23000, 0),
        others={
            Compounding.NONE: (21000, 2000),
            Compounding.HALF: (22000, 1000),
            Compounding.YEARLY: (20000, 3000),
        },
    ),
    "fee_percent": Case(
        method="4.0",
        look=looks.fees,
        default=("0", "0"),
        others={D("0.25"): ("0.50", "8.63")},
    ),
    "sell_fee_percent": Case(
        method="4.0", look=looks.fees, default=("0", "0"), others={D("0.25"): ("0", "8.63")}
    ),
    "sec_fee_percent": Case(
        method="4.0", look=looks.fees, default=("0", "0"), others={D("0.00278"): ("0", "0.10")}
    ),
    "fee_in_sizing": Case(method="4.0", look=looks.sized, default=11, others={True: 10}),
}
