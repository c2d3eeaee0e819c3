"""`python -m kis.simulator`: week days as sessions and a seeded market."""

import argparse
import asyncio
import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

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
from kis.simulator.model import NEW_YORK, Session
from kis.simulator.scenarios import WORDS, Scenario

DEFAULT_START = datetime(2026, 10, 7, 3, 0, tzinfo=NEW_YORK)
DAYS_BEFORE = 365
DAYS_AFTER = 730


def weekday_sessions(start: date, end: date) -> list[Session]:
    """Give a session of 9:30 to 16:00, New York, for every week day from start to end."""
    days = [start + timedelta(days=index) for index in range((end - start).days + 1)]
    return [
        Session(
            day,
            datetime.combine(day, time(9, 30), NEW_YORK),
            datetime.combine(day, time(16), NEW_YORK),
        )
        for day in days
        if day.weekday() < 5
    ]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kis.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--account", default="81000000-01")
    parser.add_argument("--app-key", default=APP_KEY)
    parser.add_argument("--app-secret", default=APP_SECRET)
    parser.add_argument("--hts-id", default="SIMUSER1")
    parser.add_argument("--cash", type=Decimal, default=Decimal(20000))
    parser.add_argument("--fee-percent", type=Decimal, default=Decimal(0))
    parser.add_argument("--state", type=Path)
    parser.add_argument("--at", type=datetime.fromisoformat, default=DEFAULT_START)
    parser.add_argument("--calls-per-second", type=int, default=20)
    parser.add_argument("--mock-calls-per-second", type=int, default=2)
    parser.add_argument(
        "--market",
        type=Scenario,
        choices=list(Scenario),
        default=Scenario.ORDINARY,
        metavar="NAME",
        help=WORDS,
    )
    parser.add_argument(
        "--symbol", action="append", default=[], metavar="TICKER[:EXCHANGE]", help="several may be"
    )
    parser.add_argument("--split", action="append", default=[], metavar="SYMBOL:DAY:NEW:OLD")
    parser.add_argument("--ticks-per-second", type=float, default=0.0, help="made-up ticks")
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument("--speed", type=float, help="simulated seconds per wall second")
    pace.add_argument("--seconds-per-day", type=float, help="jump from stop to stop")
    return parser


def _pace(arguments: argparse.Namespace) -> Pace:
    if arguments.speed is not None:
        return Pace(kind=PaceKind.FLOW, speed=arguments.speed)
    if arguments.seconds_per_day is not None:
        return Pace(kind=PaceKind.JUMP, seconds_per_day=arguments.seconds_per_day)
    return Pace()


def main() -> int:
    """Run the simulator; answers 0 when ended, 3 with a sentence when refused."""
    arguments = _arguments().parse_args()
    try:
        config = SimulatorConfig(
            port=arguments.port,
            seed=arguments.seed,
            account=arguments.account,
            app_key=arguments.app_key,
            app_secret=arguments.app_secret,
            hts_id=arguments.hts_id,
            cash=arguments.cash,
            fee_percent=arguments.fee_percent,
            state=arguments.state,
            at=arguments.at,
            pace=_pace(arguments),
            calls_per_second=arguments.calls_per_second,
            mock_calls_per_second=arguments.mock_calls_per_second,
            symbols=read_listings(arguments.symbol) or dict(KNOWN_EXCHANGES),
            market=arguments.market,
            splits=tuple(read_split(word) for word in arguments.split),
            ticks_per_second=arguments.ticks_per_second,
        )
        day = arguments.at.date()
        sessions = weekday_sessions(
            day - timedelta(days=DAYS_BEFORE), day + timedelta(days=DAYS_AFTER)
        )
        asyncio.run(serve(config, sessions=sessions, bars=None, on_ready=_say))
    except (ValueError, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 3
    return 0


def _say(ready: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
