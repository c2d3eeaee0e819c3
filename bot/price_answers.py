"""What `muhan prices` answers: figures for programs, a table and sentences for people."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.amounts import counted
from bot.console_words import Words
from bot.figures import Document, exact
from bot.laboratory.price_seams import Evidence, Seam
from bot.laboratory.price_update import Change, Update

FEW = 5


def document(done: Update, path: Path) -> Document:
    """Write an update as a JSON document: dates are New York's, prices USD as traded."""
    stored, card = done.stored, done.stored.card
    return {
        "symbol": card.symbol,
        "exchange": card.exchange,
        "source": card.source,
        "file": str(path),
        "sha256": card.sha256,
        "asked_at": card.asked_at.isoformat(),
        "first": stored.first.isoformat(),
        "last": stored.last.isoformat(),
        "bars": len(stored.bars),
        "added": done.added,
        "complete": not card.reason,
        "reason": card.reason,
        "earliest": card.earliest,
        "provisional": card.provisional and card.provisional.isoformat(),
        "splits": [_split(seam) for seam in card.seams],
        "new_splits": [_split(seam) for seam in done.new_seams],
        "corrected": [_change(change) for change in done.corrected],
        "changed": [_change(change) for change in done.changed],
        "gaps": _days(card.gaps),
        "strays": _days(card.strays),
        "odd": _days(card.odd),
        "jumps": _days(card.jumps),
        "fetched_anew": done.anew,
    }


def show(done: Update, path: Path, words: Words, console: Console) -> None:
    """Print what is stored now."""
    stored, card = done.stored, done.stored.card
    table = Table(show_header=False)
    splits = ", ".join(f"{seam.split.day} {_ratio(seam)}" for seam in card.seams)
    rows = (
        (words.say("종목", "symbol"), f"{card.symbol} ({card.exchange}, {card.source})"),
        (words.say("기간", "period"), f"{stored.first} ~ {stored.last}"),
        (words.say("일봉", "daily bars"), f"{len(stored.bars)} (+{done.added})"),
        (words.say("반영한 분할", "splits repaired"), splits or words.say("없음", "none")),
        (words.say("일봉이 없는 거래일", "sessions without a bar"), str(len(card.gaps))),
        (words.say("파일", "file"), str(path)),
    )
    for row in rows:
        table.add_row(*row)
    console.print(table)


def warnings(done: Update, words: Words) -> Iterator[str]:
    """Say, one sentence each, what an owner should know before believing the bars."""
    card = done.stored.card
    if card.reason:
        yield words.say(
            f"한투가 도중에 끊겨 {card.whole_from}부터만 이어져 있습니다 ({card.reason}). 받은 "
            "것은 저장했습니다: 다시 실행하면 나머지를 받습니다.",
            f"KIS broke off, so the bars are whole from {card.whole_from} on only "
            f"({card.reason}). What came is stored: run it again for the rest.",
        )
    if done.anew:
        yield words.say(
            "저장된 파일이 저장할 때와 달라 처음부터 다시 받았습니다.",
            "The stored files were not as they were stored, so all was fetched anew.",
        )
    if done.changed:
        yield words.say(
            f"저장된 일봉을 한투가 다르게 보여 새 값으로 바꿨습니다: {_changes(done.changed)}",
            f"KIS shows stored bars differently, and its new figures were taken: "
            f"{_changes(done.changed)}",
        )
    for seam in done.new_seams:
        yield _seam_told(seam, words)
    yield from _days_told(done, words)
    if card.provisional:
        yield words.say(
            f"{card.provisional} 일봉은 잠정치입니다: 한투가 서울 정오까지 바로잡습니다.",
            f"The bar of {card.provisional} is provisional: KIS corrects it until noon in Seoul.",
        )


def _days_told(done: Update, words: Words) -> Iterator[str]:
    card = done.stored.card
    if card.gaps:
        yield words.say(
            f"한투에 일봉이 없는 거래일이 {len(card.gaps)}일 있습니다: {_few(card.gaps)}. 지어내지 "
            "않고 비워 두었습니다.",
            f"KIS has no bar of {counted(len(card.gaps), 'session')}: {_few(card.gaps)}. "
            "Nothing was put in their place.",
        )
    if card.strays:
        yield words.say(
            f"휴장일로 아는 날의 일봉이 있습니다: {_few(card.strays)}.",
            f"There are bars of days without a session: {_few(card.strays)}.",
        )
    if card.odd:
        yield words.say(
            f"시가나 종가가 고가·저가를 벗어난 일봉을 뺐습니다: {_few(card.odd)}.",
            "Bars whose open or close lies outside their high and low were left out: "
            f"{_few(card.odd)}.",
        )
    if card.jumps:
        yield words.say(
            f"분할처럼 뛰었지만 분할이라는 근거가 없어 그대로 둔 날이 있습니다: "
            f"{_few(card.jumps)}.",
            f"Prices jump as in a split that nothing confirms, and were left as they are: "
            f"{_few(card.jumps)}.",
        )


def _seam_told(seam: Seam, words: Words) -> str:
    day, ratio = seam.split.day, _ratio(seam)
    by = {
        Evidence.ANNOUNCED: words.say("한투 공시", "announced at KIS"),
        Evidence.ADJUSTED: words.say("한투 수정주가", "by KIS's adjusted prices"),
        Evidence.JUMP: words.say(
            "가격과 거래량으로 짐작: 확인해 주세요", "guessed from price and volume: look it up"
        ),
    }[seam.evidence]
    return words.say(
        f"{day} {ratio} 분할을 그 전 가격에 반영했습니다 ({by}).",
        f"The prices before {day} were brought over the {ratio} split ({by}).",
    )


def _split(seam: Seam) -> Document:
    split = seam.split
    return {
        "day": split.day.isoformat(),
        "new": split.new,
        "old": split.old,
        "evidence": seam.evidence.value,
    }


def _change(change: Change) -> Document:
    def bar(which: str) -> Document:
        bar = getattr(change, which)
        prices = {name: exact(getattr(bar, name)) for name in ("open", "high", "low", "close")}
        return prices | {"volume": bar.volume}

    return {
        "day": change.after.day.isoformat(),
        "before": bar("before"),
        "after": bar("after"),
    }


def _changes(changes: Sequence[Change]) -> str:
    told = [
        f"{change.after.day} {exact(change.before.close)} → {exact(change.after.close)}"
        for change in changes[:FEW]
    ]
    more = len(changes) - FEW
    return ", ".join(told) + (f", … (+{more})" if more > 0 else "")


def _ratio(seam: Seam) -> str:
    return f"{seam.split.new}:{seam.split.old}"


def _days(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _few(days: Sequence[date]) -> str:
    told = ", ".join(_days(days[:FEW]))
    more = len(days) - FEW
    return f"{told}, … (+{more})" if more > 0 else told
