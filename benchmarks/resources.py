"""Memory and CPU of the whole program with many feeds and articles, against a Bot API server on loopback.

    python benchmarks/resources.py --rig ../shared/rig [--feeds 50] [--articles 100] [--pictures] [--idle 30]

Each feed brings `--articles` entries at the first poll (they fill the archive), then one more (posted), with
`--pictures` one whose photo of 12 megapixels is looked at and sent. Printed: the peak of the summed resident and
proportional memory of all the program's processes, each process at the peak, and CPU seconds while idle.
"""

import argparse
import asyncio
import io
import random
import sys
import tempfile
import time
from email.utils import formatdate
from pathlib import Path

from aiohttp import web
from PIL import Image
from usage import cpu, memory, processes

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def photo() -> bytes:
    """Noise of 12 megapixels: what compresses well would cost less to handle."""
    coarse = Image.frombytes("RGB", (400, 300), random.Random(1).randbytes(400 * 300 * 3))
    file = io.BytesIO()
    coarse.resize((4000, 3000)).save(file, "JPEG", quality=80)
    return file.getvalue()


def illustrated(number: int, address: str) -> str:
    return (
        f"<item><title>The ferry of the northern islands sails again, part {number}</title><guid>photo-{number}</guid>"
        f"<enclosure url='{address}/photo/{number}.jpg' type='image/jpeg' length='1'/>"
        f"<link>{address}/article/{number}</link>"
        f"<pubDate>{formatdate(usegmt=True)}</pubDate>"
        f"<description>The ferry number {number} to the northern islands sails again since Monday, after it had been in"
        " the yard for three weeks. The company said that its timetable is that of the summer.</description></item>"
    )


async def measure(options: argparse.Namespace) -> None:
    from botapi.client import World
    from newssite import Site
    from program import Program

    file = photo()

    class Gallery(Site):
        async def _page(self, request: web.Request) -> web.Response:
            if request.path.startswith("/photo/"):
                return web.Response(body=file, content_type="image/jpeg")
            return await super()._page(request)

    async with World(limits=False) as world, Gallery() as site:
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
                parts: list[str] = []

                async def watch() -> None:
                    while True:
                        pids = processes(program.pid)
                        now = memory(pids)
                        if now[0] > peak[0]:
                            parts[:] = ["{:.0f}/{:.0f}".format(*memory([pid])) for pid in pids]
                        peak[:] = [max(peak[0], now[0]), max(peak[1], now[1])]
                        await asyncio.sleep(0.1)

                watching = asyncio.create_task(watch())
                while program.logged().count("feed polled") < len(names):
                    await asyncio.sleep(0.2)
                articles, seconds = options.feeds * options.articles, time.monotonic() - start
                print(f"archive of {articles} articles filled in {seconds:.1f} s")
                for number, name in enumerate(names):
                    site.publish(name, raw=illustrated(number, site.url("")) if options.pictures else "")
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
                print(f"at the peak, each process (resident/proportional): {' '.join(parts)}")
                print(f"idle memory, all processes: {now[0]:.0f} MB resident, {now[1]:.0f} MB proportional")
                print(f"CPU, {options.feeds} unchanged feeds every {options.interval} s: {spent:.2%} of one core")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rig", type=Path, required=True, help="folder of the shared rig")
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--pictures", action="store_true", help="the posts have photos that are looked at")
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--idle", type=float, default=20)
    options = parser.parse_args()
    sys.path.append(str(options.rig / "botapi_emulator"))
    asyncio.run(measure(options))


main()
