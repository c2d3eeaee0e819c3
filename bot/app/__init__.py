"""The composition root: the only place where the bot's parts are made and joined."""

from bot.app.starting import Running, running

__all__ = ["Running", "running"]
