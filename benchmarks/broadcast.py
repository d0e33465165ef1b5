"""A broadcast to many subscribers, by the whole program, against a Bot API server that holds it to its limits.

    python benchmarks/broadcast.py --rig ../shared/rig [--readers 10000] [--articles 10] [--rate 300]

Every reader is subscribed to everything. Half of the articles come at once, the others one by one while the broadcast
runs. Meanwhile `/latest` is asked again and again, the channel is watched and memory is measured. Printed: messages a
second against what the limit allows, how long the channel's posts took from the poll that brought them, the answers'
times, memory along the way, CPU a message, and whether every reader has every article once and in order.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from asking import ask_latest, described
from usage import cpu, memory, processes

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
FIRST_READER = 10_000_000
SAMPLE = 200


class Watch:
    """What is measured while the broadcast runs."""

    def __init__(self, program: object) -> None:
        self.program = program
        self.answers: list[float] = []
        self.memory: list[float] = []

    async def measure_memory(self) -> None:
        while True:
            self.memory.append(memory(processes(self.program.pid))[1])
            await asyncio.sleep(2)


def progress(database: Path) -> tuple[int, int]:
    """Broadcasts finished, and messages sent to subscribers."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        row = connection.execute("SELECT COUNT(finished_at), COALESCE(SUM(sent + failed), 0) FROM broadcast").fetchone()
    finally:
        connection.close()
    return int(row[0]), int(row[1])


async def make_readers(world: object, database: Path, count: int) -> None:
    from builders import subscribe_to_everything

    from bot.store import open_database

    ids = range(FIRST_READER, FIRST_READER + count)
    start = time.monotonic()
    for first in range(0, count, 100):
        await asyncio.gather(*(world.user("Reader", id=chat_id) for chat_id in ids[first : first + 100]))
    print(f"{count} users made by the emulator in {time.monotonic() - start:.1f} s")
    opened = await open_database(f"sqlite:///{database}")
    await subscribe_to_everything(opened, ids)
    await opened.close()


async def publish(site: object, count: int, seconds: float) -> None:
    site.publish(count=count - count // 2)
    for _ in range(count // 2):
        await asyncio.sleep(seconds / count)
        site.publish()


async def measure(options: argparse.Namespace) -> None:
    from botapi.client import World
    from newssite import Site
    from program import Program

    limits = {"global_per_second": options.rate, "global_burst": options.rate}  # a second, as with 30
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "tidings.db"
        async with World(limits=limits, process=True) as world, Site() as site:
            channel = await world.channel("@news")
            await make_readers(world, database, options.readers)
            site.publish()
            async with Program(Path(folder), world, site.url("/feed/a"), GLOBAL_RATE=options.rate) as program:
                await world.wait_bot()
                while "feed polled" not in program.logged():
                    await asyncio.sleep(0.1)
                total = options.readers * options.articles
                watch = Watch(program)
                watching = [
                    asyncio.create_task(ask_latest(world, watch.answers)),
                    asyncio.create_task(watch.measure_memory()),
                ]
                publishing = asyncio.create_task(publish(site, options.articles, total / options.rate / 2))
                while not progress(database)[1]:
                    await asyncio.sleep(0.01)
                began, before = time.monotonic(), cpu(processes(program.pid))
                sent_before = (await world.stats())["requests"]["sendMessage"]
                while progress(database)[1] < total:
                    await asyncio.sleep(0.1)
                seconds = time.monotonic() - began
                spent = cpu(processes(program.pid)) - before
                stats = await world.stats()
                for task in [*watching, publishing]:
                    task.cancel()
                await asyncio.gather(*watching, publishing, return_exceptions=True)
            report(options, watch, seconds, spent, stats["requests"]["sendMessage"] - sent_before)
            print(f"429s: {stats['flood_answers']}, violations: {stats['violations']}")
            await report_channel(world, channel, site, options.articles)
            await report_readers(world, options)


def report(options: argparse.Namespace, watch: Watch, seconds: float, spent: float, messages: int) -> None:
    rate = messages / seconds
    share = rate / options.rate
    print(f"{messages} messages in {seconds:.1f} s: {rate:.1f} a second, {share:.1%} of {options.rate:g} a second")
    print(f"CPU: {spent / messages * 1000:.2f} ms a message, {spent / seconds:.0%} of one core")
    print(described(watch.answers))
    marks = [watch.memory[int((len(watch.memory) - 1) * part / 4)] for part in range(5)]
    print("memory at 0, 25, 50, 75 and 100 %: " + ", ".join(f"{mark:.0f}" for mark in marks) + " MB (proportional)")


async def report_channel(world: object, channel: object, site: object, articles: int) -> None:
    """A post's time counts from the poll that brought its article, where no 20 a minute hold it back."""
    items = {item.number: item.published for item in site.feeds["a"]}
    delays = []
    for post in await world.posts(channel):
        published = items[int(post.text.split("\n")[0].rsplit(" ", 1)[1])]
        polled = min(at for at, _, _ in site.requests if at >= published)
        delays.append(post.info.at - polled)
    print(f"channel: {len(delays)} of {articles} posts, at most {max(delays):.2f} s after the poll that brought them")


async def report_readers(world: object, options: argparse.Namespace) -> None:
    step = max(1, options.readers // SAMPLE)
    wrong = 0
    sample = range(FIRST_READER, FIRST_READER + options.readers, step)
    for reader in sample:
        texts = [message.text.split("\n")[0] for message in await world.messages(reader, by_bot=True)]
        got = [int(text.rsplit(" ", 1)[1]) for text in texts]
        wrong += got != list(range(2, options.articles + 2))
    print(f"readers looked at: {len(sample)}, without every article once and in order: {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, required=True, help="folder of the shared rig")
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--articles", type=int, default=10)
    parser.add_argument("--rate", type=float, default=300, help="messages a second, in the limits and in the settings")
    options = parser.parse_args()
    sys.path.append(str(options.rig / "botapi_emulator"))
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
