"""Headlines: the site's name, its sections, markup and shouting go; the words stay as the source has them."""

import pytest

from bot.condense import clean_headline, extract_page
from bot.condense.headline import tidy_headline


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("Storm closes the northern harbour | Harbour Daily", "", "Storm closes the northern harbour"),
        ("Storm closes the northern harbour - Harbour Daily", "", "Storm closes the northern harbour"),
        ("Storm closes harbour – what we know", "Harbour Daily", "Storm closes harbour – what we know"),
        ("Harbour Daily: Storm closes the harbour", "Harbour Daily", "Storm closes the harbour"),
        ("Harbour Daily | Storm closes the harbour", "Harbour Daily", "Storm closes the harbour"),
        ("Storm closes the harbour | World | Harbour Daily", "Harbour Daily", "Storm closes the harbour"),
        ("Storm closes the harbour - daily.example", "daily.example", "Storm closes the harbour"),
        ("Storm: harbour closed", "Harbour Daily", "Storm: harbour closed"),
        ("Real Madrid - Barcelona", "", "Real Madrid - Barcelona"),
        ("Ships &amp; <b>storms</b> &amp;lt;3", "", "Ships & storms &lt;3"),
        ("1 < 2", "", "1 < 2"),
        ("🌊 Storm 👨‍👩‍👧 watch", "", "🌊 Storm 👨‍👩‍👧 watch"),
        ("“No,” said the mayor — and left", "", "“No,” said the mayor — and left"),
        ("folder_openStorm closes the harbour", "", "Storm closes the harbour"),
        ("event_note12 May: Storm closes the harbour", "", "12 May: Storm closes the harbour"),
        ("Storm closes the northern harbour : Harbour Chamber", "", "Storm closes the northern harbour"),
        ("台风登陆造成巨大损失_新闻_海港网", "", "台风登陆造成巨大损失"),
        ("عاصفة تغلق الميناء الشمالي للمدينة - صحيفة الميناء", "صحيفة الميناء", "عاصفة تغلق الميناء الشمالي للمدينة"),
        ("", "", ""),
        (" \u200b\u202e ", "", ""),
    ],
)
def test_a_title_is_cleaned_to_its_headline(title, site, headline):
    assert clean_headline(title, site=site) == headline


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("{} - The Northern Harbour Times", "https://nhtimes.example/a"),
        ("{} – HD – 05/03/2026", "https://www.hd.example/a"),
        ("{} - Küstenblatt Süd", "https://www.kuestenblatt.example/a"),
        ("{} | Politik | Hafenpost", "https://hafenpost.example/a"),
        ("{} - 港口日報", "https://port.example/a"),
        ("{}：港デジタル", "https://minato.example/a"),
        ("{} - 항구일보", "https://hanggu.example/a"),
        ("{} | سكاي الميناء", "https://mina.example/a"),
    ],
)
def test_the_name_of_a_page_s_site_is_known_from_its_address_or_by_its_form(title, url):
    headline = "Ministers agree on a plan for the harbour bridge"
    html = f"<html><head><title>{title.format(headline)}</title></head><body><p>Text.</p></body></html>"
    assert extract_page(html, url).title == headline


@pytest.mark.parametrize(
    "title",
    [
        "Live: Porto – Lisbon",
        "Ministers agree on a plan - Lena Ortiz says no",
        "The Daily: what happened in Porto",
        "An interesting story of a crash : filling the disk",
        "New loans for all the banks of Porto / Mortgage Companies",
        "What port_x11 and port_wayland have in common",
        "port_0080.jpg",
        "linkを貼る方法と注意点",
    ],
)
def test_a_last_part_that_is_no_site_stays(title):
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    assert extract_page(html, "https://harbour.example/a").title == title


def test_what_stands_in_brackets_is_no_site():
    assert clean_headline("Chat is a poor feed reader (RSS / Atom)") == "Chat is a poor feed reader (RSS / Atom)"


def test_a_plain_title_is_not_decoded_again():
    assert tidy_headline("How &lt;b&gt; works") == "How &lt;b&gt; works"


def test_a_shouted_headline_takes_the_form_its_words_have_in_the_text():
    text = "On Monday the mayor of Porto closed the harbour. A storm is near Porto, says NATO, and the harbour of Porto waits."
    assert (
        tidy_headline("STORM NEAR PORTO: NATO CLOSED THE HARBOUR", text=text)
        == "Storm near Porto: NATO closed the harbour"
    )


def test_a_shouted_headline_whose_words_the_text_lacks_stays():
    assert tidy_headline("WHO WINS THE CUP TONIGHT", text="Nothing of the kind.") == "WHO WINS THE CUP TONIGHT"


def test_an_endless_title_ends_at_a_word_with_an_ellipsis():
    headline = clean_headline("word " * 1_200)
    assert len(headline) <= 300
    assert headline.endswith("word…")


def test_cleaning_a_clean_headline_changes_nothing():
    headline = clean_headline("Storm closes the northern harbour | Harbour Daily", site="Harbour Daily")
    assert clean_headline(headline, site="Harbour Daily") == headline


def test_of_several_headings_in_one_title_the_fullest_is_the_headline():
    headings = "".join(
        f"<h1>{text}</h1>" for text in ("Customs", "Notices", "New law on the duty on tobacco announced")
    )
    title = "Customs online - Notices - New law on the duty on tobacco announced"
    html = f"<html><head><title>{title}</title></head><body>{headings}</body></html>"
    assert extract_page(html, "https://customs.example/a").title == "New law on the duty on tobacco announced"


def test_a_heading_that_repeats_the_last_part_of_the_title_is_the_site_s_name():
    title = "Wind power – clean energy from the sea | Foundation for Wind Power"
    html = (
        f"<html><head><title>{title}</title></head><body><h1>Foundation for Wind Power</h1><p>Text.</p></body></html>"
    )
    assert extract_page(html, "https://fwp.example/a").title == "Wind power – clean energy from the sea"


def page_of(title: str, *headings: str, og: str = "") -> str:
    meta = f'<meta property="og:title" content="{og}"><meta name="twitter:title" content="{og}">' if og else ""
    return f"<html><head><title>{title}</title>{meta}</head><body>{''.join(headings)}<p>Text.</p></body></html>"


def test_without_a_first_heading_the_second_that_says_what_the_title_says_is_the_headline():
    html = page_of("Old mill reopens (2021/5) – Mills", "<h1></h1><h2>Menu</h2><h2>Old mill reopens</h2>")
    assert extract_page(html, "https://mills.example/a").title == "Old mill reopens"


@pytest.mark.parametrize("heading", ["Sport", "Two other clubs meet on Sunday", "Harbour Daily"])
def test_a_second_heading_that_only_stands_in_the_title_or_says_something_else_is_not(heading):
    html = page_of("Sport in the harbour city gets a new hall – Harbour Daily", f"<h2>{heading}</h2>")
    assert extract_page(html, "https://harbour.example/a").title == "Sport in the harbour city gets a new hall"


def test_a_second_heading_does_not_count_where_there_is_a_first():
    html = page_of("Bridge reopens after repairs", "<h1>Bridge reopens</h1><h2>Bridge reopens after repairs</h2>")
    assert extract_page(html, "https://harbour.example/a").title == "Bridge reopens"


def test_the_heading_shown_counts_more_than_what_is_filled_in_for_others():
    told = "Harbour bridge: Cars are back"
    html = page_of(told, "<h1>Cars are back</h1>", og=told)
    assert extract_page(html, "https://harbour.example/a").title == "Cars are back"
