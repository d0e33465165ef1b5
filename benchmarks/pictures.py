"""How long the picture worker takes and how much memory it holds, by kind of picture.

python benchmarks/pictures.py
"""

import asyncio
import os
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.errors import TidingsError
from bot.feeds.pictures_web import READ_SECONDS, READER
from bot.workers import Workers, call

CASES = (
    ("JPEG", "RGB", 1200, 800),
    ("JPEG", "RGB", 6000, 4000),
    ("JPEG", "RGB", 9000, 6000),
    ("WEBP", "RGB", 1200, 800),
    ("AVIF", "RGB", 1200, 800),
    ("PNG", "RGBA", 2000, 1500),
    ("PNG", "RGBA", 6000, 4000),
    ("PNG", "P", 6000, 4000),
    ("WEBP", "RGBA", 6000, 4000),
    ("PNG", "RGBA", 8000, 5000),
)


def picture(kind: str, mode: str, width: int, height: int) -> bytes:
    ground = Image.effect_noise((width // 4, height // 4), 60).resize((width, height), Image.Resampling.BICUBIC)
    written = BytesIO()
    ground.convert("RGB").convert(mode).save(written, kind, **({"speed": 10} if kind == "AVIF" else {}))
    return written.getvalue()


def peak_megabytes(process: int) -> float:
    """The most memory a process has had (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


async def main() -> None:
    print(f"{'picture':<28}{'file':>10}{'look':>9}{'JPEG':>9}  {'result':<14}{'peak memory of the worker':>28}")
    for kind, mode, width, height in CASES:
        body = picture(kind, mode, width, height)
        async with Workers(time_limit=READ_SECONDS, preload=()) as workers:
            worker = await workers.run(os.getpid)
            await workers.run(call, READER, "see", body)
            begun = time.perf_counter()
            await workers.run(call, READER, "see", body)
            looked = time.perf_counter() - begun
            begun = time.perf_counter()
            try:
                result = f"{len(await workers.run(call, READER, 'as_jpeg', body)) / 1000:.0f} kB"
            except TidingsError:
                result = "refused"
            made = time.perf_counter() - begun
            peak = peak_megabytes(worker)
        name = f"{kind} {mode} {width} x {height}"
        times = f"{looked * 1000:>6.0f} ms{made * 1000:>6.0f} ms"
        print(f"{name:<28}{len(body) / 1e6:>7.1f} MB{times}  {result:<14}{peak:>25.0f} MB")


asyncio.run(main())
