"""The setup's questions that are answered in figures: the seed, and the T of a position."""

from dataclasses import replace
from decimal import Decimal

from bot.commands import ImportPreview, PreviewImport
from bot.telegram import figures, texts, wizard
from bot.telegram.arguments import Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.draft import Draft, packed, unpacked
from bot.telegram.handlers.family import Answer
from bot.telegram.handlers.reading import given
from bot.telegram.handlers.seed import dollars
from bot.telegram.handlers.setup_parts import frame, go, orderable, ways_out
from bot.telegram.handlers.setup_rules import rules
from bot.telegram.handlers.which import asked_again
from bot.telegram.taps import Button
from bot.trading.refusal import Refusal
from strategy.model import Counting
from strategy.price import floor_cent

PARTS = (Decimal(1), Decimal("0.5"), Decimal("0.25"))
NO_SEED = (
    "시드는 0보다 큰 달러 금액입니다. 금액만 적어 주세요. 예: 10,000",
    "The seed is a sum of dollars above 0. Write the amount alone. Such as: 10,000",
)
NO_TURN = (
    "T는 0보다 큰 수입니다. 숫자만 적어 주세요. 예: 7.5",
    "T is a number above 0. Write the number alone. Such as: 7.5",
)


async def seed(desk: Desk, asked: Asked, draft: Draft) -> None:
    """Ask for the seed; the next plain text of the person answers it too."""
    free = await orderable(desk)
    await desk.store.ask(asked.user_id, "setup_seed", {"draft": packed(draft)}, expires_at=None)
    html = wizard.seed(desk.words, draft, free)
    await frame(desk, asked, html, [_parts(draft, free)], back=("splits", draft))


def _parts(draft: Draft, free: Decimal | None) -> list[Button]:
    sums = [floor_cent(free * part) for part in PARTS] if free else []
    return [
        go(figures.money(each), _after_seed(draft), replace(draft, seed=f"{each:f}"))
        for each in sums
        if each > 0
    ]


def _after_seed(draft: Draft) -> str:
    counted = draft.rules().counting is Counting.EVENTS
    return "turn" if draft.takes_over and counted else "rules"


async def _seed_typed(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    draft = unpacked(data["draft"])
    try:
        amount = _above_zero(dollars(given(desk, asked)), NO_SEED)
    except Misunderstood as error:
        await asked_again(desk, asked, error, [ways_out(desk, "splits", draft)])
        return
    await desk.store.end_question(asked.user_id)
    chosen = replace(draft, seed=f"{amount:f}")
    following = turn if _after_seed(chosen) == "turn" else rules
    await following(desk, Asked(user_id=asked.user_id), chosen)


async def turn(desk: Desk, asked: Asked, draft: Draft) -> None:
    """Ask for the owner's own T, where the version counts it by events."""
    try:
        shown = await desk.bus.ask(PreviewImport(position=draft.position()))
    except Refusal as refusal:
        html = texts.refusal(desk.words, refusal)
        await frame(desk, asked, html, [], back=("seed", draft))
        return
    await desk.store.ask(asked.user_id, "setup_turn", {"draft": packed(draft)}, expires_at=None)
    html = wizard.turn(desk.words, shown)
    await frame(desk, asked, html, [[_from_cost(draft, shown)]], back=("seed", draft))


def _from_cost(draft: Draft, shown: ImportPreview) -> Button:
    counted = shown.turn_from_cost
    return go(f"T {figures.turn(counted)}", "rules", replace(draft, turn=f"{counted:f}"))


async def _turn_typed(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    draft = unpacked(data["draft"])
    try:
        amount = _above_zero(given(desk, asked).amount, NO_TURN)
    except Misunderstood as error:
        await asked_again(desk, asked, error, [ways_out(desk, "seed", draft)])
        return
    await desk.store.end_question(asked.user_id)
    await rules(desk, Asked(user_id=asked.user_id), replace(draft, turn=f"{amount:f}"))


def _above_zero(amount: Decimal | None, otherwise: tuple[str, str]) -> Decimal:
    if amount is None or amount <= 0:
        raise Misunderstood(*otherwise)
    return amount


ANSWERS: dict[str, Answer] = {"setup_seed": _seed_typed, "setup_turn": _turn_typed}
