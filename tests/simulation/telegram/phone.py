"""What the owner's phone shows: the chat's messages, each as it reads now, and who looks at them.

A button is kept as the owner saw it, even when an edit took it away: a phone that was offline, or a
thumb that was quicker, presses what is no longer there.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Buttons = tuple[tuple[str, str], ...]
Look = Callable[["Shown"], None]

REMEMBERED = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A message of the bot's on the phone; `buttons` are (caption, data), in reading order.

    `text` is the caption where `file` names a picture or a document.
    """

    message_id: int
    chat_id: int
    text: str
    buttons: Buttons
    at: datetime
    silent: bool = False
    edited: bool = False
    file: str = ""

    def button(self, caption: str) -> str | None:
        """Find the data behind a button by its caption."""
        return next((data for text, data in self.buttons if text == caption), None)


class Phone:
    """Keep a chat's messages and tell whoever watches of each that comes or changes.

    `said` are the owner's own messages that are still there (id and time), `pinned` the bot's, the
    oldest first.
    """

    def __init__(self) -> None:
        self.messages: dict[int, Shown] = {}
        self.said: dict[int, datetime] = {}
        self.pinned: list[int] = []
        self.seen_buttons: deque[tuple[int, str, str]] = deque(maxlen=REMEMBERED)
        self._watchers: list[Look] = []

    def watch(self, look: Look) -> None:
        """Hear of every message that is shown from now on, new or edited."""
        self._watchers.append(look)

    def show(self, message: Shown) -> None:
        self.messages[message.message_id] = message
        for caption, data in message.buttons:
            self.seen_buttons.append((message.message_id, caption, data))
        for look in self._watchers:
            look(message)

    def delete(self, message_id: int) -> None:
        """Take a message away; a button that was seen under it may still be pressed."""
        self.messages.pop(message_id, None)
        self.said.pop(message_id, None)
        if message_id in self.pinned:
            self.pinned.remove(message_id)
