"""What is remembered of a feed from poll to poll, and what follows from that (pure: the clock is an argument).

The rules and where they come from stand in docs/decisions/0021.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.models import Feed, Validators

HOUR, DAY = 3_600, 86_400

_GONE_AFTER, _GONE_AFTER_INTERVALS = HOUR, 12  # between the first 410 and the one that is believed
_ADOPT_AFTER_POLLS = 3
_ADOPT_AFTER = DAY
_UNCONDITIONAL_EVERY = DAY
_DISTRUSTED = 7 * DAY
_TELLING = HOUR  # an entry that is so much older than the last 304 stood in the feed when that was said
_SMOOTHING = 4  # of the gaps between new entries

_NOT_MODIFIED, _OK, _GONE, _NOT_FOUND = 304, 200, 410, 404
_LEAVE_ALONE = (429, 503)


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
        missed: whether the poll found an entry, one that no hub had pushed.
        lied: whether the server was found to have answered 304 though the feed had changed.
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
    lied: bool = False


def next_state(now: int, feed: Feed, outcome: Outcome) -> dict[str, str]:
    """The facts to keep in `Feed.state` until the next poll."""
    facts = dict(feed.state)
    if outcome.status == _GONE:
        facts.setdefault("gone_since", str(now))
    elif outcome.status is not None:
        facts.pop("gone_since", None)
    if outcome.failed:
        asked_for = outcome.retry_after if outcome.status in _LEAVE_ALONE else None
        return {**facts, "left_alone_until": str(now + asked_for)} if asked_for else facts
    facts.pop("left_alone_until", None)
    if outcome.status == _OK:  # a whole answer, whether changed or not
        facts["whole_at"] = str(now)
    if outcome.lied:
        facts["distrusted_until"] = str(now + _DISTRUSTED)
    if outcome.parsed:
        facts = _with_document_facts(now, facts, outcome)
    if outcome.missed and feed.last_entry_at is not None:
        facts["rhythm"] = str(_rhythm(facts, now - feed.last_entry_at))
    return _with_move(now, facts, outcome.permanent_url)


def _rhythm(facts: Mapping[str, str], gap: int) -> int:
    """Seconds between the polls that brought something, the late ones counting most."""
    known = number(facts, "rhythm")
    return gap if known is None else known + (gap - known) // _SMOOTHING


def _with_document_facts(now: int, facts: dict[str, str], outcome: Outcome) -> dict[str, str]:
    dates = [date for date in outcome.published if date <= now]
    newest = max([*dates, number(facts, "newest") or 0])
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


def names_another_hub(before: Feed, after: Feed) -> bool:
    """Whether a feed's word on who pushes it, and under which address, has changed."""
    return any(before.state.get(name) != after.state.get(name) for name in ("hub", "self_link", "reached"))


def _with_move(now: int, facts: dict[str, str], permanent_url: str) -> dict[str, str]:
    """Count the polls that were sent on to the same permanent address."""
    kept = {name: value for name, value in facts.items() if not name.startswith("moved_")}
    if not permanent_url:
        return kept
    again = facts.get("moved_to") == permanent_url
    count = (number(facts, "moved_count") or 0) + 1 if again else 1
    since = facts.get("moved_since", str(now)) if again else str(now)
    return {**kept, "moved_to": permanent_url, "moved_count": str(count), "moved_since": since}


def adopted_url(now: int, state: Mapping[str, str]) -> str:
    """The address a feed has moved to for good, once three polls over a day agree on it; '' until then."""
    since = number(state, "moved_since")
    is_stable = (
        since is not None and now - since >= _ADOPT_AFTER and (number(state, "moved_count") or 0) >= _ADOPT_AFTER_POLLS
    )
    return state.get("moved_to", "") if is_stable else ""


def is_gone(now: int, feed: Feed, outcome: Outcome, *, interval: int = 300) -> bool:
    """Whether 410 Gone is to be believed: said twice, an hour (or twelve short intervals) apart."""
    since = number(feed.state, "gone_since")
    least = min(_GONE_AFTER, _GONE_AFTER_INTERVALS * max(1, interval))
    return outcome.status == _GONE and since is not None and now - since >= least


def may_be_a_site(feed: Feed) -> bool:
    """Whether the configured address may be that of a site whose feed is to be looked for."""
    return feed.first_polled_at is None or "site" in feed.state


def found_elsewhere(feed: Feed, url: str) -> Feed:
    """The feed of a site, with the address at which it was found."""
    return replace(feed, fetch_url=url, state={**feed.state, "site": "1"})


def begins_anew(now: int, feed: Feed, outcome: Outcome, *, gone: bool) -> bool:
    """Whether a feed that was found elsewhere than at its configured address is to be looked for there again.

    The place is gone, or has held no feed for a day; a server that is merely in trouble is waited for.
    """
    is_lost = outcome.status in (_OK, _NOT_FOUND, _GONE) and now - (feed.failing_since or now) >= DAY
    return bool(feed.fetch_url) and outcome.failed and (gone or is_lost)


def validators_to_send(now: int, feed: Feed) -> Validators | None:
    """What to ask 'has it changed?' with; None once a day, when only 304 was heard since the last whole answer.

    A server that answers 304 for ever while its feed moves on is so found out, and asked without them for a week.
    """
    if _is_distrusted(now, feed) or _is_probed(now, feed):
        return None
    return feed.validators if feed.validators.etag or feed.validators.last_modified else None


def _is_distrusted(now: int, feed: Feed) -> bool:
    return (number(feed.state, "distrusted_until") or 0) > now


def _is_probed(now: int, feed: Feed) -> bool:
    whole_at = number(feed.state, "whole_at")
    return whole_at is None or now - whole_at >= _UNCONDITIONAL_EVERY


def has_lied(now: int, feed: Feed, received: Validators, new_dates: Sequence[int | None]) -> bool:
    """Whether an answer without validators shows that the 304s before it were wrong.

    Args:
        now: the time of this poll.
        feed: as it stood before.
        received: what came with the document.
        new_dates: of each entry that was not known its date, or None; a document that only says when it was made
            has changed without a lie.
    """
    sent, last = feed.validators, feed.last_success_at
    if not (sent.etag or sent.last_modified) or last is None or _is_distrusted(now, feed) or not _is_probed(now, feed):
        return False
    if not new_dates:
        return False
    is_the_same = (received.etag, received.last_modified) == (sent.etag, sent.last_modified)
    return is_the_same or any(date is not None and date < last - _TELLING for date in new_dates)


def left_alone_until(feed: Feed) -> int:
    """Until when the feed's host asked to be left alone, by its Retry-After; 0 where it did not."""
    return number(feed.state, "left_alone_until") or 0


def previous_total(feed: Feed) -> int | None:
    """Entries in the document that was last read, None before the first."""
    return number(feed.state, "total")


def last_entry_date(feed: Feed) -> int | None:
    """Date of the newest entry seen so far, future ones left out; None where no entry had one."""
    return number(feed.state, "newest")


def number(facts: Mapping[str, str], name: str) -> int | None:
    """The number that is kept under a name, or None."""
    text = facts.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def numbers(facts: Mapping[str, str], name: str) -> tuple[int, ...]:
    """The numbers that are kept under a name."""
    return tuple(int(part) for part in facts.get(name, "").split() if part.isdigit())


def _joined(numbers: Iterable[int]) -> str:
    return " ".join(str(number) for number in numbers)
