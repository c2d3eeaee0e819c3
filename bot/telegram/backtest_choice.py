"""What a backtest from the phone is asked: read from words in any order, written into buttons."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.telegram.arguments import Arguments, Misunderstood, read
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Rules

METHODS = {"1": "1.0", "2": "2.2", "3": "3.0", "4": "4.0"}
YEARS = (1, 3, 5, 10)
LEAST, MOST = Decimal(100), Decimal(100_000_000)
MOST_FEE = Decimal(5)

_METHOD = re.compile(r"v?(\d\.\d)|v(\d)")
_SPLITS = re.compile(r"(20|30|40)|(\d{1,3})분할")
_SPAN = re.compile(r"(\d{1,2})(?:y|년)|(전체|all)|((?:19|20)\d\d)-")
_ALL = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A run as it is chosen so far.

    `years` count back from the last stored day, 0 means all there are; `start` goes before them.
    `principal` is USD, `fee_percent` percent of each trade.
    """

    symbol: str
    method: str = "4.0"
    splits: int = 40
    principal: Decimal = Decimal(10_000)
    years: int = 5
    start: date | None = None
    fee_percent: Decimal = Decimal(0)

    def text(self) -> str:
        """Write it as it would be typed."""
        span = f"{self.years}y" if self.years else "all"
        if self.start is not None:
            span = self.start.isoformat()
        return (
            f"{self.symbol} v{self.method} {self.splits}분할 {span} ${self.principal:f} "
            f"{self.fee_percent:f}%"
        )

    def first_day(self, last: date) -> date | None:
        """Give the day from which on is traded; None for the earliest there is."""
        if self.start is not None or not self.years:
            return self.start
        day = min(last.day, 28) if last.month == 2 else last.day
        return last.replace(year=last.year - self.years, day=day)


def chosen(text: str, begun: Choice, *, today: date) -> Choice:
    """Change a choice by what somebody typed. Raises Misunderstood."""
    words = frozenset(word for word in text.lower().split() if _known(word))
    found = read(text, today=today, words=words)
    choice = begun
    for word in found.words:
        choice = _with_word(choice, word)
    if found.symbol is not None:
        choice = replace(choice, symbol=found.symbol)
    if found.day is not None:
        choice = replace(choice, start=found.day)
    return _with_figures(choice, found)


def _known(word: str) -> bool:
    return any(kind.fullmatch(word) for kind in (_METHOD, _SPLITS, _SPAN))


def _with_word(choice: Choice, word: str) -> Choice:
    if match := _SPLITS.fullmatch(word):
        return replace(choice, splits=int(match[1] or match[2]))
    if match := _METHOD.fullmatch(word):
        method = match[1] or METHODS.get(match[2], match[2])
        if method not in versions.METHODS:
            known = ", ".join(versions.METHODS)
            raise Misunderstood(
                f"V{method} 판은 없습니다. 있는 판: {known}.",
                f"There is no version {method}. There are: {known}.",
            )
        return replace(choice, method=method)
    if match := _SPAN.fullmatch(word):
        if match[3]:
            return replace(choice, start=date(int(match[3]), 1, 1))
        return replace(choice, years=_ALL if match[2] else int(match[1]), start=None)
    raise Misunderstood(
        f"백테스트가 모르는 말입니다: {word[:30]}\n종목, 판(v4), 분할(40분할), 기간(5년), "
        "원금($10,000), 수수료(0.25%)를 읽습니다.",
        f"'{word[:30]}' means nothing to a backtest. It reads a symbol, a version (v4), splits "
        "(40), a time (5y), a principal ($10,000) and a fee (0.25%).",
    )


def _with_figures(choice: Choice, found: Arguments) -> Choice:
    if found.amount is not None:
        if found.currency == "KRW" or not LEAST <= found.amount <= MOST:
            raise Misunderstood(
                f"원금은 달러로 ${LEAST:,}부터 ${MOST:,}까지 적어 주세요.",
                f"Write the principal in dollars, from ${LEAST:,} to ${MOST:,}.",
            )
        choice = replace(choice, principal=found.amount)
    if found.percent is not None:
        if not 0 <= found.percent <= MOST_FEE:
            raise Misunderstood(
                f"수수료는 0%부터 {MOST_FEE}%까지 적어 주세요.",
                f"Write the fee as 0% to {MOST_FEE}%.",
            )
        choice = replace(choice, fee_percent=found.percent)
    return choice


def agreement(choice: Choice, running: Rules | None) -> Rules:
    """Write the rules of a run: those of the running cycle where they are asked for.

    Raises Misunderstood for what the version does not take.
    """
    asked = (choice.symbol, choice.method, choice.splits)
    if running is not None and (running.symbol, running.method, running.splits) == asked:
        return replace(running, fee_percent=choice.fee_percent)
    try:
        target = versions.version(choice.method).targets.get(choice.symbol)
        if target is None and running is not None and running.symbol == choice.symbol:
            target = running.target_percent
        return versions.rules(
            choice.method,
            choice.symbol,
            choice.splits,
            unofficial=True,
            target_percent=target,
            fee_percent=choice.fee_percent,
        )
    except StrategyError as error:
        raise Misunderstood(
            f"V{choice.method}에 {choice.symbol} {choice.splits}분할은 돌릴 수 없습니다: 이 판이 "
            "정한 종목은 TQQQ와 SOXL, 분할은 20, 30, 40입니다.",
            f"V{choice.method} cannot be run on {choice.symbol} with {choice.splits} splits: it "
            f"names TQQQ and SOXL, with 20, 30 or 40 splits ({error}).",
        ) from error
