"""What several parts of the bot work with: the stores on one database, the messenger, the governor, the alerts."""

import time

from bot.alerts import AdminAlerts
from bot.config import Settings
from bot.governor import Governor, Rates
from bot.messengers.telegram.sender import TelegramMessenger, build_bot
from bot.store import Database
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore


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
        self.governor = Governor(self.rates, now=time.time, gates=self.outbox)
        self.admin_chats = list(settings.admin_ids)
        self.alerts = AdminAlerts(
            store=self.outbox,
            messenger=self.messenger,
            governor=self.governor,
            chats=self.admin_chats,
            now=time.time,
        )
