"""One venue after another for every test of the contract."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kis.contract.venues import Venue, account, customer, in_process, process

NAMES = ("VENUE", "APP_KEY", "APP_SECRET", "ACCOUNT", "HTS_ID")
VENUES = (
    "in-process-real",
    "in-process-mock",
    "loopback-real",
    "loopback-mock",
    "account",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--account-env", type=Path, help="NAME=VALUE lines of the account to run the contract at"
    )


def given(config: pytest.Config) -> dict[str, str]:
    """Collect KIS_CONTRACT_* of the environment and of the file that was named."""
    found = {name: word for name, word in os.environ.items() if name.startswith("KIS_CONTRACT_")}
    file: Path | None = config.getoption("account_env", default=None)
    if file is not None:
        for line in file.read_text(encoding="utf-8").splitlines():
            name, equals, word = line.partition("=")
            if equals and not line.startswith("#"):
                found[name.strip()] = word.strip().strip("\"'")
    return found


@pytest.fixture(scope="session")
def over_loopback() -> Iterator[str]:
    with process() as url:
        yield url


@pytest.fixture(scope="session")
def kept_token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep one token for the whole run: the simulator's process, like KIS, gives one a minute."""
    return tmp_path_factory.mktemp("contract") / "kis-token.json"


@pytest.fixture(params=VENUES)
async def venue(
    request: pytest.FixtureRequest, tmp_path: Path, kept_token: Path
) -> AsyncIterator[Venue]:
    kind, _, host = str(request.param).rpartition("-")
    if kind == "in-process":
        async with in_process(tmp_path / "kis-token.json", mock=host == "mock") as opened:
            yield opened
    elif kind == "loopback":
        url: str = request.getfixturevalue("over_loopback")
        async with customer(url, kept_token, mock=host == "mock") as opened:
            await opened.at("taken")
            yield opened
    else:
        words = given(request.config)
        missing = [name for name in NAMES if f"KIS_CONTRACT_{name}" not in words]
        if missing:
            pytest.skip("by hand, with an account of yours: see the package's docstring")
        async with account(words, kept_token) as opened:
            yield opened
