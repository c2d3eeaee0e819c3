"""The command line: `muhan`, one file per family of commands.

Only the file of the command that was named is imported: `muhan version` waits for nothing that it
does not use, and the daemon carries no simulator and no demo.
"""

from importlib import import_module
from importlib.metadata import version as installed

import typer

from bot.cli_help import KOREAN

HELP = "무한: 라오어의 무한매수법을 텔레그램으로."
HELP_ENGLISH = "Muhan: Laoer's infinite buying method in Telegram."

# Each command, in the order of --help, and where it stands: a function, or a Typer of its own.
COMMANDS = {
    "demo": "bot.cli_demo:demo",
    "dashboard": "bot.cli_dashboard:dashboard",
    "run": "bot.cli_run:run",
    "setup": "bot.cli_setup:setup",
    "pair": "bot.cli_pair:pair",
    "totp": "bot.cli_totp:totp_",
    "unlock": "bot.cli_totp:unlock",
    "doctor": "bot.cli_doctor:doctor",
    "status": "bot.cli_status:status",
    "plan": "bot.cli_plan:plan",
    "backtest": "bot.cli_backtest:backtest",
    "sweep": "bot.cli_sweep:sweep",
    "prices": "bot.cli_prices:prices",
    "simulator": "bot.cli_simulator:simulator",
    "export": "bot.cli_export:export",
    "backup": "bot.cli_backup:backup",
    "restore": "bot.cli_backup:restore_",
    "import": "bot.cli_move:import_",
    "cycle": "bot.cli_cycle:cycle",
    "service": "bot.cli_service:service",
    "update-check": "bot.cli_update:update_check",
    "version": "bot.cli:version",
}


def command_line(word: str = "", *, language: str = "ko") -> typer.Typer:
    """Make the command line with the command that `word` names; with all of them when none.

    All of them are listed in the owner's language: "ko" or "en". A command's own help is English.
    """
    app = typer.Typer(
        help=HELP_ENGLISH if language == "en" else HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    listed = {} if language == "en" or word in COMMANDS else KOREAN
    # With a callback the one command of a Typer is still called by its name.
    app.callback()(_nothing_before)
    for name in [word] if word in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, short_help=listed.get(name))
        else:
            app.command(name, short_help=listed.get(name))(found)
    return app


def version() -> None:
    """Print the version."""
    typer.echo(f"muhan {installed('muhan')}")


def _nothing_before() -> None:
    return


def __getattr__(name: str) -> typer.Typer:
    """Give `app`, the whole command line, to those who ask for it."""
    if name != "app":
        raise AttributeError(name)
    return command_line()
