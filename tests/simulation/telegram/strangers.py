"""Row 75's table: what reaches the bot and must change nothing and be answered to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.simulation.telegram import people

Raw = dict[str, Any]

STRANGER = 666_001
GROUP = -100_200_300


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What a stranger needs: a message id that is free, the owner's id, a button of the owner's."""

    at: datetime
    message_id: int
    owner_id: int
    button: tuple[int, str]

    def by_owner(self, text: str, **more: Any) -> Raw:
        return people.message(self.message_id, self.at, self.owner_id, text, **more)


Update = tuple[str, Raw]


def _message(scene: Scene) -> Update:
    sent = people.message(scene.message_id, scene.at, STRANGER, "/stop")
    return "message", sent | {"from": people.person(STRANGER, "Stranger")}


def _tap(scene: Scene) -> Update:
    message_id, data = scene.button
    query = people.press(f"s{scene.message_id}", STRANGER, None, message_id, data)
    return "callback_query", query


def _tap_in_group(scene: Scene) -> Update:
    message_id, data = scene.button
    query = people.press(f"g{scene.message_id}", scene.owner_id, None, message_id, data)
    query["message"]["chat"] = _group()
    return "callback_query", query


def _tap_without_message(scene: Scene) -> Update:
    query = people.press(f"i{scene.message_id}", scene.owner_id, None, 0, scene.button[1])
    del query["message"]
    return "callback_query", query | {"inline_message_id": "AAEC"}


def _group() -> Raw:
    return {"id": GROUP, "type": "supergroup", "title": "friends"}


def _in_group(scene: Scene) -> Update:
    return "message", scene.by_owner("/stop@muhan_bot", chat=_group())


def _anonymous(scene: Scene) -> Update:
    return "message", scene.by_owner("/stop", chat=_group(), sender_chat=_group())


def _forwarded(scene: Scene) -> Update:
    origin = {
        "type": "user",
        "date": int(scene.at.timestamp()),
        "sender_user": people.person(STRANGER),
    }
    return "message", scene.by_owner("/stop", forward_origin=origin)


def _through_a_bot(scene: Scene) -> Update:
    return "message", scene.by_owner("/stop", via_bot=people.BOT)


def _edited(scene: Scene) -> Update:
    return "edited_message", scene.by_owner("/stop", edit_date=int(scene.at.timestamp()))


def _edited_as_message(scene: Scene) -> Update:
    return "message", scene.by_owner("/stop", edit_date=int(scene.at.timestamp()))


def _channel(scene: Scene) -> Update:
    post = scene.by_owner("/stop", chat={"id": GROUP, "type": "channel", "title": "c"})
    del post["from"]
    return "channel_post", post


def _malformed(scene: Scene) -> Update:
    return "message", {"message_id": "nonsense", "text": "/stop", "at": scene.message_id}


TABLE: dict[str, Callable[[Scene], Update]] = {
    "message by a stranger": _message,
    "the owner's button pressed by a stranger": _tap,
    "the owner's button pressed in a group": _tap_in_group,
    "the owner's button pressed in an inline message": _tap_without_message,
    "command in a group": _in_group,
    "command by an anonymous administrator": _anonymous,
    "forwarded command": _forwarded,
    "command through another bot": _through_a_bot,
    "command by an edit": _edited,
    "command by an edit, told as a message": _edited_as_message,
    "command in a channel": _channel,
    "malformed message": _malformed,
}
