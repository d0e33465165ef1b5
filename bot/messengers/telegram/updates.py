"""Telegram's updates as our values; pure."""

import re
from dataclasses import dataclass

import telegram

from bot.calls import Call
from bot.ports import ChatInfo

COMMAND = re.compile(r"/(?P<name>\w{1,64})(?:@(?P<bot>\w+))?(?:\s+(?P<argument>.*))?", re.DOTALL)
LONGEST_ARGUMENT = 1000


@dataclass(frozen=True, slots=True)
class Membership:
    """What the bot has become in a chat.

    Attributes:
        status: member, administrator, restricted, left or kicked; in a private chat 'kicked' means blocked.
        can_post: the bot may send messages there.
    """

    chat: ChatInfo
    status: str
    can_post: bool


def chat_info(chat: telegram.Chat) -> ChatInfo:
    """Return what we keep of a chat; of a person neither name nor username."""
    if chat.type == "private":
        return ChatInfo(chat.id, chat.type)
    return ChatInfo(chat.id, chat.type, chat.title or "", chat.username or "")


def call_of_message(message: telegram.Message, bot_name: str) -> Call | None:
    """Return the call a message is, or None where it does not concern us.

    A picture's caption is read like a text. Left alone is what has no words, what was meant for another bot, what a
    channel's discussion group gets from its channel, and what a reader sends by way of our own inline mode.
    """
    text = message.text or message.caption
    is_ours = message.via_bot is not None and (message.via_bot.username or "").lower() == bot_name.lower()
    if text is None or message.chat.type == "channel" or message.is_automatic_forward or is_ours:
        return None
    match = COMMAND.fullmatch(text)
    named = (match["bot"] or "") if match else ""
    if named and named.lower() != bot_name.lower():
        return None
    user = _person(message)
    return Call(
        chat=chat_info(message.chat),
        name=match["name"].lower() if match else "",
        argument=((match["argument"] or "") if match else text).strip()[:LONGEST_ARGUMENT],
        user_id=user.id if user else 0,
        thread_id=_thread(message),
        language_code=(user.language_code or "") if user else "",
        is_chat_admin=_speaks_for_the_group(message),
        addressed=bool(named) or message.chat.type == "private",
        message_id=message.message_id,
    )


def call_of_button(query: telegram.CallbackQuery) -> Call | None:
    """Return the call that a pressed button is, or None where its message is out of reach."""
    message = query.message
    if message is None or query.data is None:
        return None
    name, _, argument = query.data.partition(":")
    return Call(
        chat=chat_info(message.chat),
        name=name,
        argument=argument,
        user_id=query.from_user.id,
        thread_id=_thread(message) if isinstance(message, telegram.Message) else 0,
        language_code=query.from_user.language_code or "",
        pressed=True,
        message_id=message.message_id,
    )


def membership_of(change: telegram.ChatMemberUpdated) -> Membership:
    """Return what the bot has become."""
    member = change.new_chat_member
    status = "administrator" if member.status == "creator" else member.status
    return Membership(chat_info(change.chat), status, may_post(change.chat, member))


def may_post(chat: telegram.Chat | telegram.ChatFullInfo, member: telegram.ChatMember) -> bool:
    """Say whether a member of a chat may send messages there; in a channel that is a right of its own."""
    if isinstance(member, telegram.ChatMemberAdministrator):
        return chat.type != "channel" or bool(member.can_post_messages)
    if isinstance(member, telegram.ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status in {"member", "creator"} and chat.type != "channel"


def _person(message: telegram.Message) -> telegram.User | None:
    """The reader who wrote; whoever writes in the name of a chat has one user id with everybody else who does."""
    return message.from_user if message.sender_chat is None else None


def _speaks_for_the_group(message: telegram.Message) -> bool:
    """Say whether an admin wrote this anonymously, in the name of the group itself."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


def _thread(message: telegram.Message) -> int:
    return (message.message_thread_id or 0) if message.is_topic_message else 0
