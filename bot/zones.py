"""Time zones as readers name them: by the zone's own name, a city in their language, or the hours from UTC; pure."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from bot.search_fold import fold

OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-−])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?", re.IGNORECASE)
FARTHEST_WEST, FARTHEST_EAST = -12, 14
# Zones that stand all year at an offset that is no full hour.
BETWEEN_HOURS = {
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (8, 45): "Australia/Eucla",
    (9, 30): "Australia/Darwin",
    (-9, 30): "Pacific/Marquesas",
}
NO_CITIES: Mapping[str, str] = MappingProxyType({})


def is_zone(name: str) -> bool:
    """Say whether a name, from wherever, is that of a time zone."""
    return name in _zones()


def zone_named(text: str, cities: Mapping[str, str] = NO_CITIES) -> str:
    """Return the time zone a reader typed ('europe/madrid', 'new york', 'München', 'UTC+5:30'), or ''.

    Args:
        text: as typed.
        cities: the zones of cities by their names in the reader's language.
    """
    offset = OFFSET.fullmatch(text.strip())
    if offset:
        hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
        return _at_offset(hours if offset["sign"] == "+" else -hours, minutes)
    wanted = _key(text)
    found = _by_key().get(wanted, "") or next((zone for city, zone in cities.items() if _key(city) == wanted), "")
    return found if wanted and is_zone(found) else ""


def _at_offset(hours: int, minutes: int) -> str:
    if minutes:
        return BETWEEN_HOURS.get((hours, minutes), "")
    if not FARTHEST_WEST <= hours <= FARTHEST_EAST:
        return ""
    # By the zones' names the sign says how to get to Greenwich, not from there.
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


@cache
def _by_key() -> Mapping[str, str]:
    """Every zone by its whole name, and by its city where no other zone is called so."""
    names = sorted(_zones(), reverse=True)
    cities = {_key(name.rpartition("/")[2]): name for name in names if not name.startswith("Etc/")}
    return cities | {_key(name): name for name in names}


def _key(name: str) -> str:
    return "".join(character for character in fold(name) if character.isalnum())


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
