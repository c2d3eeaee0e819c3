"""Buttons that ask: a command as a new message, or the same message made anew."""

from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.taps import Action, Button, Kind


def show(desk: Desk, caption: str, command: str, text: str = "") -> Button:
    """Make a button that stands for a command; `text` is what would be typed behind it."""
    action = Action(kind=Kind.SHOW, command=command, text=text)
    return Button(caption=desk.words.plain(caption), action=action)


def again(desk: Desk, command: str, text: str = "", caption: str = mark("새로고침")) -> Button:
    """Make a button that asks a command again and puts the answer in its own message's place."""
    action = Action(kind=Kind.AGAIN, command=command, text=text)
    return Button(caption=desk.words.plain(caption), action=action)


def never_mind(desk: Desk) -> Button:
    """Make the button that leaves everything as it is."""
    return Button(caption=desk.words.plain("그만두기"), action=Action(kind=Kind.NEVER_MIND))
