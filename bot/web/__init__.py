"""The bot's small web server: health, Telegram's webhook, and what hubs push (aiohttp)."""
