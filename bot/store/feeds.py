"""Feeds, their articles, and what one poll changes: a transaction a poll result."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bot.models import (
    Feed,
    FeedOptions,
    FeedSource,
    Known,
    PollResult,
    Told,
    Validators,
)
from bot.store.articles import add_article, correct, known_entries, learn
from bot.store.database import Connection, Database, Row

FEED_COLUMNS = (
    "id, url, options, fetch_url, title, language, etag, last_modified, body_hash, first_polled_at, last_success_at,"
    " last_entry_at, error_count, failing_since, error, next_poll_at, claim, stopped, state"
)
DOUBLES_ANOTHER = '%"twin_of": "%'


class FeedStore:
    """What the poller reads and writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def configure(self, sources: Sequence[FeedSource]) -> None:
        """Make the active feeds those of FEEDS; one taken away keeps its archive and what was seen of it."""
        await self._database.write(lambda connection: _configure(connection, sources))

    async def claim_due(self, now: int, *, lease: int, limit: int) -> list[Feed]:
        """Take up to `limit` due feeds for `lease` seconds; a lease that ends unfinished makes the feed due again."""
        return await self._database.write(lambda connection: _claim_due(connection, now, lease, limit))

    async def claim(self, feed_id: int, now: int, *, lease: int) -> Feed | None:
        """Take one feed for `lease` seconds, due or not; `next_poll_at` of what is returned says when it would be.

        None where another holds it, or where it is not polled any more.
        """
        return await self._database.write(lambda connection: _claim(connection, feed_id, now, lease))

    async def release_all(self, feeds: Sequence[Feed], now: int) -> None:
        """Give claimed feeds back unpolled; they are due at once."""
        rows = [(now, feed.id, feed.claim) for feed in feeds]
        sql = "UPDATE feed SET claim = '', next_poll_at = ? WHERE id = ? AND claim = ?"
        await self._database.write(lambda connection: connection.run_many(sql, rows))

    async def release_stale(self, now: int) -> None:
        """At start: give back what a killed process had claimed, where no other process can be running."""
        sql = "UPDATE feed SET claim = '', next_poll_at = ? WHERE claim <> ''"
        await self._database.write(lambda connection: connection.run(sql, (now,)))

    async def next_due(self) -> int | None:
        """Return when the next feed is due, or None where there is none."""
        sql = "SELECT MIN(next_poll_at) FROM feed WHERE active = 1 AND stopped = 0"
        row = await self._database.read(lambda connection: connection.row(sql))
        return None if row is None or row[0] is None else int(row[0])

    async def active(self) -> list[Feed]:
        """Return the feeds that are polled, in the order in which they came."""
        sql = f"SELECT {FEED_COLUMNS} FROM feed WHERE active = 1 AND stopped = 0 ORDER BY id"
        return [_feed(row) for row in await self._database.read(lambda connection: connection.rows(sql))]

    async def known(self, feed_id: int, keys: Collection[str]) -> dict[str, Known | None]:
        """Return those of `keys` that were seen in this feed before; None where no article was made of the entry."""
        wanted = list(dict.fromkeys(keys))
        return await self._database.read(lambda connection: known_entries(connection, feed_id, wanted))

    async def images_of(self, feed_id: int) -> str | None:
        """Return a feed's own `images` option, or None where it has none."""
        sql = "SELECT options FROM feed WHERE id = ?"
        row = await self._database.read(lambda connection: connection.row(sql, (feed_id,)))
        return None if row is None else _options_from_json(row[0]).images

    async def article_texts(self, article_id: int) -> tuple[str, str] | None:
        """Return headline and summary of an article as last stored."""
        sql = "SELECT headline, summary FROM article WHERE id = ?"
        row = await self._database.read(lambda connection: connection.row(sql, (article_id,)))
        return None if row is None else (row[0], row[1])

    async def told_since(self, since: int) -> list[Told]:
        """Return the stories announced since then, oldest first, with the chats they were posted to."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT article.id, article.feed_id, article.link, article.headline, article.body, article.found_at,"
                " post.chat_id FROM article JOIN post ON post.article_id = article.id"
                " WHERE article.found_at >= ? ORDER BY article.id, post.chat_id",
                (since,),
            )
        )
        chats: dict[int, list[int]] = {}
        for row in rows:
            chats.setdefault(row[0], []).append(row[6])
        first = {row[0]: row for row in rows}
        return [
            Told(article, row[1], row[2], row[3], row[4], row[5], channels=tuple(chats[article]))
            for article, row in first.items()
        ]

    async def save(self, result: PollResult, *, channels: Sequence[int], now: int, last: bool = True) -> bool:
        """Store a poll's articles, their posts to `channels` and to subscribers, and the feed, in one transaction.

        Args:
            result: of a feed whose `claim` must still hold.
            channels: chat ids to post announced articles to; subscribers are found here.
            now: when the articles count as found.
            last: False for a part of a large poll: the feed's claim and validators stay as they are.

        Returns:
            False where another worker has taken the feed meanwhile; then nothing is stored.
        """
        return await self._database.write(lambda connection: _save(connection, result, channels, now, last=last))


def _configure(connection: Connection, sources: Sequence[FeedSource]) -> None:
    # A feed that comes back begins anew: a new try if it was stopped (410 Gone), and what came while it was out fills
    # the archive, as at a first poll, instead of flooding the channel.
    connection.run(
        "UPDATE feed SET stopped = 0, first_polled_at = NULL, next_poll_at = 0, etag = '', last_modified = '',"
        " body_hash = '' WHERE active = 0"
    )
    connection.run("UPDATE feed SET active = 0")
    connection.run_many(
        "INSERT INTO feed (url, options) VALUES (?, ?)"
        " ON CONFLICT (url) DO UPDATE SET active = 1, options = excluded.options",
        [(source.url, _options_to_json(source.options)) for source in sources],
    )
    # One that doubled another is looked at again: the other may have been taken away.
    connection.run(
        "UPDATE feed SET next_poll_at = 0 WHERE active = 1 AND claim = '' AND state LIKE ?", (DOUBLES_ANOTHER,)
    )


def _claim_due(connection: Connection, now: int, lease: int, limit: int) -> list[Feed]:
    claim = uuid.uuid4().hex
    skip = " FOR UPDATE SKIP LOCKED" if connection.dialect == "postgresql" else ""
    rows = connection.rows(
        "UPDATE feed SET next_poll_at = ?, claim = ? WHERE id IN ("
        " SELECT id FROM feed WHERE active = 1 AND stopped = 0 AND next_poll_at <= ?"
        # Of those that are due since the same second, the one that was read longest ago: nobody is overtaken for ever.
        f" ORDER BY next_poll_at, COALESCE(last_success_at, 0), id LIMIT ?{skip}"
        f") RETURNING {FEED_COLUMNS}",
        (now + lease, claim, now, limit),
    )
    return [_feed(row) for row in rows]


def _claim(connection: Connection, feed_id: int, now: int, lease: int) -> Feed | None:
    lock = " FOR UPDATE" if connection.dialect == "postgresql" else ""
    row = connection.row(
        f"SELECT {FEED_COLUMNS} FROM feed"
        f" WHERE id = ? AND active = 1 AND stopped = 0 AND (claim = '' OR next_poll_at <= ?){lock}",
        (feed_id, now),
    )
    if row is None:
        return None
    claim = uuid.uuid4().hex
    connection.run("UPDATE feed SET next_poll_at = ?, claim = ? WHERE id = ?", (now + lease, claim, feed_id))
    return replace(_feed(row), claim=claim)


def _save(connection: Connection, result: PollResult, channels: Sequence[int], now: int, *, last: bool) -> bool:
    feed = result.feed
    held = connection.row("SELECT 1 FROM feed WHERE id = ? AND claim = ?", (feed.id, feed.claim))
    if held is None:
        return False
    for article in result.articles:
        add_article(connection, feed.id, article, channels, now)
    for correction in result.corrections:
        correct(connection, correction, now)
    for learned in result.learned:
        learn(connection, feed.id, learned, now)
    if last:
        _save_feed(connection, feed)
    return True


def _save_feed(connection: Connection, feed: Feed) -> None:
    connection.run(
        "UPDATE feed SET fetch_url = ?, title = ?, language = ?, etag = ?, last_modified = ?, body_hash = ?,"
        " first_polled_at = ?, last_success_at = ?, last_entry_at = ?, error_count = ?, failing_since = ?, error = ?,"
        " next_poll_at = ?, claim = '', stopped = ?, state = ? WHERE id = ?",
        (
            feed.fetch_url,
            feed.title,
            feed.language,
            feed.validators.etag,
            feed.validators.last_modified,
            feed.validators.body_hash,
            feed.first_polled_at,
            feed.last_success_at,
            feed.last_entry_at,
            feed.error_count,
            feed.failing_since,
            feed.error,
            feed.next_poll_at,
            int(feed.stopped),
            json.dumps(dict(feed.state)),
            feed.id,
        ),
    )


def _options_to_json(options: FeedOptions) -> str:
    names = ("channel", "tags", "interval", "backfill", "images", "include", "exclude")
    return json.dumps({name: getattr(options, name) for name in names if getattr(options, name)}, ensure_ascii=False)


def _options_from_json(text: str) -> FeedOptions:
    facts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()
    }
    return FeedOptions(**facts)


def _feed(row: Row) -> Feed:
    return Feed(
        id=row[0],
        url=row[1],
        options=_options_from_json(row[2]),
        fetch_url=row[3],
        title=row[4],
        language=row[5],
        validators=Validators(*row[6:9]),
        first_polled_at=row[9],
        last_success_at=row[10],
        last_entry_at=row[11],
        error_count=row[12],
        failing_since=row[13],
        error=row[14],
        next_poll_at=row[15],
        claim=row[16],
        stopped=bool(row[17]),
        state=json.loads(row[18]),
    )
