"""`muhan backtest`: the method over daily bars, with figures, tables and pictures."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot import backtest_answers as answers
from bot import cli_bars
from bot import cli_options as options
from bot.cli_options import refuse, refuse_error, refuse_unwritten
from bot.cli_rules import with_rules
from bot.errors import MuhanError
from bot.figures import one_line
from bot.laboratory import action_files, sheets
from bot.laboratory import bars as files
from bot.laboratory.engines import Wanted
from bot.laboratory.question import Drawing, Question, Starting
from bot.laboratory.study import Study, study
from bot.laboratory.words import Language
from strategy.corporate_actions import CorporateAction
from strategy.errors import StrategyError
from strategy.model import Rules

Env = Annotated[Path, typer.Option("--env", help="File with the settings (MUHAN_HOME alone).")]
DEFAULT_ENV = Path(".env")
STEPS_WORTH_A_BAR = 500
A_YEAR = 252


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """Where the answer goes besides the terminal."""

    days: Path | None
    chart: Path | None
    html: Path | None


@with_rules()
def backtest(
    *,
    rules: Rules,
    principal: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
    ],
    prices: Annotated[
        Path | None,
        typer.Option(help="CSV file of daily bars.", show_default="those that muhan prices stored"),
    ] = None,
    start: options.Day = None,
    end: options.Day = None,
    scale: options.Number = None,
    allow_penny: Annotated[bool, typer.Option("--allow-penny", help="Take prices < $1.")] = False,
    share_splits: Annotated[
        Path | None,
        typer.Option(help="CSV file of share splits (ex_date,ratio), for prices not adjusted."),
    ] = None,
    dividends: Annotated[
        Path | None, typer.Option(help="CSV file of dividends (ex_date,cash_per_share).")
    ] = None,
    cycles: Annotated[
        int, typer.Option(min=1, max=100, help="Cycles that share the principal equally.")
    ] = 1,
    stagger: Annotated[
        int | None,
        typer.Option(min=0, help="Sessions between their starts.", show_default="splits / cycles"),
    ] = None,
    dca_sessions: Annotated[
        int | None,
        typer.Option(
            min=1, help="Sessions that plain averaging takes.", show_default="all of the run"
        ),
    ] = None,
    bootstrap: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="Futures to draw for the odds of exhaustion."),
    ] = None,
    bootstrap_horizon: Annotated[int, typer.Option(min=1, help="Sessions of a future.")] = A_YEAR,
    bootstrap_block: Annotated[int, typer.Option(min=1, help="Sessions of a block.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the drawing.")] = 7,
    starts_every: Annotated[
        int | None, typer.Option(min=1, help="Start anew every so many sessions.")
    ] = None,
    horizon: Annotated[int, typer.Option(min=1, help="Sessions that each start runs.")] = A_YEAR,
    engine: Annotated[
        Wanted,
        typer.Option(help="Who plays --bootstrap and --starts-every: both give the same numbers."),
    ] = Wanted.AUTO,
    days: Annotated[Path | None, typer.Option(help="Write one CSV row a session.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw the run as a PNG picture.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one HTML file with pictures.")] = None,
    env: Env = DEFAULT_ENV,
    as_json: options.Json = False,
) -> None:
    """Run the method over daily bars."""
    language = cli_bars.spoken()
    try:
        content, name = cli_bars.content(prices, rules.symbol, env)
        factor = Decimal(1) if scale is None else scale
        bars = files.parse_bars(content, name, scale=factor, allow_penny=allow_penny, start=start)
        history, traded = cli_bars.window(bars, start, end)
        question = Question(
            rules=rules,
            principal=principal,
            bars=traded,
            history=history,
            actions=_actions(share_splits, dividends, factor),
            cycles=cycles,
            stagger=max(rules.splits // cycles, 1) if stagger is None else stagger,
            dca_sessions=dca_sessions,
            drawing=_drawing(bootstrap, bootstrap_horizon, bootstrap_block, seed),
            starting=None
            if starts_every is None
            else Starting(every=starts_every, horizon=horizon),
            scale=factor,
            data_sha256=files.digest(content),
            engine=engine,
        )
        answer = _studied(question)
        _write(answer, Outputs(days=days, chart=chart, html=html), language)
    except (StrategyError, files.FileRefused) as error:
        refuse(f"No backtest: {error}.")
    except MuhanError as error:
        refuse_error(error)
    except OSError as error:
        refuse_unwritten(error)
    for warning in _warnings(answer):
        typer.echo(warning, err=True)
    if as_json:
        typer.echo(one_line(answers.backtest_document(answer)))
    else:
        answers.print_backtest(answer, language, Console())


def _drawing(runs: int | None, horizon: int, block: int, seed: int) -> Drawing | None:
    return None if runs is None else Drawing(runs=runs, horizon=horizon, block=block, seed=seed)


def _actions(
    share_splits: Path | None, dividends: Path | None, scale: Decimal
) -> Sequence[CorporateAction]:
    splits = [] if share_splits is None else action_files.read_splits(share_splits)
    if dividends is None:
        return splits
    return [*splits, *action_files.read_dividends(dividends, scale=scale, splits=splits)]


def _studied(question: Question) -> Study:
    """Run it, with bars on stderr for the parts that take long."""
    with ExitStack() as stack:
        shown: list[Progress] = []

        def track(name: str, steps: int) -> Callable[[], None]:
            if steps < STEPS_WORTH_A_BAR and name == "backtest":
                return lambda: None
            if not shown:
                shown.append(stack.enter_context(Progress(console=Console(stderr=True))))
            (progress,) = shown
            task = progress.add_task(name, total=steps)
            return lambda: progress.advance(task)

        return study(question, track)


def _write(answer: Study, outputs: Outputs, language: Language) -> None:
    if outputs.days is not None:
        answers.write_days(answer, outputs.days)
    if outputs.chart is None and outputs.html is None:
        return
    # matplotlib takes a second to import.
    from bot.laboratory import chart, fonts, page  # noqa: PLC0415

    drawn = fonts.language_of_pictures(language)
    if drawn is not language:
        typer.echo(
            "No Korean font was found: the pictures are in English (install fonts-nanum).", err=True
        )
    if outputs.chart is not None:
        chart.draw(answer, outputs.chart, drawn)
    if outputs.html is not None:
        pictures = chart.pictures(answer, drawn)
        outputs.html.write_text(page.page(answer, language, pictures), encoding="utf-8")


def _warnings(answer: Study) -> Iterator[str]:
    """Say what is odd about the prices, and why the quicker engine does not play."""
    if answer.playing.why is not None:
        yield f"The reference engine plays: {answer.playing.why.english}."
    if answer.missing:
        named = sheets.named(answer.missing)
        yield f"Sessions without a bar were skipped, and nothing put in their place: {named}."
    if answer.jumps:
        yield (
            f"Prices jump as in a share split: {sheets.named(answer.jumps)}. If the file is not "
            "adjusted, give its splits with --share-splits."
        )
