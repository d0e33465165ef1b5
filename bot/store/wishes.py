"""What is set in /settings: read, and kept together with the plan that follows from it."""

from dataclasses import astuple, fields
from datetime import tzinfo

from bot.digests import Mode, Plan, Quiet, Wishes, replanned
from bot.store.database import Connection, Row, placeholders

PLAIN = Wishes()
WISHES = ", ".join(f"wishes.{field.name}" for field in fields(Wishes))
PLAN = ", ".join(f"wishes.{field.name}" for field in fields(Plan))
COLUMNS = tuple(field.name for field in (*fields(Wishes), *fields(Plan)))
COUNT = len(fields(Wishes))


def wishes_from(row: Row) -> Wishes:
    """Return the wishes of a row of `WISHES`; one without any (of an outer join) gives the usual ones."""
    if row[0] is None:
        return PLAIN
    mode, hour, weekday, zone, quiet, quiet_from, quiet_to, pictures = row
    return Wishes(Mode(mode), hour, weekday, zone, Quiet(quiet), quiet_from, quiet_to, bool(pictures))


def wishes_of(connection: Connection, chat_id: int, thread_id: int) -> tuple[Wishes, Plan]:
    """Return what is set for a place, and its plan."""
    row = connection.row(
        f"SELECT {WISHES}, {PLAN} FROM wishes WHERE chat_id = ? AND thread_id = ?", (chat_id, thread_id)
    )
    return (PLAIN, Plan()) if row is None else (wishes_from(row[:COUNT]), Plan(*row[COUNT:]))


def keep_wishes(connection: Connection, place: tuple[int, int], wishes: Wishes, now: int, usual: tzinfo) -> None:
    """Set the wishes of a chat and topic, and plan anew."""
    old, plan = wishes_of(connection, *place)
    plan = replanned(now, old, wishes, plan, usual)
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
    connection.run(
        f"INSERT INTO wishes (chat_id, thread_id, {', '.join(COLUMNS)}) VALUES ({placeholders(2 + len(COLUMNS))})"
        f" ON CONFLICT (chat_id, thread_id) DO UPDATE SET {changes}",
        (*place, *_values(wishes), *astuple(plan)),
    )


def keep_plan(connection: Connection, place: tuple[int, int], plan: Plan, *, due: int) -> bool:
    """Go on to the next plan of a digest that was due; False where another process has done so."""
    changes = ", ".join(f"{field.name} = ?" for field in fields(Plan))
    sql = f"UPDATE wishes SET {changes} WHERE chat_id = ? AND thread_id = ? AND next_at = ?"
    return connection.run(sql, (*astuple(plan), *place, due)) > 0


def _values(wishes: Wishes) -> tuple[object, ...]:
    return (
        wishes.mode.value,
        wishes.hour,
        wishes.weekday,
        wishes.zone,
        wishes.quiet.value,
        wishes.quiet_from,
        wishes.quiet_to,
        int(wishes.pictures),
    )
