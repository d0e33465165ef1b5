"""What the admins want to know of a running bot, read in one go."""

from collections.abc import Sequence

from bot.models import QueueStatus
from bot.store.database import Connection, Database

MINUTE = 60
MOST_FAILING = 10


class StatusStore:
    """Reads the state of queue and feeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def status(self, now: int) -> QueueStatus:
        """Return how things stand at this second."""
        return await self._database.read(lambda connection: _status(connection, now))


def _status(connection: Connection, now: int) -> QueueStatus:
    waiting = connection.rows(
        "SELECT post.chat_id, COUNT(*), MIN(article.found_at) FROM post JOIN article ON article.id = post.article_id"
        " WHERE post.state IN ('pending', 'sending') GROUP BY post.chat_id"
    )
    broadcasts, began = connection.rows("SELECT COUNT(*), MIN(created_at) FROM broadcast WHERE finished_at IS NULL")[0]
    failing = connection.rows(
        "SELECT url, error FROM feed WHERE active = 1 AND error <> '' ORDER BY failing_since, id LIMIT ?",
        (MOST_FAILING,),
    )
    return QueueStatus(
        waiting_by_chat={chat: count for chat, count, _ in waiting},
        closed_for=_closed_for(connection, [chat for chat, _, _ in waiting], now),
        oldest_found_at=min((since for since in (began, *(found for _, _, found in waiting)) if since), default=None),
        sent_last_minute=_count(
            connection, "SELECT COUNT(*) FROM post WHERE state = 'sent' AND sent_at > ?", now - MINUTE
        ),
        failed=_count(connection, "SELECT COUNT(*) FROM post WHERE state = 'failed'"),
        broadcasts=broadcasts,
        recipients_left=_count(
            connection,
            "SELECT COUNT(*) FROM broadcast"
            " JOIN article_interest AS matched ON matched.article_id = broadcast.article_id"
            " JOIN subscription ON subscription.interest_id = matched.interest_id AND subscription.private = 1"
            " AND subscription.chat_id > broadcast.recipient_cursor WHERE broadcast.exhausted = 0",
        )
        + _count(connection, "SELECT COUNT(*) FROM broadcast_recipient WHERE state IN ('pending', 'sending')"),
        feeds=_count(connection, "SELECT COUNT(*) FROM feed WHERE active = 1"),
        failing_feeds=tuple((url, error) for url, error in failing),
    )


def _closed_for(connection: Connection, chats: Sequence[int], now: int) -> dict[int, int]:
    gates: dict[str, int] = dict(connection.rows("SELECT scope, closed_until FROM gate WHERE closed_until > ?", (now,)))
    until = {chat: max(gates.get(f"chat:{chat}", now), gates.get("global", now)) for chat in chats}
    return {chat: closed - now for chat, closed in until.items() if closed > now}


def _count(connection: Connection, sql: str, *parameters: int) -> int:
    row = connection.row(sql, parameters)
    return int(row[0]) if row else 0
