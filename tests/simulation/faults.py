"""The faults of level S of the catalogue (safety.md 4(a)), each with its row, and a seed's choice.

A swarm, not an average: a seed switches most faults off and a few up to a high rate, so that every
combination comes some day and none drowns the others.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class Fault(StrEnum):
    """A fault and its row in the catalogue; who throws for it says what it does there."""

    row: int

    def __new__(cls, value: str, row: int) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.row = row
        return member

    # orders on their way (tests/simulation/kis)
    ORDER_LOST = "order_lost", 1
    ANSWER_LOST = "answer_lost", 2
    ORDER_LATE = "order_late", 3
    ORDER_LATE_AND_KILLED = "order_late_and_killed", 4
    ERROR_AFTER_ACCEPTANCE = "error_after_acceptance", 5
    ERROR_BEFORE_ACCEPTANCE = "error_before_acceptance", 6
    REFUSED = "refused", 10
    RATE_ON_ORDER = "rate_on_order", 11
    RATE_STORM = "rate_storm", 12
    TOKEN_EXPIRED = "token_expired", 13
    TOKEN_REVOKED = "token_revoked", 14
    BROKER_DOWN = "broker_down", 18
    # what the broker shows (tests/simulation/kis)
    LISTING_LAGS = "listing_lags", 22
    PAGE_FAILS = "page_fails", 23
    ROW_TWICE = "row_twice", 25
    ROW_OF_ANOTHER_DAY = "row_of_another_day", 27
    HOLDINGS_LAG = "holdings_lag", 28
    SETTLED_HOLDINGS = "settled_holdings", 29
    PARTIAL_AT_CLOSE = "partial_at_close", 30
    FILLS_OUT_OF_ORDER = "fills_out_of_order", 31
    EXPIRES = "expires", 32
    LATE_REJECTION = "late_rejection", 33
    CANCEL_RACES_FILL = "cancel_races_fill", 34
    NOTICE_FIRST = "notice_first", 35
    USD_SHORT = "usd_short", 36
    SELL_TOO_MANY = "sell_too_many", 37
    WASH_TRADE = "wash_trade", 38
    # the account and the market (tests/simulation/kis, by the owner's plan)
    HAND_BUY = "hand_buy", 39
    HAND_TWIN = "hand_twin", 40
    HAND_CANCEL = "hand_cancel", 41
    HAND_SALE = "hand_sale", 42
    SPLIT = "split", 43
    CASH_MOVES = "cash_moves", 44
    HALTED = "halted", 45
    WILD_PRICE = "wild_price", 46
    CALENDAR = "calendar", 47
    DAYLIGHT_SAVING = "daylight_saving", 48
    SEOUL_MIDNIGHT = "seoul_midnight", 49
    # the machine (tests/simulation/machine)
    CLOCK_WRONG = "clock_wrong", 51
    ASLEEP = "asleep", 52
    WAKES_TWICE = "wakes_twice", 53
    KILLED = "killed", 54
    KILLED_IN_RECOVERY = "killed_in_recovery", 55
    DISK_FULL = "disk_full", 61
    DISK_FAILS = "disk_fails", 62
    # the chat (tests/simulation/telegram)
    CHAT_DOWN = "chat_down", 67
    TOO_MANY_REQUESTS = "too_many_requests", 68
    BLOCKED = "blocked", 69
    KILLED_BEFORE_MARK = "killed_before_mark", 71
    UPDATE_TWICE = "update_twice", 72
    PRESSED_TWICE = "pressed_twice", 73
    OLD_BUTTON = "old_button", 74
    STRANGER = "stranger", 75
    OTHER_POLLER = "other_poller", 76
    FLOOD = "flood", 78


@dataclass(kw_only=True)
class Swarm:
    """A seed's rates (a chance per occasion, 0 to 1) and what has struck so far."""

    rates: dict[Fault, float]
    hits: Counter[Fault] = field(default_factory=Counter)


CALM = 0.5
"""The share of the faults that a seed switches off."""


def swarm_of(seed: int) -> Swarm:
    """Choose a seed's faults: half are off, most of the rest rare, a few up to three in ten."""
    chance = random.Random(f"{seed}/swarm")
    rates: dict[Fault, float] = {}
    for fault in Fault:
        throw = chance.random()
        if throw < CALM:
            rates[fault] = 0.0
        elif throw < 0.9:
            rates[fault] = chance.uniform(0.005, 0.05)
        else:
            rates[fault] = chance.uniform(0.1, 0.3)
    return Swarm(rates=rates)


def quiet() -> Swarm:
    """Give a world without any fault."""
    return Swarm(rates={})
