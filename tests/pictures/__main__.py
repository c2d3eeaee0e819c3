"""`python -m tests.pictures [--out docs/pictures] [--state DIR]`: make the guides' pictures anew.

A headless demo plays some weeks on a seed; then the demo with its page and the dashboard goes on
from there, and a browser walks through both in Korean and in English.
"""

import argparse
import asyncio
import subprocess
import tempfile
from pathlib import Path

from tests.pictures.terminal import photograph_wizard
from tests.pictures.walk import photograph_demo
from tests.stage import PATIENCE, demo_command, environment

ROOT = Path(__file__).resolve().parents[2]
DAYS = 45
AGREEMENT = ("--seed", "7", "--splits", "20", "--fee-percent", "0.25")


def main() -> None:
    """Make all pictures; what stood there before under their names is replaced."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument(
        "--state", type=Path, help="keep the demo's weeks here, or go on from there"
    )
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="muhan-pictures-") as scratch:
        state = asked.state or Path(scratch) / "state"
        if not (state / "stage.json").exists():
            _play(state)
        asyncio.run(photograph_demo(state, AGREEMENT, asked.out))
        asyncio.run(photograph_wizard(Path(scratch), asked.out))
    for path in sorted(asked.out.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size // 1000} kB")


def _play(state: Path) -> None:
    """Play the weeks that the pictures look back on; each round is approved by a tap."""
    command = demo_command(state, "--days", str(DAYS), "--confirm", *AGREEMENT)
    subprocess.run(
        command, check=True, timeout=PATIENCE, env=environment(), stdout=subprocess.DEVNULL
    )


if __name__ == "__main__":
    main()
