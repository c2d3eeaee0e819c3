"""KIS on this machine: account, orders, a market and its clock behind KIS's REST and websocket.

The world stands here: the exchange with its book, ledger and closing auction, the markets, the
clock, the named faults, and the server in front of them. Around it: `desks/` words KIS's REST
answers, `sockets/` its websocket, `surface/` is the control surface, `live/` the exchange on KIS's
own prices.
"""

from kis.simulator.config import Pace, PaceKind, SimulatorConfig
from kis.simulator.entry import serve
from kis.simulator.market import seeded_bars
from kis.simulator.model import Bar, Session

__all__ = ["Bar", "Pace", "PaceKind", "Session", "SimulatorConfig", "seeded_bars", "serve"]
