"""A message as the letters write it and the notifier posts it."""

from dataclasses import dataclass

from bot.charts.model import Picture
from bot.telegram.classes import AlertClass
from bot.telegram.markup import Html
from bot.telegram.taps import QUESTIONS, Button


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message beside the card. `not_to` is the chat that has seen it already, as a receipt.

    `stacked` buttons have a row each. `silent` never rings; else its class decides, which is its
    event's unless `alert` says otherwise. A `picture` is drawn and has the words as its caption.
    `brief` is what the morning's digest says of it in a line, its own first line unless given.
    """

    html: Html
    silent: bool = False
    buttons: tuple[Button, ...] = ()
    stacked: bool = False
    round_buttons: bool = False
    not_to: int | None = None
    alert: AlertClass | None = None
    picture: Picture | None = None
    brief: Html | None = None

    @property
    def asks(self) -> bool:
        """Tell whether somebody is to decide by it; a button that only shows asks nothing."""
        return self.round_buttons or any(
            button.action.kind not in QUESTIONS for button in self.buttons
        )
