"""A bell that wakes everyone who waits for it, once."""

import asyncio


class Bell:
    """Let long polls wait for a change; a bell that was silenced for good never makes them wait."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.silenced = False

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    def silence(self) -> None:
        """Wake everyone and let nobody wait again: the server stops."""
        self.silenced = True
        self.ring()

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or after so many seconds of real time."""
        if self.silenced or seconds <= 0:
            return
        event = self._event
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
