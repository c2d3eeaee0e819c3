"""`muhan doctor`: every look with its remedy; exit status 3 when something is wrong."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_options as options
from bot import logs
from bot.cli_options import REFUSED
from bot.console_words import Words
from bot.doctor.findings import Finding, Status
from bot.doctor.visit import Look, visit
from bot.errors import MuhanError
from bot.redaction import masked
from bot.settings import load

Found = Sequence[tuple[Look, Finding]]
_MARKS = {Status.OK: "✓", Status.WARN: "!", Status.FAIL: "✗", Status.SKIPPED: "-"}


def doctor(
    *,
    env: Annotated[Path, typer.Option("--env", help="File with the settings.")] = Path(".env"),
    as_json: options.Json = False,
) -> None:
    """Look at settings, KIS, Telegram and this machine, and say what to mend."""
    logs.configure("ERROR")
    words = Words(_language(env))

    def tell(korean: str, english: str) -> None:
        typer.echo(masked(words.say(korean, english)), err=True)

    found = asyncio.run(visit(env, os.environ, tell=tell))
    typer.echo(masked(_json(words, found) if as_json else _text(words, found)))
    if any(finding.status is Status.FAIL for _, finding in found):
        raise typer.Exit(REFUSED)


def _language(env: Path) -> str:
    """Take the owner's language, also where the settings cannot be used."""
    try:
        return load(env, os.environ).muhan_language.value
    except MuhanError:
        return os.environ.get("MUHAN_LANGUAGE", "ko")


def _json(words: Words, found: Found) -> str:
    checks = [
        {
            "name": look.name,
            "status": finding.status.value,
            "what": words.both(finding.what),
            "why": words.both(finding.why),
            "remedy": words.both(finding.remedy),
        }
        for look, finding in found
    ]
    well = all(finding.status is not Status.FAIL for _, finding in found)
    return json.dumps({"ok": well, "checks": checks}, ensure_ascii=False)


def _text(words: Words, found: Found) -> str:
    lines: list[str] = []
    for look, finding in found:
        lines.append(
            f"{_MARKS[finding.status]} {words.both(look.title)}: {words.both(finding.what)}"
        )
        if why := words.both(finding.why):
            lines.append(f"    {words.say('왜', 'Why')}: {why}")
        if remedy := words.both(finding.remedy):
            lines.append(f"    {words.say('할 일', 'Do')}: {remedy}")
    lines.append("")
    lines.append(_sum(words, [finding.status for _, finding in found]))
    return "\n".join(lines)


def _sum(words: Words, found: list[Status]) -> str:
    """Sum the findings up: a warning stops nothing, and is not well either."""
    if count := found.count(Status.FAIL):
        return words.say(f"고칠 것이 {count}가지 있습니다.", f"{count} to mend.")
    if count := found.count(Status.WARN):
        return words.say(
            f"급한 것은 없고, 살펴볼 것(!)이 {count}가지 있습니다.",
            f"Nothing stands in the way; {count} to look at (!).",
        )
    return words.say("모두 괜찮습니다.", "All is well.")
