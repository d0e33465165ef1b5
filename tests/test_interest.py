import pytest

from bot.interest import EVERYTHING, Interest, Kind, Subject, anchors, conditions, identity, interest_of


def subject(headline="", body="", *, source="Harbour News", language="en", categories=()):
    return Subject(headline=headline, summary="", body=body, source=source, language=language, categories=categories)


def fits(interest, article):
    """Whether an interest is found by its anchors, and its other conditions are met."""
    if interest == EVERYTHING:
        return True
    return not article.anchors().isdisjoint(anchors(interest)) and article.meets(conditions(interest))


@pytest.mark.parametrize(
    ("text", "interest"),
    [
        ("", EVERYTHING),
        ("  ", EVERYTHING),
        ("#World News", Interest(Kind.CATEGORY, "World News")),
        ("harbour news", Interest(Kind.SOURCE, "Harbour News")),
        ("HarbourNews", Interest(Kind.SOURCE, "Harbour News")),
        ("harbour storm", Interest(Kind.WORDS, "harbour storm")),
        ("from:harbour", Interest(Kind.WORDS, "from:harbour")),
        ("#", None),
        ("-storm", None),
        ("?!", None),
    ],
)
def test_words_ask_for_everything_a_category_a_source_or_articles_with_them(text, interest):
    assert interest_of(text, ["Lighthouse", "Harbour News"]) == interest


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("storm", subject("Storms at sea")),
        ("STORM sea", subject("Storm", "The sea was rough.")),
        ('"north sea"', subject(body="On the North Sea")),
        ("café", subject("Cafe society")),
        ("cafe", subject("Café society")),
        ("storm -land", subject("Storm at sea")),
        ("الكتاب", subject("صدر كِتَابٌ جديد", language="ar")),
        ("كتاب", subject("والكتاب الجديد", language="ar")),
        ("北京", subject("今天北京下雨", language="zh")),
        ("雨", subject("今天下雨了", language="zh")),
        ("雨", subject("下雨", language="zh")),
        ("東京", subject("大東京市", language="ja")),
        ("Wahl", subject("Die Wahlen", language="de")),
        ("from:harbour storm", subject("Storm")),
        ("from:harbour", subject("Anything")),
        ("F-16", subject("An F16 was seen")),
    ],
)
def test_words_fit_an_article_in_any_script(words, article):
    assert fits(Interest(Kind.WORDS, words), article)


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("storm", subject("Stormtrooper")),
        ("storm sea", subject("Storm")),
        ('"sea north"', subject("North sea")),
        ('"storm sea"', subject("Storm", "sea")),
        ("storm -sea", subject("Storm at sea")),
        ("京北", subject("北京", language="zh")),
        ("from:lighthouse storm", subject("Storm")),
        ("harbour", subject("Storm")),
        (".*", subject("Storm")),
    ],
)
def test_words_do_not_fit_what_they_do_not_say(words, article):
    assert interest_of(words) is None or not fits(Interest(Kind.WORDS, words), article)


@pytest.mark.parametrize(
    ("interest", "is_wanted"),
    [
        (EVERYTHING, True),
        (Interest(Kind.SOURCE, "Harbour news"), True),
        (Interest(Kind.SOURCE, "Harbour"), False),
        (Interest(Kind.CATEGORY, "World-News"), True),
        (Interest(Kind.CATEGORY, "News"), False),
    ],
)
def test_a_source_or_category_fits_by_its_whole_name(interest, is_wanted):
    assert fits(interest, subject("Storm", categories=("Sea", "World News"))) is is_wanted


def test_the_least_crowded_word_becomes_the_anchor_and_of_equals_the_longest():
    interest = Interest(Kind.WORDS, "storm whale government")

    assert anchors(interest)[0].startswith("w:govern")
    assert anchors(interest, lambda anchor: int("govern" in anchor or "whale" in anchor)) == anchors(
        Interest(Kind.WORDS, "storm")
    )


def test_the_same_wish_in_other_case_is_the_same_interest():
    assert identity(Interest(Kind.WORDS, "Big  Storm")) == identity(Interest(Kind.WORDS, "big storm"))
    assert identity(Interest(Kind.SOURCE, "Le Café")) == identity(Interest(Kind.SOURCE, "le cafe"))
