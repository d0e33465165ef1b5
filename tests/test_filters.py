"""Filters: words and phrases, in any script, that keep articles from being posted."""

import pytest
from builders import NOW

from bot.config import parse_settings
from bot.errors import ConfigurationError
from bot.feed_list import read_feed_list
from bot.filters import Filter, removed_by
from bot.models import Condensed, FeedOptions

STORM = Condensed(
    headline="Storm keeps ferries in port",
    summary="No ferry sails across the North Sea today.",
    link="https://news.example/1",
    text="No ferry sails across the North Sea today. The café stays open.",
    language="en",
    published=NOW,
)
ARABIC = Condensed("العاصفة تؤخر الموسم", "أخّرت العاصفة قطاف الليمون.", "", "أخّرت العاصفة قطاف الليمون.", "ar")
CHINESE = Condensed("老茶馆改成夜间自习室", "灯一直亮到天明。", "", "灯一直亮到天明。", "zh")


@pytest.mark.parametrize(
    ("include", "exclude", "text", "reason"),
    [
        ((), (), STORM, ""),
        (("storm",), (), STORM, ""),
        (("STORM", "sport"), (), STORM, ""),
        (("sport",), (), STORM, "include=sport"),
        ((), ("sport",), STORM, ""),
        ((), ("ferry",), STORM, "exclude=ferry"),
        ((), ("north sea",), STORM, "exclude=north sea"),
        ((), ("sea north",), STORM, ""),
        ((), ("erry",), STORM, ""),
        ((), ("cafe",), STORM, "exclude=cafe"),
        (("storm",), ("ferry",), STORM, "exclude=ferry"),
        ((), ("-storm",), STORM, "exclude=-storm"),
        ((), ('"', "from:x"), STORM, ""),
        (("عاصفة",), (), ARABIC, ""),
        ((), ("茶馆",), CHINESE, "exclude=茶馆"),
        ((), ("weather",), STORM, ""),
    ],
)
def test_an_article_passes_or_is_told_why_not(include, exclude, text, reason):
    assert removed_by(Filter(include, exclude), text, source="Gazette", categories=()) == reason


def test_a_feeds_own_words_join_the_general_ones():
    general = Filter(("storm",), ("sport",))
    assert general.together_with(FeedOptions()) == general
    assert general.together_with(FeedOptions(include=("sea",), exclude=("golf",))) == Filter(
        ("sea",), ("sport", "golf")
    )


def test_feeds_and_settings_take_words_and_phrases():
    feeds, problems = read_feed_list('https://a.example/feed include=storm,north+sea exclude="south sea",golf tag=x')
    assert not problems
    assert feeds[0].options == FeedOptions(include=("storm", "north sea"), exclude=("south sea", "golf"), tags=("x",))
    assert parse_settings({"exclude": "golf, south sea"}).exclude == ("golf", "south sea")


def test_an_empty_word_is_a_clear_error():
    _, problems = read_feed_list("https://a.example/feed include=,storm")
    assert "separated by commas" in problems[0]
    with pytest.raises(ConfigurationError, match="EXCLUDE"):
        parse_settings({"exclude": "..."})
