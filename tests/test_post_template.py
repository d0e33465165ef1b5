"""Posts in the admin's look: what a template may hold, and what becomes of it."""

import re
from html import unescape
from pathlib import Path

import pytest
from test_format import Parsed, article

from bot.config import parse_settings
from bot.errors import ConfigurationError
from bot.format import CAPTION_LIMIT, TEXT_LIMIT, post_message
from bot.pictures import Rung
from bot.post_template import DEFAULT, PLACES, read_template
from bot.post_text import Look, minutes_to_read

LINK = "https://example.com/news/1"
COMPACT = '<b><a href="{link}">{headline}</a></b>\\n<i>{source} · {date}</i>'
QUOTED = "{headline}\n<blockquote expandable>{summary}</blockquote>\nBy {author} | {source} | {reading_time}\n{tags}"


def post(template, about=None, **more):
    look = Look(read_template(template), reading_time="3 min read", date="1 May 2026")
    return post_message(about or article(categories=("World",)), look=look, **more)


def test_the_default_look_is_headline_summary_source_with_reading_time_and_hashtags():
    assert post(DEFAULT).html == (
        f'<b>Ferry runs again</b>\n\nThe ferry is back.\n\n<a href="{LINK}">Harbour News</a> · 3 min read\n#World'
    )


def test_a_compact_look_makes_the_headline_the_link():
    message = post(COMPACT)
    assert message.html == (
        f'<b><a href="{LINK}">Ferry runs again</a></b>\n<i><a href="{LINK}">Harbour News</a> · 1 May 2026</i>'
    )
    assert message.plain == f"Ferry runs again\nHarbour News · 1 May 2026\n{LINK}"
    assert message.link == LINK


def test_what_is_empty_leaves_with_its_words_and_its_separator_and_tags_stay_in_pairs():
    assert post(QUOTED, article(summary="")).html == (
        f'Ferry runs again\n<a href="{LINK}">Harbour News</a> | 3 min read'
    )
    assert post(QUOTED, article(author="Ann Lee")).html.split("\n")[2].startswith("By Ann Lee | <a")
    straddling = "{headline}\n\n<i>{summary}\n{source}</i>"
    assert post(straddling, article(summary="")).html == f'Ferry runs again\n\n<i><a href="{LINK}">Harbour News</a></i>'


def test_values_and_the_templates_own_words_are_escaped_and_stay_as_they_read():
    template = "R&D &lt;now&gt; {headline}\n{source}"
    message = post(template, article(headline="<b>1 & 2</b>", source='"A" {link}'))
    assert Parsed(message.html).text == 'R&D <now> <b>1 & 2</b>\n"A" {link}'
    assert message.plain == f'R&D <now> <b>1 & 2</b>\n"A" {{link}}\n{LINK}'


def test_the_mark_of_a_correction_stands_behind_the_source_or_in_its_own_place():
    assert "</a> · 1 May 2026</i> · updated 10:30" in post(COMPACT, updated="updated 10:30").html
    own = "{headline}\n{updated}\n{source}"
    assert post(own, updated="updated 10:30").html.split("\n")[1] == "updated 10:30"
    assert "updated" not in post(own).html


def test_a_link_that_telegram_does_not_take_becomes_words():
    message = post('{headline}\n<a href="{link}">Read more</a>', article(link="javascript:alert(1)"))
    assert message.html == "Ferry runs again\njavascript:alert(1)"


def test_a_bare_link_stands_once_in_both_forms():
    message = post("{headline}\n{link}")
    assert message.html == message.plain == f"Ferry runs again\n{LINK}"


def test_lines_of_a_right_to_left_post_begin_on_the_right_whatever_their_words_are():
    about = article("عودة العبّارة", "عادت العبّارة.", language="ar", source="BBC", author="Ann Lee")
    lines = post("{headline}\n{summary}\nVia {author}\n{source} · {reading_time}", about).html.split("\n")
    assert lines[0] == "عودة العبّارة"
    assert lines[2] == "\u200fVia \u2068Ann Lee\u2069"
    assert ">\u200fBBC</a> · \u20683 min read\u2069" in lines[3]


