"""`python -m bot.charts`: read one picture from stdin, write it as PNG to stdout, end."""

import sys

from bot.after_orders import step_back
from bot.charts.drawing import draw
from bot.charts.wire import unpacked


def main() -> None:
    """Draw the picture of stdin."""
    step_back()
    sys.stdout.buffer.write(draw(unpacked(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
