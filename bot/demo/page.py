"""The demo with its page: everything runs until it is stopped, days pass by themselves."""

import asyncio
import socket
from collections.abc import Callable

from bot.demo.headless import minded
from bot.demo.stage import Stage
from bot.demo.world import World
from bot.errors import MuhanError
from bot.nursery import Nursery

HOST = "127.0.0.1"


class PortTaken(MuhanError):
    """Another program listens where the page was to be."""


async def serve(
    stage: Stage, world: World, *, dashboard: bool, on_ready: Callable[[str, str], None]
) -> None:
    """Open the stage and keep it open until cancelled.

    `on_ready` hears the page's address and the dashboard's, "" where none is wanted.
    """
    await stage.prepare(world)
    async with Nursery() as nursery:
        try:
            await stage.open_simulator()
            address = await stage.open_chat()
            panel = await stage.open_dashboard() if dashboard else ""
            await stage.open_bot()
            async with minded(stage, nursery):
                on_ready(address, panel)
                await asyncio.Event().wait()
        finally:
            await stage.close()


def refuse_taken(port: int) -> None:
    """Raise PortTaken, before anything is started, when the page could not be served at a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"포트 {port}번을 쓸 수 없습니다(다른 데모가 켜져 있나요?): "
                "--port로 다른 번호를 정하거나 --port 0으로 빈 포트를 쓰세요.",
                f"Port {port} cannot be used (is another demo running?): choose another with "
                "--port, or --port 0 for a free one.",
            ) from error
