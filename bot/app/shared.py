"""What several parts of the bot work with: the stores on one database, the messenger, the governor, the alerts."""

import time

from bot.alerts import AdminAlerts
from bot.config import Settings
from bot.governor import Governor, Rates, SteadyGates
from bot.messengers.telegram.sender import TelegramMessenger, build_bot
from bot.ports import Clock
from bot.store import Database
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

RECENT_SECONDS = 60


class Shared:
    """The parts that others are built around. Build it inside a running event loop.

    Attributes:
        admin_chats: where alerts go and doubtful posts are looked up, as it is at the time.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
        self.settings = settings
        self.database = database
        self.feeds = FeedStore(database)
        self.outbox = Outbox(database)
        self.readers = ReaderStore(database)
        self.bot = build_bot(token, settings.telegram_api_url, settings.http_proxy_url)
        self.messenger = TelegramMessenger(self.bot, paid_broadcast=settings.paid_broadcast)
        self.rates = Rates(settings.global_rate, settings.chat_rate, settings.private_rate)
        steady = _steady_clock()
        gates = SteadyGates(self.outbox, wall=time.time, steady=steady)
        self.governor = Governor(self.rates, now=steady, gates=gates)
        self.admin_chats = list(settings.admin_ids)
        self.alerts = AdminAlerts(
            store=self.outbox,
            messenger=self.messenger,
            governor=self.governor,
            chats=self.admin_chats,
            now=time.time,
        )

    async def take_over(self) -> None:
        """Before the first message: what was sent a moment ago, and what was refused, counts for the limits."""
        await self.governor.load()
        for chat_id, sent_at in await self.outbox.recent_sends(int(time.time()) - RECENT_SECONDS):
            self.governor.seed(chat_id, [sent_at + 1])  # kept in whole seconds: it may have been nearly the next one


def _steady_clock() -> Clock:
    """Return a clock that shows the time of day now, and from here on never jumps."""
    ahead = time.time() - time.monotonic()
    return lambda: ahead + time.monotonic()
