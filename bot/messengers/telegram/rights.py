"""What the bot and its readers are and may do, asked of Telegram without sending anything."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot
from telegram.constants import ChatMemberStatus

from bot.errors import SendError, TidingsError
from bot.messengers.telegram.errors import translated
from bot.messengers.telegram.sender import TelegramMessenger, TelegramProber, build_bot

logger = logging.getLogger(__name__)


class GroupAdmins:
    """Tells who administers a group."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def has(self, chat_id: int, user_id: int) -> bool:
        """Say whether a reader is an admin of a group; not, where Telegram does not tell."""
        try:
            with translated():
                member = await self._bot.get_chat_member(chat_id, user_id)
        except TidingsError as error:
            logger.warning("admin unknown: chat=%d error=%s", chat_id, error)
            return False
        return member.status in {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}


@dataclass(frozen=True, slots=True)
class Standing:
    """A chat, and whether the bot may post there now; `kind` is private, group, supergroup or channel."""

    id: int
    kind: str
    title: str
    may_post: bool


class Inspector:
    """Answers questions about the bot; see `inspector` for how one is made."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._messenger = TelegramMessenger(bot)

    @property
    def name(self) -> str:
        """The bot's @name."""
        return f"@{self._bot.username}"

    async def standing(self, chat: str) -> Standing:
        """Look up a chat by `@name` or number. Raises a `SendError` where the bot cannot see it."""
        info = await self._messenger.resolve(chat)
        may_post = info.kind == "private" or await self._messenger.can_post(info.id)
        return Standing(info.id, info.kind, info.title or info.username, may_post)

    async def obstacle_to_looking_up(self, channel: str, through: str) -> str:
        """Try once to look a message up through a chat of the admins; return what stands in the way, '' for nothing."""
        try:
            chat, admins = await self._messenger.resolve(channel), await self._messenger.resolve(through)
            if await self._messenger.is_protected(chat.id):
                return "its content is protected"
            await TelegramProber(self._bot, [admins.id]).probe(chat.id, 1)
        except SendError as error:
            return str(error)
        return ""


@asynccontextmanager
async def inspector(token: str, api_url: str, proxy: str | None = None) -> AsyncIterator[Inspector]:
    """Connect with a token.

    Raises:
        TokenRefused: Telegram does not know the token.
        SendError: Telegram cannot be reached, or answers something else.
    """
    bot = build_bot(token, api_url, proxy)
    try:
        with translated():
            await bot.initialize()
        yield Inspector(bot)
    finally:
        await bot.shutdown()
