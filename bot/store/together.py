"""Writes that come at the same time share a transaction: what a commit costs, a flush to the disk, is paid once."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from bot.store.database import Connection, Database

T = TypeVar("T")
Work = Callable[[Connection], Any]


class Together:
    """Groups writes that may be carried out in any company; while one group is stored, the next one gathers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._running: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which can be repeated, in a transaction: when this returns, it is stored durably.

        Raises:
            StoreUnavailable: nothing of it was stored.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="group commit")
        return await done

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._store(group)
            except Exception as error:  # noqa: BLE001 - whoever waits gets it
                if len(group) == 1:
                    _fail(group[0][1], error)
                else:
                    await self._store_one_by_one(group)

    async def _store(self, group: list[tuple[Work, asyncio.Future[Any]]]) -> None:
        results = await self._database.write(lambda connection: [work(connection) for work, _ in group])
        for (_, done), result in zip(group, results, strict=True):
            if not done.done():
                done.set_result(result)

    async def _store_one_by_one(self, group: list[tuple[Work, asyncio.Future[Any]]]) -> None:
        """One that fails takes no other along."""
        for pair in group:
            try:
                await self._store([pair])
            except Exception as error:  # noqa: BLE001 - whoever waits gets it
                _fail(pair[1], error)


def _fail(done: "asyncio.Future[Any]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
