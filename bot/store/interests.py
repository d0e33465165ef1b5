"""Whom a new article goes to: the interests it fits, found by their anchors, and who subscribed to them."""

import json
from collections.abc import Iterable, Sequence

from bot.interest import EVERYTHING, Interest, Kind, Subject, anchors, conditions, identity, key
from bot.models import NewArticle
from bot.search_query import parse_query
from bot.store.database import Connection, placeholders
from bot.store.search import count_since

ANCHORS_A_QUERY = 500
FEW_INTERESTS = 50
CROWD = 1000
FIRST_CHAT = -(2**63)
LAST_CHAT = 2**63 - 1

# Who collects articles announced at that time gets them in a digest (decision 0070); takes the time four times.
SENT_AT_ONCE = (
    "NOT EXISTS (SELECT 1 FROM wishes"
    " WHERE wishes.chat_id = subscription.chat_id AND wishes.thread_id = subscription.thread_id"
    " AND ((? >= held_from AND ? < held_to) OR (? >= done_from AND ? < done_to)))"
)


def announce_to_subscribers(connection: Connection, article_id: int, article: NewArticle, now: int) -> None:
    """Queue an article for the groups that subscribed to it, and as a broadcast if readers did.

    A chat with several subscriptions that fit gets it once.
    """
    subject = Subject(
        headline=article.headline,
        summary=article.summary,
        body=article.text,
        source=article.source,
        language=article.language,
        categories=article.categories,
    )
    connection.run_many(
        "INSERT INTO article_interest (article_id, interest_id, announced_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(article_id, interest_id, now) for interest_id in matching_interests(connection, subject)],
    )
    connection.run(
        "INSERT INTO post (article_id, chat_id, thread_id)"
        " SELECT DISTINCT matched.article_id, subscription.chat_id, subscription.thread_id"
        " FROM article_interest AS matched"
        " JOIN subscription ON subscription.interest_id = matched.interest_id AND subscription.private = 0"
        " JOIN chat ON chat.id = subscription.chat_id AND chat.state = 'open'"
        f" WHERE matched.article_id = ? AND {SENT_AT_ONCE}"
        " ON CONFLICT DO NOTHING",
        (article_id, *(now,) * 4),
    )
    wanted = connection.run(
        "INSERT INTO broadcast (article_id, created_at) SELECT CAST(? AS BIGINT), CAST(? AS BIGINT)"
        " WHERE EXISTS (SELECT 1 FROM article_interest AS matched"
        " JOIN subscription ON subscription.interest_id = matched.interest_id AND subscription.private = 1"
        " WHERE matched.article_id = ?)",
        (article_id, now, article_id),
    )
    if not wanted:
        forget_matches(connection, article_id)


def matching_interests(connection: Connection, subject: Subject) -> list[int]:
    """Return the interests that an article fits; only those with one of its words as anchor are looked at."""
    found = {everything(connection)}
    for part in _parts(sorted(subject.anchors()), ANCHORS_A_QUERY):
        rows = connection.rows(
            "SELECT interest.id, interest.conditions"
            " FROM interest_anchor JOIN interest ON interest.id = interest_anchor.interest_id"
            f" WHERE interest_anchor.anchor IN ({placeholders(len(part))})",
            part,
        )
        found.update(interest_id for interest_id, kept in rows if subject.meets(kept))
    return sorted(found)


def recipients(connection: Connection, article_id: int, after_chat_id: int | None, limit: int) -> list[int]:
    """Return the next private chats that get an article, by id, after the one its broadcast has reached."""
    first = FIRST_CHAT if after_chat_id is None else after_chat_id
    rows = connection.rows(
        "SELECT interest_id, announced_at FROM article_interest WHERE article_id = ? ORDER BY interest_id LIMIT ?",
        (article_id, FEW_INTERESTS + 1),
    )
    if len(rows) > FEW_INTERESTS:
        return _recipients_in_passing(connection, article_id, rows[0][1], first, limit)
    chats: list[int] = []
    for interest_id, announced_at in rows:
        span = (first, chats[-1] if len(chats) == limit else LAST_CHAT)
        chats = sorted({*chats, *_recipients_of(connection, interest_id, announced_at, span, limit)})[:limit]
    return chats


