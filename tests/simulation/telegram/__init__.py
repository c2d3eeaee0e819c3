"""The simulated Telegram: no HTTP, no asyncio; the world's own time and chance."""
