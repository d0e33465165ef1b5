"""When to poll a feed next, and when to send again after a failure (pure: clock and chance are arguments).

The rules and where they come from stand in docs/decisions/0021.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.models import Feed, Validators

MINUTE, HOUR, DAY = 60, 3_600, 86_400

_JITTER = 0.1
_LONGEST_WAIT = DAY  # no hint and no row of errors silences a feed for longer
_QUIET_STEPS = ((90 * DAY, 6 * HOUR), (28 * DAY, HOUR), (14 * DAY, HOUR // 2))
_GONE_AFTER = 3_600  # seconds between the first 410 and the one that is believed
_ADOPT_AFTER_POLLS = 3
_ADOPT_AFTER = DAY
_UNCONDITIONAL_EVERY = DAY
_PUSHED_INTERVALS, _PUSHED_LEAST = 12, 6 * HOUR  # between the polls of a feed whose hub pushes
_WORDPRESS_DEFAULT = HOUR  # every WordPress feed says 'hourly', whatever it means
_HOURS_A_DAY = 24

# Waits after a refusal, in poll intervals, so that an admin's explicit interval scales them; at 300 s: 1 h and 4 h.
_TOO_MANY_REQUESTS, _FORBIDDEN = 12, 48

_RETRY_FIRST, _RETRY_LONGEST = 2.0, 15 * 60.0
_EDIT_PAUSES = (0, 30, 2 * 60, 10 * 60, HOUR, 6 * HOUR, 12 * HOUR, DAY)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll met with.

    Attributes:
        status: HTTP status, None where no answer came.
        failed: whether the poll gave nothing, for whatever reason (a body that is no feed included).
        freshness: seconds the answer stays fresh (max-age, Expires), None where the server said nothing.
        retry_after: seconds the server asked to wait, or None.
        parsed: whether a body was read; then the fields below are the feed's own words.
        total: entries in the document.
        published: dates of the entries.
        ttl: seconds the feed asks to be left alone.
        update_period: seconds between updates, by the syndication module.
        skip_hours: hours (GMT) without changes.
        skip_days: weekdays (GMT, Monday is 0) without changes.
        permanent_url: where the address moved for good, '' where it did not.
        hub: the WebSub hub that the feed names, '' for none.
        self_link: the address that the feed gives for itself, '' for none.
        reached: the address at which it was found in the end.
        missed: whether the poll found an entry that no hub had pushed.
    """

    status: int | None = 200
    failed: bool = False
    freshness: int | None = None
    retry_after: int | None = None
    parsed: bool = False
    total: int = 0
    published: tuple[int, ...] = ()
    ttl: int | None = None
    update_period: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    permanent_url: str = ""
    hub: str = ""
    self_link: str = ""
    reached: str = ""
    missed: bool = False


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
        return now + min(_LONGEST_WAIT, round(wait * (1 + _JITTER * chance)))
    facts = next_state(now, feed, outcome)
    asked = _asked_wait(outcome, facts)
    usual = max(1, round(_usual_wait(now, feed, facts, interval) * (1 - _JITTER * chance)))
    if asked > usual:
        usual = min(_LONGEST_WAIT, asked + round(_JITTER * chance * interval))
    return _after_skipped(now + usual, _numbers(facts, "skip_hours"), _numbers(facts, "skip_days"))


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
    if outcome.retry_after is None:
        return wait
    return max(interval, min(outcome.retry_after, _LONGEST_WAIT))


def _asked_wait(outcome: Outcome, facts: Mapping[str, str]) -> int:
    """The longest that server and feed ask for; each alone is capped at a day."""
    period = _number(facts, "update_period") or 0
    hints = (
        outcome.freshness or 0,
        _number(facts, "ttl") or 0,
        0 if period == _WORDPRESS_DEFAULT else period,
    )
    return min(_LONGEST_WAIT, max(hints))


def _usual_wait(now: int, feed: Feed, facts: Mapping[str, str], interval: int) -> int:
    """The interval; longer only for a feed that is pushed, or that we ourselves have watched being silent for weeks."""
    pushed_until = _number(facts, "pushed_until") or 0
    if pushed_until > now:
        backup = max(_PUSHED_LEAST, _PUSHED_INTERVALS * interval)
        return max(interval, min(_LONGEST_WAIT, backup, pushed_until - now))
    signs_of_life = (feed.first_polled_at or now, feed.last_entry_at or 0, _number(facts, "newest") or 0)
    silence = now - min(now, max(signs_of_life))
    for least, wait in _QUIET_STEPS:
        if silence >= least:
            return max(interval, wait)
    return interval


def _after_skipped(moment: int, hours: tuple[int, ...], days: tuple[int, ...]) -> int:
    """The moment, or the first full hour after it in which the feed may change; at most a day later."""
    if len(hours) >= _HOURS_A_DAY or len(days) >= 7:  # noqa: PLR2004 - a feed that skips all of the week says nothing
        return moment
    candidate = moment
    while candidate < moment + _LONGEST_WAIT:
        when = datetime.fromtimestamp(candidate, UTC)
        if when.hour not in hours and when.weekday() not in days:
            return candidate
        candidate += HOUR - candidate % HOUR
    return candidate


