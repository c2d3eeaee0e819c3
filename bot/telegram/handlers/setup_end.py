"""The end of the setup: the first evening shown, the last question, and the beginning itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.commands import ImportCycle, PreviewImport, PreviewStart, StartCycle
from bot.telegram import figures, texts, wizard
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk, owner
from bot.telegram.draft import Draft, packed, unpacked
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Do
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.preview import past_of
from bot.telegram.handlers.setup_parts import frame, go, orderable, ways_out
from bot.telegram.handlers.which import in_its_place, setting
from bot.telegram.markup import Html, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.model import Approval, Unattended
from bot.trading.refusal import Refusal
from strategy.price import HUNDRED, round_half_up
from strategy.what_if import suppose

STEPS = ("-5", "0", "5")


async def preview(desk: Desk, asked: Asked, draft: Draft, step: str = "") -> None:
    """Show the first evening; with a step, what a close so many percent away would do."""
    if draft.takes_over:
        await _taken_over(desk, asked, draft)
        return
    agreed = draft.rules()
    try:
        shown = await desk.bus.ask(PreviewStart(rules=agreed, principal=draft.money))
    except Refusal as refusal:
        rows = [[go(desk.words.plain("다시 확인"), "preview", draft)]]
        html = texts.refusal(desk.words, refusal)
        await frame(desk, asked, html, rows, back=("rules", draft))
        return
    outcome = None
    last = shown.market.previous_close
    if step and last is not None:
        close = round_half_up(last * (HUNDRED + Decimal(step)) / HUNDRED)
        outcome = suppose(shown.plan, shown.market, close)
    html = wizard.preview(
        desk.words,
        shown,
        venue=desk.venue,
        past=await past_of(desk, agreed, draft.money),
        outcome=outcome,
    )
    html = lines(html, await _too_much(desk, draft.money))
    supposed = [go(_percent(each), f"preview:{each}", draft) for each in STEPS]
    forward = [go(desk.words.plain("시작하기"), "confirm", draft)]
    await frame(desk, asked, html, [supposed, forward], back=("rules", draft))


async def _too_much(desk: Desk, seed: Decimal) -> Html | None:
    """Say that the seed is more than the dollars there are; nothing while the broker is silent."""
    free = await orderable(desk)
    if free is None or seed <= free:
        return None
    return desk.words.say(
        "⚠️ 시드 {seed}가 주문가능 {free}보다 큽니다. 지금 있는 달러로는 끝까지 살 수 없으니 "
        "달러를 채우거나 시드를 줄여 주세요.",
        seed=figures.money(seed),
        free=figures.money(free),
    )


async def _taken_over(desk: Desk, asked: Asked, draft: Draft) -> None:
    words = desk.words
    try:
        shown = await desk.bus.ask(PreviewImport(position=draft.position()))
    except Refusal as refusal:
        html = texts.refusal(words, refusal)
        await frame(desk, asked, html, [], back=("seed", draft))
        return
    rows = []
    if not shown.resting_known:
        cleared = replace(draft, clear="1")
        rows.append([go(words.plain("예약 없음 확인"), "preview", cleared)])
    if not shown.refusals:
        take = Action(kind=Kind.SETUP_IMPORT, digest=shown.digest, figure=packed(draft))
        rows.append([Button(caption=words.plain("이어받기 시작"), action=take)])
    html = wizard.taken_over(words, draft, shown)
    rows.append(ways_out(desk, "rules", draft))
    await desk.answer(asked, html, rows, valid_for=CONFIRM_FOR)


async def confirm(desk: Desk, asked: Asked, draft: Draft) -> None:
    """Ask for the last word, which is good for 60 seconds."""
    words = desk.words
    begin = Action(kind=Kind.SETUP_START, figure=packed(draft))
    html = wizard.confirm(words, draft, draft.rules(), venue=desk.venue)
    rows = [
        [Button(caption=words.plain("지금 시작"), action=begin)],
        ways_out(desk, "preview", draft),
    ]
    await desk.answer(asked, html, rows, valid_for=CONFIRM_FOR)


async def _start(desk: Desk, press: Press) -> None:
    draft = unpacked(press.action.figure)
    command = StartCycle(
        rules=draft.rules(),
        principal=draft.money,
        approval=Approval(draft.approval),
        by=owner(press.user_id),
        beside=bool(draft.beside),
        not_ours=draft.set_aside,
        unattended=Unattended(draft.unattended),
        tap=press.nonce,
    )
    try:
        cycle_id = await desk.bus.ask(command)
    except Refusal as refusal:
        await _refused(desk, press, draft, refusal)
        return
    await _begun(desk, press, draft, cycle_id, None)


async def _import(desk: Desk, press: Press) -> None:
    draft = unpacked(press.action.figure)
    command = ImportCycle(
        position=draft.position(),
        approval=Approval(draft.approval),
        unattended=Unattended(draft.unattended),
        digest=press.action.digest,
        by=owner(press.user_id),
        tap=press.nonce,
    )
    try:
        cycle_id = await desk.bus.ask(command)
    except Refusal as refusal:
        await _refused(desk, press, draft, refusal)
        return
    view = await desk.views.cycle(cycle_id)
    await _begun(desk, press, draft, cycle_id, view.first_session if view else None)


async def _refused(desk: Desk, press: Press, draft: Draft, refusal: Refusal) -> None:
    """Say why nothing began, in the place of the question, with the ways on."""
    html = texts.refusal(desk.words, refusal)
    again = [go(desk.words.plain("다시 확인"), "preview", draft)]
    rows = [again, [show(desk, "상태", "status"), show(desk, "첫 화면", "start")]]
    await desk.answer(in_its_place(press), html, rows)


async def _begun(desk: Desk, press: Press, draft: Draft, cycle_id: int, first: date | None) -> None:
    words = desk.words
    html = (
        words.say(
            "{symbol} {cycle}번 사이클을 시작했습니다. 첫 회차는 {day}입니다.",
            symbol=draft.symbol,
            cycle=cycle_id,
            day=figures.day(words, first),
        )
        if first
        else words.say(
            "{symbol} {cycle}번 사이클을 시작했습니다. 저녁에 첫 회차의 계획이 서면 알려 드립니다.",
            symbol=draft.symbol,
            cycle=cycle_id,
        )
    )
    rows = [
        [show(desk, "미리보기", "plan"), show(desk, "설정 보기", "settings", draft.symbol)],
        [show(desk, "첫 화면", "start")],
    ]
    view = await desk.views.cycle(cycle_id)
    if desk.venue == "real" and view is not None:
        rows.insert(1, [setting(view, "unattended", words.plain("승인 없으면"))])
    await desk.answer(in_its_place(press), html, rows)


def _percent(step: str) -> str:
    return f"{int(step):+d}%" if step != "0" else "0%"


ACTIONS: dict[Kind, Do] = {Kind.SETUP_START: _start, Kind.SETUP_IMPORT: _import}
