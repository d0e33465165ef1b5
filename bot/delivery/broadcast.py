"""Broadcasts to private subscribers, and digests: many in flight, behind everything else, nobody lost by a kill."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.delivery.doubt import MOST_REPEATS
from bot.delivery.editions import Editions
from bot.delivery.recording import STORE_RETRY_SECONDS, recorded
from bot.errors import (
    ChatGone,
    ChatMoved,
    Doubtful,
    MarkupRefused,
    NotSent,
    PictureRefused,
    SendError,
    SendLater,
    SendRefused,
    StoreUnavailable,
    TokenRefused,
)
from bot.format import save_button
from bot.governor import Governor, Priority
from bot.models import Article, Errand, Message
from bot.pictures import Rung
from bot.ports import Broadcasts, Clock, Messenger, Sent
from bot.schedule import retry_delay

logger = logging.getLogger(__name__)

IN_FLIGHT = 32
IN_HAND = 256
IDLE_SECONDS = 2.0
BUSY_SECONDS = 0.5
CALL_GRACE_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class BroadcastTools:
    """What the broadcaster works with.

    Attributes:
        editions: the messages of articles for private chats; None where the store has messages that are ready.
        on_gone: called with a chat that does not want us, and why.
        on_moved: called with the old and the new id of a group.
        policy: what becomes of a message without an answer: 'repeat', 'skip'; None is skip, but repeat after a kill.
    """

    store: Broadcasts
    messenger: Messenger
    governor: Governor
    now: Clock
    chance: Callable[[], float]
    editions: Editions | None
    on_gone: Callable[[int, str], Awaitable[None]]
    policy: str | None
    on_moved: Callable[[int, int], Awaitable[None]] | None = None


class Broadcaster:
    """Serves the recipients of open broadcasts, the oldest broadcast first."""

    def __init__(self, tools: BroadcastTools) -> None:
        self._tools = tools
        self._next: deque[Errand] = deque()
        self._running: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._calling: set[tuple[int, int]] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._token_refused: TokenRefused | None = None
        self._repeated: Counter[tuple[int, int]] = Counter()

    def wake(self) -> None:
        """Say that there may be a new broadcast."""
        self._wake.set()

    async def run(self) -> None:
        """Serve until `stop`.

        Raises:
            TokenRefused: the token was revoked; who was to be served waits.
        """
        count = await self._recover()
        if count:
            logger.warning("broadcast messages in doubt after a kill: count=%d", count)
        while not self._stopping:
            self._wake.clear()
            try:
                busy = await self._round()
            except StoreUnavailable as error:
                logger.error("broadcasts unavailable: error=%s", error)
                busy = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BUSY_SECONDS if busy else IDLE_SECONDS)
            if self._token_refused is not None:
                raise self._token_refused

    async def stop(self) -> None:
        """Begin no further call and give those in flight a moment to be answered."""
        self._stopping = True
        self._wake.set()
        tasks = dict(self._running)
        for key, task in tasks.items():
            if key not in self._calling:
                task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks.values(), timeout=CALL_GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _recover(self) -> int:
        while not self._stopping:
            with suppress(StoreUnavailable):
                return await self._tools.store.recover(repeat=self._tools.policy != "skip")
            await asyncio.sleep(STORE_RETRY_SECONDS)
        return 0

    async def _round(self) -> bool:
        """Start as many messages as there are free places. Return whether there is work in hand."""
        if self._tools.governor.all_closed_for() > 0:
            return bool(self._running)
        if not self._next and len(self._running) < IN_FLIGHT:
            await self._look_for_work()
        while self._next and len(self._running) < IN_FLIGHT:
            self._start(self._next.popleft())
        return bool(self._running)

    async def _look_for_work(self) -> None:
        store, now = self._tools.store, int(self._tools.now())
        # Who is at work now may have the message by the time this is answered, and the answer not know it yet.
        at_work = set(self._running)
        errands = await store.due(now, IN_HAND)
        fresh = [errand for errand in errands if (errand.broadcast_id, errand.chat_id) not in at_work]
        self._next.extend(fresh)
        if len(fresh) < IN_HAND // 2 and await store.claim(IN_HAND):
            self._wake.set()
        if not errands and not self._running:
            await store.finish(now)

    def _start(self, errand: Errand) -> None:
        key = (errand.broadcast_id, errand.chat_id)
        task = asyncio.create_task(self._serve(errand), name=f"broadcast {key}")
        self._running[key] = task
        task.add_done_callback(lambda _: self._ended(key))

    def _ended(self, key: tuple[int, int]) -> None:
        self._running.pop(key, None)
        self._calling.discard(key)
        self._wake.set()

    async def _serve(self, errand: Errand) -> None:
        try:
            await self._send(errand)
        except SendError as error:
            await recorded(partial(self._not_delivered, errand, error))
        except StoreUnavailable as error:
            logger.error("broadcasts unavailable: chat=%d error=%s", errand.chat_id, error)
            await asyncio.sleep(STORE_RETRY_SECONDS)
        except TokenRefused as error:
            await recorded(partial(self._tools.store.put_back, errand, due_at=0, error=str(error)))
            self._token_refused = error
        except Exception as error:  # the bulkhead of one recipient: those who come after are not to wait for them
            logger.exception("broadcast failed, this is our bug: broadcast=%d", errand.broadcast_id)
            await recorded(partial(self._tools.store.give_up, errand, f"failed: {type(error).__name__}"))

    async def _send(self, errand: Errand) -> None:
        tools = self._tools
        closed = tools.governor.closed_for(errand.chat_id)
        if closed > 0:
            await tools.store.put_back(errand, due_at=int(tools.now() + closed) + 1, error="closed by a limit")
            return
        if errand.article is not None and tools.editions is not None:
            await self._send_article(errand, errand.article, tools.editions)
        elif errand.message is not None:
            await self._call(errand, replace(errand.message, html="" if errand.plain else errand.message.html))
            await recorded(partial(tools.store.sent, errand))

    async def _send_article(self, errand: Errand, article: Article, editions: Editions) -> None:
        composed = await editions.of(article, pictures=errand.pictures)
        message = replace(composed.message, buttons=save_button(article.id), silent=errand.silent)
        if errand.plain:
            message = replace(message, html="", photo=None, upload=None)
        try:
            sent = await self._call(errand, message)
        except PictureRefused as error:
            if composed.rung is Rung.NONE or errand.plain:
                raise SendRefused(str(error)) from error
            editions.refused(article, composed.rung)
            raise
        photo_id = "" if composed.rung is Rung.KNOWN else sent.photo_id
        await recorded(partial(self._tools.store.sent, errand, photo_id))
        if photo_id:
            editions.shown(article, photo_id)

    async def _call(self, errand: Errand, message: Message) -> Sent:
        async with self._tools.governor.turn(errand.chat_id, Priority.BROADCAST):
            self._calling.add((errand.broadcast_id, errand.chat_id))
            await self._tools.store.begin(errand)
            return await self._tools.messenger.send(errand.chat_id, message, thread_id=errand.thread_id)

    async def _not_delivered(self, errand: Errand, error: SendError) -> None:
        tools, now = self._tools, int(self._tools.now())
        match error:
            case SendLater():
                await tools.governor.refused(errand.chat_id, error.retry_after)
                await tools.store.put_back(errand, due_at=now + int(error.retry_after) + 1, error=str(error))
            case NotSent():
                delay = retry_delay(errand.attempts + 1, chance=tools.chance())
                await tools.store.put_back(errand, due_at=now + int(delay), error=str(error))
            case Doubtful():
                await self._in_doubt(errand, error, now)
            case ChatGone():
                await tools.store.give_up(errand, str(error))
                await tools.on_gone(errand.chat_id, str(error))
            case ChatMoved() if tools.on_moved is not None:
                await tools.store.put_back(errand, due_at=now, error=str(error))
                await tools.on_moved(errand.chat_id, error.chat_id)
            case PictureRefused():
                await tools.store.put_back(errand, due_at=now, error=str(error))
            case MarkupRefused() if not errand.plain:
                logger.error("markup refused, this is our bug: broadcast=%d error=%s", errand.broadcast_id, error)
                await tools.store.put_back(errand, due_at=now, error=str(error), plain=True)
            case _:
                logger.error("broadcast refused: broadcast=%d error=%s", errand.broadcast_id, error)
                await tools.store.give_up(errand, str(error))

    async def _in_doubt(self, errand: Errand, error: Doubtful, now: int) -> None:
        tools, key = self._tools, (errand.broadcast_id, errand.chat_id)
        count = self._repeated[key]
        if tools.policy == "repeat" and count < MOST_REPEATS:
            delay = retry_delay(count, chance=tools.chance()) if count else 0
            await tools.store.put_back(errand, due_at=now + int(delay), error=str(error))
            self._repeated[key] += 1
            return
        logger.warning("broadcast message in doubt, skipped: broadcast=%d", errand.broadcast_id)
        await tools.store.give_up(errand, f"no answer came; skipped: {error}")
