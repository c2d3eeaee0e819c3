from strategy import legs
from strategy.model import Half, Leg, Order, OrderType, Side
from tests.strategy.states import D, fresh

RULES = fresh("SOXL", 20).rules


def _lines(orders: list[Order]) -> list[tuple[str, int, Leg]]:
    return [(str(order.price), order.quantity, order.leg) for order in orders]


def test_the_star_is_rounded_half_up_and_its_percent_falls_below_zero() -> None:
    assert legs.star_percent(RULES, D("8.6")) == D("2.8")
    assert legs.star_price(RULES, D("38.30"), D("8.6")) == D("39.37")
    assert legs.star_percent(RULES, D(15)) == D(-10)
    assert legs.star_price(RULES, D(100), D(15)) == D("90.00")


def test_the_second_half_begins_at_exactly_half_of_the_splits() -> None:
    assert legs.half(RULES, D("9.999999999999")) is Half.FIRST
    assert legs.half(RULES, D(10)) is Half.SECOND


def test_the_average_leg_is_the_whole_units_shares_less_the_star_legs() -> None:
    made = legs.first_half(D("539.23"), D("69.75"), D("78.12"))
    assert _lines(made) == [("78.11", 3, Leg.STAR), ("69.75", 4, Leg.AVERAGE)]
    assert [order.credit for order in made] == [D("0.5"), D("0.5")]


def test_half_a_unit_without_a_share_leaves_one_average_leg_worth_a_whole_unit() -> None:
    alone = legs.first_half(D(90), D("44.00"), D("46.01"))
    assert _lines(alone) == [("44.00", 2, Leg.AVERAGE)]
    assert alone[0].credit == 1


def test_an_average_at_the_star_less_a_cent_makes_one_merged_leg() -> None:
    made = legs.first_half(D(1000), D("40.005"), D("40.01"))
    assert _lines(made) == [("40.00", 25, Leg.MERGED)]
    assert made[0].credit == 1


def test_a_unit_under_one_share_has_no_leg_and_no_ladder() -> None:
    assert legs.first_half(D(30), D(40), D(42)) == []
    assert legs.second_half(D(30), D(42)) == []
    assert legs.first_buy(RULES, D(30), D(40)) == []
    assert legs.ladder(D(30), [], 8) == []


def test_the_first_buy_stands_twelve_percent_over_the_previous_close() -> None:
    (order,) = legs.first_buy(RULES, D("617.89"), D("45.93"))
    assert (order.price, order.quantity, order.credit) == (D("51.44"), 12, D(1))


def test_rungs_are_floored_single_shares_under_the_lowest_leg() -> None:
    main = legs.first_buy(RULES, D("617.89"), D("45.93"))
    rungs = legs.ladder(D("617.89"), main, 7)
    assert [str(rung.price) for rung in rungs] == (
        ["47.53", "44.13", "41.19", "38.61", "36.34", "34.32", "32.52"]
    )
    assert {(rung.quantity, rung.credit) for rung in rungs} == {(1, D(0))}


def test_rungs_that_share_a_cent_are_passed_over_until_the_number_is_found() -> None:
    main = [legs.loc_buy(D("0.50"), 2000, Leg.STAR, D(1), "")]
    rungs = legs.ladder(D(1000), main, 4)
    assert [str(rung.price) for rung in rungs] == ["0.49", "0.48", "0.47", "0.46"]


def test_rungs_end_at_a_cent() -> None:
    main = [legs.loc_buy(D("0.03"), 3, Leg.STAR, D(1), "")]
    assert [str(rung.price) for rung in legs.ladder(D("0.09"), main, 8)] == ["0.02", "0.01"]


def _big_number_table() -> list[Order]:
    unit = D(1000)
    main = [
        legs.loc_buy(D("41.34"), 12, Leg.STAR, D("0.5"), ""),
        legs.loc_buy(D("39.71"), 13, Leg.AVERAGE, D("0.5"), ""),
    ]
    return [*main, *legs.ladder(unit, main, 8)]


def test_buys_far_above_the_market_fold_into_one_line_at_the_cap() -> None:
    folded = legs.fold(RULES, _big_number_table(), D(30))
    assert _lines(folded) == [
        ("33.00", 30, Leg.FOLDED),
        ("32.25", 1, Leg.LADDER),
        ("31.25", 1, Leg.LADDER),
        ("30.30", 1, Leg.LADDER),
    ]
    assert folded[0].credit == 1


def test_a_highest_buy_at_exactly_the_band_is_not_folded() -> None:
    buys = _big_number_table()
    assert legs.fold(RULES, buys, D("34.45")) == buys
    assert legs.fold(RULES, buys, D("34.44")) != buys


def test_a_line_at_exactly_the_cap_is_folded_with_those_above() -> None:
    buys = [
        legs.loc_buy(D("40.00"), 12, Leg.STAR, D("0.5"), ""),
        legs.loc_buy(D("33.00"), 13, Leg.AVERAGE, D("0.5"), ""),
        legs.loc_buy(D("32.99"), 1, Leg.LADDER, D(0), ""),
    ]
    folded = legs.fold(RULES, buys, D(30))
    assert _lines(folded) == [("33.00", 25, Leg.FOLDED), ("32.99", 1, Leg.LADDER)]
    assert folded[0].credit == 1


def test_a_folded_star_leg_alone_is_worth_half_a_unit() -> None:
    buys = [
        legs.loc_buy(D("41.34"), 12, Leg.STAR, D("0.5"), ""),
        legs.loc_buy(D("33.00"), 18, Leg.AVERAGE, D("0.5"), ""),
    ]
    folded = legs.fold(RULES, buys, D("34.44"))
    assert _lines(folded) == [("37.88", 12, Leg.FOLDED), ("33.00", 18, Leg.AVERAGE)]
    assert folded[0].credit == D("0.5")


def test_a_quarter_is_floored_and_the_rest_stands_at_the_target() -> None:
    tqqq = fresh().rules
    assert _lines(legs.sells(tqqq, 141, D("65.88"), D("59.55"))) == [
        ("59.55", 35, Leg.QUARTER),
        ("75.76", 106, Leg.TARGET),
    ]
    assert [o.quantity for o in legs.sells(tqqq, 383, D(10), D(9))] == [95, 288]
    assert [o.leg for o in legs.sells(tqqq, 3, D(10), D(9))] == [Leg.TARGET]


def test_a_star_under_a_cent_is_no_price_to_sell_at() -> None:
    assert [o.leg for o in legs.sells(RULES, 100, D("0.01"), D("0.00"))] == [Leg.TARGET]


def test_orders_of_one_side_type_and_price_become_one() -> None:
    one = legs.loc_buy(D("10.00"), 3, Leg.STAR, D("0.5"), "a")
    other = legs.loc_buy(D("10.00"), 4, Leg.AVERAGE, D("0.5"), "b")
    limit = Order(side=Side.BUY, type=OrderType.LIMIT, price=D("10.00"), quantity=1, leg=Leg.LADDER)
    merged = legs.merge([one, other, limit])
    assert [(o.quantity, o.credit, o.leg) for o in merged] == [
        (7, D(1), Leg.STAR),
        (1, D(0), Leg.LADDER),
    ]
