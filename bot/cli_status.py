"""`muhan status`: how the running bot stands, or what the state file knows when it is off."""

import asyncio
import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import cli_options as options
from bot import logs, settings
from bot.addresses import Venue
from bot.amounts import counted, money, turn
from bot.cli_options import REFUSED, refuse_error
from bot.clock import SEOUL, SystemClock
from bot.console_words import Both, Words
from bot.control.client import ControlClient
from bot.control.errors import BotDown
from bot.control.facts import facts
from bot.control.model import BotStatus, LatestRound, RunningCycle
from bot.errors import MuhanError
from bot.events import BotStarted
from bot.setting_values import one_of
from bot.storage import codec
from bot.storage.database import DATABASE_NAME
from bot.storage.journal import Journal
from bot.storage.read_only import opened_to_read
from bot.storage.views import Views

_TRADING: dict[str, Both] = {
    "running": ("가동 중", "trading"),
    "paused": ("매수 일시정지", "buys paused"),
    "paused_all": ("매수·매도 일시정지", "all paused"),
    "stopped": ("정지", "stopped"),
    "killed": ("비상정지", "emergency stop"),
}
_VENUES: dict[str, Both] = {
    "demo": ("데모", "demo"),
    "paper": ("리허설", "rehearsal"),
    "mock": ("한투 모의", "KIS mock"),
    "real": ("실전", "real money"),
}
_ROUNDS: dict[str, Both] = {
    "proposed": ("계획됨", "planned"),
    "approved": ("승인됨", "approved"),
    "submitting": ("보내는 중", "sending"),
    "working": ("접수됨", "accepted"),
    "settled": ("정산됨", "settled"),
    "skipped": ("건너뜀", "skipped"),
    "lapsed": ("주문하지 않음", "not ordered"),
    "missed": ("놓침", "missed"),
}


def status(
    *,
    env: Annotated[Path, typer.Option("--env", help="File with the settings.")] = Path(".env"),
    as_json: options.Json = False,
) -> None:
    """Ask the running bot how it stands; exit status 3 when none runs."""
    logs.configure("ERROR")
    try:
        told = settings.written(env, os.environ)
        home = settings.home(env, os.environ)
        venue = one_of(Venue, "MUHAN_VENUE", told.get("MUHAN_VENUE") or Venue.MOCK.value)
    except MuhanError as error:
        refuse_error(error)
    words = Words(told.get("MUHAN_LANGUAGE") or "ko")
    try:
        found = ControlClient(home).status()
    except BotDown as down:
        _without_the_bot(home, venue.value, words, down, as_json=as_json)
    except MuhanError as error:
        options.refuse(words.error(error))
    typer.echo(codec.dumps(found) if as_json else _text(words, found))


def _without_the_bot(
    home: Path, venue: str, words: Words, down: BotDown, *, as_json: bool
) -> NoReturn:
    """Show what the state file knows, say that nobody answers, and end with status 3."""
    try:
        found = asyncio.run(_of_the_file(home / DATABASE_NAME, venue))
    except MuhanError as error:
        options.refuse(f"{words.error(down)} {words.error(error)}")
    typer.echo(codec.dumps(found) if as_json else _text(words, found))
    typer.echo(words.error(down), err=True)
    raise typer.Exit(REFUSED)


async def _of_the_file(path: Path, venue: str) -> BotStatus:
    async with opened_to_read(path) as database:
        started = await Journal(database).last(BotStarted)  # who ran last knew where it was
        return await facts(
            Views(database),
            running=False,
            version=version("muhan"),
            venue=started.venue if started and started.venue else venue,
            at=SystemClock().now(),
        )


def _text(words: Words, found: BotStatus) -> str:
    trading, venue = words.both(_TRADING[found.trading]), words.both(_VENUES[found.venue])
    lines = [f"{venue} · {trading} · {words.say('무한', 'Muhan')} {found.version}"]
    if not found.running:
        lines[0] = f"{words.say('꺼짐 (마지막 기록)', 'off (last record)')} · {lines[0]}"
    if doing := words.say(found.doing_ko, found.doing_en):
        lines.append(doing)
    lines += [_cycle(words, cycle) for cycle in found.cycles]
    if not found.cycles:
        lines.append(
            words.say(
                "도는 사이클이 없습니다: muhan cycle start 로 시작하세요.",
                "No cycle runs: begin one with muhan cycle start.",
            )
        )
    lines += [_round(words, each) for each in found.rounds]
    lines.append(
        words.say(
            f"미체결 {found.open_orders}건 · 미확인 {found.unresolved}건",
            f"{found.open_orders} open orders, {found.unresolved} unresolved",
        )
    )
    return "\n".join(lines)


def _cycle(words: Words, cycle: RunningCycle) -> str:
    held = words.say(" · ⚠️ 장부와 잔고가 다름", " · ⚠️ ledger and account differ")
    rests = words.say(" · 쉼", " · rests")
    return (
        f"{cycle.symbol} V{cycle.method} {cycle.splits} · T {turn(cycle.turn)} · "
        + words.say(
            f"{cycle.quantity}주 · 평단 {money(cycle.average)} · 잔금 {money(cycle.cash)}",
            f"{counted(cycle.quantity, 'share')} at {money(cycle.average)} · "
            f"cash {money(cycle.cash)}",
        )
        + (held if cycle.held else "")
        + (rests if cycle.rests else "")
    )


def _round(words: Words, latest: LatestRound) -> str:
    state = words.both(_ROUNDS[latest.state])
    line = words.say(
        f"{latest.session} {latest.symbol} 회차: {state} · 주문 {latest.orders}건",
        f"{latest.session} {latest.symbol}: {state}, {counted(latest.orders, 'order')}",
    )
    if latest.state != "proposed" or latest.deadline is None:
        return line
    until = f"{latest.deadline.astimezone(SEOUL):%m-%d %H:%M}"
    return line + words.say(f" · 승인 마감 {until}", f" · approve until {until} (Seoul)")
