"""Version 4.0 by hand: the normal phase, then reverse."""

from tests.strategy.worked.example import Example

NORMAL_DAYS_OF_4_0 = (
    # 20000/40 = 500; 40 x 1.12 = 44.80; 500/44.80 = 11.16; 500/12 = 41.666, 500/13 = 38.461, ...
    Example(
        name="4.0: the first buy and its ladder",
        given="--method 4.0 --symbol SOXL --splits 40 --principal 20000 --previous-close 40",
        unit="500.00",
        half="first",
        percent="20",
        orders="first 44.80 x 11, ladder 41.66 38.46 35.71 33.33 31.25 29.41 27.77 26.31",
    ),
    # 67.3 x 1.15 = 77.395 -> 77.40 (a binary float says 77.39); 1000/77.40 = 12.9; 1000/13 = 76.923
    Example(
        name="4.0: a first buy where binary floats lose a cent",
        given="--method 4.0 --symbol TQQQ --splits 20 --principal 20000 --previous-close 67.3 "
        "--first-buy-percent 15 --ladder 5",
        unit="1000.00",
        half="first",
        percent="15",
        orders="first 77.40 x 12, ladder 76.92 71.42 66.66 62.50 58.82",
    ),
    # 16250/32.5 = 500; 15 - 0.75 x 7.5 = 9.375 %; 45.10 x 1.09375 = 49.328 -> 49.33;
    # 250/49.32 = 5.07; 500/45.10 = 11.09, 11 - 5 = 6; 45.10 x 1.15 = 51.865 -> 51.87; 83/4 = 20.75
    Example(
        name="4.0: a day of the first half of TQQQ",
        given="--method 4.0 --symbol TQQQ --splits 40 --cash 16250 --quantity 83 "
        "--average 45.10 --turn 7.5 --previous-close 46",
        unit="500.00",
        turn="7.5",
        half="first",
        percent="9.375",
        star="49.33",
        orders="star 49.32 x 5, average 45.10 x 6, "
        "ladder 41.66 38.46 35.71 33.33 31.25 29.41 27.77 26.31, "
        "quarter 49.33 x 20, target 51.87 x 63",
    ),
    # 4000/8 = 500; 20 - 24 = -4 %; 30.25 x 0.96 = 29.04; 500/29.03 = 17.2; 390/4 = 97.5
    Example(
        name="4.0: a day of the second half of SOXL",
        given="--method 4.0 --symbol SOXL --splits 20 --cash 4000 --quantity 390 "
        "--average 30.25 --turn 12 --previous-close 28",
        unit="500.00",
        turn="12",
        half="second",
        percent="-4",
        star="29.04",
        orders="star 29.03 x 17, ladder 27.77 26.31 25.00 23.80 22.72 21.73 20.83 20.00, "
        "quarter 29.04 x 97, target 36.30 x 293",
    ),
    # The star is the average at T = a/2: 38.365 -> 38.37; 500/38.36 = 13.03; 38.365 x 1.15 = 44.12
    Example(
        name="4.0: the day at exactly half of the splits",
        given="--method 4.0 --symbol TQQQ --splits 40 --cash 10000 --quantity 401 "
        "--average 38.365 --turn 20 --previous-close 38",
        unit="500.00",
        turn="20",
        half="second",
        percent="0",
        star="38.37",
        orders="star 38.36 x 13, ladder 35.71 33.33 31.25 29.41 27.77 26.31 25.00 23.80, "
        "quarter 38.37 x 100, target 44.12 x 301",
    ),
    # 10000/20.1 = 497.512; 0.075 % of 10 is 10.0075 -> 10.01; both legs at 10.00; 497.51/50 = 9.95
    Example(
        name="4.0: just before the half both legs meet and are one",
        given="--method 4.0 --symbol TQQQ --splits 40 --cash 10000 --quantity 1000 "
        "--average 10 --turn 19.9 --previous-close 10",
        unit="497.51",
        turn="19.9",
        half="first",
        percent="0.075",
        star="10.01",
        orders="merged 10.00 x 49, ladder 9.95 9.75 9.56 9.38 9.21 9.04 8.88 8.72, "
        "quarter 10.01 x 250, target 11.50 x 750",
    ),
    # 1800/18 = 100; 50/67.19 = 0.74: no star leg; 100/60 = 1.67; 3/4 = 0.75: all at 60 x 1.15
    Example(
        name="4.0: half a unit without a share",
        given="--method 4.0 --symbol TQQQ --splits 20 --cash 1800 --quantity 3 "
        "--average 60 --turn 2 --previous-close 60",
        unit="100.00",
        turn="2",
        half="first",
        percent="12",
        star="67.20",
        orders="average 60.00 x 1, ladder 50.00 33.33 25.00 20.00 16.66 14.28 12.50 11.11, "
        "target 69.00 x 3",
    ),
    # T = 39 is not above a - 1; 480/1; -14.25 %: 52.37 x 0.8575 = 44.907; 480/44.90 = 10.69
    Example(
        name="4.0: the last unit",
        given="--method 4.0 --symbol TQQQ --splits 40 --cash 480 --quantity 375 "
        "--average 52.37 --turn 39 --previous-close 45",
        unit="480.00",
        turn="39",
        half="second",
        percent="-14.25",
        star="44.91",
        orders="star 44.90 x 10, ladder 43.63 40.00 36.92 34.28 32.00 30.00 28.23 26.66, "
        "quarter 44.91 x 93, target 60.23 x 282",
    ),
    # 44.00 x 0.01 less = 43.99 > 36.6 x 1.2 = 43.92; cap 40.26: the star leg alone lies above it
    Example(
        name="4.0: a star leg folded alone",
        given="--method 4.0 --symbol SOXL --splits 40 --cash 30000 --quantity 300 "
        "--average 40 --turn 10 --previous-close 36.6",
        unit="1000.00",
        turn="10",
        half="first",
        percent="10",
        star="44.00",
        orders="folded 40.26 x 11, average 40.00 x 14, "
        "ladder 38.46 37.03 35.71 34.48 33.33 32.25 31.25 30.30, "
        "quarter 44.00 x 75, target 48.00 x 225",
    ),
    # cap 34 x 1.10 = 37.40: 43.99 x 11, 40.00 x 14 and the rung 38.46 x 1 are 26
    Example(
        name="4.0: both legs and a rung folded",
        given="--method 4.0 --symbol SOXL --splits 40 --cash 30000 --quantity 300 "
        "--average 40 --turn 10 --previous-close 34",
        unit="1000.00",
        turn="10",
        half="first",
        percent="10",
        star="44.00",
        orders="folded 37.40 x 26, ladder 37.03 35.71 34.48 33.33 32.25 31.25 30.30, "
        "quarter 44.00 x 75, target 48.00 x 225",
    ),
    # 12000/24 = 500; 15 x (1 - 12/30) = 9 %: 54.50; 250/54.49 = 4.6; 500/50 = 10 - 4 = 6
    Example(
        name="4.0: 30 splits, unofficial",
        given="--method 4.0 --symbol TQQQ --splits 30 --unofficial --target-percent 15 "
        "--cash 12000 --quantity 144 --average 50 --turn 6 --previous-close 51",
        unit="500.00",
        turn="6",
        half="first",
        percent="9",
        star="54.50",
        orders="star 54.49 x 4, average 50.00 x 6, "
        "ladder 45.45 41.66 38.46 35.71 33.33 31.25 29.41 27.77, "
        "quarter 54.50 x 36, target 57.50 x 108",
    ),
)

