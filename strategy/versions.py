"""The table of published versions, and the agreement (rules) that each begins with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from strategy.errors import StrategyError
from strategy.model import Compounding, Cycle, Market, Plan, Rules
from strategy.v4_0 import InfiniteBuying40

SPLITS = (20, 30, 40)
MOST_RUNGS = 15


class Method(Protocol):
    """One published version: it turns the state of a cycle and closes into an evening's plan."""

    @property
    def name(self) -> str: ...

    def plan(self, cycle: Cycle, market: Market) -> Plan: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What a version is called, the symbols it names with their percents, and its planner.

    `targets` and `reverse_exits` are percent by symbol. `method` is None for a version that is
    known but not yet built.
    """

    name: str
    method: Method | None
    targets: Mapping[str, Decimal]
    reverse_exits: Mapping[str, Decimal]
    compounding: Compounding
    first_buys: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))


_FIFTEEN_AND_TWENTY = MappingProxyType({"TQQQ": Decimal(15), "SOXL": Decimal(20)})
_TEN_AND_TWELVE = MappingProxyType({"TQQQ": Decimal(10), "SOXL": Decimal(12)})

METHODS: Mapping[str, Version] = MappingProxyType(
    {
        version.name: version
        for version in (
            Version(
                name="2.2",
                method=None,
                targets=_TEN_AND_TWELVE,
                reverse_exits=_TEN_AND_TWELVE,
                compounding=Compounding.NONE,
                first_buys=_TEN_AND_TWELVE,
            ),
            Version(
                name="3.0",
                method=None,
                targets=_FIFTEEN_AND_TWENTY,
                reverse_exits=_FIFTEEN_AND_TWENTY,
                compounding=Compounding.HALF,
            ),
            Version(
                name="4.0",
                method=InfiniteBuying40(),
                targets=_FIFTEEN_AND_TWENTY,
                reverse_exits=_FIFTEEN_AND_TWENTY,
                compounding=Compounding.FULL,
            ),
        )
    }
)


def method(rules_or_name: Rules | str) -> Method:
    """Give the planner of a version.

    Raises StrategyError for a version that is unknown, or known but not yet built.
    """
    name = rules_or_name if isinstance(rules_or_name, str) else rules_or_name.method
    found = _version(name).method
    if found is None:
        raise StrategyError(f"version {name} of the method is not built yet: use 4.0")
    return found


def plan(cycle: Cycle, market: Market) -> Plan:
    """Make an evening's plan by the version that the cycle runs under.

    Raises StrategyError for a state that the method cannot plan for.
    """
    return method(cycle.rules).plan(cycle, market)


def rules(
    method: str,
    symbol: str,
    splits: int,
    *,
    target_percent: Decimal | None = None,
    **overrides: Any,
) -> Rules:
    """Write the agreement of a version for a symbol, with the options that differ from its own.

    `target_percent` is needed for symbols that the version does not name (unofficial); their
    reverse phase ends that many percent under the average unless `reverse_exit_percent` says
    otherwise. `overrides` are further fields of Rules by name. Raises StrategyError for an unknown
    or unbuilt version, a symbol without target, and options out of range (method.md 1, 2, 10).
    """
    version = _version(method)
    if version.method is None:
        raise StrategyError(f"version {method} of the method is not built yet: use 4.0")
    if splits not in SPLITS:
        raise StrategyError(f"splits must be 20, 30 or 40, not {splits}")
    target = version.targets.get(symbol) if target_percent is None else target_percent
    if target is None:
        raise StrategyError(
            f"version {method} names {' and '.join(version.targets)} only: "
            f"{symbol or 'this symbol'} needs a target percent of your own"
        )
    chosen: dict[str, Any] = {
        "reverse_exit_percent": version.reverse_exits.get(symbol, target),
        "compounding": version.compounding,
    }
    if symbol in version.first_buys:
        chosen["first_buy_percent"] = version.first_buys[symbol]
    chosen |= {name: value for name, value in overrides.items() if value is not None}
    unknown = chosen.keys() - {each.name for each in fields(Rules)}
    if unknown:
        raise StrategyError(f"the method has no option {', '.join(sorted(unknown))}")
    made = Rules(method=method, symbol=symbol, splits=splits, target_percent=target, **chosen)
    _check(made)
    return made


def is_official(agreed: Rules) -> bool:
    """Tell whether the version's author names this symbol and these splits (method.md 1, 10)."""
    return agreed.symbol in _version(agreed.method).targets and agreed.splits in {20, 40}


def _version(name: str) -> Version:
    found = METHODS.get(name)
    if found is None:
        raise StrategyError(f"there is no version {name} of the method: {', '.join(METHODS)} exist")
    return found


def _check(made: Rules) -> None:
    within = {
        "the target percent": (made.target_percent, Decimal("0.1"), Decimal(100)),
        "the reverse exit percent": (made.reverse_exit_percent, Decimal("0.1"), Decimal(99)),
        "the first buy percent": (made.first_buy_percent, Decimal(0), Decimal(100)),
        "the band percent": (made.band_percent, Decimal(0), Decimal(1000)),
        "the cap percent": (made.cap_percent, Decimal(0), Decimal(1000)),
        "the fee percent": (made.fee_percent, Decimal(0), Decimal(10)),
        "the ladder": (Decimal(made.ladder), Decimal(0), Decimal(MOST_RUNGS)),
    }
    for name, (value, least, most) in within.items():
        if not value.is_finite() or not least <= value <= most:
            raise StrategyError(f"{name} must lie between {least} and {most}, not at {value}")
