"""The values that cross module borders: frozen, typed, free of any library's objects.

Times are integer seconds since 1970-01-01 UTC unless said otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as parsed.

    Attributes:
        key: identity within its feed: a short opaque string.
        link: absolute http(s) URL of the article, '' where the feed has none.
        title: plain text, entities decoded once, '' where there is none.
        summary: the teaser as an HTML fragment, as the feed has it.
        content: the full content as an HTML fragment, '' where the feed has none.
        published: when it was published, or None.
        categories: the feed's category names, in its order.
        image: absolute http(s) URL of the entry's picture, or None.
        author: as the feed has it.
        other_keys: further keys under which the same entry may be known (its canonical link, …).
    """

    key: str
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    published: int | None = None
    categories: tuple[str, ...] = ()
    image: str | None = None
    author: str = ""
    other_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What `key=value` after a feed's URL in FEEDS says; None is 'as the global setting'."""

    channel: str | None = None
    tags: tuple[str, ...] = ()
    interval: int | None = None
    backfill: int | None = None
    images: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One entry of FEEDS: an address and its options."""

    url: str
    options: FeedOptions = FeedOptions()


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask 'has it changed?' with; sent back byte for byte (RFC 9110, 13.1)."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as stored.

    Attributes:
        url: the subscribed address, as in FEEDS; entry identity is computed against it.
        fetch_url: the address to fetch, where it differs (discovered, or moved permanently); else ''.
        title: the feed's own title, '' until first read.
        first_polled_at: when it was read successfully for the first time, or None.
        last_success_at: the last successful poll, or None.
        last_entry_at: when the feed last brought a new article, or None.
        error_count: failed polls in a row.
        failing_since: when the present row of failures began, or None.
        error: the last failure in words, '' if the last poll was fine.
        claim: token of the worker that holds the feed; results of another token are not stored.
        stopped: no more polls (410 Gone).
        state: small facts that the scheduler keeps for itself between polls (JSON object of strings).
    """

    id: int
    url: str
    options: FeedOptions = FeedOptions()
    fetch_url: str = ""
    title: str = ""
    language: str = ""
    validators: Validators = Validators()
    first_polled_at: int | None = None
    last_success_at: int | None = None
    last_entry_at: int | None = None
    error_count: int = 0
    failing_since: int | None = None
    error: str = ""
    next_poll_at: int = 0
    claim: str = ""
    stopped: bool = False
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """A subscription to one feed at its WebSub hub.

    Attributes:
        token: unguessable end of the callback's path.
        topic: the feed's address as the hub knows it.
        callback: the address that the hub calls.
        secret: key of the signatures of what the hub delivers.
        pending: 'subscribe' or 'unsubscribe' while that is asked of the hub, else ''.
        due_at: when to ask the hub (again).
        expires_at: when the lease ends, 0 where the hub has not agreed.
        attempts: how often the hub was asked in vain.
    """

    token: str
    feed_id: int
    hub: str
    topic: str
    callback: str
    secret: str = field(repr=False)
    pending: str = ""
    due_at: int = 0
    expires_at: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry on its way to become an article.

    Attributes:
        page: body of the article's page, where one was fetched.
        page_url: where it was found after redirects.
        page_type: its media type as the server named it, which may name its encoding.
    """

    entry: Entry
    page: bytes | None = None
    page_url: str = ""
    page_type: str = ""


@dataclass(frozen=True, slots=True)
class Condensed:
    """What the condenser makes of an entry or a page; all plain text.

    Attributes:
        headline: one line, never empty for an article that has any text.
        summary: whole sentences, '' where there is no text.
        link: canonical URL, '' where there is none.
        text: the article's paragraphs, separated by blank lines.
        language: ISO 639-1 code, or ''.
        image: absolute http(s) URL, or None.
        published: seconds UTC, or None.
    """

    headline: str
    summary: str
    link: str
    text: str = ""
    language: str = ""
    image: str | None = None
    published: int | None = None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article about to be stored.

    Attributes:
        keys: every key the entry is known by, the identifying one first.
        published: always set: the entry's date, clamped, or the time it was found.
        announce: whether it is posted; False only fills the archive.
        entry_hash: of the entry's title and texts, by which a later change is seen.
        same_as: id of the article that told this story first, in another feed; then this one is not posted.
    """

    keys: tuple[str, ...]
    link: str
    headline: str
    summary: str
    text: str
    published: int
    source: str
    language: str = ""
    categories: tuple[str, ...] = ()
    image: str | None = None
    announce: bool = True
    entry_hash: str = ""
    same_as: int | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that was stored before: its article, when that was found, and the hash of the entry as it was then."""

    article_id: int
    entry_hash: str
    found_at: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article as stored and shown.

    Attributes:
        also: names of other sources that told the same story.
        author: as the feed has it.
        characters: the length of its whole text, 0 where that was not asked for.
        photo_id: Telegram's own id of its picture, once a post has shown it; '' before.
    """

    id: int
    feed_id: int
    link: str
    headline: str
    summary: str
    published: int
    source: str
    language: str = ""
    categories: tuple[str, ...] = ()
    image: str | None = None
    text: str = ""
    updated_at: int | None = None
    photo_id: str = ""
    also: tuple[str, ...] = ()
    author: str = ""
    characters: int = 0


@dataclass(frozen=True, slots=True)
class PollResult:
    """All that one poll of one feed changes, stored in one transaction.

    Attributes:
        feed: the feed as it stands after the poll; its `claim` must still hold.
        articles: new ones, in the order in which they are to be posted.
        corrections: articles already stored that the feed changed.
        learned: entries seen before that stand under other keys now.
    """

    feed: Feed
    articles: tuple[NewArticle, ...] = ()
    corrections: tuple["Correction", ...] = ()
    learned: tuple["Learned", ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """All the keys that an entry has now, known and new ones, and the article that was made of it."""

    article_id: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A changed headline, summary and text of an article already stored; `shown` if a reader would see the change.

    Attributes:
        language: of the words shown, where a translation began or ended with the change; '' leaves it as it was.
    """

    article_id: int
    entry_hash: str
    headline: str
    summary: str
    text: str
    shown: bool
    language: str = ""


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


@dataclass(frozen=True, slots=True)
class Told:
    """A story that was announced: its article, and the chats it was posted to."""

    article_id: int
    feed_id: int
    link: str
    headline: str
    text: str
    found_at: int
    channels: tuple[int, ...]


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
    message: "Message | None" = None
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` comes back when it is pressed (at most 64 bytes), or `url` is opened."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to a chat.

    Attributes:
        html: Telegram HTML, within the limits after parsing.
        plain: the same without markup, for when the markup is refused.
        buttons: rows of inline buttons.
        link: the article's link; a doubtful post is recognised by it.
        preview_url: shown as a large link preview; '' for none.
        preview_above: the preview stands above the text.
        photo: URL, or Telegram's own id, of a picture to send as a photo with `html` as its caption, or None.
        upload: the file of such a picture, or None; it goes before `photo`.
        silent: delivered without a sound.
    """

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    link: str = ""
    preview_url: str = ""
    photo: str | None = None
    silent: bool = False
    preview_above: bool = False
    upload: bytes | None = field(default=None, repr=False)
