"""What a hostile feed puts into its words and links is harmless in posts, lists and searches alike."""

import re
import unicodedata

import pytest
from builders import CHANNEL
from polled import FEED, stage

from bot.calls import Call
from bot.commands import Context, answer
from bot.format import post_message
from bot.ports import ChatInfo
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"
FLOOD = "\u200b\u2060\ufeff\u200d" * 300
MARKS = "\u0301\u0489" * 200
HOSTILE = {
    "controls": "a\x01b&#7;c\x7f\x85d",
    "bidi overrides": f"a{BIDI}b",
    "zero-width floods": f"a{FLOOD}b",
    "marks without end": f"a{MARKS}b",
    "tags and selectors": "a" + "\U000e0041" * 300 + "\ufe0f" * 300 + "b",
    "line separators": "a\u2028b\u2029c\x0bd",
    "markup": "&lt;b&gt;a&lt;/b&gt;&amp;lt;a href='tg://resolve?domain=x'&amp;gt;b",
    "mentions": "@everyone a &amp;lt;i b",
}
LINKS = {
    "javascript": "javascript:alert(1)",
    "a data URL": "data:text/html,x",
    "Telegram's own": "tg://resolve?domain=x",
    "a file": "file:///etc/passwd",
    "a password": "https://user:secret@news.example/",
    "quotes": "https://news.example/&quot;&gt;&lt;b&gt;x",
}


def hostile_feed(words: str, link: str = "https://news.example/1") -> str:
    return (
        f"<rss version='2.0'><channel><title>Source {words}</title><item><guid>1</guid><link>{link}</link>"
        f"<title>Storm {words} ends</title><author>Ann {words}</author><category>Harbour {words}</category>"
        f"<description>The storm {words} ended on Monday, as the harbour master said to all who asked him about it."
        f" Then the ships {words} left.</description></item></channel></rss>"
    )


async def shown(database, feed: str) -> dict[str, str]:
    """Everything that readers get to see of a feed: the post, /latest and /search."""
    async with stage(database, {FEED: feed}, backfill=9) as s:
        await s.poll()
        reader, context = ChatInfo(10, "private"), Context(ReaderStore(database), lambda: s.moment[0] + 0.5)
        post = await Outbox(database).head(CHANNEL)
        seen = {"post": post_message(post.article)}
        for name, argument in (("latest", ""), ("search", "storm")):
            [seen[name]] = (await answer(Call(reader, name, argument, user_id=10), context)).messages
        return {
            f"{name} {form}": getattr(message, form) for name, message in seen.items() for form in ("html", "plain")
        }


def flaws(text: str) -> set[str]:
    """Characters that should not be in a message. We ourselves isolate names of the other direction, in pairs."""
    bare = re.sub("\u2068([^\u2066-\u2069\n]*)\u2069", r"\1", text)
    return {c for c in bare if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} and c not in "\n\u200e\u200f"}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_words_are_shown_without_what_is_hidden_in_them(database, name):
    for place, text in (await shown(database, hostile_feed(HOSTILE[name]))).items():
        assert "torm" in text, place
        assert flaws(text) <= ({"\u200d"} if name == "zero-width floods" else set()), place
        assert len(text) < 1_200, place
        assert text.count("\u200d") < 10, place
        if place.endswith("html"):
            assert (
                re.sub(r"</?b>|</?i>|</?blockquote[^>]*>|<a href=\"https://news\.example/1\">|</a>", "", text).count(
                    "<"
                )
                == 0
            ), text


@pytest.mark.parametrize("name", LINKS)
async def test_a_link_that_is_none_for_readers_is_never_shown_as_one(database, name):
    for place, text in (await shown(database, hostile_feed("", LINKS[name]))).items():
        assert "torm" in text, place
        for target in re.findall(r'href="([^"]*)"', text):
            assert re.fullmatch(r"https://news\.example/[^\"<>]*", target), place
        assert "javascript:" not in text
        assert "secret" not in text
