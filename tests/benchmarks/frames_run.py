"""Reads the frames of a file with our parser, in a process of its own like the peer's.

Prints a line of JSON: the seconds of handing every event to a subscriber that keeps the last one,
and the digest of the events that came out in a second pass.
"""

import json
import sys
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from kis.frames import FrameReader
from kis.models import Trade
from tests.benchmarks.taped import digest


def main() -> None:
    texts: list[str] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    reader = FrameReader(lambda: datetime.fromtimestamp(0, UTC))
    last: deque[object] = deque(maxlen=1)
    began = time.process_time()
    for text in texts:
        last.extend(reader.read(text))
    seconds = time.process_time() - began
    events = [event for text in texts for event in reader.read(text)]
    trades = [event for event in events if isinstance(event, Trade)]
    assert not reader.malformed
    print(json.dumps({"seconds": seconds, **digest(trades)}))


if __name__ == "__main__":
    main()
