"""What is new in a feed, in which order it is posted, and what only fills the archive (pure).

Identity follows issue 'the poller' and docs/decisions/0020: an entry is known by several keys, and is new only if
none of them is known.
"""

import re
import unicodedata
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.models import Entry

_KEY_BYTES = 16
_REKEYED_SHARE = 0.8
_REKEYED_LEAST = 3  # fewer posts are no flood, and a feed of one undated entry changes whole each time
_TRACKING = re.compile(
    r"(?:utm|pk|mtm|at|hsa|itm|wt|ns|oly|guce|ga|gaa)_.*|_hs.*|(?:fb|g|d|ms|y|tt|tw)clid|[gw]braid|igshi?d?|mc_[ce]id|"
    r"cmpid|[on]cid|xtor|smid|sref|ref_src|ftag|guccounter|spm|s_cid|cid_source|traffic_source|partner(?:_id)?|"
    r"amp|ito|ftcamp|rss|mkt_tok|vero_id|__twitter_impression|taid|tblci",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_DATE = re.compile(
    r"(?:[a-z]{3,9},?\s+)?"
    r"(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/. ](?:\d\d?|[a-z]{3,9})[-/. ]\d{4})"
    r"(?:[t ,]+\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?)?\s*(?:[a-z]{1,5}|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an entry may be recognised by; `title` and `text` as plain text or markup, only ever compared."""

    guid: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    published: int | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """New entries, in order of posting: those that are posted, and those that only fill the archive."""

    announced: tuple[Entry, ...]
    silent: tuple[Entry, ...]


def comparable_link(url: str, *, keep_fragment: bool = False) -> str:
    """The part of a URL that makes it another article: no scheme, `www.`, tracking, trailing slash, fragment.

    Never shown and never fetched. '' where the URL has no host.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:
        return ""
    if not host:
        return ""
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0])])
    fragment = f"#{parts.fragment}" if keep_fragment and parts.fragment else ""
    return f"{host}{port}{parts.path.rstrip('/')}{'?' if query else ''}{query}{fragment}"


def leads_to_an_article(comparable: str) -> bool:
    """Whether a comparable link may be an article's own: a site's front page is not."""
    return "/" in comparable or "?" in comparable


def _is_tracking(name: str) -> bool:
    return _TRACKING.fullmatch(name) is not None


def entry_keys(identities: Sequence[Identity]) -> list[tuple[str, ...]]:
    """The keys of every entry of one document, the identifying one first; each entry has at least one.

    A guid that several entries share, with different links or titles, identifies none of them; the same for a link.
    """
    traits = [_traits(identity) for identity in identities]
    guids, links = _shared(traits)
    return [_keys(t, guid_is_shared=t.guid in guids, link_is_shared=t.link in links) for t in traits]


def share_identity(identities: Sequence[Identity]) -> bool:
    """Whether entries of the document share a guid or a link, so that their keys depend on one another."""
    return any(_shared([_traits(identity) for identity in identities]))


@dataclass(frozen=True, slots=True)
class _Traits:
    guid: str
    link: str
    exact_link: str
    title: str
    text: str
    published: int | None

    @property
    def distinction(self) -> str:
        return self.link or self.title or self.text


def _shared(traits: Sequence[_Traits]) -> tuple[set[str], set[str]]:
    """The guids and the links that several different entries have."""
    return (
        _ambiguous((t.guid, t.distinction) for t in traits),
        _ambiguous((t.link, t.guid or t.exact_link) for t in traits),
    )


def _traits(identity: Identity) -> _Traits:
    guid = identity.guid.strip()
    if guid.lower().startswith(("http://", "https://")):
        guid = "//" + comparable_link(guid, keep_fragment=True)
    return _Traits(
        guid=guid,
        link=comparable_link(identity.link),
        exact_link=comparable_link(identity.link, keep_fragment=True),
        title=_comparable_text(identity.title),
        text=_comparable_text(identity.text),
        published=identity.published,
    )


def _comparable_text(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _ambiguous(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The names that stand for more than one distinct thing."""
    counts = Counter(name for name, _ in set(pairs) if name)
    return {name for name, count in counts.items() if count > 1}


def _keys(traits: _Traits, *, guid_is_shared: bool, link_is_shared: bool) -> tuple[str, ...]:
    keys = []
    names_one = _names_one_entry(traits.guid)
    if names_one and not guid_is_shared:
        keys.append(_key("guid", traits.guid))
    if traits.guid and traits.distinction:
        keys.append(_key("guid+", traits.guid, traits.distinction))
    if traits.guid and traits.title and not names_one:
        keys.append(_key("guid+", traits.guid, traits.title))
    if traits.exact_link and not traits.guid:
        keys.append(_key("link", traits.exact_link))
    if leads_to_an_article(traits.link) and not link_is_shared:
        keys.append(_key("link", traits.link))
    if not traits.guid and not traits.link:
        keys.append(_key("text", traits.title, traits.text))
        if traits.title and traits.published is not None:
            keys.append(_key("dated", traits.title, str(traits.published)))
    if not keys:
        keys.append(_key("guid", traits.guid))
    return tuple(dict.fromkeys(keys))


def _names_one_entry(guid: str) -> bool:
    """Whether a guid may be an entry's own: a mere date, or the site's front page, will be that of the next one too."""
    is_front_page = guid.startswith("//") and not leads_to_an_article(guid.removeprefix("//"))
    return bool(guid) and not is_front_page and _DATE.fullmatch(guid) is None


def _key(*parts: str) -> str:
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def keys_of(entry: Entry) -> tuple[str, ...]:
    """Every key the entry is known by, the identifying one first."""
    return (entry.key, *entry.other_keys)


def all_keys(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Every key that stands in a document, once each."""
    return tuple(dict.fromkeys(key for entry in entries for key in keys_of(entry)))


def new_entries(entries: Sequence[Entry], known: Collection[str], *, now: int) -> list[Entry]:
    """The entries of a document none of whose keys is known, in order of posting, each once."""
    seen = set(known)
    fresh = []
    for entry in posting_order(entries, now=now):
        keys = keys_of(entry)
        if seen.isdisjoint(keys):
            fresh.append(entry)
        seen.update(keys)
    return fresh


def posting_order(entries: Sequence[Entry], *, now: int) -> list[Entry]:
    """By date, oldest first; an entry without a date keeps its place among its neighbours in the feed.

    A date in the future counts as `now`: a wrong clock must not hold an entry behind all that follow.
    """
    in_time = list(entries) if _oldest_first(entries) else list(reversed(entries))
    dates = []
    latest = 0
    for entry in in_time:
        latest = latest if entry.published is None else min(entry.published, now)
        dates.append(latest)
    return [in_time[index] for index in sorted(range(len(in_time)), key=dates.__getitem__)]


def _oldest_first(entries: Sequence[Entry]) -> bool:
    dates = [entry.published for entry in entries if entry.published is not None]
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(dates)]
    return sum(steps) > 0


def announce_split(
    new: Sequence[Entry],
    *,
    total: int,
    previous_total: int | None,
    first_poll: bool,
    backfill: int,
    last_entry_date: int | None,
    last_poll_at: int | None,
    catch_up: int | None,
    now: int,
    running_since: int = 0,
) -> Split:
    """Divide what is new into what is posted and what only fills the archive.

    Args:
        new: as `new_entries` gives them: in order of posting.
        total: entries in the document.
        previous_total: entries in the document of the poll before, None if unknown.
        first_poll: whether the feed was never read before; then only the `backfill` newest are posted.
        backfill: how many of the newest a first poll posts.
        last_entry_date: date of the newest entry known before this poll.
        last_poll_at: the last successful poll.
        catch_up: entries older than this many seconds are not posted after a downtime; None for no limit.
        now: the time of the poll.
        running_since: when the program was started; a poll that follows one from before that follows a downtime.
    """
    if first_poll:
        cut = len(new) - min(max(backfill, 0), len(new))
        return Split(announced=tuple(new[cut:]), silent=tuple(new[:cut]))
    since = None
    if catch_up is not None and last_poll_at is not None and last_poll_at < max(running_since, now - catch_up):
        since = now - catch_up
    rekeyed = _looks_rekeyed(len(new), total, previous_total)
    chosen = [entry for entry in new if _is_announced(entry, since, last_entry_date, rekeyed=rekeyed)]
    picked = {id(entry) for entry in chosen}
    return Split(announced=tuple(chosen), silent=tuple(entry for entry in new if id(entry) not in picked))


def _looks_rekeyed(new: int, total: int, previous_total: int | None) -> bool:
    """Whether the ids changed rather than the articles: nearly all is new, and what was there before has vanished.

    A burst of new entries beside the known ones is no re-keying.
    """
    before = total if previous_total is None else previous_total
    still_known = total - new
    if before == 0 or new < _REKEYED_LEAST:
        return False
    return new > total * _REKEYED_SHARE and still_known < min(before, total) * (1 - _REKEYED_SHARE)


def _is_announced(entry: Entry, since: int | None, last_entry_date: int | None, *, rekeyed: bool) -> bool:
    if since is not None and entry.published is not None and entry.published < since:
        return False
    # In a feed that never had a date nothing can tell new ids from new articles: better twice than lost.
    if not rekeyed or last_entry_date is None:
        return True
    return entry.published is not None and entry.published > last_entry_date
