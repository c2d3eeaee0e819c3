"""What may stand under a message: inline and reply keyboards, and what Telegram refuses."""

from typing import Any
from urllib.parse import urlsplit

from bot.chat.errors import bad_request

Markup = dict[str, Any]

CALLBACK_DATA_BYTES = 64
BUTTONS = 100
ACTIONS = frozenset(
    {
        "callback_data",
        "url",
        "copy_text",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
    }
)


def read_markup(value: Any) -> Markup | None:
    """Check a `reply_markup`; None where there is none to show.

    Raises Refusal, by https://core.telegram.org/bots/api#inlinekeyboardbutton and its neighbours.
    """
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        rows = [
            [_inline_button(button) for button in row]
            for row in _rows(value["inline_keyboard"], "inline keyboard")
        ]
        rows = [row for row in rows if row]
        if sum(len(row) for row in rows) > BUTTONS:
            raise bad_request("reply markup is too long")
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in value:
        return {**value, "keyboard": _reply_rows(value["keyboard"])}
    if value.get("remove_keyboard") or value.get("force_reply"):
        return value
    raise bad_request("object expected as reply markup")


def is_inline(markup: Markup | None) -> bool:
    """Tell whether a message under this markup may be edited: none, or an inline keyboard."""
    return markup is None or "inline_keyboard" in markup


def callback_buttons(markup: Markup | None) -> set[str]:
    """List the callback data that a tap on this markup may send."""
    rows = (markup or {}).get("inline_keyboard", [])
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}


def _rows(value: Any, what: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad_request(f'field "{what.replace(" ", "_")}" of the markup must be of type Array')
    for row in value:
        if not isinstance(row, list):
            raise bad_request(f"can't parse {what}: expected an Array of rows")
    return value


def _reply_rows(value: Any) -> list[list[Markup]]:
    rows = []
    for row in _rows(value, "keyboard"):
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in buttons:
            if not isinstance(button, dict) or not button.get("text"):
                raise bad_request("keyboard button text must be non-empty")
        rows.append(buttons)
    if not any(rows):
        raise bad_request("reply keyboard must be non-empty")
    return rows


def _inline_button(button: Any) -> Markup:
    why = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{why}: InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise bad_request(f'{why}: Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad_request(f'{why}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = {name for name in ACTIONS if button.get(name)}
    if not actions:
        raise bad_request(f"{why}: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and (not isinstance(data, str) or len(data.encode()) > CALLBACK_DATA_BYTES):
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions:
        _check_url(button["url"])
    return button


def _check_url(url: Any) -> None:
    try:
        parts = urlsplit(str(url))
    except ValueError:
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
        ) from None
    if parts.scheme in {"tg", "ton"}:
        return
    if parts.scheme and parts.netloc and parts.scheme not in {"http", "https"}:
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )
    host = parts.netloc or parts.path.partition("/")[0]
    if "." not in host and not host.startswith(("localhost", "[")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
