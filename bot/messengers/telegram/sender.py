"""Sends to Telegram, and looks at what stands there."""

import logging
from collections.abc import Sequence
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.errors import CannotLook, ChatClosed, ChatGone, TokenRefused
from bot.messengers.telegram.errors import translated
from bot.messengers.telegram.updates import may_post
from bot.models import Button, Message
from bot.ports import ChatInfo, Probed, Sent

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
WRITE_SECONDS = 10.0
POOL_SECONDS = 5.0
CONNECTIONS = 64
UPDATES_READ_SECONDS = 15.0


def build_bot(token: str, api_url: str, proxy: str | None = None) -> ExtBot[None]:
    """Return a client of the Bot API at `api_url`; nothing is sent yet."""
    base = api_url.rstrip("/")
    return ExtBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(CONNECTIONS, READ_SECONDS, proxy),
        get_updates_request=_request(2, UPDATES_READ_SECONDS, proxy),
    )


def _request(connections: int, read_seconds: float, proxy: str | None) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        write_timeout=WRITE_SECONDS,
        pool_timeout=POOL_SECONDS,
        proxy=proxy,
    )


class TelegramMessenger:
    """The `Messenger` that posts, edits and resolves through the Bot API."""

    def __init__(self, bot: Bot, *, paid_broadcast: bool = False) -> None:
        self._bot = bot
        self._paid = {"allow_paid_broadcast": True} if paid_broadcast else {}

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        """Send a message: HTML, or plain text where `html` is empty; a photo with the text as caption."""
        options: dict[str, Any] = {
            "chat_id": chat_id,
            "message_thread_id": thread_id or None,
            "disable_notification": message.silent or None,
            "reply_markup": _keyboard(message.buttons),
            "parse_mode": ParseMode.HTML if message.html else None,
            **self._paid,
        }
        text = message.html or message.plain
        with translated():
            picture = message.upload or message.photo
            if picture:
                sent = await self._bot.send_photo(photo=picture, caption=text, **options)
                return Sent(sent.message_id, "photo", sent.photo[-1].file_id if sent.photo else "")
            sent = await self._bot.send_message(text=text, link_preview_options=_preview(message), **options)
            return Sent(sent.message_id)

    async def edit(self, chat_id: int, message_id: int, message: Message, *, form: str = "text") -> None:
        """Replace the text or caption of a message of ours; no change is no error."""
        options: dict[str, Any] = {
            "chat_id": chat_id,
            "message_id": message_id,
            "reply_markup": _keyboard(message.buttons),
            "parse_mode": ParseMode.HTML if message.html else None,
        }
        text = message.html or message.plain
        with translated():
            try:
                if form == "photo":
                    await self._bot.edit_message_caption(caption=text, **options)
                else:
                    await self._bot.edit_message_text(text=text, link_preview_options=_preview(message), **options)
            except BadRequest as error:
                if "not modified" not in str(error).lower():
                    raise

    async def resolve(self, name: str) -> ChatInfo:
        """Look a chat up by `@name` or id."""
        with translated():
            chat = await self._bot.get_chat(name)
        return ChatInfo(chat.id, str(chat.type), chat.title or chat.full_name or "", chat.username or "")

    async def is_protected(self, chat_id: int) -> bool:
        """Tell whether a chat's messages may not be forwarded."""
        with translated():
            chat = await self._bot.get_chat(chat_id)
        return bool(chat.has_protected_content)

    async def can_post(self, chat_id: int) -> bool:
        """Tell whether the bot may post in a chat now."""
        with translated():
            try:
                chat = await self._bot.get_chat(chat_id)
                member = await self._bot.get_chat_member(chat_id, self._bot.id)
            except (BadRequest, Forbidden):
                return False
        return may_post(chat, member)


