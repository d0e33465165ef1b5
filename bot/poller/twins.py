"""Two addresses in FEEDS that turn out to be one feed are polled, stored and posted as one."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.dedupe import all_keys, comparable_link
from bot.models import Feed
from bot.poller.tools import PollTools
from bot.ports import Document, Fetched

LOOK_AGAIN = 86_400  # seconds; the two may part
_SAME_SHARE = 0.8  # one may have been polled a little before the other


@dataclass(slots=True)
class _First:
    """The feed that stands for an address; `keys` of its entries while they are being stored."""

    feed: Feed
    reached: str
    keys: Collection[str] = ()


class Twins:
    """Knows for each place on the web the first feed that was read there.

    The place is where a feed says that it is (its self link), else where it was found after all redirects. The word
    of a feed alone is not enough, as many say the same wrong address: without the same place reached, nearly all
    entries have to be the other's.
    """

    def __init__(self, tools: PollTools) -> None:
        self._tools = tools
        self._first: dict[str, _First] = {}

    async def load(self) -> None:
        """Take up what was known before a restart."""
        for feed in await self._tools.feeds.active():
            if feed.state.get("home") and not twin_of(feed):
                self._first.setdefault(feed.state["home"], _First(feed, feed.state.get("found_at", "")))

    async def other(self, feed: Feed, fetched: Fetched, document: Document) -> Feed | None:
        """Return the feed that this one doubles, or None; then this one stands for its place until it is `stored`."""
        home, reached = home_of(fetched, document), comparable_link(fetched.url)
        self._leave(feed, home)
        first = self._first.get(home)
        if first is None or first.feed.id == feed.id:
            self._first[home] = _First(feed, reached, all_keys(document.entries))
            return None
        if not self._covers(first.feed, feed):
            return None
        return first.feed if first.reached == reached or await self._has_its_entries(first, document) else None

    def stored(self, feed: Feed) -> None:
        """The feed's entries are in the store."""
        first = self._first.get(feed.state.get("home", ""))
        if first is not None and first.feed.id == feed.id:
            first.keys = ()

    def forget(self, feed: Feed) -> None:
        """A feed that fails stands for nothing: its twin may do better."""
        self._first = {home: first for home, first in self._first.items() if first.feed.id != feed.id}

    def _leave(self, feed: Feed, home: str) -> None:
        """A feed that has moved does not stand for its former place any more."""
        former = feed.state.get("home", "")
        if former != home and former in self._first and self._first[former].feed.id == feed.id:
            del self._first[former]

    def _covers(self, first: Feed, feed: Feed) -> bool:
        """Whether the first feed's posts go to all the channels that this one's would, by the same filters."""
        channels = set(self._tools.channels_of(feed)) <= set(self._tools.channels_of(first))
        ours, theirs = feed.options, first.options
        return channels and (ours.include, ours.exclude) == (theirs.include, theirs.exclude)

    async def _has_its_entries(self, first: _First, document: Document) -> bool:
        if not document.entries or document.total > len(document.entries):
            return False
        known = {*await self._tools.feeds.known(first.feed.id, all_keys(document.entries)), *first.keys}
        same = sum(not known.isdisjoint((entry.key, *entry.other_keys)) for entry in document.entries)
        return same >= _SAME_SHARE * len(document.entries)


def home_of(fetched: Fetched, document: Document) -> str:
    """Return where a feed is at home, comparable."""
    return comparable_link(fetched.self_link or document.self_link) or comparable_link(fetched.url)


def twin_of(feed: Feed) -> int | None:
    """Return the id of the feed that this one was found to double, or None."""
    return int(feed.state["twin_of"]) if feed.state.get("twin_of") else None
