"""What `tidings preview` shows of a feed, a site and an article's page, over real HTTP on loopback."""

import io
import json
from ipaddress import ip_network

import pytest
from newssite import Site
from rich.console import Console

from bot.config import Settings
from bot.errors import FetchError
from bot.preview import as_json, as_panels, preview

LOOPBACK = Settings(allowed_networks=(ip_network("127.0.0.0/8"),))
TEXT = "".join(
    f"<p>The ferry office said on day {day} that the north pier will be repaired before the summer, and that two boats"
    " from the island will take turns until the work is done.</p>"
    for day in range(1, 5)
)
FRONT_PAGE = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed/a'></head><body><h1>Herald</h1></body></html>"
ARTICLE = (
    "<html><head><title>Pier to be repaired</title><link rel='alternate' type='application/rss+xml' href='/feed/a'></head>"
    f"<body><article><h1>Pier to be repaired</h1>{TEXT}</article></body></html>"
)


async def test_a_feed_is_shown_newest_first_and_no_more_than_asked_for():
    async with Site() as site:
        site.publish(count=3)
        shown = await preview(LOOPBACK, site.url("/feed/a"), 2)
        assert (shown.feed, shown.title) == (site.url("/feed/a"), "Town Herald a")
        assert [article.headline for article in shown.articles] == [
            "Town council approves budget number 3",
            "Town council approves budget number 2",
        ]
        assert [article.link for article in shown.articles] == [site.url("/a/3"), site.url("/a/2")]


async def test_a_site_leads_to_its_feed_and_an_article_stands_for_itself():
    async with Site() as site:
        site.publish()
        site.pages = {"/": FRONT_PAGE, "/harbour/pier": ARTICLE}
        assert (await preview(LOOPBACK, site.url("/"), 5)).feed == site.url("/feed/a")
        shown = await preview(LOOPBACK, site.url("/harbour/pier"), 5)
        assert shown.feed == ""
        (article,) = shown.articles
        assert article.headline == "Pier to be repaired"
        assert article.summary.startswith("The ferry office said on day 1")
        assert article.link == site.url("/harbour/pier")


async def test_posts_are_given_to_programs_as_json_and_to_people_as_panels():
    async with Site() as site:
        site.publish(title="Bread & butter")
        shown = await preview(LOOPBACK, site.url("/feed/a"), 5)
    (post,) = json.loads(as_json(shown, Settings()))
    assert post["headline"] == "Bread & butter"
    assert post["summary"].startswith("The town council approved budget number 1")
    assert post["link"].endswith("/a/1")
    assert post["source"] == "Town Herald a"
    assert post["html"].startswith("<b>Bread &amp; butter</b>")
    paper = io.StringIO()
    Console(file=paper, width=80).print(as_panels(shown))
    assert "Bread & butter" in paper.getvalue()


async def test_where_there_is_nothing_a_fetch_error_says_so():
    async with Site() as site:
        with pytest.raises(FetchError, match="404"):
            await preview(LOOPBACK, site.url("/nothing"), 5)
