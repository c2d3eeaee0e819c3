"""Version 2.2 by hand: the normal phase, then the quarter phase."""

from tests.strategy.worked.example import Example

EXAMPLES_OF_2_2 = (
    # 59.05 x 1.10 = 64.955 -> 64.96 (a binary float says 64.95); 1000/64.96 = 15.4
    Example(
        name="2.2: the first buy of TQQQ, where binary floats lose a cent",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 40000 --previous-close 59.05",
        unit="1000.00",
        half="first",
        percent="10",
        orders="first 64.96 x 15, ladder 62.50 58.82 55.55 52.63 50.00 47.61 45.45 43.47",
    ),
    # 25 x 1.12 = 28.00; 1000/28 = 35.7
    Example(
        name="2.2: the first buy of SOXL",
        given="--method 2.2 --symbol SOXL --splits 40 --principal 40000 --previous-close 25",
        unit="1000.00",
        half="first",
        percent="12",
        orders="first 28.00 x 35, ladder 27.77 27.02 26.31 25.64 25.00 24.39 23.80 23.25",
    ),
    # 500 x 39.32 / 1000 = 19.66; 10 - 9.83 = 0.17 %: 39.3868; 500/39.38 = 12.7; 1000/39.32 = 25.4
    Example(
        name="2.2: the first half, T from the cost",
        given="--method 2.2 --symbol TQQQ --splits 40 --unit 1000 --quantity 500 "
        "--average 39.32 --previous-close 38",
        unit="1000.00",
        turn="19.66",
        half="first",
        percent="0.17",
        star="39.39",
        orders="star 39.38 x 12, average 39.32 x 13, "
        "ladder 38.46 37.03 35.71 34.48 33.33 32.25 31.25 30.30, "
        "quarter 39.39 x 125, target 43.25 x 375",
    ),
    # 19.66 -> 19.7; 10 - 9.85 = 0.15 %: 39.37898 -> 39.38
    Example(
        name="2.2: the same with T to one decimal",
        given="--method 2.2 --symbol TQQQ --splits 40 --unit 1000 --quantity 500 "
        "--average 39.32 --previous-close 38 --turn-decimals 1",
        unit="1000.00",
        turn="19.7",
        half="first",
        percent="0.15",
        star="39.38",
        orders="star 39.37 x 12, average 39.32 x 13, "
        "ladder 38.46 37.03 35.71 34.48 33.33 32.25 31.25 30.30, "
        "quarter 39.38 x 125, target 43.25 x 375",
    ),
    # The table of method.md 2.6: 296 x 39.71 / 1000 = 11.754 -> 11.76; 4.12 %: 41.346 -> 41.35;
    # 41.34 x 12, 39.71 x 13 and the rungs 38.46 37.03 35.71 34.48 33.33 lie at 33.00 or above
    Example(
        name="2.2: the big-number table, 33.00 x 30",
        given="--method 2.2 --symbol TQQQ --splits 40 --unit 1000 --quantity 296 "
        "--average 39.71 --previous-close 30",
        unit="1000.00",
        turn="11.76",
        half="first",
        percent="4.12",
        star="41.35",
        orders="folded 33.00 x 30, ladder 32.25 31.25 30.30, "
        "quarter 41.35 x 74, target 43.68 x 222",
    ),
    # 690 x 38.77 / 1000 = 26.7513 -> 26.76; 12 - 0.6 x 26.76 = -4.056 %: 37.1975; 1000/37.19 = 26.9
    Example(
        name="2.2: the second half of SOXL",
        given="--method 2.2 --symbol SOXL --splits 40 --unit 1000 --quantity 690 "
        "--average 38.77 --previous-close 36",
        unit="1000.00",
        turn="26.76",
        half="second",
        percent="-4.056",
        star="37.20",
        orders="star 37.19 x 26, ladder 37.03 35.71 34.48 33.33 32.25 31.25 30.30 29.41, "
        "quarter 37.20 x 172, target 43.42 x 518",
    ),
    # 10 - T/2 x 40/35 = -1.428..: 40 x 0.985714 = 39.4286; 1000/39.42 = 25.4
    Example(
        name="2.2: 35 splits",
        given="--method 2.2 --symbol TQQQ --splits 35 --unit 1000 --quantity 500 "
        "--average 40 --previous-close 39",
        unit="1000.00",
        turn="20",
        half="second",
        percent="-1.428571428571",
        star="39.43",
        orders="star 39.42 x 25, ladder 38.46 37.03 35.71 34.48 33.33 32.25 31.25 30.30, "
        "quarter 39.43 x 125, target 44.00 x 375",
    ),
    # 400 x 49 / 500 = 39.2 > 39: 400/4 at the close, the rest at 49 x 1.10
    Example(
        name="2.2: the first day of the quarter phase",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --quantity 400 "
        "--average 49 --cash 400 --previous-close 38",
        unit="500.00",
        turn="39.2",
        phase="quarter",
        orders="quarter_moc - x 100, target 53.90 x 300",
    ),
    # min(500, 3900/10) = 390; 49 x 0.9 = 44.10; 390/44.09 = 8.8; 390/9 = 43.33, 390/10 = 39.00
    Example(
        name="2.2: round 1",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --phase quarter "
        "--quarter-round 1 --quantity 300 --average 49 --cash 3900 --previous-close 40",
        unit="390.00",
        turn="29.4",
        phase="quarter",
        percent="-10",
        star="44.10",
        orders="quarter_buy 44.09 x 8, ladder 43.33 39.00 35.45 32.50 30.00 27.85 26.00 24.37, "
        "quarter 44.10 x 75, target 53.90 x 225",
    ),
    # 44.09 > 35 x 1.2 = 42; cap 38.50: 8 shares and the rungs 43.33 and 39.00
    Example(
        name="2.2: a folded round",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --phase quarter "
        "--quarter-round 4 --quarter-unit 390 --quantity 300 --average 49 --cash 3900 "
        "--previous-close 35",
        unit="390.00",
        turn="29.4",
        phase="quarter",
        percent="-10",
        star="44.10",
        orders="folded 38.50 x 10, ladder 35.45 32.50 30.00 27.85 26.00 24.37, "
        "quarter 44.10 x 75, target 53.90 x 225",
    ),
    # 31.26 x 0.88 = 27.5088 -> 27.51; 412.5/27.50 = 15 exactly; 31.26 x 1.12 = 35.0112; 777/4 = 194
    Example(
        name="2.2: a round of SOXL whose budget is a whole number of shares",
        given="--method 2.2 --symbol SOXL --splits 40 --principal 30000 --phase quarter "
        "--quarter-round 7 --quarter-unit 412.5 --quantity 777 --average 31.26 --cash 9000 "
        "--previous-close 27",
        unit="412.50",
        turn="32.39",
        phase="quarter",
        percent="-12",
        star="27.51",
        orders="quarter_buy 27.50 x 15, "
        "ladder 25.78 24.26 22.91 21.71 20.62 19.64 18.75 17.93, "
        "quarter 27.51 x 194, target 35.01 x 583",
    ),
    # 44.08 of cash buys no share at 44.09: only the sales
    Example(
        name="2.2: a round without a share",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --phase quarter "
        "--quarter-round 9 --quarter-unit 390 --quantity 300 --average 49 --cash 44.08 "
        "--previous-close 40",
        unit="390.00",
        turn="29.4",
        phase="quarter",
        percent="-10",
        star="44.10",
        orders="quarter 44.10 x 75, target 53.90 x 225",
    ),
    # the step after the last of ten rounds: 308/4 = 77; 48.75 x 1.10 = 53.625 -> 53.63
    Example(
        name="2.2: the day at the close after the rounds",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --phase quarter "
        "--quarter-round 11 --quantity 308 --average 48.75 --cash 200 --previous-close 40",
        unit="500.00",
        turn="30.03",
        phase="quarter",
        orders="quarter_moc - x 77, target 53.63 x 231",
    ),
    # that day's close 44.10 reaches 49 x 0.9: normal; 225 x 49 / 500 = 22.05; -1.025 %: 48.49775
    Example(
        name="2.2: the return to the normal phase",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --phase quarter "
        "--quarter-round 12 --quantity 225 --average 49 --cash 6000 --previous-close 44.10",
        unit="500.00",
        turn="22.05",
        half="second",
        percent="-1.025",
        star="48.50",
        orders="star 48.49 x 10, ladder 45.45 41.66 38.46 35.71 33.33 31.25 29.41 27.77, "
        "quarter 48.50 x 56, target 53.90 x 169",
    ),
    # 44.09 does not: round 1 again with min(500, 6000/10) = 500
    Example(
        name="2.2: the rounds once more",
        given="--method 2.2 --symbol TQQQ --splits 40 --principal 20000 --phase quarter "
        "--quarter-round 12 --quantity 225 --average 49 --cash 6000 --previous-close 44.09",
        unit="500.00",
        turn="22.05",
        phase="quarter",
        percent="-10",
        star="44.10",
        orders="quarter_buy 44.09 x 11, ladder 41.66 38.46 35.71 33.33 31.25 29.41 27.77 26.31, "
        "quarter 44.10 x 56, target 53.90 x 169",
    ),
)
