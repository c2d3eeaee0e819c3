"""`python -m bot.charts`: read one picture from stdin, write it as PNG to stdout, end."""

import os
import sys

from bot.charts.drawing import draw
from bot.charts.wire import unpacked

_AFTER_ORDERS = 10
"""Niceness: what draws waits behind what trades."""


def main() -> None:
    """Draw the picture of stdin."""
    os.nice(_AFTER_ORDERS)
    sys.stdout.buffer.write(draw(unpacked(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
