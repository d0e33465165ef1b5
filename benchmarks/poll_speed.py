"""Polls a second and CPU a poll: ours against the plain way (httpx, feedparser on each body), at equal results.

    python benchmarks/poll_speed.py [--feeds 300] [--rounds 4]

A server of its own on loopback serves RSS feeds of 30 entries with the markup of a common blog (about 60 kB). Per poll,
70 % answer 304, 25 % send a body that is the same or only reordered, 5 % bring a new entry. Both ways must find exactly
the entries that were published.
"""

import argparse
import asyncio
import io
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import feedparser
import httpx

from bot.dedupe import all_keys, new_entries
from bot.feeds.fetch import HttpFetcher
from bot.feeds.reader import FeedReader
from bot.models import Validators
from bot.workers import Workers

ITEMS, HOSTS, AT_ONCE = 30, 100, 40
WORDS = ("harbour", "council", "storm", "bridge", "museum", "market", "river", "train", "school", "garden", "winter")


@dataclass
class Served:
    """One feed on the server: its entries' numbers, newest first, and what the last answer was."""

    number: int
    entries: list[int] = field(default_factory=lambda: list(range(ITEMS, 0, -1)))
    version: int = 1
    polls: int = 0

    def answer(self, conditional: str) -> tuple[int, bytes, str]:
        self.polls += 1
        chance = random.Random(f"{self.number}/{self.polls}")
        kind = chance.random()
        if self.polls > 1 and kind < 0.70 and conditional == f'"{self.version}"':
            return 304, b"", conditional
        if self.polls > 1 and kind >= 0.95:
            self.entries = [max(self.entries) + 1, *self.entries[:-1]]
            self.version += 1
        elif self.polls > 1 and kind >= 0.82:
            chance.shuffle(self.entries)
            self.version += 1
        return 200, self.body(), f'"{self.version}"'

    def body(self) -> bytes:
        head = (
            f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed {self.number}</title><link>http://x/</link>"
        )
        return (head + "".join(entry(self.number, n) for n in self.entries) + "</channel></rss>").encode()


CACHE: dict[tuple[int, int], str] = {}


def entry(feed: int, number: int) -> str:
    if (feed, number) not in CACHE:
        chance = random.Random(f"{feed}-{number}")
        words = [" ".join(chance.choices(WORDS, k=9)) for _ in range(12)]
        paragraphs = "".join(
            f'<p>{line}, <a href="/tag/{number}">{line[:9]}</a> and <strong>{line[-9:]}</strong>.</p>' for line in words
        )
        picture = f'<p><img class="wide" src="/pictures/{number}.jpg" alt="A picture" width="800" height="500" /></p>'
        CACHE[feed, number] = (
            f"<item><guid isPermaLink='false'>{feed}-{number}</guid><link>http://news{feed}.example/{number}</link>"
            f"<title>Title {feed}-{number}</title><pubDate>Mon, 02 Mar 2026 10:{number % 60:02}:00 GMT</pubDate>"
            f"<category>World</category><description><![CDATA[{picture}{paragraphs}]]></description></item>"
        )
    return CACHE[feed, number]


async def serve(ready, kind: type[Served]) -> None:
    served = {}

    async def handle(reader, writer):
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                number = int(request.split(" ", 2)[1].rpartition("/")[2])
                found = [line for line in request.split("\r\n") if line.lower().startswith("if-none-match:")]
                feed = served.setdefault(number, kind(number))
                status, body, etag = feed.answer(found[0].partition(":")[2].strip() if found else "")
                reason = {200: "OK", 304: "Not Modified"}[status]
                length = f"Content-Length: {len(body)}\r\n" if status == 200 else ""
                writer.write(
                    f"HTTP/1.1 {status} {reason}\r\nETag: {etag}\r\nContent-Type: text/xml\r\n{length}\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "0.0.0.0", 0, backlog=1000)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def run_server(ready, kind: type[Served] = Served) -> None:
    asyncio.run(serve(ready, kind))


def urls(feeds: int, port: int) -> list[str]:
    return [f"http://127.0.1.{number % HOSTS + 1}:{port}/{number}" for number in range(feeds)]


class Plain:
    """httpx, conditional, and feedparser on each body, in the event loop."""

    async def __aenter__(self):
        self.client = httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=AT_ONCE))
        self.etags, self.known = {}, {}
        return self

    async def __aexit__(self, *_):
        await self.client.aclose()

    async def poll(self, url: str) -> list[str]:
        headers = {"If-None-Match": self.etags[url]} if url in self.etags else {}
        answer = await self.client.get(url, headers=headers)
        if answer.status_code == 304:
            return []
        self.etags[url] = answer.headers["ETag"]
        known = self.known.setdefault(url, set())
        fresh = [found for found in feedparser.parse(io.BytesIO(answer.content)).entries if found.id not in known]
        known.update(found.id for found in fresh)
        return [found.title for found in fresh]


