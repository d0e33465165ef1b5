"""What readers ask of the database: subscriptions, the newest articles, search and its pages."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import islice

from bot.digests import Mode, Wishes
from bot.interest import EVERYTHING, Interest, Kind, Outcome, Subscription, key
from bot.models import Article
from bot.ports import ChatInfo
from bot.search_query import Query
from bot.store.database import Connection, Database, Row, placeholders
from bot.store.forget import forget_reader
from bot.store.interests import articles_since, drop_unwanted, is_wanted, keep_interest
from bot.store.rows import ARTICLE_COLUMNS, article_from_row
from bot.store.search import search
from bot.store.wishes import keep_wishes, wishes_of

WITH_TEXT = f"{ARTICLE_COLUMNS}, article.body"
QUERY_KEPT_FOR = 90 * 86_400
TOKEN_BYTES = 9
CATEGORIES_FROM = 2000
LOOKED_THROUGH = 20_000
MOST_CATEGORIES = 40


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: its articles, best first, and how many there are on all pages.

    `missing` are words of the query that no article has; these articles have others in their place.
    """

    articles: tuple[Article, ...]
    total: int
    missing: tuple[str, ...] = ()


class ReaderStore:
    """What the commands read and write."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember_chat(self, chat: ChatInfo, *, language: str = "") -> None:
        """Store a chat, or what has changed about it; its state stays."""
        await self._database.write(lambda connection: _remember_chat(connection, chat, language))

    async def subscribe(
        self, chat_id: int, interest: Interest, *, thread_id: int = 0, private: bool, now: int, most: int
    ) -> Outcome:
        """Send each new article that fits to a remembered chat (in a forum, to a topic), `most` interests a chat."""
        place = (chat_id, thread_id, int(private))
        return await self._database.write(lambda connection: _subscribe(connection, place, interest, now, most))

    async def unsubscribe(self, chat_id: int, *, thread_id: int = 0) -> bool:
        """Send no more articles there; False if none were sent before."""
        return bool(await self._database.write(lambda connection: _unsubscribe(connection, chat_id, thread_id, None)))

    async def unsubscribe_from(self, chat_id: int, subscription_id: int, *, thread_id: int = 0) -> bool:
        """End one subscription of that place; False where it has none with this id."""
        return bool(
            await self._database.write(lambda connection: _unsubscribe(connection, chat_id, thread_id, subscription_id))
        )

    async def subscriptions(self, chat_id: int, *, thread_id: int = 0) -> tuple[Subscription, ...]:
        """Return what is subscribed to there, oldest first."""
        sql = (
            "SELECT subscription.id, interest.kind, interest.wanted"
            " FROM subscription JOIN interest ON interest.id = subscription.interest_id"
            " WHERE subscription.chat_id = ? AND subscription.thread_id = ? ORDER BY subscription.id"
        )
        rows = await self._database.read(lambda connection: connection.rows(sql, (chat_id, thread_id)))
        return tuple(Subscription(int(row[0]), Interest(Kind(row[1]), row[2])) for row in rows)

    async def would_have_brought(self, interest: Interest, since: int) -> int:
        """Return how many articles since then fit an interest."""
        return await self._database.read(lambda connection: articles_since(connection, interest, since))

    async def sources(self) -> tuple[str, ...]:
        """Return the names of the sources that there are now, by alphabet."""
        sql = (
            "SELECT DISTINCT article.source FROM feed JOIN article ON article.id ="
            " (SELECT MAX(newest.id) FROM article AS newest WHERE newest.feed_id = feed.id)"
            " WHERE feed.active = 1 AND article.source <> ''"
        )
        rows = await self._database.read(lambda connection: connection.rows(sql))
        return tuple(sorted((str(row[0]) for row in rows), key=str.casefold))

    async def categories(self) -> tuple[str, ...]:
        """Return the categories most used of late, the commonest first."""
        sql = "SELECT categories FROM article ORDER BY published DESC, id DESC LIMIT ?"
        rows = await self._database.read(lambda connection: connection.rows(sql, (CATEGORIES_FROM,)))
        names: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for name in (name for row in rows for name in json.loads(row[0])):
            counts[names.setdefault(key(name), name)] += 1
        return tuple(name for name, _ in counts.most_common(MOST_CATEGORIES) if key(name))

    async def is_subscribed(self, chat_id: int, *, thread_id: int = 0) -> bool:
        """Say whether articles are sent there."""
        sql = (
            "SELECT 1 FROM subscription JOIN chat ON chat.id = subscription.chat_id"
            " WHERE chat_id = ? AND thread_id = ? AND chat.state = 'open'"
        )
        return await self._database.read(lambda connection: connection.row(sql, (chat_id, thread_id))) is not None

    async def wishes(self, chat_id: int, *, thread_id: int = 0) -> Wishes:
        """Return what was set for a chat, in a forum for a topic."""
        return (await self._database.read(lambda connection: wishes_of(connection, chat_id, thread_id)))[0]

    async def next_digest(self, chat_id: int, *, thread_id: int = 0) -> int | None:
        """Return when the next digest there is due, None where articles come at once."""
        wishes, plan = await self._database.read(lambda connection: wishes_of(connection, chat_id, thread_id))
        return None if wishes.mode is Mode.INSTANTLY else plan.next_at

    async def keep_wishes(self, chat_id: int, wishes: Wishes, *, thread_id: int = 0, now: int, zone: tzinfo) -> None:
        """Set what is wished there, and plan the next digest; `zone` is that of places without one of their own."""
        place = (chat_id, thread_id)
        await self._database.write(lambda connection: keep_wishes(connection, place, wishes, now, zone))

    async def pause(self, chat_id: int, reason: str) -> None:
        """Send nothing to a chat that does not want us, until `reopen`; its subscriptions are kept for then."""
        sql = "UPDATE chat SET state = 'paused', reason = ? WHERE id = ?"
        await self._database.write(lambda connection: connection.run(sql, (reason, chat_id)))

    async def reopen(self, chat_id: int) -> bool:
        """Send to a chat again; False if it was open, or is unknown."""
        sql = "UPDATE chat SET state = 'open', reason = '' WHERE id = ? AND state <> 'open'"
        return await self._database.write(lambda connection: connection.run(sql, (chat_id,)) > 0)

    async def latest(self, count: int, interest: Interest = EVERYTHING) -> tuple[Article, ...]:
        """Return the newest articles of a source or category, or of all, newest first."""
        return await self._database.read(lambda connection: _latest(connection, count, interest))

    async def search(self, query: Query, *, page: int, page_size: int, now: int) -> Found:
        """Return a page of what a query finds; pages count from 0."""
        return await self._database.read(lambda connection: _search(connection, query, page, page_size, now))

    async def public_posts(self, article_ids: Sequence[int]) -> dict[int, str]:
        """Return the addresses of the articles' posts in public channels, by id of the article; of several the first.

        A channel is public where it has a username.
        """
        return await self._database.read(lambda connection: _public_posts(connection, article_ids))

    async def choose_language(self, reader_id: int, language: str) -> None:
        """Keep the language a reader wants; '' for that of their messenger."""
        sql = (
            "INSERT INTO reader (id, language) VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET language = excluded.language"
        )
        await self._database.write(lambda connection: connection.run(sql, (reader_id, language)))

    async def chosen_language(self, reader_id: int) -> str:
        """Return the language a reader chose, '' if none."""
        sql = "SELECT language FROM reader WHERE id = ?"
        row = await self._database.read(lambda connection: connection.row(sql, (reader_id,)))
        return str(row[0]) if row else ""

    async def save(self, reader_id: int, article_id: int, now: int) -> bool:
        """Put an article by; False if it was, or does not exist."""
        sql = (
            "INSERT INTO saved (reader_id, article_id, saved_at)"
            " SELECT CAST(? AS BIGINT), id, CAST(? AS BIGINT) FROM article WHERE id = ? ON CONFLICT DO NOTHING"
        )
        return await self._database.write(lambda connection: connection.run(sql, (reader_id, now, article_id)) > 0)

    async def unsave(self, reader_id: int, article_id: int) -> bool:
        """Take an article out of the reader's list; False if it was not in it."""
        sql = "DELETE FROM saved WHERE reader_id = ? AND article_id = ?"
        return await self._database.write(lambda connection: connection.run(sql, (reader_id, article_id)) > 0)

    async def has_saved(self, reader_id: int, article_id: int) -> bool:
        """Say whether an article is in the reader's list."""
        sql = "SELECT 1 FROM saved WHERE reader_id = ? AND article_id = ?"
        return await self._database.read(lambda connection: connection.row(sql, (reader_id, article_id))) is not None

    async def saved(self, reader_id: int, *, page: int, page_size: int) -> Found:
        """Return a page of the reader's list, what was put by last first; pages count from 0."""
        return await self._database.read(lambda connection: _saved(connection, reader_id, page, page_size))

    async def forget(self, reader_id: int) -> None:
        """Delete everything about a reader; groups they are in are not theirs."""
        await self._database.write(lambda connection: forget_reader(connection, reader_id))

    async def keep_query(self, chat_id: int, text: str, now: int) -> str:
        """Keep a query so that buttons can name it, and return its name: the same query in a chat has the same."""
        return await self._database.write(lambda connection: _keep_query(connection, chat_id, text, now))

    async def kept_query(self, chat_id: int, token: str) -> str | None:
        """Return the query a button names, or None if it is too old or another chat's."""
        sql = "SELECT query FROM search_page WHERE id = ? AND chat_id = ?"
        row = await self._database.read(lambda connection: connection.row(sql, (token, chat_id)))
        return None if row is None else str(row[0])


