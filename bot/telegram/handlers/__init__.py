"""Who answers what: a file per command family, joined into one router."""

from collections.abc import Awaitable, Callable

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.telegram.desk import Desk
from bot.telegram.handlers import day, home, reports, safety
from bot.telegram.handlers.pressed import Shows, pressed

SHOWS: Shows = {
    "start": home.start,
    "help": home.help_,
    "status": home.status,
    "today": day.today,
    "plan": day.plan,
    "orders": day.orders,
    "report": reports.report_,
    "pause": safety.pause,
    "resume": safety.resume,
    "stop": safety.stop,
}


def owner_router() -> Router:
    """Make the router of everything that an allowed person may say or press."""
    router = Router(name="owner")
    for name, show in SHOWS.items():
        router.message.register(_answering(show), Command(name, ignore_case=True))
    router.message.register(unknown_command, F.text.startswith("/"))
    router.message.register(anything_else)
    router.callback_query.register(_tapped)
    return router


def _answering(
    show: Callable[[Desk, int], Awaitable[None]],
) -> Callable[[Message, Desk], Awaitable[None]]:
    async def answer(message: Message, desk: Desk) -> None:
        await show(desk, message.chat.id)

    return answer


async def _tapped(query: CallbackQuery, desk: Desk) -> None:
    await pressed(query, desk, SHOWS)


async def unknown_command(message: Message, desk: Desk) -> None:
    """Say that a command is not known."""
    html = desk.words.say("모르는 명령입니다. 아래에서 골라 주세요.")
    await desk.say(
        message.chat.id,
        html,
        [[home.show(desk, "첫 화면", "start"), home.show(desk, "도움말", "help")]],
    )


async def anything_else(message: Message, desk: Desk) -> None:
    """Answer what is no command."""
    html = desk.words.say("말로 하는 지시는 받지 않습니다. 아래 버튼을 눌러 주세요.")
    await desk.say(
        message.chat.id,
        html,
        [[home.show(desk, "첫 화면", "start"), home.show(desk, "도움말", "help")]],
    )
