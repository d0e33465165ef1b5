"""What is asked of a hub, what is believed of it, and how pushes and polls share a feed (pure)."""

import hashlib
import hmac
from dataclasses import replace

import pytest

from bot.feed_facts import Outcome, names_another_hub, next_state
from bot.feeds.websub import (
    LONGEST_LEASE,
    Offer,
    asked,
    changes,
    confirmed,
    denied,
    is_denied,
    is_signed,
    is_verified,
    request_fields,
)
from bot.models import Feed, HubSubscription
from bot.schedule import after_push, next_poll

NOW = 1_772_452_800
HOUR = 3600
HUB, TOPIC = "https://hub.example/", "https://news.example/feed"
BASE = "https://bot.example/websub/"
OFFER = Offer(7, TOPIC, HUB, TOPIC, TOPIC)
PENDING = HubSubscription("t" * 32, 7, HUB, TOPIC, BASE + "t" * 32, "s" * 32, pending="subscribe", due_at=NOW)
ACTIVE = replace(PENDING, pending="", due_at=NOW + 800, expires_at=NOW + 1000)
QUESTION = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", "hub.lease_seconds": "1000"}


def compared(offers, subscriptions, callback=BASE):
    texts = iter("abcdefghij")
    return changes(offers, subscriptions, callback=callback, now=NOW, chance=lambda: next(texts) * 43)


def signature(body, secret="s" * 32, name="sha256"):
    return f"{name}={hmac.new(secret.encode(), body, getattr(hashlib, name)).hexdigest()}"


def test_a_feed_that_names_a_hub_is_subscribed_to_under_an_address_of_its_own():
    [begun], ended = compared([OFFER], [])
    assert ended == []
    assert (begun.feed_id, begun.hub, begun.topic, begun.pending, begun.due_at) == (7, HUB, TOPIC, "subscribe", NOW)
    assert begun.callback == BASE + "a" * 43
    assert begun.secret == "b" * 43


@pytest.mark.parametrize("kept", [PENDING, ACTIVE])
def test_what_stands_already_is_left_alone(kept):
    assert compared([OFFER], [kept]) == ([], [])


@pytest.mark.parametrize(
    ("offers", "callback", "begun"),
    [
        ([], BASE, 0),
        ([replace(OFFER, hub="https://other.example/")], BASE, 1),
        ([replace(OFFER, self_link="https://news.example/moved")], BASE, 1),
        ([OFFER], "https://elsewhere.example/websub/", 1),
    ],
    ids=["feed removed", "another hub", "another topic", "another address of ours"],
)
def test_what_is_not_wanted_any_more_is_ended(offers, callback, begun):
    new, [ended] = compared(offers, [ACTIVE], callback)
    assert (ended.token, ended.pending, ended.due_at) == (ACTIVE.token, "unsubscribe", NOW)
    assert len(new) == begun


def test_one_that_is_being_ended_stands_in_nobodys_way():
    begun, ended = compared([OFFER], [replace(ACTIVE, pending="unsubscribe")])
    assert (len(begun), ended) == (1, [])


@pytest.mark.parametrize(
    ("self_link", "reached", "topic"),
    [
        ("https://www.news.example/rss", TOPIC, "https://www.news.example/rss"),
        ("https://burner.example/news", "https://burner.example/x", "https://burner.example/news"),
        ("https://victim.example/feed", TOPIC, TOPIC),
        ("", "https://news.example/final", "https://news.example/final"),
        ("", "", TOPIC),
    ],
    ids=["same site", "where it was reached", "another's feed", "no word", "nothing known"],
)
def test_a_topic_at_a_host_where_the_feed_is_not_is_not_believed(self_link, reached, topic):
    assert replace(OFFER, self_link=self_link, reached=reached).topic == topic


def test_a_subscription_is_asked_for_with_its_secret_and_ended_without():
    fields = request_fields(PENDING)
    assert (fields["hub.mode"], fields["hub.topic"], fields["hub.callback"]) == ("subscribe", TOPIC, PENDING.callback)
    assert fields["hub.secret"] == PENDING.secret
    assert "hub.secret" not in request_fields(replace(PENDING, pending="unsubscribe"))


def test_a_hub_that_does_not_verify_is_asked_ever_less_often():
    waits, subscription = [], PENDING
    for _ in range(10):
        subscription = asked(subscription, NOW)
        waits.append(subscription.due_at - NOW)
    assert waits[:3] == [600, 1200, 2400]
    assert waits[-1] == 24 * HOUR


def test_a_renewal_leaves_the_lease_in_force_until_the_hub_has_agreed():
    renewal = asked(ACTIVE, NOW + 800)
    assert (renewal.pending, renewal.expires_at, renewal.token) == ("subscribe", ACTIVE.expires_at, ACTIVE.token)


