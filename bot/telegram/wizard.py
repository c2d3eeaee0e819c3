"""The pages of the setup: what each asks, in words; the buttons carry the draft."""

from decimal import Decimal

from bot.commands import ImportPreview, StartPreview
from bot.reports.past import Past
from bot.telegram import agreements, choices, figures, texts
from bot.telegram.card import header
from bot.telegram.catalogue import Words, mark
from bot.telegram.draft import Draft
from bot.telegram.markup import Html, code, lines
from bot.telegram.order_table import order_table
from bot.telegram.reasons import explained, skipped_legs
from bot.trading.model import Approval, Unattended
from strategy.bookkeeping import figures as standing
from strategy.model import Rules
from strategy.versions import METHODS
from strategy.what_if import Outcome

PAGES = ("account", "symbol", "shares", "version", "splits", "seed", "rules", "preview")
TITLES = {
    "account": mark("계좌 확인"),
    "symbol": mark("종목"),
    "shares": mark("들고 있는 주식"),
    "version": mark("버전"),
    "splits": mark("분할"),
    "seed": mark("시드"),
    "rules": mark("규칙"),
    "preview": mark("미리보기"),
}
SYMBOLS = ("SOXL", "TQQQ")
SYMBOLS_ABOUT = {
    "SOXL": mark("반도체 지수의 3배. 크게 오르내립니다."),
    "TQQQ": mark("나스닥100의 3배. SOXL보다는 덜 움직입니다."),
}
VERSIONS = ("4.0", "3.0", "2.2")
OLD_VERSIONS = ("2.1", "1.0")


def head(words: Words, page: str) -> Html:
    """Say where in the setup one is."""
    return words.say(
        "사이클 시작 {place}/{count} · {title}",
        place=PAGES.index(page) + 1,
        count=len(PAGES),
        title=words.plain(TITLES[page]),
    )


def account(
    words: Words, *, venue: str, hint: str, orderable: Decimal | None, trading: str
) -> Html:
    """Show which account it is, whether its money is real, and what may be ordered for."""
    return lines(
        head(words, "account"),
        words.say(
            "{venue} · 계좌 {hint} · {trading}",
            venue=words.plain(texts.VENUES[venue]),
            hint=hint,
            trading=words.plain(texts.TRADING[trading]),
        ),
        words.say("주문가능 {money}", money=figures.money(orderable))
        if orderable is not None
        else words.say("주문가능 금액은 지금 확인하지 못했습니다. 그대로 이어 갈 수 있습니다."),
        words.say("실제 돈입니다. 하나씩 보여 드리고, 마지막에 한 번 더 여쭙습니다.")
        if venue == "real"
        else words.say("실제 돈은 움직이지 않습니다. 마음 놓고 해 보세요."),
        words.say("이 계좌로 시작할까요?"),
    )


def symbol(words: Words) -> Html:
    """Ask for the symbol."""
    return lines(
        head(words, "symbol"),
        *(
            words.say("{symbol}: {about}", symbol=each, about=words.plain(SYMBOLS_ABOUT[each]))
            for each in SYMBOLS
        ),
        words.say("어느 종목으로 할까요?"),
    )


def runs_already(words: Words, draft: Draft) -> Html:
    """Say that the symbol has a cycle, and what a second one means."""
    return lines(
        head(words, "symbol"),
        words.say("{symbol}에는 이미 사이클이 돌고 있습니다.", symbol=draft.symbol),
        words.say(
            "옆에 하나 더 돌릴 수 있지만, 한투의 잔고는 하나로 섞여 봇의 장부로만 나뉩니다. "
            "시드만 늘리려면 [시드]를 누르세요."
        ),
    )


def shares(words: Words, draft: Draft, shown: StartPreview) -> Html:
    """Say what the account holds of the symbol, and ask whose it is."""
    return lines(
        head(words, "shares"),
        words.say(
            "계좌에 {symbol} {quantity}주가 있습니다 (평단 {average}).",
            symbol=draft.symbol,
            quantity=shown.held,
            average=figures.money(shown.average),
        ),
        words.say(
            "이어받으면 이 주식으로 사이클을 중간부터 시작합니다. 따로 두면 봇은 이 주식을 세지도 "
            "팔지도 않습니다."
        ),
    )


def version(words: Words, draft: Draft, *, old: bool) -> Html:
    """Ask for the version, with a sentence about each."""
    shown = (*VERSIONS, *OLD_VERSIONS) if old else VERSIONS
    return lines(
        head(words, "version"),
        *(
            words.say(
                "V{method}: {about}",
                method=each,
                about=words.plain(choices.METHODS_ABOUT[each]),
            )
            for each in shown
        ),
        words.say("어느 버전으로 할까요? 처음이면 V4.0입니다.")
        if not draft.method
        else words.say("지금은 V{method}입니다. 어느 버전으로 할까요?", method=draft.method),
    )


def splits(words: Words, draft: Draft) -> Html:
    """Ask for the splits."""
    own = " · ".join(str(each) for each in METHODS[draft.method].splits)
    return lines(
        head(words, "splits"),
        words.say(choices.ABOUT["splits"]),
        words.say("V{method}의 저자는 {own}분할을 씁니다.", method=draft.method, own=own),
    )


