"""Start and end of a strategy: a cycle begins, rests, ends or goes on."""

from decimal import Decimal
from typing import Any

from bot.amounts import counted, money
from bot.commands import PreviewStart, SetAfterwards, StartCycle, StartPreview
from bot.control.acts import Act, Order, Told, Tools
from bot.control.arguments import Given, wrong
from bot.control.errors import ControlRefused
from bot.control.order_words import listed, real_money
from bot.control.refusals import Both, both
from bot.storage.people import Role
from bot.storage.views import CycleView
from bot.trading.model import Afterwards, Approval
from bot.trading.refusal import Refusal, Why
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Rules

_START = (
    "symbol",
    "method",
    "splits",
    "principal",
    "approval",
    "target_percent",
    "ladder",
    "fee_percent",
    "not_ours",
)
_APPROVALS: dict[Approval, Both] = {
    Approval.ALERT: both("알림만", "alert only"),
    Approval.CONFIRM: both("확인", "confirm"),
    Approval.AUTO: both("자동", "automatic"),
}
_AFTERWARDS: dict[Afterwards, Both] = {
    Afterwards.GO_ON: both("다음 사이클을 이어 갑니다", "goes on with the next cycle"),
    Afterwards.REST: both("쉽니다", "rests"),
    Afterwards.END: both("끝냅니다", "ends"),
}


async def _ask_start(tools: Tools, given: Given) -> Told:
    given.only(_START)
    rules, principal = _rules(given), given.decimal("principal")
    approval = given.choice(Approval, "approval", Approval.CONFIRM)
    if await tools.views.cycles_of(rules.symbol):
        raise Refusal(Why.SYMBOL_RUNS, symbol=rules.symbol)
    shown = await tools.bus.ask(PreviewStart(rules=rules, principal=principal))
    not_ours = given.maybe_number("not_ours")
    fixed: dict[str, Any] = {
        "symbol": rules.symbol,
        "method": rules.method,
        "splits": rules.splits,
        "principal": str(principal),
        "approval": approval.value,
        "target_percent": str(rules.target_percent),
        "ladder": rules.ladder,
        "fee_percent": str(rules.fee_percent),
        "not_ours": not_ours,
    }
    lines = [
        _agreement(rules, principal, approval),
        _first_evening(shown),
        _shares(shown, not_ours),
        real_money(tools.venue),
    ]
    told = [each for each in lines if each is not None]
    words = both("\n".join(each[0] for each in told), "\n".join(each[1] for each in told))
    return Told(words=words, fixed=fixed)


def _rules(given: Given) -> Rules:
    """Write the agreement. Raises ControlRefused for what the version does not take."""
    method, symbol = given.text("method", "4.0"), given.text("symbol").upper()
    if not symbol.isascii() or not symbol.replace(".", "").isalnum():
        raise wrong("symbol")
    splits, target = given.number("splits", 40), given.maybe_decimal("target_percent")
    try:
        targets = versions.version(method).targets
        named = symbol in targets
        if targets and not named and target is None:
            raise _unnamed(symbol, ", ".join(targets), f"--method {method} --splits {splits}")
        return versions.rules(
            method,
            symbol,
            splits,
            target_percent=target,
            # A target of one's own for such a symbol says that one knows what one does.
            unofficial=splits == versions.UNOFFICIAL_SPLITS or (not named and target is not None),
            ladder=given.maybe_number("ladder"),
            fee_percent=given.maybe_decimal("fee_percent"),
        )
    except StrategyError as error:
        raise ControlRefused(
            "agreement",
            f"이 버전으로는 그렇게 시작할 수 없습니다: 종목, 분할, 목표를 확인해 주세요 ({error}).",
            f"This version cannot begin like that: {error}.",
        ) from error


def _unnamed(symbol: str, named: str, rest: str) -> ControlRefused:
    """Say where a symbol is started that the version names no target for."""
    own = f"--symbol {symbol} --unofficial --target-percent 10"
    line = f"muhan cycle start {own} {rest} --principal 20000"
    return ControlRefused(
        "agreement",
        f"이 버전은 {named}의 목표만 정해 두었습니다. {symbol}은(는) 목표를 직접 정해 터미널에서 "
        f"시작해 주세요: {line}",
        f"This version names a target for {named} only. Choose your own for {symbol}, and start it "
        f"in a terminal: {line}",
    )


def _agreement(rules: Rules, principal: Decimal, approval: Approval) -> Both:
    korean, english = _APPROVALS[approval]
    sum_ = money(principal)
    return both(
        f"{rules.symbol} · V{rules.method} · {rules.splits}분할 · 원금 {sum_} · 승인: {korean}",
        f"{rules.symbol}, V{rules.method}, {rules.splits} splits, principal {sum_}, {english}",
    )


