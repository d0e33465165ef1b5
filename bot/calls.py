"""What a reader asks, and what is answered: the values between the messengers and the commands."""

from dataclasses import dataclass

from bot.models import Message
from bot.ports import ChatInfo


@dataclass(frozen=True, slots=True)
class Call:
    """A command as a reader gave it, or a button as a reader pressed it.

    Attributes:
        name: of the command, lower case, '' where the text was none.
        argument: what stood after it, or the pressed button's data after its command's name.
        user_id: the reader's, 0 for who speaks in the name of a chat.
        thread_id: the forum topic, 0 for none.
        language_code: the reader's, as they chose it or as the messenger knows it, '' for unknown.
        telegram_language: as the messenger knows it, where they chose another.
        is_chat_admin: the caller need not be looked up: this was said in the group's own name, as only its admins can.
        addressed: the bot itself was meant; always so in a private chat.
        pressed: this is a button, `message_id` the message under which it stands.
    """

    chat: ChatInfo
    name: str = ""
    argument: str = ""
    user_id: int = 0
    thread_id: int = 0
    language_code: str = ""
    is_chat_admin: bool = False
    addressed: bool = True
    telegram_language: str = ""
    pressed: bool = False
    message_id: int = 0

    @property
    def is_private(self) -> bool:
        """Say whether this is the private chat of one reader."""
        return self.chat.kind == "private"


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers a call.

    Attributes:
        messages: sent to the chat, in this order.
        edit: takes the place of the message whose button was pressed.
        alert: shown to the reader who pressed a button, until they close it.
        toast: shown to them for a moment.
        at_once: not behind the answers to earlier calls that still wait to be sent.
    """

    messages: tuple[Message, ...] = ()
    edit: Message | None = None
    alert: str = ""
    toast: str = ""
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class InlineCall:
    """What a reader typed after the bot's name in any chat; `offset` is where the last answer said to go on."""

    text: str = ""
    offset: str = ""
    user_id: int = 0
    language_code: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An article to share: what is shown in the list, and the message that is sent when it is chosen.

    `image` is the address of its picture, '' for none.
    """

    id: str
    title: str
    description: str
    link: str
    message: Message
    image: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """A page of articles to share; `next_offset` is '' on the last."""

    offers: tuple[Offer, ...] = ()
    next_offset: str = ""
