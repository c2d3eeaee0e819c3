"""Why there is no rehearsal room."""

from pathlib import Path

from bot.errors import MuhanError


class RoomFailed(MuhanError):
    """The rehearsal room ended before it was open."""


class RoomClosed(MuhanError):
    """A console command needs the rehearsal room, and no bot runs that keeps one."""


def failed(words: str) -> RoomFailed:
    return RoomFailed(
        f"리허설 방(MUHAN_VENUE=paper)을 열지 못했습니다: {words}",
        f"The rehearsal room (MUHAN_VENUE=paper) did not open: {words}",
    )


def died_silently() -> RoomFailed:
    return RoomFailed(
        "리허설 방(MUHAN_VENUE=paper)이 이유를 말하지 않고 끝났습니다: 로그를 보고 다시 켜 주세요.",
        "The rehearsal room (MUHAN_VENUE=paper) ended without a word: look at the log and start "
        "again.",
    )


def keys_unreadable(path: Path) -> RoomFailed:
    return RoomFailed(
        f"리허설 방의 열쇠 {path}를 읽을 수 없습니다: 백업에서 되돌려 주세요. 리허설을 처음부터 "
        "하려면 그 폴더의 paper-로 시작하는 파일과 paper.sqlite3를 다른 곳으로 옮겨 주세요.",
        f"The rehearsal room's keys in {path} cannot be read: restore them from a backup. To begin "
        "the rehearsal anew, move paper.sqlite3 and the files that begin with paper- elsewhere.",
    )


def closed() -> RoomClosed:
    return RoomClosed(
        "리허설 방이 닫혀 있습니다: muhan run을 켜 둔 채 다시 해 주세요.",
        "The rehearsal room is closed: do this again while `muhan run` runs.",
    )
