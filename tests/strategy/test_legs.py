from collections.abc import Sequence

import pytest

from strategy import legs
from strategy.legs import HalfBuy, Star
from strategy.model import Half, Leg, Order, OrderType, QuarterRounding, Rules
from strategy.reasons import NO_REASON, ReasonCode
from tests.strategy.states import D, fresh

RULES = fresh("SOXL", 20).rules


def _lines(orders: Sequence[Order]) -> list[tuple[str, int, Leg]]:
    return [(str(order.price), order.quantity, order.leg) for order in orders]


def _star(price: str, average: str) -> Star:
    return Star(D(price), D(average), D(price) / D(average))


def _buy(price: str, quantity: int, leg: Leg = Leg.STAR, credit: str = "0.5") -> Order:
    return legs.loc_buy(D(price), quantity, leg, D(credit), NO_REASON)


def _rungs(count: int) -> Rules:
    return fresh("SOXL", 20, ladder=count).rules


def test_the_star_is_rounded_half_up_and_its_percent_falls_below_zero() -> None:
    assert legs.star_percent(RULES, D("8.6")) == D("2.8")
    assert legs.star(RULES, D("38.30"), D("8.6")) == Star(D("39.37"), D("38.30"), D("1.028"))
    assert legs.star_percent(RULES, D(15)) == D(-10)
    assert legs.star(RULES, D(100), D(15)) == Star(D("90.00"), D(100), D("0.9"))


def test_a_star_is_divided_once_so_that_thirds_do_not_move_it() -> None:
    thirty = fresh("TQQQ", 30, unofficial=True, target_percent=D(10)).rules
    assert legs.star(thirty, D(30), D(10)).price == D("31.00")
    assert legs.star(thirty, D("0.15"), D(10)).price == D("0.16")


def test_a_line_lies_so_many_percent_over_or_under_the_average() -> None:
    assert legs.line(D("39.71"), D(5)) == Star(D("41.70"), D("39.71"), D("1.05"))
    assert legs.line(D("49.05"), D(-10)) == Star(D("44.15"), D("49.05"), D("0.9"))


def test_the_second_half_begins_at_exactly_half_of_the_splits() -> None:
    assert legs.half(RULES, D("9.999999999999")) is Half.FIRST
    assert legs.half(RULES, D(10)) is Half.SECOND
    odd = fresh("TQQQ", 35, method="2.2").rules
    assert legs.half(odd, D("17.49")) is Half.FIRST
    assert legs.half(odd, D("17.5")) is Half.SECOND


def test_the_average_leg_is_the_whole_units_shares_less_the_star_legs() -> None:
    made = legs.first_half(RULES, D("539.23"), _star("78.12", "69.75"))
    assert _lines(made) == [("78.11", 3, Leg.STAR), ("69.75", 4, Leg.AVERAGE)]
    assert [order.credit for order in made] == [D("0.5"), D("0.5")]
    assert [order.why.code for order in made] == [ReasonCode.STAR_HALF, ReasonCode.AVERAGE_REST]


@pytest.mark.parametrize(
    ("star", "average", "shares"), [("39.32", "38.365", (12, 14)), ("41.35", "39.71", (12, 13))]
)
def test_the_published_tables_of_a_thousand_come_out(
    star: str, average: str, shares: tuple[int, int]
) -> None:
    made = legs.first_half(RULES, D(1000), _star(star, average))
    assert tuple(order.quantity for order in made) == shares


def test_half_a_unit_without_a_share_leaves_one_average_leg_worth_a_whole_unit() -> None:
    alone = legs.first_half(RULES, D(90), _star("46.01", "44.00"))
    assert _lines(alone) == [("44.00", 2, Leg.AVERAGE)]
    assert (alone[0].credit, alone[0].why.code) == (D(1), ReasonCode.ALONE)


@pytest.mark.parametrize("star", ["40.01", "40.00", "38.00"])
def test_an_average_at_the_star_less_a_cent_or_above_makes_one_merged_leg(star: str) -> None:
    made = legs.first_half(RULES, D(1000), _star(star, "40.005"))
    under = D(star) - D("0.01")
    assert _lines(made) == [(str(under), int(1000 / under), Leg.MERGED)]
    assert (made[0].credit, made[0].why.code) == (D(1), ReasonCode.MET)


def test_the_second_half_is_one_whole_unit_a_cent_under_the_star() -> None:
    (order,) = legs.second_half(D(500), _star("38.00", "40"))
    assert (order.price, order.quantity, order.credit) == (D("37.99"), 13, D(1))
    assert order.why.code is ReasonCode.STAR_WHOLE


