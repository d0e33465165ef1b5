"""Articles as a poll stores them: new ones with their posts, corrected ones with their edits, entries by their keys."""

import json
from collections.abc import Sequence

from bot.models import Correction, Known, Learned, NewArticle
from bot.schedule import next_edit_at
from bot.store.database import Connection, placeholders
from bot.store.interests import announce_to_subscribers
from bot.store.search import index_article, unindex_article

KEYS_A_QUERY = 500
MOST_SOURCES = 5
MOST_FORMER_KEYS = 12


def known_entries(connection: Connection, feed_id: int, keys: Sequence[str]) -> dict[str, Known | None]:
    """Return what a feed has brought already, by the keys that are known; None for an entry kept as seen only."""
    found: dict[str, Known | None] = {}
    for start in range(0, len(keys), KEYS_A_QUERY):
        part = keys[start : start + KEYS_A_QUERY]
        rows = connection.rows(
            "SELECT identity.entry_key, article.id, article.entry_hash, article.found_at"
            " FROM identity LEFT JOIN article ON article.id = identity.article_id"
            f" WHERE identity.feed_id = ? AND identity.entry_key IN ({placeholders(len(part))})",
            (feed_id, *part),
        )
        found.update({row[0]: None if row[1] is None else Known(*row[1:]) for row in rows})
    return found


def add_article(connection: Connection, feed_id: int, article: NewArticle, channels: Sequence[int], now: int) -> None:
    """Store a new article with its keys, its words for search, and its posts where it is announced."""
    if not article.headline and not article.link:  # seen, and nothing to show: only its identity is kept
        _remember(connection, feed_id, article.keys, None, now)
        return
    row = connection.row(
        "INSERT INTO article (feed_id, link, headline, summary, body, published, found_at, source, language,"
        " categories, image, entry_hash, author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            feed_id,
            article.link,
            article.headline,
            article.summary,
            article.text,
            article.published,
            now,
            article.source,
            article.language,
            json.dumps(article.categories, ensure_ascii=False),
            article.image,
            article.entry_hash,
            article.author,
        ),
    )
    article_id = int(row[0]) if row else 0
    _remember(connection, feed_id, article.keys, article_id, now)
    index_article(
        connection,
        article_id,
        article.headline,
        article.summary,
        article.text,
        source=article.source,
        language=article.language,
    )
    if article.announce:
        _announce(connection, article_id, article, channels, now)
    if article.same_as is not None:
        _add_source(connection, article.same_as, article.source, now)


def _add_source(connection: Connection, article_id: int, source: str, now: int) -> None:
    """Name another source of a story under its first post, by an edit in place."""
    row = connection.row("SELECT also, source FROM article WHERE id = ?", (article_id,))
    names = [*json.loads(row[0]), row[1]] if row else []
    if not source or source in names or len(names) > MOST_SOURCES:
        return
    connection.run(
        "UPDATE article SET also = ? WHERE id = ?",
        (json.dumps([*names[:-1], source], ensure_ascii=False), article_id),
    )
    _ask_for_edit(connection, article_id, now)


def _ask_for_edit(connection: Connection, article_id: int, now: int) -> None:
    """Let the posts of an article be edited; one whose edit is due already shows this change by the same."""
    connection.run("UPDATE article SET revision = revision + 1 WHERE id = ?", (article_id,))
    rows = connection.rows(
        "SELECT id, edits FROM post WHERE article_id = ? AND state IN ('sending', 'sent') AND edit_due_at IS NULL",
        (article_id,),
    )
    sql = "UPDATE post SET edit_due_at = ? WHERE id = ?"
    connection.run_many(sql, [(next_edit_at(now, edits), post_id) for post_id, edits in rows])


def _remember(connection: Connection, feed_id: int, keys: Sequence[str], article_id: int | None, now: int) -> None:
    connection.run_many(
        "INSERT INTO identity (feed_id, entry_key, article_id, seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(feed_id, key, article_id, now) for key in keys],
    )


def learn(connection: Connection, feed_id: int, learned: Learned, now: int) -> None:
    """Keep an entry's new keys; of those it has no more, the last few: a feed may give new ones at every poll."""
    _remember(connection, feed_id, learned.keys, learned.article_id, now)
    rows = connection.rows(
        "SELECT entry_key FROM identity WHERE feed_id = ? AND article_id = ? ORDER BY seen_at DESC, entry_key",
        (feed_id, learned.article_id),
    )
    former = [row[0] for row in rows if row[0] not in learned.keys]
    sql = "DELETE FROM identity WHERE feed_id = ? AND entry_key = ?"
    connection.run_many(sql, [(feed_id, key) for key in former[MOST_FORMER_KEYS:]])


def _announce(connection: Connection, article_id: int, article: NewArticle, channels: Sequence[int], now: int) -> None:
    connection.run_many(
        "INSERT INTO post (article_id, chat_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(article_id, chat_id) for chat_id in channels],
    )
    announce_to_subscribers(connection, article_id, article, now)


def correct(connection: Connection, correction: Correction, now: int) -> None:
    """Store what a feed has changed of an article; posts that show it are edited, search finds its new words."""
    old = connection.row(
        "SELECT headline, summary, body, source, language FROM article WHERE id = ?", (correction.article_id,)
    )
    if old is None:
        return
    source, language = old[3], correction.language or old[4]
    unindex_article(connection, correction.article_id, *old[:3], source=source, language=old[4])
    connection.run(
        "UPDATE article SET headline = ?, summary = ?, body = ?, entry_hash = ?, language = ? WHERE id = ?",
        (
            correction.headline,
            correction.summary,
            correction.text,
            correction.entry_hash,
            language,
            correction.article_id,
        ),
    )
    index_article(
        connection,
        correction.article_id,
        correction.headline,
        correction.summary,
        correction.text,
        source=source,
        language=language,
    )
    if correction.shown:
        # What nobody has seen yet is simply posted in its new words.
        connection.run(
            "UPDATE article SET updated_at = ? WHERE id = ? AND (EXISTS ("
            " SELECT 1 FROM post WHERE article_id = article.id AND state <> 'pending') OR EXISTS ("
            " SELECT 1 FROM broadcast WHERE article_id = article.id AND (recipient_cursor > 0 OR exhausted = 1)))",
            (now, correction.article_id),
        )
        _ask_for_edit(connection, correction.article_id, now)
