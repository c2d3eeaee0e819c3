"""Run the chat server by itself: `python -m bot.chat --state chat.sqlite3 --port 8765`."""

import argparse
import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.chat.config import ChatConfig
from bot.chat.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; print one JSON line when ready."""
    parser = argparse.ArgumentParser(prog="bot.chat", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="SQLite file; made when missing")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default="1000001:local-chat-server", help="the bot's token")
    parser.add_argument("--owner-id", type=int, default=1001)
    parser.add_argument("--owner-name", default="주인")
    parser.add_argument("--title", default="무한매수 봇")
    parser.add_argument("--links", type=json.loads, default={}, help='JSON: {"clock": url}')
    parser.add_argument("--messages-per-second", type=float, default=None, help="429 above it")
    options = parser.parse_args(arguments)
    try:
        config = ChatConfig(**vars(options))
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the console is where this is read
        return 3
    return asyncio.run(_run(config))


async def _run(config: ChatConfig) -> int:
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await serve(config, now=_real_time, on_ready=_announce)
    except asyncio.CancelledError:
        return 0
    except OSError as error:
        print(_taken(config.port, error), file=sys.stderr)  # noqa: T201 - as above
        return 3
    return 0


def _taken(port: int, error: OSError) -> str:
    return f"포트 {port}을(를) 열 수 없습니다 ({error.strerror}): 다른 --port를 골라 주세요."


def _real_time() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this process's own clock


def _announce(ready: dict[str, Any]) -> None:
    print(json.dumps(ready, ensure_ascii=False), flush=True)  # noqa: T201 - the ready line


if __name__ == "__main__":
    sys.exit(main())
