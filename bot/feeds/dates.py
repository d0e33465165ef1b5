"""Dates that feedparser leaves unread, or misreads: months in other languages, years first with other marks."""

import re
from datetime import UTC, datetime, timedelta, timezone

_TIME = r"(?:\D{1,5}(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\s*([+-]\d{2}):?(\d{2}))?"
_NAMED = re.compile(r"(\d{1,2})\.?\s+(?:de\s+)?([^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(\d{4})" + _TIME)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})" + _TIME)
_SLASHED = re.compile(r"(?:([A-Z][a-z]{2})[a-z]*,?\s+)?(\d{1,2})/(\d{1,2})/(\d{4})" + _TIME)
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _TIME)
_YEAR_FIRST = re.compile(r"(\d{4})\s?[年년/.]\s?(\d{1,2})\s?[月월/.]\s?(\d{1,2})(?!\d)(?:\s?[日일.])?" + _TIME)
_GO = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:\.\d+)? ([+-]\d{2})(\d{2})\b")
_UNIX = re.compile(r"1\d{9}(?:\d{3})?")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (  # beginnings of month names: English, Portuguese, Spanish, French, German, Italian, Dutch, Turkish, Russian
    "jan ene gen oca янв",
    "feb fev fév şub фев",
    "mar mär maa mrt мар",
    "apr abr avr nis апр",
    "may mai mag mei май мая",
    "jun juin giu haz июн",
    "jul juil lug tem июл",
    "aug ago aoû aou ağu авг",
    "sep set eyl сен",
    "oct out okt ott eki окт",
    "nov kas ноя",
    "dec dez dic déc ara дек",
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def read_misread(text: str) -> float | None:
    """Seconds UTC of a date in a form of which feedparser takes the year alone and guesses the rest; else None."""
    text = text.strip()[:80]
    if found := _YEAR_FIRST.match(text) or _GO.match(text):
        year, month, day, *clock = found.groups()
        return _seconds(year, int(month), day, clock)
    return None


def read_date(text: str) -> float | None:
    """Seconds UTC of a date that feedparser leaves unread, None where we do, too; without a zone it is UTC."""
    text = text.strip()[:80]
    if _UNIX.fullmatch(text):
        return int(text[:10])
    if found := _NAMED.search(text):
        day, name, year, *clock = found.groups()
        return _seconds(year, _month(name), day, clock)
    if found := _NAMED_FIRST.search(text):
        name, day, year, *clock = found.groups()
        return _seconds(year, _month(name), day, clock)
    if found := _DOTTED.search(text):
        day, month, year, *clock = found.groups()
        return _seconds(year, int(month), day, clock)
    if found := _SLASHED.search(text):
        return _slashed(*found.groups())
    return None


def _month(name: str) -> int:
    lowered = name.casefold()
    return _MONTH_NUMBERS.get(lowered[:4]) or _MONTH_NUMBERS.get(lowered[:3]) or 0


def _slashed(weekday: str | None, first: str, second: str, year: str, *clock: str | None) -> float | None:
    """Month and day stand in either order: only a date that the weekday or the numbers make plain is taken."""
    orders = ((first, second), (second, first))
    found = {_seconds(year, int(m), d, list(clock)) for m, d in orders if _is_on(weekday, year, m, d)} - {None}
    return found.pop() if len(found) == 1 else None


def _is_on(weekday: str | None, year: str, month: str, day: str) -> bool:
    try:
        written = datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return False
    return weekday in (None, _DAYS[written.weekday()])


def _seconds(year: str, month: int, day: str, clock: list[str | None]) -> float | None:
    hour, minute, second, zone_hours, zone_minutes = (int(part or 0) for part in clock)
    sign = -1 if (clock[3] or "").startswith("-") else 1
    try:
        zone = timezone(timedelta(hours=zone_hours, minutes=sign * zone_minutes))
        return datetime(int(year), month, int(day), hour, minute, second, tzinfo=zone).timestamp()
    except (ValueError, OverflowError):
        return None