def test_a_unit_under_one_share_has_no_leg_and_no_ladder() -> None:
    assert legs.first_half(RULES, D(30), _star("42", "40")) == []
    assert legs.second_half(D(30), _star("42", "40")) == []
    assert legs.first_buy(RULES, D(30), D(40)) == []
    assert legs.ladder(RULES, D(30), []) == []


def test_a_unit_of_one_share_at_the_average_is_one_leg() -> None:
    assert _lines(legs.first_half(RULES, D(40), _star("42", "40"))) == [("40.00", 1, Leg.AVERAGE)]
    assert legs.first_half(RULES, D("39.99"), _star("42", "40")) == []


def test_the_dearer_of_two_halves_comes_first_and_the_cheaper_takes_the_rest() -> None:
    dear = HalfBuy(D(45), Leg.BIG, ReasonCode.BIG_HALF, (D(45), D(40), D("1.125"), D(1000)))
    cheap = HalfBuy(D(40), Leg.AVERAGE, ReasonCode.AVERAGE_HALF, (D(40), D(1000), D(40)))
    made = legs.two_halves(RULES, D(1000), dear, cheap)
    assert _lines(made) == [("45", 11, Leg.BIG), ("40", 14, Leg.AVERAGE)]
    assert [order.why.code for order in made] == [ReasonCode.BIG_HALF, ReasonCode.AVERAGE_REST]


def test_the_average_leg_never_stands_above_the_star_leg() -> None:
    assert legs.average_price(RULES, D("38.365"), D("39.31")) == D("38.37")
    assert legs.average_price(RULES, D("38.365"), D("38.30")) == D("38.30")


def test_the_first_buy_stands_twelve_percent_over_the_previous_close() -> None:
    (order,) = legs.first_buy(RULES, D("617.89"), D("45.93"))
    assert (order.price, order.quantity, order.credit) == (D("51.44"), 12, D(1))
    assert order.why.code is ReasonCode.FIRST_BUY


def test_rungs_are_floored_single_shares_under_the_lowest_leg() -> None:
    main = legs.first_buy(RULES, D("617.89"), D("45.93"))
    rungs = legs.ladder(_rungs(7), D("617.89"), main)
    assert [str(rung.price) for rung in rungs] == (
        ["47.53", "44.13", "41.19", "38.61", "36.34", "34.32", "32.52"]
    )
    assert {(rung.quantity, rung.credit) for rung in rungs} == {(1, D(0))}
    assert rungs[1].why.figures == (D("617.89"), 14, D("44.13"))


def test_a_rung_is_cut_to_the_cent_and_not_rounded() -> None:
    rungs = legs.ladder(_rungs(1), D("568.5"), [_buy("50.00", 11)])
    assert [str(rung.price) for rung in rungs] == ["47.37"]


def test_rungs_that_share_a_cent_are_passed_over_until_the_number_is_found() -> None:
    main = [_buy("0.50", 2000)]
    rungs = legs.ladder(_rungs(4), D(1000), main)
    assert [str(rung.price) for rung in rungs] == ["0.49", "0.48", "0.47", "0.46"]


def test_no_rung_stands_at_the_price_of_the_lowest_leg() -> None:
    rungs = legs.ladder(_rungs(2), D("120.50"), [_buy("40.16", 2)])
    assert [str(rung.price) for rung in rungs] == ["30.12", "24.10"]


def test_rungs_lie_under_the_lowest_leg_where_two_floors_leave_room_above_it() -> None:
    rules = fresh(two_floors=True, ladder=3).rules
    main = legs.first_half(rules, D(500), _star("43.00", "39.71"))
    assert _lines(main) == [("42.99", 5, Leg.STAR), ("39.71", 6, Leg.AVERAGE)]
    rungs = legs.ladder(rules, D(500), main)
    assert [str(rung.price) for rung in rungs] == ["38.46", "35.71", "33.33"]
    assert main[1].why.code is ReasonCode.AVERAGE_HALF


def test_the_floor_of_the_rungs_is_cut_to_the_cent() -> None:
    rules = fresh(ladder_floor_percent=D(30)).rules
    assert legs.ladder_floor(rules, D("40.05")) == D("28.03")
    assert legs.ladder_floor(RULES, D("40.05")) is None


def test_rungs_end_at_a_cent() -> None:
    main = [_buy("0.03", 3)]
    assert [str(rung.price) for rung in legs.ladder(_rungs(8), D("0.09"), main)] == ["0.02", "0.01"]


def test_rungs_end_at_the_floor_that_they_are_given() -> None:
    rungs = legs.ladder(_rungs(8), D(500), [_buy("45.00", 11)], D("35.71"))
    assert [str(rung.price) for rung in rungs] == ["41.66", "38.46", "35.71"]


