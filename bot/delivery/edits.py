"""Corrections: a post whose article the publisher changed is edited in place, never posted again."""

import logging
from collections.abc import Callable
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
MOST_EDITS = 5


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
            for post in await tools.outbox.edits_due(now, sent_since=now - tools.window):
                await self._edit(post)
        except (StoreUnavailable, TokenRefused) as error:
            logger.error("edits unavailable: error=%s", error)

    async def _edit(self, post: Post) -> None:
        tools = self._tools
        if post.edits >= MOST_EDITS or post.message_id is None:
            await tools.outbox.edited(post)
            return
        message = tools.render(post)
        if post.plain:
            message = replace(message, html="")
        try:
            await self._replace(post, post.message_id, message)
        except SendError as error:
            await self._not_edited(post, error)
            return
        await tools.outbox.edited(post)
        logger.info("post edited: post=%d chat=%d message=%d", post.id, post.chat_id, post.message_id)

    async def _replace(self, post: Post, message_id: int, message: Message) -> None:
        tools, form = self._tools, post.form or "text"
        try:
            async with tools.governor.turn(post.chat_id, Priority.EDIT):
                await tools.messenger.edit(post.chat_id, message_id, message, form=form)
        except MarkupRefused as error:
            if not message.html:
                raise
            logger.error("markup refused, this is our bug: post=%d error=%s", post.id, error)
            async with tools.governor.turn(post.chat_id, Priority.EDIT):
                await tools.messenger.edit(post.chat_id, message_id, replace(message, html=""), form=form)

    async def _not_edited(self, post: Post, error: SendError) -> None:
        tools, now = self._tools, int(self._tools.now())
        logger.warning("post not edited: post=%d error=%s", post.id, error)
        if isinstance(error, SendLater):
            await tools.governor.refused(post.chat_id, error.retry_after)
            await tools.outbox.edited(post, next_edit_at=now + int(error.retry_after) + 1)
        elif isinstance(error, (NotSent, Doubtful, ChatClosed, ChatGone)):
            await tools.outbox.edited(post, next_edit_at=now + RETRY_SECONDS)
        else:
            await tools.outbox.edited(post)
