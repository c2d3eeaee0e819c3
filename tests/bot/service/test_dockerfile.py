"""The Dockerfile is linted and read, not built: no image can be made where the tests run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "Dockerfile"
HADOLINT = Path(sys.executable).parent / "hadolint"


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run([HADOLINT, path], capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"hadolint does not run here: {error}")


def test_hadolint_has_nothing_to_say() -> None:
    done = lint(DOCKERFILE)
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_would_have_something_to_say(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    text = DOCKERFILE.read_text(encoding="utf-8")
    path.write_text(text.replace("python:3.11-slim-bookworm", "python:latest"), encoding="utf-8")
    assert lint(path).returncode == 1


def test_an_image_is_installed_by_hash_and_its_user_is_not_root() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in text
    last = text.rpartition("FROM ")[2]
    assert re.search(r"^USER (\d+):\d+$", last, re.MULTILINE)
    assert "USER 0" not in last
    assert "HEALTHCHECK" in last


def test_only_what_is_copied_is_let_into_an_image_and_it_is_all_there() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == let_in
    assert [name for name in let_in if not (ROOT / name).exists()] == []