def _recipients_of(
    connection: Connection, interest_id: int, announced_at: int, span: tuple[int, int], limit: int
) -> list[int]:
    rows = connection.rows(
        "SELECT DISTINCT subscription.chat_id FROM subscription"
        " JOIN chat ON chat.id = subscription.chat_id AND chat.state = 'open'"
        " WHERE subscription.interest_id = ? AND subscription.private = 1"
        f" AND subscription.chat_id > ? AND subscription.chat_id <= ? AND {SENT_AT_ONCE}"
        " ORDER BY subscription.chat_id LIMIT ?",
        (interest_id, *span, *(announced_at,) * 4, limit),
    )
    return [int(row[0]) for row in rows]


def _recipients_in_passing(
    connection: Connection, article_id: int, announced_at: int, first: int, limit: int
) -> list[int]:
    # An article that fits many interests has many recipients: the next of them are never far.
    rows = connection.rows(
        "SELECT DISTINCT subscription.chat_id FROM subscription"
        " JOIN chat ON chat.id = subscription.chat_id AND chat.state = 'open'"
        " WHERE subscription.private = 1 AND subscription.chat_id > ?"
        " AND EXISTS (SELECT 1 FROM article_interest AS matched"
        " WHERE matched.article_id = ? AND matched.interest_id = subscription.interest_id)"
        f" AND {SENT_AT_ONCE} ORDER BY subscription.chat_id LIMIT ?",
        (first, article_id, *(announced_at,) * 4, limit),
    )
    return [int(row[0]) for row in rows]


def forget_matches(connection: Connection, article_id: int) -> None:
    """Forget which interests an article fits, once nobody is to be found by them and nobody collects for a digest."""
    connection.run(
        "DELETE FROM article_interest WHERE article_id = ?"
        " AND NOT EXISTS (SELECT 1 FROM wishes WHERE next_at IS NOT NULL)",
        (article_id,),
    )


def keep_interest(connection: Connection, interest: Interest) -> int:
    """Return the id of an interest, stored with its anchors if it is new."""
    facts = (interest.kind.value, identity(interest))
    row = connection.row("SELECT id FROM interest WHERE kind = ? AND identity = ?", facts)
    if row is not None:
        return int(row[0])
    row = connection.row(
        "INSERT INTO interest (kind, identity, wanted, conditions) VALUES (?, ?, ?, ?) RETURNING id",
        (*facts, interest.text, conditions(interest)),
    )
    interest_id = int(row[0]) if row else 0
    connection.run_many(
        "INSERT INTO interest_anchor (anchor, interest_id) VALUES (?, ?)",
        [(anchor, interest_id) for anchor in anchors(interest, lambda anchor: _crowd(connection, anchor))],
    )
    return interest_id


def _crowd(connection: Connection, anchor: str) -> int:
    row = connection.row(
        "SELECT COUNT(*) FROM (SELECT 1 FROM interest_anchor WHERE anchor = ? LIMIT ?) AS crowd", (anchor, CROWD)
    )
    return int(row[0]) if row else 0


def drop_unwanted(connection: Connection, interest_ids: Iterable[int]) -> None:
    """Forget those of the interests that nobody has any more."""
    for interest_id in interest_ids:
        unwanted = (
            "SELECT id FROM interest WHERE id = ? AND kind <> 'all'"
            " AND NOT EXISTS (SELECT 1 FROM subscription WHERE subscription.interest_id = interest.id)"
        )
        connection.run(f"DELETE FROM interest_anchor WHERE interest_id IN ({unwanted})", (interest_id,))
        connection.run(f"DELETE FROM interest WHERE id IN ({unwanted})", (interest_id,))


def everything(connection: Connection) -> int:
    """Return the id of the interest in all articles."""
    return keep_interest(connection, EVERYTHING)


def articles_since(connection: Connection, interest: Interest, since: int) -> int:
    """Return how many articles published at `since` or later an interest would have brought."""
    if interest.kind is Kind.WORDS:
        return count_since(connection, parse_query(interest.text), since)
    rows = connection.rows(
        "SELECT source, categories, COUNT(*) FROM article WHERE published >= ? GROUP BY source, categories", (since,)
    )
    return sum(int(row[2]) for row in rows if is_wanted(interest, str(row[0]), str(row[1])))


def is_wanted(interest: Interest, source: str, categories: str) -> bool:
    """Say whether an article with this source and these categories, as stored, fits an interest not in words."""
    if interest.kind is Kind.CATEGORY:
        return key(interest.text) in map(key, json.loads(categories))
    return interest.kind is Kind.ALL or key(source) == key(interest.text)


def _parts(values: Sequence[str], size: int) -> list[Sequence[str]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
