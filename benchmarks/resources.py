"""Memory and CPU of the whole program with many feeds and articles, against a Bot API server on loopback.

    python benchmarks/resources.py --rig ../shared/rig [--feeds 50] [--articles 100] [--idle 30]

Each feed brings `--articles` entries at the first poll (they fill the archive), then one more (posted). Printed: the
peak of the summed resident and proportional memory of all the program's processes, and CPU seconds while idle.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from usage import cpu, memory, processes

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


async def measure(options: argparse.Namespace) -> None:
    from botapi.client import World
    from newssite import Site
    from program import Program

    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        names = [f"f{number}" for number in range(options.feeds)]
        for name in names:
            site.publish(name, options.articles)
        feeds = "\n".join(site.url(f"/feed/{name}") for name in names)
        with tempfile.TemporaryDirectory() as folder:
            settings = {"POLL_INTERVAL": options.interval, "CHAT_RATE": 100_000, "GLOBAL_RATE": 1000}
            start = time.monotonic()
            async with Program(Path(folder), world, feeds, **settings) as program:
                peak = [0.0, 0.0]

                async def watch() -> None:
                    while True:
                        now = memory(processes(program.pid))
                        peak[:] = [max(peak[0], now[0]), max(peak[1], now[1])]
                        await asyncio.sleep(0.1)

                watching = asyncio.create_task(watch())
                while program.logged().count("feed polled") < len(names):
                    await asyncio.sleep(0.2)
                articles, seconds = options.feeds * options.articles, time.monotonic() - start
                print(f"archive of {articles} articles filled in {seconds:.1f} s")
                for name in names:
                    site.publish(name)
                while len(await world.posts(channel)) < len(names):
                    await asyncio.sleep(0.2)
                await asyncio.sleep(2)
                pids = processes(program.pid)
                before, began = cpu(pids), time.monotonic()
                await asyncio.sleep(options.idle)
                spent = (cpu(processes(program.pid)) - before) / (time.monotonic() - began)
                watching.cancel()
                now = memory(processes(program.pid))
                print(f"peak memory, all processes: {peak[0]:.0f} MB resident, {peak[1]:.0f} MB proportional")
                print(f"idle memory, all processes: {now[0]:.0f} MB resident, {now[1]:.0f} MB proportional")
                print(f"CPU, {options.feeds} unchanged feeds every {options.interval} s: {spent:.2%} of one core")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, required=True, help="folder of the shared rig")
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--idle", type=float, default=20)
    options = parser.parse_args()
    sys.path.append(str(options.rig / "botapi_emulator"))
    asyncio.run(measure(options))


main()
