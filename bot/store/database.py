"""The driver port: what the stores need of a database, and no more.

A transaction is an ordinary function that takes a `Connection`; the driver runs it as a whole in its own thread.
One hop to the thread a transaction, not one a statement, is what makes asynchronous SQLite fast (docs/decisions/0001).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

Row = tuple[Any, ...]
Parameters = Sequence[Any]
T = TypeVar("T")


class Connection(Protocol):
    """Statements inside a running transaction. SQL uses `?` for bound parameters on every backend."""

    @property
    def dialect(self) -> str:
        """Return 'sqlite' or 'postgresql': only migrations and full-text search may ask."""

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query."""

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, or None."""

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Carry out a statement and return how many rows it changed."""

    def run_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Carry out a statement once for each row of parameters."""


class Database(Protocol):
    """An open database.

    Both calls raise `StoreUnavailable` where the database refuses; nothing of the transaction is stored then.
    """

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a consistent snapshot; it may not write."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` as one transaction: all of it is stored durably when this returns, or nothing."""

    async def may_send(self) -> bool:
        """Ask to be the one process that sends from here; True where this one is it, until it closes or ends.

        Ask again now and then: where the connection to a server was lost, another process may be it since.
        """

    async def close(self) -> None:
        """Finish what runs and close."""


def placeholders(count: int) -> str:
    """Return `?, ?, …` for an IN list of `count` values."""
    return ", ".join("?" * count)
