"""A tap that may act, as its handler gets it."""

from dataclasses import dataclass

from bot.telegram.taps import Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """Who pressed, under which message, the one-use key, and what it asks for."""

    user_id: int
    message_id: int
    nonce: str
    action: Action
