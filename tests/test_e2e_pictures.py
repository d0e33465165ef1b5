"""The real program and pictures of every kind: whatever an article's picture is, its post stands in the channel soon."""

import asyncio
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
from gallery import Gallery, moving_picture, never, only_for, picture
from newssite import Site
from program import Program

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig

BOUND = 12.0
HTML = b"<!doctype html><title>No picture</title><p>A page."
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='360'><rect width='640' height='360'/></svg>"

TELEGRAM, OURS = "TelegramBot", "Tidings"
SLOW = "slow"

# What stands at the address of the picture, and as what the post goes out.
CASES = {
    "missing": (None, "text"),
    "good": (picture("JPEG"), "photo"),
    "not found": (404, "page"),
    "html": (HTML, "page"),
    "30 megabytes": (picture("JPEG") + bytes(30 * 2**20), "page"),
    "strip": (picture("PNG", 20_000, 10), "page"),
    "webp": (picture("WEBP"), "photo"),
    "avif": (picture("AVIF"), "photo"),
    "svg": (SVG, "page"),
    "moving gif": (moving_picture(), "photo"),
    "to a private address": ("http://10.1.2.3/picture.jpg", "page"),
    "one pixel": (picture("GIF", 1, 1), "text"),
    "large": (picture("PNG", 7000, 3500), "photo"),
    "for Telegram only": (only_for(TELEGRAM, picture("PNG")), "photo"),
    "for us only": (only_for(OURS, picture("PNG")), "photo"),
    "logo.png": (picture("PNG", 300, 300), "text"),
    "four colours": (picture("JPEG", mode="CMYK"), "photo"),
    "damaged": (picture("WEBP", 2000, 1500)[:1000], "page"),
    SLOW: (never, "page"),
    "after the slow one": (picture("JPEG"), "photo"),
}


def entry(site: Site, name: str, image: str) -> str:
    enclosure = f"<enclosure url='{escape(image)}' type='image/jpeg' length='1'/>" if image else ""
    return (
        f"<item><title>Harbour news with a picture: {name}</title><link>{site.url('/a/' + name.replace(' ', '-'))}</link>"
        f"<guid isPermaLink='false'>{name}</guid>{enclosure}<description>The ferry to the northern islands runs again"
        " since Tuesday morning, the harbour master said.</description></item>"
    )


def shown(post: object) -> str:
    if post.info.kind == "photo":
        return "photo"
    preview = post.get("link_preview_options") or {}
    return "text" if preview.get("is_disabled") else "page"


def asked_by(gallery: Gallery, path: str) -> list[str]:
    """Who asked for a picture, in order."""
    return [TELEGRAM if agent.startswith(TELEGRAM) else OURS for asked, agent in gallery.asked if asked == path]


async def until(world: object, channel: object, count: int, *, seconds: float) -> list[object]:
    async with asyncio.timeout(seconds):
        while len(found := await world.posts(channel)) < count:
            await asyncio.sleep(0.1)
    return found


async def ready(world: object, site: Site) -> None:
    await world.wait_bot()
    async with asyncio.timeout(30):
        while not site.requests:
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)


async def test_a_picture_is_uploaded_once_for_the_channel_and_all_readers(tmp_path: Path) -> None:
    answers = {"/p.webp": picture("WEBP")}
    async with World(limits=False) as world, Site() as site, Gallery(answers) as gallery:
        channel = await world.channel("@news")
        readers = [await world.user(f"Reader {number}") for number in range(3)]
        site.publish()
        feeds = f"{site.url('/feed/a')} {gallery.url('/no-feed')}"
        async with Program(tmp_path, world, feeds, GLOBAL_RATE=1000, CHAT_RATE=100_000):
            await ready(world, site)
            for reader in readers:
                await world.say(reader, "/subscribe")
                await world.wait_message(reader)
            site.publish(raw=entry(site, "webp", gallery.url("/p.webp")))
            [post] = await until(world, channel, 1, seconds=30)
            private = [await world.wait_message(reader, lambda message: "photo" in message) for reader in readers]
        assert {message.text for message in private} == {post.text}
        assert asked_by(gallery, "/p.webp") == [OURS]


@pytest.mark.parametrize(("images", "option", "form"), [("off", "", "text"), ("photo", "images=preview", "page")])
async def test_pictures_can_be_shown_otherwise_by_setting_or_feed(
    tmp_path: Path, images: str, option: str, form: str
) -> None:
    answers = {"/p.jpg": picture("JPEG")}
    async with World(limits=False) as world, Site() as site, Gallery(answers) as gallery:
        channel = await world.channel("@news")
        site.publish()
        feeds = f"{site.url('/feed/a')} {option} {gallery.url('/no-feed')}"
        async with Program(tmp_path, world, feeds, IMAGES=images):
            await ready(world, site)
            site.publish(raw=entry(site, "good", gallery.url("/p.jpg")))
            [post] = await until(world, channel, 1, seconds=30)
        assert shown(post) == form
        if form == "page":
            assert post["link_preview_options"]["url"] == gallery.url("/p.jpg")
            assert post["link_preview_options"]["show_above_text"]


async def test_whatever_the_picture_is_the_post_stands_in_the_channel_within_the_bound(tmp_path: Path) -> None:
    answers = {f"/{name.replace(' ', '-')}": answer for name, (answer, _) in CASES.items() if answer is not None}
    async with World(limits=False) as world, Site() as site, Gallery(answers) as gallery:
        channel = await world.channel("@news")
        site.publish()
        async with Gallery(answers, host="127.0.0.2", port=gallery.port) as far:
            feeds = f"{site.url('/feed/a')} {gallery.url('/no-feed')}"
            async with Program(tmp_path, world, feeds, GLOBAL_RATE=1000, CHAT_RATE=100_000) as program:
                await ready(world, site)
                for name, (answer, _) in CASES.items():
                    server = far if name == SLOW else gallery
                    image = server.url(f"/{name.replace(' ', '-')}") if answer is not None else ""
                    site.publish(raw=entry(site, name, image))
                found = await until(world, channel, len(CASES), seconds=60)
                assert (await program.stop())[0] == 0
        names = [post.text.split("\n")[0].split(": ")[1] for post in found]
        assert names == list(CASES)
        assert {name: shown(post) for name, post in zip(names, found, strict=True)} == {
            name: form for name, (_, form) in CASES.items()
        }
        times = [post.info.at for post in found]
        assert max(later - earlier for earlier, later in pairwise(times)) < BOUND
        assert asked_by(gallery, "/good") == [OURS, TELEGRAM]
        assert asked_by(gallery, "/large") == [OURS]
        assert asked_by(gallery, "/for-us-only") == [OURS, TELEGRAM]
        assert "Traceback" not in program.logged()