class Ours:
    """The fetcher, reader and worker processes of the program; what the database holds is kept in dictionaries."""

    def __init__(self, port: int) -> None:
        self.fetcher = HttpFetcher(
            user_agent="Tidings-benchmark",
            allowed_networks=(ip_network("127.0.0.0/8"),),
            allowed_ports=(port,),
            concurrency=AT_ONCE,
        )
        self.workers = Workers()
        self.reader = FeedReader(self.workers.run)
        self.validators, self.known = {}, {}

    async def __aenter__(self):
        await self.fetcher.__aenter__()
        return self

    async def __aexit__(self, *_):
        await self.fetcher.__aexit__(None, None, None)
        await self.workers.__aexit__(None, None, None)

    async def poll(self, url: str) -> list[str]:
        stored = self.validators.get(url, Validators())
        answer = await self.fetcher.fetch(url, validators=stored)
        if answer.status == 304 or answer.validators.body_hash == stored.body_hash:
            self.validators[url] = answer.validators
            return []
        parsed = await self.reader.read(answer.body, url, answer.content_type, stored.body_hash)
        known = self.known.setdefault(url, set())
        fresh = new_entries(parsed.entries, known, now=int(time.time()))
        known.update(all_keys(fresh))
        self.validators[url] = answer.validators
        return [found.title for found in fresh]


async def measure(way, addresses: list[str], rounds: int) -> tuple[float, float, dict[str, list[str]]]:
    """Wall seconds and the CPU seconds of this process for the rounds after the first, and all that was found."""
    found: dict[str, list[str]] = {url: [] for url in addresses}
    places = asyncio.Semaphore(AT_ONCE)

    async def one(url: str) -> None:
        async with places:
            found[url] += await way.poll(url)

    async with way:
        await asyncio.gather(*(one(url) for url in addresses))
        begun, cpu = time.perf_counter(), cpu_seconds()
        for _ in range(rounds):
            await asyncio.gather(*(one(url) for url in addresses))
        wall, cpu = time.perf_counter() - begun, cpu_seconds() - cpu
    return wall, cpu, {url.rpartition("/")[2]: sorted(titles) for url, titles in found.items()}


def cpu_seconds() -> float:
    """Of this process and of its running children."""
    total = sum(os.times()[:2])
    for child in multiprocessing.active_children():
        try:
            fields = Path(f"/proc/{child.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def client(name: str, feeds: int, rounds: int, port: int) -> None:
    addresses = urls(feeds, port)
    way = Plain() if name == "plain" else Ours(port)
    wall, cpu, found = asyncio.run(measure(way, addresses, rounds))
    polls = feeds * rounds
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) / 1024
    print(json.dumps({"polls": polls, "wall": wall, "cpu": cpu, "memory": memory, "found": found}))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--feeds", type=int, default=300)
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--client", nargs=2, metavar=("WAY", "PORT"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.client:
        client(chosen.client[0], chosen.feeds, chosen.rounds, int(chosen.client[1]))
        return 0
    results = {}
    for name in ("plain", "ours"):
        receiver, sender = multiprocessing.Pipe(duplex=False)
        server = multiprocessing.Process(target=run_server, args=(sender,), daemon=True)
        server.start()
        command = [sys.executable, __file__, "--feeds", str(chosen.feeds), "--rounds", str(chosen.rounds)]
        output = subprocess.run(
            [*command, "--client", name, str(receiver.recv())], capture_output=True, text=True, check=False
        )
        server.terminate()
        if output.returncode:
            print(output.stderr)
            return 1
        results[name] = json.loads(output.stdout)
        one = results[name]
        print(
            f"{name:6} {one['polls'] / one['wall']:7.0f} polls/s, {one['cpu'] / one['polls'] * 1e3:6.2f} ms CPU a poll,"
            f" {one['memory']:4.0f} MB at most (with workers)"
        )
    same = results["plain"]["found"] == results["ours"]["found"]
    entries = sum(map(len, results["ours"]["found"].values()))
    factor = results["plain"]["cpu"] / results["ours"]["cpu"]
    print(f"equal results: {'yes' if same else 'NO'} ({entries} entries); {factor:.1f} times less CPU a poll")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
