"""What runs is what was locked, under licences that were agreed to; no text is ever run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.security.licences import ALLOWED, Licence, installed, locked, name_of

ROOT = Path(__file__).resolve().parents[2]
BANNED = {
    "eval": "eval({it})",
    "exec": "exec({it})",
    "pickle": "import pickle; pickle.loads({it})",
    "marshal": "import marshal; marshal.loads({it})",
    "yaml": "import yaml; yaml.load({it})",
    "a shell": "import subprocess; subprocess.run({it}, shell=True, check=True)",
    "os.system": "import os; os.system({it})",
    "no certificate": "import ssl; ssl._create_unverified_context()",
    "a temporary name": "import tempfile; tempfile.mktemp()",
}


def linted(source: str) -> str:
    """Lint a text as a file of the program's own rooms, by the project's own rules."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [
        str(ruff),
        "check",
        "--output-format=concise",
        "--stdin-filename",
        "bot/made_up.py",
        "-",
    ]
    done = subprocess.run(
        command, input=source, capture_output=True, text=True, check=False, cwd=ROOT
    )
    return done.stdout


@pytest.mark.parametrize("name", BANNED)
def test_what_runs_text_or_trusts_bytes_does_not_pass_the_lint(name: str) -> None:
    assert re.search(
        r"\bS\d{3}\b", linted(f"def run(it: str) -> None:\n    {BANNED[name].format(it='it')}\n")
    ), name


def test_the_same_lint_lets_plain_code_pass() -> None:
    plain = '"""A room."""\n\n\ndef twice(number: int) -> int:\n    return 2 * number\n'
    assert "All checks passed" in linted(plain)


def test_no_file_of_the_program_is_excused_from_what_would_run_text() -> None:
    excuse = re.compile(r"noqa:[^#\n]*\bS(102|301|302|307|506|602|604|605|701)\b")
    named = [
        str(path.relative_to(ROOT))
        for room in ("bot", "kis", "strategy")
        for path in sorted((ROOT / room).rglob("*.py"))
        if excuse.search(path.read_text(encoding="utf-8"))
    ]
    assert named == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_one_version_and_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) > 40
    for line in lines:
        assert re.match(r"[A-Za-z0-9_.-]+==\S+ ", line), line[:80]
        assert "--hash=sha256:" in line, line[:80]


def test_every_installation_asks_for_the_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"--require-hashes -r \$\(1\)", makefile)


def test_every_runtime_package_stands_under_an_agreed_licence() -> None:
    found = installed(locked())
    assert {name_of(each.package): each.version for each in found} == locked()
    assert [f"{each.package}: {each.words}" for each in found if not each.allowed] == []


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("Apache Software License; BSD License", True),
        ("UNKNOWN", False),
    ],
)
def test_a_licence_is_read_by_what_binds(words: str, allowed: bool) -> None:
    assert Licence(package="x", version="1", words=words).allowed is allowed
    assert "GPL" not in " ".join(ALLOWED)
