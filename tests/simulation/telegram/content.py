"""What a message of the bot's says and carries, or the Bot API's reason to refuse it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup

from bot.telegram.markup import without_markup
from tests.simulation.telegram.phone import Buttons

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_DATA = 64
PICTURE_BYTES = 10 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")

Method = TelegramMethod[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """A message's words (as they came, and as they read), its buttons, and the file with them."""

    html: str
    text: str
    buttons: Buttons
    file: str = ""
    data: bytes = b""


def text_content(method: Any) -> Content:
    """Read a message of words alone."""
    html = method.text or ""
    text = _read(method, html)
    if not text.strip():
        raise TelegramBadRequest(method, "Bad Request: message text is empty")
    if _units(text) > LONGEST_TEXT:
        raise TelegramBadRequest(method, "Bad Request: message is too long")
    return Content(html=html, text=text, buttons=buttons_of(method))


def file_content(method: Any, kind: str, about: Any, kept: Mapping[str, Content]) -> Content:
    """Read a picture ("photo") or a document with its caption.

    `about` carries the caption: the call itself, or the media that it names. `kept` are the files
    that were sent before, by their file_id.
    """
    html, text = _caption(method, about)
    sent = about.media if hasattr(about, "media") else getattr(about, kind)
    name, data = _file(method, kind, sent, kept)
    return Content(html=html, text=text, buttons=buttons_of(method), file=name, data=data)


def with_caption(method: Any, before: Content) -> Content:
    """Put another caption and other buttons to a file that stays."""
    html, text = _caption(method, method)
    return replace(before, html=html, text=text, buttons=buttons_of(method))


def _caption(method: Method, about: Any) -> tuple[str, str]:
    html = about.caption or ""
    text = _read(about, html)
    if _units(text) > LONGEST_CAPTION:
        raise TelegramBadRequest(method, "Bad Request: message caption is too long")
    return html, text


def _file(
    method: Method, kind: str, sent: object, kept: Mapping[str, Content]
) -> tuple[str, bytes]:
    if isinstance(sent, str):
        if sent not in kept:
            raise TelegramBadRequest(
                method, "Bad Request: wrong file identifier/HTTP URL specified"
            )
        return kept[sent].file, kept[sent].data
    if not isinstance(sent, BufferedInputFile) or not sent.data:
        raise TelegramBadRequest(method, "Bad Request: file must be non-empty")
    if len(sent.data) > (PICTURE_BYTES if kind == "photo" else FILE_BYTES):
        raise TelegramBadRequest(method, "Bad Request: file is too big")
    if kind == "photo" and not sent.data.startswith(PICTURES):
        raise TelegramBadRequest(method, "Bad Request: IMAGE_PROCESS_FAILED")
    return sent.filename or kind, sent.data


def buttons_of(method: Any) -> Buttons:
    """Read the inline buttons under a message."""
    markup = method.reply_markup
    if not isinstance(markup, InlineKeyboardMarkup):
        return ()
    found = tuple(
        (button.text, button.callback_data or "")
        for row in markup.inline_keyboard
        for button in row
    )
    if any(not 0 < len(data.encode()) <= LONGEST_DATA for _, data in found):
        raise TelegramBadRequest(method, "Bad Request: BUTTON_DATA_INVALID")
    return found


def _read(about: Any, html: str) -> str:
    return without_markup(html) if getattr(about, "parse_mode", None) == "HTML" else html


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
