"""Other people's KIS clients, for real, at the simulator over loopback.

Run by hand, since their packages come from an index (.venv-peers, made on first use):

    pytest -o python_files='peer_*.py' tests/kis/peers

Each script in scripts/ changes nothing of its client but host names, and does token, quote,
balance, a limit and a LOC buy, a sale, listings, a cancel and the websocket, as far as its client
can. A step that its client gets wrong by itself is named in FAULTS, with why.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kis.simulator.config import APP_KEY, APP_SECRET
from kis.simulator.model import NEW_YORK
from tests.kis.peers.official import END, READS, START, ctx
from tests.kis.peers.test_official_orders import ORDER
from tests.peers import ROOT, peers_python

SCRIPTS = Path(__file__).parent / "scripts"
GIVEN = {
    "app_key": APP_KEY,
    "app_secret": APP_SECRET,
    "account": "81000000-01",
    "hts_id": "SIMUSER1",
}
CLIENTS = (
    "with_pykis",
    "practise_pykis",
    "with_mojito",
    "with_kis_trader",
    "practise_kis_trader",
    "as_the_samples",
)
# Not the simulator's doing: the client cannot, or cannot on every day.
FAULTS = {
    ("with_pykis", "notice"): "it wants notices of 21 columns; KIS sends 25 (its issue 80)",
    ("with_kis_trader", "fills"): "it looks for an order under the wall's date, here a Friday's",
}


def coming_session() -> datetime:
    """Give an early morning that is not past, since peers hold a token's end to the wall's clock.

    It is followed by a session on the next day, so that the token outlives the night between them.
    """
    day = datetime.now(NEW_YORK).date()  # noqa: TID251  # the peers look at the wall's clock too
    while day.weekday() > 3:
        day += timedelta(days=1)
    return datetime.combine(day, time(5), NEW_YORK)


@contextmanager
def simulator() -> Iterator[str]:
    """Run `python -m kis.simulator` on a free port and give its address."""
    command = [sys.executable, "-m", "kis.simulator", "--port", "0"]
    command += ["--at", coming_session().isoformat(), "--mock-calls-per-second", "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        try:
            assert running.stdout is not None
            yield str(json.loads(running.stdout.readline())["listening"])
        finally:
            running.terminate()


def reads(day: datetime) -> list[dict[str, Any]]:
    """Give the samples' inquiries with dates around a day."""
    dates = {START: day - timedelta(days=1), END: day + timedelta(days=1)}
    words = {word: f"{when:%Y%m%d}" for word, when in dates.items()}
    return [
        {
            "path": shape.path,
            "tr_id": shape.real,
            "fields": {name: words.get(word, word) for name, word in shape.fields.items()}
            | (ctx(shape.paged) if shape.paged else {}),
            "outputs": list(shape.outputs),
        }
        for shape in READS
    ]


@cache
def told(client: str) -> dict[str, Any]:
    """Run a client's script once and give what came of each step."""
    with simulator() as url:
        at = coming_session().replace(hour=10)
        given = GIVEN | {"url": url, "later": at.isoformat(), "order": ORDER, "reads": reads(at)}
        command = [
            str(peers_python()),
            str(SCRIPTS / f"{client}.py"),
            json.dumps(given),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.mark.parametrize("client", CLIENTS)
def test_every_step_of_the_client_is_answered(client: str) -> None:
    wrong = {
        name: what
        for name, what in told(client).items()
        if (isinstance(what, dict) and "error" in what) or what in (None, 0)
        if (client, name) not in FAULTS and name != "socket"
    }
    assert not wrong


def test_pykis_holds_what_it_bought_and_lists_what_it_did() -> None:
    day = told("with_pykis")
    assert day["holdings"] == {"TQQQ": 10}
    assert day["unfilled"] == [day["loc"]]
    assert day["unfilled_after"] == []
    assert day["fills"] == {day["buy"]: 10, day["sell"]: 4}


def test_mojito_holds_what_it_bought() -> None:
    day = told("with_mojito")
    assert (day["balance"], day["holdings"]) == ([], ["TQQQ"])
    assert day["trade"] == "005930"


def test_kis_trader_holds_what_it_bought_and_cancels_what_it_revised() -> None:
    day = told("with_kis_trader")
    assert day["holdings"] == {"TQQQ": 3}
    assert day["far"] in day["unfilled"]
    assert {day["far"], day["revise"]}.isdisjoint(day["unfilled_after"])
    assert (day["reserved"], day["profits"], day["transactions"]) == (1, 1, 2)


@pytest.mark.parametrize("client", ["practise_pykis", "practise_kis_trader"])
def test_a_client_that_practises_holds_what_it_bought(client: str) -> None:
    assert told(client)["holdings"] == {"TQQQ": 2}


def test_the_samples_read_tables_and_frames_with_their_own_columns() -> None:
    day = told("as_the_samples")
    assert day["TTTS3012R"]["output1"][0] > 0
    assert day["HHDFS76240000"]["output2"] == [100, 14]
    # The samples name 24 columns of a notice; since KIS sends 25, pandas reads them one off.
    assert day["watched"]["H0GSCNI0"]["ODER_KIND2"] == "TQQQ"
    assert float(day["watched"]["HDFSCNT0"]["LAST"]) > 0
