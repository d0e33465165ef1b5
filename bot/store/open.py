"""Opens the database that DATABASE_URL names, and brings it up to date."""

import importlib
from pathlib import Path
from urllib.parse import unquote

from bot.errors import ConfigurationError
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.reindex import refresh_search
from bot.store.sqlite import SqliteDatabase

SQLITE_PREFIX = "sqlite:///"
POSTGRESQL_PREFIXES = ("postgresql://", "postgres://")


async def open_database(url: str) -> Database:
    """Open `sqlite:///path.db` (relative to the working folder; four slashes for an absolute path) or `postgresql://…`.

    Raises:
        ConfigurationError: the URL is of neither form, or the extra `postgres` is not installed.
        StoreUnavailable: the database cannot be opened.
    """
    database = await _connect(url)
    try:
        await database.write(migrate)
        await refresh_search(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _connect(url: str) -> Database:
    if url.startswith(SQLITE_PREFIX):
        return await SqliteDatabase.open(Path(unquote(url.removeprefix(SQLITE_PREFIX))))
    if url.startswith(POSTGRESQL_PREFIXES):
        try:
            module = importlib.import_module("bot.store.postgresql")
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                ["DATABASE_URL names PostgreSQL, but its driver is missing: pip install 'tidings-bot[postgres]'"]
            ) from error
        database: Database = module.PostgresqlDatabase(url)
        return database
    raise ConfigurationError(["DATABASE_URL must begin with sqlite:/// or postgresql://"])
