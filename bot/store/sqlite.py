"""SQLite through aiosqlite: one connection that writes, one that only reads."""

import asyncio
import fcntl
import logging
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeVar

import aiosqlite

from bot.errors import StoreUnavailable
from bot.store.database import Connection, Parameters, Row

logger = logging.getLogger(__name__)

T = TypeVar("T")
BUSY_MILLISECONDS = 10_000


class SqliteConnection:
    """`Connection` on the standard library's module, used inside aiosqlite's thread only."""

    dialect = "sqlite"

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query."""
        return self._raw.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, or None."""
        found: Row | None = self._raw.execute(sql, parameters).fetchone()
        return found

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Carry out a statement and return how many rows it changed."""
        return self._raw.execute(sql, parameters).rowcount

    def run_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Carry out a statement once for each row of parameters."""
        self._raw.executemany(sql, parameters)


def _transaction(raw: sqlite3.Connection, begin: str, work: Callable[[Connection], T]) -> T:
    # A deferred BEGIN that turns into a write fails at once with 'database is locked': writers begin IMMEDIATE.
    try:
        raw.execute(begin)
        result = work(SqliteConnection(raw))
        raw.execute("COMMIT")
    except BaseException as error:
        with suppress(sqlite3.Error):
            if raw.in_transaction:
                raw.execute("ROLLBACK")
        if isinstance(error, (sqlite3.OperationalError, sqlite3.DatabaseError)) and not isinstance(
            error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)
        ):
            raise StoreUnavailable(f"SQLite: {error}") from error
        raise
    return result


class SqliteDatabase:
    """An SQLite file in WAL mode, `synchronous=FULL`: what was acknowledged survives a power cut."""

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._lock: IO[bytes] | None = None

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open or create the file, and its folder."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Where this fails, aiosqlite's thread would be left behind, and end with a traceback.
            sqlite3.connect(path).close()
            writer = await _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"cannot open {path}: {error}") from error
        reader = await _connect(path)
        await reader.execute("PRAGMA query_only=ON")
        return cls(path, writer, reader)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the reading connection, on one snapshot."""
        return await self._in_thread(self._reader, "BEGIN", work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` between BEGIN IMMEDIATE and COMMIT."""
        return await self._in_thread(self._writer, "BEGIN IMMEDIATE", work)

    async def may_send(self) -> bool:
        """Lock a file beside the database: the system gives it free when the process ends, however it ends."""
        if self._lock is not None:
            return True
        # A file of its own: closing any handle of the database's would drop SQLite's own locks on it.
        try:
            file = self._path.with_name(f"{self._path.name}-sending").open("ab")
        except OSError as error:
            raise StoreUnavailable(f"cannot lock {self._path}: {error}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        except OSError as error:
            # Some network file systems know no such locks; then it is for the admin that one process runs.
            logger.warning("no guard against a second process: file=%s error=%s", file.name, error)
        self._lock = file
        return True

    async def close(self) -> None:
        """Close both connections; what stands in the queue before is finished."""
        await self._reader.close()
        await self._writer.close()
        if self._lock is not None:
            self._lock.close()

    @staticmethod
    async def _in_thread(connection: aiosqlite.Connection, begin: str, work: Callable[[Connection], T]) -> T:
        # aiosqlite has no public call that runs a whole function in its thread; this one has been the
        # base of all its others since the first release, and the version is bounded (docs/decisions/0001).
        call = connection._execute(_transaction, connection._conn, begin, work)  # type: ignore[no-untyped-call]  # noqa: SLF001
        # A transaction whose caller is cancelled still runs to its end in the thread; so wait for the answer.
        result: T = await asyncio.shield(call)
        return result


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=512)
    try:
        await connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        await connection.execute("PRAGMA journal_mode=WAL")
        await connection.execute("PRAGMA synchronous=FULL")
        await connection.execute("PRAGMA foreign_keys=ON")
    except BaseException:
        await connection.close()
        raise
    return connection
