"""A local Telegram Bot API server with a chat page for the browser.

The bot's side follows https://core.telegram.org/bots/api; the owner's side under `/chat/` serves
the page and programs that play the owner. It imports nothing of ours: the bot cannot tell it from
Telegram.
"""

from bot.chat.config import ChatConfig
from bot.chat.server import serve

__all__ = ["ChatConfig", "serve"]
