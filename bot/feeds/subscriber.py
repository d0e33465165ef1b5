"""Keeps the subscriptions at hubs, and hands on what they push."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import FetchError, StoreUnavailable, WorkerError
from bot.feeds.document import ParsedFeed
from bot.feeds.parse import read_document
from bot.feeds.websub import (
    MOST_GOODBYES,
    UNSUBSCRIBE,
    Offer,
    asked,
    changes,
    confirmed,
    denied,
    is_denied,
    is_signed,
    is_verified,
    request_fields,
)
from bot.models import Feed, HubSubscription
from bot.ports import Clock

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 3600
REQUESTS_AT_ONCE = 5
MOST_AT_WORK = 64
ANSWER_SECONDS = 1.0
STOP_SECONDS = 3.0

Read = Callable[[Feed], Awaitable[ParsedFeed]]


class SubscriptionStore(Protocol):
    """Where subscriptions are kept (`store/websub.py`)."""

    async def offers(self) -> list[tuple[int, str, Mapping[str, str]]]: ...  # noqa: D102
    async def all(self) -> list[HubSubscription]: ...  # noqa: D102
    async def due(self, now: int, limit: int) -> list[HubSubscription]: ...  # noqa: D102
    async def find(self, token: str) -> HubSubscription | None: ...  # noqa: D102
    async def keep(self, subscriptions: Sequence[HubSubscription]) -> None: ...  # noqa: D102
    async def drop(self, token: str) -> None: ...  # noqa: D102
    async def end_pushes(self, feed_id: int, now: int) -> None: ...  # noqa: D102


class Push(Protocol):
    """Takes in a pushed document of a feed (`Poller.push`); False where the feed is not polled."""

    async def __call__(self, feed_id: int, read: Read, *, until: int) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class SubscriberTools:
    """What the subscriber works with.

    Attributes:
        post: sends a form to an address and returns the status (`HttpFetcher.post`).
        run: runs a function in a worker process (`Workers.run`).
        push: takes in what was pushed.
    """

    store: SubscriptionStore
    post: Callable[[str, Mapping[str, str]], Awaitable[int]]
    run: Callable[..., Awaitable[ParsedFeed]]
    push: Push
    now: Clock


class Subscriber:
    """Subscribes to the hubs that polled feeds name, answers the hubs, and takes what they deliver.

    Args:
        callback: address of the callbacks without the token, ending in '/'.
    """

    def __init__(self, tools: SubscriberTools, callback: str) -> None:
        self._tools = tools
        self._callback = callback
        self._look_at = 0.0
        self._asking: set[asyncio.Task[None]] = set()
        self._taking: set[asyncio.Task[None]] = set()
        self._stopping = False

    def look_again(self) -> None:
        """Compare with what the feeds say at the next tick: one of them has changed its word."""
        self._look_at = 0.0

    async def tick(self) -> None:
        """Begin, renew and end what is due; returns at once, the hubs are asked meanwhile."""
        now = int(self._tools.now())
        free = REQUESTS_AT_ONCE - len(self._asking)
        if self._stopping or free <= 0:
            return
        try:
            if now >= self._look_at:
                self._look_at = now + LOOK_AGAIN_SECONDS
                await self._compare(now)
            due = [asked(subscription, now) for subscription in await self._tools.store.due(now, free)]
            await self._tools.store.keep(due)  # before the hub is asked: it may verify before it answers
        except StoreUnavailable as error:
            logger.error("subscriptions unavailable: error=%s", error)
            self.look_again()
            return
        for subscription in due:
            _begin(self._ask(subscription), self._asking)

    async def stop(self) -> None:
        """Ask no more hubs, and let what was delivered be handed on, within a few seconds."""
        self._stopping = True
        for task in self._asking:
            task.cancel()
        left = {*self._asking, *self._taking}
        if left:
            _, late = await asyncio.wait(left, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def verify(self, token: str, question: Mapping[str, str]) -> str | None:
        """Return what to answer to a hub's question: its challenge where we asked for just that, else None."""
        store, now = self._tools.store, int(self._tools.now())
        subscription = await store.find(token)
        if subscription is None:
            return None
        if is_denied(subscription, question):
            logger.warning("hub refuses: hub=%s topic=%s", subscription.hub, subscription.topic)
            await store.keep([denied(subscription, now)])
            await store.end_pushes(subscription.feed_id, now)
            return ""
        if not is_verified(subscription, question):
            return None
        if subscription.pending == UNSUBSCRIBE:
            await store.drop(token)
        else:
            await store.keep([confirmed(subscription, question, now)])
        logger.info("hub verified: mode=%s hub=%s topic=%s", subscription.pending, subscription.hub, subscription.topic)
        return question["hub.challenge"]

    async def deliver(self, token: str, body: bytes, content_type: str, signature: str) -> bool:
        """Take a delivery; False where there is no such subscription. One with a wrong signature is dropped.

        Raises:
            WorkerError: too many deliveries are being worked on; it may come again later.
        """
        subscription = await self._tools.store.find(token)
        if subscription is None or subscription.pending == UNSUBSCRIBE:
            return False
        if not is_signed(body, signature, subscription.secret):
            logger.warning("push dropped: reason=signature topic=%s bytes=%d", subscription.topic, len(body))
            return True
        if self._stopping or len(self._taking) >= MOST_AT_WORK:
            raise WorkerError("too many deliveries at once")
        task = _begin(self._take(subscription, body, content_type), self._taking)
        await asyncio.wait([task], timeout=ANSWER_SECONDS)
        return True

    async def _compare(self, now: int) -> None:
        store = self._tools.store
        offers = [
            Offer(feed_id, url, facts.get("hub", ""), facts.get("self_link", ""), facts.get("reached", ""))
            for feed_id, url, facts in await store.offers()
        ]
        begun, ended = changes(
            [offer for offer in offers if offer.hub],
            await store.all(),
            callback=self._callback,
            now=now,
            chance=lambda: secrets.token_urlsafe(32),
        )
        await store.keep([*begun, *ended])
        for subscription in ended:
            await store.end_pushes(subscription.feed_id, now)

    async def _ask(self, subscription: HubSubscription) -> None:
        """Send a request to the hub; what fails is due again by itself."""
        mode, hub, topic = subscription.pending, subscription.hub, subscription.topic
        try:
            if mode == UNSUBSCRIBE and subscription.attempts > MOST_GOODBYES:
                await self._tools.store.drop(subscription.token)
                return
            status = await self._tools.post(hub, request_fields(subscription))
        except (FetchError, StoreUnavailable) as error:
            logger.warning("hub not asked: mode=%s hub=%s topic=%s error=%s", mode, hub, topic, error)
            return
        logger.info("hub asked: mode=%s hub=%s topic=%s status=%d", mode, hub, topic, status)

    async def _take(self, subscription: HubSubscription, body: bytes, content_type: str) -> None:
        async def read(feed: Feed) -> ParsedFeed:
            return await self._tools.run(read_document, body, feed.url, content_type)

        try:
            taken = await self._tools.push(subscription.feed_id, read, until=subscription.expires_at)
        except StoreUnavailable as error:
            logger.error("push not stored: topic=%s error=%s", subscription.topic, error)
        except Exception:  # the bulkhead: one delivery may fail, the others go on
            logger.exception("push failed: topic=%s", subscription.topic)
        else:
            logger.info("push taken: topic=%s bytes=%d taken=%s", subscription.topic, len(body), taken)


def _begin(work: Awaitable[None], tasks: "set[asyncio.Task[None]]") -> "asyncio.Task[None]":
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