REVERSE_DAYS_OF_4_0 = (
    # 200/20 = 10; cash/4 = 175 is not spent on the day of the MOC
    Example(
        name="4.0: reverse, day 1 of 40 splits",
        given="--method 4.0 --symbol TQQQ --splits 40 --cash 700 --quantity 200 "
        "--average 98 --turn 39.5 --previous-close 30",
        unit="175.00",
        turn="39.5",
        phase="reverse",
        orders="reverse_moc - x 10",
    ),
    # 198/10 = 19.8
    Example(
        name="4.0: reverse, day 1 of 20 splits",
        given="--method 4.0 --symbol SOXL --splits 20 --cash 700 --quantity 198 "
        "--average 98 --turn 19.01 --previous-close 30",
        unit="175.00",
        turn="19.01",
        phase="reverse",
        orders="reverse_moc - x 19",
    ),
    # -7.5 %: 39 x 0.925 = 36.075 -> 36.08; 350/10 = 35 buys no share at 36.07; 172/20 = 8.6
    Example(
        name="4.0: reverse, day 1 for want of a share in the second half",
        given="--method 4.0 --symbol TQQQ --splits 40 --cash 350 --quantity 172 "
        "--average 39 --turn 30 --previous-close 37",
        unit="87.50",
        turn="30",
        phase="reverse",
        orders="reverse_moc - x 8",
    ),
    # 2177.88/4 = 544.47; 544.47/48.61 = 11.2; 544.47/12 = 45.3725, /13 = 41.88, /14 = 38.89
    Example(
        name="4.0: reverse, day 2, the published ladder and three more rungs",
        given="--method 4.0 --symbol TQQQ --splits 40 --phase reverse --cash 2177.88 "
        "--quantity 190 --average 98 --turn 37.525 --closes 48.62,48.62,48.62,48.62,48.62",
        unit="544.47",
        turn="37.525",
        phase="reverse",
        star="48.62",
        orders="reverse_buy 48.61 x 11, ladder 45.37 41.88 38.89 36.29 34.02 32.02 30.24 28.65, "
        "reverse_sell 48.62 x 9",
    ),
    # (20.11 + 19.5 + 21.07 + 18.88 + 19.99)/5 = 19.91; 3333.33/4 = 833.3325; /19.90 = 41.87
    Example(
        name="4.0: reverse, a later day of 20 splits",
        given="--method 4.0 --symbol SOXL --splits 20 --phase reverse --reverse-day 6 "
        "--cash 3333.33 --quantity 181 --average 60 --turn 17 "
        "--closes 20.11,19.5,21.07,18.88,19.99",
        unit="833.33",
        turn="17",
        phase="reverse",
        star="19.91",
        orders="reverse_buy 19.90 x 41, "
        "ladder 19.84 19.37 18.93 18.51 18.11 17.73 17.36 17.00, reverse_sell 19.91 x 18",
    ),
    # mean 23.20; 23.19 > 18 x 1.2 = 21.60; cap 19.80; 43 shares and the rungs 22.72 .. 20.00 (7)
    Example(
        name="4.0: reverse, a folded buy",
        given="--method 4.0 --symbol TQQQ --splits 40 --phase reverse --cash 4000 "
        "--quantity 172 --average 60 --turn 35 --closes 26,25,24,23,18",
        unit="1000.00",
        turn="35",
        phase="reverse",
        star="23.20",
        orders="folded 19.80 x 50, ladder 19.60, reverse_sell 23.20 x 8",
    ),
    # 76/4 = 19 < 19.90: the MOC alone; 9/10 is no share, so one
    Example(
        name="4.0: reverse, a quarter of the cash without a share, and few shares",
        given="--method 4.0 --symbol SOXL --splits 20 --phase reverse --reverse-day 3 "
        "--cash 76 --quantity 9 --average 60 --turn 17 --closes 20.11,19.5,21.07,18.88,19.99",
        unit="19.00",
        turn="17",
        phase="reverse",
        orders="reverse_moc - x 1",
    ),
    # 32.01 > 40 x 0.80: normal, T kept; 5000/10 = 500; 20 - 30 = -10 %: 36.00; 500/35.99 = 13.9
    Example(
        name="4.0: the exit from reverse",
        given="--method 4.0 --symbol SOXL --splits 40 --phase reverse --reverse-day 4 "
        "--cash 5000 --quantity 100 --average 40 --turn 30 --closes 30,30,30,30,32.01",
        unit="500.00",
        turn="30",
        half="second",
        percent="-10",
        star="36.00",
        orders="star 35.99 x 13, ladder 35.71 33.33 31.25 29.41 27.77 26.31 25.00 23.80, "
        "quarter 36.00 x 25, target 48.00 x 75",
    ),
    # 39 > 40 x 0.85, but T 39.2 > 39: day 1 again
    Example(
        name="4.0: an exit into reverse day 1",
        given="--method 4.0 --symbol TQQQ --splits 40 --phase reverse --reverse-day 7 "
        "--cash 5000 --quantity 100 --average 40 --turn 39.2 --closes 39,39,39,39,39",
        unit="1250.00",
        turn="39.2",
        phase="reverse",
        orders="reverse_moc - x 5",
    ),
    # k = 15: 186/15 = 12.4; 2000/4 = 500; mean 32.00
    Example(
        name="4.0: 30 splits in reverse",
        given="--method 4.0 --symbol TQQQ --splits 30 --unofficial --target-percent 15 "
        "--phase reverse --cash 2000 --quantity 186 --average 60 --turn 27 "
        "--closes 30,31,32,33,34",
        unit="500.00",
        turn="27",
        phase="reverse",
        star="32.00",
        orders="reverse_buy 31.99 x 15, ladder 31.25 29.41 27.77 26.31 25.00 23.80 22.72 21.73, "
        "reverse_sell 32.00 x 12",
    ),
)
