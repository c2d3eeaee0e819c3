"""`python -m bot` and the console script `muhan`."""

import os
import sys

from bot.unused import without_what_nobody_uses

# Commands that are over in a moment and write no log.
LOG_NOTHING = (["version"], ["plan"])


def main() -> None:
    """Run the command line."""
    without_what_nobody_uses(logs=sys.argv[1:2] not in LOG_NOTHING)
    from bot.cli import command_line  # noqa: PLC0415 - after what keeps its imports small

    spoken = os.environ.get("MUHAN_LANGUAGE", "ko")
    command_line(*sys.argv[1:2], language=spoken)(prog_name="muhan")


if __name__ == "__main__":
    main()
