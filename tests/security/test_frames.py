"""A hundred thousand frames of anybody's: each is read, or dropped and counted; none does harm."""

import random
from datetime import datetime

import pytest

from kis.frames import FrameError, FrameKey, FrameReader, control
from kis.models import SEOUL
from tests.kis.fuzz.records import SAMPLES

FRAMES, SEED = 100_000, 20261128
NOON = datetime(2026, 10, 8, 12, 0, tzinfo=SEOUL)
PIECES = (
    "0|",
    "1|",
    "|",
    "^",
    "^^^^^^^^",
    "001",
    "999",
    "-1",
    "0x10",
    "1e9",
    "NaN",
    "Infinity",
    "\x00",
    "\ud800",
    "한글",
    "٣",
    "__import__('os').system('true')",
    "cposix\nsystem\n(S'true'\ntR.",
    "!!python/object/apply:os.system ['true']",
    "{" * 200,
    "A" * 5000,
    *SAMPLES,
)


def frame(chance: random.Random) -> str:
    """Make a frame up: a good one with something in it, or pieces of nothing."""
    if chance.random() < 0.6:
        tr_id = chance.choice(tuple(SAMPLES))
        words = list(SAMPLES[tr_id].words)
        for _ in range(chance.randrange(4)):
            words[chance.randrange(len(words))] = chance.choice(PIECES)
        count = chance.choice(("001", "001", "002", "099", "000", chance.choice(PIECES)))
        return f"{chance.choice('01')}|{tr_id}|{count}|{'^'.join(words)}"
    return "".join(chance.choices(PIECES, k=chance.randrange(1, 9)))


def test_no_frame_ends_the_reader_and_what_is_none_is_counted() -> None:
    chance, reader = random.Random(SEED), FrameReader(lambda: NOON)
    reader.keys = dict.fromkeys(SAMPLES, FrameKey(key="k" * 32, iv="v" * 16))
    told = 0
    for _ in range(FRAMES):
        told += len(reader.read(frame(chance)))
    assert told > FRAMES // 100
    assert reader.malformed.total() > FRAMES // 10


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"header":' * 50_000,
        '{"header": {"tr_id": "PINGPONG"}, "body": ' + "[" * 200_000 + "]" * 200_000 + "}",
        '{"header": {"tr_id": ' + "9" * 100_000 + "}}",
        '{"header": "\ud800"}',
        "null",
        "",
    ],
    ids=["open", "objects", "deep", "a long number", "half a letter", "null", "nothing"],
)
def test_a_message_without_a_bottom_is_refused_and_not_followed(text: str) -> None:
    with pytest.raises(FrameError):
        control(text)