def article_from(row: Row) -> Article:
    """Return the article of a row of `WITH_TEXT`."""
    return replace(article_from_row(row), text=row[-1])


def articles_by_id(connection: Connection, ids: Sequence[int]) -> tuple[Article, ...]:
    """Return articles in the order of `ids`, without those that are gone."""
    if not ids:
        return ()
    sql = f"SELECT {WITH_TEXT} FROM article WHERE id IN ({placeholders(len(ids))})"
    found = {row[0]: article_from(row) for row in connection.rows(sql, ids)}
    return tuple(found[article_id] for article_id in ids if article_id in found)


def _public_posts(connection: Connection, article_ids: Sequence[int]) -> dict[int, str]:
    if not article_ids:
        return {}
    rows = connection.rows(
        "SELECT post.article_id, chat.username, post.message_id FROM post JOIN chat ON chat.id = post.chat_id"
        f" WHERE post.article_id IN ({placeholders(len(article_ids))}) AND post.state = 'sent'"
        " AND post.message_id IS NOT NULL AND chat.kind = 'channel' AND chat.username <> '' ORDER BY post.id DESC",
        article_ids,
    )
    return {row[0]: f"https://t.me/{row[1]}/{row[2]}" for row in rows}


def _remember_chat(connection: Connection, chat: ChatInfo, language: str) -> None:
    connection.run(
        "INSERT INTO chat (id, kind, title, username, language) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, username = excluded.username,"
        " language = CASE WHEN excluded.language = '' THEN chat.language ELSE excluded.language END",
        (chat.id, chat.kind, chat.title, chat.username, language),
    )


