"""`muhan export`: trades, finished cycles and taxed sales as a file; the bot may run or not."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_options as options
from bot.amounts import counted
from bot.cli_move import export_everything
from bot.clock import SEOUL
from bot.console import Room, carried_out, room
from bot.console_words import Words
from bot.reports.export import Form, What, name_of, tables
from bot.reports.files import to_csv, to_xlsx
from bot.reports.sheets import Sheet
from bot.settings import Settings
from bot.tax import Gain
from bot.tax_books import NoRate, tax_books

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")


def export(
    *,
    what: Annotated[
        What | None, typer.Option("--what", help="Which table; all of them as XLSX.")
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="CSV or a workbook.", show_default="csv; xlsx for all"),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", min=2000, max=2100, help="One year.", show_default="every year"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write it.", show_default="muhan-<what>.<format>"),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything", help="The whole bot, encrypted, to move it to another machine."
        ),
    ] = False,
    keys: Annotated[
        bool, typer.Option("--with-keys", help="With --everything: the keys of .env too.")
    ] = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Write what the bot knows as a file: tables for a spreadsheet, or all of it to move."""
    if everything:
        if what is not None or form is not None or year is not None:
            raise typer.BadParameter("--everything takes --with-keys, --out and --env alone")
        export_everything(env, out, keys=keys)
        return
    if what is None or keys:
        raise typer.BadParameter("say which table with --what, or --everything")
    _export_tables(what, form, year, out, env)


def _export_tables(
    what: What, form: Form | None, year: int | None, out: Path | None, env: Path
) -> None:
    chosen = form or (Form.XLSX if what is What.ALL else Form.CSV)
    if what is What.ALL and chosen is Form.CSV:
        raise typer.BadParameter("a CSV holds one table: choose xlsx for all of them")
    path = out or Path(name_of(what, chosen, year))

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings) as inside:
            gains = await _gains(inside) if what.taxes else ()
            made = await tables(inside.views, what, year, words.language, gains)
            now = inside.desk.clock.now().astimezone(SEOUL)
        _write(path, made, chosen, now, words)
        rows = sum(len(sheet.rows) for sheet in made)
        typer.echo(
            words.say(f"{path}: {rows}줄을 적었습니다", f"{path}: {counted(rows, 'row')} written")
        )

    carried_out(env, work)


async def _gains(inside: Room) -> Sequence[Gain]:
    """Read the taxed sales; none before the first rate is known."""
    desk = inside.desk
    today = desk.clock.now().astimezone(SEOUL).date()
    try:
        return (await tax_books(inside.views, desk.calendar, today)).gains
    except NoRate:
        return ()


def _write(path: Path, made: Sequence[Sheet], form: Form, now: datetime, words: Words) -> None:
    """Write the file for its owner alone; one that is there already is not touched."""
    content = to_xlsx(made, now) if form is Form.XLSX else to_csv(made[0])
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(content)
    except FileExistsError:
        options.refuse(
            words.say(
                f"{path} 파일이 이미 있습니다: --out으로 다른 이름을 적어 주세요.",
                f"{path} is there already: name another file with --out.",
            )
        )
    except OSError as error:
        options.refuse(
            words.say(
                f"{path} 파일을 쓸 수 없습니다 ({error.strerror}): 자리와 권한을 확인해 주세요.",
                f"{path} cannot be written ({error.strerror}): look at the disk and at its "
                "permissions.",
            )
        )
