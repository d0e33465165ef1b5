"""Tells the admins what somebody should look at: each matter once, until it is over."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.errors import CannotLook, Doubtful, NotSent, SendError, SendLater, StoreUnavailable, TokenRefused
from bot.governor import Governor, Priority
from bot.i18n import FALLBACK, Phrases, phrases
from bot.models import Message
from bot.ports import Clock, Messenger
from bot.shown_text import isolated

logger = logging.getLogger(__name__)

PAUSES = (2.0, 10.0)


def alert_text(speak: Phrases, key: str, facts: Mapping[str, object]) -> str:
    """Return the text of an alert; what a fact says stands as it is, but for reasons of ours that have texts, too."""
    return speak.say(key, **{name: _shown(speak, fact) for name, fact in facts.items()})


def _shown(speak: Phrases, fact: object) -> str:
    if isinstance(fact, tuple):
        return "; ".join(_shown(speak, one) for one in fact)
    if isinstance(fact, CannotLook):
        return speak.say(fact.key, count=fact.count)
    return isolated(str(fact), right_to_left=speak.right_to_left)


class AlertStore(Protocol):
    """Where it is kept which alerts stand (`store/outbox.py`)."""

    async def raise_alert(self, name: str, now: int) -> bool: ...  # noqa: D102
    async def lower_alert(self, name: str) -> bool: ...  # noqa: D102


class AdminAlerts:
    """Sends alerts to the admins' chats; a log line is written in any case, in English as all lines.

    Args:
        language: of the texts, one of `i18n.LANGUAGES`.
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
        language: str = FALLBACK,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._speak = phrases(language)
        self._store = store
        self._messenger = messenger
        self._governor = governor
        self._chats = chats
        self._now = now
        self._sleep = sleep
        self._not_stored: set[str] = set()

    async def tell(self, name: str, key: str, /, **facts: object) -> None:
        """Tell the admins the text of `key`, unless the alert `name` stands already."""
        try:
            first = await self._store.raise_alert(name, int(self._now())) and name not in self._not_stored
        except StoreUnavailable:
            first = name not in self._not_stored
            self._not_stored.add(name)
        if first:
            logger.warning("alert: name=%s text=%s", name, alert_text(phrases(FALLBACK), key, facts))
            await self._send(f"⚠️ {alert_text(self._speak, key, facts)}")

    async def clear(self, name: str, key: str = "", /, **facts: object) -> None:
        """Take an alert back; the text of `key`, if any, says that it is over, where it stood."""
        try:
            stood = await self._store.lower_alert(name) or name in self._not_stored
        except StoreUnavailable:
            return
        self._not_stored.discard(name)
        if stood and key:
            logger.info("alert over: name=%s", name)
            await self._send(f"✅ {alert_text(self._speak, key, facts)}")

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
