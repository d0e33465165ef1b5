"""What the lanes work with: all their effects come in by one value."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from bot.delivery.compose import Composed
from bot.governor import Governor
from bot.models import Post
from bot.ports import Alerts, Clock, Messenger, Outbox


@dataclass(frozen=True, slots=True)
class Tools:
    """What delivery works with: all effects come in here.

    Attributes:
        compose: makes the message of a post, with its picture.
        chance: a number in [0, 1), for back-off that spreads.
        channels: the configured channels; what waits for one of these is kept however long it is closed.
        on_moved: called when a group has a new id, after its posts have followed: old, new.
        burst_fold: more waiting posts of a channel than this go out in groups; 0 for never.
        groups_of: divides posts into groups that fit a message each.
    """

    outbox: Outbox
    messenger: Messenger
    governor: Governor
    alerts: Alerts
    now: Clock
    compose: Callable[[Post], Awaitable[Composed]]
    chance: Callable[[], float]
    channels: Collection[int] = frozenset()
    on_moved: Callable[[int, int], None] = lambda _old, _new: None
    burst_fold: int = 0
    groups_of: Callable[[Sequence[Post]], list[Sequence[Post]]] = lambda posts: [posts]
