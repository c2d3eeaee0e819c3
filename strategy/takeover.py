"""Taking over a position in mid-cycle, bought by hand or by another program. Money is USD."""

from dataclasses import replace
from decimal import Decimal

from strategy import state
from strategy.bookkeeping import apply, turn_from_cost
from strategy.changes import ChangeRefused, TurnCorrection
from strategy.compounding import fixed_unit
from strategy.model import Cycle, Market, Phase, Rules, Sizing
from strategy.price import CENT, round12, shown


def import_position(
    rules: Rules,
    *,
    quantity: int,
    average: Decimal,
    cash: Decimal,
    turn: Decimal | None = None,
    number: int = 1,
    principal: Decimal | None = None,
    unit: Decimal | None = None,
    phase: Phase = Phase.NORMAL,
    step: int = 0,
) -> Cycle:
    """Take over a position in mid-cycle: so many shares at an average (USD), and what cash is left.

    `turn` is the owner's own T where T is counted by events (proposed from the cost when left out),
    and never given where it comes from the cost. `principal` is what the run began with (default:
    cash and cost together), `unit` a unit that is not principal / a. In another phase than the
    normal one `step` is the day (reverse) or the round (quarter) to be planned next. Raises
    ChangeRefused with a sentence for what no ledger can be.
    """
    _check_position(quantity, average, cash)
    average, cash = round12(average), round12(cash)
    cost = round12(quantity * average)
    principal = round12(cash + cost if principal is None else principal)
    sized = _imported_unit(rules, principal, unit)
    taken = Cycle(
        rules=rules,
        number=number,
        seed=principal,
        principal=principal,
        cash=cash,
        quantity=quantity,
        average=average,
        average_before=average,
        unit=sized,
        phase=phase,
        reverse_day=max(step, 1) if phase is Phase.REVERSE else 0,
        quarter_round=step if phase is Phase.QUARTER else 0,
        realized=round12(cash + cost - principal),
        exhausted=phase is not Phase.NORMAL,
    )
    counted = _imported_turn(taken, turn)
    taken = replace(taken, turn=counted, max_turn=counted)
    state.check(taken, Market())
    return taken


def _check_position(quantity: int, average: Decimal, cash: Decimal) -> None:
    if quantity < 1:
        raise ChangeRefused(
            f"가져올 주식이 1주 이상이어야 합니다: {quantity}주 (없으면 새 사이클을 시작하세요)",
            f"a position has one share at least, not {quantity}: with none, start a cycle",
        )
    if not average.is_finite() or average < CENT:
        raise ChangeRefused(
            f"{quantity}주의 평단을 달러로 적어 주세요: {average}",
            f"say the average of the {quantity} shares in USD, a cent at least, not {average}",
        )
    if not cash.is_finite() or cash <= 0:
        raise ChangeRefused(
            f"이 사이클에 남은 현금을 0보다 크게 적어 주세요: {cash}",
            f"say how much cash is left for this run, above 0, not {cash}",
        )


def _imported_unit(rules: Rules, principal: Decimal, unit: Decimal | None) -> Decimal:
    if not principal.is_finite() or principal <= 0:
        raise ChangeRefused(
            f"원금은 0보다 커야 합니다: {principal}",
            f"the principal is a sum above 0, not {principal}",
        )
    if unit is None:
        return fixed_unit(rules, principal)
    if rules.sizing is Sizing.DAILY or not unit.is_finite() or unit <= 0:
        raise ChangeRefused(
            f"V{rules.method}의 1회매수금을 이렇게 정할 수 없습니다: {unit}",
            f"a unit of {unit} cannot be set: version {rules.method} sizes it by cash, or it is "
            "not above 0",
        )
    return round12(unit)


def _imported_turn(taken: Cycle, own: Decimal | None) -> Decimal:
    counted = turn_from_cost(taken)
    if own is None:
        if counted <= taken.rules.splits:
            return counted
        raise ChangeRefused(
            f"원가로 계산한 T가 {shown(counted)}로 {taken.rules.splits}분할을 넘습니다: 원금이나 "
            "1회매수금, T를 확인해 주세요",
            f"T from the cost is {shown(counted)} of {taken.rules.splits} splits: look at the "
            "principal, the unit or T",
        )
    return apply(taken, TurnCorrection(turn=own)).turn
