"""How long a pushed article takes from its hub into the channel, by the whole program, against the rig's hub.

    python benchmarks/push_latency.py --rig ../shared/rig [--articles 40] [--gap 0.5]

Each article is published alone; its hub pushes it at once. Printed: seconds from the publication until the post stands
in the channel, and whether each stands there once.
"""

import argparse
import asyncio
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
PATIENCE = 20.0


async def measure(chosen: argparse.Namespace) -> None:
    from botapi.client import World
    from feedserver import FeedServer
    from program import Program

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    with FeedServer(feeds=1, hosts=1, quirk="hub", format="rss") as server, tempfile.TemporaryDirectory() as folder:
        async with World(limits=False) as world:
            await world.channel("@news")
            settings = {"POLL_INTERVAL": 3600, "WEBHOOK_URL": f"http://{place}", "WEBHOOK_LISTEN": place}
            async with Program(Path(folder), world, server.url(0), CHAT_RATE=100_000, **settings):
                async with asyncio.timeout(PATIENCE):
                    while not (await asyncio.to_thread(server.ctl, "hub"))["subs"]:
                        await asyncio.sleep(0.1)
                seconds = [
                    await one(world, server) for _ in range(chosen.articles) if not await asyncio.sleep(chosen.gap)
                ]
            titles = Counter(post.text.split("\n")[0] for post in await world.posts("@news"))
    seconds.sort()
    print(f"articles {len(seconds)}, posts {sum(titles.values())}, doubled {sum(n > 1 for n in titles.values())}")
    middle, late = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
    print(f"seconds from publication to post: median {middle:.2f}, 95 % {late:.2f}, longest {seconds[-1]:.2f}")


async def one(world: object, server: object) -> float:
    start = time.monotonic()
    [entry] = await asyncio.to_thread(server.publish, 0)
    while time.monotonic() - start < PATIENCE:
        if any(post.text.startswith(entry["title"]) for post in await world.posts("@news")):
            return time.monotonic() - start
        await asyncio.sleep(0.01)
    raise TimeoutError(entry["title"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--gap", type=float, default=0.5)
    chosen = parser.parse_args()
    sys.path[:0] = [str(chosen.rig / "botapi_emulator"), str(chosen.rig / "feedserver_rig")]
    asyncio.run(measure(chosen))


if __name__ == "__main__":
    main()
