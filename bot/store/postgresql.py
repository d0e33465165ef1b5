"""PostgreSQL through psycopg, for admins who already keep a server (the extra `postgres`)."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg

from bot.errors import StoreUnavailable
from bot.store.database import Connection, Parameters, Row

T = TypeVar("T")
SENDING_LOCK = 0x7464_6E67
"""The advisory lock of whoever sends; any number that no other program on the database is likely to choose."""


class PostgresqlConnection:
    """`Connection` on psycopg, used inside the driver's threads only."""

    dialect = "postgresql"

    def __init__(self, raw: "psycopg.Connection[Row]") -> None:
        self._raw = raw

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query."""
        return self._raw.execute(_translate(sql), parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, or None."""
        return self._raw.execute(_translate(sql), parameters).fetchone()

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Carry out a statement and return how many rows it changed."""
        return self._raw.execute(_translate(sql), parameters).rowcount

    def run_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Carry out a statement once for each row of parameters."""
        with self._raw.cursor() as cursor:
            cursor.executemany(_translate(sql), list(parameters))


def _translate(sql: str) -> Any:  # psycopg's Query wants a literal; ours are constants put together in this package
    return sql.replace("%", "%%").replace("?", "%s")


class _Lane:
    """One connection with a thread of its own, opened again when the server dropped it."""

    def __init__(self, url: str, *, read_only: bool) -> None:
        self._url = url
        self._read_only = read_only
        self._raw: psycopg.Connection[Row] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postgresql")

    async def run(self, work: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._thread, self._transaction, work))

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _transaction(self, work: Callable[[Connection], T]) -> T:
        try:
            raw = self._connected()
            with raw.transaction():
                return work(PostgresqlConnection(raw))
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self._disconnect()
            raise StoreUnavailable(f"PostgreSQL: {str(error).strip()}") from error

    def _connected(self) -> "psycopg.Connection[Row]":
        if self._raw is None or self._raw.closed:
            self._raw = psycopg.connect(
                self._url, autocommit=True, connect_timeout=10, keepalives_idle=30, keepalives_interval=10
            )
            # A commit that the server acknowledged must be on its disk, whatever its default is.
            self._raw.execute("SET synchronous_commit TO on")
            if self._read_only:
                self._raw.execute("SET default_transaction_read_only TO on")
                self._raw.execute("SET default_transaction_isolation TO 'repeatable read'")
        return self._raw

    def _disconnect(self) -> None:
        if self._raw is not None:
            self._raw.close()
            self._raw = None


class PostgresqlDatabase:
    """A PostgreSQL database: one connection that writes, one that only reads, and one that holds the right to send."""

    def __init__(self, url: str) -> None:
        self._writer = _Lane(url, read_only=False)
        self._reader = _Lane(url, read_only=True)
        self._keeper = _Lane(url, read_only=True)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only transaction on one snapshot."""
        return await self._reader.run(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` as one transaction."""
        return await self._writer.run(work)

    async def may_send(self) -> bool:
        """Take an advisory lock, or see that it is still there: it lives as long as the connection that took it."""
        return await self._keeper.run(_has_sending_lock)

    async def close(self) -> None:
        """Finish what runs and close the connections."""
        await self._keeper.close()
        await self._reader.close()
        await self._writer.close()


def _has_sending_lock(connection: Connection) -> bool:
    # A key of the schema's own: two programs in two schemas of one database do not wait for each other.
    key = f"{SENDING_LOCK}, hashtext(current_schema())"
    held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = ?"
    if connection.row(held, (SENDING_LOCK,)) is not None:
        return True
    row = connection.row(f"SELECT pg_try_advisory_lock({key})")
    return bool(row and row[0])
