"""The owner's terminal: questions one at a time, and secrets that are never shown."""

import getpass
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TextIO, TypeVar

from rich.console import Console

from bot.console_words import Both, Words, both
from bot.doctor.findings import Finding, Status
from bot.errors import MuhanError
from bot.redaction import masked

Answer = TypeVar("Answer")
Read = Callable[[str, bool], str]
"""Show a prompt and read one line; True hides what is typed."""

_MARKS = {Status.OK: "✓", Status.WARN: "!", Status.FAIL: "✗", Status.SKIPPED: "-"}
_UNREADABLE = both(
    "읽을 수 없는 글자가 들어 있습니다: 다시 적어 주세요.",
    "Something in it cannot be read: write it again.",
)


class Unfit(MuhanError):
    """What was typed cannot be the answer; the sentence says what can."""


def keyboard(prompt: str, hidden: bool) -> str:
    """Read a line of the terminal. Raises EOFError, KeyboardInterrupt and UnicodeDecodeError."""
    if not hidden:
        return input(prompt)
    with warnings.catch_warnings():
        # getpass falls back to showing what is typed; a key is not asked for then.
        warnings.simplefilter("error", getpass.GetPassWarning)
        return getpass.getpass(prompt)


class Terminal:
    """Say and ask in the owner's language; `words` may be changed on the way."""

    def __init__(self, words: Words, *, out: TextIO, read: Read = keyboard) -> None:
        self.words = words
        self.out = out
        self.console = Console(file=out, soft_wrap=True)
        self._read = read

    def say(self, korean: str, english: str, *, style: str | None = None) -> None:
        self.line(self.words.say(korean, english), style=style)

    def line(self, text: str, *, style: str | None = None) -> None:
        """Print a text as it is: brackets in it are no markup."""
        self.console.print(text, style=style, markup=False, highlight=False)

    def busy(self) -> AbstractContextManager[object]:
        """Show that something is being tried, while the block lasts."""
        return self.console.status(self.words.say("확인하고 있습니다", "Looking"))

    def title(self, name: Both) -> None:
        """Begin a step."""
        self.console.print()
        self.console.rule(self.words.both(name), align="left")

    def error(self, error: MuhanError) -> None:
        self.line(self.words.error(error), style="red")

    def finding(self, finding: Finding) -> None:
        """Tell what a look found, with its reason and its remedy; others' words are in it."""

        def say(pair: Both) -> str:
            return masked(self.words.both(pair))

        styles = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "red"}
        mark, style = _MARKS[finding.status], styles.get(finding.status)
        self.line(f"{mark} {say(finding.what)}", style=style)
        if why := say(finding.why):
            self.line(f"  {self.words.say('왜', 'Why')}: {why}")
        if remedy := say(finding.remedy):
            self.line(f"  {self.words.say('할 일', 'Do')}: {remedy}")

    def ask(
        self,
        prompt: Both,
        parse: Callable[[str], Answer],
        *,
        default: str | None = None,
        hidden: bool = False,
    ) -> Answer:
        """Ask until the answer parses; a bare Enter is the default, where there is one."""
        shown = f" [{default}]" if default else ""
        while True:
            text = self._line(f"{self.words.both(prompt)}{shown}: ", hidden=hidden)
            if text is None:
                self.line(self.words.both(_UNREADABLE), style="red")
                continue
            try:
                return parse(text if text or default is None else default)
            except MuhanError as error:
                self.error(error)

    def choose(
        self, prompt: Both, options: Sequence[tuple[Answer, Both]], *, default: int = 1
    ) -> Answer:
        """Let the owner pick one of some options by its number; Enter picks the default's."""
        for number, (_, name) in enumerate(options, 1):
            self.line(f"  {number}) {self.words.both(name)}")

        def picked(text: str) -> Answer:
            if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= len(options):
                raise Unfit(
                    f"1부터 {len(options)}까지의 번호로 적어 주세요.",
                    f"Write a number from 1 to {len(options)}.",
                )
            return options[int(text) - 1][0]

        return self.ask(prompt, picked, default=str(default))

    def yes(self, question: Both, *, default: bool = True) -> bool:
        """Ask a question that is answered with yes or no."""

        def answered(text: str) -> bool:
            word = text.lower()
            if word in {"y", "yes", "예", "네", "ㅛ"}:
                return True
            if word in {"n", "no", "아니오", "아니요", "ㅜ"}:
                return False
            raise Unfit("y 또는 n으로 답해 주세요.", "Answer y or n.")

        prompt = both(f"{question[0]} (y/n)", f"{question[1]} (y/n)")
        return self.ask(prompt, answered, default="y" if default else "n")

    def _line(self, prompt: str, *, hidden: bool) -> str | None:
        """Read a line without the blanks around it; None for one that is no text."""
        try:
            return self._read(prompt, hidden).strip()
        except UnicodeDecodeError:
            return None
        except getpass.GetPassWarning:
            raise Unfit(
                "이 터미널에서는 열쇠를 숨겨 적을 수 없습니다: 다른 터미널(예: ssh)에서 muhan "
                "setup 을 다시 실행해 주세요.",
                "This terminal cannot hide a key as it is typed: run muhan setup in another one, "
                "such as ssh.",
            ) from None
