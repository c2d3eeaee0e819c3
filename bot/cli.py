"""The command line: `muhan`, one file per family of commands."""

from importlib.metadata import version as installed

import typer

from bot.cli_backtest import backtest
from bot.cli_backup import backup, restore_
from bot.cli_cycle import cycle
from bot.cli_dashboard import dashboard
from bot.cli_demo import demo
from bot.cli_doctor import doctor
from bot.cli_export import export
from bot.cli_pair import pair
from bot.cli_plan import plan
from bot.cli_prices import prices
from bot.cli_run import run
from bot.cli_simulator import simulator
from bot.cli_totp import totp_, unlock

app = typer.Typer(
    help="무한: 라오어의 무한매수법을 텔레그램으로.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(dashboard)
app.command()(run)
app.command()(pair)
app.command("totp")(totp_)
app.command()(unlock)
app.command()(doctor)
app.command()(plan)
app.command()(backtest)
app.command()(prices)
app.command()(simulator)
app.command()(export)
app.command()(backup)
app.command("restore")(restore_)
app.add_typer(cycle, name="cycle")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"muhan {installed('muhan')}")
