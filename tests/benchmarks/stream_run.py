"""Reads a blasting server with our stream, in a process of its own like the peer's.

Prints a line of JSON: the seconds from the first trade to the last, the trades, the gaps.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime

from kis.environment import at
from kis.models import Credentials, Exchange, StreamGap, Trade
from kis.streams import Streams
from tests.benchmarks import taped

CREDENTIALS = Credentials(app_key="k" * 36, app_secret="s" * 180, account="81000000-01", hts_id="")


async def main() -> None:
    port, expected = int(sys.argv[1]), int(sys.argv[2])

    async def approval_key() -> str:
        return "approved"

    streams = Streams(
        at("http://127.0.0.1:1", f"ws://127.0.0.1:{port}"),
        CREDENTIALS,
        approval_key=approval_key,
        now=lambda: datetime.fromtimestamp(0, UTC),
        sleep=asyncio.sleep,
        clean=str,
    )
    symbols = [(f"S{number:03}", Exchange.NASDAQ) for number in range(taped.SYMBOLS)]
    count = gaps = 0
    began = 0.0
    async with streams.open(symbols=symbols) as stream:
        async for item in stream:
            if isinstance(item, Trade):
                if not count:
                    began = time.perf_counter()
                count += 1
                if count == expected:
                    break
            elif isinstance(item, StreamGap):
                gaps += 1
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "count": count, "gaps": gaps}))


if __name__ == "__main__":
    asyncio.run(main())
