import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import AnotherInstance
from bot.instance import only_instance

HOLDER = """
import sys
from pathlib import Path
from bot.instance import only_instance
with only_instance(Path(sys.argv[1])):
    print("holding", flush=True)
    sys.stdin.read()
"""


def start_holder(home: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    return holder


@pytest.mark.fault(59)
def test_a_second_instance_is_refused_with_a_sentence_that_names_the_first(
    tmp_path: Path,
) -> None:
    with start_holder(tmp_path) as holder:
        with (
            pytest.raises(AnotherInstance, match=f"이미 실행 중.*{holder.pid}") as refused,
            only_instance(tmp_path),
        ):
            pass
        assert "already running" in refused.value.sentence("en")
        assert "\n" not in str(refused.value)
        holder.kill()


@pytest.mark.fault(60)
def test_the_kernel_frees_the_lock_of_a_killed_instance(tmp_path: Path) -> None:
    with start_holder(tmp_path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with only_instance(tmp_path):
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_is_free_again_after_the_context(tmp_path: Path) -> None:
    for _ in range(2):
        with only_instance(tmp_path):
            assert (tmp_path / "lock").stat().st_mode & 0o077 == 0


def test_homes_of_their_own_do_not_exclude_each_other(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        home.mkdir()
    with only_instance(homes[0]), only_instance(homes[1]):
        assert all((home / "lock").exists() for home in homes)


def test_a_child_process_does_not_keep_the_lock_of_its_parent(tmp_path: Path) -> None:
    with only_instance(tmp_path):
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=False,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
    with child:
        with only_instance(tmp_path):
            assert child.poll() is None
        child.kill()
