"""Texts in the reader's language: one file a language, plural forms, numbers and ages after Unicode's CLDR."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files

from babel.core import Locale, get_global
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_day_names,
    get_timezone_location,
)
from babel.numbers import format_decimal

LANGUAGES = ("en", "ar", "fa", "ru", "uk", "es", "fr", "de", "pt", "tr", "zh", "hi")
"""Those with a file in `locales`, English first: its texts stand in where another language lacks one."""

FALLBACK = "en"
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
MINUTE = 60

# Between letters that run from right to left and a command, a slash would go to the wrong side of the command.
SLASH = re.compile(r"(?<!\w)/(?=[a-z{])")
LEFT_TO_RIGHT_MARK = "\u200e"


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the program says in one language.

    Attributes:
        language: one of `LANGUAGES`.
        texts: by key; a mapping instead of a text holds plural forms by their CLDR names.
    """

    language: str
    texts: Mapping[str, str | Mapping[str, str]]

    @property
    def right_to_left(self) -> bool:
        """Say whether the language is written from right to left."""
        return self.language in RIGHT_TO_LEFT

    def say(self, key: str, **values: object) -> str:
        """Return the text of `key` with `values` put in.

        Raises:
            KeyError: no language has the key, or a value is missing: a mistake in the program.
        """
        text = self.texts[key]
        if not isinstance(text, str):
            raise KeyError(f"{key} has plural forms: use count()")
        return text.format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the text of `key` in the plural form for `number`, which stands in it as {number}."""
        forms = self.texts[key]
        if isinstance(forms, str):
            raise KeyError(f"{key} has no plural forms: use say()")
        form = Locale.parse(self.language).plural_form(number)
        return forms.get(form, forms["other"]).format(number=self.number(number), **values)

    def number(self, number: int) -> str:
        """Return a number as the language writes it."""
        return str(format_decimal(number, locale=self.language))

    def span(self, seconds: int) -> str:
        """Return a length of time, such as '3 minutes'."""
        return str(format_timedelta(timedelta(seconds=max(1, seconds)), threshold=1, locale=self.language))

    def moment(self, when: datetime, now: datetime) -> str:
        """Return a time as the language writes it, with its day where that is not the day of `now`."""
        time = str(format_time(when, "short", locale=self.language))
        if when.date() == now.date():
            return time
        return f"{format_date(when, 'short', locale=self.language)} {time}"

    def appointment(self, when: datetime) -> str:
        """Return a time of the coming days, such as 'Mon, Nov 30 · 8:00 AM'."""
        day = format_skeleton("MMMEd", when, locale=self.language)
        return f"{day} · {format_time(when, 'short', locale=self.language)}"

    def day(self, when: datetime) -> str:
        """Return a date as the language writes it."""
        return str(format_date(when, "long", locale=self.language))

    def hour(self, hour: int) -> str:
        """Return an hour of the day, such as '8:00 AM'."""
        return str(format_time(time(hour), "short", locale=self.language))

    def weekday(self, number: int) -> str:
        """Return a day's name, 0 for Monday."""
        return str(get_day_names("wide", "stand-alone", locale=self.language)[number])

    def place(self, zone: str) -> str:
        """Return the city by which a time zone is known, or what it is called in itself ('UTC+3')."""
        if "/" not in zone or zone.startswith("Etc/"):
            name = zone.removeprefix("Etc/")
            # By the zones' names the sign says how to get to Greenwich, not from there.
            return name.replace("GMT", "UTC").translate(str.maketrans("+-", "-+"))
        known = Locale.parse(self.language).time_zones
        cities = (known[name]["city"] for name in (zone, *_older_names(zone)) if "city" in known.get(name, {}))
        return str(next(cities, "") or get_timezone_location(zone, locale=self.language, return_city=True))

    def cities(self) -> dict[str, str]:
        """Return the time zones of the cities that the language has names for, by these names."""
        known = Locale.parse(self.language).time_zones
        return {str(names["city"]): zone for zone, names in known.items() if "city" in names}

    def age(self, seconds: int) -> str:
        """Return how long ago something was, such as '2 hours ago'."""
        if seconds < MINUTE:
            return self.say("just_now")
        return str(format_timedelta(timedelta(seconds=-seconds), add_direction=True, threshold=1, locale=self.language))


@cache
def phrases(language: str) -> Phrases:
    """Return the phrases of one of `LANGUAGES`."""
    texts = {**_read(FALLBACK), **_read(language)}
    return Phrases(language, _with_marks(texts) if language in RIGHT_TO_LEFT else texts)


def name_of(language: str) -> str:
    """Return a language's name as its speakers write it."""
    return str(Locale.parse(language).get_display_name(language))


def closest(code: str, default: str = FALLBACK) -> str:
    """Return the language for a code as Telegram gives it ('pt-br'); `default` where we do not speak it."""
    for language in (code.partition("-")[0].lower(), default.partition("-")[0].lower()):
        if language in LANGUAGES:
            return language
    return FALLBACK


def _with_marks(texts: Mapping[str, str | Mapping[str, str]]) -> dict[str, str | Mapping[str, str]]:
    def marked(text: str) -> str:
        return SLASH.sub(f"{LEFT_TO_RIGHT_MARK}/", text)

    return {
        key: marked(text) if isinstance(text, str) else {form: marked(one) for form, one in text.items()}
        for key, text in texts.items()
    }


@cache
def _older_names(zone: str) -> tuple[str, ...]:
    """Names that a time zone had: CLDR calls cities by those."""
    return tuple(old for old, new in get_global("zone_aliases").items() if new == zone)


def _read(language: str) -> Mapping[str, str | Mapping[str, str]]:
    return tomllib.loads(files("bot.locales").joinpath(f"{language}.toml").read_text(encoding="utf-8"))
