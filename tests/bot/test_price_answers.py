"""What an owner is told about stored bars, in both languages, and what a program reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import price_answers as answers
from bot.console_words import Words
from bot.laboratory.price_seams import Evidence, Seam
from bot.laboratory.price_store import Card, Stored
from bot.laboratory.price_update import Change, Update
from strategy.corporate_actions import SplitOn
from tests.bot.laboratory.price_table import LAST, NOON_AFTER, bar, sessions, traded

DAYS = sessions(30)
BARS = tuple(traded(DAYS))
KO, EN = Words("ko"), Words("en")
CARD = Card(
    symbol="TQQQ",
    exchange="NASDAQ",
    source="KIS",
    asked_at=NOON_AFTER,
    whole_from=DAYS[0],
    earliest=True,
    reason="",
    provisional=None,
    seams=(),
    gaps=(),
    strays=(),
    odd=(),
    jumps=(),
    sha256="0" * 64,
)
QUIET = Update(
    stored=Stored(card=CARD, bars=BARS),
    added=3,
    corrected=(),
    changed=(),
    new_seams=(),
    anew=False,
)
SEAMS = tuple(
    Seam(split=SplitOn(day=DAYS[place], new=2, old=1), evidence=evidence)
    for place, evidence in enumerate(Evidence, 5)
)


def _with(**card: object) -> Update:
    changed = replace(CARD, **card)  # type: ignore[arg-type]  # a card's fields by name
    return replace(QUIET, stored=Stored(card=changed, bars=BARS))


def test_a_quiet_update_needs_no_word() -> None:
    assert list(answers.warnings(QUIET, KO)) == []
    document = answers.document(QUIET, Path("TQQQ.csv"))
    assert (document["bars"], document["added"], document["complete"]) == (30, 3, True)
    assert (document["first"], document["last"]) == (str(DAYS[0]), str(LAST))
    assert document["asked_at"] == "2026-11-21T13:00:00+09:00"


@pytest.mark.parametrize(
    ("update", "korean", "english"),
    [
        (_with(reason="page 2 failed: HTTP 500"), "도중에 끊겨", "page 2 failed: HTTP 500"),
        (replace(QUIET, anew=True), "처음부터 다시", "fetched anew"),
        (_with(gaps=tuple(DAYS[:7])), "7일 있습니다", f"{DAYS[4]}, … (+2). Nothing was put in"),
        (_with(strays=(DAYS[1],)), "휴장일로 아는", f"without a session: {DAYS[1]}"),
        (_with(odd=(DAYS[1],)), "벗어난 일봉", "outside their high and low"),
        (_with(jumps=(DAYS[1],)), "분할처럼 뛰었지만", "nothing confirms"),
        (_with(provisional=LAST), "잠정치", f"{LAST} is provisional"),
    ],
)
def test_what_an_owner_should_know_is_one_sentence_each(
    update: Update, korean: str, english: str
) -> None:
    (told,) = answers.warnings(update, KO)
    assert korean in told
    (told,) = answers.warnings(update, EN)
    assert english in told


def test_a_bar_that_changed_is_told_with_both_closes() -> None:
    changes = tuple(Change(before=bar(day, "60.25"), after=bar(day, 61)) for day in DAYS[:6])
    update = replace(QUIET, changed=changes)
    (told,) = answers.warnings(update, EN)
    assert f"{DAYS[0]} 60.25 → 61" in told
    assert told.endswith("… (+1)")
    first = answers.document(update, Path("x"))["changed"][0]
    assert first["day"] == str(DAYS[0])
    assert (first["before"]["close"], first["after"]["high"]) == ("60.25", "62")
    # What had been provisional is in the document, and needs no sentence.
    quiet = replace(QUIET, corrected=changes[:1])
    assert list(answers.warnings(quiet, EN)) == []
    assert len(answers.document(quiet, Path("x"))["corrected"]) == 1


def test_every_new_split_is_told_with_its_witness() -> None:
    told = list(answers.warnings(replace(QUIET, new_seams=SEAMS), EN))
    assert [
        words in sentence
        for words, sentence in zip(
            ("announced at KIS", "KIS's adjusted prices", "guessed"), told, strict=True
        )
    ] == [True, True, True]
    document = answers.document(replace(QUIET, new_seams=SEAMS), Path("x"))
    assert document["new_splits"][2] == {
        "day": str(DAYS[7]),
        "new": 2,
        "old": 1,
        "evidence": "jump",
    }
