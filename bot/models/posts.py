"""The outbox: its rows, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.models.articles import Article
from bot.models.messages import Message


class PostState(StrEnum):
    """Where a post stands in the outbox."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Post:
    """A row of the outbox with its article.

    Attributes:
        attempts: how often a call was begun.
        plain: the markup was refused once; it goes out as plain text.
        base_id: the highest message id known in the chat when the call was begun.
        sending_at: when the call was begun.
        folded: the articles of a burst that share this one post, its own first; empty for an ordinary post.
        rung: how its picture was shown, or is to be shown next (`pictures.Rung`); '' where it was never begun.
        revision: counts the changes of its article when this was read.
    """

    id: int
    article: Article
    chat_id: int
    thread_id: int
    state: PostState
    due_at: int
    attempts: int
    plain: bool
    base_id: int | None
    sending_at: int | None
    message_id: int | None
    form: str
    edits: int
    folded: tuple[Article, ...] = ()
    rung: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Stray:
    """A message that stands in a chat without a row in the outbox: another's, or one that an old backup forgot.

    Attributes:
        link: one of its links, canonical.
        headline: its first line.
    """

    link: str
    headline: str
    message_id: int
    form: str


@dataclass(frozen=True, slots=True)
class Errand:
    """One message to one chat: an article for a recipient of a broadcast, or a message that is ready.

    Attributes:
        broadcast_id: of the broadcast, or of the ready message.
        silent: delivered without a sound, as this reader wants it now.
        pictures: this reader wants them.
        message: what is sent where there is no `article`.
    """

    broadcast_id: int
    chat_id: int
    attempts: int
    plain: bool
    article: Article | None = None
    silent: bool = False
    pictures: bool = True
    message: Message | None = None
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """How the queue and the feeds stand.

    Attributes:
        waiting_by_chat: posts waiting, by channel or group.
        closed_for: seconds for which Telegram has closed a chat, where it has.
        oldest_found_at: when the oldest article that waits, for a chat or for subscribers, was found, or None.
        sent_last_minute: posts, and as far as this process knows everything else.
        broadcasts: articles on their way to private subscribers.
        recipients_left: private messages still to be sent for these, about.
        failing_feeds: addresses with their last error.
    """

    waiting_by_chat: Mapping[int, int]
    closed_for: Mapping[int, int]
    oldest_found_at: int | None
    sent_last_minute: int
    failed: int
    broadcasts: int
    recipients_left: int
    feeds: int
    failing_feeds: tuple[tuple[str, str], ...]
