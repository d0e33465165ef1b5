"""Entries: the best of content, teaser and page, for whatever a feed holds."""

import pytest

from bot.condense import Page, condense_entry, wants_page
from bot.models import Entry

LINK = "https://daily.example/bridge?utm_source=feed"
TEASER = "The bridge to the northern docks is open again, three weeks ahead of plan, said the mayor of the harbour city on Tuesday."
BODY = "The old harbour bridge reopened to traffic on Tuesday after two years of repairs. Mayor Lena Ortiz said the work had finished ahead of plan. "
CONTENT = f"<p>{BODY}</p>" * 6


def entry(**values):
    return Entry(key="k", **{"link": LINK, "title": "Harbour bridge reopens", **values})


@pytest.mark.parametrize(
    ("summary", "content", "wanted"),
    [
        ("", "", True),
        ("Short.", "", True),
        (f"{TEASER[:100]}…", "", True),
        (f"{TEASER} Continue reading →", "", True),
        (f"{TEASER[:-20]}", "", True),
        (TEASER, "", False),
        (f"<p>{TEASER}</p>", "", False),
        ("Short.", CONTENT, False),
        (
            "Please enable JavaScript to read this article, and disable your ad blocker before you go on with it, dear reader.",
            "",
            True,
        ),
    ],
)
def test_the_page_is_wanted_where_the_feed_s_own_text_is_too_little(summary, content, wanted):
    assert wants_page(entry(summary=summary, content=content)) is wanted


def test_no_page_is_wanted_without_a_link():
    assert wants_page(entry(link="")) is False


def test_a_teaser_that_is_a_real_summary_is_the_summary():
    condensed = condense_entry(entry(summary=f"<p>{TEASER}</p>", content=CONTENT))
    assert condensed.headline == "Harbour bridge reopens"
    assert condensed.summary == TEASER
    assert condensed.link == "https://daily.example/bridge"
    assert condensed.language == "en"


def test_a_cut_off_teaser_gives_way_to_the_content_s_lead():
    condensed = condense_entry(entry(summary="The old harbour bridge reopened to traffic on Tues…", content=CONTENT))
    assert condensed.summary.startswith(
        "The old harbour bridge reopened to traffic on Tuesday after two years of repairs."
    )


def test_the_page_s_text_and_link_are_used_where_they_are_better():
    page = Page(
        title="Other",
        text=BODY * 5,
        link="https://daily.example/2026/bridge",
        image="https://daily.example/b.jpg",
        published=5,
    )
    condensed = condense_entry(entry(summary="The old harbour…"), page=page)
    assert condensed.headline == "Harbour bridge reopens"
    assert condensed.summary.startswith("The old harbour bridge reopened")
    assert condensed.link == "https://daily.example/2026/bridge"
    assert (condensed.image, condensed.published) == ("https://daily.example/b.jpg", 5)


def test_a_page_without_text_leaves_the_teaser():
    assert condense_entry(entry(summary=TEASER), page=Page()).summary == TEASER


def test_a_wall_in_the_page_s_place_leaves_the_teaser():
    wall = Page(
        title="Before you continue",
        text="Choose which purposes our partners may process personal data for, and store information on your device. "
        * 9,
        link="https://consent.example/",
    )
    condensed = condense_entry(entry(summary=f"{TEASER[:-10]}"), page=wall)
    assert condensed.link == "https://daily.example/bridge"
    assert "partners" not in condensed.summary + condensed.text


def test_a_missing_title_is_replaced_by_the_first_sentence():
    assert (
        condense_entry(entry(title="", content=CONTENT)).headline
        == "The old harbour bridge reopened to traffic on Tuesday after two years of repairs"
    )


def test_an_entry_with_nothing_has_no_headline():
    assert condense_entry(Entry(key="k")).headline == ""


def test_a_title_that_is_plain_text_is_not_decoded_again():
    assert condense_entry(entry(title="1 < 2 and &lt;b&gt;")).headline == "1 < 2 and &lt;b&gt;"


def test_the_feed_s_name_is_no_part_of_the_headline():
    assert (
        condense_entry(entry(title="Bridge reopens after repairs - Harbour Daily"), site="Harbour Daily").headline
        == "Bridge reopens after repairs"
    )


def test_a_plug_for_the_post_is_no_part_of_the_summary():
    plug = f"<p>{TEASER}</p><p>The post <a href=x>Harbour bridge reopens</a> appeared first on <a href=y>Harbour Daily</a>.</p>"
    assert condense_entry(entry(summary=plug)).summary == TEASER


def test_paragraphs_of_a_teaser_do_not_run_into_each_other():
    standfirst = "Mayor Lena Ortiz kept her promise while the repairs of the bridge stayed below the plan"
    condensed = condense_entry(entry(summary=f"<p>{standfirst}</p><p>{TEASER}</p>", content=f"<p>{BODY * 6}</p>"))
    assert condensed.summary == f"{standfirst}. {TEASER}"


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("What the harbour has in common with the book", "<p>What the harbour has in common with the book</p>"),
        ("How three towns share one harbour and one bridge", "How three towns share one harbour and one bridge – with Lena Ortiz"),
        ("04.16.2013", "<a href='/3142'><img src=x.png></a> <a href='/archive'>Archive</a>"),
        ("A comic about ships", "<p>A comic about ships</p><a href='/comics/ships'>View</a>"),
    ],
)  # fmt: skip
def test_a_summary_that_would_say_nothing_is_left_out(title, summary):
    assert condense_entry(entry(title=title, summary=summary)).summary == ""


def test_a_teaser_that_breaks_off_after_a_word_or_two_of_a_sentence_ends_before_them():
    condensed = condense_entry(entry(summary=f"<p>{TEASER} Here are</p>", content=f"<p>{BODY * 6}</p>"))
    assert condensed.summary == TEASER


def test_a_sentence_that_goes_on_from_a_short_title_is_kept():
    said = "Storm hits Lisbon, and the ferries stay in port until Friday."
    assert condense_entry(entry(title="Storm hits Lisbon", summary=said)).summary == said


@pytest.mark.parametrize(
    "values",
    [
        {"title": "t" * 6_000},
        {"content": "x " * 100_000},
        {"summary": "<table><tr><td>1<td>2</table>"},
        {"summary": "<img src=a.jpg>", "title": ""},
        {"title": "e" + "\u0301" * 5_000},
        {"summary": "*bold* _it_ [x](y) `c`"},
        {"link": "javascript:alert(1)"},
        {"title": "\ud800", "summary": "\x00\udfff"},
        {"summary": "אאא " * 50, "title": "כותרת"},
    ],
)
def test_an_awkward_entry_is_condensed_within_the_limits(values):
    condensed = condense_entry(entry(**values), limit=200)
    assert len(condensed.summary) <= 200
    assert len(condensed.headline) <= 300
    (condensed.headline + condensed.summary + condensed.text).encode()


def test_a_page_that_does_not_speak_of_the_entry_is_not_its_article():
    other = Page(title="Something went wrong", text="We could not load what you asked for. Go back or call us. " * 20)
    assert condense_entry(entry(), page=other).summary == ""
