"""Canonical links: the address of an article without what only tracks its reader."""

import re
from urllib.parse import parse_qs, quote, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(?i)(utm_.*|at_(medium|campaign|custom\d*|format|link.*|ptr.*|bbc.*)|(fb|g|d|y|ys|ms|tt|tw|li_fat_|rb_|e?f)clid"
    r"|gbraid|wbraid|gclsrc|igshid|igsh|mc_[ce]id|_ga|_gl|_hs(enc|mi)|hsctatracking|mkt_tok|oly_(enc|anon)_id|vero_id"
    r"|wickedid|s_cid|ncid|ocid|cmpid|ftcamp|xtor|ito|ref_(src|url)|spm|wt\.mc_id|wt_mc|guce?_.*|guccounter|ns_(source|mchannel|campaign|linkname)"
    r"|pk_(campaign|kwd|source|medium)|mtm_.*|piwik_.*|matomo_.*|trk(campaign|info)?|fb_(action|ref|source).*|smid|tblci|taid)"
)
_SOURCE_KEYS = frozenset({"ref", "source", "src", "from", "partner", "emc", "cmp", "campaign", "origin", "via"})
_SOURCE_VALUES = re.compile(
    r"(?i)(rss|atom|feed|twitter|facebook|telegram|newsletter|social)([-_ ]?(feed|\d+|\d\.\d))?"
)
_MOBILE_LABELS = frozenset({"www", "m", "amp", "mobile", "touch", "wap"})
_VARIANT_SEGMENT = re.compile(r"(?i)(amp|amp\.html|amphtml|print|mobile|m|\d{1,2}|page-?\d{1,2}|index\.\w{3,5})")
_UNSAFE = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ufeff\ud800-\udfff]")
_REDIRECTOR = re.compile(r"(www\.)?google\.[a-z.]{2,6}")
_MAX_LENGTH = 2_000


def canonical_link(url: str) -> str:
    """The address without tracking parameters, fragment and credentials; '' unless it is http(s).

    What is kept keeps its order and its escaping, so that the address still works.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host or _UNSAFE.search(host):
        return ""
    if _REDIRECTOR.fullmatch(host) and parts.path == "/url":
        query = parse_qs(parts.query)
        target = (query.get("url") or query.get("q") or [""])[0]
        if target.startswith(("http://", "https://")) and not target.startswith(url):
            return canonical_link(target)
    host = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme.lower()]:
        host = f"{host}:{port}"
    query_kept = "&".join(pair for pair in parts.query.split("&") if pair and not _tracks(pair))
    link = urlunsplit((parts.scheme.lower(), host, _quoted(parts.path) or "/", _quoted(query_kept), ""))
    return link if len(link) <= _MAX_LENGTH else ""


def page_link(url: str, declared: str) -> str:
    """The page's declared canonical address where it is sane (same site, not the home page), else its own."""
    own = canonical_link(url)
    if not declared:
        return own
    try:
        other = canonical_link(urljoin(url, declared.strip()))
    except ValueError:
        return own
    if not own:
        return other if _path(other) else ""
    return other if other and _same_article(own, other) else own


def site_of(url: str) -> str:
    """The site an address belongs to: its host without 'www.' and the like, '' where there is none."""
    try:
        labels = (urlsplit(url).hostname or "").split(".")
    except ValueError:
        return ""
    while len(labels) > 2 and labels[0] in _MOBILE_LABELS:
        labels = labels[1:]
    return ".".join(labels)


def _tracks(pair: str) -> bool:
    key, _, value = pair.partition("=")
    if _TRACKING.fullmatch(key):
        return True
    return key.lower() in _SOURCE_KEYS and _SOURCE_VALUES.fullmatch(value) is not None


def _quoted(text: str) -> str:
    return _UNSAFE.sub(lambda found: quote(found.group(), safe="", errors="replace"), text)


def _path(url: str) -> list[str]:
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return [*segments, f"?{parts.query}"] if parts.query else segments


def _same_article(own: str, other: str) -> bool:
    """Whether `other` can be the canonical address of `own`: the same site, and no page above it."""
    if _registered(site_of(own)) != _registered(site_of(other)):
        return False
    own_path, other_path = _path(own), _path(other)
    if not other_path:
        return not own_path
    if own_path[: len(other_path)] == other_path:  # a section page, unless only a variant's name was dropped
        return all(
            segment.startswith("?") or _VARIANT_SEGMENT.fullmatch(segment) for segment in own_path[len(other_path) :]
        )
    return True


def _registered(host: str) -> str:
    """The registered domain, guessed: a short label before the last one ('co.uk', 'com.tr') is part of the suffix."""
    labels = host.split(".")
    size = 3 if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) <= 3 else 2
    return ".".join(labels[-size:])
