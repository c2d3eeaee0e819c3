"""Become a program that lacks something: `python -m tests.bot.laboratory.confined LACK MODULE`.

LACK is `extra`, for a machine where numba is not installed, `code`, for a process that may make no
machine code (systemd's MemoryDenyWriteExecute), or `nothing`.
"""

import ctypes
import runpy
import subprocess
import sys

MEMORY_DENY_WRITE_EXECUTE = 65
"""prctl's number of it, since Linux 6.3."""


def run(lack: str, *words: str, asked: bytes = b"", ends: int = 0) -> bytes:
    """Run a module so in a process of its own, and give what it wrote; it must end so."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, lack, *words],
        input=asked,
        capture_output=True,
        check=False,
    )
    assert done.returncode == ends, done.stderr.decode()
    return done.stdout


def known() -> bool:
    """Tell whether this Linux knows the ban on new code."""
    return bool(ctypes.CDLL(None).prctl(MEMORY_DENY_WRITE_EXECUTE + 1, 0, 0, 0, 0) >= 0)


def main() -> None:
    lack, module, *words = sys.argv[1:]
    if lack == "extra":
        sys.modules["numba"] = None  # type: ignore[assignment]  # so is a module hidden
    if lack == "code" and ctypes.CDLL(None).prctl(MEMORY_DENY_WRITE_EXECUTE, 1, 0, 0, 0):
        raise OSError("this Linux does not know MemoryDenyWriteExecute")
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
