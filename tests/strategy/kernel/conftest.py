"""Keep what numba compiles where the next run of the tests finds it."""

import os
from pathlib import Path

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[3] / "build" / "numba"))
