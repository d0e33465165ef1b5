import time

import pytest

from bot.feed_list import read_feed_list
from bot.models import FeedOptions, FeedSource
from bot.opml import read_opml


def test_opml_brings_its_feeds_with_folders_and_categories_as_tags():
    body = b"""<?xml version="1.0"?><opml version="2.0"><body>
      <outline text="World"><outline text="A" type="rss" xmlUrl="https://a.example/feed" category="/Press/Daily,Europe"/>
        <outline title="Asia"><outline text="B" xmlurl="https://b.example/feed"/></outline></outline>
      <outline text="C" xmlUrl="https://c.example/feed"/><outline text="again" xmlUrl="https://a.example/feed"/>
      <outline text="no feed" htmlUrl="https://d.example/"/><outline xmlUrl="javascript:alert(1)"/></body></opml>"""
    assert read_opml(body) == [
        FeedSource("https://a.example/feed", FeedOptions(tags=("World", "Press", "Daily", "Europe"))),
        FeedSource("https://b.example/feed", FeedOptions(tags=("World", "Asia"))),
        FeedSource("https://c.example/feed"),
    ]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"<rss></rss>", b"<opml><body><outline text='x'/></body></opml>"])
def test_what_is_no_list_of_feeds_is_refused(body):
    with pytest.raises(ValueError, match=r"OPML|names no feed"):
        read_opml(body)


def test_an_entity_in_opml_is_not_expanded():
    body = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>'
    assert read_opml(body)[0].options.tags == ()


LIST = b"""<opml><body><outline text="World"><outline xmlUrl="https://a.example/feed"/></outline>
  <outline xmlUrl="https://b.example/feed"/></body></opml>"""


def test_a_file_in_feeds_brings_its_feeds_and_options_after_it_are_for_all_of_them():
    feeds, problems = read_feed_list(
        "https://b.example/feed lists/my.opml tag=press interval=60 https://c.example/ tag=x",
        read_file={"lists/my.opml": LIST}.__getitem__,
    )
    assert problems == ()
    assert feeds == (
        FeedSource("https://b.example/feed"),
        FeedSource("https://a.example/feed", FeedOptions(tags=("World", "press"), interval=60)),
        FeedSource("https://c.example/", FeedOptions(tags=("x",))),
    )


def _missing(name: str) -> bytes:
    raise FileNotFoundError(2, "No such file or directory", name)


@pytest.mark.parametrize(
    ("read_file", "problem"),
    [
        (_missing, "'my.opml' cannot be read: No such file or directory"),
        (lambda _: b"<rss></rss>", "'my.opml': it is no OPML file"),
        (lambda _: LIST.replace(b"https", b"gopher"), "'my.opml': it names no feed (no outline with xmlUrl)"),
    ],
)
def test_a_file_that_is_no_list_of_feeds_is_told_with_the_other_problems(read_file, problem):
    feeds, problems = read_feed_list("my.opml tag=x https://c.example/", read_file=read_file)
    assert (feeds, problems) == ((FeedSource("https://c.example/"),), (problem,))


def test_a_wrong_option_after_a_file_is_told_once():
    _, problems = read_feed_list("my.opml interval=soon", read_file=lambda _: LIST)
    assert len(problems) == 1
    assert "my.opml" in problems[0]


def test_ten_thousand_feeds_are_read_in_a_moment():
    text = "\n".join(f"https://host{number}.example/feed" for number in range(10_000))
    begun = time.monotonic()
    feeds, problems = read_feed_list(f"{text}\nhttps://HOST7.example/feed")
    assert time.monotonic() - begun < 5
    assert (len(feeds), len(problems)) == (10_000, 1)
