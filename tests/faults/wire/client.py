"""`python -m tests.faults.wire.client URL FOLDER`: order and ask once, and say what came.

In a process of its own, so that it can trust an authority of the test's (SSL_CERT_FILE).
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from kis.auth import Token
from kis.client import Kis
from kis.environment import at
from kis.errors import OrderError, ReadError
from tests.kis.counter import CREDENTIALS, LOC_BUY

NOW = datetime(2026, 10, 7, tzinfo=UTC)
ENDS = datetime(2099, 1, 1, tzinfo=UTC)


async def told(url: str, folder: Path) -> list[str]:
    async with Kis(
        at(url, "ws://-", calls_per_second=1000),
        CREDENTIALS,
        now=lambda: NOW,
        sleep=asyncio.sleep,
        token_file=folder / "token.json",
    ) as kis:
        kis._tokens._token = Token(value="a token", expires_at=ENDS)
        try:
            order = (await kis.orders.place(LOC_BUY)).order_number
        except OrderError as error:
            order = f"{type(error).__name__}: {error}"
        try:
            await kis.check_keys()
            read = "read"
        except ReadError as error:
            read = f"{type(error).__name__}: {error}"
    return [order, read]


if __name__ == "__main__":
    address, place = sys.argv[1:]
    print(json.dumps(asyncio.run(told(address, Path(place)))))
