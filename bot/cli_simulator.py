"""`muhan simulator`: KIS on this machine."""

import asyncio
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_options as options
from bot.cli_options import refuse, refuse_error
from bot.demo.world import World, WorldRefused, files_of, from_files, seeded
from kis.simulator.arguments import read_listings, read_split
from kis.simulator.config import (
    APP_KEY,
    APP_SECRET,
    KNOWN_EXCHANGES,
    Pace,
    PaceKind,
    SimulatorConfig,
)
from kis.simulator.entry import serve
from kis.simulator.model import Split
from kis.simulator.scenarios import WORDS, Scenario


def simulator(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8443,
    prices: Annotated[
        Path | None, typer.Option(help="A CSV file of daily bars, or a folder of them.")
    ] = None,
    symbol: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TICKER[:EXCHANGE]",
            help="Ticker of the file, or tickers of the made-up market (AAAA, BBBB:AMEX).",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the made-up market.")] = 7,
    market: Annotated[
        Scenario, typer.Option(help=f"The made-up market. {WORDS}.")
    ] = Scenario.ORDINARY,
    split: Annotated[
        list[str] | None,
        typer.Option(metavar="SYMBOL:DAY:NEW:OLD", help="A split, as TQQQ:2027-01-15:2:1."),
    ] = None,
    ticks_per_second: Annotated[
        float, typer.Option(min=0, help="Made-up ticks by real time, to load a reader with.")
    ] = 0.0,
    account: Annotated[str, typer.Option(help="Account, 12345678-01.")] = "81000000-01",
    app_key: Annotated[str, typer.Option(help="App key to accept.")] = APP_KEY,
    app_secret: Annotated[str, typer.Option(help="App secret to accept.")] = APP_SECRET,
    hts_id: Annotated[str, typer.Option(help="Login id for fill notices.")] = "SIMUSER1",
    cash: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Cash at first.")
    ] = Decimal(20000),
    fee_percent: options.FeePercent = None,
    state: Annotated[Path | None, typer.Option(help="File that survives a kill.")] = None,
    speed: Annotated[
        float | None, typer.Option(help="Market seconds that pass in one real second.")
    ] = None,
    seconds_per_day: Annotated[
        float | None,
        typer.Option(help="Jump from event to event, a day in so many seconds; 0 is at once."),
    ] = None,
    calls_per_second: Annotated[int, typer.Option(help="Calls a second by real time.")] = 20,
    start: Annotated[
        date | None,
        typer.Option(
            parser=options.parse_day, metavar="YYYY-MM-DD", help="First day of a made-up market."
        ),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(parser=datetime.fromisoformat, metavar="ISO", help="Market time at first."),
    ] = None,
) -> None:
    """Serve KIS's REST and websocket on loopback, with a closing auction and a state file."""
    try:
        listings = read_listings(symbol or ())
        splits = tuple(read_split(word) for word in split or ())
        world = (
            _of_files(prices, list(listings), market)
            if prices
            else _made_up(list(listings), seed, start, market, splits)
        )
        config = SimulatorConfig(
            port=port,
            seed=seed,
            account=account,
            app_key=app_key,
            app_secret=app_secret,
            hts_id=hts_id,
            cash=cash,
            fee_percent=fee_percent or Decimal(0),
            state=state,
            at=at,
            pace=_pace(speed, seconds_per_day),
            calls_per_second=calls_per_second,
            symbols={
                name: listings.get(name) or KNOWN_EXCHANGES.get(name, "NASD") for name in world.bars
            },
            market=market,
            splits=splits,
            ticks_per_second=ticks_per_second,
        )
        asyncio.run(
            serve(
                config,
                sessions=world.market_sessions(),
                bars=world.bars,
                on_ready=lambda told: typer.echo(json.dumps(told)),
            )
        )
    except WorldRefused as error:
        refuse_error(error)
    except ValueError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"포트 {port}을(를) 열 수 없습니다 ({error.strerror}): 다른 --port를 골라 주세요.")


def _made_up(
    symbols: list[str],
    seed: int,
    start: date | None,
    market: Scenario,
    splits: tuple[Split, ...],
) -> World:
    worlds = [
        seeded(seed, symbol, start=start, scenario=market, splits=splits)
        for symbol in symbols or KNOWN_EXCHANGES
    ]
    bars = {symbol: rows for world in worlds for symbol, rows in world.bars.items()}
    return World(sessions=worlds[0].sessions, bars=bars)


def _of_files(prices: Path, symbols: list[str], market: Scenario) -> World:
    if market is not Scenario.ORDINARY:
        raise ValueError("--market은 지어낸 시세에만 씁니다: --prices와 함께 쓰지 마세요.")
    files = files_of(prices, symbols[0] if symbols else None)
    if not files:
        raise WorldRefused(
            f"{prices} 폴더에 CSV 파일이 없습니다.", f"There is no CSV file in {prices}."
        )
    return from_files(files)


def _pace(speed: float | None, seconds_per_day: float | None) -> Pace:
    if seconds_per_day is not None:
        return Pace(kind=PaceKind.JUMP, seconds_per_day=seconds_per_day)
    if speed is not None:
        return Pace(kind=PaceKind.FLOW, speed=speed)
    return Pace()
