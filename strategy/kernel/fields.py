"""The places of a run's state and of its agreement's terms in rows of 64-bit integers.

Money is in cents; the average, T and units are in units of 1E-12 ("fine"). A fraction of the terms
is two places, its numerator and the denominator after it, in lowest terms.
"""

ONE = 10**12
"""A whole one in fine units."""
FINE_CENT = 10**10
"""A cent in fine units."""

# What went wrong, in STATE[TROUBLE]: the reference has to play that run.
NO_TROUBLE = 0
FIVE_CLOSES = 1
TOO_LARGE = 2
TOO_CLOSE = 3

# Phases, in STATE[PHASE].
NORMAL, REVERSE, QUARTER = range(3)

# The state of a run.
(
    TROUBLE,
    CASH,
    RESERVE,
    PRINCIPAL,
    SEED,
    QUANTITY,
    AVERAGE,
    AVERAGE_BEFORE,
    TURN,
    UNIT,
    PHASE,
    REVERSE_DAY,
    QUARTER_ROUND,
    QUARTER_UNIT,
    REALIZED,
    NUMBER,
    STARTED,
    BOUGHT,
    SOLD,
    # The buys of the evening: two main lines (limit, shares, halves of a unit of credit).
    LINES,
    DEAR_PRICE,
    DEAR_SHARES,
    DEAR_CREDIT,
    CHEAP_PRICE,
    CHEAP_SHARES,
    CHEAP_CREDIT,
    FOLDED_AT,
    # What of them fills at the close: the dearer line or the folded one, the cheaper one, rungs.
    FIRST_FILLED,
    FIRST_CREDIT,
    SECOND_FILLED,
    SECOND_CREDIT,
    RUNGS_FILLED,
    # What the run came to.
    END_EQUITY,
    END_PEAK,
    END_TROUGH,
    END_USED_UP,
    STATE_SIZE,
) = range(37)

# A session's prices, and what yearly compounding asks for: its year, and the next weekday's.
OPEN, HIGH, CLOSE, YEAR, NEXT_YEAR, PRICES_SIZE = range(6)

# A run to play: its agreement, its first session, the one past its last, its principal in cents.
RUN_TERMS, RUN_FIRST, RUN_STOP, RUN_PRINCIPAL, RUN_SIZE = range(5)

# The phase of day, in a table of days, is that of the session; the rest stands after it.
(
    DAY_PHASE,
    DAY_TURN,
    DAY_QUANTITY,
    DAY_AVERAGE,
    DAY_CASH,
    DAY_EQUITY,
    DAY_NUMBER,
    DAY_BOUGHT,
    DAY_SOLD,
    DAY_USED_UP,
    DAY_SIZE,
) = range(11)

# The terms of an agreement.
V1_0, V2_1, V2_2, V4_0 = range(4)
FLOOR, HALF_UP, AT_LEAST_ONE = range(3)
FULL, NONE, HALF, YEARLY = range(4)
DAILY, FIXED, GROWING = range(3)
(
    METHOD,
    SPLITS,
    BY_COST,
    SIZING,
    COMPOUNDING,
    MONEY_UNITS,
    MOST_CASH,
    LADDER,
    HAS_LADDER_FLOOR,
    TURN_STEPS,
    TURN_HALF_UP,
    TWO_FLOORS,
    QUARTER_ROUNDING,
    AVERAGE_LESS_CENT,
    EXHAUSTED_AT_LAST_UNIT,
    EXHAUSTED_WITHOUT_SHARE,
    MOC_WITHOUT_SHARE,
    SELL_ONE,
    EXIT_ON_OLD_AVERAGE,
    TARGET_ON_MOC_DAY,
    SAME_BUDGET,
    GROW_AT_CYCLE_END,
    TARGET_BY_RATIO,
    HAS_SELL_OUT,
    HAS_FEES,
    STAR,
    _,
    TARGET,
    _,
    EXIT,
    _,
    NEAR,
    _,
    FIRST_BUY,
    _,
    LADDER_FLOOR,
    _,
    BAND,
    _,
    CAP,
    _,
    REVERSE_FACTOR,
    _,
    SELL_OUT,
    _,
    BUY_FEE,
    _,
    SELL_FEE,
    _,
    SEC_FEE,
    _,
    SIZED,
    _,
    TERMS_SIZE,
) = range(54)
