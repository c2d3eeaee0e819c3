"""Messages of the bot's: posted, edited, pinned and deleted, as the Bot API allows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    PinChatMessage,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
    UnpinAllChatMessages,
    UnpinChatMessage,
)
from aiogram.types import Chat, Document, Message, PhotoSize

from tests.simulation.facts import MessageElsewhere, MessageShown
from tests.simulation.telegram import people
from tests.simulation.telegram.content import (
    Content,
    buttons_of,
    file_content,
    text_content,
    with_caption,
)
from tests.simulation.telegram.phone import Phone, Shown
from tests.simulation.telegram.trouble import Trouble
from tests.simulation.world import World

DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)

Method = TelegramMethod[Any]


class Posting:
    """Put the bot's messages on the owner's phone; note those to anybody else.

    `served` takes the service messages, which the bot gets as updates.
    """

    def __init__(self, world: World, trouble: Trouble, phone: Phone, owner_id: int) -> None:
        self._world = world
        self._trouble = trouble
        self._phone = phone
        self._owner_id = owner_id
        self._next_message = 1
        self._contents: dict[int, Content] = {}
        self._files: dict[str, Content] = {}
        self.served: Callable[[dict[str, Any]], None] = lambda _: None

    def message_id(self) -> int:
        """Number a message; one count for all private chats, as Telegram's."""
        number = self._next_message
        self._next_message += 1
        return number

    # -- new messages ----------------------------------------------------------------------------

    def send_message(self, process: int, method: SendMessage) -> Message:
        self._let_through(method)
        return self._post(process, method, text_content(method))

    def send_photo(self, process: int, method: SendPhoto) -> Message:
        self._let_through(method)
        return self._post(process, method, file_content(method, "photo", method, self._files))

    def send_document(self, process: int, method: SendDocument) -> Message:
        self._let_through(method)
        return self._post(process, method, file_content(method, "document", method, self._files))

    def action(self, _process: int, method: SendChatAction) -> bool:
        self._let_through(method)
        return True

    def _post(
        self, process: int, method: SendMessage | SendPhoto | SendDocument, content: Content
    ) -> Message:
        shown = Shown(
            message_id=self.message_id(),
            chat_id=int(method.chat_id),
            text=content.text,
            buttons=content.buttons,
            at=self._world.now,
            silent=bool(method.disable_notification),
            file=content.file,
        )
        return self._show(process, shown, content)

    # -- edits -----------------------------------------------------------------------------------

    def edit_text(self, process: int, method: EditMessageText) -> Message:
        old = self._editable(method)
        if old.file:
            raise TelegramBadRequest(method, "Bad Request: there is no text in the message to edit")
        return self._edit(process, method, old, text_content(method))

    def edit_caption(self, process: int, method: EditMessageCaption) -> Message:
        old = self._editable(method)
        if not old.file:
            raise TelegramBadRequest(
                method, "Bad Request: there is no caption in the message to edit"
            )
        return self._edit(
            process, method, old, with_caption(method, self._contents[old.message_id])
        )

    def edit_media(self, process: int, method: EditMessageMedia) -> Message:
        old = self._editable(method)
        kind = str(method.media.type)
        return self._edit(
            process, method, old, file_content(method, kind, method.media, self._files)
        )

    def edit_buttons(self, process: int, method: EditMessageReplyMarkup) -> Message:
        old = self._editable(method)
        content = replace(self._contents[old.message_id], buttons=buttons_of(method))
        return self._edit(process, method, old, content)

    def _editable(self, method: Any) -> Shown:
        self._let_through(method)
        return self._found(method, "edit")

    def _found(self, method: Any, what: str) -> Shown:
        found = self._phone.messages.get(method.message_id or 0)
        if found is None or found.chat_id != method.chat_id:
            raise TelegramBadRequest(method, f"Bad Request: message to {what} not found")
        return found

    def _edit(self, process: int, method: Method, old: Shown, content: Content) -> Message:
        if self._contents[old.message_id] == content:
            raise TelegramBadRequest(method, NOT_MODIFIED)
        shown = Shown(
            message_id=old.message_id,
            chat_id=old.chat_id,
            text=content.text,
            buttons=content.buttons,
            at=old.at,
            edited=True,
            file=content.file,
        )
        return self._show(process, shown, content)

    # -- what else becomes of a message ----------------------------------------------------------

    def delete(self, _process: int, method: DeleteMessage) -> bool:
        """Delete the bot's message, or in a private chat the owner's, of the last 48 hours."""
        self._let_through(method)
        there = self._phone.messages.get(method.message_id)
        born = there.at if there else self._phone.said.get(method.message_id)
        if born is None or method.chat_id != self._owner_id:
            raise TelegramBadRequest(method, "Bad Request: message to delete not found")
        if self._world.now - born > DELETABLE:
            raise TelegramBadRequest(method, "Bad Request: message can't be deleted for everyone")
        self._phone.delete(method.message_id)
        return True

    def pin(self, _process: int, method: PinChatMessage) -> bool:
        """Pin a message once; the bot is told of its own pin, as the Bot API server tells it."""
        self._let_through(method)
        shown = self._found(method, "pin")
        if shown.message_id in self._phone.pinned:
            raise TelegramBadRequest(method, "Bad Request: CHAT_NOT_MODIFIED")
        self._phone.pinned = sorted([*self._phone.pinned, shown.message_id])
        self.served(people.pinned(self.message_id(), self._world.now, self._owner_id, shown))
        return True

    def unpin(self, _process: int, method: UnpinChatMessage) -> bool:
        """Unpin a message, the newest of those pinned when none is named."""
        self._let_through(method)
        named = method.message_id or max(self._phone.pinned, default=0)
        if named not in self._phone.messages:
            raise TelegramBadRequest(method, "Bad Request: message to unpin not found")
        if named not in self._phone.pinned:
            raise TelegramBadRequest(method, "Bad Request: CHAT_NOT_MODIFIED")
        self._phone.pinned.remove(named)
        return True

    def unpin_all(self, _process: int, method: UnpinAllChatMessages) -> bool:
        self._let_through(method)
        self._phone.pinned = []
        return True

    # -- the way to the phone --------------------------------------------------------------------

    def _let_through(self, method: Any) -> None:
        if self._trouble.blocked and method.chat_id == self._owner_id:
            raise TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
        if seconds := self._trouble.retry_after():
            raise TelegramRetryAfter(
                method, f"Too Many Requests: retry after {seconds}", retry_after=seconds
            )

    def _show(self, process: int, shown: Shown, content: Content) -> Message:
        if shown.chat_id != self._owner_id:
            self._world.note(
                MessageElsewhere(
                    at=self._world.now, process=process, chat_id=shown.chat_id, text=shown.text
                )
            )
            return self._answer(shown)
        self._contents[shown.message_id] = content
        self._world.note(
            MessageShown(
                at=self._world.now,
                process=process,
                message_id=shown.message_id,
                text=shown.text,
                buttons=shown.buttons,
                edited=shown.edited,
                file=shown.file,
            )
        )
        self._phone.show(shown)
        return self._answer(shown, content)

    def _answer(self, shown: Shown, content: Content | None = None) -> Message:
        about: dict[str, Any] = {"message_id": shown.message_id, "date": shown.at}
        if content is None or not content.file:
            return _SENT.model_copy(update={**about, "text": shown.text})
        file_id = f"file{len(self._files) + 1}"
        self._files[file_id] = content
        about["caption"] = shown.text or None
        about["photo"] = [_PICTURE.model_copy(update={"file_id": file_id})]
        about["document"] = _DOCUMENT.model_copy(update={"file_id": file_id})
        return _SENT.model_copy(update=about)


# Made once: aiogram's Message has a hundred fields, and a day has many messages.
_SENT = Message.model_construct(
    message_id=0, date=datetime(2026, 1, 1, tzinfo=UTC), chat=Chat(id=0, type="private")
)
_PICTURE = PhotoSize.model_construct(file_id="", file_unique_id="", width=1, height=1)
_DOCUMENT = Document.model_construct(file_id="", file_unique_id="")