def _subscribe(connection: Connection, place: tuple[int, int, int], interest: Interest, now: int, most: int) -> Outcome:
    chat_id, thread_id, _ = place
    connection.run("UPDATE chat SET state = 'open', reason = '' WHERE id = ? AND state <> 'open'", (chat_id,))
    interest_id = keep_interest(connection, interest)
    held = connection.rows(
        "SELECT interest_id FROM subscription WHERE chat_id = ? AND thread_id = ?", (chat_id, thread_id)
    )
    if (interest_id,) in held:
        return Outcome.HAD
    if len(held) >= most:
        drop_unwanted(connection, [interest_id])
        return Outcome.FULL
    connection.run(
        "INSERT INTO subscription (chat_id, thread_id, private, interest_id, created_at) VALUES (?, ?, ?, ?, ?)",
        (*place, interest_id, now),
    )
    return Outcome.ADDED


def _unsubscribe(connection: Connection, chat_id: int, thread_id: int, subscription_id: int | None) -> int:
    which = "chat_id = ? AND thread_id = ?" + ("" if subscription_id is None else " AND id = ?")
    parameters = (chat_id, thread_id) if subscription_id is None else (chat_id, thread_id, subscription_id)
    rows = connection.rows(f"DELETE FROM subscription WHERE {which} RETURNING interest_id", parameters)
    drop_unwanted(connection, [row[0] for row in rows])
    return len(rows)


def _latest(connection: Connection, count: int, interest: Interest) -> tuple[Article, ...]:
    """Return the newest articles; those of a rare source are looked for among the newest `LOOKED_THROUGH` only."""
    if interest.kind is Kind.ALL:
        sql = f"SELECT {WITH_TEXT} FROM article ORDER BY published DESC, id DESC LIMIT ?"
        return tuple(article_from(row) for row in connection.rows(sql, (count,)))
    newest = connection.rows(
        "SELECT id, source, categories FROM article ORDER BY published DESC, id DESC LIMIT ?", (LOOKED_THROUGH,)
    )
    ids = (row[0] for row in newest if is_wanted(interest, row[1], row[2]))
    return articles_by_id(connection, list(islice(ids, count)))


def _saved(connection: Connection, reader_id: int, page: int, page_size: int) -> Found:
    counted = connection.row("SELECT COUNT(*) FROM saved WHERE reader_id = ?", (reader_id,))
    rows = connection.rows(
        "SELECT article_id FROM saved WHERE reader_id = ? ORDER BY saved_at DESC, article_id DESC LIMIT ? OFFSET ?",
        (reader_id, page_size, page * page_size),
    )
    return Found(articles_by_id(connection, [row[0] for row in rows]), int(counted[0]) if counted else 0)


def _search(connection: Connection, query: Query, page: int, page_size: int, now: int) -> Found:
    hits = search(connection, query, page_size, page * page_size, now=now)
    return Found(articles_by_id(connection, hits.ids), hits.total, hits.missing)


def _keep_query(connection: Connection, chat_id: int, text: str, now: int) -> str:
    token = hashlib.blake2b(f"{chat_id}\n{text}".encode(), digest_size=TOKEN_BYTES).hexdigest()
    connection.run("DELETE FROM search_page WHERE created_at < ?", (now - QUERY_KEPT_FOR,))
    connection.run(
        "INSERT INTO search_page (id, chat_id, query, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at",
        (token, chat_id, text, now),
    )
    return token
