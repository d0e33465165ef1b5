"""A database that remembers its last refusal, so that somebody can look whether it still stands."""

from collections.abc import Callable
from typing import TypeVar

from bot.errors import StoreUnavailable
from bot.store.database import Connection, Database

T = TypeVar("T")


class Watched:
    """A `Database` around another one.

    Attributes:
        refusal: what the database said when it last refused; '' once somebody has found it well and says so.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.refusal = ""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read, and remember a refusal."""
        try:
            return await self._database.read(work)
        except StoreUnavailable as error:
            self.refusal = str(error)
            raise

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Write, and remember a refusal."""
        try:
            return await self._database.write(work)
        except StoreUnavailable as error:
            self.refusal = str(error)
            raise

    async def may_send(self) -> bool:
        """Ask to be the one process that sends."""
        return await self._database.may_send()

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()
