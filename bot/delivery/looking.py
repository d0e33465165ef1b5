"""Walks over the messages of a chat above a known id, patiently and without a trace."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from bot.errors import CannotLook, ChatClosed, ChatGone, ChatMoved, Doubtful, NotSent, SendLater, SendRefused
from bot.governor import Governor, Priority
from bot.ports import Outbox, Probed, Prober
from bot.schedule import retry_delay

logger = logging.getLogger(__name__)

T = TypeVar("T")
ABSENT_IN_A_ROW = 10
MOST_PROBES = 300
MOST_TRIES = 8
# Half an hour: as long as the server answers nothing at all, nothing can be sent either.
MOST_SILENT_TRIES = 64
LONGEST_PAUSE = 30.0
NOWHERE = 0


class Unclear(CannotLook):
    """Looking tells nothing about this chat's messages, in whatever way it is done."""


class TooManyStrangers(Unclear):
    """More messages of others stand there than can be looked at."""


class Looker:
    """Looks at messages that no row of the outbox accounts for."""

    def __init__(self, prober: Prober, governor: Governor, outbox: Outbox) -> None:
        self._prober = prober
        self._governor = governor
        self._outbox = outbox

    @property
    def sees(self) -> bool:
        """Say whether there is a chat through which messages can be seen, not only that they are there."""
        return self._prober.through != NOWHERE

    async def strangers(self, chat_id: int, base: int, *, most: int = MOST_PROBES) -> AsyncIterator[tuple[int, Probed]]:
        """Yield the messages above `base` that nobody has accounted for, until ten ids in a row are absent.

        Raises:
            TooManyStrangers: `most` ids were looked at, and there is no end.
            SendRefused: the chat cannot be looked into.
        """
        if not self.sees:
            raise CannotLook("there is no chat of the admins to look it up through", "doubt_no_chat")
        async for message_id, probed in self._walk(chat_id, base, self._see, most):
            yield message_id, probed

    async def is_empty(self, chat_id: int, base: int) -> bool:
        """Say whether nothing unaccounted for stands above `base`; this needs nobody's chat, and sends nothing.

        Raises:
            SendRefused: the chat cannot be looked into.
        """
        async for _ in self._walk(chat_id, base, self._feel, MOST_PROBES):
            return False
        return True

    async def _walk(
        self, chat_id: int, base: int, look: Callable[[int, int], Awaitable[T | None]], most: int
    ) -> AsyncIterator[tuple[int, T]]:
        absent = looked = 0
        for message_id in itertools.count(base + 1):
            if await self._outbox.is_known(chat_id, message_id):
                absent = 0
                continue
            if looked == most:
                raise TooManyStrangers(f"more than {most} unknown messages stand there", "doubt_too_many", most)
            found, looked = await look(chat_id, message_id), looked + 1
            absent = absent + 1 if found is None else 0
            if found is not None:
                yield message_id, found
            if absent == ABSENT_IN_A_ROW:
                return

    async def _see(self, chat_id: int, message_id: int) -> Probed | None:
        for attempt in range(1, MOST_TRIES + 1):
            if self._governor.closed_for(self._prober.through) > LONGEST_PAUSE:
                self._prober.pass_on()
            try:
                async with self._governor.turn(self._prober.through, Priority.PROBE) as turn:
                    probed = await self._prober.probe(chat_id, message_id)
                    turn.counts = probed is not None
                    return probed
            except SendLater as error:
                await self._governor.refused(self._prober.through, error.retry_after)
            except (NotSent, Doubtful) as error:
                logger.warning("probe unanswered: chat=%d message=%d error=%s", chat_id, message_id, error)
                if await self._feel(chat_id, message_id) is None:
                    return None
                await _pause(attempt)
            except (ChatGone, ChatClosed, ChatMoved) as error:
                raise SendRefused(str(error)) from error
        raise CannotLook("looking it up gets no answer", "doubt_silence")

    async def _feel(self, chat_id: int, message_id: int) -> bool | None:
        """Return True where a message stands and None where none does; while nobody answers, wait."""
        for attempt in range(1, MOST_SILENT_TRIES + 1):
            try:
                async with self._governor.turn(NOWHERE, Priority.PROBE) as turn:
                    turn.counts = False
                    return await self._prober.exists(chat_id, message_id) or None
            except SendLater as error:
                await self._governor.refused(NOWHERE, error.retry_after)
            except (NotSent, Doubtful) as error:
                logger.warning("server gives no answer: chat=%d message=%d error=%s", chat_id, message_id, error)
                await _pause(attempt)
            except (ChatGone, ChatClosed, ChatMoved) as error:
                raise SendRefused(str(error)) from error
        raise CannotLook("the server gives no answer", "doubt_silence")


async def _pause(attempt: int) -> None:
    await asyncio.sleep(min(LONGEST_PAUSE, retry_delay(attempt, chance=0.5)))
