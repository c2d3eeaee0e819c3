"""Versions 2.1 and 1.0 by hand."""

from tests.strategy.worked.example import Example

EXAMPLES_OF_2_1 = (
    # 20000/40 = 500; 41.5 x 1.12 = 46.48
    Example(
        name="2.1: the first buy, without a ladder",
        given="--method 2.1 --symbol TQQQ --splits 40 --principal 20000 --previous-close 41.5",
        unit="500.00",
        half="first",
        percent="10",
        orders="first 46.48 x 10",
    ),
    # 77 x 63.41 / 500 = 9.765 -> 9.77; 63.41 x 1.05 = 66.5805; 250/66.57 = 3.8; 500/63.41 = 7.9
    Example(
        name="2.1: the first half",
        given="--method 2.1 --symbol TQQQ --splits 40 --principal 20000 --quantity 77 "
        "--average 63.41 --previous-close 62",
        unit="500.00",
        turn="9.77",
        half="first",
        percent="5",
        star="66.58",
        orders="star 66.57 x 3, average 63.41 x 4, quarter 66.58 x 19, target 69.75 x 58",
    ),
    # 383 x 39.71 / 500 = 30.418 -> 30.42; 383 = 95 + 95 + 193; 39.71 x 1.05 = 41.6955
    Example(
        name="2.1: the second half and its three steps",
        given="--method 2.1 --symbol TQQQ --splits 40 --principal 20000 --quantity 383 "
        "--average 39.71 --previous-close 39",
        unit="500.00",
        turn="30.42",
        half="second",
        percent="0",
        star="39.71",
        orders="average 39.70 x 12, quarter 39.71 x 95, near_target 41.70 x 95, target 43.68 x 193",
    ),
    # 402 x 49.05 / 500 = 39.4362 -> 39.44 > 39; 49.05 x 1.05 = 51.5025; x 1.10 = 53.955 -> 53.96
    Example(
        name="2.1: the units used up",
        given="--method 2.1 --symbol SOXL --splits 40 --principal 20000 --quantity 402 "
        "--average 49.05 --previous-close 44",
        unit="500.00",
        turn="39.44",
        half="second",
        percent="0",
        star="49.05",
        orders="quarter 49.05 x 100, near_target 51.50 x 100, target 53.96 x 202",
    ),
)

EXAMPLES_OF_1_0 = (
    # 67.3 x 1.12 = 75.376; 500/75.38 = 6.6
    Example(
        name="1.0: the first buy, without a ladder",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --previous-close 67.3",
        unit="500.00",
        half="first",
        percent="10",
        orders="first 75.38 x 6",
    ),
    # 33 x 1.12 = 36.96; 250/36.96 = 6.8; 500/35.21 = 14.2 - 6 = 8; 35.21 x 1.10 = 38.731
    Example(
        name="1.0: a day",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --cash 15000 "
        "--quantity 142 --average 35.21 --turn 10.5 --previous-close 33",
        unit="500.00",
        turn="10.5",
        orders="big 36.96 x 6, average 35.21 x 8, target 38.73 x 142",
    ),
    # 37 x 1.12 = 41.44 lies above the target: a cent under it
    Example(
        name="1.0: the sure half under the target",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --cash 15000 "
        "--quantity 142 --average 35.21 --turn 10.5 --previous-close 37",
        unit="500.00",
        turn="10.5",
        orders="big 38.72 x 6, average 35.21 x 8, target 38.73 x 142",
    ),
    # 30 x 1.12 = 33.60 is the cheaper: 250/35.21 = 7.1; 500/33.60 = 14.9 - 7 = 7
    Example(
        name="1.0: far under the average",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --cash 15000 "
        "--quantity 142 --average 35.21 --turn 10.5 --previous-close 30",
        unit="500.00",
        turn="10.5",
        orders="average 35.21 x 7, big 33.60 x 7, target 38.73 x 142",
    ),
    # half a unit is left: 250/36.96 = 6.8
    Example(
        name="1.0: the last half unit",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --cash 600 "
        "--quantity 142 --average 35.21 --turn 39.5 --previous-close 33",
        unit="500.00",
        turn="39.5",
        orders="big 36.96 x 6, target 38.73 x 142",
    ),
    # T = 40: it waits; or sells all at 35.21 x 0.90 = 31.689
    Example(
        name="1.0: the units used up",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --cash 600 "
        "--quantity 142 --average 35.21 --turn 40 --previous-close 33",
        unit="500.00",
        turn="40",
        orders="target 38.73 x 142",
    ),
    Example(
        name="1.0: the units used up, selling out",
        given="--method 1.0 --symbol TQQQ --splits 40 --principal 20000 --cash 600 "
        "--quantity 142 --average 35.21 --turn 40 --previous-close 33 --sell-out-percent 10",
        unit="500.00",
        turn="40",
        orders="sell_out 31.69 x 142",
    ),
)
