"""The table of published versions, and the agreement (rules) that each begins with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from strategy import options, v1_0, v2_1, v2_2, v3_0, v4_0
from strategy.errors import StrategyError
from strategy.model import (
    Compounding,
    Counting,
    Cycle,
    Market,
    Plan,
    QuarterBudget,
    Rules,
    Sizing,
)

UNOFFICIAL_SPLITS = 30
"""Splits that no version's author has tabled: only by interpolation, and only on demand."""


Planner = Callable[[Cycle, Market], Plan]
"""One published version: it turns the state of a cycle and closes into an evening's plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What a version is called, its planner, and what it brings into an agreement.

    `splits` are the author's own, `least` and `most` bound what its formulas are good for.
    `targets`, `reverse_exits` and `first_buys` are percent by symbol; `defaults` are further
    fields of Rules.
    """

    name: str
    plan: Planner
    splits: tuple[int, ...]
    allowed: frozenset[int] = frozenset({20, 30, 40})
    targets: Mapping[str, Decimal]
    reverse_exits: Mapping[str, Decimal]
    first_buys: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    compounding: Compounding
    counting: Counting
    sizing: Sizing
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


_TEN = MappingProxyType({"TQQQ": Decimal(10), "SOXL": Decimal(10)})
_TEN_AND_TWELVE = MappingProxyType({"TQQQ": Decimal(10), "SOXL": Decimal(12)})
_FIFTEEN_AND_TWENTY = MappingProxyType({"TQQQ": Decimal(15), "SOXL": Decimal(20)})

METHODS: Mapping[str, Version] = MappingProxyType(
    {
        version.name: version
        for version in (
            Version(
                name="1.0",
                plan=v1_0.plan,
                splits=(40,),
                targets=_TEN,
                reverse_exits=_TEN,
                compounding=Compounding.NONE,
                counting=Counting.EVENTS,
                sizing=Sizing.FIXED,
                defaults=MappingProxyType({"ladder": 0}),
            ),
            Version(
                name="2.1",
                plan=v2_1.plan,
                splits=(40,),
                targets=_TEN,
                reverse_exits=_TEN,
                compounding=Compounding.NONE,
                counting=Counting.COST,
                sizing=Sizing.FIXED,
                defaults=MappingProxyType({"ladder": 0}),
            ),
            Version(
                name="2.2",
                plan=v2_2.plan,
                splits=(40,),
                # The author gives the star's percent for any a (method.md 2.1).
                allowed=frozenset(range(10, 101)),
                targets=_TEN_AND_TWELVE,
                reverse_exits=_TEN_AND_TWELVE,
                first_buys=_TEN_AND_TWELVE,
                compounding=Compounding.NONE,
                counting=Counting.COST,
                sizing=Sizing.FIXED,
            ),
            Version(
                name="3.0",
                plan=v3_0.plan,
                splits=(20,),
                targets=_FIFTEEN_AND_TWENTY,
                reverse_exits=_FIFTEEN_AND_TWENTY,
                compounding=Compounding.HALF,
                counting=Counting.COST,
                sizing=Sizing.FIXED,
                defaults=MappingProxyType({"quarter_budget": QuarterBudget.SAME}),
            ),
            Version(
                name="4.0",
                plan=v4_0.plan,
                splits=(20, 40),
                targets=_FIFTEEN_AND_TWENTY,
                reverse_exits=_FIFTEEN_AND_TWENTY,
                compounding=Compounding.FULL,
                counting=Counting.EVENTS,
                sizing=Sizing.DAILY,
            ),
        )
    }
)


def method(rules_or_name: Rules | str) -> Planner:
    """Give the planner of a version. Raises StrategyError for a version that is unknown."""
    name = rules_or_name if isinstance(rules_or_name, str) else rules_or_name.method
    return version(name).plan


