"""Tidings: a Telegram channel bot that republishes articles."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tidings-bot")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0"

HOME_PAGE = "https://github.com/tidings-bot/tidings"
