"""What people's apps send, as the Bot API words it: messages, presses, and everything else's shape.

Raw dicts, because the program asks for raw updates and decodes each on its own.
"""

from datetime import datetime
from typing import Any

from tests.simulation.telegram.phone import Shown

Raw = dict[str, Any]

BOT_ID = 123456
BOT: Raw = {"id": BOT_ID, "is_bot": True, "first_name": "Muhan", "username": "muhan_bot"}


def person(user_id: int, name: str = "Owner") -> Raw:
    return {"id": user_id, "is_bot": False, "first_name": name, "language_code": "ko"}


def private(user_id: int) -> Raw:
    return {"id": user_id, "type": "private", "first_name": "Owner"}


def message(message_id: int, at: datetime, user_id: int, text: str, **more: Any) -> Raw:
    """Word a private message; `more` replaces or adds fields."""
    return {
        "message_id": message_id,
        "date": int(at.timestamp()),
        "chat": private(user_id),
        "from": person(user_id),
        "text": text,
        **more,
    }


def pinned(message_id: int, at: datetime, user_id: int, shown: Shown) -> Raw:
    """Word the service message of the bot's own pin."""
    inner = {
        "message_id": shown.message_id,
        "date": int(shown.at.timestamp()),
        "chat": private(user_id),
        "from": BOT,
        "text": shown.text,
    }
    return {
        "message_id": message_id,
        "date": int(at.timestamp()),
        "chat": private(user_id),
        "from": BOT,
        "pinned_message": inner,
    }


def press(query_id: str, user_id: int, shown: Shown | None, message_id: int, data: str) -> Raw:
    """Word a press of a button under a message of the bot's."""
    return {
        "id": query_id,
        "from": person(user_id),
        "chat_instance": "1",
        "data": data,
        "message": {
            "message_id": message_id,
            "date": int(shown.at.timestamp()) if shown else 0,
            "chat": private(user_id),
            "from": BOT,
            "text": shown.text if shown else "",
        },
    }
