"""WebSub (W3C Recommendation, 2018), the subscriber's side: what to ask a hub and what to believe of it (pure)."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dedupe import comparable_link
from bot.models import HubSubscription

SUBSCRIBE, UNSUBSCRIBE = "subscribe", "unsubscribe"
LEASE_WANTED = 10 * 86_400
LONGEST_LEASE = 30 * 86_400
MOST_GOODBYES = 5

_RENEW_AFTER = 0.8  # of the lease
_LEAST_WAIT = 60  # seconds between two requests for one subscription, however short its lease
_FIRST_WAIT, _LONGEST_WAIT = 600, 86_400
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a polled feed says of pushes.

    Attributes:
        feed_url: the subscribed address.
        hub: the hub it names.
        self_link: the address it gives for itself, '' for none.
        reached: the address at which it was found in the end.
    """

    feed_id: int
    feed_url: str
    hub: str
    self_link: str
    reached: str

    @property
    def topic(self) -> str:
        """The address to name to the hub: the feed's own word, unless that is at a host where the feed is not."""
        hosts = {_host(self.feed_url), _host(self.reached)}
        if self.self_link and _host(self.self_link) in hosts:
            return self.self_link
        return self.reached or self.feed_url


def _host(url: str) -> str:
    return comparable_link(url).partition("/")[0]


def changes(
    offers: Iterable[Offer],
    subscriptions: Sequence[HubSubscription],
    *,
    callback: str,
    now: int,
    chance: Callable[[], str],
) -> tuple[list[HubSubscription], list[HubSubscription]]:
    """The subscriptions to begin, and those to end, so that each feed with a hub has one.

    Args:
        offers: of all feeds that are polled and name a hub.
        subscriptions: all that are kept.
        callback: address of our callbacks without the token, ending in '/'.
        now: seconds UTC.
        chance: gives an unguessable text of at least 32 characters each time.
    """
    wanted = {(offer.feed_id, offer.hub, offer.topic): offer for offer in offers}
    ended, kept = [], set()
    for subscription in subscriptions:
        terms = (subscription.feed_id, subscription.hub, subscription.topic)
        if subscription.pending == UNSUBSCRIBE:
            continue
        if terms in wanted and subscription.callback.startswith(callback) and terms not in kept:
            kept.add(terms)
        else:
            ended.append(replace(subscription, pending=UNSUBSCRIBE, due_at=now, attempts=0))
    begun = [_begun(offer, callback, now, chance) for terms, offer in wanted.items() if terms not in kept]
    return begun, ended


def _begun(offer: Offer, callback: str, now: int, chance: Callable[[], str]) -> HubSubscription:
    token = chance()
    return HubSubscription(
        token=token,
        feed_id=offer.feed_id,
        hub=offer.hub,
        topic=offer.topic,
        callback=callback + token,
        secret=chance(),
        pending=SUBSCRIBE,
        due_at=now,
    )


def asked(subscription: HubSubscription, now: int) -> HubSubscription:
    """The subscription as it stands while its hub is being asked; it is asked again where nothing comes of that."""
    wait = min(_LONGEST_WAIT, _FIRST_WAIT << min(subscription.attempts, 20))
    return replace(
        subscription,
        pending=subscription.pending or SUBSCRIBE,
        due_at=now + wait,
        attempts=subscription.attempts + 1,
    )


def request_fields(subscription: HubSubscription) -> dict[str, str]:
    """The form to send to the hub (section 5.1)."""
    fields = {
        "hub.mode": subscription.pending,
        "hub.topic": subscription.topic,
        "hub.callback": subscription.callback,
    }
    if subscription.pending == SUBSCRIBE:
        fields |= {"hub.secret": subscription.secret, "hub.lease_seconds": str(LEASE_WANTED)}
    return fields


def is_verified(subscription: HubSubscription, question: Mapping[str, str]) -> bool:
    """Whether the hub asks for just what we asked of it (section 5.3)."""
    return (
        bool(subscription.pending)
        and bool(question.get("hub.challenge"))
        and question.get("hub.mode") == subscription.pending
        and question.get("hub.topic") == subscription.topic
    )


def is_denied(subscription: HubSubscription, question: Mapping[str, str]) -> bool:
    """Whether the hub says that it will not push this topic (section 5.2)."""
    return question.get("hub.mode") == "denied" and question.get("hub.topic") == subscription.topic


def confirmed(subscription: HubSubscription, question: Mapping[str, str], now: int) -> HubSubscription:
    """The subscription with the lease that the hub gives, to be renewed when most of it is over."""
    text = question.get("hub.lease_seconds", "")
    given = int(text[:9]) if text.isascii() and text.isdigit() else 0
    lease = min(given or LEASE_WANTED, LONGEST_LEASE)
    due_at = now + max(_LEAST_WAIT, int(lease * _RENEW_AFTER))
    return replace(subscription, pending="", due_at=due_at, expires_at=now + lease, attempts=0)


def denied(subscription: HubSubscription, now: int) -> HubSubscription:
    """The subscription after the hub's refusal: nothing is pushed, and it is asked again the next day."""
    return replace(subscription, pending="", due_at=now + _LONGEST_WAIT, expires_at=0)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature` is that of the body, compared in constant time (section 7.1)."""
    name, _, given = signature.partition("=")
    algorithm = _ALGORITHMS.get(name.strip().lower())
    if algorithm is None:
        return False
    expected = hmac.new(secret.encode(), body, algorithm).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace"))
