import gzip
from contextlib import asynccontextmanager

import pytest
from served_site import served_site

from bot.errors import FetchError, NotAFeed
from bot.feeds import parse_feed, read_document, read_feed
from bot.feeds.discover import declared_feeds, find_feed

FEED = "<rss version='2.0'><channel><title>News</title><item><title>One</title></item></channel></rss>"
EMPTY_FEED = "<rss version='2.0'><channel><title>News</title></channel></rss>"
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc>https://news.example/a/1</loc><news:news><news:publication><news:name>The News</news:name>
    <news:language>en</news:language></news:publication><news:publication_date>2026-03-02T10:00:00+02:00</news:publication_date>
    <news:title>Rain &amp; wind</news:title><news:keywords>Weather, Coast</news:keywords></news:news>
    <image:image><image:loc>https://news.example/p.jpg</image:loc></image:image></url>
  <url><loc>https://news.example/about</loc></url>
</urlset>"""


@asynccontextmanager
async def site(pages: dict[str, str]):
    """A site with these pages; gives its address, a fetch function and the list of what was asked."""
    async with served_site(pages) as served:
        yield served.base, served.fetcher.fetch, served.asked


async def read(body, url, content_type):
    return read_document(body, url, content_type)


async def test_a_feeds_own_address_is_asked_once():
    async with site({"/feed": FEED}) as (base, fetch, asked):
        found = await find_feed(fetch, read, f"{base}/feed")
    assert (found.url, len(found.parsed.entries), asked) == (f"{base}/feed", 1, ["/feed"])


async def test_the_feed_that_a_page_declares_is_found_and_comments_are_not():
    page = (
        "<html><head><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed'>"
        "<link rel='stylesheet' href='/feed.css'><link href='/all.xml' type='application/rss+xml' rel='alternate'></head>"
    )
    async with site({"/": page, "/all.xml": FEED, "/comments/feed": FEED}) as (base, fetch, asked):
        found = await find_feed(fetch, read, f"{base}/")
    assert found.url == f"{base}/all.xml"
    assert asked == ["/", "/all.xml"]


async def test_a_declared_feed_that_is_dead_is_passed_over():
    page = (
        "<html><link rel=alternate type=application/atom+xml href=/dead><link rel=alternate type=text/xml href=/live>"
    )
    async with site({"/": page, "/live": FEED}) as (base, fetch, _):
        assert (await find_feed(fetch, read, f"{base}/")).url == f"{base}/live"


@pytest.mark.parametrize("place", ["/feed", "/rss.xml", "/feeds/posts/default"])
async def test_the_usual_places_are_tried(place):
    async with site({"/": "<html><p>Hello</p>", place: FEED}) as (base, fetch, _):
        assert (await find_feed(fetch, read, f"{base}/")).url == f"{base}{place}"


async def test_the_usual_places_beside_a_section_come_before_those_of_the_site():
    async with site({"/sport": "<html>", "/sport/rss": FEED, "/rss": FEED}) as (base, fetch, _):
        assert (await find_feed(fetch, read, f"{base}/sport")).url == f"{base}/sport/rss"


async def test_a_news_sitemap_is_read_where_there_is_no_feed():
    index = "<sitemapindex><sitemap><loc>{base}/pages.xml</loc></sitemap><sitemap><loc>{base}/news.xml</loc></sitemap></sitemapindex>"
    pages = {"/": "<html>", "/news.xml": SITEMAP}
    async with site(pages) as (base, fetch, _):
        pages["/sitemap.xml"] = index.format(base=base)
        found = await find_feed(fetch, read, f"{base}/")
    assert (found.url, found.parsed.kind, len(found.parsed.entries)) == (f"{base}/news.xml", "sitemap", 1)


async def test_a_news_sitemap_is_found_where_robots_txt_says_that_it_is():
    robots = "User-agent: *\nDisallow: /x\nSitemap: {base}/all.xml\nsitemap:/maps/google-news.xml\n"
    pages = {"/": "<html>", "/maps/google-news.xml": SITEMAP}
    async with site(pages) as (base, fetch, asked):
        pages["/robots.txt"] = robots.format(base=base)
        found = await find_feed(fetch, read, f"{base}/")
    assert found.url == f"{base}/maps/google-news.xml"
    assert "/all.xml" not in asked


async def test_a_feed_that_is_still_empty_is_better_than_none():
    page = "<html><link rel=alternate type=application/rss+xml href=/feed>"
    async with site({"/": page, "/feed": EMPTY_FEED}) as (base, fetch, _):
        assert (await find_feed(fetch, read, f"{base}/")).url == f"{base}/feed"


async def test_where_nothing_is_found_the_error_lists_what_was_tried():
    async with site({"/": "<html><p>Hello</p>"}) as (base, fetch, _):
        with pytest.raises(NotAFeed) as caught:
            await find_feed(fetch, read, f"{base}/")
    message = str(caught.value)
    assert f"{base}/: the answer is a web page" in message
    assert f"{base}/feed: 127.0.0.1 answers 404" in message
    assert f"{base}/news-sitemap.xml" in message
    assert f"{base}/robots.txt" in message


async def test_an_address_that_cannot_be_fetched_is_not_searched():
    async with site({}) as (base, fetch, asked):
        with pytest.raises(FetchError, match="404"):
            await find_feed(fetch, read, f"{base}/")
    assert asked == ["/"]


def test_plain_links_that_look_like_feeds_come_after_declared_ones():
    page = (
        "<base href='https://cdn.example/x/'><a href='/news.rss'>RSS</a> <a href='/contact'>Contact</a>"
        "<a href='feeds.php?type=rss'>x</a><link rel='alternate' type='application/feed+json' href='feed.json'>"
    )
    assert declared_feeds(page, "https://news.example/") == [
        "https://cdn.example/x/feed.json",
        "https://cdn.example/news.rss",
        "https://cdn.example/x/feeds.php?type=rss",
    ]


def test_a_news_sitemap_becomes_entries():
    feed = read_feed(SITEMAP.encode(), url="https://news.example/news.xml")
    (entry,) = feed.entries
    assert (feed.title, feed.language) == ("The News", "en")
    assert (entry.link, entry.title, entry.published) == ("https://news.example/a/1", "Rain & wind", 1772438400)
    assert (entry.categories, entry.image) == (("Weather", "Coast"), "https://news.example/p.jpg")


def test_a_packed_sitemap_is_unpacked():
    assert len(parse_feed(gzip.compress(SITEMAP.encode()), url="https://news.example/news.xml.gz")) == 1


@pytest.mark.parametrize(
    "text",
    [
        SITEMAP.replace("news:news", "x:x"),
        "<sitemapindex><sitemap><loc>https://x.example/a.xml</loc></sitemap></sitemapindex>",
    ],
)
def test_a_sitemap_without_news_is_no_feed(text):
    with pytest.raises(NotAFeed, match="sitemap"):
        parse_feed(text.encode(), url="https://news.example/sitemap.xml")
