"""A lane a chat: posts leave in order, one in flight, and no lane waits for another."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.delivery.compose import Composed, bare
from bot.delivery.doubt import Settler, Verdict
from bot.delivery.failures import Failures
from bot.delivery.recording import STORE_RETRY_SECONDS, recorded
from bot.delivery.strays import Strays
from bot.delivery.tools import Tools
from bot.errors import SendError, StoreUnavailable, TokenRefused
from bot.governor import Priority
from bot.models import Message, Post, PostState
from bot.ports import Sent

logger = logging.getLogger(__name__)

T = TypeVar("T")
CALL_GRACE_SECONDS = 6.0
IDLE_SECONDS = 5.0
# As long as a post can wait after failures: a clock that was set back keeps none for longer.
LONGEST_WAIT_SECONDS = 15 * 60.0


class Lanes:
    """Runs a lane for each chat with waiting posts, as long as it has some."""

    def __init__(self, tools: Tools, settler: Settler, strays: Strays) -> None:
        self._tools = tools
        self._settler = settler
        self._strays = strays
        self._failures = Failures(tools)
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._calling: set[int] = set()
        self._known_open: set[int] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._token_refused: TokenRefused | None = None

    def wake(self) -> None:
        """Say that there may be new posts."""
        self._wake.set()

    async def run(self) -> None:
        """Start lanes until `stop`.

        Raises:
            TokenRefused: the token was revoked; what was to be sent waits.
        """
        while not self._stopping:
            self._wake.clear()
            try:
                await self._start_lanes()
            except StoreUnavailable as error:
                logger.error("outbox unavailable: error=%s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
            if self._token_refused is not None:
                raise self._token_refused

    async def stop(self) -> None:
        """Begin no further call; give those in flight a moment to be answered, and leave the rest doubtful."""
        self._stopping = True
        self._wake.set()
        for chat_id, lane in self._lanes.items():
            if chat_id not in self._calling:
                lane.cancel()
        if self._lanes:
            _, late = await asyncio.wait(self._lanes.values(), timeout=CALL_GRACE_SECONDS)
            for lane in late:
                lane.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _start_lanes(self) -> None:
        self._lanes = {chat: lane for chat, lane in self._lanes.items() if not lane.done()}
        for chat_id in await self._tools.outbox.waiting_chats():
            if chat_id not in self._lanes and not self._stopping:
                self._lanes[chat_id] = asyncio.create_task(self._lane(chat_id), name=f"lane {chat_id}")

    async def _lane(self, chat_id: int) -> None:
        while not self._stopping:
            try:
                post = await self._tools.outbox.head(chat_id)
                if post is None or not await self._advance(post):
                    return
            except StoreUnavailable as error:
                # Nothing that cannot be recorded may be sent: the lane waits until the database takes writes again.
                logger.error("outbox unavailable: chat=%d error=%s", chat_id, error)
                await asyncio.sleep(STORE_RETRY_SECONDS)
            except TokenRefused as error:
                self._token_refused = error
                self.wake()
                return
            except Exception:
                logger.exception("lane failed: chat=%d", chat_id)
                await asyncio.sleep(IDLE_SECONDS)

    async def _advance(self, post: Post) -> bool:
        """Move the chat's first post one step on. Return False to leave the lane for now."""
        if post.state is PostState.SENDING:
            await self._settle(post)
            return True
        await self._strays.look(post.chat_id)
        found = await self._strays.find(post)
        if found is not None:
            await self._record(post, found)
            return True
        if await self._fold(post):
            return True
        await self._wait_until(post.due_at)
        composed = await self._composed(post)
        post = replace(post, rung=composed.rung)
        try:
            sent = await self._send(post, composed.message)
        except TokenRefused as error:
            await recorded(partial(self._tools.outbox.put_back, post, due_at=0, error=str(error)))
            raise
        except SendError as error:
            return await self._failed(post, error)
        if sent is None:
            logger.warning("post begun by another process: post=%d chat=%d", post.id, post.chat_id)
            return True
        await self._record(post, sent)
        if post.chat_id not in self._known_open:
            await self._tools.alerts.clear(f"chat {post.chat_id} closed")
            self._known_open.add(post.chat_id)
        return True

    async def _send(self, post: Post, message: Message) -> Sent | None:
        tools = self._tools
        async with tools.governor.turn(post.chat_id, Priority.POST):
            self._calling.add(post.chat_id)
            try:
                if not await tools.outbox.begin(post, int(tools.now())):
                    return None
                return await tools.messenger.send(post.chat_id, message, thread_id=post.thread_id)
            finally:
                self._calling.discard(post.chat_id)

    async def _composed(self, post: Post) -> Composed:
        try:
            return await self._tools.compose(post)
        except StoreUnavailable:
            raise
        except Exception:  # the bulkhead of one post
            logger.exception("article not composed, this is our bug: post=%d article=%d", post.id, post.article.id)
            return bare(post.folded or (post.article,))

    async def _record(self, post: Post, sent: Sent) -> None:
        """Record a post that stands in the chat."""
        await recorded(partial(self._tools.outbox.sent, post, sent, int(self._tools.now())))
        logger.info("post sent: post=%d chat=%d message=%d", post.id, post.chat_id, sent.message_id)

    async def _failed(self, post: Post, error: SendError) -> bool:
        if await recorded(partial(self._failures.take, post, error)):
            return True
        self._known_open.discard(post.chat_id)
        self.wake()  # a group that moved waits under its new id
        return False

    async def _fold(self, post: Post) -> bool:
        """Put a channel's waiting posts together where they are more than the setting allows one by one."""
        limit, chat_id = self._tools.burst_fold, post.chat_id
        if not limit or post.folded or post.attempts or chat_id not in self._tools.channels:
            return False
        waiting = await self._tools.outbox.waiting(chat_id)
        if len(waiting) <= limit:
            return False
        await self._tools.outbox.fold(self._tools.groups_of(waiting))
        logger.info("burst folded: chat=%d posts=%d", chat_id, len(waiting))
        return True

    async def _settle(self, post: Post) -> None:
        verdict = await self._settler.settle(post)
        tools, now = self._tools, int(self._tools.now())
        if isinstance(verdict, Sent):
            await self._record(post, verdict)
        elif verdict is Verdict.REPEAT:
            await tools.outbox.put_back(post, due_at=now, error="no answer came; looked up or repeated by setting")
        else:
            await tools.outbox.give_up(post, PostState.SKIPPED, "no answer came; skipped by setting")

    async def _wait_until(self, due_at: int) -> None:
        wait = due_at - self._tools.now()
        if wait > 0:
            await asyncio.sleep(min(wait, LONGEST_WAIT_SECONDS))
