"""Articles: about to be stored, stored, changed, told again; and all that one poll changes."""

from dataclasses import dataclass

from bot.models.feeds import Feed


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
    corrections: tuple[Correction, ...] = ()
    learned: tuple[Learned, ...] = ()


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
