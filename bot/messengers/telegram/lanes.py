"""Lanes for updates: those of one chat are handled one after the other, those of different chats side by side."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update

logger = logging.getLogger(__name__)

MOST_AT_WORK = 256
LONGEST_STOP = 5.0


class UpdateLanes:
    """Both ways in, long polling and webhook, hand their updates to the same lanes.

    Args:
        handle: handles one update; what it raises ends that update alone.
    """

    def __init__(self, handle: Callable[[Update], Awaitable[None]]) -> None:
        self._handle = handle
        self._lanes: dict[int, asyncio.Task[None]] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much is at work that nothing more should be taken for now."""
        return len(self._lanes) >= MOST_AT_WORK

    async def take(self, updates: Sequence[Update], patience: float) -> None:
        """Let updates enter their lanes, and wait for them to be handled for `patience` seconds at most."""
        tasks = [self._enter(update) for update in updates]
        await asyncio.wait(tasks, timeout=patience)

    async def wait_for_place(self) -> None:
        """Wait until one more of the lanes is empty."""
        await asyncio.wait(list(self._lanes.values()), return_when=asyncio.FIRST_COMPLETED)

    async def finish(self) -> None:
        """Let what is at work end, within a few seconds."""
        if self._lanes:
            await asyncio.wait(list(self._lanes.values()), timeout=LONGEST_STOP)

    def cancel(self) -> None:
        """End what is still at work."""
        for task in list(self._lanes.values()):
            task.cancel()

    def _enter(self, update: Update) -> asyncio.Task[None]:
        whose = update.effective_chat or update.effective_user  # an inline query tells no chat
        lane = whose.id if whose else 0
        task = asyncio.create_task(self._after(self._lanes.get(lane), update))
        self._lanes[lane] = task
        task.add_done_callback(lambda done: self._lanes.pop(lane) if self._lanes.get(lane) is done else None)
        return task

    async def _after(self, earlier: asyncio.Task[None] | None, update: Update) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        try:
            await self._handle(update)
        except Exception:  # the bulkhead: one update may fail, the others go on
            logger.exception("update failed: update=%d", update.update_id)
