"""When to poll a feed next, and when to send again after a failure (pure: clock and chance are arguments).

The rules and where they come from stand in docs/decisions/0021.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.feed_facts import DAY, HOUR, Outcome, next_state, number, numbers
from bot.models import Feed

FAILING_TOO_LONG = DAY  # then the admins are told

_JITTER, _FIRST_JITTER = 0.1, 0.5  # feeds that were first read together part at once
_LONGEST_WAIT = DAY  # no hint and no row of errors silences a feed for longer
_QUIET_STEPS = ((90 * DAY, 6 * HOUR), (28 * DAY, HOUR), (14 * DAY, HOUR // 2))
_SELDOM, _SHARE_OF_RHYTHM, _SHARE_OF_SILENCE, _SELDOM_WAIT = DAY, 48, 24, HOUR
_PUSHED_INTERVALS, _PUSHED_LEAST = 12, 6 * HOUR  # between the polls of a feed whose hub pushes
_WORDPRESS_DEFAULT = HOUR  # every WordPress feed says 'hourly', whatever it means
_HOURS_A_DAY = 24

# Waits after a refusal, in poll intervals, so that an admin's explicit interval scales them; at 300 s: 1 h and 4 h.
_TOO_MANY_REQUESTS, _FORBIDDEN = 12, 48

_RETRY_FIRST, _RETRY_LONGEST = 2.0, 15 * 60.0
_EDIT_PAUSES = (0, 30, 2 * 60, 10 * 60, HOUR, 6 * HOUR, 12 * HOUR, DAY)


def next_poll(now: int, feed: Feed, outcome: Outcome, *, interval: int, chance: float) -> int:
    """When to poll the feed again, in seconds UTC.

    Args:
        now: the time of this poll.
        feed: as it stood before this poll.
        outcome: what this poll met with.
        interval: the configured seconds between polls.
        chance: from 0 to 1. Jitter only shortens a plain interval, so that an ordinary feed is never seen later
            than configured, and only lengthens a wait that a server asked for or earned.
    """
    interval = max(1, interval)
    if outcome.failed:
        wait = _wait_after_failure(feed, outcome, interval)
        wait = min(_LONGEST_WAIT, round(wait * (1 + _JITTER * chance)))
        return now + (wait if outcome.retry_after else _to_the_mark(now, feed, wait))
    facts = next_state(now, feed, outcome)
    if outcome.missed:
        feed = replace(feed, last_entry_at=now)
    asked = _asked_wait(outcome, facts)
    jitter = _FIRST_JITTER if feed.first_polled_at is None else _JITTER
    wait = max(1, round(_usual_wait(now, feed, facts, interval) * (1 - jitter * chance)))
    if asked > wait:
        wait = min(_LONGEST_WAIT, asked + round(_JITTER * chance * interval))
    return now + _past_skipped(now, wait, numbers(facts, "skip_hours"), numbers(facts, "skip_days"))


def host_pause(interval: int) -> int:
    """Seconds for which a whole host is left alone that answers 429 and does not say for how long."""
    return _TOO_MANY_REQUESTS * interval


def _wait_after_failure(feed: Feed, outcome: Outcome, interval: int) -> int:
    """Doubled with every failure in a row, begun anew by a success; never before Retry-After."""
    first = interval * {429: _TOO_MANY_REQUESTS, 401: _FORBIDDEN, 403: _FORBIDDEN, 410: _TOO_MANY_REQUESTS}.get(
        outcome.status or 0, 1
    )
    doublings = min(feed.error_count, 30)
    wait = min(_LONGEST_WAIT, first << doublings)
    return max(interval, min(outcome.retry_after, _LONGEST_WAIT)) if outcome.retry_after else wait


def _to_the_mark(now: int, feed: Feed, wait: int) -> int:
    """The wait, shortened so that one poll falls on the time when the admins are to be told of a failing feed."""
    mark = (now if feed.failing_since is None else feed.failing_since) + FAILING_TOO_LONG
    return mark - now if now < mark < now + wait else wait


def _asked_wait(outcome: Outcome, facts: Mapping[str, str]) -> int:
    """The longest that server and feed ask for; each alone is capped at a day."""
    period = number(facts, "update_period") or 0
    hints = (
        outcome.freshness or 0,
        number(facts, "ttl") or 0,
        0 if period == _WORDPRESS_DEFAULT else period,
    )
    return min(_LONGEST_WAIT, max(hints))


def _usual_wait(now: int, feed: Feed, facts: Mapping[str, str], interval: int) -> int:
    """The interval; longer only for a feed that is pushed, or that we ourselves have watched being quiet."""
    pushed_until = number(facts, "pushed_until") or 0
    if pushed_until > now:
        backup = max(_PUSHED_LEAST, _PUSHED_INTERVALS * interval)
        return max(interval, min(_LONGEST_WAIT, backup, pushed_until - now))
    signs_of_life = (feed.first_polled_at or now, feed.last_entry_at or 0, number(facts, "newest") or 0)
    silence = now - min(now, max(signs_of_life))
    for least, wait in _QUIET_STEPS:
        if silence >= least:
            return max(interval, wait)
    return interval if feed.options.interval else max(interval, _seldom_wait(number(facts, "rhythm") or 0, silence))


def _seldom_wait(rhythm: int, silence: int) -> int:
    """A small part of the time between articles, where days lie between them; less soon after one, as more may come."""
    if rhythm < _SELDOM:
        return 0
    return min(_SELDOM_WAIT, rhythm // _SHARE_OF_RHYTHM, silence // _SHARE_OF_SILENCE)


def _past_skipped(now: int, wait: int, hours: tuple[int, ...], days: tuple[int, ...]) -> int:
    """The wait, or the one until the first full hour after it in which the feed may change; at most a day in all."""
    if len(hours) >= _HOURS_A_DAY or len(days) >= 7:  # noqa: PLR2004 - a feed that skips all of the week says nothing
        return wait
    candidate = now + wait
    while candidate < now + _LONGEST_WAIT:
        when = datetime.fromtimestamp(candidate, UTC)
        if when.hour not in hours and when.weekday() not in days:
            return candidate - now
        candidate += HOUR - candidate % HOUR
    return max(wait, _LONGEST_WAIT)


def after_push(
    now: int, feed: Feed, published: Iterable[int], *, until: int, interval: int, chance: float
) -> tuple[int, dict[str, str]]:
    """When to poll a feed next that its hub has just pushed, and the facts to keep.

    Args:
        now: the time of the push.
        feed: as it stood before; its `next_poll_at` is kept if it was pushed before, or a busy hub would put the poll
            that looks for what it missed off for ever.
        published: dates of the pushed entries.
        until: end of the subscription's lease.
        interval: the configured seconds between polls.
        chance: as for `next_poll`.
    """
    newest = max([*(date for date in published if date <= now), number(feed.state, "newest") or 0])
    facts = {**feed.state, "pushed_until": str(until), "newest": str(newest) if newest else ""}
    state = {name: value for name, value in facts.items() if value}
    if (number(feed.state, "pushed_until") or 0) > now:
        return feed.next_poll_at, state
    return next_poll(now, replace(feed, state=state), Outcome(), interval=interval, chance=chance), state


def retry_delay(attempts: int, *, chance: float) -> float:
    """Seconds before a post is sent again after `attempts` (at least 1) failures in a row: 2, 4, 8, … up to 15 minutes.

    Args:
        attempts: failed attempts so far.
        chance: from 0 to 1; spreads the delay over its upper half, so that many posts do not come back at once.
    """
    longest = min(_RETRY_LONGEST, _RETRY_FIRST * (1 << min(max(attempts, 1) - 1, 30)))
    return longest * (0.5 + 0.5 * chance)


def next_edit_at(now: int, edits: int) -> int | None:
    """Return when a post that was edited so often may be edited again; None for never.

    The first correction is shown at once, the next ones after longer and longer pauses in which further changes
    gather: a storm of them edits a post a few times, and yet the last one is shown.
    """
    return now + _EDIT_PAUSES[edits] if edits < len(_EDIT_PAUSES) else None