def next_state(now: int, feed: Feed, outcome: Outcome) -> dict[str, str]:
    """The facts to keep in `Feed.state` until the next poll."""
    facts = dict(feed.state)
    if outcome.status == 410:  # noqa: PLR2004 - Gone
        facts.setdefault("gone_since", str(now))
    elif outcome.status is not None:
        facts.pop("gone_since", None)
    if outcome.failed:
        return facts
    if outcome.status == 200:  # noqa: PLR2004 - a whole answer, whether changed or not
        facts["whole_at"] = str(now)
    if outcome.parsed:
        facts = _with_document_facts(now, facts, outcome)
    return _with_move(now, facts, outcome.permanent_url)


def _with_document_facts(now: int, facts: dict[str, str], outcome: Outcome) -> dict[str, str]:
    dates = [date for date in outcome.published if date <= now]
    newest = max([*dates, _number(facts, "newest") or 0])
    said = {
        "total": str(outcome.total),
        "newest": str(newest) if newest else "",
        "ttl": str(outcome.ttl or ""),
        "update_period": str(outcome.update_period or ""),
        "skip_hours": _joined(outcome.skip_hours),
        "skip_days": _joined(outcome.skip_days),
        "hub": outcome.hub,
        "self_link": outcome.self_link if outcome.hub else "",
        "reached": outcome.reached if outcome.hub else "",
    }
    if outcome.missed:
        facts.pop("pushed_until", None)
    return {name: value for name, value in {**facts, **said}.items() if value}


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
    newest = max([*(date for date in published if date <= now), _number(feed.state, "newest") or 0])
    facts = {**feed.state, "pushed_until": str(until), "newest": str(newest) if newest else ""}
    state = {name: value for name, value in facts.items() if value}
    if (_number(feed.state, "pushed_until") or 0) > now:
        return feed.next_poll_at, state
    return next_poll(now, replace(feed, state=state), Outcome(), interval=interval, chance=chance), state


def names_another_hub(before: Feed, after: Feed) -> bool:
    """Whether a feed's word on who pushes it, and under which address, has changed."""
    return any(before.state.get(name) != after.state.get(name) for name in ("hub", "self_link", "reached"))


def _with_move(now: int, facts: dict[str, str], permanent_url: str) -> dict[str, str]:
    """Count the polls that were sent on to the same permanent address."""
    kept = {name: value for name, value in facts.items() if not name.startswith("moved_")}
    if not permanent_url:
        return kept
    again = facts.get("moved_to") == permanent_url
    count = (_number(facts, "moved_count") or 0) + 1 if again else 1
    since = facts.get("moved_since", str(now)) if again else str(now)
    return {**kept, "moved_to": permanent_url, "moved_count": str(count), "moved_since": since}


def adopted_url(now: int, state: Mapping[str, str]) -> str:
    """The address a feed has moved to for good, once three polls over a day agree on it; '' until then."""
    since = _number(state, "moved_since")
    is_stable = (
        since is not None and now - since >= _ADOPT_AFTER and (_number(state, "moved_count") or 0) >= _ADOPT_AFTER_POLLS
    )
    return state.get("moved_to", "") if is_stable else ""


def is_gone(now: int, feed: Feed, outcome: Outcome, *, interval: int = 300) -> bool:
    """Whether 410 Gone is to be believed: said twice, an hour (or twelve short intervals) apart."""
    since = _number(feed.state, "gone_since")
    least = min(_GONE_AFTER, _TOO_MANY_REQUESTS * max(1, interval))
    return outcome.status == 410 and since is not None and now - since >= least  # noqa: PLR2004 - Gone


def validators_to_send(now: int, feed: Feed) -> Validators | None:
    """What to ask 'has it changed?' with; None once a day, when only 304 was heard since the last whole answer.

    A server that answers 304 for ever while its feed moves on is so found out.
    """
    whole_at = _number(feed.state, "whole_at")
    if whole_at is None or now - whole_at >= _UNCONDITIONAL_EVERY:
        return None
    return feed.validators if feed.validators.etag or feed.validators.last_modified else None


def previous_total(feed: Feed) -> int | None:
    """Entries in the document that was last read, None before the first."""
    return _number(feed.state, "total")


def last_entry_date(feed: Feed) -> int | None:
    """Date of the newest entry seen so far, future ones left out; None where no entry had one."""
    return _number(feed.state, "newest")


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


def _number(facts: Mapping[str, str], name: str) -> int | None:
    text = facts.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _numbers(facts: Mapping[str, str], name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in facts.get(name, "").split() if part.isdigit())


def _joined(numbers: Iterable[int]) -> str:
    return " ".join(str(number) for number in numbers)
