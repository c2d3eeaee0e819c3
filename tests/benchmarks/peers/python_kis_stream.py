"""Runs in the peers' own environment: reads a blasting server with python-kis's websocket client.

Its addresses are constants of a module, so they are set to loopback, and it is handed an approval
key instead of asking KIS for one; all else is its own. Prints a line of JSON: the seconds from the
first event to the last, and the events.
"""

import json
import os
import sys
import threading
import time
from types import SimpleNamespace

import pykis.api.auth.websocket as approval
import pykis.client.websocket as client_module
from pykis import PyKis, logging
from pykis.client.websocket import KisWebsocketClient


def main() -> None:
    port, expected = int(sys.argv[1]), int(sys.argv[2])
    logging.logger.setLevel("CRITICAL")
    client_module.WEBSOCKET_REAL_DOMAIN = f"ws://127.0.0.1:{port}"
    approval.websocket_approval_key = lambda *_, **__: SimpleNamespace(approval_key="approved")
    kis = object.__new__(PyKis)
    kis._sessions = {}
    client = KisWebsocketClient(kis)
    client.reconnect = False
    done = threading.Event()
    seen = {"count": 0, "began": 0.0}

    def take(_: object, __: object) -> None:
        if not seen["count"]:
            seen["began"] = time.perf_counter()
        seen["count"] += 1
        if seen["count"] == expected:
            seen["ended"] = time.perf_counter()
            done.set()

    client.event += take
    client.subscribe("HDFSCNT0", "DNASS000")
    client.ensure_connected(timeout=30)
    done.wait(timeout=300)
    seconds = seen["ended"] - seen["began"]
    print(json.dumps({"seconds": seconds, "count": seen["count"]}), flush=True)
    os._exit(0)  # its thread has no other end


main()
