"""When digests are due: by the reader's clock, through changes of the clocks and moves between zones, once a day."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.digests import (
    FOREVER,
    STORED_WITHIN,
    Mode,
    Plan,
    Quiet,
    Wishes,
    advanced,
    is_silent,
    next_digest,
    quiet_span,
    replanned,
)

UTC = ZoneInfo("UTC")
INSTANTLY = Wishes()
HOURLY = Wishes(Mode.HOURLY)
HELD = Wishes(quiet=Quiet.HELD)


def daily(hour=8, zone="UTC", **more):
    return Wishes(Mode.DAILY, hour, zone=zone, **more)


def second(text, zone="UTC", fold=0):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def due(now, wishes):
    zone = ZoneInfo(wishes.zone)
    return datetime.fromtimestamp(next_digest(second(now, wishes.zone), wishes, zone), zone).isoformat()


@pytest.mark.parametrize(
    ("now", "wishes", "expected"),
    [
        ("2026-05-04T07:59:59", daily(), "2026-05-04T08:00:00+00:00"),
        ("2026-05-04T08:00", daily(), "2026-05-05T08:00:00+00:00"),
        ("2026-12-31T23:30", daily(0), "2027-01-01T00:00:00+00:00"),
        ("2026-05-04T12:00", Wishes(Mode.WEEKLY, 8, 0, "UTC"), "2026-05-11T08:00:00+00:00"),
        ("2026-05-03T12:00", Wishes(Mode.WEEKLY, 8, 0, "UTC"), "2026-05-04T08:00:00+00:00"),
        ("2026-05-04T07:00", Wishes(Mode.WEEKLY, 8, 0, "UTC"), "2026-05-04T08:00:00+00:00"),
        ("2026-05-04T07:00:01", Wishes(Mode.HOURLY, zone="UTC"), "2026-05-04T08:00:00+00:00"),
        ("2026-05-04T08:00", Wishes(Mode.HOURLY, zone="UTC"), "2026-05-04T09:00:00+00:00"),
        # A zone of half an hour: its full hours are not UTC's.
        ("2026-05-04T08:10", Wishes(Mode.HOURLY, zone="Asia/Kolkata"), "2026-05-04T09:00:00+05:30"),
        # The night in which 02:00 does not exist, and the one in which 01:00 is there twice.
        ("2026-03-07T12:00", daily(2, "America/New_York"), "2026-03-08T03:00:00-04:00"),
        ("2026-03-08T04:00", daily(2, "America/New_York"), "2026-03-09T02:00:00-04:00"),
        ("2026-03-07T12:00", daily(8, "America/New_York"), "2026-03-08T08:00:00-04:00"),
        ("2026-10-31T12:00", daily(1, "America/New_York"), "2026-11-01T01:00:00-04:00"),
        ("2026-11-01T01:30", daily(1, "America/New_York"), "2026-11-02T01:00:00-05:00"),
        # Clocks go forward at midnight: the day begins at one.
        ("2026-03-28T12:00", daily(0, "Asia/Beirut"), "2026-03-29T01:00:00+03:00"),
        # A day that was left out.
        ("2011-12-29T12:00", daily(8, "Pacific/Apia"), "2011-12-31T08:00:00+14:00"),
    ],
)
def test_a_digest_is_due_at_the_readers_hour(now, wishes, expected):
    assert due(now, wishes) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8])
def test_over_a_year_of_changing_clocks_each_day_has_one_digest_and_no_article_is_in_two(zone, hour):
    wishes, now = daily(hour, zone), second("2026-01-01T12:00", zone)
    plan = replanned(now, INSTANTLY, wishes, Plan(), UTC)
    spans, days = [], []
    for _ in range(365):
        days.append(datetime.fromtimestamp(plan.next_at, ZoneInfo(zone)).date())
        span, plan = advanced(plan.next_at, wishes, plan, UTC)
        spans.append(span)

    assert days == [days[0] + timedelta(days=number) for number in range(365)]
    assert spans[0][0] == now
    assert all(one[1] == other[0] for one, other in pairwise(spans))


def test_hourly_digests_come_once_an_hour_through_both_changes_of_the_clocks():
    for day in ("2026-03-29", "2026-10-25"):
        now = second(f"{day}T00:00", "Europe/Berlin")
        for _ in range(6):
            following = next_digest(now, HOURLY, ZoneInfo("Europe/Berlin"))
            assert following - now == 3600
            now = following


MOVES = [
    # (the time of the move, by the old zone; the zone; and the new one)
    ("2026-05-05T09:00", "Asia/Tokyo", "America/New_York"),  # there it is the evening before
    ("2026-05-05T07:00", "Europe/London", "Asia/Tokyo"),  # the hour has passed there, nothing came today
    ("2026-05-05T07:00", "Asia/Tokyo", "Europe/London"),
    ("2026-05-05T09:00", "Europe/London", "Asia/Tokyo"),
    ("2026-05-05T12:00", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
    ("2026-03-29T01:30", "Europe/London", "Europe/Berlin"),
]


@pytest.mark.parametrize(("moved", "old", "new"), MOVES)
def test_a_reader_who_moves_gets_one_digest_on_each_date_neither_two_nor_none(moved, old, new):
    wishes, then = daily(8, old), second(moved, old)
    plan = replanned(then - 3 * 86_400, INSTANTLY, wishes, Plan(), UTC)
    while plan.next_at <= then:
        _, plan = advanced(plan.next_at, wishes, plan, UTC)
    last = plan.served

    there = daily(8, new)
    plan = replanned(then, wishes, there, plan, UTC)
    dates = [last]
    for _ in range(4):
        _, plan = advanced(max(then, plan.next_at), there, plan, UTC)
        dates.append(plan.served)

    first = datetime.fromisoformat(dates[0])
    assert dates[1:4] == [(first + timedelta(days=number)).date().isoformat() for number in (1, 2, 3)]


def test_a_digest_of_a_day_that_was_missed_while_reader_moved_east_is_due_at_once():
    wishes = daily(8, "Europe/London")
    now = second("2026-05-05T07:00", "Europe/London")
    plan = replanned(now - 86_400, INSTANTLY, wishes, Plan(), UTC)
    _, plan = advanced(plan.next_at, wishes, plan, UTC)

    assert replanned(now, wishes, daily(8, "Asia/Tokyo"), plan, UTC).next_at == now


def test_a_digest_made_days_late_is_one_and_the_next_is_on_time():
    wishes, now = daily(), second("2026-05-04T12:00")
    plan = replanned(now, INSTANTLY, wishes, Plan(), UTC)

    span, plan = advanced(now + 3 * 86_400 + 60, wishes, plan, UTC)

    assert span == (now, now + 3 * 86_400 + 60 - STORED_WITHIN)
    assert plan.next_at == second("2026-05-08T08:00")
    assert plan.held_from == span[1]


def test_who_goes_back_to_instant_articles_gets_what_waited_and_nothing_twice():
    now = second("2026-05-04T12:00")
    plan = replanned(now, INSTANTLY, daily(), Plan(), UTC)
    plan = replanned(now + 600, daily(), INSTANTLY, plan, UTC)

    assert (plan.held_from, plan.held_to, plan.next_at) == (now, now + 600, now + 600 + STORED_WITHIN)
    span, plan = advanced(plan.next_at, INSTANTLY, plan, UTC)
    assert span == (now, now + 600)
    assert (plan.next_at, plan.held_from) == (None, FOREVER)
    assert (plan.done_from, plan.done_to) == span


def test_a_change_of_mind_while_the_last_digest_is_being_made_leaves_no_gap_and_no_overlap():
    now = second("2026-05-04T12:00")
    plan = replanned(now, INSTANTLY, daily(), Plan(), UTC)
    plan = replanned(now + 600, daily(), INSTANTLY, plan, UTC)
    plan = replanned(now + 603, INSTANTLY, HOURLY, plan, UTC)

    span, plan = advanced(now + 610, HOURLY, plan, UTC)

    assert span == (now, now + 600)
    assert (plan.held_from, plan.held_to, plan.next_at) == (now + 610, FOREVER, second("2026-05-04T13:00"))


def test_turning_the_pages_of_settings_does_not_move_what_is_collected():
    now = second("2026-05-04T12:00")
    plan = replanned(now, INSTANTLY, daily(), Plan(), UTC)

    later = replanned(now + 600, daily(), daily(), plan, UTC)

    assert later == plan


@pytest.mark.parametrize(
    ("hour", "due"),
    [(20, "2026-05-04T20:00"), (13, "2026-05-04T13:00"), (12, "2026-05-05T12:00"), (6, "2026-05-05T06:00")],
)
def test_an_hour_chosen_today_counts_today_if_it_is_yet_to_come(hour, due):
    now = second("2026-05-04T12:00")
    plan = replanned(now, INSTANTLY, daily(), Plan(), UTC)

    later = replanned(now + 600, daily(), daily(hour), plan, UTC)

    assert later.held_from == now
    assert later.next_at == second(due)


def test_an_hour_chosen_before_the_old_one_brings_nothing_at_once():
    morning = second("2026-05-04T06:00")
    plan = replanned(morning, INSTANTLY, daily(20), Plan(), UTC)

    assert replanned(morning + 3600, daily(20), daily(6), plan, UTC).next_at == second("2026-05-05T06:00")


@pytest.mark.parametrize("between", [None, Wishes(Mode.WEEKLY, 8, 4, "UTC"), INSTANTLY, HOURLY])
def test_a_day_that_had_its_digest_has_no_other_whatever_is_chosen_later(between):
    now = second("2026-05-04T07:00")
    plan = replanned(now, INSTANTLY, daily(), Plan(), UTC)
    _, plan = advanced(plan.next_at, daily(), plan, UTC)
    wishes, now = daily(), second("2026-05-04T12:00")
    if between is not None:
        plan, wishes = replanned(now, wishes, between, plan, UTC), between
        if wishes is INSTANTLY:
            _, plan = advanced(plan.next_at, wishes, plan, UTC)

    assert replanned(now + 600, wishes, daily(20), plan, UTC).next_at == second("2026-05-05T20:00")


def test_hourly_digests_of_today_do_not_count_as_the_daily_one():
    now = second("2026-05-04T09:30")
    hourly = Wishes(Mode.HOURLY, zone="UTC")
    plan = replanned(now, INSTANTLY, hourly, Plan(), UTC)
    _, plan = advanced(plan.next_at, hourly, plan, UTC)

    plan = replanned(now + 3600, hourly, daily(20), plan, UTC)

    assert plan.next_at == second("2026-05-04T20:00")


@pytest.mark.parametrize(
    ("now", "start", "end", "zone"),
    [
        ("2026-05-04T23:00", "2026-05-04T22:00", "2026-05-05T07:00", "UTC"),
        ("2026-05-04T06:59", "2026-05-03T22:00", "2026-05-04T07:00", "UTC"),
        ("2026-05-04T07:00", "2026-05-04T22:00", "2026-05-05T07:00", "UTC"),
        ("2026-03-29T01:00", "2026-03-28T22:00", "2026-03-29T07:00", "Europe/Berlin"),
        ("2026-10-25T01:00", "2026-10-24T22:00", "2026-10-25T07:00", "Europe/Berlin"),
    ],
)
def test_quiet_hours_are_the_readers_hours_also_over_midnight(now, start, end, zone):
    assert quiet_span(second(now, zone), HELD, ZoneInfo(zone)) == (second(start, zone), second(end, zone))


def test_quiet_hours_within_a_day_and_of_a_whole_day():
    noon = second("2026-05-04T12:00")
    assert quiet_span(noon, Wishes(quiet_from=13, quiet_to=15), UTC) == (noon + 3600, noon + 3 * 3600)
    assert quiet_span(noon, Wishes(quiet_from=9, quiet_to=9), UTC) == (noon - 3 * 3600, noon + 21 * 3600)


def test_messages_are_silent_in_the_quiet_hours_only():
    night, noon = second("2026-05-04T23:00"), second("2026-05-04T12:00")
    wishes = Wishes(quiet=Quiet.SILENT)
    assert [is_silent(now, wishes, UTC) for now in (night, noon)] == [True, False]
    assert not is_silent(night, INSTANTLY, UTC)


def test_what_comes_in_held_quiet_hours_comes_together_at_their_end():
    evening = second("2026-05-04T20:00")
    plan = replanned(evening, INSTANTLY, HELD, Plan(), UTC)
    assert (plan.held_from, plan.held_to) == (second("2026-05-04T22:00"), second("2026-05-05T07:00"))

    span, plan = advanced(plan.next_at, HELD, plan, UTC)

    assert span == (second("2026-05-04T22:00"), second("2026-05-05T07:00"))
    assert (plan.held_from, plan.held_to) == (second("2026-05-05T22:00"), second("2026-05-06T07:00"))


def test_quiet_hours_set_at_night_hold_from_that_moment_and_ended_at_night_give_all_at_once():
    midnight = second("2026-05-05T00:00")
    plan = replanned(midnight, INSTANTLY, HELD, Plan(), UTC)
    assert plan.held_from == midnight

    plan = replanned(midnight + 60, HELD, INSTANTLY, plan, UTC)

    assert (plan.held_to, plan.next_at) == (midnight + 60, midnight + 60 + STORED_WITHIN)


def test_digests_wait_for_the_end_of_held_quiet_hours():
    wishes = Wishes(Mode.HOURLY, quiet=Quiet.HELD)
    assert next_digest(second("2026-05-04T21:30"), wishes, UTC) == second("2026-05-05T07:00")
    assert next_digest(second("2026-05-05T07:00"), wishes, UTC) == second("2026-05-05T08:00")
