"""What the owner set, checked before anything starts.

The names are those of `.env.example`; which place wins over which stands in `bot/written.py`.
"""

from bot.settings.model import DEFAULT_HOME, NAMES, Language, Settings
from bot.settings.reading import checked, home, language, load, written

__all__ = [
    "DEFAULT_HOME",
    "NAMES",
    "Language",
    "Settings",
    "checked",
    "home",
    "language",
    "load",
    "written",
]
