"""`python -m bot` and the console script `muhan`."""

import sys

from bot.cli import command_line


def main() -> None:
    """Run the command line."""
    command_line(*sys.argv[1:2])(prog_name="muhan")


if __name__ == "__main__":
    main()
