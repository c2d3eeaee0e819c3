"""KIS on this machine: account, orders, a market and its clock behind KIS's REST and websocket."""

from kis.simulator.config import Pace, PaceKind, SimulatorConfig
from kis.simulator.entry import serve
from kis.simulator.market import seeded_bars
from kis.simulator.model import Bar, Session

__all__ = ["Bar", "Pace", "PaceKind", "Session", "SimulatorConfig", "seeded_bars", "serve"]
