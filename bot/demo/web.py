"""A small world wide web of its own: files that are packaged with the program, no network."""

import asyncio
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

from bot.condense.drafts import condense_drafts, pages_wanted
from bot.errors import FetchError, NotAFeed
from bot.feeds.answer import Fetched
from bot.feeds.document import ParsedFeed
from bot.feeds.parse import read_feed
from bot.models import Condensed, Draft, Entry, FeedSource, Validators
from bot.ports import FoundFeed

FEEDS = (
    FeedSource("https://gazette.example/feed.xml"),
    FeedSource("https://mina.example/atom.xml"),
    FeedSource("https://rivers.example/feed.json"),
    FeedSource("https://oldtown.example/rss.xml"),
)


class PackagedWeb:
    """The poller's `Web`, served from `bot/demo/site/<host>/<path>`.

    Args:
        summary_length: most characters of a summary.
    """

    def __init__(self, summary_length: int) -> None:
        self._limit = summary_length

    def leave_alone(self, url: str, seconds: int) -> None:
        """Nobody is asked anything here."""

    async def fetch_feed(self, url: str, validators: Validators | None) -> Fetched:
        """Return a packaged feed; it never changes, so validators mean nothing here."""
        del validators
        return Fetched(200, url, _content(url))

    async def fetch_page(self, url: str) -> Fetched:
        """Return a packaged page.

        Raises:
            FetchError: there is none at this address.
        """
        return Fetched(200, url, _content(url))

    async def read(self, body: bytes, url: str, content_type: str, stored_hash: str = "") -> ParsedFeed:  # noqa: ARG002 - the port has it
        """Read a feed. The documents are small and our own: a thread is enough."""
        return await asyncio.to_thread(read_feed, body, url=url, content_type=content_type)

    async def find(self, url: str, page: object) -> FoundFeed:  # noqa: ARG002 - the port has it
        """Find nothing: what is packaged is feeds.

        Raises:
            NotAFeed: always.
        """
        raise NotAFeed(f"{url} is no packaged feed")

    async def pages_wanted(self, entries: Sequence[Entry]) -> list[bool]:
        """Tell which entries' pages are worth a look."""
        return await asyncio.to_thread(pages_wanted, entries)

    async def condense(self, drafts: Sequence[Draft], site: str, language: str) -> list[Condensed]:
        """Condense entries with their pages."""
        return await asyncio.to_thread(condense_drafts, drafts, site, language, self._limit)


def _content(url: str) -> bytes:
    parts = urlsplit(url)
    place: Traversable = files("bot.demo").joinpath("site", parts.netloc)
    for name in parts.path.strip("/").split("/"):
        place = place.joinpath(name)
    if ".." in parts.path or not place.is_file():
        raise FetchError(f"{parts.netloc} answers 404 Not Found", status=404)
    return place.read_bytes()
