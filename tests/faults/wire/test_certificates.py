"""The other side of the line shows a certificate that is not KIS's: nothing is written to it.

A real TLS server on loopback with certificates made here. The client runs in a process of its own
that trusts the test's authority, so that what is refused is each certificate's own fault.
"""

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.faults.wire import client

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=3650)
Key = ec.EllipticCurvePrivateKey


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Somebody who signs certificates."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._built("authority", self.key, alternatives=None, ends=NOW + YEARS)

    def certify(
        self, folder: Path, *, alternatives: list[x509.GeneralName], ends: datetime
    ) -> Path:
        """Write a server's certificate and key into one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._built("server", key, alternatives=alternatives, ends=ends)
        path = folder / f"{certificate.serial_number}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def _built(
        self, name: str, key: Key, *, alternatives: list[x509.GeneralName] | None, ends: datetime
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - YEARS)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=alternatives is None, path_length=None), True)
        )
        if alternatives is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), False)
        return builder.sign(self.key, hashes.SHA256())


HERE: list[x509.GeneralName] = [x509.IPAddress(ip_address("127.0.0.1"))]
ELSEWHERE: list[x509.GeneralName] = [x509.DNSName("openapi.koreainvestment.com")]


def certificate(kind: str, ours: Authority, folder: Path) -> Path:
    match kind:
        case "good":
            return ours.certify(folder, alternatives=HERE, ends=NOW + YEARS)
        case "another name":
            return ours.certify(folder, alternatives=ELSEWHERE, ends=NOW + YEARS)
        case "expired":
            return ours.certify(folder, alternatives=HERE, ends=NOW - timedelta(days=1))
        case _:
            return Authority().certify(folder, alternatives=HERE, ends=NOW + YEARS)


@asynccontextmanager
async def tls_server(pem: Path, heard: list[bytes]) -> AsyncIterator[str]:
    """Answer every request with success; note what came through the TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    body = json.dumps(
        {"rt_cd": "0", "msg_cd": "APBK0013", "output": {"ODNO": "0000000077"}, "approval_key": "k"}
    ).encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def told_by_a_client(url: str, trusted: Path, folder: Path) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", client.__name__, url, str(folder)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "SSL_CERT_FILE": str(trusted)},
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    told: list[str] = json.loads(out)
    return told


@pytest.mark.fault(20)
@pytest.mark.parametrize("kind", ["another authority", "another name", "expired"])
async def test_a_wrong_certificate_gets_no_byte_of_an_order_and_is_said(
    kind: str, tmp_path: Path
) -> None:
    ours, heard = Authority(), list[bytes]()
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(ours.certificate.public_bytes(serialization.Encoding.PEM))
    async with tls_server(certificate(kind, ours, tmp_path), heard) as url:
        order, read = await told_by_a_client(url, trusted, tmp_path)
    assert order.startswith("OrderNotSent: "), order
    assert "ertificate" in order, order
    assert "ertificate" in read, read
    assert heard == []


async def test_the_right_certificate_is_taken(tmp_path: Path) -> None:
    ours, heard = Authority(), list[bytes]()
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(ours.certificate.public_bytes(serialization.Encoding.PEM))
    async with tls_server(certificate("good", ours, tmp_path), heard) as url:
        told = await told_by_a_client(url, trusted, tmp_path)
    assert told == ["77", "read"]
    assert len(heard) == 2


@pytest.mark.fault(20)
def test_nowhere_in_the_program_is_a_certificate_left_unchecked() -> None:
    ways = ("ssl=False", "verify=False", "verify_ssl", "CERT_NONE", "check_hostname = False")
    sources = [path for room in ("bot", "kis") for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 200
    assert [
        (path.name, way) for path in sources for way in ways if way in path.read_text("utf-8")
    ] == []
