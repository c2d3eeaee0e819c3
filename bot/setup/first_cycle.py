"""The first cycle: the agreement is asked, shown whole, and begun as `muhan cycle start` does."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal

from rich.table import Table

from bot.addresses import Venue
from bot.commands import StartCycle
from bot.console import room
from bot.console_words import Both, Words, both
from bot.errors import MuhanError
from bot.figures import exact
from bot.redaction import masked
from bot.settings import Settings
from bot.setup import shapes
from bot.setup.sitting import Part, Sitting
from bot.setup.terminal import Terminal, Unfit
from bot.setup.venue import NAMES
from bot.trading.broker import meaning
from bot.trading.model import CONSOLE, Approval
from bot.trading.ports import BrokerSilent
from strategy.bookkeeping import figures
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.model import Rules
from strategy.versions import METHODS, rules

KIS_FEE = Decimal("0.25")
_SYMBOLS = (
    ("TQQQ", both("TQQQ: 나스닥100의 3배", "TQQQ: three times the Nasdaq 100")),
    (
        "SOXL",
        both(
            "SOXL: 반도체 지수의 3배. TQQQ보다 크게 오르내립니다",
            "SOXL: three times a semiconductor index; it moves more than TQQQ",
        ),
    ),
)
_METHODS = (
    (
        "4.0",
        both("V4.0 (추천): 소진되면 리버스 모드", "V4.0 (recommended): once used up, reverse mode"),
    ),
    (
        "3.0",
        both(
            "V3.0: 소진되면 쿼터손절, 반복리",
            "V3.0: once used up, quarter sales; half compounds",
        ),
    ),
    (
        "2.2",
        both(
            "V2.2: 소진되면 쿼터손절, 단리", "V2.2: once used up, quarter sales; nothing compounds"
        ),
    ),
)
_APPROVALS = (
    (
        Approval.CONFIRM,
        both(
            "확인 (추천): 매일 저녁 계획을 보고 [승인]을 눌러야 주문이 나갑니다",
            "confirm (recommended): orders go once you tap them every evening",
        ),
    ),
    (
        Approval.ALERT,
        both("알림만: 계획만 알리고 주문하지 않습니다", "alert: tells the plan, orders nothing"),
    ),
    (
        Approval.AUTO,
        both("자동: 묻지 않고 주문합니다", "auto: ordered without asking"),
    ),
)

_SHORT = {
    Approval.CONFIRM: both("확인", "confirm"),
    Approval.ALERT: both("알림만", "alert"),
    Approval.AUTO: both("자동", "auto"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Agreement:
    """What the cycle begins with (USD); `not_ours` None leaves what was told before."""

    rules: Rules
    principal: Decimal
    approval: Approval
    not_ours: int | None


def cycle(sitting: Sitting) -> bool:
    """Begin a cycle when there is none, if the owner wants to; to begin none is well, too."""
    terminal = sitting.terminal
    try:
        settings = sitting.answers.complete()
        running = asyncio.run(_running(settings))
    except MuhanError as error:
        terminal.error(error)
        return False
    if running and Part.CYCLE not in sitting.again:
        terminal.say(f"✓ 사이클: {running}", f"✓ Cycles: {running}", style="green")
        return True
    asked = both("첫 사이클을 지금 시작할까요?", "Begin the first cycle now?")
    while terminal.yes(asked):
        if _begin(sitting, settings):
            return True
    terminal.say(
        "나중에 대화에서 /setup 이나 콘솔에서 muhan cycle start 로 시작할 수 있습니다.",
        "Later, begin it with /setup in the chat, or with muhan cycle start here.",
    )
    return True


def _begin(sitting: Sitting, settings: Settings) -> bool:
    """Ask, show, confirm and begin; False when the owner or the book said no."""
    terminal = sitting.terminal
    try:
        agreed = _asked(terminal, settings)
        _show(terminal, agreed, settings)
        if not terminal.yes(both("이대로 시작할까요?", "Begin it so?")):
            return False
        number = asyncio.run(_started(settings, agreed))
    except MuhanError as error:
        terminal.line(Words(terminal.words.language, explain=meaning).error(error), style="red")
        return False
    symbol = agreed.rules.symbol
    terminal.say(
        f"✓ {symbol} {number}번 사이클을 시작했습니다. 첫 주문은 다음 거래일에 나갑니다.",
        f"✓ Cycle {number} has begun on {symbol}. Its first orders go out in the next session.",
        style="green",
    )
    return True


def _asked(terminal: Terminal, settings: Settings) -> _Agreement:
    symbol = terminal.choose(both("종목", "Symbol"), _SYMBOLS)
    method = terminal.choose(both("버전", "Version"), _METHODS)
    own = METHODS[method].splits
    splits = terminal.choose(
        both("분할", "Splits"),
        [(each, both(f"{each}분할", f"{each} splits")) for each in sorted(own, reverse=True)],
    )
    if settings.muhan_venue is Venue.PAPER:
        cash = f"${settings.muhan_paper_cash:,}"
        terminal.say(
            f"리허설 계좌에는 {cash}가 있습니다 (MUHAN_PAPER_CASH).",
            f"The rehearsal's account holds {cash} (MUHAN_PAPER_CASH).",
        )
    principal = terminal.ask(
        both("원금 (달러, 없어도 되는 돈으로)", "Principal (USD that you can spare)"), shapes.usd
    )
    approval = terminal.choose(both("승인 방식", "Approval"), approvals(settings.muhan_venue))
    fee = Decimal(0) if settings.muhan_venue is Venue.PAPER else KIS_FEE
    fee = terminal.ask(
        both("수수료 % (한투의 기본은 0.25)", "Fee in % (KIS's usual is 0.25)"),
        shapes.percent,
        default=exact(fee),
    )
    try:
        agreed = rules(method, symbol, splits, fee_percent=fee)
        start(agreed, principal)
    except StrategyError as error:
        raise Unfit(f"이대로는 시작할 수 없습니다: {error}", f"No agreement: {error}") from error
    return _Agreement(
        rules=agreed,
        principal=principal,
        approval=approval,
        not_ours=_not_ours(terminal, settings, symbol),
    )


def approvals(venue: Venue) -> list[tuple[Approval, Both]]:
    """Offer what may begin: automatic with real money is reached in the chat, step by step."""
    if venue is not Venue.REAL:
        return list(_APPROVALS)
    return [each for each in _APPROVALS if each[0] is not Approval.AUTO]


def _not_ours(terminal: Terminal, settings: Settings, symbol: str) -> int | None:
    """See what the account holds of the symbol: a cycle that begins leaves it alone."""
    if settings.muhan_venue is Venue.PAPER:
        return None
    try:
        held = asyncio.run(_held(settings, symbol))
    except BrokerSilent as silence:
        terminal.say(
            f"! 잔고를 볼 수 없어 {symbol}을 들고 있는지 모릅니다 ({masked(str(silence))}).",
            f"! The account was not seen, nor whether it holds {symbol} ({masked(str(silence))}).",
            style="yellow",
        )
        return None
    if not held:
        return None
    terminal.say(
        f"계좌에 {symbol} {held}주가 있습니다. 이 주식으로 이어 가려면 muhan cycle import 를 "
        "쓰세요. 여기서 시작하면 봇은 그 주식을 세지도 팔지도 않습니다.",
        f"The account holds {held} shares of {symbol}. To go on with them use muhan cycle import. "
        "A cycle begun here neither counts nor sells them.",
    )
    if not terminal.yes(both("따로 두고 시작할까요?", "Leave them aside, and begin?")):
        raise Unfit("시작하지 않았습니다.", "Nothing was begun.")
    return held


def _show(terminal: Terminal, agreed: _Agreement, settings: Settings) -> None:
    """Show the agreement as a table, with what a day costs."""
    say, rules_ = terminal.words.say, agreed.rules
    unit = figures(start(rules_, agreed.principal)).unit
    rows = [
        (say("어디", "Where"), terminal.words.both(NAMES[settings.muhan_venue])),
        (say("종목", "Symbol"), rules_.symbol),
        (say("버전", "Version"), f"V{rules_.method}"),
        (say("분할", "Splits"), str(rules_.splits)),
        (say("원금", "Principal"), f"${agreed.principal:,}"),
        (say("하루 매수", "A day's buys"), f"${unit:,.2f}"),
        (say("목표", "Target"), f"+{exact(rules_.target_percent)}%"),
        (say("수수료", "Fee"), f"{exact(rules_.fee_percent)}%"),
        (say("승인", "Approval"), terminal.words.both(_SHORT[agreed.approval])),
    ]
    if agreed.not_ours:
        rows.append((say("따로 두는 주식", "Shares left aside"), str(agreed.not_ours)))
    table = Table(show_header=False)
    for row in rows:
        table.add_row(*row)
    terminal.console.print(table)


async def _running(settings: Settings) -> str:
    """Name the symbols of the cycles in the state file."""
    async with room(settings) as desk:
        return ", ".join(view.symbol for view in await desk.views.cycles())


async def _held(settings: Settings, symbol: str) -> int:
    async with room(settings, asks_kis=True) as desk:
        return (await desk.desk.broker.holding(symbol)).quantity


async def _started(settings: Settings, agreed: _Agreement) -> int:
    async with room(settings) as desk:
        return await desk.bus.ask(
            StartCycle(
                rules=agreed.rules,
                principal=agreed.principal,
                approval=agreed.approval,
                by=CONSOLE,
                not_ours=agreed.not_ours,
            )
        )
