"""Sends what answers a call; a reader waits for it, so it is tried again, but not for long."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.calls import Call, Reply
from bot.errors import ChatGone, ChatMoved, Doubtful, MarkupRefused, NotSent, SendError, SendLater
from bot.models import Message
from bot.ports import Messenger

logger = logging.getLogger(__name__)

TRIES = 3
LONGEST_WAIT = 30.0
PAUSE = 1.0

Send = Callable[[int, Message], Awaitable[object]]


class Replies:
    """Carries replies out through a paced messenger.

    Args:
        messenger: sends and edits.
        on_gone: told when a chat does not want us any more.
        on_moved: told when a group has a new id.
    """

    def __init__(
        self,
        messenger: Messenger,
        *,
        on_gone: Callable[[int, str], Awaitable[None]],
        on_moved: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._messenger = messenger
        self._on_gone = on_gone
        self._on_moved = on_moved

    async def deliver(self, call: Call, reply: Reply) -> None:
        """Send or edit all of a reply; what cannot be sent is logged and left."""

        async def edit(chat_id: int, message: Message) -> None:
            await self._messenger.edit(chat_id, call.message_id, message)

        async def send(chat_id: int, message: Message) -> None:
            await self._messenger.send(chat_id, message, thread_id=call.thread_id)

        parts: list[tuple[Send, Message]] = [(edit, reply.edit)] if reply.edit else []
        parts += [(send, message) for message in reply.messages]
        for act, message in parts:
            try:
                await self._carry_out(act, call.chat.id, message)
            except SendError as error:
                logger.warning("reply not sent: chat=%s reason=%s", call.chat.id, error)
                return

    async def _carry_out(self, act: Send, chat_id: int, message: Message) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await act(chat_id, message)
            except ChatGone as error:
                await self._on_gone(chat_id, str(error))
                return
            except ChatMoved as error:
                await self._on_moved(chat_id, error.chat_id)
                chat_id = error.chat_id
            except MarkupRefused:
                message = replace(message, html="")
            except SendLater as error:
                if attempt == TRIES or error.retry_after > LONGEST_WAIT:
                    raise
                await asyncio.sleep(error.retry_after)
            except (NotSent, Doubtful):  # an answer that comes twice does less harm than none
                if attempt == TRIES:
                    raise
                await asyncio.sleep(PAUSE * attempt)
            else:
                return
