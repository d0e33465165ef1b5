import re
from html.parser import HTMLParser

import pytest

from bot.format import CAPTION_LIMIT, TEXT_LIMIT, Listed, article_list, burst_message, notice, post_message
from bot.models import Article, Button
from bot.pictures import Rung

LINK = "https://example.com/news/1"


def article(headline="Ferry runs again", summary="The ferry is back.", link=LINK, source="Harbour News", **more):
    return Article(1, 1, link, headline, summary, 1_700_000_000, source, **more)


class Parsed(HTMLParser):
    """The text and the links that Telegram would see; fails on any tag or entity it does not know."""

    def __init__(self, html):
        super().__init__(convert_charrefs=False)
        self.text, self.links, self.open = "", [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in {"a", "b", "i"}
        self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        assert "<" not in data
        assert ">" not in data
        self.text += data

    def handle_entityref(self, name):
        self.text += {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[name]

    def handle_charref(self, name):
        raise AssertionError(name)

    def handle_comment(self, data):
        raise AssertionError(data)


def test_a_post_is_a_bold_headline_a_summary_the_source_as_link_and_hashtags():
    message = post_message(article(categories=("World News", "Ferries")))

    assert message.html == (
        f'<b>Ferry runs again</b>\n\nThe ferry is back.\n\n<a href="{LINK}">Harbour News</a>\n#World_News #Ferries'
    )
    assert message.plain == f"Ferry runs again\n\nThe ferry is back.\n\nHarbour News\n{LINK}\n#World_News #Ferries"
    assert message.link == LINK


@pytest.mark.parametrize(
    "text", ["1 < 2 & 3 > 2", "&amp;lt;b&gt; &nbsp; &#39;", "<script>x</script>", '"quoted" *a* _b_ [c](d)', "</b>"]
)
def test_text_is_shown_as_it_is_whatever_it_looks_like(text):
    parsed = Parsed(post_message(article(headline=text, summary=text, source=text)).html)

    assert parsed.text == f"{text}\n\n{text}\n\n{text}"
    assert parsed.links == [LINK]


def test_a_link_with_quotes_and_ampersands_survives():
    link = 'https://example.com/?a=1&b="2"&c=<3>'

    assert (
        'href="https://example.com/?a=1&amp;b=&quot;2&quot;&amp;c=&lt;3&gt;"' in post_message(article(link=link)).html
    )


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost/a",
        "javascript:alert(1)",
        "/relative",
        "ftp://example.com/a",
        "https://exa mple.com/",
        "http://[::1",
    ],
)
def test_what_telegram_takes_for_no_link_becomes_no_link(link):
    message = post_message(article(link=link))

    assert Parsed(message.html).links == []
    assert link in Parsed(message.html).text


@pytest.mark.parametrize(
    "link",
    ["https://example.com", "http://127.0.0.1:8080/a?b#c", "https://пример.рф/новость", "https://a.example/%20(x)"],
)
def test_what_telegram_takes_for_a_link_becomes_one(link):
    assert len(Parsed(post_message(article(link=link)).html).links) == 1


@pytest.mark.parametrize(
    ("headline", "summary"),
    [
        ("t " * 3_000, "s " * 50_000),
        ("short", "ü" * 200_000),
        ("x" * 6_000, "a sentence. " * 9_000),
        ("😀" * 5_000, "👩‍👩‍👧 " * 5_000),
        ("<&>" * 3_000, '"&"' * 3_000),
        ("e" + "\u0301" * 9_000, "e\u0301" * 9_000),
    ],
)
@pytest.mark.parametrize(("rung", "limit"), [(Rung.NONE, TEXT_LIMIT), (Rung.URL, CAPTION_LIMIT)])
def test_a_post_fits_whatever_the_article_holds(headline, summary, rung, limit):
    long = article(
        headline, summary, link="https://example.com/" + "a" * 400, source="S" * 900, image="https://example.com/i.jpg"
    )

    message = post_message(long, rung=rung)

    parsed = Parsed(message.html)
    assert len(parsed.text.encode("utf-16-le")) // 2 <= limit
    assert len(message.plain.encode("utf-16-le")) // 2 <= limit
    assert len(message.html.encode()) < 32_768
    assert parsed.links == [long.link]


def test_the_summary_gives_way_before_the_headline():
    message = post_message(article("word " * 100, "more " * 2_000))

    assert ("word " * 100).strip() in message.html
    assert "more…" in message.html


def test_a_summary_full_of_mentions_cannot_push_out_the_link():
    message = post_message(article(summary="@somebody " * 300))

    assert len(re.findall(r"@\w", message.html)) < 90
    assert Parsed(message.html).links == [LINK]


def test_combining_marks_are_kept_to_what_a_language_may_need():
    message = post_message(article(headline="Z" + "\u0351" * 500 + "algo", summary=""))

    assert message.html.count("\u0351") < 10
    assert "algo" in message.html


@pytest.mark.parametrize(
    ("category", "hashtag"),
    [
        ("World News", "#World_News"),
        ("AI & Tech", "#AI_Tech"),
        ("أخبار العالم", "#أخبار_العالم"),
        ("新闻", "#新闻"),
        ("Новости дня", "#Новости_дня"),
        ("Côte d'Ivoire", "#Côte_dIvoire"),
        ("2024", ""),
        ("C++/C#", "#C_C"),
        ("चुनाव", ""),  # Telegram ends a hashtag at a combining mark: half a word is worse than none
        ("දේශපාලන පුවත්", "#දේශපාලන_පුවත්"),
        ("کتاب\u200cها", "#کتاب\u200cها"),
        ("...", ""),
        ("x" * 200, ""),
    ],
)
def test_a_category_becomes_a_hashtag_that_telegram_recognises_whole_or_none(category, hashtag):
    last = post_message(article(categories=(category,))).html.split("</a>")[1].strip("\n\u200e")

    assert last == hashtag


