"""The poller's view of the network and of the worker processes."""

from collections.abc import Sequence

from bot.errors import FetchError
from bot.feeds.discover import Found, find_feed
from bot.feeds.document import ParsedFeed
from bot.feeds.fetch import FEED_ACCEPT, PAGE_ACCEPT, Fetched, HttpFetcher
from bot.feeds.parse import read_document
from bot.feeds.reader import FeedReader
from bot.models import Condensed, Draft, Entry, Validators
from bot.ports import Fetched as AnyFetched
from bot.workers import Workers, call

PAGE_SECONDS = 15.0
PAGE_BYTES = 4 * 2**20
PAGE_TYPES = ("text/html", "application/xhtml+xml", "")
CONDENSER = "bot.condense.drafts"
"""Loaded in the workers alone: it brings the libraries for pages, which the main process has no use for."""


class HttpWeb:
    """Fetches over HTTP and reads in worker processes (`ports.Web`).

    Args:
        summary_length: most characters of a summary.
        large_workers: read the large documents, so that the others do not wait for them; else `workers` do.
    """

    def __init__(
        self, fetcher: HttpFetcher, workers: Workers, *, summary_length: int, large_workers: Workers | None = None
    ) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._reader = FeedReader(workers.run, (large_workers or workers).run)
        self._summary_length = summary_length

    def leave_alone(self, url: str, seconds: int) -> None:
        """Ask nothing of an address's host for so many seconds."""
        self._fetcher.leave_alone(url, seconds)

    async def fetch_feed(self, url: str, validators: Validators | None) -> Fetched:
        """Fetch a feed, conditionally where there are validators."""
        return await self._fetcher.fetch(url, validators=validators, accept=FEED_ACCEPT)

    async def fetch_page(self, url: str) -> Fetched:
        """Fetch an article's page; anything but HTML is refused.

        Many a site that serves its feed gladly refuses its pages: that must not keep us from the feed.
        """
        page = await self._fetcher.fetch(
            url, accept=PAGE_ACCEPT, timeout=PAGE_SECONDS, limit=PAGE_BYTES, closes_host=False
        )
        if page.content_type.split(";")[0].strip().lower() not in PAGE_TYPES:
            raise FetchError(f"not a page: {page.content_type}")
        return page

    async def read(self, body: bytes, url: str, content_type: str, stored_hash: str = "") -> ParsedFeed:
        """Parse a feed document, and of a changed one only what changed."""
        return await self._reader.read(body, url, content_type, stored_hash)

    async def find(self, url: str, page: AnyFetched) -> Found:
        """Find the feed of the site that `page`, fetched at `url`, belongs to; it is read against `url`, as later."""

        async def fetch(address: str) -> AnyFetched:
            return page if address == url else await self._fetcher.fetch(address)

        async def read(body: bytes, _address: str, content_type: str) -> ParsedFeed:
            return await self._workers.run(read_document, body, url, content_type)

        return await find_feed(fetch, read, url)

    async def pages_wanted(self, entries: Sequence[Entry]) -> list[bool]:
        """Tell for each entry whether its page is needed."""
        wanted: list[bool] = await self._workers.run(call, CONDENSER, "pages_wanted", list(entries))
        return wanted

    async def condense(self, drafts: Sequence[Draft], site: str, language: str) -> list[Condensed]:
        """Condense a batch."""
        arguments = (list(drafts), site, language, self._summary_length)
        condensed: list[Condensed] = await self._workers.run(call, CONDENSER, "condense_drafts", *arguments)
        return condensed
