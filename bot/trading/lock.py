"""The emergency stop: anybody who may order may set it, and only a code or the console lifts it."""

from bot.bus import Bus
from bot.commands import AskLock, Kill, LockState, StopAnswer, Unlock
from bot.events import TradingKilled, TradingUnlocked
from bot.storage.standing import trading_of
from bot.trading.agreed import use
from bot.trading.cancelling import Cancelling
from bot.trading.codes import Codes
from bot.trading.model import CONSOLE
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading


class Lock:
    """Set the emergency stop and lift it."""

    def __init__(self, trading: Trading, codes: Codes) -> None:
        self._trading = trading
        self._desk = trading.desk
        self._codes = codes
        self._cancelling = Cancelling(trading)

    def register(self, bus: Bus) -> None:
        bus.handle(Kill, self.kill)
        bus.handle(Unlock, self.unlock)
        bus.handle(AskLock, self.state)

    async def kill(self, command: Kill) -> StopAnswer:
        """Let nothing go out from now on; then, when asked, cancel our open orders and look."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            await recording.record(TradingKilled(cancel=command.cancel, by=command.by))
        return await self._cancelling.halted(command.by, cancel=command.cancel)

    async def unlock(self, command: Unlock) -> None:
        """Lift the emergency stop; what is left is a stop, which is resumed by itself."""
        if await self._desk.views.trading() != "killed":
            raise Refusal(Why.NOT_KILLED)
        step = None
        if command.by != CONSOLE and self._codes.needed:
            step = await self._codes.step_of(command.code, command.by)
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            if await trading_of(recording.transaction) != "killed":
                raise Refusal(Why.NOT_KILLED)
            await self._codes.unused(recording.transaction, step)
            await recording.record(TradingUnlocked(by=command.by, step=step))

    async def state(self, command: AskLock) -> LockState:
        """Say whether the emergency stop is on, and what lifts it."""
        del command
        return LockState(
            killed=await self._desk.views.trading() == "killed",
            needs_code=self._codes.needed,
            has_secret=self._codes.known,
        )
