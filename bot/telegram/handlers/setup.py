"""/setup: a cycle begun step by step. Every button carries the choices made so far."""

from dataclasses import replace
from decimal import Decimal

from bot.commands import PreviewStart, StartPreview
from bot.telegram import choices, texts, wizard
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.draft import DEFAULT_SPLITS, Draft, unpacked
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.setup_end import ACTIONS as ENDINGS
from bot.telegram.handlers.setup_end import confirm, preview
from bot.telegram.handlers.setup_money import ANSWERS as TYPED
from bot.telegram.handlers.setup_money import seed, turn
from bot.telegram.handlers.setup_parts import Page, frame, go, orderable
from bot.telegram.handlers.setup_rules import rules
from bot.telegram.handlers.which import in_its_place
from bot.telegram.taps import Button, Kind
from bot.trading.consent import EDITION
from bot.trading.refusal import Refusal
from strategy import versions

A_PRINCIPAL = Decimal(10_000)
"""Any sum, where only the account's shares are asked for."""


async def setup(desk: Desk, asked: Asked) -> None:
    """Begin; with real money the risks come first."""
    if desk.venue == "real" and await desk.views.consent() != EDITION:
        html = desk.words.say(
            "실전은 위험 안내를 읽고 동의한 뒤에 시작합니다. 다섯 장과 질문 세 개, 2분이면 됩니다."
        )
        risks = show(desk, mark("위험 안내 읽기"), "guide", "위험")
        await desk.answer(asked, html, [[risks], [show(desk, "첫 화면", "start")]])
        return
    await _account(desk, asked, Draft())


async def _account(desk: Desk, asked: Asked, draft: Draft) -> None:
    html = wizard.account(
        desk.words,
        venue=desk.venue,
        hint=desk.account_hint,
        orderable=await orderable(desk),
        trading=await desk.views.trading(),
    )
    forward = go(desk.words.plain("이 계좌로"), "symbol", draft)
    await desk.answer(asked, html, [[forward, never_mind(desk)]])


async def _symbol(desk: Desk, asked: Asked, draft: Draft) -> None:
    row = [go(each, "symbol_chosen", Draft(symbol=each)) for each in wizard.SYMBOLS]
    await frame(desk, asked, wizard.symbol(desk.words), [row], back=("account", draft))


async def _symbol_chosen(desk: Desk, asked: Asked, draft: Draft) -> None:
    if await desk.views.cycles_of(draft.symbol) and not draft.beside:
        rows = [
            [go(desk.words.plain("옆에 하나 더"), "shares", replace(draft, beside="1"))],
            [show(desk, "시드", "seed", draft.symbol)],
        ]
        html = wizard.runs_already(desk.words, draft)
        await frame(desk, asked, html, rows, back=("symbol", Draft()))
        return
    await _shares(desk, asked, draft)


async def _shares(desk: Desk, asked: Asked, draft: Draft) -> None:
    """Ask whose the shares are that the account holds already; go on where it holds none."""
    agreed = versions.rules("4.0", draft.symbol, 40)
    try:
        shown = await desk.bus.ask(PreviewStart(rules=agreed, principal=A_PRINCIPAL))
    except Refusal as refusal:
        rows = [[go(desk.words.plain("다시 확인"), "shares", draft)]]
        html = texts.refusal(desk.words, refusal)
        await frame(desk, asked, html, rows, back=("symbol", Draft()))
        return
    if shown.held <= shown.set_aside:
        await _version(desk, asked, draft)
        return
    await frame(
        desk,
        asked,
        wizard.shares(desk.words, draft, shown),
        _whose(desk, draft, shown),
        back=("symbol", Draft()),
    )


def _whose(desk: Desk, draft: Draft, shown: StartPreview) -> list[list[Button]]:
    words = desk.words
    ours = replace(draft, quantity=str(shown.held - shown.set_aside), average=f"{shown.average:f}")
    aside = replace(draft, aside=str(shown.held))
    return [
        [go(words.plain("이어받기"), "version", ours)],
        [go(words.plain("따로 두기"), "version", aside)],
    ]


async def _version(desk: Desk, asked: Asked, draft: Draft, *, old: bool = False) -> None:
    words = desk.words
    offered = (*wizard.VERSIONS, *wizard.OLD_VERSIONS) if old else wizard.VERSIONS
    row = [
        go(f"V{each}", "splits", replace(_anew(draft), method=each, splits=str(splits)))
        for each, splits in DEFAULT_SPLITS.items()
        if each in offered
    ]
    more = [] if old else [[go(words.plain("옛 버전"), "old_versions", draft)]]
    html = wizard.version(words, draft, old=old)
    rows = [row[:3], *([row[3:]] if row[3:] else []), *more]
    await frame(desk, asked, html, rows, back=("symbol", Draft()))


def _anew(draft: Draft) -> Draft:
    """Keep what does not depend on the version."""
    return Draft(
        symbol=draft.symbol,
        quantity=draft.quantity,
        average=draft.average,
        aside=draft.aside,
        beside=draft.beside,
    )


async def _old_versions(desk: Desk, asked: Asked, draft: Draft) -> None:
    await _version(desk, asked, draft, old=True)


async def _splits(desk: Desk, asked: Asked, draft: Draft) -> None:
    offered = choices.splits_choices(desk.words, draft.method)
    row = [
        go(caption, "seed", replace(draft, splits=str(splits)))
        for splits, caption in offered
        if not draft.takes_over or splits in versions.version(draft.method).splits
    ]
    html = wizard.splits(desk.words, draft)
    await frame(desk, asked, html, [row[:2], row[2:]], back=("version", draft))


async def _pressed(desk: Desk, press: Press) -> None:
    """Turn to the page that a button names; what follows a colon is the page's own."""
    page, _, detail = press.action.text.partition(":")
    asked, draft = in_its_place(press), unpacked(press.action.figure)
    if page == "preview":
        await preview(desk, asked, draft, detail)
        return
    await PAGES[page](desk, asked, draft)


PAGES: dict[str, Page] = {
    "account": _account,
    "symbol": _symbol,
    "symbol_chosen": _symbol_chosen,
    "shares": _shares,
    "version": _version,
    "old_versions": _old_versions,
    "splits": _splits,
    "seed": seed,
    "turn": turn,
    "rules": rules,
    "confirm": confirm,
}
SHOWS: dict[str, Show] = {"setup": setup}
ACTIONS: dict[Kind, Do] = {Kind.SETUP: _pressed, **ENDINGS}
ANSWERS: dict[str, Answer] = TYPED
