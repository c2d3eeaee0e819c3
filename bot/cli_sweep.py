"""`muhan sweep`: many runs over parameters and start dates, with sums, files and pictures."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import cli_bars
from bot import cli_options as options
from bot import sweep_answers as answers
from bot.cli_axes import Axes, with_axes
from bot.cli_options import refuse, refuse_error, refuse_unwritten
from bot.errors import MuhanError
from bot.figures import one_line
from bot.laboratory import bars as files
from bot.laboratory.engines import REFERENCE, Wanted, chosen
from bot.laboratory.sweeps import kept, table
from bot.laboratory.sweeps.cluster import on_cluster
from bot.laboratory.sweeps.crews import Crew, alone, side_by_side
from bot.laboratory.sweeps.errors import SweepRefused
from bot.laboratory.sweeps.question import Prices, Question
from bot.laboratory.sweeps.sweeping import HORIZON, Swept, swept
from bot.laboratory.words import Language
from bot.settings import home
from strategy import sweep as grid
from strategy.errors import StrategyError
from strategy.sweep import LeftOut

Env = Annotated[Path, typer.Option("--env", help="File with the settings (MUHAN_HOME alone).")]
DEFAULT_ENV = Path(".env")
STOPPED = 130  # what a shell calls a program that Ctrl-C ended
PRINCIPAL = Decimal(20000)
FOLDER = "laboratory"
"""Under MUHAN_HOME: where a sweep without --out keeps what it has done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Which bars are traded, and at which height."""

    start: options.Day
    end: options.Day
    scale: Decimal
    allow_penny: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """Where the runs go besides the terminal."""

    out: Path | None
    chart: Path | None


@with_axes
def sweep(
    *,
    axes: Axes,
    prices: Annotated[
        Path | None,
        typer.Option(
            help="CSV file of daily bars; for several tickers a folder of TICKER.csv.",
            show_default="those that muhan prices stored",
        ),
    ] = None,
    principal: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
    ] = PRINCIPAL,
    start_every: Annotated[int, typer.Option(min=1, help="Sessions between two starts.")] = 1,
    horizon: Annotated[
        str, typer.Option(metavar="LIST", help="Sessions that each start runs, or end.")
    ] = "252",
    start: options.Day = None,
    end: options.Day = None,
    scale: options.Number = None,
    allow_penny: Annotated[bool, typer.Option("--allow-penny", help="Take prices < $1.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes.", show_default="one a core")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Play on a dask cluster.")
    ] = None,
    engine: Annotated[
        Wanted, typer.Option(help="Both give the same numbers; the kernel needs the extra sweep.")
    ] = Wanted.AUTO,
    out: Annotated[
        Path | None, typer.Option(help="Write one row a run: FILE.csv or FILE.parquet.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(help="Draw heat maps and the fan of start dates as a PNG.")
    ] = None,
    env: Env = DEFAULT_ENV,
    as_json: options.Json = False,
) -> None:
    """Run the method over many parameters and start dates."""
    if workers is not None and scheduler is not None:
        raise typer.BadParameter("give --workers or --scheduler", param_hint="--scheduler")
    horizons = _horizons(horizon)
    seen = Window(start=start, end=end, scale=scale or Decimal(1), allow_penny=allow_penny)
    language = cli_bars.spoken()
    try:
        if out is not None:
            table.check(out)
        question, left_out = _question(axes, principal, start_every, horizons, (prices, seen, env))
        path = _part(out, question, env)
        name, why = chosen(engine, question.agreements)
        if why:
            typer.echo(f"The reference engine plays: {why.english}.", err=True)
        crew = _crew(name, workers, scheduler)
        answer = _swept(question, (name, crew), path, Outputs(out=out, chart=chart))
    except (StrategyError, files.FileRefused) as error:
        refuse(f"No sweep: {error}.")
    except MuhanError as error:
        refuse_error(error)
    except OSError as error:
        refuse_unwritten(error)
    _say_left_out(left_out)
    if as_json:
        typer.echo(one_line(answers.sweep_document(answer, left_out)))
    else:
        answers.print_sweep(answer, language, Console())


def _question(
    axes: Axes,
    principal: Decimal,
    every: int,
    horizons: tuple[int | None, ...],
    source: tuple[Path | None, Window, Path],
) -> tuple[Question, tuple[LeftOut, ...]]:
    """Lay out the runs. Raises StrategyError, FileRefused or MuhanError with one sentence."""
    made, left_out = grid.agreements(axes)
    varied = [name for name, values in axes.items() if len(values) > 1]
    question = Question(
        agreements=made,
        principal=principal,
        prices={
            symbol: _prices(symbol, len(axes["symbol"]) > 1, *source)
            for symbol in dict.fromkeys(rules.symbol for rules in made)
        },
        every=every,
        horizons=horizons,
        varied=(*varied, *([HORIZON] if len(horizons) > 1 else [])),
    )
    question.check()
    return question, left_out


def _prices(symbol: str, several: bool, source: Path | None, seen: Window, env: Path) -> Prices:
    if source is not None and source.is_dir():
        source /= f"{symbol}.csv"
    elif source is not None and several:
        raise SweepRefused(
            "종목이 여럿이면 --prices에 종목 이름의 CSV 파일들(TQQQ.csv, SOXL.csv)이 든 폴더를 "
            "주세요.",
            "For several tickers, --prices takes a folder with a CSV file by each one's name "
            "(TQQQ.csv, SOXL.csv).",
        )
    content, name = cli_bars.content(source, symbol, env)
    bars = files.parse_bars(
        content, name, scale=seen.scale, allow_penny=seen.allow_penny, start=seen.start
    )
    history, traded = cli_bars.window(bars, seen.start, seen.end)
    return Prices(bars=(*history, *traded), first=len(history) or 1, sha256=files.digest(content))


def _part(out: Path | None, question: Question, env: Path) -> Path:
    """Name the file that keeps what is done: beside the results, else under MUHAN_HOME."""
    if out is not None:
        return out.with_name(f"{out.name}.part")
    name = question.identity()["sweep"][:32]
    return home(env, os.environ) / FOLDER / f"sweep-{name}.part"


def _crew(engine: str, workers: int | None, scheduler: str | None) -> Crew:
    if scheduler is not None:
        return on_cluster(scheduler)
    count = workers or os.cpu_count() or 1
    return alone if count == 1 and engine == REFERENCE else side_by_side(count)


def _swept(question: Question, crew: tuple[str, Crew], part: Path, outputs: Outputs) -> Swept:
    """Play the runs and write them; Ctrl-C keeps what is done and says how to go on."""
    with kept.opened(part, question.identity()) as known:
        try:
            with _ended_in_order(), _progress(len(question.runs), len(known.known)) as progress:
                (task,) = progress.task_ids

                def on_runs(count: int) -> None:
                    progress.update(task, advance=count, description="sweep")

                answer = swept(question, *crew, known, on_runs)
        except KeyboardInterrupt:
            _say_stopped(len(known.known), len(question.runs), part)
        if outputs.out is not None:
            table.write(answer, outputs.out)
        if outputs.chart is not None:
            _draw(answer, outputs.chart)
        known.remove()
    return answer


def _draw(answer: Swept, path: Path) -> None:
    # matplotlib takes a second to import.
    from bot.laboratory import fonts  # noqa: PLC0415
    from bot.laboratory.sweeps import chart  # noqa: PLC0415

    drawn = fonts.language_of_pictures(cli_bars.spoken())
    if drawn is not cli_bars.spoken():
        typer.echo(
            "No Korean font was found: the picture is in English (install fonts-nanum).", err=True
        )
    chart.draw(answer, path, drawn)


@contextmanager
def _progress(total: int, done: int) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        # The kernel's first run after an installation compiles it, which takes a minute or two.
        progress.add_task("sweep: getting ready", total=total, completed=done)
        yield progress


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM end a sweep as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say_stopped(done: int, total: int, part: Path) -> NoReturn:
    said = (
        f"Stopped: {done} of {total} runs are done and kept in {part}. The same command goes on "
        "from there."
        if cli_bars.spoken() is Language.EN
        else f"멈췄습니다: {total}번 가운데 {done}번을 끝내 {part}에 남겼습니다. 같은 명령을 다시 "
        "실행하면 거기서 이어 갑니다."
    )
    typer.echo(said, err=True)
    raise typer.Exit(STOPPED)


def _say_left_out(left_out: tuple[LeftOut, ...]) -> None:
    for why in dict.fromkeys(each.why for each in left_out):
        count = sum(each.why == why for each in left_out)
        typer.echo(f"Left out ({count}): {why}.", err=True)


def _horizons(text: str) -> tuple[int | None, ...]:
    """Read horizons in sessions; the word end is the last bar."""
    found: dict[int | None, None] = {}
    for part in text.split(","):
        if part.strip() == "end":
            found[None] = None
            continue
        try:
            values = grid.numbers(part)
        except StrategyError as error:
            raise typer.BadParameter(str(error), param_hint="--horizon") from None
        for value in values:
            if value < 1 or value != value.to_integral_value():
                raise typer.BadParameter(
                    f"{value} is no number of sessions", param_hint="--horizon"
                )
            found[int(value)] = None
    return tuple(found)
