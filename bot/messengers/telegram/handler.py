"""Handles one update: a command, a pressed button, or what became of the bot in a chat."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Bot, CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.calls import Call, Reply
from bot.messengers.telegram.inline import Offering, answer_inline
from bot.messengers.telegram.replies import Replies
from bot.messengers.telegram.updates import (
    Membership,
    call_of_button,
    call_of_message,
    membership_of,
    speaks_for_the_group,
)
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
        admin_commands: frozenset[str],
        offering: Offering,
    ) -> None:
        self._bot = bot
        self._answer = answer
        self._replies = Replies(messenger, on_gone=hooks.on_gone, on_moved=hooks.on_moved)
        self._hooks = hooks
        self._admin_commands = admin_commands
        self._offering = offering

    async def handle(self, update: Update) -> None:
        """Handle an update of any kind; safe to repeat."""
        if update.callback_query:
            await self._handle_button(update.callback_query)
        elif update.inline_query:
            await answer_inline(update.inline_query, self._offering)
        elif update.my_chat_member:
            await self._hooks.on_membership(membership_of(update.my_chat_member))
        elif update.channel_post:
            await self._hooks.on_message(update.channel_post.chat.id, update.channel_post.message_id)
        elif update.message and update.message.migrate_to_chat_id:
            await self._hooks.on_moved(update.message.chat.id, update.message.migrate_to_chat_id)
        elif update.message:
            await self._handle_message(update.message)

    async def _handle_message(self, message: Message) -> None:
        call = call_of_message(message, self._bot.username)
        if call is None:
            return
        call = await self._with_rights(call, in_the_groups_name=speaks_for_the_group(message))
        await self._replies.deliver(call, await self._answer(call))

    async def _handle_button(self, query: CallbackQuery) -> None:
        call = call_of_button(query)
        reply = Reply()
        try:
            if call is not None:
                call = await self._with_rights(call)
                reply = await self._answer(call)
        finally:  # until it is answered, the reader's button keeps turning
            await self._answer_button(query, reply)
        if call is not None:
            await self._replies.deliver(call, reply)

    async def _with_rights(self, call: Call, *, in_the_groups_name: bool = False) -> Call:
        if call.is_private or call.name not in self._admin_commands:
            return call
        return replace(call, is_chat_admin=in_the_groups_name or await self._is_admin(call))

    async def _is_admin(self, call: Call) -> bool:
        try:
            member = await self._bot.get_chat_member(call.chat.id, call.user_id)
        except TelegramError as error:
            logger.warning("admin unknown: chat=%d error=%s", call.chat.id, error)
            return False
        return member.status in {"administrator", "creator"}

    async def _answer_button(self, query: CallbackQuery, reply: Reply) -> None:
        try:
            said = (reply.alert or reply.toast)[:LONGEST_ALERT]
            await query.answer(said or None, show_alert=bool(reply.alert))
        except TelegramError as error:  # it was pressed too long ago
            logger.info("button not answered: error=%s", error)
