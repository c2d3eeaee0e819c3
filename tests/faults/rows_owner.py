"""Rows 39 to 53: the owner's own trades, the market, the calendar and the clock.

Each is (number, levels, fault, what must happen).
"""

ROWS: tuple[tuple[int, str, str, str], ...] = (
    (
        39,
        "S",
        "The owner buys the same symbol by hand",
        "Seen and shown as not ours; the ledger stays until the owner's tap.",
    ),
    (
        40,
        "S",
        "The owner orders by hand what the bot orders, figure for figure",
        "Never silently taken for ours: known from before, or ambiguous and asked.",
    ),
    (
        41,
        "S",
        "The owner cancels the bot's order by hand",
        "Cancelled, told, and not placed again.",
    ),
    (42, "S", "The owner sells everything by hand", "The cycle pauses and asks."),
    (
        43,
        "S",
        "A split of 2:1 or 15:1, or a reverse split of 1:5",
        "The symbol stops before it is planned; the owner confirms; the ledger has an event of it.",
    ),
    (
        44,
        "S",
        "A dividend, a deposit, a withdrawal",
        "The ledger's shares and the spending limit stay.",
    ),
    (45, "S", "The symbol is halted or gone, or has no price", "No order, and told."),
    (
        46,
        "S",
        "A price of zero, none, ten times off, or of yesterday",
        "Turned away by the price band.",
    ),
    (
        47,
        "S",
        "A holiday, a half day, a closure nobody announced",
        "No order, an earlier cut-off, or told: each as it is.",
    ),
    (48, "S", "Daylight saving begins or ends", "The window is right by New York's clock."),
    (49, "S", "Seoul's midnight falls into the session", "One trading date, one round."),
    (
        50,
        "U",
        "The calendar's last year is over",
        "Nothing is traded without a calendar; told long before the end.",
    ),
    (
        51,
        "S",
        "The machine's clock is minutes or an hour off, or steps back",
        "Held against KIS's own clock: over 30 seconds, no order and told; never two rounds.",
    ),
    (
        52,
        "SP",
        "The machine sleeps over the time of an order and wakes inside or after the window",
        "Inside: the round runs once. After: it was missed, and that is told.",
    ),
    (53, "S", "The schedule wakes twice or late", "A slot is one row in the database: once."),
)
