"""What keeps a state file from being traded on, as sentences: what, why, and the way back.

A copy is what a migration left (`muhan.before-7`) or what the owner made. Without one the owner
begins on an empty file and takes over what KIS holds (`muhan cycle import`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.errors import MuhanError

_SOMEWHERE = Path("MUHAN_HOME", "muhan.sqlite3")
"""How the file is called by whoever does not know where it is."""


class DatabaseError(MuhanError):
    """The state file cannot be used as it is; the sentence says what to do."""


def damaged(path: Path, finding: str) -> DatabaseError:
    """Say that the file's content cannot be believed."""
    korean, english = _way_back(path)
    return DatabaseError(
        f"상태 파일 {path}이 손상되어 매매를 시작하지 않습니다 ({finding}). {korean}",
        f"The state file {path} is damaged, so nothing is traded ({finding}). {english}",
    )


def gone(path: Path, left: Sequence[Path]) -> DatabaseError:
    """Say that the file is missing although its log or a copy of it is there."""
    korean, english = _way_back(path)
    names = ", ".join(each.name for each in left)
    return DatabaseError(
        f"상태 파일 {path}이 없는데 그 흔적은 남아 있어({names}) 매매를 시작하지 않습니다: 빈 "
        f"장부로는 이미 낸 주문을 알 수 없습니다. {korean}",
        f"The state file {path} is gone although {names} is there, so nothing is traded: an empty "
        f"ledger knows of no order that is out. {english}",
    )


def newer(path: Path, have: int, known: int) -> DatabaseError:
    """Say that a newer program wrote the file (schema numbers)."""
    return DatabaseError(
        f"상태 파일 {path}은 더 새로운 프로그램의 것입니다 (형식 {have}, 여기는 {known}까지): "
        "매매를 시작하지 않으니 프로그램을 올려 주세요.",
        f"The state file {path} is a newer program's (format {have}; this one knows {known}), so "
        "nothing is traded: update Muhan.",
    )


def unusable(path: Path, error: Exception) -> DatabaseError:
    """Put SQLite's error into a sentence by what has to be done about it."""
    told = str(error)
    if any(words in told for words in ("malformed", "not a database", "Could not decode")):
        return damaged(path, told)
    if "full" in told:
        return DatabaseError(
            f"디스크가 가득 차 상태 파일 {path}에 적을 수 없습니다. 적지 못한 주문은 내지 않으므로 "
            "매매를 멈춥니다: 자리를 비우고 다시 시작해 주세요.",
            f"The disk is full and {path} cannot be written. What cannot be written down is not "
            "ordered, so nothing is traded: make room and start again.",
        )
    if "locked" in told or "busy" in told:
        return DatabaseError(
            f"다른 프로그램이 상태 파일 {path}을 붙들고 있습니다: 그 프로그램을 닫고 다시 시작해 "
            "주세요.",
            f"Another program holds the state file {path}: close it and start again.",
        )
    return DatabaseError(
        f"상태 파일 {path}을 쓸 수 없어 매매를 시작하지 않습니다 ({told}). 디스크와 폴더의 권한을 "
        "확인하고, 그래도 안 되면 백업에서 되돌려 주세요.",
        f"The state file {path} cannot be used, so nothing is traded ({told}). Look at the disk "
        "and at the folder's permissions; if that is not it, restore a backup.",
    )


@contextmanager
def legible() -> Iterator[None]:
    """Take content that cannot be read for damage of the file, and say so."""
    try:
        yield
    except (ValueError, LookupError, ArithmeticError) as error:
        found = " ".join(str(error).split())[:120]
        korean, english = _way_back(_SOMEWHERE)
        raise DatabaseError(
            f"상태 파일의 내용을 읽을 수 없어 매매를 시작하지 않습니다 ({found}). {korean}",
            f"What is in the state file cannot be read, so nothing is traded ({found}). {english}",
        ) from error


def left_of(path: Path) -> list[Path]:
    """List what is left of a state file that is not there, or empty: its log, copies of it."""
    if path.exists() and path.stat().st_size:
        return []
    log = path.with_name(f"{path.name}-wal")
    return [*([log] if log.exists() and log.stat().st_size else []), *copies(path)]


def copies(path: Path) -> list[Path]:
    """List the copies that migrations left beside the file, the latest first."""
    found = path.parent.glob(f"{path.stem}.before-*")
    return sorted(found, key=lambda copy: copy.stat().st_mtime_ns, reverse=True)


def _way_back(path: Path) -> tuple[str, str]:
    kept, name, folder = copies(path), path.name, path.parent
    copy_ko = copy_en = ""
    if kept:
        copy_ko = f" (프로그램을 올릴 때 만든 사본 {kept[0].name}이 있습니다)"
        copy_en = f" (an update left the copy {kept[0].name})"
    korean = (
        f"아무것도 지우지 말고 {folder} 폴더를 통째로 복사해 두세요. 백업이 있으면{copy_ko} 그 "
        f"파일을 {name}으로 되돌리고 {name}-wal은 치운 뒤 한투의 주문·잔고와 맞는지 muhan cycle "
        "list --check로 확인해 주세요. 백업이 없으면 파일을 다른 곳으로 옮기고 muhan cycle "
        "import로 한투의 잔고에서 다시 시작할 수 있습니다."
    )
    english = (
        f"Delete nothing and copy the folder {folder} as a whole. With a backup{copy_en}, put it "
        f"back as {name}, take {name}-wal away, and hold it against KIS with muhan cycle list "
        "--check. Without one, move the files elsewhere and begin again from what KIS holds with "
        "muhan cycle import."
    )
    return korean, english
