import pytest

from bot.feed_facts import (
    DAY,
    HOUR,
    Outcome,
    adopted_url,
    begins_anew,
    has_lied,
    is_gone,
    last_entry_date,
    left_alone_until,
    next_state,
    previous_total,
    validators_to_send,
)
from bot.models import Feed, Validators
from bot.schedule import next_poll

NOW = 1_772_452_800  # Monday 2026-03-02 12:00 GMT
FAILED = Outcome(status=500, failed=True)
ASKED = Validators(etag='"1"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT")


def feed(**fields) -> Feed:
    return Feed(id=1, url="https://news.example/feed", first_polled_at=NOW - DAY, **fields)


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
    ("case", "received", "new_dates", "lied"),
    [
        ("new under the old validators", ASKED, (None,), True),
        ("only the time at which the document was made", ASKED, (), False),
        ("an entry is older than the last 304", Validators('"2"'), (NOW - 5 * HOUR,), True),
        ("what is new came since", Validators('"2"'), (NOW - 30,), False),
        ("nothing has a date", Validators('"2"'), (None,), False),
    ],
)
def test_a_server_that_said_304_of_a_feed_that_had_changed_is_found_out(case, received, new_dates, lied):
    asked = feed(validators=ASKED, last_success_at=NOW - 300, state={"whole_at": str(NOW - DAY)})
    assert has_lied(NOW, asked, received, new_dates) is lied, case


@pytest.mark.parametrize(
    ("case", "facts"),
    [
        ("the validators were sent, and the answer was 200", {"state": {"whole_at": str(NOW - HOUR)}}),
        ("there were none", {"validators": Validators()}),
        ("it was never read", {"last_success_at": None}),
        ("it is distrusted already", {"state": {"whole_at": str(NOW - DAY), "distrusted_until": str(NOW + DAY)}}),
    ],
)
def test_a_server_that_did_not_say_304_has_not_lied(case, facts):
    usual = {"validators": ASKED, "last_success_at": NOW - 300, "state": {"whole_at": str(NOW - DAY)}}
    assert not has_lied(NOW, feed(**{**usual, **facts}), Validators('"2"'), (NOW - 5 * HOUR,)), case


def test_a_server_that_lied_is_asked_without_validators_for_a_week():
    state = next_state(NOW, feed(validators=ASKED), Outcome(status=200, parsed=True, lied=True))
    distrusted = feed(validators=ASKED, state=state)
    assert validators_to_send(NOW + HOUR, distrusted) is None
    assert validators_to_send(NOW + 7 * DAY, feed(validators=ASKED, state={**state, "whole_at": str(NOW + 7 * DAY)}))


def test_the_rhythm_follows_the_gaps_between_new_entries():
    state: dict[str, str] = {}
    for gap in (4 * DAY, 8 * DAY, 8 * DAY):
        state = next_state(NOW, feed(last_entry_at=NOW - gap, state=state), Outcome(parsed=True, missed=True))
    assert int(state["rhythm"]) == 4 * DAY + DAY + 3 * DAY // 4
    assert next_state(NOW, feed(last_entry_at=NOW - 9, state=state), Outcome(parsed=True))["rhythm"] == state["rhythm"]


@pytest.mark.parametrize(
    ("outcome", "until"),
    [
        (Outcome(status=429, failed=True, retry_after=700), NOW + 700),
        (Outcome(status=503, failed=True, retry_after=700), NOW + 700),
        (Outcome(status=429, failed=True), 0),
        (Outcome(status=404, failed=True, retry_after=700), 0),
    ],
)
def test_until_when_a_host_is_left_alone_is_remembered_until_it_answers(outcome, until):
    refused = feed(state=next_state(NOW, feed(), outcome))
    assert left_alone_until(refused) == until
    assert left_alone_until(feed(state=next_state(NOW, refused, Outcome(status=304)))) == 0


MISSING = Outcome(status=404, failed=True)


@pytest.mark.parametrize(
    ("case", "facts", "outcome", "gone", "anew"),
    [
        ("missing for an hour", {"failing_since": NOW - HOUR}, MISSING, False, False),
        ("missing for a day", {"failing_since": NOW - DAY}, MISSING, False, True),
        ("a page for a day", {"failing_since": NOW - DAY}, Outcome(status=200, failed=True), False, True),
        ("in trouble for a day", {"failing_since": NOW - DAY}, FAILED, False, False),
        ("gone", {"failing_since": NOW - HOUR}, Outcome(status=410, failed=True), True, True),
        ("gone at its own address", {"fetch_url": ""}, Outcome(status=410, failed=True), True, False),
    ],
)
def test_a_feed_found_elsewhere_is_looked_for_anew_where_that_place_is_lost(case, facts, outcome, gone, anew):
    lost = feed(**{"fetch_url": "https://news.example/old.xml", **facts})
    assert begins_anew(NOW, lost, outcome, gone=gone) is anew, case