class TelegramProber:
    """Looks at a message by forwarding it, silently, to a chat of the admins, and deleting the copy at once.

    A forward tells text, links and kind; the original is neither edited nor deleted nor shown to anybody else. In a
    channel whose content is protected, or without a chat of the admins, it can only be seen whether a message exists.

    Args:
        chats: chats of the admins, tried in this order: an admin who never started the bot cannot be used.
    """

    def __init__(self, bot: Bot, chats: Sequence[int]) -> None:
        self._bot = bot
        self._chats = list(chats)

    @property
    def through(self) -> int:
        """Return the chat that copies go to now; 0 where none can be used."""
        return self._chats[0] if self._chats else 0

    def pass_on(self) -> None:
        """Use another chat of the admins from now on, where there is one."""
        self._chats.append(self._chats.pop(0))

    async def exists(self, chat_id: int, message_id: int) -> bool:
        """Say whether there is a message, by asking for a copy of it that can never be made.

        The Bot API server looks for the message before it reads the rest of the request (Client.cpp,
        process_copy_message_query), and the rest is wrong twice: a keyboard that is no JSON, for the bot's own chat.
        """
        own_chat = self._bot.token.partition(":")[0]
        with translated():
            try:
                await self._bot.copy_message(own_chat, chat_id, message_id, api_kwargs={"reply_markup": "{"})
            except BadRequest as error:
                text = str(error).lower()
                if "message to copy not found" in text:
                    return False
                if "reply keyboard markup" not in text and "reply_markup" not in text:
                    raise
        return True

    async def probe(self, chat_id: int, message_id: int) -> Probed | None:
        """Return the message, or None where there is none with that id."""
        refusal = CannotLook("there is no chat of the admins", "doubt_no_chat")
        for _ in range(len(self._chats)):
            if self._chats[0] == chat_id:  # its readers would see the copy
                refusal = CannotLook("the chat of the admins is this chat itself", "doubt_no_chat")
                self.pass_on()
                continue
            try:
                return await self._probe_through(self._chats[0], chat_id, message_id)
            except (ChatGone, ChatClosed) as error:
                logger.warning("admins' chat cannot be used: chat=%d error=%s", self._chats[0], error)
                self.pass_on()
                refusal = CannotLook(f"no chat of the admins can be used: {error}", "doubt_no_chat")
        raise refusal

    async def _probe_through(self, through: int, chat_id: int, message_id: int) -> Probed | None:
        with translated():
            try:
                copy = await self._bot.forward_message(
                    chat_id=through, from_chat_id=chat_id, message_id=message_id, disable_notification=True
                )
            except BadRequest as error:
                return _not_forwarded(error)
        try:
            await self._bot.delete_message(through, copy.message_id)
        except TelegramError as error:
            # The copy stays in the admins' own chat; nothing depends on it.
            logger.info("copy not deleted: chat=%d message=%d error=%s", through, copy.message_id, error)
        return _probed(copy)


def _not_forwarded(error: BadRequest) -> Probed | None:
    text = str(error).lower()
    if "message to forward not found" in text:
        return None
    if "can't be forwarded" in text and "protected" not in text:
        return Probed("")  # a service message: it is there, and it is not ours
    raise error


def _probed(message: TelegramMessage) -> Probed:
    links = [*message.parse_entities(["url"]).values(), *message.parse_caption_entities(["url"]).values()]
    entities = (*(message.entities or ()), *(message.caption_entities or ()))
    links += [entity.url for entity in entities if entity.url]
    form = "photo" if message.photo else "text"
    return Probed(message.text or message.caption or "", tuple(links), form)


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.text, url=button.url)
    return InlineKeyboardButton(button.text, callback_data=button.data)


def _preview(message: Message) -> LinkPreviewOptions:
    if not message.preview_url:
        return LinkPreviewOptions(is_disabled=True)
    above = message.preview_above or None
    return LinkPreviewOptions(url=message.preview_url, prefer_large_media=True, show_above_text=above)


async def connect(bot: Bot) -> str:
    """Make the client ready and return the bot's username.

    Raises:
        TokenRefused: the token is wrong or was revoked.
        SendError: Telegram gives no answer now.
    """
    try:
        with translated():
            await bot.initialize()
    except TokenRefused as error:
        if not isinstance(error.__cause__, InvalidToken):
            raise
        # Its own text would show the token.
        raise TokenRefused("Telegram does not know this bot token; @BotFather shows the right one") from error
    return bot.username


async def disconnect(bot: Bot) -> None:
    """Close the client's connections."""
    await bot.shutdown()
