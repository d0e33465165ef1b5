import gc

import pytest

from bot.models import Article
from bot.search_fold import fold
from bot.search_kin import is_near
from bot.search_passage import passage
from bot.search_query import begun, mistyped, parse_query
from bot.search_stem import stem
from bot.search_text import normalise, variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("café", "CAFE"),
        ("elections", "election"),
        ("running", "runs"),
        ("Straße", "strasse"),
        ("İSTANBUL", "istanbul"),
        ("ısı", "isi"),
        ("ёлка", "елки"),
        ("войны", "война"),
        ("كِتَابٌ", "كتاب"),
        ("الكتاب", "كتاب"),
        ("والمدرسة", "مدرسه"),
        ("إسرائيل", "اسراييل"),
        ("کتاب", "كتاب"),
        ("۱۲۳", "123"),
        ("चुनावों", "चुनाव"),
        ("ＡＢＣ", "abc"),
        ("naïve", "naive"),
        ("Trump’s", "trump"),
        ("F-16", "f16"),
        ("Ærø", "aero"),
        ("U.S.A.", "usa"),
        ("l’été", "ete"),
        ("rock’n’roll", "rock n roll"),
        ("C++", "cplusplus"),
        ("п’ять", "пʼять"),
        ("हिन्दी", "हिंदी"),
        ("コンピューター", "こんぴゅーた"),
        ("Kranken\u00adhaus", "krankenhaus"),
        ("рынка", "рынок"),
        ("الوزير", "وزير"),
    ],
)
def test_two_ways_to_write_a_word_become_the_same(one, other):
    assert normalise(one) == normalise(other) != ""


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Häuser", "Haus"),
        ("de", "Regierungen", "Regierung"),
        ("fr", "élections", "élection"),
        ("es", "elecciones", "elección"),
        ("pt", "presidentes", "presidente"),
        ("tr", "hükümetin", "hükümet"),
    ],
)
def test_the_language_of_an_article_decides_its_stems(language, one, other):
    assert normalise(one, language) == normalise(other, language)


@pytest.mark.parametrize("language", ["", "de", "fr", "es", "pt", "tr", "it", "nl"])
@pytest.mark.parametrize("word", ["Häuser", "élections", "hükümetin", "running", "Presidentes"])
def test_a_query_asks_for_the_stem_of_every_language_an_article_may_have(language, word):
    assert (normalise(word, language),) in variants(word)


def test_the_russian_short_i_is_a_letter_and_no_marked_i():
    assert fold("край") == "край"


def test_text_without_blanks_becomes_pairs_and_a_query_their_sequence():
    assert normalise("人民日报") == "人民 民日 日报 报"
    assert variants("民日报") == (("民日", "日报"),)
    assert variants("报") == (("报",),)


def test_scripts_within_one_word_are_parted():
    assert normalise("iPhone发布") == "iphon 发布 布"


def test_vowel_signs_stay_with_their_letters():
    assert normalise("मंत्री में") == "मंत्र म"


def test_a_word_without_end_is_cut():
    assert len(normalise("x" * 100_000)) <= 64


@pytest.mark.parametrize("text", ["", " ", "!?", "😀", "‎", '"'])
def test_text_without_a_letter_or_digit_has_no_words(text):
    assert normalise(text) == ""
    assert variants(text) == ()


def words(terms):
    return [term.variants[0] for term in terms]


def test_words_a_phrase_an_exclusion_a_source_and_a_time_are_told_apart():
    query = parse_query('storm "north sea" -ferry from:harbour after:2026-01-31')

    assert words(query.required) == [("storm",), ("north", "sea")]
    assert words(query.excluded) == [("ferri",)]
    assert words(query.sources) == [("harbor",)]
    assert query.after == 1_769_817_600


@pytest.mark.parametrize("quoted", ["“north sea”", "«north sea»", "„north sea“", '"north sea'])
def test_any_kind_of_quotes_makes_a_phrase(quoted):
    assert words(parse_query(quoted).required) == [("north", "sea")]


@pytest.mark.parametrize(
    "typed",
    ["after:2026-01-01", "after: 2026-01-01", "AFTER:2026", "after:2026-01", "after:۲۰۲۶-۰۱-۰۱", "after：2026-01"],
)
def test_a_time_may_be_a_day_a_month_or_a_year_in_any_digits(typed):
    query = parse_query(f"storm {typed}")

    assert (words(query.required), query.after) == ([("storm",)], 1_767_225_600)


def test_a_blank_may_follow_the_colon_of_a_source():
    query = parse_query("from: harbour storm")

    assert (words(query.sources), words(query.required)) == ([("harbor",)], [("storm",)])


