import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bot.errors import NotAFeed, WorkerError
from bot.feeds import read_document
from bot.workers import Workers

ROOT = Path(__file__).parents[1]
URL = "https://news.example/feed"
FEED = b"<rss version='2.0'><channel><title>News</title><item><title>One</title></item></channel></rss>"


@pytest.fixture(scope="module")
def workers():
    running = Workers(time_limit=3.0, memory_limit=256 * 2**20)
    yield running
    asyncio.run(running.__aexit__(None, None, None))


async def test_a_document_is_read_in_another_process(workers):
    feed = await workers.run(read_document, FEED, URL, "text/xml")
    assert [entry.title for entry in feed.entries] == ["One"]
    assert await workers.run(os.getpid) != os.getpid()


async def test_what_the_function_raises_comes_back(workers):
    with pytest.raises(NotAFeed, match="empty"):
        await workers.run(read_document, b"", URL, "")


async def test_a_call_that_takes_too_long_fails_alone():
    async with Workers(time_limit=0.3, preload=()) as workers:
        with pytest.raises(WorkerError, match=r"longer than 0\.3 s"):
            await workers.run(time.sleep, 30)
        assert await workers.run(abs, -1) == 1


async def test_a_call_that_takes_too_much_memory_fails_alone(workers):
    with pytest.raises(WorkerError, match="memory"):
        await workers.run(bytearray, 10**9)
    assert await workers.run(abs, -1) == 1


async def test_a_worker_that_dies_is_replaced(workers):
    with pytest.raises(WorkerError, match="ended its worker"):
        await workers.run(os.abort)
    assert await workers.run(abs, -1) == 1


async def test_a_worker_does_not_load_the_program(workers):
    loaded = await workers.run(eval, "list(__import__('sys').modules)", {})
    assert not {"aiohttp", "telegram", "bot.cli", "pytest"} & set(loaded)


async def test_nothing_is_left_after_the_end():
    async with Workers(preload=()) as workers:
        worker = await workers.run(os.getpid)
    assert not psutil.pid_exists(worker)


async def test_a_worker_ignores_an_interrupt(workers):
    worker = await workers.run(os.getpid)
    os.kill(worker, signal.SIGINT)
    assert await workers.run(os.getpid) == worker


@pytest.mark.slow
async def test_workers_die_with_a_killed_parent():
    program = (
        "import asyncio, os\nfrom bot.workers import Workers\n"
        "async def main():\n async with Workers(preload=()) as workers:\n"
        "  print(await workers.run(os.getpid), flush=True)\n  await asyncio.sleep(60)\nasyncio.run(main())"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=ROOT, stdout=subprocess.PIPE)
    worker = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    worker.wait(timeout=5)
    assert not worker.is_running()
