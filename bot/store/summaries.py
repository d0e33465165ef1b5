"""What a language model was asked today and what it answered, so that neither is paid for twice."""

from bot.store.database import Connection, Database

KEPT_SECONDS = 30 * 86_400
CALLS = "language model calls "


class SummaryStore:
    """`ports.SummaryBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spend(self, day: str, most: int) -> bool:
        """Count one call of `day`; False, and nothing counted, where there were `most` already."""
        return await self._database.write(lambda connection: _spend(connection, CALLS + day, most))

    async def answer(self, key: str) -> str | None:
        """Return what was answered to this question before, or None."""
        sql = "SELECT answer FROM model_answer WHERE question = ?"
        row = await self._database.read(lambda connection: connection.row(sql, (key,)))
        return None if row is None else str(row[0])

    async def keep(self, key: str, answer: str, now: int) -> None:
        """Keep an answer for a month."""
        await self._database.write(lambda connection: _keep(connection, key, answer, now))


def _spend(connection: Connection, name: str, most: int) -> bool:
    connection.run("DELETE FROM fact WHERE name LIKE ? AND name <> ?", (f"{CALLS}%", name))
    counted = connection.run(
        "INSERT INTO fact (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE"
        " SET value = CAST(CAST(fact.value AS BIGINT) + 1 AS TEXT) WHERE CAST(fact.value AS BIGINT) < ?",
        (name, most),
    )
    return counted > 0


def _keep(connection: Connection, key: str, answer: str, now: int) -> None:
    connection.run("DELETE FROM model_answer WHERE made_at < ?", (now - KEPT_SECONDS,))
    connection.run(
        "INSERT INTO model_answer (question, answer, made_at) VALUES (?, ?, ?) ON CONFLICT (question) DO NOTHING",
        (key, answer.replace("\x00", ""), now),
    )
