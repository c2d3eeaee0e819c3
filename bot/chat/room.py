"""The room that bot and owner share: chats, messages, updates, and who is waiting for them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.chat.bell import Bell
from bot.chat.config import ChatConfig
from bot.chat.entities import Formatted
from bot.chat.errors import bad_request
from bot.chat.faults import Faults
from bot.chat.limits import RateLimit
from bot.chat.markup import Markup, is_inline
from bot.chat.state import Json, State

# Update types that Telegram sends only to bots that ask for them by name
ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MEDIA = frozenset({"photo", "document"})
SERVICE = frozenset(
    {
        "pinned_message",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)


class Room:
    """Hold one bot and its chats; every change goes through here and rings the right bell."""

    def __init__(self, config: ChatConfig, state: State, now: Callable[[], datetime]) -> None:
        self.config = config
        self.state = state
        self.now = now
        self.updates_bell = Bell()
        self.changes_bell = Bell()
        self.faults = Faults()
        self.limit = RateLimit(config.messages_per_second)
        with state.transaction():
            state.save_chat(private_chat(config.owner_id, config.owner_name))

    def close(self) -> None:
        """Send every long poll home."""
        self.updates_bell.silence()
        self.changes_bell.silence()

    def me(self) -> Json:
        """Describe the bot as a User."""
        return {
            "id": self.config.bot_id,
            "is_bot": True,
            "first_name": self.config.title,
            "username": self.config.bot_username,
        }

    def date(self) -> int:
        return int(self.now().timestamp())

    def chat(self, chat_id: Any) -> Json:
        """Find a chat that the bot may write to.

        Raises Refusal: chat_id is empty, chat not found.
        """
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        try:
            found = self.state.chat(int(chat_id))
        except (TypeError, ValueError, OverflowError):
            found = None
        if found is None:
            raise bad_request("chat not found")
        return found

    def open_chat(self, chat: Json) -> None:
        """Keep a group, which the page shows beside the owner's own chat."""
        self.state.save_chat(chat)
        self.state.set_fact("chats rev", str(self.state.next_rev()))
        self.changes_bell.ring()

    def chats(self) -> list[Json]:
        """List the chats that the page shows: the owner's own, then the groups."""
        own = private_chat(self.config.owner_id, self.config.owner_name)
        return [own, *(chat for chat in self.state.chats() if chat["type"] != "private")]

    def post(
        self, chat: Json, formatted: Formatted, markup: Markup | None, extra: Json | None = None
    ) -> Json:
        """Put a message of the bot into a chat."""
        body: Json = {
            "message_id": self.state.next_message_id(),
            "from": self.me(),
            "chat": chat,
            "date": self.date(),
        }
        body.update(extra or {})
        if "text" not in body and "caption" not in body:
            put_text(body, formatted)
        if markup and "inline_keyboard" in markup:
            body["reply_markup"] = markup
        self.save(body, "bot", markup)
        return body

    def save(self, body: Json, author: str, markup: Markup | None) -> None:
        self.state.save_message(body, author, markup)
        if markup is not None and not is_inline(markup):
            keyboard = {"rev": self.state.rev, "markup": markup}
            self.state.set_json(f"keyboard {body['chat']['id']}", keyboard)
        self.changes_bell.ring()

    def delete(self, chat: Json, message_id: int) -> None:
        """Take a message away, and its pin with it."""
        self.state.delete_message(message_id)
        pinned = self.pins(chat["id"])
        if message_id in pinned:
            self.set_pins(chat["id"], [one for one in pinned if one != message_id])
        self.changes_bell.ring()

    def serve(self, chat: Json, about: Json, *, message_id: int | None = None) -> None:
        """Put a service message of the bot's own doing into a chat, and tell the bot of it."""
        body: Json = {
            "message_id": message_id or self.state.next_message_id(),
            "from": self.me(),
            "chat": chat,
            "date": self.date(),
            **about,
        }
        self.save(body, "bot", None)
        self.queue("message", body)

    def pins(self, chat_id: int) -> list[int]:
        """List the ids of a chat's pinned messages, the oldest first."""
        kept = self.state.json(f"pins {chat_id}")
        return list(kept["ids"]) if kept else []

    def set_pins(self, chat_id: int, ids: list[int]) -> None:
        self.state.set_json(f"pins {chat_id}", {"rev": self.state.next_rev(), "ids": ids})
        self.changes_bell.ring()

    def notice(self, chat_id: int, body: Json) -> None:
        """Show the owner something that is no message: an answer to a tap, a sign of typing."""
        self.state.add_notice(chat_id, body)
        self.changes_bell.ring()

    def queue(self, kind: str, body: Json) -> int | None:
        """Queue an update for the bot; None when the bot does not want this kind."""
        wanted = self.state.json("allowed_updates") or []
        if kind not in wanted if wanted else kind in ASKED_FOR:
            return None
        return self.queue_raw({kind: body})

    def queue_raw(self, body: Json) -> int:
        """Queue whatever it is, under the next id."""
        update_id = self.state.add_update(body)
        self.updates_bell.ring()
        return update_id

    def record(self, author: str, what: str, request: Json, answer: Json) -> None:
        """Add a line to the transcript."""
        self.state.add_line(
            {
                "at": self.now().isoformat(),
                "from": author,
                "what": what,
                "request": request,
                "answer": answer,
            }
        )


def private_chat(user_id: int, name: str) -> Json:
    """Describe the chat with one person."""
    return {"id": user_id, "first_name": name, "type": "private"}


def put_text(body: Json, formatted: Formatted) -> None:
    """Set a message's text, or its caption when it carries a file."""
    media = MEDIA & body.keys()
    text, entities = ("caption", "caption_entities") if media else ("text", "entities")
    for name in ("text", "entities", "caption", "caption_entities"):
        body.pop(name, None)
    if formatted.text or not media:
        body[text] = formatted.text
    if formatted.entities:
        body[entities] = list(formatted.entities)


def text_of(body: Json) -> Formatted:
    """Read a message's text or caption."""
    return Formatted(
        text=body.get("text") or body.get("caption") or "",
        entities=tuple(body.get("entities") or body.get("caption_entities") or ()),
    )
