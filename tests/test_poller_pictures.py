"""A teaser without a picture gets that of its article's page, now and then a request that is worth it."""

import pytest
from polled import DAY, FEED, feed_of, item, names, stage

from bot.models import FeedOptions

PICTURE = "https://news.example/harbour.jpg"
PAGE = (
    f"<html><head><title>Title 2</title><meta property='og:title' content='Title 2'>"
    f"<meta property='og:image' content='{PICTURE}'></head>"
    "<body><article><h1>Title 2</h1><p>Of the page's own words none is taken.</p></article></body></html>"
)
LINK = "https://news.example/2"


async def test_a_teaser_without_a_picture_gets_that_of_its_page_and_nothing_else(database):
    async with stage(database, {FEED: names("1")}, images="photo") as s:
        await s.poll()
        s.web.pages |= {FEED: feed_of(item("2", text="The ferry runs again."), item("1")), LINK: PAGE}
        await s.poll()
        sql = "SELECT image, summary FROM article WHERE link = 'https://news.example/2'"
        assert await s.rows(sql) == [(PICTURE, "The ferry runs again.")]
        assert s.web.asked_pages == [LINK]


WITH_PICTURE = item("2").replace("</item>", f"<enclosure url='{PICTURE}' type='image/jpeg' length='1'/></item>")
WITH_CONTENT = item("2").replace(
    "</item>", "<content:encoded>" + "The whole article stands here. " * 9 + "</content:encoded></item>"
)
HEAD = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"


@pytest.mark.parametrize(
    ("images", "option", "new"),
    [
        ("off", None, [item("2")]),
        ("photo", "no", [item("2")]),
        ("photo", None, [WITH_PICTURE]),
        ("photo", None, [WITH_CONTENT]),
        ("photo", None, [item(str(number)) for number in range(2, 9)]),
    ],
    ids=["pictures off", "off for the feed", "a picture in the feed", "the whole article in the feed", "a burst"],
)
async def test_a_page_is_not_read_for_a_picture_that_is_not_wanted_or_not_missing(database, images, option, new):
    options = {FEED: FeedOptions(images=option)}
    async with stage(database, {FEED: names("1")}, options=options, images=images) as s:
        await s.poll()
        s.web.pages[FEED] = feed_of(*new, item("1")).replace("<rss version='2.0'>", HEAD)
        await s.poll()
        assert len(await s.posts()) == len(new)
        assert s.web.asked_pages == []


async def test_a_correction_does_not_read_the_page_again(database):
    async with stage(database, {FEED: names("1")}, images="photo", edit_window=DAY) as s:
        await s.poll()
        s.web.pages |= {FEED: feed_of(item("2", text="The ferry runs again."), item("1")), LINK: PAGE}
        await s.poll()
        s.web.pages[FEED] = feed_of(item("2", text="The ferry is late again."), item("1"))
        await s.poll()
        sql = "SELECT image, summary FROM article WHERE link = 'https://news.example/2'"
        assert await s.rows(sql) == [(PICTURE, "The ferry is late again.")]
        assert s.web.asked_pages == [LINK]
