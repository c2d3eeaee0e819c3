"""Version 3.0 by hand: the normal phase, then the quarter phase."""

from tests.strategy.worked.example import Example

EXAMPLES_OF_3_0 = (
    # 59.05 x 1.12 = 66.136 -> 66.14; 1000/66.14 = 15.1
    Example(
        name="3.0: the first buy",
        given="--method 3.0 --symbol TQQQ --splits 20 --principal 20000 --previous-close 59.05",
        unit="1000.00",
        half="first",
        percent="15",
        orders="first 66.14 x 15, ladder 62.50 58.82 55.55 52.63 50.00 47.61 45.45 43.47",
    ),
    # 200 x 30 / 1000 = 6; 20 - 12 = 8 %: 32.40; 500/32.39 = 15.4; 1000/30 = 33 - 15 = 18
    Example(
        name="3.0: the first half of SOXL",
        given="--method 3.0 --symbol SOXL --splits 20 --principal 20000 --quantity 200 "
        "--average 30 --previous-close 30",
        unit="1000.00",
        turn="6",
        half="first",
        percent="8",
        star="32.40",
        orders="star 32.39 x 15, average 30.00 x 18, "
        "ladder 29.41 28.57 27.77 27.02 26.31 25.64 25.00 24.39, "
        "quarter 32.40 x 50, target 36.00 x 150",
    ),
    # 345 x 45.35 / 1010 = 15.4909 -> 15.50; 15 - 23.25 = -8.25 %: 41.6086; 1010/41.60 = 24.3
    Example(
        name="3.0: the second half of TQQQ with a grown unit",
        given="--method 3.0 --symbol TQQQ --splits 20 --unit 1010 --cash 5000 --quantity 345 "
        "--average 45.35 --previous-close 42",
        unit="1010.00",
        turn="15.5",
        half="second",
        percent="-8.25",
        star="41.61",
        orders="star 41.60 x 24, ladder 40.40 38.84 37.40 36.07 34.82 33.66 32.58 31.56, "
        "quarter 41.61 x 86, target 52.15 x 259",
    ),
    # 500 x 39 / 1000 = 19.5 > 19: 125 at the close, 375 at 39 x 1.15
    Example(
        name="3.0: the first day of the quarter phase",
        given="--method 3.0 --symbol TQQQ --splits 20 --principal 20000 --quantity 500 "
        "--average 39 --cash 500 --previous-close 33",
        unit="1000.00",
        turn="19.5",
        phase="quarter",
        orders="quarter_moc - x 125, target 44.85 x 375",
    ),
    # the same unit: 39 x 0.85 = 33.15; 1000/33.14 = 30.2; 375/4 = 93.75
    Example(
        name="3.0: the last of five rounds",
        given="--method 3.0 --symbol TQQQ --splits 20 --principal 20000 --phase quarter "
        "--quarter-round 5 --quantity 375 --average 39 --cash 9000 --previous-close 31",
        unit="1000.00",
        turn="14.63",
        phase="quarter",
        percent="-15",
        star="33.15",
        orders="quarter_buy 33.14 x 30, "
        "ladder 32.25 31.25 30.30 29.41 28.57 27.77 27.02 26.31, "
        "quarter 33.15 x 93, target 44.85 x 282",
    ),
    # 39 x 0.80 = 31.20; as far as the cash goes: 700/31.19 = 22.4
    Example(
        name="3.0: a round of SOXL that the cash bounds",
        given="--method 3.0 --symbol SOXL --splits 20 --principal 20000 --phase quarter "
        "--quarter-round 3 --quantity 375 --average 39 --cash 700 --previous-close 30",
        unit="1000.00",
        turn="14.63",
        phase="quarter",
        percent="-20",
        star="31.20",
        orders="quarter_buy 31.19 x 22, "
        "ladder 30.43 29.16 28.00 26.92 25.92 25.00 24.13 23.33, "
        "quarter 31.20 x 93, target 46.80 x 282",
    ),
    # after five rounds comes the sixth step, a day at the close
    Example(
        name="3.0: the day at the close after five rounds",
        given="--method 3.0 --symbol SOXL --splits 20 --principal 20000 --phase quarter "
        "--quarter-round 6 --quantity 375 --average 39 --cash 700 --previous-close 30",
        unit="1000.00",
        turn="14.63",
        phase="quarter",
        orders="quarter_moc - x 93, target 46.80 x 282",
    ),
    # 31.20 reaches the rounded line 39 x 0.80: normal, T 14.63; 20 - 29.26 = -9.26 %: 35.3886
    Example(
        name="3.0: the return to the normal phase",
        given="--method 3.0 --symbol SOXL --splits 20 --principal 20000 --phase quarter "
        "--quarter-round 7 --quantity 375 --average 39 --cash 5000 --previous-close 31.20",
        unit="1000.00",
        turn="14.63",
        half="second",
        percent="-9.26",
        star="35.39",
        orders="star 35.38 x 28, ladder 34.48 33.33 32.25 31.25 30.30 29.41 28.57 27.77, "
        "quarter 35.39 x 93, target 46.80 x 282",
    ),
)
