"""The chats that the bot lives in: channels by name and id, and what becomes of chats that close, move or end."""

import logging
from collections.abc import Callable, Collection

from bot.alerts import AdminAlerts
from bot.config import Settings
from bot.errors import ChatClosed, ChatGone, SendError, SendRefused, StoreUnavailable, TokenRefused
from bot.messengers.telegram.sender import TelegramMessenger
from bot.messengers.telegram.updates import Membership
from bot.models import Feed
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

logger = logging.getLogger(__name__)


class Chats:
    """Knows the configured channels' ids, and follows what Telegram says about any chat.

    Args:
        admin_chats: where alerts go; LOG_CHAT_ID takes their place once it is found.
        on_open: called when posts may go out to a chat that was closed, or that has a new id.
        on_hope: called when a chat that could not be found may be there now.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        outbox: Outbox,
        readers: ReaderStore,
        messenger: TelegramMessenger,
        alerts: AdminAlerts,
        admin_chats: list[int],
        on_open: Callable[[], None],
        on_hope: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._readers = readers
        self._messenger = messenger
        self._alerts = alerts
        self._admin_chats = admin_chats
        self._on_open = on_open
        self._on_hope = on_hope
        self._channels: dict[str, int] = {}

    @property
    def ids(self) -> Collection[int]:
        """The ids of the channels found so far; follows changes."""
        return self._channels.values()

    def of(self, feed: Feed) -> list[int]:
        """Return the channels that a feed's articles go to."""
        name = feed.options.channel or self._settings.telegram_channel or ""
        return [self._channels[name]] if name in self._channels else []

    async def find_channel(self, name: str) -> None:
        """Learn a channel's id. It is asked for once and kept: a rename does not lose the channel.

        Raises:
            SendError: it cannot be found now.
        """
        kept = await self._outbox.channel_id(name)
        if kept is None:
            kept = await self._ask_for(name)
        self._channels[name] = kept

    async def _ask_for(self, name: str) -> int:
        alert = f"channel {name} missing"
        try:
            info = await self._messenger.resolve(name)
        except (ChatGone, ChatClosed, SendRefused) as error:
            await self._alerts.tell(alert, "alert_channel_missing", chat=name, error=error)
            raise
        await self._outbox.keep_channel(name, info)
        await self._alerts.clear(alert, "alert_channel_found", chat=name)
        return info.id

    async def refresh_names(self) -> None:
        """Ask what the channels are called by now: links to their posts follow a rename, or end where one is private.

        Posts go by the id, so a channel that does not answer keeps the name it had.
        """
        for chat_id in tuple(self.ids):
            try:
                await self._outbox.remember_chat(await self._messenger.resolve(str(chat_id)))
            except (SendError, TokenRefused, StoreUnavailable) as error:
                logger.warning("channel's name not refreshed: chat=%d error=%s", chat_id, error)

    async def find_log_chat(self, name: str) -> None:
        """Send alerts to LOG_CHAT_ID; where that is no chat of ours, ADMIN_IDS keep getting them."""
        try:
            info = await self._messenger.resolve(name)
        except (ChatGone, ChatClosed, SendRefused) as error:
            logger.error("LOG_CHAT_ID cannot be used, alerts go to ADMIN_IDS: error=%s", error)
        else:
            self._admin_chats[:] = [info.id]

    async def reopen_closed(self) -> None:
        """Ask the channels that took the right to post away whether it is back."""
        try:
            for chat_id, _ in await self._outbox.paused_chats():
                if chat_id in self.ids and await self._messenger.can_post(chat_id):
                    await self._open(chat_id)
        except (SendError, StoreUnavailable) as error:
            logger.warning("closed channels not checked: error=%s", error)

    async def on_membership(self, membership: Membership) -> None:
        """Follow a change of what the bot may do in a chat."""
        chat = membership.chat
        if chat.kind != "private":  # of a reader nothing is kept that they did not ask for, least of all after /forget
            await self._outbox.remember_chat(chat)
        if membership.can_post:
            self._on_hope()
            await self._open(chat.id)
        elif chat.id not in self.ids:
            await self.on_gone(chat.id, membership.status)

    async def on_moved(self, old: int, new: int) -> None:
        """Follow a group that has become a supergroup, with its posts."""
        await self._outbox.move_chat(old, new)
        self.moved(old, new)
        self._on_open()

    def moved(self, old: int, new: int) -> None:
        """Let a configured channel's name lead to its new id from now on."""
        self._channels.update({name: new for name, chat_id in self._channels.items() if chat_id == old})

    async def on_gone(self, chat_id: int, reason: str) -> None:
        """Leave a reader's chat that does not want us alone until it comes back."""
        await self._readers.pause(chat_id, reason)
        await self._outbox.drop_waiting(chat_id, reason)

    async def _open(self, chat_id: int) -> None:
        if await self._outbox.open_chat(chat_id):
            logger.info("chat open again: chat=%d", chat_id)
            name = await self._outbox.chat_name(chat_id)
            await self._alerts.clear(f"chat {chat_id} closed", "alert_chat_open", chat=name)
            self._on_open()
