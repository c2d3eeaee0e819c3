"""Broken websocket frames: read as they literally stand, or dropped and counted; never a guess.

A tenth of 100,000 frames in the ordinary run; all of them with KIS_FUZZ=full.
"""

import base64
import json
import re
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from kis import frames
from kis.frames import FrameError, FrameKey, FrameReader, Told, control
from kis.models import SEOUL
from tests.kis.fuzz.fields import COLUMNS, declared
from tests.kis.fuzz.mutation import Mutator, share
from tests.kis.fuzz.oracle import Case, strangers
from tests.kis.fuzz.records import SAMPLES, columns

FRAMES = share(100_000, of=len(SAMPLES) + 1)
SEED = 7
NOON = datetime(2026, 10, 8, 12, 0, tzinfo=SEOUL)
KEY = FrameKey(key="k" * 32, iv="v" * 16)
HEAD = re.compile(r"[01]\|[^|]*\|([0-9]{1,4})\|(.*)", re.DOTALL)


def seal(text: str) -> str:
    padder = PKCS7(128).padder()
    padded = padder.update(text.encode("utf-8", "surrogatepass")) + padder.finalize()
    sealer = Cipher(algorithms.AES(KEY.key.encode()), modes.CBC(KEY.iv.encode())).encryptor()
    return base64.b64encode(sealer.update(padded) + sealer.finalize()).decode()


def reader() -> FrameReader:
    made = FrameReader(lambda: NOON)
    made.keys = dict.fromkeys(SAMPLES, KEY)
    return made


def sent(plain: str, *, sealed: bool) -> str:
    """Give a frame as it comes: sealed where its TR id is."""
    parts = plain.split("|", 3)
    if not sealed or len(parts) < 4 or parts[0] != "0":
        return plain
    return "|".join(("1", *parts[1:3], seal(parts[3])))


def case_of(tr_id: str) -> Case:
    def read(row: dict[str, str]) -> object:
        payload = "^".join(row.values())
        return reader().read(sent(f"0|{tr_id}|001|{payload}", sealed=SAMPLES[tr_id].sealed))

    return SAMPLES[tr_id].case(read)


def records(plain: str) -> list[dict[str, str]]:
    """Cut a frame into records by its count, as plainly as can be; none where that cannot be.

    A last column that is begun and blank is taken for none: trades are read all the same then.
    """
    return _cut(plain) or _cut(plain.removesuffix("^"))


def _cut(plain: str) -> list[dict[str, str]]:
    found = HEAD.fullmatch(plain)
    if found is None or int(found[1]) == 0:
        return []
    count, words = int(found[1]), found[2].split("^")
    width, rest = divmod(len(words), count)
    if rest or not width:
        return []
    return [columns(words[at : at + width]) for at in range(0, len(words), width)]


def test_every_tr_id_that_is_read_has_a_record_to_be_broken() -> None:
    assert set(frames._READERS) | {frames._DOMESTIC_BOOKS} == set(SAMPLES)


@pytest.mark.parametrize("tr_id", SAMPLES)
@pytest.mark.fault(77)
def test_a_broken_frame_is_read_as_it_stands_or_counted(tr_id: str) -> None:
    sample, case = SAMPLES[tr_id], case_of(tr_id)
    origins = case.origins()
    assert origins == declared(COLUMNS[tr_id])
    mutator, steady = Mutator(SEED), reader()
    told = dropped = 0
    for _ in range(FRAMES):
        count = mutator.rng.choice((1, 1, 2, 3))
        whole = f"0|{tr_id}|{count:03}|" + "^".join(sample.words * count)
        plain = mutator.frame(whole)
        before = steady.malformed.total()
        items = steady.read(sent(plain, sealed=sample.sealed))
        counted = steady.malformed.total() - before
        told, dropped = told + len(items), dropped + counted
        for item in items:
            assert _stands(case, origins, item, plain), (item, plain)
        if plain.startswith(f"0|{tr_id}|"):
            cut = records(plain)
            assert len(items) + counted == len(cut) or (not items and counted == 1), plain
    assert told > 0
    assert dropped > 0


def _stands(case: Case, origins: dict[str, frozenset[str]], item: Told, plain: str) -> bool:
    """Tell whether one record of the frame says all that an item does."""
    if case.sample in records(plain) and [item] == case.read(case.sample):
        return True
    return any(not list(strangers(case, origins, item, [row])) for row in records(plain))


@pytest.mark.fault(77)
def test_a_broken_message_is_refused_or_read_as_it_stands() -> None:
    mutator = Mutator(SEED)
    body = {"rt_cd": "0", "msg_cd": "OPSP0000", "msg1": "SUBSCRIBE SUCCESS"}
    body |= {"output": {"iv": KEY.iv, "key": KEY.key}}  # type: ignore[dict-item]  # KIS nests it
    header = {"tr_id": "H0GSCNI0", "tr_key": "HTSID001", "encrypt": "Y"}
    message = {"header": header, "body": body}
    read = refused = 0
    for _ in range(FRAMES):
        raw = mutator.body(message).decode("utf-8", "replace")
        try:
            said = control(raw)
        except FrameError:
            refused += 1
            continue
        read += 1
        words = json.dumps(json.loads(raw), ensure_ascii=False)
        key = said.frame_key or FrameKey(key="", iv="")
        for word in (said.tr_id, said.tr_key, said.result, said.code, key.key, key.iv):
            assert json.dumps(word, ensure_ascii=False)[1:-1] in words, raw
    assert read > 0
    assert refused > 0
