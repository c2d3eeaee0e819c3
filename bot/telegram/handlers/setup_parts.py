"""What the pages of the setup share: the buttons that carry the draft, back and cancel."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from bot.commands.asking import AskBalance
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.draft import Draft, packed
from bot.telegram.handlers.buttons import never_mind
from bot.telegram.markup import Html
from bot.telegram.taps import Action, Button, Kind
from bot.trading.refusal import Refusal

Page = Callable[[Desk, Asked, Draft], Awaitable[None]]


def go(caption: str, page: str, draft: Draft) -> Button:
    """Make a button to a page of the setup, with the choices made so far."""
    return Button(caption=caption, action=Action(kind=Kind.SETUP, text=page, figure=packed(draft)))


def ways_out(desk: Desk, page: str, draft: Draft) -> list[Button]:
    """Make the buttons back to a page, and out of the setup."""
    return [go(desk.words.plain("뒤로"), page, draft), never_mind(desk)]


async def frame(
    desk: Desk, asked: Asked, html: Html, rows: list[list[Button]], *, back: tuple[str, Draft]
) -> None:
    """Show a page with its buttons, the way back and the way out."""
    filled = [row for row in rows if row]
    await desk.answer(asked, html, [*filled, ways_out(desk, *back)])


async def orderable(desk: Desk) -> Decimal | None:
    """Ask for how many USD may be ordered; None when the broker is silent."""
    try:
        balance = await desk.bus.ask(AskBalance())
    except Refusal:
        return None
    return max(balance.purse.orderable, balance.purse.integrated)
