"""Telegram: the only door through which python-telegram-bot and its httpx come in."""

import os

# python-telegram-bot warns whenever a duration is read as a number; with this it gives timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "true")
