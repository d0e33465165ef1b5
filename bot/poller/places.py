"""Who gets the places in which feeds are polled: no host holds them all, and who waits at a host is served in turn."""

from collections import Counter, OrderedDict, deque
from urllib.parse import urlsplit

from bot.models import Feed

LEAST_HOST_SHARE, HOSTS_AT_LEAST = 4, 4  # places that a host may hold at least; hosts that fill all places at least
# At a host that takes its time, two requests at once, so many are through well before the lease of their feeds ends.
MOST_WAITING = 50


class Places:
    """Queues of claimed feeds, one a host, before a number of places.

    Args:
        count: feeds polled at once, at most.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._share = max(LEAST_HOST_SHARE, count // HOSTS_AT_LEAST)
        self._taken: Counter[str] = Counter()
        self._queues: OrderedDict[str, deque[Feed]] = OrderedDict()

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self._count - self._taken.total()

    @property
    def has_room(self) -> bool:
        """Whether a quarter of the places is free: filling each one as it falls free costs more than it brings."""
        return 4 * self._taken.total() <= 3 * self._count

    def queue(self, feed: Feed) -> bool:
        """Let a feed wait; False where too many wait at its host. One whose lease has ended waits anew."""
        waiting = deque(other for other in self._queues.get(_host(feed), ()) if other.id != feed.id)
        if len(waiting) >= MOST_WAITING:
            return False
        waiting.append(feed)
        self._queues[_host(feed)] = waiting
        return True

    def take(self) -> Feed | None:
        """Give a free place to a feed of the next host that may hold one more, None where there is none."""
        if self.free <= 0:
            return None
        host = next((host for host in self._queues if self._taken[host] < self._share), None)
        if host is None:
            return None
        feed = self._queues[host].popleft()
        self._tidy(host)
        self._taken[host] += 1
        return feed

    def hold(self, feed: Feed) -> None:
        """Count a place for a feed that may not wait."""
        self._taken[_host(feed)] += 1

    def leave(self, feed: Feed) -> None:
        """Take the place back that a feed held."""
        host = _host(feed)
        self._taken[host] -= 1
        if self._taken[host] <= 0:
            del self._taken[host]

    def withdraw(self, feed_id: int) -> Feed | None:
        """Take a feed out of its queue; None where it waits in none."""
        feed = next((feed for queue in self._queues.values() for feed in queue if feed.id == feed_id), None)
        if feed is not None:
            self._queues[_host(feed)].remove(feed)
            self._tidy(_host(feed))
        return feed

    def dismiss(self) -> list[Feed]:
        """Take everybody out of the queues."""
        waiting = [feed for queue in self._queues.values() for feed in queue]
        self._queues.clear()
        return waiting

    def _tidy(self, host: str) -> None:
        if self._queues[host]:
            self._queues.move_to_end(host)  # the other hosts first
        else:
            del self._queues[host]


def _host(feed: Feed) -> str:
    try:
        return urlsplit(feed.fetch_url or feed.url).hostname or ""
    except ValueError:
        return ""
