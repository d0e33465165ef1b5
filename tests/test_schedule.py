import pytest

from bot.feed_facts import DAY, HOUR, Outcome
from bot.models import Feed, FeedOptions
from bot.schedule import next_poll, retry_delay

NOW = 1_772_452_800  # Monday 2026-03-02 12:00 GMT


def feed(**fields) -> Feed:
    return Feed(id=1, url="https://news.example/feed", first_polled_at=NOW - DAY, **fields)


def wait(outcome: Outcome, *, interval: int = 300, chance: float = 0.0, **fields) -> int:
    return next_poll(NOW, feed(**fields), outcome, interval=interval, chance=chance) - NOW


FAILED = Outcome(status=500, failed=True)


@pytest.mark.parametrize(
    ("case", "outcome", "seconds"),
    [
        ("no hint at all", Outcome(), 300),
        ("not modified", Outcome(status=304), 300),
        ("fresh for less than the interval", Outcome(freshness=60), 300),
        ("fresh for longer", Outcome(freshness=900), 900),
        ("fresh for a year", Outcome(freshness=365 * DAY), DAY),
        ("ttl", Outcome(parsed=True, ttl=3600), 3600),
        ("a ttl of a week", Outcome(parsed=True, ttl=7 * DAY), DAY),
        ("twice daily", Outcome(parsed=True, update_period=DAY // 2), DAY // 2),
        ("WordPress' own hourly", Outcome(parsed=True, update_period=HOUR), 300),
        ("the longest hint wins", Outcome(parsed=True, freshness=600, ttl=1200), 1200),
        ("skips this hour", Outcome(parsed=True, skip_hours=(12,)), HOUR),
        ("skips these three hours", Outcome(parsed=True, skip_hours=(12, 13, 14)), 3 * HOUR),
        ("skips other hours", Outcome(parsed=True, skip_hours=(3, 4)), 300),
        ("skips every hour", Outcome(parsed=True, skip_hours=tuple(range(24))), 300),
        ("skips today", Outcome(parsed=True, skip_days=(0,)), DAY // 2),
        ("skips every day", Outcome(parsed=True, skip_days=tuple(range(7))), 300),
        ("skips today and tomorrow", Outcome(parsed=True, skip_days=(0, 1)), DAY),
        ("fresh for a day that ends in a skipped hour", Outcome(parsed=True, freshness=DAY, skip_hours=(12, 13)), DAY),
        ("fresh into a skipped hour", Outcome(parsed=True, freshness=HOUR, skip_hours=(13, 14)), 3 * HOUR),
    ],
)
def test_the_wait_after_a_good_poll(case, outcome, seconds):
    assert wait(outcome) == seconds, case


@pytest.mark.parametrize(
    ("case", "outcome", "errors", "seconds"),
    [
        ("first failure", FAILED, 0, 300),
        ("second", FAILED, 1, 600),
        ("sixth", FAILED, 5, 9600),
        ("hundredth", FAILED, 99, DAY),
        ("no answer", Outcome(status=None, failed=True), 1, 600),
        ("no feed", Outcome(status=200, failed=True), 2, 1200),
        ("429 without a word", Outcome(status=429, failed=True), 0, HOUR),
        ("429 again", Outcome(status=429, failed=True), 1, 2 * HOUR),
        ("429 with Retry-After", Outcome(status=429, failed=True, retry_after=700), 5, 700),
        ("503 with a short Retry-After", Outcome(status=503, failed=True, retry_after=10), 0, 300),
        ("503 with Retry-After of a month", Outcome(status=503, failed=True, retry_after=30 * DAY), 0, DAY),
        ("forbidden", Outcome(status=403, failed=True), 0, 4 * HOUR),
        ("unauthorised", Outcome(status=401, failed=True), 0, 4 * HOUR),
        ("503 with a Retry-After that is over", Outcome(status=503, failed=True, retry_after=0), 2, 1200),
        ("gone, for the first time", Outcome(status=410, failed=True), 0, HOUR),
    ],
)
def test_the_wait_after_a_failure(case, outcome, errors, seconds):
    assert wait(outcome, error_count=errors) == seconds, case


@pytest.mark.parametrize(
    ("silence", "seconds"),
    [(13 * DAY, 300), (15 * DAY, 1800), (30 * DAY, HOUR), (100 * DAY, 6 * HOUR)],
)
def test_a_feed_watched_in_silence_for_weeks_is_polled_less(silence, seconds):
    quiet = Feed(id=1, url="u", first_polled_at=NOW - silence, last_entry_at=NOW - silence)
    assert next_poll(NOW, quiet, Outcome(), interval=300, chance=0) == NOW + seconds


@pytest.mark.parametrize(
    ("case", "rhythm", "silence", "seconds"),
    [
        ("brings something every hour", HOUR, 3 * HOUR, 300),
        ("has not yet been watched for long", None, 3 * DAY, 300),
        ("once a day, some hours ago", DAY, 6 * HOUR, 900),
        ("once a day", DAY, DAY, 1800),
        ("once a week", 7 * DAY, 3 * DAY, HOUR),
        ("once a week, just now", 7 * DAY, 60, 300),
    ],
)
def test_a_feed_that_brings_something_seldom_is_polled_less(case, rhythm, silence, seconds):
    state = {"rhythm": str(rhythm)} if rhythm else {}
    assert wait(Outcome(status=304), state=state, last_entry_at=NOW - silence) == seconds, case


def test_an_interval_of_its_own_holds_however_seldom_a_feed_brings_something():
    facts = {"state": {"rhythm": str(7 * DAY)}, "last_entry_at": NOW - 3 * DAY}
    assert wait(Outcome(status=304), interval=60, options=FeedOptions(interval=60), **facts) == 60


@pytest.mark.parametrize(
    ("case", "failing_for", "errors", "retry_after", "seconds"),
    [
        ("the day ends long after", 3 * HOUR, 5, None, 9600),
        ("the day ends before the next poll would be", 22 * HOUR, 8, None, 2 * HOUR),
        ("it is over", 25 * HOUR, 8, None, 300 << 8),
        ("the server asked for more", 22 * HOUR, 8, 4 * HOUR, 4 * HOUR),
    ],
)
def test_one_poll_of_a_failing_feed_falls_on_the_end_of_its_first_day(case, failing_for, errors, retry_after, seconds):
    outcome = Outcome(status=503, failed=True, retry_after=retry_after)
    assert wait(outcome, error_count=errors, failing_since=NOW - failing_for) == seconds, case


def test_feeds_that_were_first_read_together_part_at_once():
    waits = {next_poll(NOW, Feed(id=1, url="u"), Outcome(), interval=300, chance=c) - NOW for c in (0.0, 0.5, 1.0)}
    assert waits == {300, 225, 150}


def test_old_entries_alone_do_not_make_a_feed_quiet():
    just_added = Feed(id=1, url="u")
    old = Outcome(parsed=True, published=(NOW - 400 * DAY,))
    assert next_poll(NOW, just_added, old, interval=300, chance=0) == NOW + 300


def test_a_new_entry_ends_the_silence():
    quiet = Feed(id=1, url="u", first_polled_at=NOW - 99 * DAY, last_entry_at=NOW - 99 * DAY)
    fresh = Outcome(parsed=True, published=(NOW - 60,))
    assert next_poll(NOW, quiet, fresh, interval=300, chance=0) == NOW + 300


@pytest.mark.parametrize("interval", [1, 2, 60, 300])
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_an_ordinary_feed_is_never_polled_later_than_configured(interval, chance):
    assert 0.9 * interval - 1 <= wait(Outcome(), interval=interval, chance=chance) <= interval


def test_jitter_only_lengthens_what_was_asked_for():
    assert wait(Outcome(freshness=900), chance=1.0) == 930
    assert wait(Outcome(status=429, failed=True, retry_after=700), chance=1.0) == 770


def test_small_intervals_scale_the_waits_after_refusals():
    assert wait(Outcome(status=429, failed=True), interval=2) == 24


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 1.0, 2.0), (1, 0.0, 1.0), (3, 1.0, 8.0), (20, 1.0, 900.0), (9999, 0.0, 450.0)],
)
def test_sending_again_waits_longer_each_time_up_to_a_quarter_hour(attempts, chance, seconds):
    assert retry_delay(attempts, chance=chance) == seconds
