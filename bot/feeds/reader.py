"""Reads feed documents in worker processes, and of a changed document only the items that changed.

feedparser stays the one that decides what an entry is; docs/decisions/0023 says how that is kept true.
"""

from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from bot.dedupe import keys_of
from bot.errors import NotAFeed
from bot.feeds.cutting import Cut, cut_items, is_closed
from bot.feeds.document import ParsedFeed
from bot.feeds.encoding import GZIP, decoded
from bot.feeds.parse import read_document, read_text
from bot.models import Entry

Run = Callable[..., Awaitable[Any]]

_HASH_BYTES = 12
_KEY_BYTES = 16
_LARGEST_CUT = 2**19  # larger bodies are decoded and cut in the worker's time, not the event loop's: read whole
_MOST_CUT = 5_000  # items; more are cut to size in the worker first
_MEMORY = 40 * 2**20  # 10,000 feeds of 30 entries and some
_OVERHEAD = 1_500  # bytes that a remembered document takes beside its hashes and keys, about
_WORTHWHILE = 0.5  # share of items that must be unchanged for the cut to pay


@dataclass(frozen=True, slots=True)
class _Remembered:
    """A document as it was read: for each item its hash and its entry's keys, packed, and what it said of the feed."""

    body_hash: str
    items: bytes
    facts: ParsedFeed

    @property
    def size(self) -> int:
        return len(self.items) + _OVERHEAD


class FeedReader:
    """Reads documents; remembers the items of each feed's last one.

    Args:
        run: runs a function in a worker process (`Workers.run`).
        run_large: the same for documents of more than 512 KiB, best in a worker of its own: they may take seconds.
        memory: bytes of remembered items, about; the feeds read longest ago are forgotten first.
    """

    def __init__(self, run: Run, run_large: Run | None = None, *, memory: int = _MEMORY) -> None:
        self._run = run
        self._run_large = run_large or run
        self._memory = memory
        self._documents: OrderedDict[str, _Remembered] = OrderedDict()
        self._size = 0

    async def read(self, body: bytes, url: str, content_type: str = "", stored_hash: str = "") -> ParsedFeed:
        """The document; entries that stand there as they did when it was last stored are only counted.

        An entry within which the document is cut off is left out: half of a title is no title.

        Args:
            body: as the server sent it.
            url: the subscribed address.
            content_type: the server's header.
            stored_hash: `Validators.body_hash` of the document of this feed that was last stored with all its
                entries, '' for none. Items are taken as seen only if they stood in just that document.

        Raises:
            NotAFeed: it is none.
            WorkerError: it takes too much time or memory.
        """
        if len(body) > _LARGEST_CUT or body.startswith(GZIP):
            return await self._whole(body, url, content_type)
        text = decoded(body, content_type)
        cut = cut_items(text) if text.count("<item") + text.count("<entry") <= _MOST_CUT else None
        if cut is None:
            return await self._whole(body, url, content_type)
        found, keys = await self._read_cut(text, cut, self._stored(url, stored_hash), url)
        if keys is None:
            self._forget(url)
        else:
            body_hash = blake2b(body, digest_size=16).hexdigest()
            items = _packed(zip(map(_hash, cut.items), keys, strict=True))
            self._remember(url, _Remembered(body_hash, items, replace(found, entries=(), unchanged=0)))
        return found

    async def _whole(self, body: bytes, url: str, content_type: str) -> ParsedFeed:
        self._forget(url)
        run = self._run_large if len(body) > _LARGEST_CUT else self._run
        whole: ParsedFeed = await run(read_document, body, url, content_type)
        return replace(whole, entries=whole.entries[:-1]) if whole.ends_within_entry else whole

    async def _read_cut(
        self, text: str, cut: Cut, before: _Remembered | None, url: str
    ) -> tuple[ParsedFeed, list[bytes] | None]:
        """The document, and the keys of each of its items; None where they depend on one another."""
        hashes = [_hash(item) for item in cut.items]
        if before is not None:
            seen = _unpacked(before.items)
            part = await self._changed_part(cut, [own not in seen for own in hashes], before, url)
            if part is not None and _are_apart(part.entries, [seen[own] for own in hashes if own in seen]):
                fresh = iter(part.entries)
                return part, [seen[own] if own in seen else _raw_keys(next(fresh)) for own in hashes]
        whole: ParsedFeed = await self._run(read_text, text, url)
        if len(whole.entries) != len(hashes) or not whole.is_independent:
            return whole, None
        return whole, [_raw_keys(entry) for entry in whole.entries]

    async def _changed_part(
        self, cut: Cut, is_fresh: Sequence[bool], before: _Remembered, url: str
    ) -> ParsedFeed | None:
        """The document with only its changed items as entries; None where it has to be read whole."""
        fresh = [item for item, fresh in zip(cut.items, is_fresh, strict=True) if fresh]
        unchanged = len(cut.items) - len(fresh)
        if not fresh:
            return replace(before.facts, unchanged=unchanged, is_complete=is_closed(cut.tail))
        if unchanged < len(cut.items) * _WORTHWHILE:
            return None
        try:
            part: ParsedFeed = await self._run(read_text, cut.with_only(fresh), url)
        except NotAFeed:
            return None
        is_sound = len(part.entries) == len(fresh) and part.is_independent
        return replace(part, unchanged=unchanged) if is_sound else None

    def _stored(self, url: str, stored_hash: str) -> _Remembered | None:
        known = self._documents.get(url)
        return known if known is not None and stored_hash and known.body_hash == stored_hash else None

    def _remember(self, url: str, document: _Remembered) -> None:
        self._forget(url)
        self._documents[url] = document
        self._size += document.size
        while self._size > self._memory and self._documents:
            self._forget(next(iter(self._documents)))

    def _forget(self, url: str) -> None:
        document = self._documents.pop(url, None)
        if document is not None:
            self._size -= document.size


def _are_apart(entries: Sequence[Entry], others: Iterable[bytes]) -> bool:
    """Whether none of the entries has a key in common with an unchanged one: else their keys depend on each other."""
    taken = {key for keys in others for key in _pieces(keys)}
    return all(taken.isdisjoint(_pieces(_raw_keys(entry))) for entry in entries)


def _hash(item: str) -> bytes:
    return blake2b(item.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()


def _raw_keys(entry: Entry) -> bytes:
    return b"".join(urlsafe_b64decode(key + "==") for key in keys_of(entry))


def _pieces(keys: bytes) -> list[bytes]:
    return [keys[at : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]


def _packed(items: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Each item as its hash, the number of its keys in one byte, and the keys."""
    return b"".join(own + bytes([len(keys) // _KEY_BYTES]) + keys for own, keys in items)


def _unpacked(items: bytes) -> dict[bytes, bytes]:
    found, at = {}, 0
    while at < len(items):
        start = at + _HASH_BYTES + 1
        end = start + items[start - 1] * _KEY_BYTES
        found[items[at : at + _HASH_BYTES]] = items[start:end]
        at = end
    return found
