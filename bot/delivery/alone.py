"""Sees to it that one process alone sends from a database: a second one waits, and takes over when the first ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.errors import StoreUnavailable, TokenInUse

logger = logging.getLogger(__name__)

ASK_SECONDS = 0.5
LOOK_SECONDS = 5.0


class Alone:
    """Holds the right to send, and whatever sends waits for it.

    Args:
        may_send: asks the database for the right; True once and as long as this process has it.
        on_granted: called before anything is sent: what the process before has sent counts.
    """

    def __init__(self, may_send: Callable[[], Awaitable[bool]], on_granted: Callable[[], Awaitable[None]]) -> None:
        self._may_send = may_send
        self._on_granted = on_granted
        self._granted = asyncio.Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Ask for the right until it is there, and from then on look whether it still is.

        Raises:
            TokenInUse: another process has taken over.
        """
        told = False
        while not self._stopping.is_set():
            held = await self._ask()
            if held and not self._granted.is_set():
                self._granted.set()
            elif held is False and self._granted.is_set():
                raise TokenInUse("another process sends from this database now")
            elif held is False and not told:
                logger.warning("another process sends from this database: waiting for it to end")
                told = True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS if self._granted.is_set() else ASK_SECONDS)

    async def then(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` once the right is there; not at all where `stop` comes first."""
        await self._granted.wait()
        if not self._stopping.is_set():
            await work()

    async def only(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` if the right is there now."""
        if self._granted.is_set():
            await work()

    def stop(self) -> None:
        """Ask no more, and let go whoever waits."""
        self._stopping.set()
        self._granted.set()

    async def _ask(self) -> bool | None:
        """Return None where the database does not answer: whoever had the right before may still have it."""
        try:
            held = await self._may_send()
            if held and not self._granted.is_set():
                await self._on_granted()
        except StoreUnavailable as error:
            logger.error("right to send unknown: error=%s", error)
            return None
        return held
