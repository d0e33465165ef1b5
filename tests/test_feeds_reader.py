import asyncio
import random
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest

from bot.dedupe import keys_of
from bot.errors import NotAFeed
from bot.feeds import read_document
from bot.feeds.cutting import cut_items
from bot.feeds.encoding import decoded
from bot.feeds.parse import read_text
from bot.feeds.reader import FeedReader

URL = "https://news.example/feed"
SHARED_FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds"


def item(name: str, *, guid: str = "", link: str = "", text: str = "") -> str:
    return (
        f"<item><guid>{guid or name}</guid><link>{link or 'https://news.example/' + name}</link>"
        f"<title>{name}</title><description>{text}</description></item>"
    )


def document(*items: str, built: str = "now") -> bytes:
    return f"<rss version='2.0'><channel><title>News</title><lastBuildDate>{built}</lastBuildDate>{''.join(items)}</channel></rss>".encode()


class Reading:
    """A reader whose work is done at once; notes how many entries it was asked to parse each time."""

    def __init__(self, **options) -> None:
        self.parsed: list[int] = []
        self.reader = FeedReader(self._run, **options)

    async def _run(self, function, *args):
        found = function(*args)
        self.parsed.append(len(found.entries))
        return found

    async def read(self, body: bytes, *, stored: bytes = b"", url: str = URL):
        return await self.reader.read(body, url, "", blake2b(stored, digest_size=16).hexdigest() if stored else "")


def titles(feed) -> list[str]:
    return [entry.title for entry in feed.entries]


@pytest.mark.parametrize("missing", [25, 40, 60, 90])
async def test_an_entry_within_which_a_document_is_cut_off_is_left_for_the_next_poll(missing):
    whole = document(*(item(name, text="Some words of it.") for name in "cba"))
    found = await Reading().read(whole[:-missing])
    assert (titles(found), found.is_complete) == (["c", "b"], False)


async def test_a_large_document_waits_for_its_own_kind_only():
    waiting, running = asyncio.Event(), asyncio.Event()

    async def run_large(function, *args):
        running.set()
        await waiting.wait()
        return function(*args)

    async def run(function, *args):
        return function(*args)

    reader = FeedReader(run, run_large)
    large = asyncio.create_task(reader.read(document(item("large", text="x" * 2**20)), URL))
    await running.wait()
    assert titles(await reader.read(document(item("small")), "https://other.example/feed")) == ["small"]
    assert not large.done()
    waiting.set()
    assert titles(await large) == ["large"]


async def test_a_document_that_ends_without_its_end_keeps_its_whole_entries():
    found = await Reading().read(document(item("b"), item("a")).removesuffix(b"</channel></rss>"))
    assert (titles(found), found.is_complete) == (["b", "a"], False)


async def test_of_a_changed_document_only_what_is_new_is_parsed():
    reading = Reading()
    before = document(*(item(name) for name in "cba"))
    after = document(*(item(name) for name in "dcba"), built="later")
    first = await reading.read(before)
    second = await reading.read(after, stored=before)
    assert (titles(first), titles(second), second.total) == (["c", "b", "a"], ["d"], 4)
    assert reading.parsed == [3, 1]


async def test_a_reordered_document_is_not_parsed_at_all():
    reading = Reading()
    before, after = document(item("a"), item("b")), document(item("b"), item("a"))
    await reading.read(before)
    found = await reading.read(after, stored=before)
    assert (found.entries, found.total, found.title) == ((), 2, "News")
    assert reading.parsed == [2]


async def test_a_document_that_is_cut_off_within_the_old_is_known_as_such():
    reading = Reading()
    before = document(item("a"), item("b"), item("c"))
    await reading.read(before)
    found = await reading.read(before[: before.index(b"<item><guid>c")], stored=before)
    assert (found.entries, found.total, found.is_complete) == ((), 2, False)


async def test_an_edited_entry_is_read_again():
    reading = Reading()
    before = document(item("a"), item("b"), item("c"))
    after = document(item("a"), item("b", text="corrected"), item("c"))
    await reading.read(before)
    found = await reading.read(after, stored=before)
    assert [(entry.title, entry.summary) for entry in found.entries] == [("b", "corrected")]


async def test_what_was_read_but_never_stored_is_read_again():
    reading = Reading()
    before, lost, after = (document(*(item(name) for name in names)) for names in ("ba", "cba", "cba"))
    await reading.read(before)
    await reading.read(lost, stored=before)
    found = await reading.read(after, stored=before)
    assert titles(found) == ["c", "b", "a"]


async def test_without_a_stored_document_all_is_read():
    reading = Reading()
    await reading.read(document(item("a")))
    assert titles(await reading.read(document(item("b"), item("a")))) == ["b", "a"]


