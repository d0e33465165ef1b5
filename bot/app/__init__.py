"""The composition root: builds every part, owns the clock, drives the ticks, and stops it all in order."""

from bot.app.looks import look_of
from bot.app.running import run
from bot.app.web import model_of

__all__ = ["look_of", "model_of", "run"]
