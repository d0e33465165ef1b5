"""Plain text: entities once, markup gone, floods stopped, emoji and joiners whole."""

import pytest

from bot.condense import plain_text
from bot.condense.plain import one_line, scrub


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("1 < 2", "1 < 2"),
        ("a <3 b", "a <3 b"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;b&gt;", "<b>"),
        ("RSS and Atom&amp;nbsp;?&amp;nbsp; Because", "RSS and Atom ? Because"),
        ("Fish &amp; Chips &eacute;", "Fish & Chips é"),
        ("Fish & Chips", "Fish & Chips"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two", "One\n\nTwo"),
        ("<ul><li>One<li>Two</ul>", "One\n\nTwo"),
        ("in <b>one</b> word<i>s</i>", "in one words"),
        ("keep<script>alert('x')</script><style>p{}</style><iframe src=x>no</iframe> this", "keep this"),
        ("<p>broken\n   over\tlines</p>", "broken over lines"),
        ("two lots of these\n    tablets, sold\nin May", "two lots of these tablets, sold in May"),
        ("First said.\nthen done\nSecond said.", "First said.\n\nthen done\n\nSecond said."),
        ("", ""),
        ("<p> </p>", ""),
    ],
)
def test_a_fragment_becomes_plain_paragraphs_with_entities_decoded_once(markup, text):
    assert plain_text(markup) == text


def test_text_nested_deeper_than_the_parser_follows_is_still_found():
    assert plain_text("<div>" * 5000 + "deep &amp; down" + "</div>" * 5000) == "deep & down"


@pytest.mark.parametrize(
    "markup", ["\x00\x01<p>\ud800x", "<" * 10_000, "<p " + "a=b " * 10_000, "&" * 10_000, "<!--" * 5_000]
)
def test_hostile_markup_gives_text_without_control_characters(markup):
    assert not any(ord(letter) < 32 and letter != "\n" for letter in plain_text(markup))


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧 home",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f wins",
        "می‌خواهم",
        "❤️ and ✈️",
        "नमस्ते दुनिया",
        "น้ำท่วมที่นี่",
    ],
)
def test_emoji_joiners_and_marks_of_real_writing_stay_whole(text):
    assert scrub(text) == text


def test_a_flood_of_combining_marks_is_cut_to_a_few():
    assert len(scrub("Z" + "\u0334\u0301" * 200 + "ed")) <= 8


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\x07", "\u2060"])
def test_invisible_and_turning_characters_are_gone(mark):
    assert one_line(f"a{mark}b") == "ab"


def test_runs_of_any_white_space_become_one_space():
    assert one_line(" a\u00a0\u2003\n\tb\u3000 ") == "a b"
