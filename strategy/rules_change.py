"""Another agreement for a run: what counts at once, and what only the next cycle begins under.

The version, the splits and the target decide T and the unit of a cycle that holds shares, so they
wait until its last share is sold. Rungs, big-number buys and fees are of one evening.
"""

from dataclasses import replace
from typing import Any

from strategy import versions
from strategy.changes import ChangeRefused, RulesChange
from strategy.compounding import fixed_unit
from strategy.errors import StrategyError
from strategy.model import Compounding, Cycle, Rules
from strategy.options import OPTIONS

AT_ONCE = ("ladder", "first_buy_percent", "band_percent", "cap_percent", "fee_percent")
"""Options of a change that the next evening is planned with."""
_OF_ANY_VERSION = (
    "band_percent",
    "cap_percent",
    "fee_percent",
    "sell_fee_percent",
    "sec_fee_percent",
    "fee_in_sizing",
)
_A_FEW = 3


def booked(cycle: Cycle, change: RulesChange) -> Cycle:
    """Agree on other rules: all of them at once while nothing is held.

    Raises ChangeRefused for what the version does not take, and where nothing would be another.
    """
    after = agreed(cycle.next_rules or cycle.rules, change)
    if not cycle.quantity:
        changed = replace(
            cycle, rules=after, next_rules=None, unit=fixed_unit(after, cycle.principal)
        )
    else:
        now = _with(cycle.rules, _at_once(change))
        changed = replace(cycle, rules=now, next_rules=None if after == now else after)
    if (changed.rules, changed.next_rules) == (cycle.rules, cycle.next_rules):
        raise ChangeRefused("이미 그렇게 되어 있습니다", "that is agreed already")
    return changed


def compounded(cycle: Cycle, compounding: Compounding) -> Cycle:
    """Choose what becomes of a finished cycle's profit, from this cycle on."""
    following = cycle.next_rules
    if compounding is (following or cycle.rules).compounding is cycle.rules.compounding:
        raise ChangeRefused(
            f"이미 {compounding.value}입니다", f"the compounding is {compounding.value} already"
        )
    return replace(
        cycle,
        rules=versions.compounding_otherwise(cycle.rules, compounding),
        next_rules=following and versions.compounding_otherwise(following, compounding),
    )


def agreed(base: Rules, change: RulesChange) -> Rules:
    """Write the agreement that a change makes of one; another version brings its own options.

    Raises ChangeRefused for what the version does not take.
    """
    method = change.method or base.method
    splits = base.splits if change.splits is None else change.splits
    unofficial = change.unofficial or not versions.is_official(base)
    _check(method, splits, unofficial=unofficial)
    kept = [option.name for option in OPTIONS] if method == base.method else _OF_ANY_VERSION
    options: dict[str, Any] = {name: getattr(base, name) for name in kept} | _at_once(change)
    target = options.pop("target_percent", None) or versions.version(method).targets.get(
        base.symbol, base.target_percent
    )
    try:
        return versions.rules(
            method,
            base.symbol,
            splits,
            target_percent=target if change.target_percent is None else change.target_percent,
            unofficial=unofficial,
            **options,
        )
    except StrategyError as error:
        raise ChangeRefused(
            "비율이나 개수가 범위를 벗어났습니다: 값을 확인해 주세요", str(error)
        ) from error


def splits_of(method: str) -> tuple[int, ...]:
    """List the splits that a version takes, its author's own first."""
    taken = versions.version(method)
    return (*taken.splits, *sorted(taken.allowed - set(taken.splits)))


def _check(method: str, splits: int, *, unofficial: bool) -> None:
    known = versions.METHODS.get(method)
    if known is None:
        names = ", ".join(versions.METHODS)
        raise ChangeRefused(f"V{method}은 없습니다: {names} 중에서 골라 주세요", f"no V{method}")
    least, most = min(known.allowed), max(known.allowed)
    span = f"{least}~{most}" if len(known.allowed) > _A_FEW else "20, 30, 40"
    if splits not in known.allowed:
        raise ChangeRefused(
            f"V{method}의 분할 수는 {span}입니다: {splits}분할은 안 됩니다",
            f"version {method} takes {span} splits, not {splits}",
        )
    if splits == versions.UNOFFICIAL_SPLITS and not unofficial:
        raise ChangeRefused(
            f"{splits}분할은 V{method}의 저자가 정하지 않았습니다: 비공식임을 알고 골라 주세요",
            f"version {method} has no table for {splits} splits: choose it knowing that it is "
            "unofficial",
        )


def _at_once(change: RulesChange) -> dict[str, Any]:
    given = {name: getattr(change, name) for name in AT_ONCE}
    return {name: value for name, value in given.items() if value is not None}


def _with(rules: Rules, given: dict[str, Any]) -> Rules:
    return agreed(rules, RulesChange(**given)) if given else rules
