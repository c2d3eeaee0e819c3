"""The setup's page of rules: each button turns one of them on to its next value."""

from collections.abc import Sequence
from dataclasses import replace

from bot.telegram import agreements, choices, wizard
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.draft import Draft
from bot.telegram.handlers.setup_parts import frame, go
from bot.telegram.taps import Button
from bot.trading.model import Approval, Unattended
from strategy.model import Compounding, Rules

USUAL_FEE = "0.25"
"""KIS's own rate in percent, where no other was agreed."""


async def rules(desk: Desk, asked: Asked, draft: Draft) -> None:
    """Show the rules as they are chosen so far."""
    if not draft.fee:
        draft = replace(draft, fee=USUAL_FEE if desk.venue == "real" else "0")
    agreed = draft.rules()
    words = desk.words
    forward = [go(words.plain("미리보기"), "preview", draft)]
    rows = [*_turns(desk, draft, agreed), forward]
    html = wizard.rules(words, draft, agreed, real=desk.venue == "real")
    await frame(desk, asked, html, rows, back=("seed", draft))


def _turns(desk: Desk, draft: Draft, agreed: Rules) -> list[list[Button]]:
    compounding = _next([each.value for each in Compounding], agreed.compounding.value)
    ladder = _next(choices.RUNGS, str(agreed.ladder))
    big = _next(choices.BIG, f"{agreed.first_buy_percent.normalize():f}")
    fee = _next(choices.FEES, f"{agreed.fee_percent.normalize():f}")
    approval = _next(approvals(desk), draft.approval)
    unattended = _next([each.value for each in Unattended], draft.unattended)
    turned = [
        (choices.NAMES["compounding"], replace(draft, compounding=compounding)),
        (choices.NAMES["ladder"], replace(draft, ladder=ladder)),
        (choices.NAMES["first_buy"], replace(draft, first_buy=big)),
        (choices.NAMES["fee"], replace(draft, fee=fee)),
        (mark("승인 방식"), replace(draft, approval=approval)),
    ]
    if desk.venue != "real":  # there it takes a code, once the cycle runs
        turned.append((mark("승인 없으면"), replace(draft, unattended=unattended)))
    buttons = [go(agreements.heading(desk.words, name), "rules", other) for name, other in turned]
    return [buttons[:2], buttons[2:4], buttons[4:]]


def approvals(desk: Desk) -> list[str]:
    """List the approvals that a cycle may begin with: with real money it never begins by itself."""
    every = (Approval.CONFIRM, Approval.AUTO, Approval.ALERT)
    return [each.value for each in every if desk.venue != "real" or each is not Approval.AUTO]


def _next(values: Sequence[str], now: str) -> str:
    place = values.index(now) + 1 if now in values else 0
    return values[place % len(values)]
