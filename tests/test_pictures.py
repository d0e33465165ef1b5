from dataclasses import replace

import pytest

from bot.models import Article, Post, PostState
from bot.pictures import (
    Rung,
    Seen,
    first_rung,
    is_picture_worth_showing,
    next_rung,
    rung_for,
    setting_for,
    standing_rung,
)

ARTICLE = Article(1, 1, "https://a.example/1", "Headline", "Summary.", 0, "A", image="https://a.example/i.jpg")
GOOD = Seen("JPEG", "RGB", 1200, 800, 200_000)


def ladder_from(rung):
    rungs = [rung]
    while next_rung(rungs[-1]) is not rungs[-1]:
        rungs.append(next_rung(rungs[-1]))
    return rungs


@pytest.mark.parametrize("rung", list(Rung))
def test_every_rung_leads_down_to_a_plain_post(rung):
    assert ladder_from(rung)[-1] is Rung.NONE


def test_the_ladder_leads_from_the_address_over_an_upload_and_a_preview_to_plain_text():
    assert ladder_from(Rung.KNOWN) == [Rung.KNOWN, Rung.URL, Rung.UPLOAD, Rung.PAGE, Rung.NONE]
    assert ladder_from(Rung.PREVIEW) == [Rung.PREVIEW, Rung.PAGE, Rung.NONE]


@pytest.mark.parametrize(
    ("facts", "setting", "fits", "rung"),
    [
        ({}, "photo", True, Rung.URL),
        ({"photo_id": "AgAD"}, "photo", True, Rung.KNOWN),
        ({}, "photo", False, Rung.PREVIEW),
        ({"photo_id": "AgAD"}, "photo", False, Rung.PREVIEW),
        ({}, "preview", True, Rung.PREVIEW),
        ({}, "off", True, Rung.NONE),
        ({"image": None}, "photo", True, Rung.NONE),
        ({"image": "https://a.example/logo.png"}, "photo", True, Rung.NONE),
    ],
)
def test_a_post_begins_as_high_as_its_picture_its_length_and_the_setting_allow(facts, setting, fits, rung):
    assert first_rung(replace(ARTICLE, **facts), setting, fits_caption=fits) is rung


@pytest.mark.parametrize(
    ("everywhere", "of_feed", "setting"),
    [
        ("photo", None, "photo"),
        ("off", None, "off"),
        ("photo", "no", "off"),
        ("preview", "yes", "preview"),
        ("off", "yes", "photo"),
        ("off", "preview", "preview"),
        ("preview", "photo", "photo"),
    ],
)
def test_a_feeds_own_option_wins_over_the_setting(everywhere, of_feed, setting):
    assert setting_for(everywhere, of_feed) == setting


@pytest.mark.parametrize(
    ("facts", "rung"),
    [
        ({}, Rung.URL),
        ({"type": "PNG", "mode": "P"}, Rung.URL),
        ({"type": "WEBP"}, Rung.UPLOAD),
        ({"type": "GIF", "mode": "P", "is_animated": True}, Rung.UPLOAD),
        ({"mode": "CMYK"}, Rung.UPLOAD),
        ({"size": 6 * 2**20}, Rung.UPLOAD),
        ({"width": 8000, "height": 4000}, Rung.UPLOAD),
        ({"width": 20_000, "height": 10}, Rung.PAGE),
        ({"width": 1, "height": 1}, Rung.NONE),
        ({"width": 96, "height": 96}, Rung.NONE),
    ],
)
def test_what_a_file_says_of_itself_decides_how_far_down_its_picture_goes(facts, rung):
    assert rung_for(Rung.URL, replace(GOOD, **facts)) is rung


def test_a_picture_that_telegram_would_not_take_makes_no_preview_but_its_articles_page_may():
    assert rung_for(Rung.PREVIEW, GOOD) is Rung.PREVIEW
    assert rung_for(Rung.PREVIEW, replace(GOOD, type="AVIF")) is Rung.PAGE


def test_an_upload_stays_one_though_the_address_would_do():
    assert rung_for(Rung.UPLOAD, GOOD) is Rung.UPLOAD


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/2026/11/harbour.jpg",
        "https://a.example/image?id=77&w=1200",
        "https://a.example/photos/iconic-bridge.jpg",
        "https://a.example/catalogo-2026.jpg",
        "https://logo.example/news.webp",
        "https://a.example/pixelart.png",
        "https://a.example/2026/google-pixel.jpg",
        "https://a.example/pixel-9-pro-review.jpg",
        "https://a.example/spacerace.jpg",
        "https://a.example/golf-club.gif",
        "https://a.example/the-emoji-movie.jpg",
        "https://a.example/harbour_1x1.jpg",
    ],
)
def test_a_picture_is_one_by_its_address(url):
    assert is_picture_worth_showing(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://a.example/logo.png",
        "https://a.example/site-logo-512x512.png",
        "https://a.example/favicon.ico",
        "https://a.example/apple-touch-icon-180x180.png",
        "https://a.example/drawing.svg?v=2",
        "https://www.gravatar.com/avatar/abc?s=96",
        "https://a.example/avatars/7.jpg",
        "https://t.example/pixel/9",
        "https://t.example/pixel",
        "https://pixel.t.example/g.gif?v=1",
        "https://a.example/pixel.gif?id=7",
        "https://a.example/tracking_pixel.png",
        "https://s.example/images/core/emoji/72x72/1f600.png",
        "https://t.example/1x1.gif",
        "https://t.example/b.gif?ns__t=1",
        "https://a.example/spacer.gif",
        "https://[::1/x.jpg",
    ],
)
def test_decoration_is_no_picture(url):
    assert not is_picture_worth_showing(url)


@pytest.mark.parametrize(
    ("width", "height", "worth"),
    [(1, 1, False), (32, 32, False), (600, 40, False), (128, 128, False), (640, 360, True), (None, 360, True)],
)
def test_small_sides_are_those_of_an_icon(width, height, worth):
    assert is_picture_worth_showing("https://a.example/i.jpg", width, height) is worth


@pytest.mark.parametrize(
    ("form", "rung", "standing"),
    [
        ("photo", "upload", Rung.UPLOAD),
        ("photo", "", Rung.URL),
        ("text", "page", Rung.PAGE),
        ("text", "url", Rung.NONE),
        ("text", "", Rung.NONE),
    ],
)
def test_an_edit_keeps_the_form_in_which_a_post_stands(form, rung, standing):
    post = Post(1, ARTICLE, -1, 0, PostState.SENT, 0, 1, False, None, None, 5, form, 0, rung=rung)
    assert standing_rung(post) is standing
