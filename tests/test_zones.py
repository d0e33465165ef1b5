"""Time zones as readers type them."""

import pytest

from bot.i18n import LANGUAGES, phrases
from bot.zones import is_zone, zone_named


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("madrid", "Europe/Madrid"),
        ("New York", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("utc", "UTC"),
        ("Etc/GMT+3", "Etc/GMT+3"),
        ("", ""),
        ("/", ""),
        ("../../etc/passwd", ""),
        ("Nowhere", ""),
    ],
)
def test_a_time_zone_is_known_by_its_name_or_its_city(text, zone):
    assert zone_named(text) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("UTC+3", "Etc/GMT-3"),
        ("gmt-5", "Etc/GMT+5"),
        ("GMT −5", "Etc/GMT+5"),
        ("+03:00", "Etc/GMT-3"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+0545", "Asia/Kathmandu"),
        ("GMT+0", "UTC"),
        ("UTC+15", ""),
        ("UTC-13", ""),
        ("UTC+5:17", ""),
    ],
)
def test_hours_from_utc_are_counted_as_people_count_them(text, zone):
    assert zone_named(text) == zone
    assert zone == "" or is_zone(zone)


@pytest.mark.parametrize(
    ("text", "language", "zone"),
    [
        ("Москва", "ru", "Europe/Moscow"),
        ("киев", "ru", "Europe/Kiev"),
        ("القاهرة", "ar", "Africa/Cairo"),
        ("上海", "zh", "Asia/Shanghai"),
        ("Le Caire", "fr", "Africa/Cairo"),
    ],
)
def test_a_city_is_known_by_its_name_in_the_readers_language(text, language, zone):
    assert zone_named(text, phrases(language).cities()) == zone


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_city_shown_to_choose_can_be_typed_as_it_is_shown(language):
    speak = phrases(language)
    for zone in ("Europe/Kyiv", "Asia/Kolkata", "America/New_York", "Asia/Tehran"):
        typed = zone_named(speak.place(zone), speak.cities())
        assert speak.place(typed) == speak.place(zone)


def test_cities_that_changed_their_names_are_called_as_the_language_calls_them():
    assert phrases("ru").place("Europe/Kyiv") == "Киев"
    assert phrases("hi").place("Asia/Kolkata") == "कोलकाता"
