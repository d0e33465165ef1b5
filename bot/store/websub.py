"""Subscriptions at hubs: what was asked, what was agreed, and until when."""

import json
from collections.abc import Mapping, Sequence

from bot.models import HubSubscription
from bot.store.database import Connection, Database, Row

COLUMNS = "token, feed_id, hub, topic, callback, secret, pending, due_at, expires_at, attempts"
PUSHED_UNTIL = "pushed_until"
NAMES_A_HUB = '%"hub": "%'
IS_PUSHED = f'%"{PUSHED_UNTIL}": "%'


class WebSubStore:
    """What the subscriber reads and writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offers(self) -> list[tuple[int, str, Mapping[str, str]]]:
        """Return id, address and facts of the polled feeds that name a hub."""
        sql = "SELECT id, url, state FROM feed WHERE active = 1 AND stopped = 0 AND state LIKE ? ORDER BY id"
        rows = await self._database.read(lambda connection: connection.rows(sql, (NAMES_A_HUB,)))
        return [(int(row[0]), row[1], json.loads(row[2])) for row in rows]

    async def all(self) -> list[HubSubscription]:
        """Return every subscription, the oldest first."""
        sql = f"SELECT {COLUMNS} FROM hub_subscription ORDER BY id"
        rows = await self._database.read(lambda connection: connection.rows(sql))
        return [_subscription(row) for row in rows]

    async def due(self, now: int, limit: int) -> list[HubSubscription]:
        """Return up to `limit` subscriptions for which their hub is to be asked."""
        sql = f"SELECT {COLUMNS} FROM hub_subscription WHERE due_at <= ? ORDER BY due_at, id LIMIT ?"
        rows = await self._database.read(lambda connection: connection.rows(sql, (now, limit)))
        return [_subscription(row) for row in rows]

    async def find(self, token: str) -> HubSubscription | None:
        """Return the subscription with this token."""
        sql = f"SELECT {COLUMNS} FROM hub_subscription WHERE token = ?"
        row = await self._database.read(lambda connection: connection.row(sql, (token,)))
        return None if row is None else _subscription(row)

    async def keep(self, subscriptions: Sequence[HubSubscription]) -> None:
        """Store subscriptions, new or changed, all or none."""
        if subscriptions:
            await self._database.write(lambda connection: _keep(connection, subscriptions))

    async def drop(self, token: str) -> None:
        """Forget a subscription."""
        sql = "DELETE FROM hub_subscription WHERE token = ?"
        await self._database.write(lambda connection: connection.run(sql, (token,)))

    async def end_pushes(self, feed_id: int, now: int) -> None:
        """A feed is not pushed any more: it is due now, and from then on at its usual interval."""
        await self._database.write(lambda connection: _end_pushes(connection, now, " AND id = ?", (feed_id,)))

    async def end_all_pushes(self, now: int) -> None:
        """At start: what hubs pushed meanwhile was missed, so each feed that they push is due now."""
        await self._database.write(lambda connection: _end_pushes(connection, now, "", ()))


def _keep(connection: Connection, subscriptions: Sequence[HubSubscription]) -> None:
    connection.run_many(
        f"INSERT INTO hub_subscription ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (token) DO UPDATE SET pending = excluded.pending, due_at = excluded.due_at,"
        " expires_at = excluded.expires_at, attempts = excluded.attempts",
        [
            (
                one.token,
                one.feed_id,
                one.hub,
                one.topic,
                one.callback,
                one.secret,
                one.pending,
                one.due_at,
                one.expires_at,
                one.attempts,
            )
            for one in subscriptions
        ],
    )


def _end_pushes(connection: Connection, now: int, which: str, parameters: Sequence[int]) -> None:
    rows = connection.rows(f"SELECT id, state FROM feed WHERE state LIKE ?{which}", (IS_PUSHED, *parameters))
    changed = []
    for feed_id, text in rows:
        facts = {name: value for name, value in json.loads(text).items() if name != PUSHED_UNTIL}
        changed.append((json.dumps(facts), feed_id))
    connection.run_many("UPDATE feed SET state = ? WHERE id = ?", changed)
    due = [(now, feed_id, now) for _, feed_id in changed]
    connection.run_many("UPDATE feed SET next_poll_at = ? WHERE id = ? AND claim = '' AND next_poll_at > ?", due)


def _subscription(row: Row) -> HubSubscription:
    return HubSubscription(*row)
