"""`muhan prices`: daily bars from KIS into the store that backtests and charts read."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot import cli_options as options
from bot import price_answers as answers
from bot.cli_options import refuse
from bot.console import carried_out, venue_clock
from bot.console_words import Words
from bot.counter import daily_prices
from bot.errors import AnotherInstance
from bot.figures import one_line
from bot.instance import only_instance
from bot.laboratory import price_file
from bot.laboratory.price_source import OnPage
from bot.laboratory.price_store import PriceStore
from bot.laboratory.price_update import Update, Wanted, update
from bot.sessions import Calendar, load_calendar
from bot.settings import Settings

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")
LONG_WAIT = 10


def prices(
    symbol: Annotated[
        str, typer.Argument(parser=options.parse_symbol, metavar="TICKER", help="Ticker.")
    ],
    *,
    start: Annotated[
        date | None,
        typer.Option(
            parser=options.parse_day,
            metavar="YYYY-MM-DD",
            help="No bar before this session.",
            show_default="the earliest KIS has",
        ),
    ] = None,
    end: Annotated[
        date | None,
        typer.Option(
            parser=options.parse_day,
            metavar="YYYY-MM-DD",
            help="No bar after this session.",
            show_default="the last that is over",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write a CSV copy of these days.")] = None,
    env: Env = DEFAULT_ENV,
    as_json: options.Json = False,
) -> None:
    """Fill the store of daily bars from KIS, or bring it up to date."""
    if start is not None and end is not None and start > end:
        raise typer.BadParameter(f"--start {start} lies after --end {end}")
    wanted = Wanted(symbol=symbol, start=start, end=end)

    async def work(settings: Settings, words: Words) -> None:
        store = PriceStore(settings.muhan_home)
        try:
            done = await _updated(settings, store, wanted, words)
            if out is not None:
                out.write_bytes(_copy(done, wanted))
        except OSError as error:
            refuse(_unwritten(words, error))
        if as_json:
            typer.echo(one_line(answers.document(done, store.path(symbol))))
        else:
            answers.show(done, store.path(symbol), words, Console())
        for sentence in answers.warnings(done, words):
            typer.echo(sentence, err=True)
        if done.stored.card.reason:
            raise typer.Exit(options.REFUSED)

    carried_out(env, work)


async def _updated(settings: Settings, store: PriceStore, wanted: Wanted, words: Words) -> Update:
    calendar = load_calendar(settings.muhan_home)
    clock = await venue_clock(settings, needed=True)
    store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def wait(seconds: float) -> None:
        await _waited(seconds, words)

    with _alone(store.folder):
        async with daily_prices(settings, wanted.symbol, now=clock.now, sleep=wait) as source:
            with _progress(wanted, calendar) as on_page:
                return await update(
                    store, source, wanted, calendar=calendar, now=clock.now(), on_page=on_page
                )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        with only_instance(folder):
            yield
    except AnotherInstance as error:
        raise AnotherInstance(
            "다른 muhan prices가 시세를 받는 중입니다: 끝난 뒤 다시 실행해 주세요.",
            "Another muhan prices is fetching: run this again once it is done.",
        ) from error


async def _waited(seconds: float, words: Words) -> None:
    """Wait for KIS's sake, and say so when it is long (a token comes once a minute)."""
    if seconds >= LONG_WAIT:
        typer.echo(
            words.say(
                f"한투가 기다리라고 해서 {seconds:.0f}초 쉽니다",
                f"waiting {seconds:.0f} seconds, as KIS asks",
            ),
            err=True,
        )
    await asyncio.sleep(seconds)


@contextmanager
def _progress(wanted: Wanted, calendar: Calendar) -> Iterator[OnPage]:
    """Show on stderr how many sessions have come, and how far back the pages are."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    total = None
    if wanted.start is not None and wanted.end is not None:
        total = len(calendar.between(wanted.start, wanted.end))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(wanted.symbol, total=total)

        def on_page(count: int, oldest: date) -> None:
            progress.update(task, completed=count, description=f"{wanted.symbol} {oldest}")

        yield on_page
        progress.update(task, total=progress.tasks[0].completed)


def _copy(done: Update, wanted: Wanted) -> bytes:
    stored = done.stored
    return price_file.written(stored.bars, stored.card.splits, start=wanted.start, end=wanted.end)


def _unwritten(words: Words, error: OSError) -> str:
    return words.say(
        f"{error.filename} 파일을 쓸 수 없습니다 ({error.strerror}): 자리와 권한을 확인해 주세요.",
        f"{error.filename} cannot be written ({error.strerror}): look at the disk and at its "
        "permissions.",
    )
