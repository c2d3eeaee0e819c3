"""What the code can do stands in the documents, and what the documents say is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.settings import NAMES, Settings
from bot.telegram.menu import COMMANDS, Entry
from strategy.options import ALL, OPTIONS, Option

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ko.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def command_lines(command: Any, name: str) -> Iterator[str]:
    """Yield the full name of every command, such as "muhan cycle start"."""
    # Typer carries a click of its own without public names, so a group is known by its commands.
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name
        return
    for word, each in inner.items():
        if not each.hidden:
            yield from command_lines(each, f"{name} {word}")


COMMAND_LINES = tuple(command_lines(typer.main.get_command(app), "muhan"))


@pytest.mark.parametrize("document", [*READMES, ".env.example"])
@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(document: str, name: str) -> None:
    assert re.search(rf"\b{name}\b", text(document)), f"{document} does not name {name}"


def test_env_example_has_one_line_for_each_setting_with_its_meaning_above_and_no_other() -> None:
    lines = text(".env.example").splitlines()
    places = {
        match[1]: number
        for number, line in enumerate(lines)
        if (match := re.fullmatch(r"(?:# )?([A-Z_]+)=.*", line))
    }
    assert tuple(places) == NAMES
    assert all(lines[number - 1].startswith("# ") for number in places.values())


def test_what_env_example_leaves_in_force_is_accepted_once_it_is_filled_in() -> None:
    given = dict(
        line.split("=", 1) for line in text(".env.example").splitlines() if re.match("[A-Z]", line)
    )
    needed = {name for name, value in given.items() if not value}
    fields = Settings.model_fields
    required = {name.upper() for name, field in fields.items() if field.is_required()}
    assert required <= needed


@pytest.mark.parametrize("document", READMES)
@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_command_line_is_documented(document: str, line: str) -> None:
    assert re.search(rf"{line}(?![\w-])", text(document)), f"{document} does not name {line}"


@pytest.mark.parametrize("document", READMES)
def test_no_command_line_is_documented_that_is_not_there(document: str) -> None:
    first_words = {line.split()[1] for line in COMMAND_LINES}
    named = set(re.findall(r"(?:^|[`/])muhan ([a-z][a-z-]*)", text(document), re.MULTILINE))
    assert named <= first_words


@pytest.mark.parametrize("document", READMES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_chat_command_is_documented(document: str, command: Entry) -> None:
    found = re.search(rf"(?<![\w/.])/{command.name}\b", text(document))
    assert found, f"{document} lacks /{command.name}"


@pytest.mark.parametrize("document", READMES)
def test_the_two_commands_come_first(document: str) -> None:
    opening = text(document).split("```")[1]
    assert [line.split("#")[0].strip() for line in opening.strip().splitlines()] == [
        "make demo",
        "make test",
    ]


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_every_target_that_is_named_is_in_the_makefile(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text(document), re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_every_path_and_link_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text(document))
    paths = re.findall(r"`((?:bot|kis|strategy|tests|docs)/[\w./]*)`", text(document))
    missing = [path for path in [*links, *paths] if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_of_the_method_is_documented_with_its_default_and_source(
    option: Option,
) -> None:
    versions = "all" if option.versions == ALL else ", ".join(option.versions)
    flag = f"--{option.name.replace('_', '-')}"
    row = f"| `{flag}` | {versions} | {option.summary} | {option.default} | {option.source} |"
    assert row in text("docs/options.md")


@pytest.mark.parametrize("document", READMES)
def test_every_promise_names_the_command_that_proves_it_and_each_path_of_it_is_there(
    document: str,
) -> None:
    promises = re.findall(
        r"^\d+\. (.*?)(?=^\d+\. |^\n?$)", text(document), re.MULTILINE | re.DOTALL
    )
    assert len(promises) == 20
    for promise in promises:
        commands = re.findall(r"`((?:make|pytest|python -m) [^`]+)`", promise)
        assert commands, promise
        paths = [word for command in commands for word in command.split() if "/" in word]
        assert [path for path in paths if not (ROOT / path).exists()] == []


def test_both_languages_make_the_same_promises_with_the_same_proofs() -> None:
    proofs = [
        re.findall(r"`((?:make simulate|pytest|python -m)[^`]*)`", text(name)) for name in READMES
    ]
    assert proofs[0] == proofs[1]
