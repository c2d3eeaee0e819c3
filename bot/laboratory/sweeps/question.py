"""What a sweep is asked, its runs in their order, and the parcels that workers are handed."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib.metadata import version
from typing import NamedTuple

from pydantic import TypeAdapter

from strategy import cycle, performance, sweep
from strategy.model import Bar, Rules
from strategy.sweep import Job, Span

PROGRAM = version("muhan")


class Run(NamedTuple):
    """One run of a sweep: an agreement over a span of its symbol's bars."""

    rules: Rules
    span: Span


class Parcel(NamedTuple):
    """Runs over one symbol's bars that a worker plays at once, and their numbers in the sweep."""

    symbol: str
    numbers: tuple[int, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """A symbol's bars (USD, oldest first); `first` is the first to trade, `sha256` the data's."""

    bars: tuple[Bar, ...]
    first: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a sweep is asked: every agreement from every start, over every horizon (sessions).

    `principal` is USD, `every` the sessions between two starts; a horizon of None runs to the end.
    `varied` names what the grid varies, in its order.
    """

    agreements: tuple[Rules, ...]
    principal: Decimal
    prices: Mapping[str, Prices]
    every: int
    horizons: tuple[int | None, ...]
    varied: tuple[str, ...] = ()

    @cached_property
    def spans(self) -> Mapping[str, tuple[Span, ...]]:
        """The spans of each symbol, horizon by horizon. Raises StrategyError."""
        return {
            symbol: sweep.spans(len(each.bars), each.first, self.every, self.horizons)
            for symbol, each in self.prices.items()
        }

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """All runs in their order, start dates turning fastest. Raises StrategyError."""
        total = sum(len(self.spans[rules.symbol]) for rules in self.agreements)
        sweep.check_runs(total)
        return tuple(
            Run(rules, span) for rules in self.agreements for span in self.spans[rules.symbol]
        )

    @cached_property
    def held(self) -> Mapping[tuple[str, int, int], Decimal]:
        """What the price alone did over each span (percent), from the close before it."""
        return {
            (symbol, span.first, span.last): performance.return_percent(
                self.prices[symbol].bars[span.first - 1].close,
                self.prices[symbol].bars[span.last - 1].close,
            )
            for symbol, spans in self.spans.items()
            for span in spans
        }

    def check(self) -> None:
        """Refuse what cannot be run before anything is. Raises StrategyError."""
        for rules in self.agreements:
            cycle.start(rules, self.principal)
        _ = self.runs

    def identity(self) -> dict[str, str]:
        """Name the question: the same words mean the same numbers, whoever computes them."""
        asked = {
            "agreements": TypeAdapter(tuple[Rules, ...]).dump_python(self.agreements, mode="json"),
            "principal": str(self.principal),
            "every": self.every,
            "horizons": self.horizons,
            "first": {symbol: each.first for symbol, each in self.prices.items()},
            "bars": {symbol: _bars(each) for symbol, each in self.prices.items()},
        }
        words = json.dumps(asked, sort_keys=True).encode()
        return {
            "sweep": hashlib.sha256(words).hexdigest(),
            "program": PROGRAM,
            **{f"data {symbol}": each.sha256 for symbol, each in self.prices.items()},
        }

    def days(self, run: Run) -> tuple[date, date]:
        """Give the first and the last session of a run."""
        bars = self.prices[run.rules.symbol].bars
        return bars[run.span.first].day, bars[run.span.last - 1].day

    def parcels(self, done: Collection[int], sessions: int) -> Iterator[Parcel]:
        """Pack the runs that are not done yet, about so many sessions to a parcel."""
        numbers: list[int] = []
        packed, symbol = 0, ""
        for number, run in enumerate(self.runs):
            if number in done:
                continue
            if numbers and (packed >= sessions or run.rules.symbol != symbol):
                yield self._parcel(numbers)
                numbers, packed = [], 0
            symbol = run.rules.symbol
            numbers.append(number)
            packed += run.span.last - run.span.first
        if numbers:
            yield self._parcel(numbers)

    def _parcel(self, numbers: list[int]) -> Parcel:
        runs = [self.runs[number] for number in numbers]
        return Parcel(
            symbol=runs[0].rules.symbol,
            numbers=tuple(numbers),
            jobs=tuple(
                Job(run.rules, self.principal, run.span.first, run.span.last) for run in runs
            ),
        )


def _bars(prices: Prices) -> str:
    """Name the bars as they are traded: scaled, and cut at the end that was asked for."""
    words = json.dumps([[str(each) for each in _cells(bar)] for bar in prices.bars])
    return hashlib.sha256(words.encode()).hexdigest()


def _cells(bar: Bar) -> tuple[object, ...]:
    return bar.day, bar.open, bar.high, bar.low, bar.close