@pytest.mark.parametrize(
    "template", [DEFAULT, COMPACT, QUOTED, "<b>" + "w" * 190 + "</b> {headline}\n{summary}\n{link}"]
)
@pytest.mark.parametrize(("rung", "limit"), [(Rung.NONE, TEXT_LIMIT), (Rung.URL, CAPTION_LIMIT)])
@pytest.mark.parametrize(
    ("headline", "summary"),
    [("t " * 3_000, "s " * 9_000), ("x" * 6_000, "عربي\nLatin\n" * 900), ("😀" * 900, "&<" * 4_000)],
)
def test_a_post_fits_in_every_look(template, rung, limit, headline, summary):
    long = article(
        headline,
        summary,
        source="S" * 900,
        author="A" * 900,
        image="https://example.com/i.jpg",
        categories=tuple(f"{letter * 64}" for letter in "abcdefgh"),
        language="ar",
    )
    message = post(template, long, rung=rung, updated="updated 10:30")
    parsed = Parsed(message.html.replace("<blockquote expandable>", "").replace("</blockquote>", ""))
    assert len(parsed.text.encode("utf-16-le")) // 2 <= limit
    assert len(message.plain.encode("utf-16-le")) // 2 <= limit
    assert unescape(message.html)[:400].count(headline[:3]) > 0
    assert LINK in message.html


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{headline}\n{source} {sauce}", "there is no {sauce}; there are {headline}"),
        ("{headline.__class__}\n{source}", "there is no {headline.__class__}"),
        ("{headline!r:>999}\n{source}", "there is no {headline!r:>999}"),
        ("{} {headline}\n{source}", "there is no {}"),
        ("{headline\n{source}", "'{' stands alone"),
        ("headline}\n{source}", "'}' stands alone"),
        ("{headline} < {source}", "'<' begins no tag"),
        ("<b>{headline}\n{source}", "<b> is not closed"),
        ("<b><i>{headline}</b></i>\n{source}", "</b> closes what is not open"),
        ("{headline}</b>\n{source}", "</b> closes what is not open"),
        ("<script>{headline}</script>{source}", "<script> is no tag for a post"),
        ("<img src=x>{headline}{source}", "<img> is no tag for a post"),
        ('<b onclick="x">{headline}</b>{source}', "<b> takes no attributes"),
        ('<a href="javascript:x">{headline}</a>{source}', "https://"),
        ('<a href="https://e.example/{headline}">{headline}</a>', "https://"),
        ('<a href="{link}">{source}</a>{headline}', "{source} is a link itself"),
        ('<a href="{link}"><a href="{link}">{headline}</a></a>', "<a> cannot stand within <a>"),
        ("<code><b>{headline}</b></code>{source}", "<b> cannot stand within <code>"),
        ("{headline} {headline}\n{source}", "{headline} stands in it twice"),
        ("{source}\n{headline}", "{headline} must stand in the first line"),
        ("{summary}\n{source}", "{headline} must stand in the first line"),
        ("{headline}\n{summary}", "there is no link in it"),
        ("{headline}\n{source}" + "w" * 300, "300 characters"),
    ],
)
def test_a_template_that_cannot_work_is_told_at_the_start(template, said):
    with pytest.raises(ConfigurationError) as caught:
        parse_settings({"post_template": template})
    (problem,) = caught.value.problems
    assert problem.startswith("POST_TEMPLATE: ")
    assert said in problem


def test_every_placeholder_is_explained_to_admins():
    root = Path(__file__).resolve().parent.parent
    for page in ("README.md", ".env.example"):
        words = (root / page).read_text(encoding="utf-8")
        assert {name for name in PLACES if f"{{{name}}}" not in words} == set(), page


@pytest.mark.parametrize(
    ("characters", "language", "minutes"),
    [(0, "en", 0), (599, "en", 0), (600, "en", 1), (3_300, "en", 3), (900, "zh", 2), (1_200_000, "en", 1091)],
)
def test_reading_takes_minutes_by_the_length_of_the_text_and_is_left_out_for_teasers(characters, language, minutes):
    assert minutes_to_read(article(characters=characters, language=language)) == minutes


def test_a_template_reads_in_no_time_whatever_it_holds():
    for hostile in ("<" * 9_000, "{" * 9_000, "<a href=" * 2_000, " · " * 5_000, "&" * 9_000, "<b>" * 5_000):
        with pytest.raises(ValueError, match=re.compile("")):
            read_template(hostile)
