"""A sealed file opens with its passphrase, and with nothing else."""

import hashlib
import unicodedata

import pytest

from bot.sealing import MARK, Unopened, WrongPassphrase, is_sealed, sealed, unsealed

WORD = "rain coat seven lamp"
DATA = b"the trading record of a year" * 40


@pytest.fixture(scope="module")
def file() -> bytes:
    return sealed(DATA, WORD)


def test_what_was_sealed_is_opened_by_its_passphrase(file: bytes) -> None:
    assert is_sealed(file)
    assert not is_sealed(DATA)
    assert unsealed(file, WORD) == DATA
    assert b"trading" not in file


def test_the_same_file_sealed_twice_shares_neither_salt_nor_nonce(file: bytes) -> None:
    head = slice(len(MARK), len(MARK) + 28)
    assert sealed(DATA, WORD)[head] != file[head]


def test_another_passphrase_is_told_from_a_damaged_file(file: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        unsealed(file, WORD + "s")


@pytest.mark.parametrize("at", [0, 10, 30, 60, -1], ids=str)
def test_a_byte_that_changed_on_the_way_is_damage_and_costs_no_guess(file: bytes, at: int) -> None:
    broken = bytearray(file)
    broken[at] ^= 1
    with pytest.raises(Unopened) as told:
        unsealed(bytes(broken), WORD)
    assert not isinstance(told.value, WrongPassphrase)


@pytest.mark.parametrize("length", [0, 8, 67, 200])
def test_a_file_that_was_not_copied_whole_is_damage(file: bytes, length: int) -> None:
    with pytest.raises(Unopened, match="끝까지"):
        unsealed(file[:length], WORD)


def test_a_forged_head_with_a_right_checksum_is_no_file_of_ours(file: bytes) -> None:
    """The checksum protects nothing: the seal vouches for salt and nonce too."""
    body = bytearray(file[:-32])
    body[30] ^= 1
    with pytest.raises(WrongPassphrase):
        unsealed(bytes(body) + hashlib.sha256(body).digest(), WORD)


def test_a_passphrase_in_hangul_is_the_same_from_every_keyboard() -> None:
    composed = "비 오는 날의 우산 하나"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert unsealed(sealed(b"x", composed), decomposed) == b"x"
