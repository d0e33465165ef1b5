"""When a reader wants articles, and what that means for each of them: instantly, or collected until a due time; pure.

Every reader has a plan of half-open spans of time: an article announced within one is collected, and comes in the
digest that ends it; any other is sent at once. So none comes twice and none is lost, whenever a reader changes their
mind (decision 0070).
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.zones import is_zone

FOREVER = 2**62
HOUR = 3600
HOURS = 24
WEEK_DAYS = 7

# An article's second is taken just before it is stored: a digest leaves the last seconds to the next one.
STORED_WITHIN = 10


class Mode(StrEnum):
    """How articles come."""

    INSTANTLY = "instantly"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Quiet(StrEnum):
    """What happens to messages in the quiet hours."""

    NEVER = "never"
    SILENT = "silent"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is set in /settings for a chat, or for a topic of a forum.

    Attributes:
        hour: of a daily or weekly digest, in the reader's time zone.
        weekday: of a weekly digest, 0 for Monday.
        zone: an IANA name, '' for the bot's own.
        quiet_from: the hour at which the quiet hours begin; they end at `quiet_to`, perhaps of the next day.
    """

    mode: Mode = Mode.INSTANTLY
    hour: int = 8
    weekday: int = 0
    zone: str = ""
    quiet: Quiet = Quiet.NEVER
    quiet_from: int = 22
    quiet_to: int = 7
    pictures: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What is collected, and when it is due; times in seconds UTC.

    Attributes:
        held_from: articles announced from then on are collected, until before `held_to`.
        done_from: articles announced from then on went into digests already, until before `done_to`.
        next_at: when the digest is to be made, None where nothing is collected.
        served: the last day, in the reader's time zone, whose digest was made or is no longer owed; '' for none.
        made: the last day whose daily or weekly digest was really made, '' for none.
    """

    held_from: int = FOREVER
    held_to: int = FOREVER
    done_from: int = 0
    done_to: int = 0
    next_at: int | None = None
    served: str = ""
    made: str = ""


def zone_of(wishes: Wishes, usual: tzinfo) -> tzinfo:
    """Return the reader's time zone; one that this computer does not know (any more) is the usual one."""
    return ZoneInfo(wishes.zone) if is_zone(wishes.zone) else usual


def next_digest(now: int, wishes: Wishes, zone: tzinfo, served: str = "") -> int:
    """Return when the next digest is due, in seconds UTC.

    A daily or weekly digest belongs to a date of the calendar: each is made once, in whatever zone the reader was
    when the last was made; one that is owed already is due now. A time that does not exist because clocks go forward is
    as long after midnight as if they did not; of a time that there is twice, the first is meant. Where quiet hours hold
    messages back, a digest waits for their end.
    """
    if wishes.mode is Mode.HOURLY:
        offset = int((_local(now, zone).utcoffset() or timedelta()).total_seconds())
        due = now + HOUR - (now + offset) % HOUR
    else:
        last = date.fromisoformat(served) if served else last_served(now, wishes, zone)
        day = last + timedelta(days=1)
        while wishes.mode is Mode.WEEKLY and day.weekday() != wishes.weekday:
            day += timedelta(days=1)
        due = at(day, wishes.hour, zone)
    due = max(due, now)
    if wishes.quiet is Quiet.HELD:
        start, end = quiet_span(due, wishes, zone)
        due = end if start <= due else due
    return due


def last_served(now: int, wishes: Wishes, zone: tzinfo) -> date:
    """Return the latest day whose digest is due by now."""
    # Where a zone's date line moved, two days may begin at the same time: look from tomorrow backwards.
    day = _local(now, zone).date() + timedelta(days=1)
    while at(day, wishes.hour, zone) > now or (wishes.mode is Mode.WEEKLY and day.weekday() != wishes.weekday):
        day -= timedelta(days=1)
    return day


def quiet_span(now: int, wishes: Wishes, zone: tzinfo) -> tuple[int, int]:
    """Return beginning and end of the quiet hours that last at `now`, or else of the next ones."""
    day = _local(now, zone).date() - timedelta(days=2)
    while True:
        last_day = day if wishes.quiet_to > wishes.quiet_from else day + timedelta(days=1)
        start, end = at(day, wishes.quiet_from, zone), at(last_day, wishes.quiet_to, zone)
        if start < end and end > now:
            return start, end
        day += timedelta(days=1)


def is_silent(now: int, wishes: Wishes, zone: tzinfo) -> bool:
    """Say whether a message sent now is to make no sound: one that was on its way when quiet hours began neither."""
    return wishes.quiet is not Quiet.NEVER and quiet_span(now, wishes, zone)[0] <= now


def at(day: date, hour: int, zone: tzinfo) -> int:
    """Return an hour of a day as seconds UTC."""
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp())


def replanned(now: int, old: Wishes, new: Wishes, plan: Plan, usual: tzinfo) -> Plan:
    """Return the plan after a reader changed their wishes; what was collected before is not forgotten."""
    zone = zone_of(new, usual)
    collecting = plan.next_at is not None and plan.held_from <= now
    if collecting and plan.held_to <= now:  # a digest is just being made; what follows is planned after it
        return replace(plan, served="")
    if new.mode is not Mode.INSTANTLY:
        # At another hour nothing is owed, and today's digest may yet be to come, unless today had one.
        is_another = (new.mode, new.hour, new.weekday) != (old.mode, old.hour, old.weekday)
        begun = max(plan.made, last_served(now, new, zone).isoformat())
        served = plan.served if plan.served and not is_another else begun
        return replace(
            plan,
            held_from=plan.held_from if collecting else now,
            held_to=FOREVER,
            next_at=next_digest(now, new, zone, served),
            served=served,
        )
    start, end = quiet_span(now, new, zone) if new.quiet is Quiet.HELD else (FOREVER, FOREVER)
    if collecting:
        held_to = end if start <= now else now
        return replace(plan, held_to=held_to, next_at=held_to + STORED_WITHIN, served="")
    return _held(replace(plan, served=""), max(start, now), end)


def advanced(now: int, wishes: Wishes, plan: Plan, usual: tzinfo) -> tuple[tuple[int, int], Plan]:
    """Return the span of the digest that is due, and the plan once it is made; however late it is, it is one."""
    zone = zone_of(wishes, usual)
    span = plan.held_from, max(plan.held_from, min(plan.held_to, now - STORED_WITHIN))
    joined = plan.done_to == plan.held_from
    plan = replace(plan, done_from=plan.done_from if joined else span[0], done_to=span[1])
    if wishes.mode is not Mode.INSTANTLY:
        served = last_served(now, wishes, zone).isoformat()
        # A reader who has moved may be owed a day that has not ended where they were; it is not owed twice.
        served = max(served, plan.served)
        made = plan.made if wishes.mode is Mode.HOURLY else served
        due = next_digest(now, wishes, zone, served)
        held_from = span[1] if plan.held_to == FOREVER else now
        return span, replace(plan, held_from=held_from, held_to=FOREVER, next_at=due, served=served, made=made)
    if wishes.quiet is Quiet.HELD:
        start, end = quiet_span(now, wishes, zone)
        return span, _held(plan, max(start, now), end)
    return span, _held(plan, FOREVER, FOREVER)


def _held(plan: Plan, start: int, end: int) -> Plan:
    return replace(plan, held_from=start, held_to=end, next_at=end + STORED_WITHIN if end < FOREVER else None)


def _local(now: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(now, UTC).astimezone(zone)
