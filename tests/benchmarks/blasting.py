"""A websocket server on loopback that sends a file's frames as fast as the other side reads them.

It is written by hand on plain streams, so that it is faster than any client. The first message of a
client (a registration) is acknowledged and sets it off. Prints its port as its first line.
"""

import asyncio
import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

AT_ONCE = 200
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def framed(text: str) -> bytes:
    """Word a text message as a server's websocket frame."""
    data = text.encode()
    if len(data) < 126:
        return bytes([0x81, len(data)]) + data
    if len(data) < 1 << 16:
        return b"\x81\x7e" + struct.pack("!H", len(data)) + data
    return b"\x81\x7f" + struct.pack("!Q", len(data)) + data


async def message(reader: asyncio.StreamReader) -> str:
    """Read one short message of a client, which is masked."""
    _, length = await reader.readexactly(2)
    size = length & 0x7F
    if size == 126:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
    mask = await reader.readexactly(4)
    data = await reader.readexactly(size)
    return bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)).decode()


async def serve(
    frames: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    names = dict(line.split(b": ", 1) for line in head[1:] if b": " in line)
    key = {name.lower(): value for name, value in names.items()}[b"sec-websocket-key"]
    accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())  # noqa: S324 - the protocol's
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    wanted = json.loads(await message(reader))["body"]["input"]
    ack = {
        "header": {**wanted, "encrypt": "N"},
        "body": {"rt_cd": "0", "msg_cd": "OPSP0000", "msg1": "SUBSCRIBE SUCCESS"},
    }
    writer.write(framed(json.dumps(ack)))
    for at in range(0, len(frames), AT_ONCE):
        writer.write(b"".join(frames[at : at + AT_ONCE]))
        await writer.drain()
    await reader.read()
    writer.close()


async def main() -> None:
    texts: list[str] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    frames = [framed(text) for text in texts]
    server = await asyncio.start_server(
        lambda reader, writer: serve(frames, reader, writer), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
