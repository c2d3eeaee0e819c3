"""A picture as text between the bot and the child that draws it: its kind, then JSON."""

from typing import get_args

from pydantic import TypeAdapter

from bot.charts.model import Picture

_KINDS: dict[str, type[Picture]] = {kind.__name__: kind for kind in get_args(Picture)}


def packed(picture: Picture) -> bytes:
    kind = type(picture)
    return kind.__name__.encode() + b"\n" + TypeAdapter(kind).dump_json(picture)


def unpacked(content: bytes) -> Picture:
    """Read a picture. Raises ValueError for anything else."""
    name, _, body = content.partition(b"\n")
    kind = _KINDS.get(name.decode(errors="replace"))
    if kind is None:
        raise ValueError("no picture of ours")
    picture: Picture = TypeAdapter(kind).validate_json(body)
    return picture
