"""What somebody is told when his command or tap could not be carried out."""

import structlog
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
)
from aiogram.types import ErrorEvent, Message

from bot.errors import MuhanError
from bot.telegram import texts
from bot.telegram.access import sender
from bot.telegram.catalogue import Words
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.markup import Html
from bot.telegram.taps import Button
from bot.trading.refusal import Refusal

# What Telegram would not take, so that another message may well be taken.
UNTAKEN = (TelegramBadRequest, TelegramEntityTooLarge)

log = structlog.get_logger(__name__)


class Failures:
    """Tell whoever asked; the unforeseen goes to the log too."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def too_old(self, message: Message) -> None:
        """Refuse a command that came too late to be meant now."""
        desk = self._desk.of(message.chat.id)
        html = desk.words.say(
            "2분이 지난 명령이라 처리하지 않았습니다. 지금도 필요하면 다시 보내 주세요."
        )
        await desk.say(message.chat.id, html, _next(desk), reply_to=message.message_id)

    async def failed(self, event: ErrorEvent) -> bool:
        """Say why something was not done; answers True, as the error ends here."""
        user_id, error = sender(event.update), event.exception
        if isinstance(error, TelegramAPIError | ClientDecodeError):
            log.error("an answer could not be delivered", error=type(error).__name__)
            if not isinstance(error, UNTAKEN):
                return True
        elif user_id is None or self._desk.people.of(user_id) is None:
            log.error("an update failed", update=event.update.update_id, exc_info=error)
        if user_id is None or self._desk.people.of(user_id) is None:
            return True  # a stranger hears nothing, ever
        desk = self._desk.of(user_id)
        sentence = _sentence(desk.words, error, event.update.update_id)
        try:
            await desk.say(user_id, sentence, _next(desk))
        except (TelegramAPIError, ClientDecodeError) as undelivered:
            log.error("an error could not be told", error=type(undelivered).__name__)  # noqa: TRY400 - the trace holds the address
        return True


def _next(desk: Desk) -> list[list[Button]]:
    return [[show(desk, "상태", "status"), show(desk, "주문", "orders")]]


def _sentence(words: Words, error: Exception, update_id: int) -> Html:
    if isinstance(error, Refusal):
        return texts.refusal(words, error)
    if isinstance(error, MuhanError):
        return words.say("{sentence}", sentence=error.sentence(words.language))
    if isinstance(error, UNTAKEN):
        return words.say(
            "답을 보여 드리지 못했습니다. 텔레그램이 그 메시지를 받지 않았고 로그에 남겼습니다.\n"
            "지금: 시키신 일은 이미 되었을 수 있으니 아래에서 확인해 주세요. "
            "두 번 하지는 않습니다."
        )
    log.error("a handler failed", update=update_id, exc_info=error)
    return words.say(
        "처리하지 못했습니다. 봇 안에서 오류가 났고 로그에 남겼습니다 (번호 {number}).\n"
        "지금: 아래에서 상태를 확인해 주세요. 두 번 보내지는 않습니다.",
        number=update_id,
    )