async def test_a_document_that_is_mostly_new_is_read_whole():
    reading = Reading()
    before = document(item("a"))
    await reading.read(before)
    found = await reading.read(document(*(item(name) for name in "dcba")), stored=before)
    assert (len(found.entries), found.unchanged) == (4, 0)


@pytest.mark.parametrize("twin", [item("new", guid="a"), item("new", link="https://news.example/a")])
async def test_an_entry_that_shares_its_identity_with_an_old_one_has_the_keys_of_the_whole_document(twin):
    reading = Reading()
    before = document(item("a"), item("b"), item("c"))
    after = document(twin, item("a"), item("b"), item("c"))
    await reading.read(before)
    found = await reading.read(after, stored=before)
    assert found.entries == read_document(after, URL).entries


async def test_a_feed_whose_entries_share_their_guid_is_always_read_whole():
    reading = Reading()
    before = document(item("a", guid="x"), item("b", guid="x"))
    after = document(item("c", guid="x"), item("a", guid="x"), item("b", guid="x"))
    await reading.read(before)
    assert len((await reading.read(after, stored=before)).entries) == 3


async def test_a_broken_document_is_read_whole():
    reading = Reading()
    before = document(item("a"), item("b"))
    await reading.read(before)
    after = document(item("c", text="a &undefined; <b>"), item("a"), item("b"))
    assert len((await reading.read(after, stored=before)).entries) == 3


async def test_feeds_do_not_meet():
    reading = Reading()
    before = document(item("a"), item("b"))
    await reading.read(before)
    assert len((await reading.read(document(item("a")), stored=before, url="https://other.example/")).entries) == 1


async def test_the_feed_read_longest_ago_is_forgotten_when_memory_is_full():
    reading = Reading(memory=4_000)
    before = document(item("a"), item("b"))
    for name in ("one", "two", "three"):
        await reading.read(before, url=f"https://{name}.example/")
    assert len((await reading.read(before, stored=before, url="https://one.example/")).entries) == 2
    assert len((await reading.read(before, stored=before, url="https://three.example/")).entries) == 0


async def test_what_is_no_feed_is_refused_and_forgets_nothing_it_should_keep():
    reading = Reading()
    with pytest.raises(NotAFeed):
        await reading.read(b"<html><p>Hello</p></html>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<rss><channel></channel></rss>",
        "<rss><item/></rss>",
        "<rss><item><item></item></item></rss>",
        "<rss><item></entry></rss>",
        "<rss><item></item><item></rss>",
        "<rss><item></item> text <item></item></rss>",
        "<rss><x:item></x:item><item></item></rss>",
        "<!DOCTYPE rss [<!ENTITY x 'y'>]><rss><item></item></rss>",
        "<rss><item><![CDATA[ </item></rss>",
        "<rss><!-- <item></item></rss>",
    ],
)
def test_what_cannot_be_cut_safely_is_not_cut(text):
    assert cut_items(text) is None


@pytest.mark.parametrize(
    "inside",
    ["<![CDATA[</item><item>]]>", "<!-- </item> -->", "<itemid>1</itemid>", "<media:item-x/>", "&lt;/item&gt;"],
)
def test_what_only_looks_like_an_items_end_does_not_cut(inside):
    cut = cut_items(f"<rss>\n<item>{inside}</item>\n<item a='1'>x</item>\n</rss>")
    assert cut is not None
    assert cut.items == (f"<item>{inside}</item>", "<item a='1'>x</item>")
    assert (cut.head, cut.tail) == ("<rss>\n", "\n</rss>")


@pytest.mark.parametrize("text", ["<![CDATA[" * 60_000, "<!--" * 60_000, "<item " * 60_000, "<a:" * 60_000])
def test_cutting_takes_no_longer_for_a_hostile_document(text):
    assert cut_items(text) is None


@pytest.mark.rig
@pytest.mark.slow
def test_parts_read_as_in_the_whole_on_every_document_of_the_corpus():
    if not SHARED_FEEDS.is_dir():
        pytest.skip("the shared feeds are not here")
    chance = random.Random(7)
    compared = 0
    for path in sorted(SHARED_FEEDS.glob("*/*")):
        text = decoded(path.read_bytes())
        cut = cut_items(text)
        if cut is None:
            continue
        whole = read_text(text, URL)
        if not whole.is_independent or len(whole.entries) != len(cut.items):
            continue
        chosen = [index for index in range(len(cut.items)) if chance.random() < 0.3] or [0]
        part = read_text(cut.with_only([cut.items[index] for index in chosen]), URL)
        assert part == replace(whole, entries=tuple(whole.entries[index] for index in chosen)), path.name
        assert all(keys_of(entry) for entry in part.entries)
        compared += 1
    assert compared >= 290
