"""Digests: whose is due, what goes into it, and its messages until they are sent."""

from dataclasses import replace
from datetime import UTC, tzinfo

from bot.digest_message import digest_messages
from bot.digests import Plan, Wishes, advanced, is_silent, zone_of
from bot.i18n import closest, phrases
from bot.models import Article, Errand, Message
from bot.ports import Clock
from bot.store.database import Connection, Database, Row
from bot.store.rows import ARTICLE_COLUMNS, article_from_row
from bot.store.together import Together
from bot.store.wishes import COUNT, PLAN, WISHES, keep_plan, wishes_from

MOST_IN_DIGEST = 300
MADE_AT_ONCE = 20
MOST_WAITING = 1000
MATCHES_KEPT_FOR = 15 * 86_400
MATCHES_DROPPED_AT_ONCE = 50


class DigestStore:
    """Digests as something to be sent to one chat each (`ports.Broadcasts`).

    A digest is made, and its reader's plan goes on to the next, in one transaction with the messages to be sent; a
    message's row is deleted when it has arrived. So each digest is made once, however often the program is killed.

    Args:
        database: with the readers' wishes, and which articles fit what they subscribed to.
        now: the clock.
        zone: of readers who chose none.
        language: of readers whose own is not known.
    """

    def __init__(self, database: Database, *, now: Clock, zone: tzinfo = UTC, language: str = "en") -> None:
        self._database = database
        self._together = Together(database)
        self._now = now
        self._zone = zone
        self._language = language

    async def claim(self, limit: int) -> int:
        """Make digests that are due, up to `limit` and a page; return how many, those without articles too."""
        now = int(self._now())
        if await self._database.read(lambda connection: not _are_due(connection, now)):
            return 0
        count = min(limit, MADE_AT_ONCE)
        return await self._database.write(lambda connection: self._make(connection, now, count))

    async def due(self, now: int, limit: int) -> list[Errand]:
        """Return messages to be sent now, to each chat one at a time and in order."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT id, chat_id, attempts, as_plain, thread_id, html, plain, silent FROM digest_message AS message"
                " WHERE state = 'pending' AND due_at <= ? AND NOT EXISTS (SELECT 1 FROM digest_message AS older"
                " WHERE older.chat_id = message.chat_id AND older.thread_id = message.thread_id"
                " AND older.id < message.id) ORDER BY id LIMIT ?",
                (now, limit),
            )
        )
        return [_errand(row) for row in rows]

    async def begin(self, errand: Errand) -> None:
        """Write down that the call begins."""
        await self._set(errand, "state = 'sending', attempts = attempts + 1")

    async def sent(self, errand: Errand, photo_id: str = "") -> None:  # noqa: ARG002 - digests have no photos
        """Write down that the message has arrived."""
        await self._drop(errand)

    async def put_back(self, errand: Errand, *, due_at: int, error: str, plain: bool = False) -> None:
        """Write down that nothing was sent; the message waits until `due_at`."""
        change = "state = 'pending', due_at = ?, error = ?, as_plain = ?"
        await self._set(errand, change, due_at, error, int(plain or errand.plain))

    async def give_up(self, errand: Errand, error: str) -> None:  # noqa: ARG002 - the log has it
        """Write down that the message will not arrive."""
        await self._drop(errand)

    async def recover(self, *, repeat: bool) -> int:
        """At start: settle what was in flight when the last process died; return how many there were."""
        what = "UPDATE digest_message SET state = 'pending'" if repeat else "DELETE FROM digest_message"
        return await self._database.write(lambda connection: connection.run(f"{what} WHERE state = 'sending'"))

    async def finish(self, now: int) -> None:
        """Forget which interests old articles fit, a few at a time."""
        if await self._database.read(lambda connection: bool(_outdated(connection, now))):
            await self._database.write(lambda connection: _forget_outdated(connection, now))

    def _make(self, connection: Connection, now: int, count: int) -> int:
        rows = connection.rows(
            f"SELECT wishes.chat_id, wishes.thread_id, chat.state, chat.language, reader.language, {WISHES}, {PLAN}"
            " FROM wishes LEFT JOIN chat ON chat.id = wishes.chat_id LEFT JOIN reader ON reader.id = wishes.chat_id"
            " WHERE wishes.next_at <= ? ORDER BY wishes.next_at, wishes.chat_id LIMIT ?",
            (now, count),
        )
        for chat_id, thread_id, state, known, chosen, *rest in rows:
            wishes, plan = wishes_from(tuple(rest[:COUNT])), Plan(*rest[COUNT:])
            span, following = advanced(now, wishes, plan, self._zone)
            if keep_plan(connection, (chat_id, thread_id), following, due=plan.next_at or 0) and state == "open":
                language = closest(chosen or known or "", self._language)
                _make_one(connection, (chat_id, thread_id), span, language, silent=self._is_silent(now, wishes))
        return len(rows)

    def _is_silent(self, now: int, wishes: Wishes) -> bool:
        return is_silent(now, wishes, zone_of(wishes, self._zone))

    async def _set(self, errand: Errand, change: str, *values: object) -> None:
        sql = f"UPDATE digest_message SET {change} WHERE id = ?"
        await self._together.write(lambda connection: connection.run(sql, (*values, errand.broadcast_id)))

    async def _drop(self, errand: Errand) -> None:
        sql = "DELETE FROM digest_message WHERE id = ?"
        await self._together.write(lambda connection: connection.run(sql, (errand.broadcast_id,)))


def collected(
    connection: Connection, place: tuple[int, int], span: tuple[int, int], most: int
) -> tuple[list[Article], int]:
    """Return the newest articles announced in a span that a place is subscribed to, oldest first, and how many."""
    which = (
        " FROM article WHERE id IN (SELECT matched.article_id FROM subscription"
        " JOIN article_interest AS matched ON matched.interest_id = subscription.interest_id"
        " AND matched.announced_at >= ? AND matched.announced_at < ?"
        " WHERE subscription.chat_id = ? AND subscription.thread_id = ?"
        " AND matched.announced_at >= subscription.created_at)"
    )
    counted = connection.row(f"SELECT COUNT(*){which}", (*span, *place))
    rows = connection.rows(f"SELECT {ARTICLE_COLUMNS}{which} ORDER BY id DESC LIMIT ?", (*span, *place, most))
    return [article_from_row(row) for row in reversed(rows)], int(counted[0]) if counted else 0


def _make_one(
    connection: Connection, place: tuple[int, int], span: tuple[int, int], language: str, *, silent: bool
) -> None:
    articles, count = collected(connection, place, span, MOST_IN_DIGEST)
    messages = digest_messages(articles, phrases(language), left_out=count - len(articles))
    connection.run_many(
        "INSERT INTO digest_message (chat_id, thread_id, html, plain, silent) VALUES (?, ?, ?, ?, ?)",
        [(*place, message.html, message.plain, int(silent)) for message in messages],
    )


def _are_due(connection: Connection, now: int) -> bool:
    """Say whether digests are due, and not so many are made already that others may as well wait."""
    if connection.row("SELECT 1 FROM wishes WHERE next_at <= ?", (now,)) is None:
        return False
    ready = connection.row(
        "SELECT COUNT(*) FROM digest_message WHERE state = 'sending' OR (state = 'pending' AND due_at <= ?)", (now,)
    )
    return ready is None or ready[0] < MOST_WAITING


def _errand(row: Row) -> Errand:
    message = Message(html=row[5], plain=row[6], silent=bool(row[7]))
    return replace(Errand(row[0], row[1], row[2], bool(row[3])), message=message, thread_id=row[4])


def _outdated(connection: Connection, now: int) -> list[Row]:
    # Articles are announced in the order of their ids, by and large.
    return connection.rows(
        "SELECT article_id FROM (SELECT article_id, announced_at FROM article_interest ORDER BY article_id LIMIT ?)"
        " AS oldest WHERE announced_at < ? AND NOT EXISTS (SELECT 1 FROM broadcast"
        " WHERE broadcast.article_id = oldest.article_id AND broadcast.exhausted = 0) GROUP BY article_id",
        (MATCHES_DROPPED_AT_ONCE, now - MATCHES_KEPT_FOR),
    )


def _forget_outdated(connection: Connection, now: int) -> None:
    connection.run_many("DELETE FROM article_interest WHERE article_id = ?", _outdated(connection, now))
