"""Walks over the messages of a chat above a known id, patiently and without a trace."""

import asyncio
import logging
from collections.abc import AsyncIterator

from bot.errors import Doubtful, NotSent, SendLater, SendRefused
from bot.governor import Governor, Priority
from bot.ports import Outbox, Probed, Prober
from bot.schedule import retry_delay

logger = logging.getLogger(__name__)

ABSENT_IN_A_ROW = 10
MOST_PROBES = 300
MOST_TRIES = 8


class TooManyStrangers(SendRefused):
    """More messages of others stand there than can be looked at."""


class Looker:
    """Looks at messages that no row of the outbox accounts for."""

    def __init__(self, prober: Prober, governor: Governor, outbox: Outbox) -> None:
        self._prober = prober
        self._governor = governor
        self._outbox = outbox

    async def strangers(self, chat_id: int, base: int) -> AsyncIterator[tuple[int, Probed]]:
        """Yield the messages above `base` that nobody has accounted for, until ten ids in a row are absent.

        Raises:
            TooManyStrangers: three hundred ids were looked at, and there is no end.
            SendRefused: the chat cannot be looked into.
        """
        absent = 0
        for message_id in range(base + 1, base + 1 + MOST_PROBES):
            if await self._outbox.is_known(chat_id, message_id):
                absent = 0
                continue
            probed = await self._probe(chat_id, message_id)
            absent = absent + 1 if probed is None else 0
            if probed is not None:
                yield message_id, probed
            if absent == ABSENT_IN_A_ROW:
                return
        raise TooManyStrangers(f"more than {MOST_PROBES} messages stand there that I do not know")

    async def _probe(self, chat_id: int, message_id: int) -> Probed | None:
        for attempt in range(1, MOST_TRIES + 1):
            try:
                async with self._governor.turn(self._prober.through, Priority.PROBE):
                    return await self._prober.probe(chat_id, message_id)
            except SendLater as error:
                await self._governor.refused(self._prober.through, error.retry_after)
            except (NotSent, Doubtful) as error:
                logger.warning("probe unanswered: chat=%d message=%d error=%s", chat_id, message_id, error)
                await asyncio.sleep(min(30.0, retry_delay(attempt, chance=0.5)))
        raise SendRefused("looking it up gets no answer")
