"""What the peers' scripts share: named steps whose outcome is printed, and the simulator's clock.

A script gets the simulator's address, keys and account as JSON in its first argument, and prints
one JSON object: each step's name and what came of it, or {"error": words}.
"""

import json
import sys
import time
import urllib.request

GIVEN = json.loads(sys.argv[1])
URL = GIVEN["url"]
SOCKET = URL.replace("http://", "ws://")
PATIENCE = 10.0


class Steps:
    def __init__(self):
        self.told = {}

    def take(self, name, work):
        """Run a step, whatever it raises: a client's own errors are many, and all are wanted."""
        try:
            self.told[name] = work()
        except Exception as error:
            self.told[name] = {"error": f"{type(error).__name__}: {error}"[:400]}
        return self.told[name]

    def print(self):
        print(json.dumps(self.told, default=str))


def move(to):
    """Move the simulator's clock."""
    request = urllib.request.Request(
        f"{URL}/simulator/clock",
        data=json.dumps({"to": to}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["now"]


def wait_for(found):
    """Look for a thing until it is there, or patience ends; the streams run in other threads."""
    end = time.monotonic() + PATIENCE
    while not found() and time.monotonic() < end:
        time.sleep(0.02)
    return found()