def test_a_time_that_is_none_is_looked_for_as_a_word():
    assert words(parse_query("after:yesterday").required) == [("after", "yesterday")]


def test_a_source_of_two_words_can_be_quoted():
    assert words(parse_query('from:"Harbour News"').sources) == [("harbor", "news")]


@pytest.mark.parametrize("text", ["", "-storm", "after:2026-01-31", "---", '""'])
def test_what_names_nothing_to_find_asks_for_nothing(text):
    assert not parse_query(text).asks_for_something


def test_a_single_character_of_chinese_may_begin_a_pair():
    assert parse_query("报").required[0].prefix


def test_a_word_may_be_the_beginning_of_another_if_it_is_long_enough():
    assert begun(parse_query("stor").required[0]).prefix
    assert begun(parse_query("st").required[0]) is None
    assert begun(parse_query('"north sea"').required[0]) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("elction", "election"),
        ("electoin", "election"),
        ("elections", "election"),
        ("выброы", "выборы"),
        ("كتبا", "كتاب"),
    ],
)
def test_a_word_may_be_another_with_one_letter_mistyped(typed, meant):
    found = mistyped(parse_query(typed).required[0])

    assert (normalise(meant),) in found.variants


@pytest.mark.parametrize(
    ("one", "other", "most", "expected"),
    [
        ("restaraunt", "restaurant", 2, True),
        ("storm", "storm", 0, True),
        ("storm", "strom", 1, True),
        ("storm", "stream", 1, False),
        ("ferry", "ferries", 2, False),
        ("a", "abcd", 2, False),
    ],
)
def test_words_are_near_by_letters_more_less_other_or_swapped(one, other, most, expected):
    assert is_near(one, other, most) is expected
    assert is_near(other, one, most) is expected


@pytest.mark.parametrize("typed", ["abc", "x" * 40, "人民", "1234", '"north sea"'])
def test_of_short_or_endless_words_and_phrases_nothing_is_guessed(typed):
    assert mistyped(parse_query(typed).required[0]) is None


def test_a_query_of_any_length_has_few_terms():
    assert len(parse_query("a " * 10_000).required) <= 12


def found_passage(text, query, summary="", language="en"):
    return passage(Article(1, 1, "", "", summary, 0, "", language, text=text), parse_query(query))


def test_the_passage_shows_the_word_with_its_surroundings():
    text = (
        "One sentence about nothing. " * 20 + "Then the lighthouse keeper spoke at last. " + "And so on it went. " * 20
    )

    found = found_passage(text, "lighthouses")

    assert "the lighthouse keeper spoke" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) < 200


def test_the_passage_of_a_text_without_blanks_is_near_the_word():
    assert "灯塔" in found_passage("新" * 900 + "灯塔" + "闻" * 900, "灯塔", language="zh")


def test_the_summary_is_shown_before_the_text():
    assert found_passage("storm in the text", "storm", summary="a storm in the summary") == "a storm in the summary"


def test_there_is_no_passage_where_only_the_headline_or_the_source_was_found():
    assert found_passage("text", "storm") == ""
    assert found_passage("text", "from:bbc") == ""


def test_the_passage_is_where_most_of_the_words_stand_together():
    text = "A storm came. " + "Nothing else was said of it. " * 20 + "The storm closed the harbour of the island."

    assert "storm closed the harbour" in found_passage(text, "harbour storm")


@pytest.mark.parametrize(
    ("text", "query", "language", "expected"),
    [
        ("The ferries were late, the storms strong.", "stroms", "en", "storms"),
        ("Nach der Sitzung sprach die Bundesregierung.", "regierung", "de", "Bundesregierung"),
        ("اجتمع الوزراء في العاصمة", "وزير", "ar", "الوزراء"),
        ("He used e-mail for it.", "email", "en", "e-mail"),
        ("今日はコンピュータの話", "コンピューター", "ja", "コンピュータ"),
    ],
)
def test_the_passage_shows_what_a_word_was_taken_for(text, query, language, expected):
    assert expected in found_passage(text, query, language=language)


def test_a_hit_late_in_a_long_text_without_blanks_shows_the_folded_word():
    assert "コンピュータ" in found_passage("新" * 900 + "コンピュータ" + "闻" * 900, "コンピュータ", language="ja")


def test_stems_that_are_remembered_are_nothing_for_the_garbage_collector_to_go_through():
    gc.collect()
    before = len(gc.get_objects())

    for number in range(2000):
        stem(f"harbour{number}", "en")

    assert len(gc.get_objects()) - before < 100
