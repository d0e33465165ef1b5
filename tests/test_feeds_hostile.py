import asyncio
import contextlib
import gzip
import multiprocessing
import time
import zlib
from ipaddress import ip_network

import brotli
import psutil
import pytest

from bot.condense.drafts import condense_drafts
from bot.errors import NotAFeed, TidingsError
from bot.feeds import parse_feed
from bot.feeds.fetch import HttpFetcher
from bot.feeds.web import HttpWeb
from bot.models import Draft
from bot.workers import Workers

URL = "https://news.example/feed"
OPEN, CLOSE = b"<rss version='2.0'><channel>", b"</channel></rss>"


def one(inside: bytes) -> bytes:
    return OPEN + b"<item>" + inside + b"</item>" + CLOSE


def laughs() -> bytes:
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f'<!DOCTYPE rss [<!ENTITY a0 "ha">{"".join(lines)}]>'.encode() + one(b"<title>&a9;</title>")


REFUSED = {
    "200,000 attributes": one(b"<title " + b" ".join(b'a%d="x"' % n for n in range(200_000)) + b">x</title>"),
    "500,000 unclosed tags": OPEN + b"<b>" * 500_000,
    "500,000 unclosed tags in an entry": OPEN + b"<item><description>" + b"<b>" * 500_000,
    "200,000 unclosed CDATA sections": OPEN + b"<item><title>" + b"<![CDATA[" * 300_000,
    "300,000 unclosed skipHours": OPEN + b"<skipHours>" * 300_000,
    "unclosed attributes": OPEN + b"<item><title>" + b"<a b=" * 500_000,
    "380,000 attributes in 200 elements": OPEN
    + (b"<item><x " + b" ".join(b'a%d="x"' % n for n in range(1_900)) + b"/></item>") * 200
    + CLOSE,
    "20,000 nested name spaces": one(b"".join(b'<a%d:x xmlns:a%d="x:%d">' % (n, n, n) for n in range(20_000))),
    "100,000 nested elements": one(b"<description>" + b"<i>" * 100_000 + b"</i>" * 100_000 + b"</description>"),
    "100,000 categories": one(b"".join(b"<category>%d</category>" % n for n in range(100_000))),
    "100,000 prefixed entries": b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">'
    + b"<a:entry><a:id>1</a:id></a:entry>" * 100_000
    + b"</a:feed>",
    "100,000 entries and text between them": OPEN + b"<item><title>x</title></item>junk" * 100_000 + CLOSE,
    "400,000 elements": OPEN + b"<item>" + b"<b/>" * 400_000 + b"</item>" + CLOSE,
    "JSON nested 500,000 deep": b'{"items":' + b"[" * 500_000,
}
READ = {
    "a billion laughs": (laughs(), 1),
    "100,000 comments before the feed": (b"<!--x-->" * 100_000 + one(b"<title>x</title>"), 1),
    "100,000 comments before nothing": (b"<!--x-->" * 100_000 + b"<x/>", None),
    "a million angle brackets": (one(b"<description><![CDATA[" + b"<" * 1_000_000 + b"]]></description>"), 1),
    "an author of 1 MB": (one(b"<author>" + b"a" * 1_000_000 + b"</author>"), 1),
    "an author of 1 MB with dots": (one(b"<author>" + b"a." * 400_000 + b"@" + b"b-" * 100_000 + b"</author>"), 1),
    "keywords of 1 MB": (one(b"<keywords>" + b",".join(b"%d" % n for n in range(150_000)) + b"</keywords>"), 1),
    "a CDATA section with 200,000 attributes": (
        one(b"<description><![CDATA[<x " + b"a='x' " * 200_000 + b">]]></description>"),
        1,
    ),
    "a quadratic blow-up": (
        b"<!DOCTYPE rss [<!ENTITY a '" + b"x" * 100_000 + b"'>]>" + one(b"<title>" + b"&a;" * 10_000 + b"</title>"),
        1,
    ),
    "100,000 items of a JSON Feed": (
        b'{"version":"1","title":"x","items":[' + b'{"id":"1"},' * 100_000 + b"{}]}",
        5_000,
    ),
    "images without end": (one(b"<description>" + b"&lt;img " * 100_000 + b"</description>"), 1),
    "a title of 200,000 signs": (one(b"<title>" + b"x &lt; " * 30_000 + b"</title>"), 1),
}
SLOW = {
    "100,000 entries": (OPEN + b"<item><title>x</title></item>" * 100_000 + CLOSE, 5_000),
    "a title of 7 MB": (one(b"<title>" + b"x &lt; " * 1_000_000 + b"</title>"), 1),
}
NUMBERED = b" ".join(b"a%d='x'" % number for number in range(200_000))
KEPT_BUSY = {
    "attributes": one(b"<description><![CDATA[<p>Words.</p><x " + NUMBERED + b"><p>More.</p>]]></description>"),
    "attributes without end": one(b"<description>&lt;x " + NUMBERED + b"</description>"),
    "a JSON Feed": b'{"version":"1","title":"x","items":[{"id":"1","content_html":"<x ' + NUMBERED + b'>"}]}',
    "nested elements": one(b"<description>" + b"&lt;div&gt;" * 200_000 + b"</description>"),
    "tables": one(b"<description>" + b"&lt;table&gt;" * 200_000 + b"</description>"),
    "links": one(b"<description>" + b"&lt;a href='x'&gt;" * 200_000 + b"</description>"),
    "marks": one("<title>{0}</title><description>{0}</description>".format("a" + "\u0301" * 400_000).encode()),
}
BODIES = {**REFUSED, **{name: body for name, (body, _) in {**READ, **SLOW}.items()}}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_keep_the_parser_busy_is_refused_at_once(name):
    begun = time.process_time()
    with pytest.raises(NotAFeed):
        parse_feed(REFUSED[name], url=URL)
    assert time.process_time() - begun < 2.5


