"""`muhan demo`: everything with no account, with a page or without."""

import asyncio
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot import cli_options as options
from bot import logs
from bot.cli_dashboard import EXTRA, refuse_without
from bot.cli_options import refuse_error
from bot.cli_rules import with_rules
from bot.clock import NEW_YORK
from bot.demo import headless as run
from bot.demo.page import refuse_taken, serve
from bot.demo.stage import Script, Stage
from bot.demo.stopping import until_stopped
from bot.demo.world import World, WorldRefused, from_files, seeded
from bot.errors import MuhanError
from bot.sessions import Session
from bot.setting_values import Pictures
from bot.trading.model import Approval
from strategy.model import Rules

HEADLESS_CALLS = 1000
PAGE_CALLS = 200
# A market whose first cycle falls, sells a quarter in session 7 and graduates in session 8.
SHOWN_SEED = 7
STOPPED = 130  # what a shell calls a program that Ctrl-C ended


@with_rules(symbol="TQQQ", method="4.0", splits=40)
def demo(
    *,
    rules: Rules,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page.")] = 8765,
    seconds_per_day: Annotated[float, typer.Option(min=0, help="A market day lasts so long.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the made-up market.")] = SHOWN_SEED,
    prices: Annotated[Path | None, typer.Option(help="CSV file of daily bars to play.")] = None,
    principal: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
    ] = Decimal(20000),
    dashboard: Annotated[
        bool, typer.Option("--dashboard", help="The dashboard too; /panel in the chat opens it.")
    ] = False,
    headless: Annotated[bool, typer.Option("--headless", help="No page, at full speed.")] = False,
    days: Annotated[int, typer.Option(min=1, help="Sessions to play headless.")] = 60,
    auto: Annotated[bool, typer.Option("--auto", help="Rounds go out by themselves.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="The owner taps each round.")] = False,
    start: Annotated[
        date | None,
        typer.Option(parser=options.parse_day, metavar="YYYY-MM-DD", help="First session traded."),
    ] = None,
    end: Annotated[
        date | None,
        typer.Option(parser=options.parse_day, metavar="YYYY-MM-DD", help="Last session traded."),
    ] = None,
    state: Annotated[Path | None, typer.Option(help="Folder that the run continues in.")] = None,
    transcript: Annotated[Path | None, typer.Option(help="Write the chat as JSON lines.")] = None,
    as_json: options.Json = False,
) -> None:
    """Play simulator, chat server and bot together: a page to try it at, or N sessions headless."""
    if auto and confirm:
        raise typer.BadParameter("--auto and --confirm contradict each other")
    try:
        symbol = rules.symbol
        world = from_files({symbol: prices}) if prices else seeded(seed, symbol, start=start)
        sessions = _sessions(world, start, end)
    except WorldRefused as error:
        refuse_error(error)
    logs.configure()
    by_tap = confirm or not (auto or headless)
    script = Script(
        prices=prices.absolute() if prices else None,
        seed=seed,
        rules=rules,
        principal=principal,
        approval=Approval.CONFIRM if by_tap else Approval.AUTO,
        first_day=datetime.combine(sessions[0].day, time(0, 0), NEW_YORK),
        seconds_per_day=0 if headless else seconds_per_day,
        calls_per_second=HEADLESS_CALLS if headless else PAGE_CALLS,
        chat_port=0 if headless else port,
        pictures=Pictures.OFF if headless else Pictures.ON,
    )
    with _home(state) as home:
        stage = Stage(home, script)
        try:
            if headless:
                playing = run.Playing(
                    world=world,
                    sessions=sessions[:days],
                    symbol=symbol,
                    approval=script.approval,
                )
                _play(stage, playing, transcript, as_json=as_json)
            else:
                refuse_taken(port)
                if dashboard:
                    refuse_without(EXTRA)
                opened = serve(stage, world, dashboard=dashboard, on_ready=_tell_address)
                asyncio.run(until_stopped(opened))
        except MuhanError as error:
            refuse_error(error)


def _sessions(world: World, start: date | None, end: date | None) -> tuple[Session, ...]:
    sessions = world.between(start, end)
    if not sessions:
        raise WorldRefused(
            "그 기간에는 거래일이 없습니다: --start와 --end를 시세 안의 날짜로 정해 주세요.",
            "No session lies between those dates: choose --start and --end inside the prices.",
        )
    return sessions


def _play(stage: Stage, playing: run.Playing, transcript: Path | None, *, as_json: bool) -> None:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("거래일", total=len(playing.sessions))
        document = asyncio.run(
            until_stopped(
                run.play(
                    stage,
                    playing,
                    transcript=transcript,
                    tell=lambda done: progress.update(task, completed=done),
                )
            )
        )
    if document is None:
        raise typer.Exit(STOPPED)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print(document)


def _print(document: dict[str, Any]) -> None:
    for name, value in document.items():
        typer.echo(f"{name:16} {value}")


def _tell_address(address: str, dashboard: str) -> None:
    panel = f"대시보드: {dashboard} (채팅에서 /panel 을 보내면 로그인 링크가 옵니다)\n"
    typer.echo(
        f"\n무한 데모가 열렸습니다: {address}\n{panel if dashboard else ''}"
        "끝내려면 Ctrl-C를 누르세요.\n"
    )


@contextmanager
def _home(state: Path | None) -> Iterator[Path]:
    """Use the folder given, or one that is gone afterwards."""
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
        yield state.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="muhan-demo-", dir=_memory()) as folder:
        yield Path(folder)


def _memory() -> Path | None:
    """Name Linux's folder in memory, where there is one: this state is thrown away anyway."""
    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made inside
    return memory if os.access(memory, os.W_OK) else None
