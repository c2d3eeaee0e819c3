"""`python -m bot` and the console script `muhan`."""

from bot.cli import app


def main() -> None:
    """Run the command line."""
    app(prog_name="muhan")


if __name__ == "__main__":
    main()
