"""Ten thousand feeds: memory, polls a second, and how long a reader's command takes meanwhile, by the whole program.

    PYTHONPATH=. python benchmarks/many_feeds.py --rig ../shared/rig [--feeds 10000] [--interval 300] [--seconds 60]

The feeds stand on 100 loopback hosts and change as in `poll_speed.py` (70 % of polls are answered 304, 25 % with a body
that is unchanged or reordered, 5 % with a new entry), with entries that are a title and a line. First the archive is
filled: every feed is due at once. Then, an interval after the start, they are polled as they fall due. In both parts a
reader asks `/latest` twice a second. Printed with the figures: the machine's load, and how late a sleeping process of
its own was woken, as both tell how much of the times is the machine's.
"""

import argparse
import asyncio
import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from asking import ask_latest, described
from poll_speed import Served, run_server, urls
from usage import cpu, memory, processes

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
ENTRIES = 10


@dataclass
class Short(Served):
    """A feed of short entries, each a line of its own words."""

    def __post_init__(self) -> None:
        self.entries = self.entries[:ENTRIES]

    def body(self) -> bytes:
        items = "".join(
            f"<item><guid isPermaLink='false'>{self.number}-{n}</guid><link>http://news{self.number}.example/{n}</link>"
            f"<title>Title {self.number}-{n}</title><description>Line {n} of feed {self.number}.</description></item>"
            for n in self.entries
        )
        head = f"<rss version='2.0'><channel><title>Feed {self.number}</title><link>http://x/</link>"
        return f"{head}{items}</channel></rss>".encode()


@dataclass
class Figures:
    """What was watched during one part."""

    answers: list[float]
    megabytes: list[float]
    woken: list[float]


async def watch_memory(pid: int, figures: Figures) -> None:
    while True:
        figures.megabytes.append(memory(processes(pid))[1])
        await asyncio.sleep(2)


async def watch_machine(figures: Figures) -> None:
    while True:
        start = time.monotonic()
        await asyncio.sleep(0.01)
        figures.woken.append(time.monotonic() - start - 0.01)


def stored(database: Path, what: str) -> int:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return int(connection.execute(f"SELECT COUNT(*) FROM {what}").fetchone()[0])
    finally:
        connection.close()


async def part(name: str, world: object, program: object, enough: Callable[[], Awaitable[None]]) -> None:
    """Watch until `enough` says so."""
    figures = Figures([], [], [])
    tasks = [ask_latest(world, figures.answers), watch_memory(program.pid, figures), watch_machine(figures)]
    watching = [asyncio.create_task(task) for task in tasks]
    spent, began, polls = cpu(processes(program.pid)), time.monotonic(), program.logged().count("feed polled")
    await enough()
    seconds = time.monotonic() - began
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    spent = cpu(processes(program.pid)) - spent
    changed = program.logged().count("feed polled") - polls
    woken = sorted(figures.woken)
    print(f"{name}: {seconds:.0f} s, {changed} feeds brought something, {spent / seconds:.0%} of one core")
    print(
        f"  {described(figures.answers)}; a sleeper was woken {woken[int(len(woken) * 0.99)] * 1000:.0f} ms late (p99)"
    )
    print(
        f"  memory, all processes: at most {max(figures.megabytes):.0f} MB proportional; load {os.getloadavg()[0]:.1f}"
    )


async def measure(options: argparse.Namespace, port: int) -> None:
    from botapi.client import World
    from program import Program

    async with World(limits=False) as world:
        await world.channel("@news")
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            outlines = "".join(f"<outline xmlUrl='{escape(url)}'/>" for url in urls(options.feeds, port))
            (place / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", "utf-8")
            settings = {"POLL_INTERVAL": options.interval, "CHAT_RATE": 100_000, "GLOBAL_RATE": 1000}
            async with Program(place, world, "feeds.opml", **settings) as program:
                database = place / "tidings.db"
                while "running:" not in program.logged():
                    await asyncio.sleep(0.1)

                async def filled() -> None:
                    while stored(database, "feed WHERE first_polled_at IS NOT NULL") < options.feeds:
                        await asyncio.sleep(1)

                begun = time.monotonic()
                await part("first polls", world, program, filled)
                failed = stored(database, "feed WHERE error_count > 0")
                print(f"  {stored(database, 'article')} articles, {failed} feeds failed")
                await asyncio.sleep(begun + options.interval - time.monotonic())
                since = int(time.time())
                await part(f"polls every {options.interval} s", world, program, lambda: asyncio.sleep(options.seconds))
                polled = stored(database, f"feed WHERE last_success_at >= {since}")
                print(f"  {polled} feeds polled, {stored(database, 'post')} posts")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, required=True, help="folder of the shared rig")
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--interval", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    sys.path.append(str(options.rig / "botapi_emulator"))
    receiver, sender = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.Process(target=run_server, args=(sender, Short), daemon=True)
    server.start()
    asyncio.run(measure(options, receiver.recv()))
    server.terminate()


if __name__ == "__main__":
    main()
