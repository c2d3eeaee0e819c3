"""The passphrase of an archive at the console: from the settings, or typed where nobody sees it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import typer

from bot.archive import Archive, PassphraseNeeded, read
from bot.cli_options import refuse
from bot.console_words import Words
from bot.errors import MuhanError
from bot.redaction import register_secret
from bot.sealing import WrongPassphrase
from bot.setting_values import passphrase

TRIES = 3
NAME = "MUHAN_BACKUP_PASSPHRASE"

T = TypeVar("T")


def opened_archive(path: Path, word: str, words: Words) -> Archive:
    """Read an archive with the passphrase that is set, or with one that is typed.

    Without a terminal nothing is asked. Raises BackupRefused, WrongPassphrase.
    """
    try:
        return read(path, word)
    except (PassphraseNeeded, WrongPassphrase):
        if not sys.stdin.isatty():
            raise
    for left in range(TRIES - 1, -1, -1):
        typed = _typed(words.say("이 파일의 암호", "The passphrase of this file"))
        try:
            return read(path, typed)
        except WrongPassphrase as error:
            if not left:
                raise
            typer.echo(words.error(error), err=True)
    raise AssertionError


def new_passphrase(word: str, words: Words) -> str:
    """Take the passphrase that is set, or have one typed twice; refuse where nobody can type."""
    if word:
        return word
    if not sys.stdin.isatty():
        refuse(
            words.say(
                f"암호화할 암호가 없어 만들지 않았습니다: .env에 {NAME}를 적거나, 암호 없이 "
                "만들려면 --plain을 붙여 주세요.",
                f"There is no passphrase to encrypt with, so nothing was written: set {NAME} in "
                ".env, or add --plain to go without.",
            )
        )
    typer.echo(
        words.say(
            "백업을 잠글 암호를 정해 주세요 (12자 이상). 잃으면 아무도 열 수 없으니 다른 곳에도 "
            f"적어 두세요. .env의 {NAME}에 적어 두면 다음부터 묻지 않습니다.",
            "Choose a passphrase (12 characters or more). Without it nobody can open the backup: "
            f"write it down elsewhere too. With {NAME} in .env it is not asked again.",
        ),
        err=True,
    )
    return _long_enough(words)


def _long_enough(words: Words) -> str:
    first = _asked(words.say("암호", "Passphrase"), lambda typed: passphrase(NAME, typed), words)
    if _typed(words.say("한 번 더", "Once more")) != first:
        refuse(
            words.say(
                "두 암호가 다릅니다. 아무것도 만들지 않았습니다.",
                "The two differ. Nothing was written.",
            )
        )
    return first


def _asked(question: str, check: Callable[[str], T], words: Words) -> T:
    while True:
        typed = _typed(question)
        try:
            found = check(typed)
        except MuhanError as error:
            typer.echo(words.error(error), err=True)
        else:
            if typed:
                return found


def _typed(question: str) -> str:
    word = str(typer.prompt(question, hide_input=True, err=True)).strip()
    register_secret(word)
    return word
