"""Openings: a feed's or a page's words in one piece lose what stands before the article's first sentence."""

import pytest
from test_condense_page import CHROME, HEADLINES, PARAGRAPHS

from bot.condense import condense_entry, summarise
from bot.condense.chrome import is_chrome
from bot.condense.openings import without_opening
from bot.models import Entry

SENTENCE = "The mayor said that the bridge carries cars and buses again."


@pytest.mark.parametrize("language", ["en", "ar", "es"])
@pytest.mark.parametrize("place", ["content", "summary"])
def test_the_archetype_s_words_in_one_piece_give_exactly_the_first_sentences(language, place):
    script, wait, stamp, star, byline, comments = CHROME[language]
    head = HEADLINES[language]
    flat = " ".join([script, wait, head, head, stamp, star, byline, *PARAGRAPHS[language], comments, script, wait])
    entry = Entry(key="k", link="https://daily.example/a", title=head, **{place: flat})
    assert condense_entry(entry).summary == " ".join(PARAGRAPHS[language])
    assert summarise(flat, title=head, language=language) == " ".join(PARAGRAPHS[language])


@pytest.mark.parametrize(
    "opening",
    [
        "Harbour Bridge Reopens After Repairs Harbour Bridge Reopens After Repairs ",
        "Harbour Bridge Reopens After Repairs ",
        "folder_openWorld access_time3 hours ago ",
        "access_timehace 2 años starAñadir a favoritos ",
        "watch_later 5 days ago Add to favorites ",
        "No Script Please Wait… ",
    ],
)
def test_what_stands_before_the_first_sentence_goes(opening):
    assert without_opening(opening + SENTENCE, "Harbour Bridge Reopens After Repairs") == SENTENCE


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Harbour bridge reopens after repairs and carries cars again.", "Harbour bridge reopens after repairs"),
        ("New York Times Company CEO Meredith Kopit Levien said on Monday that it grew.", "New York Times Company"),
        ("More news is expected today, the mayor of the harbour city said on Tuesday.", "Bridge"),
        ("Share prices rose two hours ago, when the harbour city opened its bridge again.", "Bridge"),
        ("The function date_ranges of the library takes two dates and gives all between.", "Dates"),
        ("أعلن رئيس الوزراء عن خطة جديدة لإصلاح الميناء وقال إن العمل يبدأ غدا.", "أعلن رئيس الوزراء عن خطة جديدة"),
    ],
)
def test_a_sentence_that_only_looks_like_it_stays_whole(text, title):
    assert without_opening(text, title) == text


@pytest.mark.parametrize(
    "line", ["Share Tweet Email Print", "Teilen Drucken Kommentare", "No Script Por favor, espere…"]
)
def test_several_known_phrases_in_a_row_are_chrome(line):
    assert is_chrome(line)


@pytest.mark.parametrize("line", ["@harbour_news", "#harbour #bridge", "@港口新闻", "#港口、#大桥"])
def test_handles_alone_are_chrome(line):
    assert is_chrome(line)


@pytest.mark.parametrize(
    "line", ["@港口新闻今天宣布大桥重新开放。", "#港口#位于城市中心，大桥今天开放", "#Harbour bridges open again today"]
)
def test_a_sentence_that_begins_with_a_handle_is_no_chrome(line):
    assert not is_chrome(line)


@pytest.mark.parametrize("line", ["Share prices fall", "Print is not dead", "Live from the harbour"])
def test_a_line_that_begins_with_a_known_phrase_is_no_chrome(line):
    assert not is_chrome(line)
