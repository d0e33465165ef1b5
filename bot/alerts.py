"""Tells the admins what somebody should look at: each matter once, until it is over."""

import logging
from collections.abc import Sequence
from typing import Protocol

from bot.errors import SendError, SendLater, SendRefused, StoreUnavailable, TokenRefused
from bot.governor import Governor, Priority
from bot.models import Message
from bot.ports import Clock, Messenger

logger = logging.getLogger(__name__)

MOST_TRIES = 3


class AlertStore(Protocol):
    """Where it is kept which alerts stand (`store/outbox.py`)."""

    async def raise_alert(self, name: str, now: int) -> bool: ...  # noqa: D102
    async def lower_alert(self, name: str) -> bool: ...  # noqa: D102


class AdminAlerts:
    """Sends alerts to the admins' chats; a log line is written in any case.

    Args:
        chats: the ids of the log chat, or of all admins, as they are at the time.
    """

    def __init__(
        self, *, store: AlertStore, messenger: Messenger, governor: Governor, chats: Sequence[int], now: Clock
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._governor = governor
        self._chats = chats
        self._now = now

    async def tell(self, name: str, text: str) -> None:
        """Tell the admins `text`, unless the alert `name` stands already."""
        try:
            first = await self._store.raise_alert(name, int(self._now()))
        except StoreUnavailable:
            first = True
        if first:
            logger.warning("alert: name=%s text=%s", name, text)
            await self._send(f"⚠️ {text}")

    async def clear(self, name: str, text: str = "") -> None:
        """Take an alert back; `text`, if any, says that it is over, where it stood."""
        try:
            stood = await self._store.lower_alert(name)
        except StoreUnavailable:
            return
        if stood and text:
            logger.info("alert over: name=%s", name)
            await self._send(f"✅ {text}")

    async def _send(self, text: str) -> None:
        message = Message(html="", plain=text[:4000])
        for chat_id in self._chats:
            try:
                await self._send_to(chat_id, message)
            except (SendError, TokenRefused) as error:
                logger.error("admin not reached: chat=%d error=%s", chat_id, error)

    async def _send_to(self, chat_id: int, message: Message) -> None:
        """Send, once more after a limit; where that lasts long, the turn itself refuses."""
        for _ in range(MOST_TRIES):
            async with self._governor.turn(chat_id, Priority.ANSWER):
                try:
                    await self._messenger.send(chat_id, message)
                except SendLater as error:
                    await self._governor.refused(chat_id, error.retry_after)
                else:
                    return
        raise SendRefused("refused by limits again and again")
