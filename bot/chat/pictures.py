"""Which files are pictures for Telegram, how large those are, and which files are words."""

from pathlib import PurePath

from bot.chat.errors import bad_request

LARGEST_SUM = 10_000  # width and height together
LARGEST_RATIO = 20
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
WORDS = frozenset({".csv", ".txt", ".log", ".json", ".jsonl", ".md"})


def picture_size(data: bytes) -> tuple[int, int]:
    """Read width and height in pixels of a PNG or JPEG.

    Raises Refusal: IMAGE_PROCESS_FAILED for anything else, PHOTO_INVALID_DIMENSIONS beyond
    https://core.telegram.org/bots/api#sendphoto.
    """
    width, height = _size(data)
    if not min(width, height):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > LARGEST_SUM or max(width, height) > LARGEST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def picture_type(data: bytes) -> str:
    """Name the type by the bytes: the sender's word could make the page run a file."""
    if data.startswith(PNG):
        return "image/png"
    return "image/jpeg" if data.startswith(b"\xff\xd8\xff") else ""


def is_words(name: str) -> bool:
    """Tell whether a file of this name is shown as plain text rather than saved."""
    return PurePath(name.lower()).suffix in WORDS


def _size(data: bytes) -> tuple[int, int]:
    if data.startswith(PNG) and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    at = 2
    while data.startswith(JPEG) and at + 9 <= len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in {0xC4, 0xC8, 0xCC}:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise bad_request("IMAGE_PROCESS_FAILED")