@pytest.mark.parametrize("name", READ)
def test_what_only_looks_dangerous_is_read(name):
    body, entries = READ[name]
    begun = time.process_time()
    if entries is None:
        with pytest.raises(NotAFeed):
            parse_feed(body, url=URL)
    else:
        assert len(parse_feed(body, url=URL)) == entries
    assert time.process_time() - begun < 2.5


@pytest.mark.slow
@pytest.mark.parametrize("name", KEPT_BUSY)
def test_what_would_keep_the_condenser_busy_is_condensed_all_the_same(name):
    (entry,) = parse_feed(KEPT_BUSY[name], url=URL)
    begun = time.process_time()
    condense_drafts([Draft(entry)], "", "", 350)
    assert time.process_time() - begun < 2.5


def serve(pipe) -> None:
    """In a process of its own: the documents by their number, then bombs and answers that do not end."""
    documents = [b"HTTP/1.1 200 OK\r\n\r\n" + body for body in BODIES.values()]
    packed = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n"
    documents.append(packed % b"gzip" + gzip.compress(bytes(100_000_000)))
    documents.append(packed % b"br" + brotli.compress(bytes(100_000_000), quality=1))
    documents.append(packed % b"deflate" + zlib.compress(bytes(100_000_000)))
    documents.append(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20_000_000)
    documents.append(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000_000)
    documents.append(b"HTTP/1.1 302 Found\r\nLocation: /0\r\n\r\n" + b"x" * 20_000_000)

    async def answer(reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            body = documents[int(request.split()[1][1:])]
            for at in range(0, len(body), 65_536):
                writer.write(body[at : at + 65_536])
                await writer.drain()
        writer.close()

    async def main():
        server = await asyncio.start_server(answer, "0.0.0.0", 0)
        pipe.send((server.sockets[0].getsockname()[1], len(documents)))
        await server.serve_forever()

    asyncio.run(main())


@pytest.fixture
def hostile_server():
    """Port of a server with hostile answers at /0 and so on, and how many they are."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    yield ours.recv()
    process.kill()
    process.join()


class Watch:
    """Watches the loop's pauses, in seconds, and the memory of this process, in bytes."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.resident = 0

    async def run(self) -> None:
        process = psutil.Process()
        while True:
            begun = time.monotonic()
            await asyncio.sleep(0.005)
            self.pauses.append(time.monotonic() - begun - 0.005)
            self.resident = max(self.resident, process.memory_info().rss)


async def outcome(web: HttpWeb, url: str) -> int | str:
    """How many entries a document has, or what became of it; anything but an expected failure is raised."""
    try:
        answer = await web.fetch_feed(url, None)
        return len((await web.read(answer.body, url, answer.content_type)).entries)
    except TidingsError as error:
        return type(error).__name__


@pytest.mark.slow
async def test_hostile_answers_all_at_once_neither_stop_the_loop_nor_fill_the_memory(hostile_server):
    port, answers = hostile_server
    before, watch = psutil.Process().memory_info().rss, Watch()
    others = set(psutil.Process().children(recursive=True))
    fetcher = HttpFetcher(user_agent="x", allowed_networks=[ip_network("127.0.0.0/8")], allowed_ports=[port])
    async with fetcher, Workers() as workers, Workers() as large_workers:
        web = HttpWeb(fetcher, workers, summary_length=350, large_workers=large_workers)
        await workers.run(abs, 1)
        watching = asyncio.create_task(watch.run())
        urls = [f"http://127.0.1.{number + 1}:{port}/{number}" for number in range(answers)]
        found = await asyncio.gather(*(outcome(web, url) for url in urls))
        watching.cancel()
        assert await outcome(web, f"http://127.0.2.1:{port}/{answers - 7}") == 1
        workers_now = set(psutil.Process().children(recursive=True)) - others
        resident = sum(worker.memory_info().rss for worker in workers_now)
    assert found[: len(REFUSED)] == ["NotAFeed"] * len(REFUSED)
    assert "WorkerError" not in found
    assert sorted(watch.pauses)[-len(watch.pauses) // 100] < 0.2  # a machine with other work pauses everybody
    assert watch.resident - before < 250 * 2**20
    assert resident < 400 * 2**20
