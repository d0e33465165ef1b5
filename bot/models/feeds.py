"""Feeds: as the settings name them, as they are stored, and how they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What `key=value` after a feed's URL in FEEDS says; None is 'as the global setting'."""

    channel: str | None = None
    tags: tuple[str, ...] = ()
    interval: int | None = None
    backfill: int | None = None
    images: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One entry of FEEDS: an address and its options."""

    url: str
    options: FeedOptions = FeedOptions()


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask 'has it changed?' with; sent back byte for byte (RFC 9110, 13.1)."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as stored.

    Attributes:
        url: the subscribed address, as in FEEDS; entry identity is computed against it.
        fetch_url: the address to fetch, where it differs (discovered, or moved permanently); else ''.
        title: the feed's own title, '' until first read.
        first_polled_at: when it was read successfully for the first time, or None.
        last_success_at: the last successful poll, or None.
        last_entry_at: when the feed last brought a new article, or None.
        error_count: failed polls in a row.
        failing_since: when the present row of failures began, or None.
        error: the last failure in words, '' if the last poll was fine.
        claim: token of the worker that holds the feed; results of another token are not stored.
        stopped: no more polls (410 Gone).
        state: small facts that the scheduler keeps for itself between polls (JSON object of strings).
    """

    id: int
    url: str
    options: FeedOptions = FeedOptions()
    fetch_url: str = ""
    title: str = ""
    language: str = ""
    validators: Validators = Validators()
    first_polled_at: int | None = None
    last_success_at: int | None = None
    last_entry_at: int | None = None
    error_count: int = 0
    failing_since: int | None = None
    error: str = ""
    next_poll_at: int = 0
    claim: str = ""
    stopped: bool = False
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """A subscription to one feed at its WebSub hub.

    Attributes:
        token: unguessable end of the callback's path.
        topic: the feed's address as the hub knows it.
        callback: the address that the hub calls.
        secret: key of the signatures of what the hub delivers.
        pending: 'subscribe' or 'unsubscribe' while that is asked of the hub, else ''.
        due_at: when to ask the hub (again).
        expires_at: when the lease ends, 0 where the hub has not agreed.
        attempts: how often the hub was asked in vain.
    """

    token: str
    feed_id: int
    hub: str
    topic: str
    callback: str
    secret: str = field(repr=False)
    pending: str = ""
    due_at: int = 0
    expires_at: int = 0
    attempts: int = 0
