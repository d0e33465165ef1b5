"""Short ways to make the values that tests need."""

from collections.abc import Sequence
from dataclasses import replace

from bot.interest import EVERYTHING
from bot.models import Feed, FeedOptions, FeedSource, NewArticle, PollResult
from bot.ports import ChatInfo
from bot.store import Database
from bot.store.database import Connection
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

NOW = 1_700_000_000
CHANNEL = -1001
GROUP = -2002


def new_article(number: int = 1, *, announce: bool = True, **facts: object) -> NewArticle:
    article = NewArticle(
        keys=(f"key {number}",),
        link=f"https://news.example/{number}",
        headline=f"Headline {number}",
        summary=f"Summary of article {number}.",
        text=f"Summary of article {number}. More text.",
        published=NOW + number,
        source="Example News",
        announce=announce,
        entry_hash=f"hash {number}",
    )
    return replace(article, **facts)  # type: ignore[arg-type]


async def claimed_feed(database: Database, *, url: str = "https://news.example/feed", now: int = NOW) -> Feed:
    """A configured feed, claimed for polling."""
    feeds = FeedStore(database)
    await feeds.configure([FeedSource(url, FeedOptions())])
    return (await feeds.claim_due(now, lease=600, limit=1))[0]


async def store_articles(database: Database, *articles: NewArticle, channels: tuple[int, ...] = (CHANNEL,)) -> Feed:
    """Articles in the archive and their posts in the outbox; the channel is known."""
    for chat_id in channels:
        kind = "channel" if chat_id == CHANNEL else "group"
        await Outbox(database).remember_chat(ChatInfo(chat_id, kind, "News"))
    feed = await claimed_feed(database)
    assert await FeedStore(database).save(PollResult(feed, articles), channels=channels, now=NOW, last=False)
    return feed


async def subscribe_to_everything(database: Database, chats: Sequence[int]) -> None:
    """Private chats that subscribed; the first as a reader does, the others as copies of it, in one go."""
    first, others = chats[0], [(chat_id, chats[0]) for chat_id in chats[1:]]
    readers = ReaderStore(database)
    await readers.remember_chat(ChatInfo(first, "private"))
    await readers.subscribe(first, EVERYTHING, private=True, now=NOW, most=10)

    def work(connection: Connection) -> None:
        connection.run_many("INSERT INTO chat (id, kind) SELECT ?, kind FROM chat WHERE id = ?", others)
        connection.run_many(
            "INSERT INTO subscription (chat_id, thread_id, private, interest_id, created_at)"
            " SELECT ?, thread_id, private, interest_id, created_at FROM subscription WHERE chat_id = ?",
            others,
        )

    await database.write(work)
