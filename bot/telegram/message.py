"""A message as the letters write it and the notifier posts it."""

from dataclasses import dataclass

from bot.telegram.markup import Html
from bot.telegram.taps import Button


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message beside the card. `not_to` is the chat that has seen it already, as a receipt.

    `stacked` buttons have a row each.
    """

    html: Html
    silent: bool = False
    buttons: tuple[Button, ...] = ()
    stacked: bool = False
    round_buttons: bool = False
    not_to: int | None = None
