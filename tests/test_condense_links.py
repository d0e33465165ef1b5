"""Canonical links: what tracks the reader is gone, what finds the article stays."""

import pytest

from bot.condense import canonical_link, extract_page


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a?id=3&utm_source=rss&utm_medium=feed", "https://news.example/a?id=3"),
        ("https://news.example/a?fbclid=x&gclid=y#comments", "https://news.example/a"),
        ("https://news.example/a?ref=rss&page=2", "https://news.example/a?page=2"),
        ("https://news.example/a?ref=chapter", "https://news.example/a?ref=chapter"),
        ("HTTPS://News.Example:443/A?b=%C3%A9", "https://news.example/A?b=%C3%A9"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("http://user:secret@news.example/a", "http://news.example/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("https://www.google.com/url?rct=j&url=https://news.example/a%3Fb%3D1&ct=ga", "https://news.example/a?b=1"),
        ("https://пример.example/страница", "https://пример.example/страница"),
    ],
)
def test_a_link_loses_what_tracks_and_keeps_what_finds(url, link):
    assert canonical_link(url) == link


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "ftp://news.example/a",
        "/relative",
        "http://",
        "http://[::1",
        "https://a b/c",
        "mailto:a@b.example",
    ],
)
def test_what_is_no_web_address_gives_an_empty_link(url):
    assert canonical_link(url) == ""


def test_a_canonical_link_is_its_own_canonical_link():
    link = canonical_link("https://news.example/a b?x=<y>&utm_id=1")
    assert canonical_link(link) == link


@pytest.mark.parametrize(
    ("declared", "link"),
    [
        ("https://news.example/2026/storm", "https://news.example/2026/storm"),
        ("/2026/storm", "https://news.example/2026/storm"),
        ("https://www.news.example/2026/storm?utm_source=x", "https://www.news.example/2026/storm"),
        ("https://news.example/", "https://news.example/2026/storm/amp"),
        ("https://news.example/2026/", "https://news.example/2026/storm/amp"),
        ("https://other.example/2026/storm", "https://news.example/2026/storm/amp"),
        ("javascript:void(0)", "https://news.example/2026/storm/amp"),
    ],
)
def test_a_page_names_its_address_only_within_its_site_and_not_its_home_page(declared, link):
    html = f"<html><head><link rel=canonical href='{declared}'></head><body><p>Text</p></body></html>"
    assert extract_page(html, "https://news.example/2026/storm/amp").link == link