def _first_evening(shown: StartPreview) -> Both:
    unit, day = money(shown.plan.unit), shown.session.isoformat()
    korean, english = listed(shown.plan.orders)
    return both(
        f"첫 회차 {day} (뉴욕): 1회매수금 {unit} · {korean}",
        f"First round {day} (New York): unit {unit}, {english}",
    )


def _shares(shown: StartPreview, not_ours: int | None) -> Both | None:
    aside = shown.set_aside if not_ours is None else not_ours
    if shown.held == aside:
        return None
    return both(
        f"⚠️ 계좌에 이 종목 {shown.held}주가 있습니다. 봇의 것이 아니면 그 수를 적고, 이어받으려면 "
        "텔레그램의 /setup 에서 시작해 주세요. 그대로 시작하면 장부와 잔고가 달라 멈춥니다.",
        f"⚠️ The account holds {counted(shown.held, 'share')} of it. Give their number if they are "
        "not the bot's; to take them over use /setup in Telegram. As it is, ledger and account "
        "differ and the cycle is held.",
    )


async def _start(tools: Tools, order: Order) -> Both:
    rules = _rules(order.fixed)
    cycle_id = await tools.bus.ask(
        StartCycle(
            rules=rules,
            principal=order.fixed.decimal("principal"),
            approval=order.fixed.choice(Approval, "approval"),
            by=order.by,
            not_ours=order.fixed.maybe_number("not_ours"),
            tap=order.tap,
        )
    )
    return both(
        f"{rules.symbol} {cycle_id}번 사이클을 시작했습니다. 저녁에 첫 회차를 계획합니다.",
        f"Cycle {cycle_id} has begun on {rules.symbol}. Its first round is planned in the evening.",
    )


async def _ask_afterwards(tools: Tools, given: Given) -> Told:
    given.only({"cycle_id", "wanted"})
    wanted = given.choice(Afterwards, "wanted")
    view = await _cycle(tools, given)
    if view.afterwards is wanted:
        raise Refusal(Why.AGREED_ALREADY)
    korean, english = _AFTERWARDS[wanted]
    when, meanwhile = _when(view), _meanwhile(view, wanted)
    words = both(
        f"{view.symbol} {view.cycle_id}번: {when[0]} {korean}. {meanwhile[0]}",
        f"{view.symbol}, cycle {view.cycle_id}: {when[1]} it {english}. {meanwhile[1]}",
    )
    return Told(
        words=both(words[0].strip(), words[1].strip()),
        fixed={"cycle_id": view.cycle_id, "wanted": wanted.value},
    )


def _when(view: CycleView) -> Both:
    if view.cycle.quantity:
        return both("들고 있는 것을 다 팔고 나면", "once all that it holds is sold")
    return both("지금부터", "from now on")


def _meanwhile(view: CycleView, wanted: Afterwards) -> Both:
    if not view.cycle.quantity or wanted is Afterwards.GO_ON:
        return both("", "")
    return both(
        "그때까지는 평소처럼 사고팝니다. 바로 멈추려면 일시정지나 정지를 쓰세요.",
        "Until then it buys and sells as usual; pause or stop holds it at once.",
    )


async def _afterwards(tools: Tools, order: Order) -> Both:
    view, wanted = await _cycle(tools, order.fixed), order.fixed.choice(Afterwards, "wanted")
    when = _when(view)
    answer = await tools.bus.ask(
        SetAfterwards(cycle_id=view.cycle_id, afterwards=wanted, by=order.by, tap=order.tap)
    )
    korean, english = _AFTERWARDS[wanted]
    if answer.ended:
        done = both(f"{view.symbol} 사이클을 끝냈습니다.", f"The run of {view.symbol} is over.")
    else:
        done = both(
            f"{view.symbol}: {when[0]} {korean}.", f"{view.symbol}: {when[1]} it {english}."
        )
    if answer.skipped:
        done = both(
            f"{done[0]} 기다리던 오늘 회차는 건너뛰었습니다.",
            f"{done[1]} The round that waited was skipped.",
        )
    if answer.at_rest and answer.out:
        done = both(
            f"{done[0]} 오늘 주문은 이미 나가 있습니다.",
            f"{done[1]} Tonight's orders are out already.",
        )
    return done


async def _cycle(tools: Tools, given: Given) -> CycleView:
    view = await tools.views.cycle(given.number("cycle_id"))
    if view is None:
        raise Refusal(Why.CYCLE_UNKNOWN)
    if view.ended:
        raise Refusal(Why.CYCLE_OVER)
    return view


ACTS = {
    "start": Act(role=Role.OWNER, preview=_ask_start, do=_start),
    "afterwards": Act(role=Role.OWNER, preview=_ask_afterwards, do=_afterwards),
}