def _big_number_table() -> list[Order]:
    main = [_buy("41.34", 12), _buy("39.71", 13, Leg.AVERAGE)]
    return [*main, *legs.ladder(RULES, D(1000), main)]


def test_buys_far_above_the_market_fold_into_one_line_at_the_cap() -> None:
    folded = legs.fold(RULES, _big_number_table(), D(30))
    assert _lines(folded) == [
        ("33.00", 30, Leg.FOLDED),
        ("32.25", 1, Leg.LADDER),
        ("31.25", 1, Leg.LADDER),
        ("30.30", 1, Leg.LADDER),
    ]
    assert (folded[0].credit, folded[0].type) == (D(1), OrderType.LOC)


def test_a_highest_buy_at_exactly_the_band_is_not_folded() -> None:
    buys = _big_number_table()
    assert legs.fold(RULES, buys, D("34.45")) == buys
    assert legs.fold(RULES, buys, D("34.44")) != buys


def test_a_line_at_exactly_the_cap_is_folded_with_those_above() -> None:
    buys = [
        _buy("40.00", 12),
        _buy("33.00", 13, Leg.AVERAGE),
        _buy("32.99", 1, Leg.LADDER, "0"),
    ]
    folded = legs.fold(RULES, buys, D(30))
    assert _lines(folded) == [("33.00", 25, Leg.FOLDED), ("32.99", 1, Leg.LADDER)]
    assert folded[0].credit == 1


def test_a_folded_star_leg_alone_is_worth_half_a_unit() -> None:
    buys = [_buy("41.34", 12), _buy("33.00", 18, Leg.AVERAGE)]
    folded = legs.fold(RULES, buys, D("34.44"))
    assert _lines(folded) == [("37.88", 12, Leg.FOLDED), ("33.00", 18, Leg.AVERAGE)]
    assert folded[0].credit == D("0.5")


def test_a_band_without_a_line_at_the_cap_folds_nothing() -> None:
    rules = fresh(band_percent=D(5), cap_percent=D(20)).rules
    buys = [_buy("32.00", 12)]
    assert legs.fold(rules, buys, D(30)) == buys


def test_a_cap_under_a_cent_folds_nothing() -> None:
    buys = [_buy("0.02", 12)]
    assert legs.fold(RULES, buys, D("0.004")) == buys
    assert legs.fold(RULES, buys, D("0.009"))[0].price == D("0.01")


def test_nothing_to_buy_folds_to_nothing() -> None:
    assert legs.fold(RULES, [], D(30)) == []


def test_a_quarter_is_floored_and_the_rest_stands_at_the_target() -> None:
    tqqq = fresh().rules
    assert _lines(legs.sells(tqqq, 141, _star("59.55", "65.88"))) == [
        ("59.55", 35, Leg.QUARTER),
        ("75.76", 106, Leg.TARGET),
    ]
    assert [o.quantity for o in legs.sells(tqqq, 383, _star("9", "10"))] == [95, 288]
    assert [o.leg for o in legs.sells(tqqq, 3, _star("9", "10"))] == [Leg.TARGET]


@pytest.mark.parametrize(
    ("rounding", "sold"),
    [
        (QuarterRounding.FLOOR, [0, 0, 0, 1, 1, 1, 95]),
        (QuarterRounding.HALF_UP, [0, 1, 1, 1, 1, 2, 96]),
        (QuarterRounding.AT_LEAST_ONE, [1, 1, 1, 1, 1, 1, 95]),
    ],
)
def test_a_quarter_of_shares_that_do_not_divide_by_four(
    rounding: QuarterRounding, sold: list[int]
) -> None:
    rules = fresh(quarter_rounding=rounding).rules
    assert [legs.quarter(rules, held) for held in (1, 2, 3, 4, 5, 6, 383)] == sold


def test_a_quarter_that_is_all_of_the_shares_leaves_no_target() -> None:
    rules = fresh(quarter_rounding=QuarterRounding.AT_LEAST_ONE).rules
    assert _lines(legs.sells(rules, 1, _star("11", "10"))) == [("11", 1, Leg.QUARTER)]


def test_a_star_under_a_cent_is_no_price_to_sell_at() -> None:
    assert [o.leg for o in legs.sells(RULES, 100, _star("0.00", "0.01"))] == [Leg.TARGET]
    assert [o.leg for o in legs.sells(RULES, 100, _star("0.01", "0.01"))] == [
        Leg.QUARTER,
        Leg.TARGET,
    ]
