"""Become a program under a unit's own filter of system calls and its ban on new code in memory.

`python -m tests.bot.service.sandbox UNIT -- program words...`: what systemd would do with
SystemCallFilter=, SystemCallErrorNumber= and MemoryDenyWriteExecute=, done by the same libraries.
"""

import ctypes
import errno
import os
import subprocess
import sys
from pathlib import Path

ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM
NO_NEW_PRIVILEGES, MEMORY_DENY_WRITE_EXECUTE = 38, 65
LIBRARY = "libseccomp.so.2"


def calls(name: str) -> set[str]:
    """Name the system calls of a set such as @system-service, down to the last one."""
    if not name.startswith("@"):
        return {name}
    done = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    )
    lines = (line.strip() for line in done.stdout.splitlines()[1:])
    return {call for line in lines if line and line[0] != "#" for call in calls(line)}


def allowed(unit: str) -> set[str]:
    """Read what a unit lets through, from the first of its lines to the last."""
    found: set[str] = set()
    for line in unit.splitlines():
        name, _, value = line.partition("=")
        if name != "SystemCallFilter":
            continue
        named = {call for word in value.lstrip("~").split() for call in calls(word)}
        found = found - named if value.startswith("~") else found | named
    return found


def confine(unit: str) -> None:
    """Put this process, and all that it starts, under a unit's filter."""
    libc = ctypes.CDLL(None, use_errno=True)
    library = ctypes.CDLL(LIBRARY, use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    for option in (NO_NEW_PRIVILEGES, MEMORY_DENY_WRITE_EXECUTE):
        if libc.prctl(option, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), f"prctl {option}")
    context = ctypes.c_void_p(library.seccomp_init(FAIL))
    for call in allowed(unit):
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            library.seccomp_rule_add(context, ALLOW, number, 0)
    if library.seccomp_load(context):
        raise OSError("the filter was not taken")


def main() -> None:
    unit, separator, *words = sys.argv[1:]
    assert separator == "--"
    confine(Path(unit).read_text(encoding="utf-8"))
    os.execv(words[0], words)  # noqa: S606 - the words of a test


if __name__ == "__main__":
    main()