def seed(words: Words, draft: Draft, orderable: Decimal | None) -> Html:
    """Ask for the seed, or for the cash that is left of a position's run."""
    return lines(
        head(words, "seed"),
        words.say("주문가능 {money}", money=figures.money(orderable))
        if orderable is not None
        else None,
        words.say(
            "{quantity}주를 이어받습니다. 이 사이클에 남은 현금은 얼마인가요?",
            quantity=draft.quantity,
        )
        if draft.takes_over
        else words.say(
            "이 사이클에 얼마를 쓸까요? 없어도 되는 돈으로만 정해 주세요.\n"
            "{splits}분할이니 하루에 그 {splits}분의 1씩 삽니다.",
            splits=draft.splits,
        ),
        words.say("누르거나 달러 금액만 적어 주세요 (예: 10,000 또는 1만)."),
    )


def turn(words: Words, preview: ImportPreview) -> Html:
    """Ask for the owner's own T, with the one from the cost beside it."""
    return lines(
        head(words, "seed"),
        words.say(
            "지금까지의 T는 몇인가요? 원가로 계산하면 {turn}입니다.",
            turn=figures.turn(preview.turn_from_cost),
        ),
        words.say("누르거나 숫자만 적어 주세요 (예: 7.5)."),
    )


def rules(words: Words, draft: Draft, agreed: Rules, *, real: bool) -> Html:
    """Show the rules with what silence means; each button turns one of them on."""
    approval, unattended = Approval(draft.approval), Unattended(draft.unattended)
    rows = [
        *agreements.terms(words, agreed),
        (words.plain("승인 방식"), words.plain(texts.APPROVALS[approval])),
        (words.plain("승인 없으면"), words.plain(choices.UNATTENDED[unattended])),
    ]
    return lines(
        head(words, "rules"),
        code(figures.table(rows)),
        words.say(
            "{kind}: {about}.",
            kind=words.plain(agreements.COMPOUNDINGS[agreed.compounding]),
            about=words.plain(agreements.MEANINGS[agreed.compounding]),
        ),
        words.say(choices.UNATTENDED_ABOUT[unattended]) if approval is Approval.CONFIRM else None,
        words.say("실전에서 승인 없이 나가게 하려면 시작한 뒤 인증 코드로 켭니다.")
        if real
        else None,
        words.say("누를 때마다 다음 값으로 바뀝니다. 다 되었으면 [미리보기]를 누르세요."),
    )


def preview(
    words: Words,
    shown: StartPreview,
    *,
    venue: str,
    past: Past | None,
    outcome: Outcome | None,
) -> Html:
    """Show the first evening as it would be planned now, and what a supposed close would do."""
    return lines(
        head(words, "preview"),
        words.say("첫 회차는 이렇게 나갑니다. 아직 아무것도 시작하지 않았습니다."),
        header(words, shown.session, shown.plan),
        order_table(words, shown.plan, emulated=venue == "mock"),
        explained(words, shown.plan),
        skipped_legs(words, shown.plan),
        _outcome(words, outcome) if outcome else None,
        words.say(
            "과거 {sessions}거래일에 같은 규칙이면 사이클 {cycles}개 가운데 {used_up}개가 "
            "소진되었습니다. 앞날의 약속은 아닙니다.",
            sessions=past.sessions,
            cycles=past.cycles,
            used_up=past.used_up,
        )
        if past
        else None,
        words.say("실전 전에 리허설(MUHAN_VENUE=paper)로 며칠 돌려 보시기를 권합니다.")
        if venue == "real"
        else None,
    )


def _outcome(words: Words, outcome: Outcome) -> Html:
    cycle = outcome.settlement.cycle
    return words.say(
        "종가가 {close}이면 (가정): {bought}주 매수 · T {turn} · 잔금 {cash}",
        close=figures.money(outcome.close),
        bought=outcome.settlement.bought,
        turn=figures.turn(cycle.turn),
        cash=figures.money(cycle.cash),
    )


def taken_over(words: Words, draft: Draft, shown: ImportPreview) -> Html:
    """Show what a position's cycle would begin with, and what stands in the way."""
    cycle = shown.cycle
    now = standing(cycle)
    rows = [
        (words.plain("수량"), str(cycle.quantity)),
        (words.plain("평단"), figures.money(cycle.average)),
        ("T", figures.turn(cycle.turn)),
        (words.plain("잔금"), figures.money(cycle.cash)),
        (words.plain("원금"), figures.money(cycle.principal)),
        (words.plain("1회매수금"), figures.money(now.unit)),
    ]
    return lines(
        head(words, "preview"),
        words.say(
            "{symbol} {rules}: 이렇게 이어받습니다.",
            symbol=draft.symbol,
            rules=agreements.named(words, cycle.rules),
        ),
        code(figures.table(rows)),
        *(texts.refusal(words, refusal) for refusal in shown.refusals),
        words.say("걸린 주문 {count}건이 없어질 때까지 봇은 기다립니다.", count=len(shown.resting))
        if shown.resting
        else None,
        None
        if shown.resting_known
        else words.say(
            "이곳에서는 예약 주문을 볼 수 없습니다. 한투 앱에서 예약 주문이 없는 것을 확인했다면 "
            "[예약 없음 확인]을 누르세요."
        ),
        words.say(
            "첫 회차는 {day}입니다. (60초 안에 눌러 주세요)",
            day=figures.day(words, shown.first_session),
        ),
    )


def confirm(words: Words, draft: Draft, agreed: Rules, *, venue: str) -> Html:
    """Ask for the last word."""
    real = words.say("실제 돈으로 시작합니다.") if venue == "real" else None
    return lines(
        words.say(
            "{symbol} {rules} · 시드 {seed} · {approval}. 시작할까요? (60초 안에 눌러 주세요)",
            symbol=draft.symbol,
            rules=agreements.named(words, agreed),
            seed=figures.money(draft.money),
            approval=words.plain(texts.APPROVALS[Approval(draft.approval)]),
        ),
        real,
    )
