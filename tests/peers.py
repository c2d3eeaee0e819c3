"""The environment in which other people's packages run: `.venv-peers`, with nothing of ours in it.

It is made from tests/benchmarks/peers/requirements.lock on first use, and anew when the lock
changes; that needs a package index. The lock is pip-compile's of the requirements.in beside it.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "tests" / "benchmarks" / "peers" / "requirements.lock"
HOME = ROOT / ".venv-peers"


def peers_python() -> Path:
    """Give the interpreter of the peers' environment; CalledProcessError without an index."""
    python, stamp = HOME / "bin" / "python", HOME / ".made-from"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"\nmaking {HOME.name} from {LOCK.relative_to(ROOT)}", file=sys.stderr)
        venv.create(HOME, with_pip=True)
        options = ["install", "--quiet", "--require-hashes", "-r", str(LOCK)]
        subprocess.run([str(python), "-m", "pip", *options], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python