@pytest.mark.parametrize(
    ("lease", "ends", "renews"),
    [
        ("1000", 1000, 800),
        ("1", 1, 60),
        ("99999999999", LONGEST_LEASE, int(LONGEST_LEASE * 0.8)),
        ("0", 864_000, 691_200),
        ("soon", 864_000, 691_200),
        ("", 864_000, 691_200),
    ],
)
def test_a_lease_is_renewed_when_four_fifths_of_it_are_over(lease, ends, renews):
    found = confirmed(PENDING, {**QUESTION, "hub.lease_seconds": lease}, NOW)
    assert (found.pending, found.expires_at - NOW, found.due_at - NOW) == ("", ends, renews)


def test_only_what_was_asked_is_verified():
    assert is_verified(PENDING, QUESTION)
    assert is_verified(replace(PENDING, pending="unsubscribe"), {**QUESTION, "hub.mode": "unsubscribe"})
    for change in ({"hub.topic": "https://x.example/"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}):
        assert not is_verified(PENDING, {**QUESTION, **change})
    assert not is_verified(ACTIVE, QUESTION)
    assert not is_verified(ACTIVE, {**QUESTION, "hub.mode": ""})


def test_a_refusal_is_believed_for_its_own_topic_only():
    refusal = {"hub.mode": "denied", "hub.topic": TOPIC}
    assert is_denied(PENDING, refusal)
    assert not is_denied(PENDING, {**refusal, "hub.topic": "https://x.example/"})
    after = denied(ACTIVE, NOW)
    assert (after.expires_at, after.due_at - NOW) == (0, 24 * HOUR)


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_is_recognised(name):
    assert is_signed(b"body", signature(b"body", name=name), "s" * 32)


@pytest.mark.parametrize(
    "given", ["", "sha256=", "md5=00", "sha256=é", "=", signature(b"other"), signature(b"body", "wrong")]
)
def test_a_wrong_signature_is_refused(given):
    assert not is_signed(b"body", given, "s" * 32)


def feed(**facts):
    state = {name: str(value) for name, value in facts.items()}
    return Feed(1, TOPIC, first_polled_at=NOW, state=state, next_poll_at=NOW + 200)


@pytest.mark.parametrize(
    ("interval", "until", "wait"),
    [
        (300, NOW + 99 * HOUR, 6 * HOUR),
        (HOUR, NOW + 99 * HOUR, 12 * HOUR),
        (5 * HOUR, NOW + 99 * HOUR, 24 * HOUR),
        (48 * HOUR, NOW + 99 * HOUR, 48 * HOUR),
        (300, NOW + HOUR, HOUR),
        (300, NOW - 1, 300),
    ],
    ids=["six hours", "twelve intervals", "a day at most", "never below the interval", "end of the lease", "over"],
)
def test_a_pushed_feed_is_polled_seldom_as_long_as_the_lease_lasts(interval, until, wait):
    found = next_poll(NOW, feed(pushed_until=until), Outcome(status=304), interval=interval, chance=0)
    assert found - NOW == wait


def test_an_entry_that_no_hub_pushed_brings_the_usual_interval_back():
    outcome = Outcome(parsed=True, total=3, missed=True)
    pushed = feed(pushed_until=NOW + 99 * HOUR)
    assert "pushed_until" not in next_state(NOW, pushed, outcome)
    assert next_poll(NOW, pushed, outcome, interval=300, chance=0) == NOW + 300
    assert "pushed_until" in next_state(NOW, pushed, replace(outcome, missed=False))


def test_the_first_push_makes_the_polls_seldom_and_later_ones_do_not_put_the_next_off():
    next_at, state = after_push(NOW, feed(), [NOW - 5, NOW + 9], until=NOW + 99 * HOUR, interval=300, chance=0)
    assert (next_at - NOW, state["pushed_until"], state["newest"]) == (
        6 * HOUR,
        str(NOW + 99 * HOUR),
        str(NOW - 5),
    )
    again, _ = after_push(NOW, feed(**state), [], until=NOW + 99 * HOUR, interval=300, chance=0)
    assert again == NOW + 200


def test_a_feeds_word_on_its_hub_is_kept_from_the_last_document_read():
    said = Outcome(parsed=True, hub=HUB, self_link=TOPIC, reached=TOPIC)
    after = replace(feed(), state=next_state(NOW, feed(), said))
    assert (after.state["hub"], after.state["self_link"], after.state["reached"]) == (HUB, TOPIC, TOPIC)
    assert names_another_hub(feed(), after)
    unchanged = replace(after, state=next_state(NOW, after, Outcome(status=304)))
    assert not names_another_hub(after, unchanged)
    gone = replace(after, state=next_state(NOW, after, Outcome(parsed=True)))
    assert "hub" not in gone.state
    assert names_another_hub(after, gone)
