"""The daily bars that a command at the console runs over: a file's, or those in the store."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from bot.laboratory import bars as files
from bot.laboratory.price_store import PriceStore
from bot.laboratory.words import Language
from bot.settings import home
from strategy.model import Bar


def content(prices: Path | None, symbol: str, env: Path) -> tuple[bytes, str]:
    """Read the bars of a file, else those in the store, with their name; tell what it lacks.

    Raises FileRefused, or MuhanError where nothing is stored.
    """
    if prices is not None:
        return files.read_bytes(prices), str(prices)
    store = PriceStore(home(env, os.environ))
    found, card = store.content(symbol)
    if card.reason:
        typer.echo(
            f"The stored prices are whole from {card.whole_from} on only: run muhan prices "
            f"{symbol} again for the rest.",
            err=True,
        )
    return found, str(store.path(symbol))


def window(
    bars: Sequence[Bar], start: date | None, end: date | None
) -> tuple[list[Bar], list[Bar]]:
    """Cut bars into those before a run and those that it trades."""
    history = [bar for bar in bars if start is not None and bar.day < start]
    traded = [bar for bar in bars[len(history) :] if end is None or bar.day <= end]
    return history, traded


def spoken() -> Language:
    """Follow MUHAN_LANGUAGE; Korean is the owner's."""
    return Language.EN if os.environ.get("MUHAN_LANGUAGE", "ko") == "en" else Language.KO
