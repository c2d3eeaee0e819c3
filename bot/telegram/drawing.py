"""A letter's picture as its reader may see it."""

from dataclasses import replace

import structlog

from bot.charts.model import Draw, DrawingFailed, Picture, PicturesOff

log = structlog.get_logger(__name__)


async def drawn(
    draw: Draw, picture: Picture | None, *, language: str, amounts: bool
) -> bytes | None:
    """Draw a letter's picture as PNG; None where it has none, or where drawing fails."""
    if picture is None:
        return None
    try:
        return await draw(replace(picture, language=language, amounts=picture.amounts and amounts))
    except PicturesOff:
        return None
    except DrawingFailed as error:
        log.warning("a letter goes without its picture", why=str(error))
        return None
