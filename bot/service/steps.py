"""One step of an installation: a sentence that says what will be done, and the doing."""

import errno
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.console_words import Both
from bot.service.errors import StepFailed
from bot.service.runner import Runner


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What will be done, Korean and English. `do` raises StepFailed."""

    what: Both
    do: Callable[[], None]


def call(runner: Runner, argv: Sequence[str], what: Both) -> Step:
    """Run a program; the sentence is followed by its words."""
    line = " ".join(argv)

    def do() -> None:
        done = runner(argv)
        if done.status:
            raise StepFailed(
                f"{line} 명령이 실패했습니다(상태 {done.status}: {done.last_line}). "
                "고친 뒤 같은 명령을 다시 실행하거나 muhan service uninstall로 되돌려 주세요.",
                f"{line} failed (status {done.status}: {done.last_line}). Mend it and run the "
                "same command again, or undo everything with muhan service uninstall.",
            )

    return Step(what=(f"{what[0]}: {line}", f"{what[1]}: {line}"), do=do)


def write(path: Path, text: str, what: Both, *, mode: int = 0o644, folder: int = 0o755) -> Step:
    """Write a file whole or not at all; its folder is made with the mode `folder`."""

    def do() -> None:
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            path.parent.chmod(folder)
        draft = path.with_name(f".{path.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode & 0o600)
        draft.write_text(text, encoding="utf-8")
        draft.chmod(mode)
        draft.replace(path)

    return Step(what=(f"{what[0]}: {path}", f"{what[1]}: {path}"), do=_guarded(path, do))


def copy_folders(names: Sequence[str], source: Path, target: Path, what: Both) -> Step:
    """Copy files and folders out of `source` anew; what was in `target` goes."""

    def do() -> None:
        if target.exists():
            shutil.rmtree(target)
        target.mkdir(parents=True)
        for name in names:
            if (source / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source / name, target / name, ignore=ignored)
            else:
                shutil.copy(source / name, target / name)

    return Step(what=(f"{what[0]}: {target}", f"{what[1]}: {target}"), do=_guarded(target, do))


def move(source: Path, target: Path, what: Both) -> Step:
    """Move a folder to where there is none yet: whole, or it stays where it is."""

    def do() -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _carry(source, target)

    line = f"{source} → {target}"
    return Step(what=(f"{what[0]}: {line}", f"{what[1]}: {line}"), do=_guarded(target, do))


def _carry(source: Path, target: Path) -> None:
    """Take a folder to another file system: nothing stands at `target` before all of it is there.

    Half a state there would pass for a whole one the next time. A socket is nobody's by now.
    """
    draft = target.with_name(f".{target.name}.new")
    if draft.exists():
        shutil.rmtree(draft)
    shutil.copytree(source, draft, symlinks=True, ignore=_sockets)
    draft.rename(target)
    shutil.rmtree(source)


def _sockets(folder: str, names: Sequence[str]) -> set[str]:
    return {name for name in names if Path(folder, name).is_socket()}


def remove(path: Path, what: Both) -> Step:
    """Remove a file, or a folder with all that is in it; none there is done already."""

    def do() -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    return Step(what=(f"{what[0]}: {path}", f"{what[1]}: {path}"), do=_guarded(path, do))


def _guarded(path: Path, do: Callable[[], None]) -> Callable[[], None]:
    def guarded() -> None:
        try:
            do()
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise StepFailed(
                f"{path}에 쓸 수 없습니다({why}): 권한과 남은 공간을 보고 다시 실행해 주세요.",
                f"{path} cannot be written ({why}): look at rights and free space, then run it "
                "again.",
            ) from None

    return guarded
