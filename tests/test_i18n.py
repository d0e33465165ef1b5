import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.core import Locale

from bot.app.answering import introductions
from bot.i18n import LANGUAGES, RIGHT_TO_LEFT, closest, phrases


@cache
def texts(language):
    return tomllib.loads(files("bot.locales").joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def same_fields(text, english):
    """Whether two texts, or two sets of plural forms, take the same values."""
    if isinstance(text, str) or isinstance(english, str):
        return isinstance(text, str) and isinstance(english, str) and fields(text) == fields(english)
    # A form that stands for one number only may leave the number out.
    wanted = fields(english["other"])
    return fields(text["other"]) == wanted and all(
        fields(form) | {"number"} == wanted | {"number"} for form in text.values()
    )


ENGLISH = texts("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key_and_no_other(language):
    assert set(texts(language)) == set(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_placeholders_of_the_english_one(language):
    translated = texts(language)

    assert [key for key, english in ENGLISH.items() if not same_fields(translated[key], english)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_just_the_forms_of_its_language(language):
    wanted = {*Locale.parse(language).plural_form.tags, "other"}

    assert [key for key, text in texts(language).items() if isinstance(text, dict) and set(text) != wanted] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_written_without_stray_blanks_or_empty_forms(language):
    flat = [form for text in texts(language).values() for form in ([text] if isinstance(text, str) else text.values())]

    assert all(form and form == form.strip() for form in flat)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_commands_and_search_words_are_the_same_in_every_language(language):
    pattern = re.compile(r"/[a-z]+|from:|after:|\d{4}-\d\d-\d\d")
    for key, english in ENGLISH.items():
        if isinstance(english, str):
            assert sorted(pattern.findall(texts(language)[key])) == sorted(pattern.findall(english)), key


def test_every_key_is_used_somewhere():
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(str(files("bot"))).rglob("*.py"))
    made = {key for key in ENGLISH if key.startswith("menu_")}

    assert [key for key in ENGLISH if key not in made and f'"{key}"' not in sources] == []


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("ar", "ar"), ("ar-EG", "ar"), ("AR", "ar"), ("en-GB", "en"), ("xx", "en"), ("", "en"), ("-", "en")],
)
def test_a_telegram_language_code_leads_to_a_language_we_speak(code, language):
    assert closest(code) == language


def test_where_the_readers_language_is_unknown_the_configured_one_is_spoken():
    assert closest("xx", "ar") == "ar"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "لا مقالات"), (1, "مقال واحد"), (2, "مقالان"), (3, "3 مقالات"), (11, "11 مقالًا"), (100, "100 مقال")],
)
def test_arabic_counts_in_six_forms(number, text):
    assert phrases("ar").count("found", number) == text


@pytest.mark.parametrize(
    ("language", "seconds", "age"),
    [
        ("en", 7200, "2 hours ago"),
        ("en", 86_400, "1 day ago"),
        ("ar", 7200, "قبل ساعتين"),
        ("en", 3, "just now"),
        ("en", -500, "just now"),
    ],
)
def test_ages_are_told_in_the_readers_language(language, seconds, age):
    assert phrases(language).age(seconds) == age


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_between_letters_from_right_to_left_a_command_keeps_its_slash_before_it(language):
    texts = [
        form
        for text in phrases(language).texts.values()
        for form in ([text] if isinstance(text, str) else text.values())
    ]
    slashes = [match for text in texts for match in re.finditer(r".?/(?=[a-z{])", text)]

    assert len(slashes) > 20
    assert {match[0] for match in slashes} == {"\N{LEFT-TO-RIGHT MARK}/"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_bot_says_of_itself_fits_telegrams_limits(language):
    speak = phrases(language)

    assert len(speak.say("welcome")) <= 512
    assert len(speak.say("short_description")) <= 120


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_for_a_pressed_button_fits_telegrams_limit(language):
    words = ("old_button", "settings_old", "old_button_here", "admins_only", "slow_down", "something_failed")
    said = [phrases(language).say(key) for key in (*words, "saved_added", "saved_removed", "saved_of_another")]

    assert max(map(len, said)) <= 200


def test_a_plural_asked_for_as_a_text_is_a_mistake_and_the_other_way_round():
    with pytest.raises(KeyError):
        phrases("en").say("found")
    with pytest.raises(KeyError):
        phrases("en").count("next", 1)


def test_readers_whose_language_is_not_there_see_the_menu_in_the_configured_one():
    presented = introductions("de")

    assert next(iter(presented)) == "de"
    assert set(presented) == set(LANGUAGES)
    assert dict(presented["de"].commands)["saved"] == phrases("de").say("menu_saved")
    assert presented["ar"].short_description == phrases("ar").say("short_description")
