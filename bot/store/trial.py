"""Tries the database out, for `tidings check` and for the health check."""

from bot.store.database import Connection, Database


async def try_out(database: Database) -> int:
    """Write, read back and take away again; return how many articles are stored.

    Raises:
        StoreUnavailable: the database does not take it.
    """
    await database.write(_write_and_read_back)
    row = await database.read(lambda connection: connection.row("SELECT COUNT(*) FROM article"))
    return int(row[0]) if row else 0


def _write_and_read_back(connection: Connection) -> None:
    connection.run("CREATE TABLE trial (word TEXT NOT NULL)")
    connection.run("INSERT INTO trial (word) VALUES (?)", ("تجربة",))
    row = connection.row("SELECT word FROM trial")
    connection.run("DROP TABLE trial")
    if row != ("تجربة",):
        raise ValueError(f"the database gives back {row!r} for what was written; is its encoding UTF-8?")


async def longest_overdue(database: Database, now: int) -> int:
    """Return for how many seconds the feed that waits longest has been due; 0 where none is."""
    sql = "SELECT MIN(next_poll_at) FROM feed WHERE active = 1 AND stopped = 0"
    row = await database.read(lambda connection: connection.row(sql))
    return max(0, now - int(row[0])) if row and row[0] is not None else 0
