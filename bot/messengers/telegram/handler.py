"""Handles one update: a command, a pressed button, or what became of the bot in a chat."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from telegram import Bot, CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.calls import Call, Reply
from bot.messengers.telegram.inline import Offering, answer_inline
from bot.messengers.telegram.lanes import Delivery
from bot.messengers.telegram.replies import Replies
from bot.messengers.telegram.updates import Membership, call_of_button, call_of_message, membership_of
from bot.ports import Messenger

logger = logging.getLogger(__name__)

LONGEST_ALERT = 200


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the program wants to be told of; each may be told twice.

    Attributes:
        on_membership: the bot was added, promoted, demoted, removed, blocked or unblocked.
        on_gone: a chat refused an answer for good, with the reason.
        on_moved: a group has a new id: old, new.
        on_message: somebody else posted in a channel: its id and the message's.
    """

    on_membership: Callable[[Membership], Awaitable[None]]
    on_gone: Callable[[int, str], Awaitable[None]]
    on_moved: Callable[[int, int], Awaitable[None]]
    on_message: Callable[[int, int], Awaitable[None]]


class UpdateHandler:
    """Turns updates into calls, and carries out what is answered; the arguments are those of `Receiver`."""

    def __init__(
        self,
        bot: Bot,
        *,
        answer: Callable[[Call], Awaitable[Reply]],
        messenger: Messenger,
        hooks: Hooks,
        offering: Offering,
    ) -> None:
        self._bot = bot
        self._answer = answer
        self._replies = Replies(messenger, on_gone=hooks.on_gone, on_moved=hooks.on_moved)
        self._hooks = hooks
        self._offering = offering

    async def handle(self, update: Update) -> Delivery | None:
        """Handle an update of any kind, and return its answer's delivery, if there is one; safe to repeat."""
        if update.callback_query:
            return await self._handle_button(update.callback_query)
        if update.inline_query:
            await answer_inline(update.inline_query, self._offering)
        elif update.my_chat_member:
            await self._hooks.on_membership(membership_of(update.my_chat_member))
        elif update.channel_post:
            await self._hooks.on_message(update.channel_post.chat.id, update.channel_post.message_id)
        elif update.message and update.message.migrate_to_chat_id:
            await self._hooks.on_moved(update.message.chat.id, update.message.migrate_to_chat_id)
        elif update.message:
            return await self._handle_message(update.message)
        return None

    async def _handle_message(self, message: Message) -> Delivery | None:
        call = call_of_message(message, self._bot.username)
        if call is None:
            return None
        return self._delivery(call, await self._answer(call))

    async def _handle_button(self, query: CallbackQuery) -> Delivery | None:
        call = call_of_button(query)
        reply = Reply()
        try:
            if call is not None:
                reply = await self._answer(call)
        finally:  # until it is answered, the reader's button keeps turning
            await self._answer_button(query, reply)
        return None if call is None else self._delivery(call, reply)

    def _delivery(self, call: Call, reply: Reply) -> Delivery | None:
        if not reply.messages and not reply.edit:
            return None
        return Delivery(partial(self._replies.deliver, call, reply), overtakes=reply.at_once)

    async def _answer_button(self, query: CallbackQuery, reply: Reply) -> None:
        try:
            said = (reply.alert or reply.toast)[:LONGEST_ALERT]
            await query.answer(said or None, show_alert=bool(reply.alert))
        except TelegramError as error:  # it was pressed too long ago
            logger.info("button not answered: error=%s", error)