def test_the_same_category_in_other_case_stands_once():
    assert post_message(article(categories=("Sport", "sport", "SPORT"))).html.count("#") == 1


def test_lines_of_a_right_to_left_post_run_from_the_right_even_where_they_begin_in_latin():
    message = post_message(
        article("NASA تطلق مركبة", "إطلاق ناجح.\nSpaceX تشارك.", language="ar", source="Reuters", categories=("علوم",))
    )

    lines = message.html.split("\n")
    assert lines[0] == "<b>\u200fNASA تطلق مركبة</b>"
    assert lines[2] == "إطلاق ناجح."
    assert lines[3] == "\u200fSpaceX تشارك."
    assert ">\u200fReuters</a>" in lines[5]
    assert lines[6] == "#علوم"


def test_direction_is_seen_from_the_letters_where_the_language_is_unknown():
    assert ">\u200fReuters<" in post_message(article("خبر عاجل اليوم", "نص قصير", source="Reuters")).html
    assert "\u200f" not in post_message(article("Plain English", "with ARABIC name علي", source="Reuters")).html


def test_characters_that_turn_the_direction_of_everything_after_them_are_taken_out():
    html = post_message(article(headline="a\u202egnp.exe", summary="\u2066x\x00\ud800y")).html

    assert not set(html) & set("\u202e\u2066\x00\ud800")


def test_an_article_without_headline_and_summary_still_shows_its_source():
    assert post_message(article("", "", source="")).html == f'<a href="{LINK}">example.com</a>'


PICTURE = "https://example.com/i.jpg"


@pytest.mark.parametrize(
    ("rung", "photo", "upload", "preview", "above"),
    [
        (Rung.KNOWN, "AgAD-photo", None, "", False),
        (Rung.URL, PICTURE, None, "", False),
        (Rung.UPLOAD, None, b"jpeg", "", False),
        (Rung.PREVIEW, None, None, PICTURE, True),
        (Rung.PAGE, None, None, LINK, False),
        (Rung.NONE, None, None, "", False),
    ],
)
def test_each_rung_of_the_ladder_is_a_message_of_its_own(rung, photo, upload, preview, above):
    message = post_message(article(image=PICTURE, photo_id="AgAD-photo"), rung=rung, upload=b"jpeg")

    shown = (message.photo, message.upload, message.preview_url, message.preview_above)
    assert shown == (photo, upload, preview, above)
    assert message.html == post_message(article()).html


def test_a_list_shows_each_article_as_link_source_and_age():
    (message,) = article_list([Listed(article(), "2 hours ago")], title="Newest")

    assert message.html == f'Newest\n\n<a href="{LINK}">Ferry runs again</a>\nHarbour News · 2 hours ago'


def test_a_hit_that_was_posted_in_a_public_channel_leads_there_and_its_source_to_the_article():
    (message,) = article_list([Listed(article(), "now", "a piece", 1, "https://t.me/news/7")])

    assert Parsed(message.html).links == ["https://t.me/news/7", LINK]
    assert message.html.endswith(f'<a href="{LINK}">Harbour News</a> · now')


def test_a_posted_hit_without_a_source_names_the_host_of_the_article():
    (message,) = article_list([Listed(article(source=""), "now", post="https://t.me/news/7")])

    assert f'<a href="{LINK}">example.com</a>' in message.html


def test_a_long_list_is_split_between_articles_and_its_buttons_stand_below():
    items = [Listed(article(f"Headline {number} " + "x " * 90, source="S" * 80), "1 hour ago") for number in range(40)]

    messages = article_list(items, title="Newest", buttons=((Button("More", "search:x:1"),),))

    texts = [Parsed(message.html).text for message in messages]
    assert len(messages) > 1
    assert all(len(text) <= TEXT_LIMIT for text in texts)
    assert all(len(message.plain) <= TEXT_LIMIT for message in messages)
    assert sum(text.count("Headline") for text in texts) == 40
    assert all(text.rstrip().endswith("ago") for text in texts)
    assert [bool(message.buttons) for message in messages] == [False] * (len(messages) - 1) + [True]


def test_five_articles_with_everything_long_are_one_message():
    worst = article("H" * 500, source="S" * 500, link="https://example.com/" + "l" * 230)

    assert len(article_list([Listed(worst, "a" * 30, "p" * 500)] * 5, title="t" * 150)) == 1


def test_a_name_in_the_other_direction_does_not_disturb_its_line():
    (message,) = article_list([Listed(article(source="BBC"), "قبل ساعتين")], right_to_left=True)

    assert "\u2068BBC\u2069 · قبل ساعتين" in message.html


def test_a_notice_is_escaped():
    assert notice("a < b").html == "a &lt; b"
    assert notice("a < b").plain == "a < b"


def test_a_link_that_turns_the_text_around_is_neither_linked_nor_shown_so():
    message = post_message(article(link="https://news.example/\u202egnp.exe", source=""))

    assert "\u202e" not in message.html + message.plain
    assert "<a" not in message.html


def test_a_burst_names_every_article_even_where_their_headlines_have_grown():
    articles = [article(headline="Word " * 60, link=f"https://example.com/{number}") for number in range(30)]
    message = burst_message(articles, ending="updated 14:32")
    parsed = Parsed(message.html)
    assert parsed.links == [f"https://example.com/{number}" for number in range(30)]
    assert parsed.text.endswith("\n\nupdated 14:32")
    assert max(len(parsed.text), len(message.plain)) <= TEXT_LIMIT
