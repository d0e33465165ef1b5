"""The use case 'due feeds become stored articles': each feed for itself, and nothing stored by halves."""

from bot.poller.poller import Poller
from bot.poller.push import LEAST_PING_SECONDS
from bot.poller.tools import PollSettings, PollTools

__all__ = ["LEAST_PING_SECONDS", "PollSettings", "PollTools", "Poller"]