def plan(cycle: Cycle, market: Market) -> Plan:
    """Make an evening's plan by the version that the cycle runs under.

    Raises StrategyError for a state that the method cannot plan for.
    """
    return method(cycle.rules)(cycle, market)


def rules(
    method: str,
    symbol: str,
    splits: int,
    *,
    target_percent: Decimal | None = None,
    unofficial: bool = False,
    **overrides: Any,
) -> Rules:
    """Write the agreement of a version for a symbol, with the options that differ from its own.

    Symbols that the version does not name, and 30 splits, need `unofficial` and a
    `target_percent` (docs/decisions/0007); an unnamed symbol's reverse phase ends that many percent
    under the average unless `reverse_exit_percent` says otherwise. `overrides` are further fields
    of Rules by name. Raises StrategyError for an unknown version, a choice that is not explicit,
    and options out of range (method.md 1, 2, 10).
    """
    chosen_version = version(method)
    _check_choice(chosen_version, symbol, splits, target_percent, unofficial=unofficial)
    target = chosen_version.targets.get(symbol) if target_percent is None else target_percent
    if target is None:
        raise StrategyError(f"{symbol or 'this symbol'} needs a target percent")
    chosen: dict[str, Any] = {
        "reverse_exit_percent": chosen_version.reverse_exits.get(symbol, target),
        "compounding": chosen_version.compounding,
        **chosen_version.defaults,
    }
    if symbol in chosen_version.first_buys:
        chosen["first_buy_percent"] = chosen_version.first_buys[symbol]
    chosen |= {name: value for name, value in overrides.items() if value is not None}
    known = {option.name for option in options.OPTIONS}
    unknown = chosen.keys() - known
    if unknown:
        raise StrategyError(f"the method has no option {', '.join(sorted(unknown))}")
    made = Rules(
        method=method,
        symbol=symbol,
        splits=splits,
        target_percent=target,
        counting=chosen_version.counting,
        sizing=_sizing(chosen_version, chosen["compounding"]),
        **chosen,
    )
    options.check(made)
    return made


def compounding_otherwise(agreed: Rules, compounding: Compounding) -> Rules:
    """Let an agreement compound in another way; 3.0's unit grows under 반복리 alone."""
    sizing = _sizing(version(agreed.method), compounding)
    return replace(agreed, compounding=compounding, sizing=sizing)


def is_official(agreed: Rules) -> bool:
    """Tell whether the version's author names this symbol and these splits (method.md 1, 10)."""
    own = version(agreed.method)
    return agreed.symbol in own.targets and agreed.splits in own.splits


def version(name: str) -> Version:
    """Find a version. Raises StrategyError for one that is unknown."""
    found = METHODS.get(name)
    if found is None:
        raise StrategyError(f"there is no version {name} of the method: {', '.join(METHODS)} exist")
    return found


def _sizing(chosen: Version, compounding: Compounding) -> Sizing:
    """Let 3.0's unit grow under its own compounding, 반복리; any other is counted at cycle ends."""
    grows = chosen.name == "3.0" and compounding is Compounding.HALF
    return Sizing.GROWING if grows else chosen.sizing


def _check_choice(
    chosen: Version, symbol: str, splits: int, target: Decimal | None, *, unofficial: bool
) -> None:
    if splits not in chosen.allowed:
        least, most = min(chosen.allowed), max(chosen.allowed)
        each = len(chosen.allowed) > 3
        span = f"{least} to {most}" if each else "20, 30 or 40"
        raise StrategyError(f"version {chosen.name} takes {span} splits, not {splits}")
    what = ""
    if symbol not in chosen.targets:
        named = " and ".join(chosen.targets)
        what = f"version {chosen.name} names {named} only: {symbol or 'this symbol'}"
    elif splits == UNOFFICIAL_SPLITS:
        what = f"version {chosen.name} has no table for {splits} splits: this choice"
    if what and (not unofficial or target is None):
        raise StrategyError(f"{what} needs --unofficial and a --target-percent of your own")
