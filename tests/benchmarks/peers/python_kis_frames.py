"""Runs in the peers' own environment: reads the frames of a file with python-kis.

A frame goes through the message handler of its websocket client, as if it had come over the
socket. Prints a line of JSON: the seconds of handing every event to a subscriber that keeps the
last one, and the digest of the events that came out in a second pass.
"""

import json
import sys
import time
from collections import deque
from decimal import Decimal
from pathlib import Path

from pykis import PyKis, logging
from pykis.client.websocket import KisWebsocketClient


def main() -> None:
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    logging.logger.setLevel("CRITICAL")
    kis = object.__new__(PyKis)  # the parser needs no account and no login
    kis._sessions = {}
    client = KisWebsocketClient(kis)
    client.websocket = socket = object()
    last = deque(maxlen=1)
    client.event += lambda _, told: last.append(told.response)
    began = time.process_time()
    for text in texts:
        client._on_message(socket, text)
    seconds = time.process_time() - began
    client.event.handlers.clear()
    events = []
    client.event += lambda _, told: events.append(told.response)
    for text in texts:
        client._on_message(socket, text)
    answer = {
        "seconds": seconds,
        "count": str(len(events)),
        "prices": str(sum((event.price for event in events), Decimal(0))),
        "volumes": str(sum(event.volume for event in events)),
        "instants": str(sum(int(event.time_kst.timestamp()) for event in events)),
    }
    print(json.dumps(answer))


main()
