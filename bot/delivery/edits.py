"""Corrections: a post whose article the publisher changed is edited in place, never posted again."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.errors import (
    ChatClosed,
    ChatGone,
    Doubtful,
    MarkupRefused,
    NotSent,
    SendError,
    SendLater,
    StoreUnavailable,
    TokenRefused,
)
from bot.governor import Governor, Priority
from bot.models import Message, Post
from bot.ports import Clock, Messenger, Outbox

logger = logging.getLogger(__name__)

RETRY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class EditTools:
    """What the editor works with; `window` is how many seconds after posting an edit is still made."""

    outbox: Outbox
    messenger: Messenger
    governor: Governor
    now: Clock
    render: Callable[[Post], Message]
    window: int


class Editor:
    """Brings posts up to date with their articles; an edit can be repeated, so nothing about it is doubtful."""

    def __init__(self, tools: EditTools) -> None:
        self._tools = tools

    async def tick(self) -> None:
        """Make the edits that are due."""
        tools = self._tools
        now = int(tools.now())
        try:
            posts = await tools.outbox.edits_due(now, sent_since=now - tools.window)
            chats = dict.fromkeys(post.chat_id for post in posts)
            await asyncio.gather(*(self._edit_all(post for post in posts if post.chat_id == chat) for chat in chats))
        except (StoreUnavailable, TokenRefused) as error:
            logger.error("edits unavailable: error=%s", error)

    async def _edit_all(self, posts: Iterable[Post]) -> None:
        for post in posts:
            await self._edit(post)

    async def _edit(self, post: Post) -> None:
        tools = self._tools
        closed = tools.governor.closed_for(post.chat_id)
        if closed > 0:  # the edits of other chats do not wait for this one
            await tools.outbox.edit_later(post, int(tools.now() + closed) + 1)
            return
        try:
            await self._replace(post, post.message_id or 0)
        except SendError as error:
            await self._not_edited(post, error)
        except (StoreUnavailable, TokenRefused):
            raise
        except Exception:  # the bulkhead of one post: those behind it are edited all the same
            logger.exception("post not edited, this is our bug: post=%d", post.id)
            await tools.outbox.leave_unedited(post)
        else:
            await tools.outbox.edited(post, int(tools.now()))
            logger.info("post edited: post=%d chat=%d message=%d", post.id, post.chat_id, post.message_id)

    async def _replace(self, post: Post, message_id: int) -> None:
        message = self._tools.render(post)
        if post.plain:
            message = replace(message, html="")
        try:
            await self._call(post, message_id, message)
        except MarkupRefused as error:
            if not message.html:
                raise
            logger.error("markup refused, this is our bug: post=%d error=%s", post.id, error)
            await self._call(post, message_id, replace(message, html=""))

    async def _call(self, post: Post, message_id: int, message: Message) -> None:
        tools = self._tools
        async with tools.governor.turn(post.chat_id, Priority.EDIT):
            await tools.messenger.edit(post.chat_id, message_id, message, form=post.form or "text")

    async def _not_edited(self, post: Post, error: SendError) -> None:
        tools, now = self._tools, int(self._tools.now())
        logger.warning("post not edited: post=%d error=%s", post.id, error)
        if isinstance(error, SendLater):
            await tools.governor.refused(post.chat_id, error.retry_after)
            await tools.outbox.edit_later(post, now + int(error.retry_after) + 1)
        elif isinstance(error, (NotSent, Doubtful, ChatClosed, ChatGone)):
            await tools.outbox.edit_later(post, now + RETRY_SECONDS)
        else:
            await tools.outbox.leave_unedited(post)
