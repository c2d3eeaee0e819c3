"""A file that opens with a passphrase and with nothing else.

scrypt (RFC 7914; N=2^15, r=8, p=3: what OWASP names for 32 MiB) makes a key of the passphrase and a
salt; AES-256-GCM encrypts and vouches for the whole. In bytes: 8 of mark and format, 16 of salt, 12
of nonce, the ciphertext with its tag, and a SHA-256 of all that. The last one protects nothing: it
tells a file that was damaged on its way from a passphrase that is wrong.
"""

import hashlib
import os
import unicodedata

from bot.errors import MuhanError

MARK = b"MUHANSE1"
SALT, NONCE, TAG, DIGEST = 16, 12, 16, 32
_HEAD = len(MARK) + SALT + NONCE
_N, _R, _P = 2**15, 8, 3
_MEMORY = 64 * 2**20


class Unopened(MuhanError):
    """A sealed file was not opened: it is damaged, or the passphrase is another's."""


class WrongPassphrase(Unopened):
    """The file is whole; the passphrase is not the one that it was sealed with."""


def is_sealed(data: bytes) -> bool:
    """Tell a sealed file by its first bytes."""
    return data.startswith(MARK)


def sealed(data: bytes, passphrase: str) -> bytes:
    """Seal a file; the same file sealed twice is two different ones. Takes 32 MiB for a moment."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - once a day

    head = MARK + os.urandom(SALT + NONCE)
    cipher = AESGCM(_key(passphrase, head)).encrypt(head[-NONCE:], data, head)
    return head + cipher + hashlib.sha256(head + cipher).digest()


def unsealed(data: bytes, passphrase: str) -> bytes:
    """Open a sealed file. Raises Unopened for a damaged one, WrongPassphrase."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    body, digest = data[:-DIGEST], data[-DIGEST:]
    if len(body) < _HEAD + TAG or hashlib.sha256(body).digest() != digest:
        raise Unopened(
            "파일이 손상되었습니다: 끝까지 복사되었는지 보고, 다른 백업이 있으면 그것을 써 주세요.",
            "The file is damaged: see that it was copied whole, or use another backup.",
        )
    head = body[:_HEAD]
    try:
        return AESGCM(_key(passphrase, head)).decrypt(head[-NONCE:], body[_HEAD:], head)
    except InvalidTag:
        raise WrongPassphrase(
            "암호가 다릅니다: 이 백업을 만들 때의 MUHAN_BACKUP_PASSPHRASE를 적어 주세요. 그 암호 "
            "없이는 아무도 열 수 없습니다.",
            "The passphrase is another one: give the MUHAN_BACKUP_PASSPHRASE of when this backup "
            "was made. Without it nobody can open it.",
        ) from None


def _key(passphrase: str, head: bytes) -> bytes:
    # Hangul is typed in one form on a Mac and in another elsewhere; both have to open the file.
    word = unicodedata.normalize("NFC", passphrase).encode()
    salt = head[len(MARK) : len(MARK) + SALT]
    return hashlib.scrypt(word, salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32)
