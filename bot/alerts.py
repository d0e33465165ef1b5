"""Tells the admins what somebody should look at: each matter once, until it is over."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.errors import Doubtful, NotSent, SendError, SendLater, StoreUnavailable, TokenRefused
from bot.governor import Governor, Priority
from bot.models import Message
from bot.ports import Clock, Messenger

logger = logging.getLogger(__name__)

PAUSES = (2.0, 10.0)


class AlertStore(Protocol):
    """Where it is kept which alerts stand (`store/outbox.py`)."""

    async def raise_alert(self, name: str, now: int) -> bool: ...  # noqa: D102
    async def lower_alert(self, name: str) -> bool: ...  # noqa: D102


class AdminAlerts:
    """Sends alerts to the admins' chats; a log line is written in any case.

    Args:
        chats: the ids of the log chat, or of all admins, as they are at the time.
        sleep: how to wait before an alert that got no answer is sent again.
    """

    def __init__(
        self,
        *,
        store: AlertStore,
        messenger: Messenger,
        governor: Governor,
        chats: Sequence[int],
        now: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._governor = governor
        self._chats = chats
        self._now = now
        self._sleep = sleep
        self._not_stored: set[str] = set()

    async def tell(self, name: str, text: str) -> None:
        """Tell the admins `text`, unless the alert `name` stands already."""
        try:
            first = await self._store.raise_alert(name, int(self._now())) and name not in self._not_stored
        except StoreUnavailable:
            first = name not in self._not_stored
            self._not_stored.add(name)
        if first:
            logger.warning("alert: name=%s text=%s", name, text)
            await self._send(f"⚠️ {text}")

    async def clear(self, name: str, text: str = "") -> None:
        """Take an alert back; `text`, if any, says that it is over, where it stood."""
        try:
            stood = await self._store.lower_alert(name) or name in self._not_stored
        except StoreUnavailable:
            return
        self._not_stored.discard(name)
        if stood and text:
            logger.info("alert over: name=%s", name)
            await self._send(f"✅ {text}")

    async def _send(self, text: str) -> None:
        message = Message(html="", plain=text[:4000])
        for chat_id in tuple(self._chats):
            try:
                await self._send_patiently(chat_id, message)
            except (SendError, TokenRefused) as error:
                logger.error("admin not reached: chat=%d error=%s", chat_id, error)

    async def _send_patiently(self, chat_id: int, message: Message) -> None:
        """An alert is told once, so it is worth a second and a third try; one that comes twice does no harm."""
        for pause in PAUSES:
            rest = pause
            async with self._governor.turn(chat_id, Priority.ANSWER):  # refuses where a limit lasts long
                try:
                    await self._messenger.send(chat_id, message)
                except SendLater as error:
                    await self._governor.refused(chat_id, error.retry_after)
                    rest = 0.0
                except (NotSent, Doubtful) as error:
                    logger.warning("alert not answered: chat=%d error=%s", chat_id, error)
                else:
                    return
            await self._sleep(rest)
        async with self._governor.turn(chat_id, Priority.ANSWER):
            await self._messenger.send(chat_id, message)
