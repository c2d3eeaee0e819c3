"""What the laboratory is asked: sliders and choices, and the agreement that they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from bot.dashboard.room import Room
from bot.laboratory.workshop import StoredPrices
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Rules
from strategy.price import plain
from strategy.versions import METHODS, Version

USUAL = "4.0"
MOST_SPLITS = 10
"""Of more allowed splits every tenth is offered."""
TARGET, LADDER = 10.0, 8
"""Where a version says nothing of its own."""

FIVE_YEARS = timedelta(days=5 * 365)
FEWEST_DAYS = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A run as it is chosen; `principal` is USD, `start` its first day."""

    rules: Rules
    principal: Decimal
    start: date
    stored: StoredPrices

    @property
    def title(self) -> str:
        """Name it in letters and digits that are the same in both languages."""
        rules = self.rules
        return f"{rules.symbol} V{rules.method}/{rules.splits} +{rules.target_percent:f}%"


def choose(room: Room, stored: dict[str, StoredPrices]) -> Choice | None:
    """Draw the choices; None, and why, where the method does not take them together."""
    say = room.words.say
    symbol = st.selectbox(say("종목", "symbol"), list(stored), key="lab-symbol")
    method = st.segmented_control(
        say("버전", "version"),
        list(METHODS),
        default=USUAL,
        required=True,
        format_func=lambda each: f"V{each}",
        key="lab-method",
    )
    version, prices = METHODS[method], stored[symbol]
    splits = st.select_slider(
        say("분할", "splits"),
        splits_of(version),
        value=max(version.splits),
        key=f"lab-splits-{method}",
    )
    own = version.targets.get(symbol)
    target = st.slider(
        say("목표 %", "target %"),
        *(3.0, 30.0, float(own) if own is not None else TARGET, 0.5),
        key=f"lab-target-{method}-{symbol}",
        format="%.1f",
    )
    with st.expander(say("더 바꾸기", "More")):
        ladder, fee, principal, start = _more(room, version, prices)
    try:
        rules = versions.rules(
            method,
            symbol,
            splits,
            target_percent=decimal(target),
            unofficial=True,
            ladder=ladder,
            fee_percent=decimal(fee),
        )
    except StrategyError as error:
        st.error(say(f"이 조건으로는 돌릴 수 없습니다: {error}.", f"That cannot be run: {error}."))
        return None
    return Choice(rules=rules, principal=decimal(principal), start=start, stored=prices)


def _more(room: Room, version: Version, prices: StoredPrices) -> tuple[int, float, float, date]:
    say = room.words.say
    ladder = st.slider(
        say("급락 대비 사다리 (줄)", "ladder rungs"),
        *(0, 16, int(version.defaults.get("ladder", LADDER))),
        key=f"lab-ladder-{version.name}",
    )
    fee = st.slider(say("수수료 %", "fee %"), 0.0, 1.0, 0.0, 0.01, key="lab-fee")
    principal = st.number_input(
        say("원금 (USD)", "principal (USD)"),
        100.0,
        100_000_000.0,
        10_000.0,
        1000.0,
        "%.0f",
        key="lab-principal",
    )
    start = st.slider(
        say("시작", "from"),
        prices.first,
        max(prices.last - FEWEST_DAYS, prices.first + timedelta(days=1)),
        max(prices.last - FIVE_YEARS, prices.first),
        key=f"lab-start-{prices.first}-{prices.last}",
        format="YYYY-MM-DD",
    )
    return ladder, fee, principal, start


def splits_of(version: Version) -> Sequence[int]:
    """List the splits to choose from."""
    every = sorted(version.allowed)
    if len(every) <= MOST_SPLITS:
        return every
    return [each for each in every if each % 10 == 0]


def decimal(value: float) -> Decimal:
    """Read a slider's number as it is written beside it, without binary dust."""
    return plain(Decimal(f"{value:.2f}"))
