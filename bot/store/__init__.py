"""The database: every query stands in this package, every transaction is one function."""

from bot.store.database import Connection, Database, Row
from bot.store.open import open_database
from bot.store.watched import Watched

__all__ = ["Connection", "Database", "Row", "Watched", "open_database"]
