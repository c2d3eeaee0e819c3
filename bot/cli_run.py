"""`muhan run` and `muhan cycle`: the daemon, and what it is told before and beside it."""

import asyncio
import json
import os
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import aiohttp
import typer
from rich.console import Console
from rich.table import Table

from bot import cli_options as options
from bot import logs
from bot.addresses import Venue
from bot.figures import exact
from bot.cli_options import refuse_error
from bot.cli_rules import with_rules
from bot.clock import SimulatorClock, SystemClock
from bot.commands import StartCycle
from bot.errors import MuhanError
from bot.settings import Settings, load
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import CycleView, Views
from bot.trading.begin import begin_cycle
from bot.trading.model import CONSOLE, Approval
from bot.trading.refusal import Refusal, Why
from strategy.model import Rules

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")


def run(*, env: Env = DEFAULT_ENV, as_json: options.Json = False) -> None:
    """Run the bot until it is told to stop."""
    # aiogram takes seconds to import, and only the daemon needs it.
    from bot import app  # noqa: PLC0415 - see above

    logs.configure()
    try:
        well = asyncio.run(app.run(load(env, os.environ), as_json=as_json))
    except MuhanError as error:
        refuse_error(error)
    if not well:
        raise typer.Exit(1)


cycle = typer.Typer(help="Cycles: begin one, list them.", no_args_is_help=True)


@cycle.command("start")
@with_rules(method="4.0")
def cycle_start(
    *,
    rules: Rules,
    principal: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
    ],
    approval: Annotated[
        Approval, typer.Option(help="auto: by itself; confirm: by a tap; alert: told only.")
    ] = Approval.CONFIRM,
    env: Env = DEFAULT_ENV,
) -> None:
    """Begin a cycle through the journal; the first round is the next session's."""
    try:
        settings = load(env, os.environ)
        cycle_id = asyncio.run(_start(settings, rules, principal, approval))
    except MuhanError as error:
        refuse_error(error)
    typer.echo(f"{rules.symbol} {cycle_id}번 사이클을 시작했습니다. 첫 주문은 다음 거래일입니다.")


@cycle.command("list")
def cycle_list(*, env: Env = DEFAULT_ENV, as_json: options.Json = False) -> None:
    """List the cycles of this MUHAN_HOME."""
    try:
        settings = load(env, os.environ)
        cycles = asyncio.run(_cycles(settings))
    except MuhanError as error:
        refuse_error(error)
    if as_json:
        typer.echo(json.dumps([_described(view) for view in cycles], ensure_ascii=False))
        return
    table = Table("번호", "종목", "방법", "분할", "T", "수량", "평단", "현금", "승인")
    for view in cycles:
        table.add_row(*(str(value) for value in _described(view).values()))
    Console().print(table)


async def _start(settings: Settings, rules: Rules, principal: Decimal, approval: Approval) -> int:
    command = StartCycle(rules=rules, principal=principal, approval=approval, by=CONSOLE)
    now = await _now(settings)
    async with (
        opened(settings.muhan_home / DATABASE_NAME) as database,
        Journal(database).recording(now) as recording,
    ):
        try:
            return await begin_cycle(recording, command)
        except Refusal as refusal:
            raise MuhanError(_SENTENCES[refusal.why].format(**refusal.figures)) from refusal


async def _cycles(settings: Settings) -> tuple[CycleView, ...]:
    async with opened(settings.muhan_home / DATABASE_NAME) as database:
        return await Views(database).cycles()


async def _now(settings: Settings) -> datetime:
    """Ask the venue's clock; a demo whose simulator is not up yet begins by the machine's."""
    if settings.muhan_venue is not Venue.DEMO:
        return SystemClock().now()
    clock = SimulatorClock(settings.kis_rest_url)
    try:
        await clock.read()
    except (aiohttp.ClientError, TimeoutError):
        return SystemClock().now()
    finally:
        await clock.close()
    return clock.now()


_SENTENCES = {
    Why.SYMBOL_RUNS: "{symbol} 사이클이 이미 돌고 있습니다: muhan cycle list로 확인해 주세요.",
    Why.PRINCIPAL_TOO_SMALL: "원금을 쓸 수 없습니다 ({detail}): 0보다 큰 금액을 적어 주세요.",
}


def _described(view: CycleView) -> dict[str, object]:
    cycle_ = view.cycle
    return {
        "cycle": view.cycle_id,
        "symbol": view.symbol,
        "method": cycle_.rules.method,
        "splits": cycle_.rules.splits,
        "turn": exact(cycle_.turn),
        "quantity": cycle_.quantity,
        "average": exact(cycle_.average),
        "cash": exact(cycle_.cash),
        "approval": view.approval.value,
    }
