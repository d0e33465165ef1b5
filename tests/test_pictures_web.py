import asyncio
import os
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import psutil
import pytest
from gallery import Gallery, never, picture, size_of

from bot.errors import FetchError
from bot.feeds.fetch import HttpFetcher
from bot.feeds.pictures_web import PictureSource

ROOT = Path(__file__).parents[1]
LOOPBACK = [ip_network("127.0.0.0/8")]
ANSWERS = {
    "/good": picture("JPEG"),
    "/webp": picture("WEBP"),
    "/html": b"<!doctype html><title>x</title>",
    "/large": bytes(21 * 2**20),
    "/private": "http://10.1.2.3/x.jpg",
    "/refused": 403,
    "/slow": never,
}


@pytest.fixture
async def gallery():
    async with Gallery(ANSWERS) as gallery:
        yield gallery


@asynccontextmanager
async def source_of(gallery, seconds):
    fetcher = HttpFetcher(user_agent="Test", allowed_networks=LOOPBACK, allowed_ports=[gallery.port])
    async with fetcher, PictureSource(fetcher, download_seconds=seconds) as source:
        yield source


@pytest.fixture
async def source(gallery):
    """One with so much patience that a busy machine makes no difference."""
    async with source_of(gallery, 30) as source:
        yield source


async def test_a_picture_is_looked_at_and_made_fit_with_one_download_for_all_who_ask(source, gallery):
    url = gallery.url("/webp")
    seen, again, body = await asyncio.gather(source.look(url), source.look(url), source.file(url))
    assert (seen.type, seen.width, seen.height) == ("WEBP", 640, 360)
    assert again == seen
    assert size_of(body) == ("JPEG", 640, 360)
    assert len(gallery.asked) == 1


@pytest.mark.parametrize(
    ("path", "reason"), [("/html", "no picture"), ("/large", "larger"), ("/private", "public"), ("/gone", "404")]
)
async def test_what_gives_no_picture_says_why_and_is_not_asked_again_at_once(source, gallery, path, reason):
    for _ in range(2):
        with pytest.raises(FetchError, match=reason):
            await source.look(gallery.url(path))
    assert len(gallery.asked) == 1


async def test_a_refusal_tells_its_status(source, gallery):
    with pytest.raises(FetchError) as refusal:
        await source.file(gallery.url("/refused"))
    assert refusal.value.status == 403


async def test_a_slow_host_is_waited_for_once_and_then_left_alone_for_a_while(gallery):
    async with source_of(gallery, 0.3) as source:
        with pytest.raises(FetchError, match="within"):
            await source.look(gallery.url("/slow"))
        with pytest.raises(FetchError, match="too slow a moment ago"):
            await source.look(gallery.url("/good"))
    assert [path for path, _ in gallery.asked] == ["/slow"]


@pytest.mark.slow
async def test_the_worker_process_ends_when_no_picture_has_come_for_a_while(source, gallery, monkeypatch):
    monkeypatch.setattr("bot.feeds.pictures_web.IDLE_SECONDS", 0.3)
    await source.look(gallery.url("/good"))
    worker = await source._workers.run(os.getpid)
    async with asyncio.timeout(5):
        while psutil.pid_exists(worker):
            await asyncio.sleep(0.02)
    assert (await source.look(gallery.url("/webp"))).type == "WEBP"


async def test_where_articles_are_pushed_the_worker_is_there_before_the_first_picture_and_stays(gallery, monkeypatch):
    monkeypatch.setattr("bot.feeds.pictures_web.IDLE_SECONDS", 0.05)
    fetcher = HttpFetcher(user_agent="Test", allowed_networks=LOOPBACK, allowed_ports=[gallery.port])
    async with fetcher, PictureSource(fetcher, stays_ready=True) as source:
        await source._warming
        worker = await source._workers.run(os.getpid)
        await source.look(gallery.url("/good"))
        await source._rest
        assert await source._workers.run(os.getpid) == worker
