"""What a page says of itself: JSON-LD, Open Graph, meta elements, headings."""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import html

from .json_ld import json_nodes
from .plain import one_line, plain_line, plain_text

_TITLE_NAMES = (
    "dc:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "weibo:article:title",
    "headline",
)
_HEADLINE_CLASS = re.compile(r"(?i)(?:entry|post|article|story)[-_]?_?(?:title|headline)|^headline$")
_MOST_HEADINGS = 20
_MARKUP = re.compile(r"</(?:p|div|h\d|a|strong|b|em|i|li|ul)>|<br\s*/?>")
_ARTICLE_TYPES = re.compile(
    r"Article|NewsArticle|BlogPosting|Posting|Report|LiveBlog|Review|Recipe|VideoObject|AudioObject|Podcast"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The statements of a page about itself, plain text, each '' or empty where the page says nothing.

    Attributes:
        titles: by source: 'og', 'twitter', 'json', 'stated' (Dublin Core and the like), 'title'.
        headings: the headings that may be the article's.
        subheadings: those of the second level, where there are no others.
        descriptions: in the order in which they are to be tried.
        sites: names of the site.
        body: JSON-LD's articleBody as paragraphs.
        canonical: the declared address, as it stands.
        published: seconds UTC, or None.
    """

    titles: dict[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    subheadings: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    body: str = ""
    canonical: str = ""
    image: str | None = None
    language: str = ""
    published: int | None = None


def read_metadata(tree: html.HtmlElement, url: str) -> Metadata:
    """The statements of a parsed page; never raises for what a page holds."""
    meta = _meta_elements(tree)
    articles, publishers = _json_statements(tree)
    said = _first_strings(articles)
    titles = {
        "og": plain_line(meta.get("og:title", "")),
        "twitter": plain_line(meta.get("twitter:title", "")),
        "json": plain_line(said.get("headline", "") or said.get("name", "")),
        "stated": plain_line(next((meta[name] for name in _TITLE_NAMES if name in meta), "")),
        "title": one_line(_text(tree.find(".//head/title"), tree.find(".//title"))),
    }
    headings = tuple(filter(None, map(_heading_text, _heading_elements(tree))))
    below = () if headings else tuple(filter(None, map(_heading_text, islice(tree.iter("h2"), _MOST_HEADINGS))))
    descriptions = (
        said.get("description", ""),
        meta.get("og:description", ""),
        meta.get("description", ""),
        meta.get("twitter:description", ""),
    )
    sites = (
        meta.get("og:site_name", ""),
        *publishers,
        meta.get("application-name", ""),
        meta.get("apple-mobile-web-app-title", ""),
    )
    return Metadata(
        titles={source: title for source, title in titles.items() if title},
        headings=headings,
        subheadings=below,
        descriptions=tuple(dict.fromkeys(filter(None, map(plain_line, descriptions)))),
        sites=tuple(dict.fromkeys(filter(None, map(plain_line, sites)))),
        body=_body(said.get("articleBody", "")),
        canonical=_canonical(tree) or meta.get("og:url", ""),
        image=_image(meta, articles, url),
        language=(tree.get("lang") or "").strip() or meta.get("og:locale", "") or meta.get("content-language", ""),
        published=_published(tree, meta, said),
    )


def _heading_elements(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """The headings of the first level; where there is none, the one lower heading that is marked as a headline."""
    first = islice(tree.iter("h1"), _MOST_HEADINGS)
    marked = [
        element
        for element in tree.iter("h2", "h3")
        if element.get("itemprop") == "headline" or _HEADLINE_CLASS.search(element.get("class") or "")
    ]
    return [*first, *(marked if len(marked) == 1 else [])]


def _heading_text(element: html.HtmlElement) -> str:
    """The text of a heading, with a space where a kicker or a line of its own ends without one."""
    if len(element):
        element = deepcopy(element)
        for part in element.iter("br", "div", "p", "small", "span"):
            if part.tag != "span" or (not part.tail and part.getnext() is not None):
                part.tail = f" {part.tail or ''}"
    return one_line(element.text_content()[:2_000]).rstrip("¶#")


def _meta_elements(tree: html.HtmlElement) -> dict[str, str]:
    """The first non-empty content of each meta element by lower-case name."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        names = " ".join(filter(None, (element.get(key) for key in ("property", "name", "itemprop", "http-equiv"))))
        for name in names.lower().split()[:4] if content else ():
            found.setdefault(name, content)
    return found


def _json_statements(tree: html.HtmlElement) -> tuple[list[dict[str, Any]], list[str]]:
    """The article objects of the page's JSON-LD, and the names of its publishers and web sites."""
    articles: list[dict[str, Any]] = []
    names: list[str] = []
    for node in json_nodes(tree):
        kind = str(node.get("@type", ""))
        if _ARTICLE_TYPES.search(kind):
            articles.append(node)
            publisher = node.get("publisher")
            named = publisher if isinstance(publisher, list) else [publisher]
            names.extend(one["name"] for one in named if isinstance(one, dict) and isinstance(one.get("name"), str))
        elif kind in {"WebSite", "NewsMediaOrganization"} and isinstance(node.get("name"), str):
            names.append(node["name"])
    articles.sort(key=lambda node: "Article" not in str(node.get("@type", "")))
    return articles, names


def _first_strings(articles: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in articles:
        for key in ("headline", "name", "description", "articleBody", "datePublished"):
            value = node.get(key)
            value = "\n\n".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else value
            if isinstance(value, str) and value.strip():
                found.setdefault(key, value)
    return found


def _body(markup: str) -> str:
    """The text of an articleBody; some sites escape its markup twice."""
    text = plain_text(markup)
    return plain_text(text) if _MARKUP.search(text) else text


def _text(*elements: html.HtmlElement | None) -> str:
    return next(
        (text for element in elements if element is not None and (text := element.text_content()[:5_000].strip())), ""
    )


def _canonical(tree: html.HtmlElement) -> str:
    stated = (link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical")
    return next((address.strip() for address in stated if address is not None), "")


def _image(meta: dict[str, str], articles: list[dict[str, Any]], url: str) -> str | None:
    stated = [
        meta.get("og:image:secure_url", ""),
        meta.get("og:image", ""),
        meta.get("og:image:url", ""),
        meta.get("twitter:image", ""),
        meta.get("twitter:image:src", ""),
    ]
    for node in articles:
        image = node.get("image")
        image = image[0] if isinstance(image, list) and image else image
        image = image.get("url") if isinstance(image, dict) else image
        stated.append(image if isinstance(image, str) else "")
    for candidate in filter(None, stated):
        try:
            address = urljoin(url, candidate.strip())
        except ValueError:
            continue
        if address.startswith(("http://", "https://")) and len(address) < 2_000 and " " not in address:
            return address
    return None


def _published(tree: html.HtmlElement, meta: dict[str, str], said: dict[str, str]) -> int | None:
    stated = [
        meta.get("article:published_time", ""),
        said.get("datePublished", ""),
        meta.get("datepublished", ""),
        meta.get("date", ""),
        meta.get("pubdate", ""),
        meta.get("dc.date.issued", ""),
        meta.get("dc.date", ""),
    ]
    stated += islice((value for time in tree.iter("time") if (value := time.get("datetime")) is not None), 1)
    return next((moment for text in stated if (moment := _moment(text)) is not None), None)


def _moment(text: str) -> int | None:
    """Seconds UTC of an ISO 8601 date; a date without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        return None
