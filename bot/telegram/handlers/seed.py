"""/seed: money put into a cycle or taken out of it, with T and the unit before and after."""

from decimal import Decimal

from bot.storage.views import CycleView
from bot.telegram import figures
from bot.telegram.arguments import Arguments, Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.family import Answer, Show
from bot.telegram.handlers.preview import preview
from bot.telegram.handlers.reading import given
from bot.telegram.handlers.which import asked_again, back, chosen, cycle_view, setting
from bot.telegram.markup import lines
from strategy.bookkeeping import free_cash

STEPS = (500, 1000, 5000)
_CENT = Decimal("0.01")


async def seed(desk: Desk, asked: Asked) -> None:
    """Preview a change of the seed; ask for the amount where none was said."""
    arguments = given(desk, asked)
    amount = dollars(arguments)
    view = await chosen(desk, asked, arguments.symbol, "seed", f"{amount:f}" if amount else "")
    if view is None:
        return
    if amount is None:
        await seed_page(desk, asked, view)
    else:
        await preview(desk, asked, view, "seed", f"{amount:f}")


def dollars(arguments: Arguments) -> Decimal | None:
    """Give the amount that was typed, in USD to the cent. Raises Misunderstood for won."""
    amount = arguments.amount
    if arguments.currency == "KRW":
        raise Misunderstood(
            "시드는 달러로 셉니다. 원화가 아니라 달러 금액을 적어 주세요. 예: 1,000",
            "The seed is counted in dollars. Write an amount in dollars, not won. Such as: 1,000",
        )
    if amount is not None and amount != amount.quantize(_CENT):
        raise Misunderstood(
            "달러는 센트(소수 둘째 자리)까지만 적어 주세요. 예: 1,234.50",
            "Write dollars to the cent at most. Such as: 1,234.50",
        )
    return amount


async def seed_page(desk: Desk, asked: Asked, view: CycleView) -> None:
    """Ask how much, by buttons or typed."""
    words, cycle = desk.words, view.cycle
    more = [setting(view, "seed", f"+${step:,}", str(step)) for step in STEPS]
    free = free_cash(cycle)
    less = [
        setting(view, "seed", f"-${step:,}", str(-step))
        for step in STEPS
        if step <= free and step < cycle.principal
    ]
    await desk.store.ask(asked.user_id, "seed", {"cycle": str(view.cycle_id)}, expires_at=None)
    await desk.answer(
        asked,
        lines(
            words.say(
                "{symbol} 시드 {principal} · 잔금 {cash}",
                symbol=view.symbol,
                principal=figures.money(cycle.principal),
                cash=figures.money(cycle.cash),
            ),
            words.say("뺄 수 있는 돈은 {free}까지입니다.", free=figures.money(free)),
            words.say(
                "얼마를 넣거나 뺄까요? 누르거나 금액만 적어 주세요 (예: 1,234.5 또는 -500).\n"
                "적은 뒤에 미리 보여 드립니다."
            ),
        ),
        [more, *([less] if less else []), [back(desk, view, mark("설정 보기"))]],
    )


async def _typed(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    view = await cycle_view(desk, int(data["cycle"]))
    try:
        amount = _fitting(dollars(given(desk, asked)), free_cash(view.cycle))
    except Misunderstood as error:
        await asked_again(desk, asked, error, [[back(desk, view, mark("그만두기"))]])
        return
    await desk.store.end_question(asked.user_id)
    await preview(desk, asked, view, "seed", f"{amount:f}")


def _fitting(amount: Decimal | None, free: Decimal) -> Decimal:
    """Give the amount back. Raises Misunderstood for none, and for more than is free (USD)."""
    if not amount:
        raise Misunderstood(
            "넣거나 뺄 달러 금액만 적어 주세요. 0은 안 됩니다. 예: 1,234.5 또는 -500",
            "Write only the dollars to add or to take. 0 will not do. Such as: 1,234.5 or -500",
        )
    if -amount > free:
        most = figures.money(free)
        raise Misunderstood(
            f"뺄 수 있는 돈은 {most}까지입니다. 그 안에서 다시 적어 주세요.",
            f"At most {most} can be taken out. Write an amount within that.",
        )
    return amount


SHOWS: dict[str, Show] = {"seed": seed}
ANSWERS: dict[str, Answer] = {"seed": _typed}
