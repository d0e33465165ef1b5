import pytest

from bot.models import Feed, Validators
from bot.schedule import (
    DAY,
    HOUR,
    Outcome,
    adopted_url,
    is_gone,
    last_entry_date,
    next_poll,
    next_state,
    previous_total,
    retry_delay,
    validators_to_send,
)

NOW = 1_772_452_800  # Monday 2026-03-02 12:00 GMT


def feed(**fields) -> Feed:
    return Feed(id=1, url="https://news.example/feed", first_polled_at=NOW - DAY, **fields)


def wait(outcome: Outcome, *, interval: int = 300, chance: float = 0.0, **fields) -> int:
    return next_poll(NOW, feed(**fields), outcome, interval=interval, chance=chance) - NOW


FAILED = Outcome(status=500, failed=True)
READ = Outcome(parsed=True)


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


def test_hints_are_remembered_through_polls_that_read_nothing():
    state = next_state(NOW, feed(), Outcome(parsed=True, ttl=3600, skip_hours=(1, 2), total=7, published=(NOW - 9,)))
    later = feed(state=state)
    assert next_poll(NOW, later, Outcome(status=304), interval=300, chance=0) == NOW + 3600
    assert (previous_total(later), last_entry_date(later)) == (7, NOW - 9)


def test_a_hint_that_the_feed_drops_is_forgotten():
    state = next_state(NOW, feed(state={"ttl": "3600"}), Outcome(parsed=True))
    assert "ttl" not in state


def test_a_date_in_the_future_is_not_the_newest_entry():
    state = next_state(NOW, feed(), Outcome(parsed=True, published=(NOW + DAY, NOW - DAY)))
    assert last_entry_date(feed(state=state)) == NOW - DAY


def test_gone_is_believed_the_second_time_an_hour_later():
    gone = Outcome(status=410, failed=True)
    once = feed(state=next_state(NOW, feed(), gone))
    assert not is_gone(NOW, feed(), gone)
    assert not is_gone(NOW + 60, once, gone)
    assert is_gone(NOW + HOUR, once, gone)


def test_another_answer_takes_gone_back():
    once = feed(state=next_state(NOW, feed(), Outcome(status=410, failed=True)))
    assert "gone_since" not in next_state(NOW, once, FAILED)


def test_a_permanent_move_is_adopted_after_three_polls_over_a_day():
    moved = Outcome(status=304, permanent_url="https://new.example/feed")
    state: dict[str, str] = {}
    for moment in (NOW, NOW + HOUR, NOW + DAY):
        assert adopted_url(moment, state) == ""
        state = next_state(moment, feed(state=state), moved)
    assert adopted_url(NOW + DAY, state) == "https://new.example/feed"


def test_a_move_that_is_taken_back_is_forgotten():
    moved = next_state(NOW, feed(), Outcome(permanent_url="https://new.example/feed"))
    assert not any(name.startswith("moved_") for name in next_state(NOW, feed(state=moved), Outcome()))


def test_a_failure_does_not_count_as_a_poll_at_the_new_address():
    moved = next_state(NOW, feed(), Outcome(permanent_url="https://new.example/feed"))
    assert next_state(NOW, feed(state=moved), FAILED) == moved


def test_validators_are_sent_until_a_day_of_nothing_but_304():
    validators = Validators(etag='W/"x"')
    heard = feed(validators=validators, state={"whole_at": str(NOW)})
    assert validators_to_send(NOW + HOUR, heard) == validators
    assert validators_to_send(NOW + DAY, heard) is None


def test_a_304_does_not_renew_the_day():
    heard = feed(state={"whole_at": str(NOW)})
    assert next_state(NOW + HOUR, heard, Outcome(status=304))["whole_at"] == str(NOW)
    assert next_state(NOW + HOUR, heard, Outcome(status=200))["whole_at"] == str(NOW + HOUR)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 1.0, 2.0), (1, 0.0, 1.0), (3, 1.0, 8.0), (20, 1.0, 900.0), (9999, 0.0, 450.0)],
)
def test_sending_again_waits_longer_each_time_up_to_a_quarter_hour(attempts, chance, seconds):
    assert retry_delay(attempts, chance=chance) == seconds
