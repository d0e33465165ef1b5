"""Puts the small web server together: what it needs of the settings, of the receiver, and of the subscriber."""

import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from bot.config import Settings
from bot.errors import StoreUnavailable
from bot.feeds.subscriber import Push, Subscriber, SubscriberTools
from bot.messengers.telegram.receiver import Receiver, Webhook
from bot.store.database import Database
from bot.store.vitals import LONGEST_OVERDUE, take_vitals
from bot.store.websub import WebSubStore
from bot.web.server import PUSH_PATH, TELEGRAM_PATH, Health, PushDoor, TelegramDoor, WebServer
from bot.workers import Workers

HEALTH_KEPT_SECONDS = 2.0


class PushGate:
    """The hubs' door, closed until the poller runs: whoever comes before is asked to come again."""

    def __init__(self) -> None:
        self._door: PushDoor | None = None

    def open(self, door: PushDoor) -> None:
        """Let everything through from now on."""
        self._door = door

    async def verify(self, token: str, question: Mapping[str, str]) -> str | None:
        """As the door does."""
        return await self._opened().verify(token, question)

    async def deliver(self, token: str, body: bytes, content_type: str, signature: str) -> bool:
        """As the door does."""
        return await self._opened().deliver(token, body, content_type, signature)

    def _opened(self) -> PushDoor:
        if self._door is None:
            raise StoreUnavailable("the bot is still starting")
        return self._door


class HealthCheck:
    """How the bot is; many questions at once cost the database one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._started = time.monotonic()
        self._health = Health(is_well=False, facts={})
        self._fresh_until = 0.0

    async def __call__(self) -> Health:
        """Return how the bot is, or was a moment ago."""
        if time.monotonic() >= self._fresh_until:
            self._fresh_until = time.monotonic() + HEALTH_KEPT_SECONDS
            self._health = await self._look()
        return self._health

    async def _look(self) -> Health:
        try:
            vitals = await take_vitals(self._database, int(time.time()))
        except StoreUnavailable:
            return Health(is_well=False, facts={"database_writable": False})
        # What fell due before the start is nobody's fault: a feed just added is overdue since 1970.
        overdue = min(vitals.overdue, int(time.monotonic() - self._started))
        facts: dict[str, int | bool] = {
            "database_writable": True,
            "feed_overdue_seconds": overdue,
            "posts_waiting": vitals.waiting,
            "oldest_post_seconds": vitals.oldest,
        }
        return Health(is_well=overdue <= LONGEST_OVERDUE, facts=facts)


def webhook_of(settings: Settings) -> Webhook | None:
    """Where Telegram shall bring its updates; None where it is asked for them."""
    if settings.telegram_mode != "webhook" or settings.webhook_url is None:
        return None
    return Webhook(settings.webhook_url + TELEGRAM_PATH, settings.webhook_secret)


def web_server(settings: Settings, database: Database, receiver: Receiver, gate: PushGate) -> WebServer | None:
    """The web server that the settings ask for, None where they ask for none."""
    if settings.listen is None:
        return None
    is_webhook = settings.telegram_mode == "webhook"
    return WebServer(
        settings.listen,
        health=HealthCheck(database),
        prefix=urlsplit(settings.webhook_url or "").path,
        telegram=TelegramDoor(settings.webhook_secret, receiver.take) if is_webhook else None,
        pushes=gate if settings.webhook_url else None,
    )


def subscriber_of(
    settings: Settings,
    database: Database,
    *,
    post: Callable[[str, Mapping[str, str]], Awaitable[int]],
    workers: Workers,
    push: Push,
) -> Subscriber | None:
    """Who subscribes at hubs, None where no hub could reach us."""
    if settings.webhook_url is None:
        return None
    tools = SubscriberTools(store=WebSubStore(database), post=post, run=workers.run, push=push, now=time.time)
    return Subscriber(tools, settings.webhook_url + PUSH_PATH)
