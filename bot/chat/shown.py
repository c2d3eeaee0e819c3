"""What the page is shown of a chat: messages, pins, topics, and which chats there are."""

from typing import Any

from bot.chat.account import menu
from bot.chat.pictures import is_words
from bot.chat.rendering import to_html
from bot.chat.room import SERVICE, Room, text_of
from bot.chat.state import Json
from bot.chat.topics import topics_of

FIRST_LOOK = 300  # messages shown when the page opens
QUOTED = 120


def changes(room: Room, chat_id: int, after: int) -> Json:
    """Tell what changed in a chat since revision `after`; below 0 is a first look at its end."""
    state = room.state
    rows = state.messages_after(chat_id, after, FIRST_LOOK if after < 0 else -1)
    seen: Json = {"rev": state.rev, "messages": [_shown(*row) for row in rows]}
    seen["notices"] = state.notices_after(chat_id, after) if after >= 0 else []
    if int(state.fact("menu rev") or 0) > after:
        seen["commands"] = menu(room, chat_id, room.config.language)
    if int(state.fact("chats rev") or 0) > after:
        seen["chats"] = room.chats()
    for name, key in (("keyboard", "markup"), ("pins", "ids"), ("topics", "topics")):
        kept = state.json(f"{name} {chat_id}")
        if kept and kept["rev"] > after:
            seen[name] = kept[key]
    if "pins" in seen:
        seen["pins"] = [_pinned(room, message_id) for message_id in seen["pins"]]
    if "topics" in seen:
        seen["topics"] = [
            {"thread": int(thread), **known}
            for thread, known in topics_of(room, chat_id)["topics"].items()
        ]
    return seen


def _pinned(room: Room, message_id: int) -> Json:
    found = room.state.message(message_id)
    return {"id": message_id, "text": "" if found is None else _in_short(found[1])}


def _shown(message_id: int, author: str, body: Json, markup: Json | None, deleted: bool) -> Json:
    if deleted:
        return {"id": message_id, "deleted": True}
    shown: Json = {
        "id": message_id,
        "from": author,
        "name": body["from"]["first_name"],
        "html": to_html(text_of(body)),
        "text": text_of(body).text,
        "date": body["date"],
        "edited": "edit_date" in body,
        "reply_markup": markup,
    }
    for name, value in (("thread", "message_thread_id"), ("album", "media_group_id")):
        if value in body:
            shown[name] = body[value]
    if SERVICE & body.keys():
        shown["service"] = _told(body)
    if "photo" in body:
        shown["photo"] = {**body["photo"][-1], "url": f"/chat/file/{body['photo'][-1]['file_id']}"}
    if "document" in body:
        shown["document"] = {
            **body["document"],
            "url": f"/chat/file/{body['document']['file_id']}",
            "opens": is_words(body["document"]["file_name"]),
        }
    if "reply_to_message" in body:
        replied = body["reply_to_message"]
        shown["reply"] = {"id": replied["message_id"], "text": _in_short(replied)}
    return shown


def _told(body: Json) -> str:
    """Say a service message as Telegram's app does."""
    if "pinned_message" in body:
        return f"메시지를 고정했습니다: {_in_short(body['pinned_message'])}"
    if "forum_topic_created" in body:
        return f"주제를 만들었습니다: {body['forum_topic_created']['name']}"
    if "forum_topic_edited" in body:
        return f"주제 이름을 바꿨습니다: {body['forum_topic_edited'].get('name', '')}"
    return "주제를 닫았습니다" if "forum_topic_closed" in body else "주제를 다시 열었습니다"


def _in_short(body: Json) -> str:
    first: Any = text_of(body).text.partition("\n")[0][:QUOTED]
    if first or "document" not in body:
        return str(first) or ("사진" if "photo" in body else "메시지")
    return str(body["document"]["file_name"])
