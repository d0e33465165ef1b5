"""What several parts of the bot work with: the stores on one database, the messenger, the governor, the alerts."""

import time

from bot.alerts import AdminAlerts
from bot.config import Settings
from bot.errors import StoreUnavailable
from bot.governor import Governor, Rates, SteadyGates
from bot.i18n import closest
from bot.messengers.telegram.sender import TelegramMessenger, build_bot
from bot.ports import Clock
from bot.store import Database, Watched
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore
from bot.store.trial import try_out

RECENT_SECONDS = 60


class Shared:
    """The parts that others are built around. Build it inside a running event loop.

    Attributes:
        admin_chats: where alerts go and doubtful posts are looked up, as it is at the time.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        watched = Watched(database)
        token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
        self.settings = settings
        self.database = watched
        self.feeds = FeedStore(watched)
        self.outbox = Outbox(watched)
        self.readers = ReaderStore(watched)
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
            language=closest(settings.language),
        )

    async def watch_database(self) -> None:
        """Tell the admins of a database that goes on refusing: nothing is posted then, and they would not know why."""
        if not self.database.refusal:
            return
        try:
            await try_out(self.database)
        except StoreUnavailable as error:
            await self.alerts.tell("database", "alert_database_refuses", error=error)
        else:
            self.database.refusal = ""
            await self.alerts.clear("database", "alert_database_works")

    async def take_over(self) -> None:
        """Before the first message: what was sent a moment ago, and what was refused, counts for the limits."""
        await self.governor.load()
        for chat_id, sent_at in await self.outbox.recent_sends(int(time.time()) - RECENT_SECONDS):
            self.governor.seed(chat_id, [sent_at + 1])  # kept in whole seconds: it may have been nearly the next one


def _steady_clock() -> Clock:
    """Return a clock that shows the time of day now, and from here on never jumps."""
    ahead = time.time() - time.monotonic()
    return lambda: ahead + time.monotonic()
