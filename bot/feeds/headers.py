"""What the headers of an answer say: freshness, Retry-After, Link (RFC 9110, 9111, 8288)."""

import math
import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime

from bot.feeds.text import absolute_link

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,12})', re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*+;\s*+[\w*-]++\s*+(?:=\s*+(?:\"[^\"]*\"|[^\s;,\"]*+))?)*+)")
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
_COARSE_CLOCK = 15  # seconds; some servers round their dates to ten
_LONGEST = 10 * 365 * 86_400


def freshness(headers: Mapping[str, str], now: float) -> int | None:
    """Seconds for which the answer stays fresh: max-age less Age, else Expires; None where nothing is said."""
    control = headers.get("Cache-Control", "")
    if _NO_CACHE.search(control):
        return None
    age = headers.get("Age", "")
    if found := _MAX_AGE.search(control):
        fresh = int(found[1]) - (int(age[:12]) if age.isascii() and age.isdigit() else 0)
        return max(0, min(fresh, _LONGEST)) or None
    expires = http_time(headers.get("Expires", ""))
    if expires is None:
        return None
    date = http_time(headers.get("Date", ""))
    return max(0, min(round(expires - (now if date is None else date)), _LONGEST)) or None


def retry_after(headers: Mapping[str, str], now: float) -> int | None:
    """Seconds to wait by Retry-After, whether given in seconds or as a date; None where there is none.

    A date is taken by the server's own clock, and a second is added for the part of one that dates leave out.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:12]), _LONGEST)
    moment = http_time(value)
    if moment is None:
        return None
    sent = http_time(headers.get("Date", ""))
    rest = math.ceil(moment - (now if sent is None else sent))
    return min(rest + 1, _LONGEST) if rest > 0 else 0


def just_modified(headers: Mapping[str, str]) -> bool:
    """Whether the answer was modified so shortly before it was sent that a later change may bear the same date.

    Such a Last-Modified is no sound validator on its own (RFC 9110, 8.8.2.2): the next request goes without it.
    """
    modified, sent = http_time(headers.get("Last-Modified", "")), http_time(headers.get("Date", ""))
    return modified is not None and sent is not None and 0 <= sent - modified < _COARSE_CLOCK


def http_time(value: str) -> float | None:
    """Seconds UTC of an HTTP date, or None."""
    try:
        return parsedate_to_datetime(value).timestamp() if value else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def linked(values: Iterable[str], relation: str, url: str) -> str:
    """The first target of a Link header with this relation, absolute; '' for none."""
    for value in values:
        for target, parameters in _LINK.findall(value[:10_000]):
            found = _RELATION.search(parameters)
            if found and relation in (found[1] or found[2]).lower().split():
                return absolute_link(str(target), url)
    return ""
