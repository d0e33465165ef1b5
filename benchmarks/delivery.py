"""Posts a second against the governor's ceiling, and CPU a post, by the whole program against a Bot API server.

    python benchmarks/delivery.py --rig ../shared/rig [--posts 300] [--channels 4] [--rate 30]

`--posts` articles wait in the outbox of each of `--channels` channels, whose own limit is out of the way; what is left
is the bot's limit of `--rate` messages a second, which the server enforces. Measured from the first post to the last:
the feeds are polled and condensed before, and their worker processes are not counted.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from usage import cpu

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


async def fill_outbox(database: Path, channels: list[int], posts: int) -> None:
    """Articles as a poll leaves them; each channel's row as resolving its name leaves it."""
    from builders import new_article, store_articles

    from bot.ports import ChatInfo
    from bot.store import open_database
    from bot.store.outbox import Outbox

    opened = await open_database(f"sqlite:///{database}")
    await store_articles(opened, *(new_article(number) for number in range(1, posts + 1)), channels=tuple(channels))
    for chat_id in channels:
        await Outbox(opened).remember_chat(ChatInfo(chat_id, "channel", "News"))
    await opened.close()


async def measure(options: argparse.Namespace) -> None:
    from botapi.client import World
    from newssite import Site
    from program import Program

    limits = {"global_per_second": options.rate, "global_burst": options.rate, "group_per_minute": 0}
    with tempfile.TemporaryDirectory() as folder:
        async with World(limits=limits, process=True) as world, Site() as site:
            channels = [(await world.channel(f"@news{number}")).id for number in range(options.channels)]
            await fill_outbox(Path(folder) / "tidings.db", channels, options.posts)
            feeds = "\n".join(
                f"{site.url(f'/feed/{number}')} channel=@news{number}" for number in range(options.channels)
            )
            settings = {"TELEGRAM_CHANNEL": "@news0", "GLOBAL_RATE": options.rate, "CHAT_RATE": 1_000_000}
            async with Program(Path(folder), world, feeds, **settings) as program:
                total = options.posts * options.channels
                while not await sent(world):
                    await asyncio.sleep(0.002)
                first, began, before = await sent(world), time.monotonic(), cpu([program.pid])
                while await sent(world) < total:
                    await asyncio.sleep(0.02)
                seconds, spent = time.monotonic() - began, cpu([program.pid]) - before
            posts = total - first
            rate = posts / seconds
            print(f"{posts} posts to {options.channels} channels in {seconds:.1f} s: {rate:.1f} a second, ", end="")
            print(f"{rate / options.rate:.1%} of the ceiling of {options.rate:g}")
            print(f"CPU: {spent / posts * 1000:.2f} ms a post, {spent / seconds:.0%} of one core")
            stats = await world.stats()
            print(f"429s: {stats['flood_answers']}, violations: {stats['violations']}")
            wrong = 0
            for channel in channels:
                headlines = [message.text.split("\n")[0] for message in await world.posts(channel)]
                wrong += headlines != [f"Headline {number}" for number in range(1, options.posts + 1)]
            print(f"channels without every post once and in order: {wrong}")


async def sent(world: object) -> int:
    return int((await world.stats())["ok"].get("sendMessage", 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, required=True, help="folder of the shared rig")
    parser.add_argument("--posts", type=int, default=300, help="a channel")
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--rate", type=float, default=30, help="messages a second, in the limits and in the settings")
    options = parser.parse_args()
    sys.path.append(str(options.rig / "botapi_emulator"))
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
